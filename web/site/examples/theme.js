document.querySelector("#theme").addEventListener("change", ({ target }) => {
  document.documentElement.style.colorScheme = target.value;
});
