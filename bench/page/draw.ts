/** The comparison of devices as a chart (own SVG, no styles in attributes) and as a table. */
import type { Report } from "../report.ts";
import { type ComparedRow, compareReports, figure, rate, times, wayOf } from "../table.ts";

/** Colours that bench.css has. */
export const SERIES = 6;

/** Letter of a report, as in the list and before its bars. */
export const letterOf = (index: number): string => String.fromCharCode(65 + (index % 26));

const SVG = "http://www.w3.org/2000/svg";
const BAR = 18;
const TITLE = 22;
const GAP = 12;
/** Room for a letter before a bar, and for a figure behind it. */
const [LEFT, RIGHT] = [22, 90];

function svg(name: string, attributes: Record<string, string | number>, text?: string): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

interface Group {
  title: string;
  bars: { report: number; ms: number }[];
}

/** Of a workload (W1 ...) each report's fastest way; every size of a kernel. */
function groupsOf(rows: readonly ComparedRow[]): Group[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const { workload, where, medianMs } = row;
    const whole = /^W\d/.test(workload);
    const title = whole ? workload + (where ? ` (${where})` : "") : `${workload} ${wayOf(row)}`;
    const group = groups.get(title) ?? { title, bars: [] };
    groups.set(title, group);
    medianMs.forEach((ms, report) => {
      if (ms === undefined) return;
      const known = group.bars.find((bar) => bar.report === report);
      if (!known) group.bars.push({ report, ms });
      else known.ms = Math.min(known.ms, ms);
    });
  }
  return [...groups.values()];
}

/** The chart: a group of bars a measurement, a bar a report. `width`: of its place on the page (px), so that text keeps its size. */
export function drawChart(reports: readonly Report[], width: number): SVGElement {
  const groups = groupsOf(compareReports(reports));
  const height = groups.reduce((sum, { bars }) => sum + TITLE + bars.length * BAR + GAP, 0);
  const chart = svg("svg", {
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
    "aria-labelledby": "chart-title",
  });
  const names = reports.map((report, i) => `${letterOf(i)}, ${report.device}`).join("; ");
  chart.append(
    svg("title", { id: "chart-title" }, `Times of ${names}. The table below has the same figures.`),
  );
  let y = 0;
  for (const { title, bars } of groups) {
    chart.append(svg("text", { x: 0, y: y + 15, class: "title" }, title));
    y += TITLE;
    const longest = Math.max(...bars.map(({ ms }) => ms));
    for (const { report, ms } of bars) {
      const length = Math.max(2, ((width - LEFT - RIGHT) * ms) / longest);
      chart.append(
        svg("text", { x: 4, y: y + 13 }, letterOf(report)),
        svg("rect", {
          x: LEFT,
          y: y + 2,
          width: length.toFixed(1),
          height: BAR - 4,
          class: `series-${report % SERIES}`,
        }),
        svg("text", { x: (LEFT + length + 6).toFixed(1), y: y + 13 }, `${figure(ms)} ms`),
      );
      y += BAR;
    }
    y += GAP;
  }
  return chart;
}

function cell(name: "th" | "td", text: string, attributes: Record<string, string> = {}): HTMLElement {
  const element = document.createElement(name);
  element.textContent = text;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** Fills the table: every measurement of every report; with one report also its rates and what it is compared with. */
export function fillTable(table: HTMLTableElement, reports: readonly Report[]): void {
  const head = document.createElement("tr");
  const column = (text: string) => cell("th", text, { scope: "col" });
  head.append(
    cell("th", "Workload", { scope: "col", class: "left" }),
    cell("th", "Way", { scope: "col", class: "left" }),
    ...reports.map((_, i) => column(reports.length > 1 ? `${letterOf(i)} ms` : "ms")),
  );
  const [only] = reports;
  const alone = reports.length === 1;
  if (alone) head.append(...["spread", "points/s", "x JavaScript", "x sound"].map(column));
  else head.append(...reports.slice(1).map((_, i) => column(`${letterOf(i + 1)} / A`)));
  const rows = compareReports(reports).map((compared) => {
    const { workload, variant, where, medianMs } = compared;
    const row = document.createElement("tr");
    row.append(
      cell("th", workload, { scope: "row" }),
      cell("th", wayOf(compared), { scope: "row" }),
      ...medianMs.map((ms) => cell("td", ms === undefined ? "-" : figure(ms))),
    );
    const result =
      alone &&
      only.results.find(
        (one) => one.workload === workload && one.variant === variant && one.where === (where ?? one.where),
      );
    if (result)
      row.append(
        cell("td", figure(result.spread)),
        cell("td", rate(result.pointsPerS)),
        cell("td", times(result.ratio.js) || "-"),
        cell("td", result.timesSound === undefined ? "-" : figure(result.timesSound)),
      );
    else
      row.append(
        ...medianMs
          .slice(1)
          .map((ms) =>
            cell("td", ms === undefined || medianMs[0] === undefined ? "-" : figure(ms / medianMs[0])),
          ),
      );
    return row;
  });
  const [thead, tbody] = [document.createElement("thead"), document.createElement("tbody")];
  thead.append(head);
  tbody.append(...rows);
  table.replaceChildren(thead, tbody);
}
