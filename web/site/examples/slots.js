const viewer = document.querySelector("echo-viewer");
const marked = [];

document.querySelector("#mark").addEventListener("click", () => {
  marked.push(viewer.image?.frameIndex ?? "no picture yet");
  document.querySelector("#marked").textContent = marked.join(", ");
});
