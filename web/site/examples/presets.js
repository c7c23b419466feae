const viewer = document.querySelector("echo-viewer");
const text = document.querySelector("#text");
const said = document.querySelector("#said");
const on = (id, act) => document.querySelector(id).addEventListener("click", act);

/** What a person chose since the preset; echo-change tells. */
let adjusted = {};
viewer.addEventListener("echo-change", ({ detail }) => {
  ({ adjusted } = detail);
});

on("#use", () => {
  said.textContent = "";
  viewer.preset = text.value;
});
on("#save", () => {
  const { gain, dynamicRange } = viewer;
  const preset = { name: "My own", gainDb: gain, dynamicRangeDb: dynamicRange, pipeline: adjusted };
  text.value = JSON.stringify(preset, null, 2);
});
on("#link", () => {
  location.hash = new URLSearchParams({ preset: text.value });
});
document.querySelector("#name").addEventListener("change", ({ target }) => {
  viewer.preset = target.value;
});
viewer.addEventListener("echo-error", ({ detail }) => {
  said.textContent = detail.error.message;
});

const shared = new URLSearchParams(location.hash.slice(1)).get("preset");
if (shared) {
  text.value = shared;
  viewer.preset = shared;
}
