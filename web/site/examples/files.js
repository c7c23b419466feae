const viewer = document.querySelector("echo-viewer");
const said = document.querySelector("#said");

viewer.addEventListener("echo-load", ({ detail: { info } }) => {
  said.textContent = `${info.name}: ${info.format}, ${info.frameCount ?? "no end of"} frames`;
});
viewer.addEventListener("echo-error", ({ detail: { error } }) => {
  said.textContent = `${error.code}: ${error.message}`;
});
document.querySelector("#own").addEventListener("change", ({ target }) => {
  if (target.files.length) viewer.openFile(target.files[0]);
});
document.querySelector("#back").addEventListener("click", () => {
  said.textContent = "";
  viewer.src = "./heart-beat.npy";
});
