/**
 * The playground: probe and pipeline in the address, in the text, in the controls and in the viewer are the same.
 *
 * A person changes them in the page, or in the viewer's own drawer. The viewer lays what is chosen there over the page's pipeline: the page
 * takes it in, and clears it before it gives another pipeline, which it would cover.
 */
import type { Pipeline, PlanReport, Window } from "../../host/index.ts";
import type { Adjusted } from "../index.ts";

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

/** What the page begins with, and where an address says nothing. */
const STANDARD: Pipeline = { beamform: { window: "hann", fNumber: 1.5 } };

/** All that is asked for: the viewer's `pipeline` with what was chosen in the viewer. */
let pipeline = STANDARD;
/** Greatest depth asked for (mm); null: all there is. */
let depth: number | null = null;
/** What was chosen in the viewer over each of its pipelines: a refused one gives the one before back, with what lay over it. */
const chosenOver = new WeakMap<Pipeline, Pipeline>();
/** What the plan in force decided. */
let decided: PlanReport | undefined;

function showDecided(now: PlanReport): void {
  decided = now;
  report.textContent = JSON.stringify(now, undefined, 2);
  showControls();
}

let writing: ReturnType<typeof setTimeout> | undefined;

function writeAddress(): void {
  clearTimeout(writing);
  const parameters = new URLSearchParams({ probe: probe.value, pipeline: JSON.stringify(pipeline) });
  if (depth !== null) parameters.set("depth", String(depth));
  history.replaceState(null, "", `#${parameters}`);
}

/** The address is written when the controls rest, so that browsers do not object. */
function writeAddressSoon(): void {
  clearTimeout(writing);
  writing = setTimeout(writeAddress, 200);
}

function readAddress(): void {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const wanted = parameters.get("probe");
  const known = [...probe.options].map(({ value }) => value);
  probe.value = wanted && known.includes(wanted) ? wanted : known[0];
  viewer.probe = probe.value;
  const given = Number(parameters.get("depth"));
  const json = parameters.get("pipeline");
  const asked = json === null ? STANDARD : pipelineIn(json);
  const said = refused.textContent;
  depth = given > 0 ? given : null;
  apply(asked ?? pipeline);
  viewer.depth = depth;
  if (!asked) refused.textContent = said;
}

/** A pipeline from its text; what is none is told. */
function pipelineIn(json: string): Pipeline | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
      throw new SyntaxError("a pipeline is an object: { ... }");
    return parsed as Pipeline;
  } catch (error) {
    refused.textContent = (error as Error).message;
    return undefined;
  }
}

function showControls(): void {
  const used = decided?.pipeline;
  windowChoice.value = pipeline.beamform?.window ?? used?.beamform?.window ?? "hann";
  // What somebody writes may be anything.
  const f: unknown = pipeline.beamform?.fNumber ?? "auto";
  const shown = typeof f === "number" ? f : decided?.fNumber;
  if (shown !== undefined) fNumber.value = String(shown);
  fShown.textContent = [f === "auto" ? "auto" : "", shown?.toFixed(1)].filter(Boolean).join(", ");
  speckle.value = pipeline.display?.speckle?.method ?? "none";
}

/** Shows what is asked for in text, controls and address. `keepText`: somebody is writing it. */
function show(keepText = false): void {
  showControls();
  if (!keepText) text.value = JSON.stringify(pipeline, undefined, 2);
  writeAddressSoon();
}

/** One pipeline over another. */
const over = (below: Pipeline, { beamform, display, ...others }: Pipeline): Pipeline => ({
  ...below,
  ...others,
  ...(beamform && { beamform: { ...below.beamform, ...beamform } }),
  ...(display && { display: { ...below.display, ...display } }),
});

/** Gives the viewer all that is asked for as its pipeline, with nothing chosen over it but the depth. */
function settle(): void {
  viewer.pipeline = pipeline;
  // A preset replaces all that was chosen; this one chooses nothing. What is said again after it must differ from what was before.
  viewer.depth = null;
  viewer.preset = null;
  viewer.preset = { name: "As this page says" };
  viewer.depth = depth;
}

function apply(next: Pipeline, keepText = false): void {
  refused.textContent = "";
  if (chosenOver.has(viewer.pipeline)) settle();
  pipeline = next;
  viewer.pipeline = next;
  show(keepText);
}

const changeBeamform = (change: Pipeline["beamform"]): void => apply(over(pipeline, { beamform: change }));

probe.addEventListener("change", () => {
  viewer.probe = probe.value;
  writeAddressSoon();
});
windowChoice.addEventListener("change", () => changeBeamform({ window: windowChoice.value as Window }));
fNumber.addEventListener("input", () => changeBeamform({ fNumber: fNumber.valueAsNumber }));
speckle.addEventListener("change", () => {
  const method = speckle.value as NonNullable<NonNullable<Pipeline["display"]>["speckle"]>["method"];
  apply(over(pipeline, { display: { speckle: { method } } }));
});
text.addEventListener("input", () => {
  const asked = pipelineIn(text.value);
  if (asked) apply(asked, true);
});
viewer.addEventListener("echo-change", ({ detail: { adjusted, gain, dynamicRange, depth: chosenDepth } }) => {
  depth = chosenDepth;
  const base = viewer.pipeline;
  const { gainDb = 0, dynamicRangeDb = 50 } = base.display ?? {};
  const levels = {
    ...(gain !== gainDb && { gainDb: gain }),
    ...(dynamicRange !== dynamicRangeDb && { dynamicRangeDb: dynamicRange }),
  };
  const chosen: Adjusted & Pipeline = Object.keys(levels).length
    ? over(adjusted, { display: levels })
    : adjusted;
  chosenOver.set(base, chosen);
  pipeline = over(base, chosen);
  refused.textContent = "";
  show();
});
viewer.addEventListener("echo-error", ({ detail }) => {
  if (!viewer.info && viewer.pipeline !== STANDARD) {
    // The first pipeline is refused, and there is none before it.
    apply(STANDARD);
    viewer.load();
  } else {
    pipeline = over(viewer.pipeline, chosenOver.get(viewer.pipeline) ?? {});
    settle();
    show(document.activeElement === text);
  }
  refused.textContent = detail.error.message;
});
viewer.addEventListener("echo-load", ({ detail }) => showDecided(detail.report));
viewer.addEventListener("echo-plan", ({ detail }) => showDecided(detail.report));
element("#copy", HTMLButtonElement).addEventListener("click", async () => {
  writeAddress();
  try {
    await navigator.clipboard.writeText(location.href);
    copied.textContent = "Copied.";
  } catch {
    copied.textContent = "This browser does not let the page copy: take the address from its bar.";
  }
});
addEventListener("hashchange", readAddress);
readAddress();
