const viewer = document.querySelector("echo-viewer");

viewer.addEventListener("echo-before-freeze", (event) => {
  if (document.querySelector("#forbid").checked) event.preventDefault();
});
document.querySelector("#rest").addEventListener("change", ({ target }) => {
  viewer.autoFreeze = target.checked ? 20 : null;
});
