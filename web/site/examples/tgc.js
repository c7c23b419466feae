const viewer = document.querySelector("echo-viewer");
const points = document.querySelector("#points");

const sliders = Array.from({ length: 8 }, (_, i) => {
  const slider = document.createElement("input");
  Object.assign(slider, { type: "range", min: -40, max: 40, step: 1, ariaLabel: `Point ${i + 1}, dB` });
  points.append(slider);
  return slider;
});

function show(tgc) {
  for (const [i, slider] of sliders.entries()) slider.value = tgc?.[i] ?? 0;
}

points.addEventListener("input", () => {
  viewer.tgc = sliders.map((slider) => slider.valueAsNumber);
});
document.querySelector("#flat").addEventListener("click", () => {
  viewer.tgc = null;
  show(null);
});
document.querySelector("#auto").addEventListener("click", () => viewer.autoGain());
viewer.addEventListener("echo-change", ({ detail }) => show(detail.tgc));
show(viewer.tgc);
