const viewer = document.querySelector("echo-viewer");
const [play, place, frame, speed, repeat, trim, part] = "play place frame speed repeat trim part"
  .split(" ")
  .map((id) => document.querySelector(`#${id}`));
/** Places of frames, from 0. */
const FOUR = { first: 3, last: 6 };

play.addEventListener("click", () => (viewer.cine.playing ? viewer.pause() : viewer.play()));
place.addEventListener("input", () => viewer.seek(Number(place.value)));
// Whoever changed it: this page, or a person with the viewer's own controls and keys.
viewer.addEventListener("echo-play", ({ detail }) => {
  play.textContent = detail.playing ? "Pause" : "Play";
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
viewer.addEventListener("echo-frame", () => {
  const { position, frameCount } = viewer.cine;
  place.max = frameCount - 1;
  place.value = position;
  frame.textContent = `${position + 1} of ${frameCount}`;
});
