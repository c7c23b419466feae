const viewer = document.querySelector("echo-viewer");
const [play, speed, repeat, trim, frame] = ["play", "speed", "repeat", "trim", "frame"].map((id) =>
  document.querySelector(`#${id}`),
);
let playing = false;

play.addEventListener("click", () => (playing ? viewer.pause() : viewer.play()));
// Whoever began or ended it: this page, or a person with the viewer's own controls.
viewer.addEventListener("echo-play", ({ detail }) => {
  playing = detail.playing;
  play.textContent = playing ? "Pause" : "Play";
});
speed.addEventListener("change", () => {
  viewer.speed = Number(speed.value);
});
repeat.addEventListener("change", () => {
  viewer.repeat = repeat.value;
});
// Keys change them as well, and the viewer's attributes tell.
new MutationObserver(() => {
  speed.value = viewer.speed;
  repeat.value = viewer.repeat;
}).observe(viewer, { attributeFilter: ["speed", "repeat"] });
trim.addEventListener("change", () => viewer.trim(trim.checked ? { first: 3, last: 6 } : null));
viewer.addEventListener("echo-frame", ({ detail }) => {
  frame.textContent = `frame ${detail.index + 1}`;
});
