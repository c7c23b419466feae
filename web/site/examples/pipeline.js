const viewer = document.querySelector("#hann");

document.querySelector("#f-number").addEventListener("input", ({ target }) => {
  viewer.pipeline = { beamform: { window: "hann", fNumber: target.valueAsNumber } };
  document.querySelector("#shown").textContent = target.value;
});
