const viewer = document.querySelector("echo-viewer");
const said = document.querySelector("#said");
const on = (id, act) => document.querySelector(id).addEventListener("click", act);

const x = { min: -0.011, max: 0.011, count: 900 };
const z = { min: 0.001, max: 0.036, count: 3000 };

on("#more", () => {
  viewer.pipeline = { scan: { kind: "linear", x, z }, beamform: { interpolation: "lanczos5" } };
});
on("#less", () => {
  viewer.pipeline = {};
});
document.querySelector("#full").addEventListener("change", ({ target }) => {
  viewer.quality = target.checked ? "full" : "auto";
});
viewer.addEventListener("echo-quality", ({ detail: { scale, reason } }) => {
  const item = document.createElement("li");
  item.textContent = `${Math.round(scale * 100)} % of the rows: ${reason === "slow" ? "too slow" : "there is time for more"}`;
  said.prepend(item);
});
