/** The bench's page: measures in a worker, keeps reports, draws them side by side. Sends nothing anywhere. */
import { isSondeError } from "../../host/index.ts";
import { conduct, MEASURED } from "../conductor.ts";
import {
  fromFragment,
  LARGEST_REPORT_BYTES,
  parseReport,
  type Report,
  toFragment,
  tooLarge,
} from "../report.ts";
import { drawChart, fillTable, letterOf, SERIES } from "./draw.ts";
import { driven } from "./driven.ts";
import { deviceName, engineName } from "./who.ts";
import { startWorkerStage } from "./worker-stage.ts";

declare const SONDE_VERSION: string;

/** What the buttons measure. Quick: what fits into 20 s on a phone. */
const QUICK = { only: ["W2", "W3", "fft", "display"], rounds: 3, withoutJs: true };
const FULL = { only: MEASURED, rounds: 5 };

const NOTES = [
  "Times are wall-clock milliseconds of one worker, medians of interleaved rounds; spread is the interquartile range.",
];

/** Bars and figures need this much (px). */
const NARROWEST_PX = 240;

/** Where a link keeps its report: #report=... */
const FRAGMENT = "#report=";

function find<T extends HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element as T;
}

const device = find<HTMLInputElement>("device");
const quick = find<HTMLButtonElement>("quick");
const full = find<HTMLButtonElement>("full");
const stop = find<HTMLButtonElement>("stop");
const progress = find<HTMLProgressElement>("progress");
const status = find("status");
const trouble = find("trouble");
const list = find("reports");
const files = find<HTMLInputElement>("files");
const comparison = find("comparison");
const chart = find("chart");
const table = find<HTMLTableElement>("table");

const reports: Report[] = [];
const stage = startWorkerStage();
let stopping = false;

function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  text: string,
  className = "",
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

/** Offers a report as a file. */
function saveButton(report: Report, name: string): HTMLButtonElement {
  const button = make("button", "Save");
  button.type = "button";
  button.setAttribute("aria-label", `Save report ${name}`);
  button.addEventListener("click", () => {
    const address = URL.createObjectURL(
      new Blob([JSON.stringify(report, undefined, 1)], { type: "application/json" }),
    );
    const link = make("a", "");
    link.href = address;
    link.download = `sonde-bench-${report.device.replace(/[^\w.-]+/g, "-").slice(0, 60)}.json`;
    link.click();
    // The download has its own hold on the data by then.
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  });
  return button;
}

/** A link that carries the report itself, behind the #, which browsers never send. */
function shareLink(report: Report, name: string): HTMLAnchorElement {
  const link = make("a", "Link", "button");
  link.setAttribute("aria-label", `Link to report ${name}`);
  void toFragment(report).then((fragment) => {
    link.href = `${location.origin}${location.pathname}${FRAGMENT}${fragment}`;
  });
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const say = (text: string) => {
      status.textContent = text;
    };
    navigator.clipboard?.writeText(link.href).then(
      () => say(`The link to report ${name} is on the clipboard: whoever opens it sees these figures.`),
      () => say("The clipboard is not to be had: copy the link's address from its context menu."),
    ) ?? say("The clipboard is not to be had: copy the link's address from its context menu.");
  });
  return link;
}

function entryOf(report: Report, index: number): HTMLLIElement {
  const name = letterOf(index);
  const entry = make("li", "", `series-${index % SERIES}`);
  const who = make("span", "", "who");
  who.append(
    make("strong", `${name}  `),
    report.device,
    make("small", `${report.engine}, Sonde ${report.versions["sonde"] ?? "?"}`),
  );
  const remove = make("button", "Remove");
  remove.type = "button";
  remove.setAttribute("aria-label", `Remove report ${name}`);
  remove.addEventListener("click", () => {
    reports.splice(reports.indexOf(report), 1);
    show();
    files.focus();
  });
  entry.append(who, shareLink(report, name), saveButton(report, name), remove);
  return entry;
}

function show(): void {
  list.replaceChildren(...reports.map(entryOf));
  comparison.hidden = reports.length === 0;
  draw();
  if (reports.length > 0) fillTable(table, reports);
}

function draw(): void {
  chart.replaceChildren(
    ...(reports.length > 0 ? [drawChart(reports, Math.max(NARROWEST_PX, chart.clientWidth))] : []),
  );
}

function complain(error: unknown): void {
  if (!isSondeError(error)) throw error;
  trouble.textContent = error.message;
}

async function addFiles(chosen: Iterable<File>): Promise<void> {
  trouble.textContent = "";
  for (const file of chosen) {
    try {
      // Not read before its size is known to be a report's.
      if (file.size > LARGEST_REPORT_BYTES) throw tooLarge(file.name, file.size);
      reports.push(parseReport(await file.text(), file.name));
    } catch (error) {
      complain(error);
    }
  }
  show();
}

async function measure({
  only,
  rounds,
  withoutJs,
}: typeof QUICK | (typeof FULL & { withoutJs?: boolean })): Promise<void> {
  stopping = false;
  quick.disabled = true;
  full.disabled = true;
  stop.hidden = false;
  progress.hidden = false;
  try {
    const findings = await conduct(stage, {
      only,
      rounds,
      withoutJs,
      where: "page",
      progress: (what, share) => {
        status.textContent = `Measuring ${what}`;
        progress.value = share;
      },
      stopped: () => stopping,
    });
    if (findings.results.length > 0)
      reports.push({
        device: device.value.trim() || deviceName(navigator),
        engine: engineName(navigator.userAgent),
        versions: { sonde: SONDE_VERSION },
        ...findings,
        notes: NOTES,
      });
    status.textContent = findings.results.length === 0 ? "Stopped before anything was measured." : "Done.";
    show();
  } catch (error) {
    status.textContent = "";
    trouble.textContent = `Could not measure: ${error instanceof Error ? error.message : error}`;
  } finally {
    quick.disabled = false;
    full.disabled = false;
    stop.hidden = true;
    progress.hidden = true;
  }
}

device.value = deviceName(navigator);
quick.addEventListener("click", () => void measure(QUICK));
full.addEventListener("click", () => void measure(FULL));
stop.addEventListener("click", () => {
  stopping = true;
  status.textContent = "Stopping after this run";
});
files.addEventListener("change", () => {
  void addFiles(files.files ?? []).then(() => {
    files.value = "";
  });
});
for (const type of ["dragover", "dragleave", "drop"] as const)
  addEventListener(type, (event) => {
    event.preventDefault();
    document.body.classList.toggle("dropping", type === "dragover");
    if (type === "drop") void addFiles(event.dataTransfer?.files ?? []);
  });

async function showLinked(): Promise<void> {
  if (!location.hash.startsWith(FRAGMENT)) return;
  try {
    reports.push(await fromFragment(location.hash.slice(FRAGMENT.length)));
  } catch (error) {
    complain(error);
  }
  show();
}
let drawnWidth = 0;
new ResizeObserver(() => {
  if (chart.clientWidth === drawnWidth) return;
  drawnWidth = chart.clientWidth;
  draw();
}).observe(chart);
addEventListener("hashchange", () => void showLinked());
await showLinked();

const driver = new URLSearchParams(location.search).get("drive");
if (driver) {
  status.textContent = "Measured by the command line";
  await driven(stage, `/${encodeURIComponent(driver)}`);
}
