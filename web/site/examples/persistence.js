const viewer = document.querySelector("#after");

for (const name of ["persistence", "smoothing"])
  document.querySelector(`#${name}`).addEventListener("input", ({ target }) => {
    viewer[name] = target.valueAsNumber;
  });
