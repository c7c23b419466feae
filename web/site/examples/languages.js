const viewer = document.querySelector("echo-viewer");

document.querySelector("#language").addEventListener("change", ({ target }) => {
  viewer.lang = target.value;
});
