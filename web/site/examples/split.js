const viewer = document.querySelector("echo-viewer");
const split = document.querySelector("#split");

split.addEventListener("change", () => {
  viewer.split = Number(split.value);
});
viewer.addEventListener("echo-mode", ({ detail }) => {
  split.value = String(detail.split);
});
