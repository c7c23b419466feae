/** The playground: probe and pipeline in the address, in the controls and in the viewer are the same. */
import type { Pipeline, Window } from "../../host/index.ts";

function element<Type extends HTMLElement>(selector: string, type: abstract new () => Type): Type {
  const found = document.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`the page lacks ${selector}`);
  return found;
}

const viewer = document.querySelector("echo-viewer")!;
const probe = element("#probe", HTMLSelectElement);
const windowChoice = element("#window", HTMLSelectElement);
const fNumber = element("#f-number", HTMLInputElement);
const fShown = element("#f-shown", HTMLOutputElement);
const speckle = element("#speckle", HTMLSelectElement);
const text = element("#pipeline", HTMLTextAreaElement);
const refused = element("#refused", HTMLElement);
const report = element("#report", HTMLElement);
const copied = element("#copied", HTMLElement);

let pipeline: Pipeline = {};

/** The address is written when the controls rest, so that browsers do not object. */
let writing: ReturnType<typeof setTimeout> | undefined;

function writeAddress(): void {
  clearTimeout(writing);
  writing = setTimeout(() => {
    const parameters = new URLSearchParams({ probe: probe.value, pipeline: JSON.stringify(pipeline) });
    history.replaceState(null, "", `#${parameters}`);
  }, 200);
}

function readAddress(): void {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const wanted = parameters.get("probe");
  if (wanted && [...probe.options].some(({ value }) => value === wanted)) probe.value = wanted;
  viewer.probe = probe.value;
  use(parameters.get("pipeline") ?? '{"beamform":{"window":"hann","fNumber":1.5}}');
}

/** Takes a pipeline as text; what is no JSON is told and changes nothing. */
function use(json: string): void {
  try {
    const parsed: unknown = JSON.parse(json);
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
      throw new SyntaxError("a pipeline is an object: { ... }");
    pipeline = parsed as Pipeline;
  } catch (error) {
    refused.textContent = (error as Error).message;
    return;
  }
  apply();
}

function showControls(): void {
  windowChoice.value = pipeline.beamform?.window ?? "hann";
  const f = pipeline.beamform?.fNumber;
  if (typeof f === "number") fNumber.value = String(f);
  fShown.textContent = typeof f === "number" ? f.toFixed(1) : "auto";
  speckle.value = pipeline.display?.speckle?.method ?? "none";
}

function apply(): void {
  refused.textContent = "";
  showControls();
  const written = JSON.stringify(pipeline, undefined, 2);
  if (document.activeElement !== text) text.value = written;
  viewer.pipeline = pipeline;
  writeAddress();
}

const changeBeamform = (change: Pipeline["beamform"]): void => {
  pipeline = { ...pipeline, beamform: { ...pipeline.beamform, ...change } };
  apply();
};

probe.addEventListener("change", () => {
  viewer.probe = probe.value;
  writeAddress();
});
windowChoice.addEventListener("change", () => changeBeamform({ window: windowChoice.value as Window }));
fNumber.addEventListener("input", () => changeBeamform({ fNumber: fNumber.valueAsNumber }));
speckle.addEventListener("change", () => {
  const method = speckle.value as NonNullable<NonNullable<Pipeline["display"]>["speckle"]>["method"];
  pipeline = { ...pipeline, display: { ...pipeline.display, speckle: { method } } };
  apply();
});
text.addEventListener("input", () => use(text.value));
viewer.addEventListener("echo-error", ({ detail }) => {
  refused.textContent = detail.error.message;
});
viewer.addEventListener("echo-load", ({ detail }) => {
  report.textContent = JSON.stringify(detail.report, undefined, 2);
});
element("#copy", HTMLButtonElement).addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(location.href);
    copied.textContent = "Copied.";
  } catch {
    copied.textContent = "This browser does not let the page copy: take the address from its bar.";
  }
});
addEventListener("hashchange", readAddress);
readAddress();
