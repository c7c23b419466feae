const viewer = document.querySelector("echo-viewer");
const text = document.querySelector("#text");
const said = document.querySelector("#said");
const on = (id, act) => document.querySelector(id).addEventListener("click", act);

const byName = document.querySelector("#name");

/** Applies a preset, once more where it is the one that was asked for: sliders may have moved since. */
function apply(preset) {
  said.textContent = "";
  if (viewer.preset === preset) viewer.preset = null;
  viewer.preset = preset;
  showName();
}

/** The name in force, where the list has it. */
function showName() {
  byName.value = viewer.preset;
  if (byName.selectedIndex < 0) byName.value = "";
}

/** What is in force, as a preset: all that one may hold of the plan's pipeline. */
function inForce() {
  const { soundSpeedMps, beamform, display } = viewer.report.pipeline;
  const { tgcDb, greyMap, persistence, smoothing, speckle } = display;
  const { depth, depthLimits } = viewer;
  // Millimetres; no depth is all there is.
  const { min, max } = depthLimits ?? { min: 0, max: 0 };
  const start = Math.min(max, Math.max(min, depth ?? max));
  return {
    name: "My own",
    depthM: depthLimits ? { start: start / 1000, min: min / 1000, max: max / 1000 } : undefined,
    gainDb: viewer.gain,
    dynamicRangeDb: viewer.dynamicRange,
    pipeline: {
      soundSpeedMps,
      beamform: { fNumber: beamform.fNumber, window: beamform.window },
      display: { tgcDb: tgcDb?.length ? tgcDb : undefined, greyMap, persistence, smoothing, speckle },
    },
  };
}

on("#use", () => apply(text.value));
on("#save", () => {
  if (viewer.report) text.value = JSON.stringify(inForce(), null, 2);
});
on("#link", () => {
  location.hash = new URLSearchParams({ preset: text.value });
});
byName.addEventListener("change", () => {
  if (byName.value) apply(byName.value);
  else showName();
});
// Since a person moved something it is no preset of that name any more, until it is applied, or Undo or Reset goes back to it.
viewer.addEventListener("echo-change", () => {
  byName.value = "";
});
viewer.addEventListener("echo-preset", showName);
viewer.addEventListener("echo-error", ({ detail }) => {
  said.textContent = detail.error.message;
  showName();
});

const shared = new URLSearchParams(location.hash.slice(1)).get("preset");
if (shared) {
  text.value = shared;
  apply(shared);
}
