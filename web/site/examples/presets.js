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
async function inForce() {
  const plan = JSON.parse(await (await viewer.toBlob("pipeline")).text());
  const { soundSpeedMps, beamform, display } = plan;
  const { tgcDb, greyMap, persistence, smoothing, speckle } = display;
  const start = viewer.depth === null ? undefined : viewer.depth / 1000;
  return {
    name: "My own",
    depthM: start && { start, min: Math.min(start, 0.01), max: Math.max(start, 0.1) },
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
on("#save", async () => {
  text.value = JSON.stringify(await inForce(), null, 2);
});
on("#link", () => {
  location.hash = new URLSearchParams({ preset: text.value });
});
byName.addEventListener("change", () => {
  if (byName.value) apply(byName.value);
  else showName();
});
// Since a person moved something it is no preset of that name any more.
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
