const viewer = document.querySelector("echo-viewer");
const toggle = document.querySelector("#toggle");

toggle.addEventListener("click", () => (viewer.frozen ? viewer.run() : viewer.freeze()));
viewer.addEventListener("echo-freeze", ({ detail }) => {
  toggle.textContent = detail.frozen ? "Run" : "Freeze";
});
document.querySelector("#back").addEventListener("click", () => viewer.step(-1));
document.querySelector("#on").addEventListener("click", () => viewer.step(1));
document.querySelector("#take").addEventListener("click", async () => {
  const picture = new Image();
  picture.alt = `Frame ${viewer.image.frameIndex}`;
  picture.src = URL.createObjectURL(await viewer.toBlob("plain"));
  document.querySelector("#taken").prepend(picture);
});
