const viewer = document.querySelector("echo-viewer");
document.querySelector("#mark").addEventListener("click", () => {
  document.querySelector("#marked").textContent = `Frame ${viewer.image?.frameIndex ?? "none"}`;
});
