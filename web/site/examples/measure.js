const viewer = document.querySelector("echo-viewer");
const text = document.querySelector("#text");
const on = (id, act) => document.querySelector(id).addEventListener("click", act);

function save() {
  text.value = JSON.stringify(viewer.measurements, null, 2);
}

function restore() {
  viewer.measurements = text.value;
}

on("#save", save);
on("#restore", restore);
on("#clear", () => {
  viewer.measurements = { format: "sonde-measurements", version: 1, measurements: [] };
});
viewer.addEventListener("echo-measure", save);
restore();
