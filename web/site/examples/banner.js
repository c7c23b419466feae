const viewer = document.querySelector("echo-viewer");

document.querySelector("#name").addEventListener("input", ({ target }) => {
  viewer.banner = { ...viewer.banner, name: target.value };
});
document.querySelector("#privacy").addEventListener("change", ({ target }) => {
  viewer.privacy = target.checked;
});
