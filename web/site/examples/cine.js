const viewer = document.querySelector("echo-viewer");
const [play, speed, repeat, trim, part, frame] = ["play", "speed", "repeat", "trim", "part", "frame"].map(
  (id) => document.querySelector(`#${id}`),
);
/** Places of frames, from 0. */
const FOUR = { first: 3, last: 6 };
let playing = false;

play.addEventListener("click", () => (playing ? viewer.pause() : viewer.play()));
// Whoever changed it: this page, or a person with the viewer's own controls and keys.
viewer.addEventListener("echo-play", ({ detail }) => {
  playing = detail.playing;
  play.textContent = playing ? "Pause" : "Play";
  speed.value = detail.speed;
  repeat.value = detail.repeat;
  trim.checked = detail.trim !== null;
  const { first, last } = detail.trim ?? FOUR;
  part.textContent = `${first + 1} to ${last + 1}`;
});
speed.addEventListener("change", () => {
  viewer.speed = Number(speed.value);
});
repeat.addEventListener("change", () => {
  viewer.repeat = repeat.value;
});
trim.addEventListener("change", () => viewer.trim(trim.checked ? FOUR : null));
viewer.addEventListener("echo-frame", ({ detail }) => {
  frame.textContent = `frame ${detail.index + 1}`;
});
