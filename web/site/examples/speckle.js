const viewer = document.querySelector("echo-viewer");
const method = document.querySelector("#method");
const strength = document.querySelector("#strength");

function apply() {
  viewer.pipeline = { display: { speckle: { method: method.value, strength: strength.valueAsNumber } } };
}
for (const control of [method, strength]) control.addEventListener("input", apply);
