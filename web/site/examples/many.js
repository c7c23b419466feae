const viewers = () => [...document.querySelectorAll("echo-viewer")];

document.querySelector("#all").addEventListener("click", () => {
  for (const viewer of viewers()) viewer.freeze();
});
document.querySelector("#fewer").addEventListener("click", () => {
  viewers().at(-1)?.remove();
  document.querySelector("#count").textContent = `${viewers().length} left`;
});
