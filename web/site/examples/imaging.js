const viewer = document.querySelector("echo-viewer");
const tag = document.querySelector("#tag");

/** What has no attribute of its own goes into the pipeline. */
function pipelineOf({ soundSpeedMps, beamform, display } = {}) {
  const { speckle } = display ?? {};
  return JSON.stringify({ soundSpeedMps, beamform, display: speckle && { speckle } });
}

function show(adjusted) {
  const { gain, dynamicRange, depth, greyMap, tgc, persistence, smoothing } = viewer;
  const parts = [`gain="${gain}"`, `dynamic-range="${dynamicRange}"`, `grey-map="${greyMap}"`];
  if (depth !== null) parts.push(`depth="${depth}"`);
  if (tgc) parts.push(`tgc="${tgc}"`);
  if (persistence) parts.push(`persistence="${persistence}"`);
  if (smoothing) parts.push(`smoothing="${smoothing}"`);
  const pipeline = pipelineOf(adjusted);
  if (pipeline !== "{}") parts.push(`pipeline='${pipeline}'`);
  tag.textContent = `<echo-viewer probe="simulated" ${parts.join(" ")}></echo-viewer>`;
}

viewer.addEventListener("echo-change", ({ detail }) => show(detail.adjusted));
show();
