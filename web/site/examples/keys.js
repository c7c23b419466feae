const viewer = document.querySelector("echo-viewer");
const said = document.querySelector("#said");

document.querySelector("#off").addEventListener("change", ({ target }) => {
  viewer.nohotkeys = target.checked;
});
viewer.addEventListener("echo-hotkeys", ({ detail }) => {
  said.textContent = JSON.stringify(detail.hotkeys);
});
