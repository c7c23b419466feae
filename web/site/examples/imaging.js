const viewer = document.querySelector("echo-viewer");
const tag = document.querySelector("#tag");

function show() {
  const { gain, dynamicRange, depth, greyMap } = viewer;
  const parts = [`gain="${gain}"`, `dynamic-range="${dynamicRange}"`, `grey-map="${greyMap}"`];
  if (depth !== null) parts.push(`depth="${depth}"`);
  tag.textContent = `<echo-viewer probe="simulated" ${parts.join(" ")}></echo-viewer>`;
}

viewer.addEventListener("echo-change", show);
show();
