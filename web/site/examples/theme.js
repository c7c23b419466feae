const viewer = document.querySelector("echo-viewer");

document.querySelector("#theme").addEventListener("change", ({ target }) => {
  viewer.theme = target.value;
  document.documentElement.style.colorScheme = target.value === "auto" ? "" : target.value;
});
