const viewer = document.querySelector("echo-viewer");
const [zoom, flip, rotate] = ["zoom", "flip", "rotate"].map((id) => document.querySelector(`#${id}`));

zoom.addEventListener("input", () => {
  viewer.zoom = zoom.valueAsNumber;
});
flip.addEventListener("change", () => {
  viewer.flip = flip.value;
});
rotate.addEventListener("change", () => {
  viewer.rotate = Number(rotate.value);
});
viewer.addEventListener("echo-view", ({ detail }) => {
  zoom.value = detail.zoom;
  flip.value = detail.flip;
  rotate.value = detail.rotate;
});
