/** Reports as text for a terminal. */
import type { Ratio, Report, Result } from "./report.ts";

/** A number with three digits that count, and no exponent. */
export function figure(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 0.001 ? value.toPrecision(3) : value.toFixed(6);
}

/** A rate with its unit prefix, as 1.23 G. */
export function rate(perS: number): string {
  const [scale, unit] = perS >= 1e9 ? [1e9, "G"] : perS >= 1e6 ? [1e6, "M"] : [1e3, "k"];
  return `${(perS / scale).toPrecision(3)} ${unit}`;
}

/** How many times faster (more than 1) than a peer; an empty text where it did not run. */
export const times = (ratio: number | null): string => (ratio === null ? "" : figure(1 / ratio));

const PEERS: readonly [keyof Ratio, string][] = [
  ["js", "js"],
  ["c", "c"],
  ["cSimd", "c simd"],
  ["cSteered", "c steered"],
];

/** Columns padded to the widest cell; numbers to the right. */
export function aligned(rows: readonly (readonly string[])[], left: number): string {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i < left ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const fraction = (ratio: number | null) => (ratio === null ? "-" : figure(ratio));
const percent = (value: number | undefined) =>
  value === undefined ? "" : `${(100 * value).toPrecision(2)} %`;

function resultRow(result: Result): string[] {
  return [
    result.workload,
    result.variant,
    figure(result.medianMs),
    figure(result.spread),
    rate(result.pointsPerS),
    ...PEERS.map(([peer]) => fraction(result.ratio[peer])),
    fraction(result.depthRatio ?? null),
    result.timesSound === undefined ? "-" : figure(result.timesSound),
    percent(result.errorToSinc) || "-",
  ];
}

/** One report, for people. */
export function describeReport(report: Report): string {
  const versions = Object.entries(report.versions).map(([name, version]) => `${name} ${version}`);
  const out = [report.device, `${report.engine}; ${versions.join(", ")}`, ...(report.notes ?? []), ""];
  if (report.results.length > 0)
    out.push(
      aligned(
        [
          [
            "",
            "",
            "ms",
            "spread",
            "points/s",
            ...PEERS.map(([, name]) => `/ ${name}`),
            "/ depth",
            "x sound",
            "to sinc",
          ],
          ...report.results.map(resultRow),
        ],
        2,
      ),
      "",
    );
  if (report.references?.length)
    out.push(
      "Compared with",
      aligned(
        report.references.map(({ workload, name, medianMs, spread, errorToSinc }) => [
          workload,
          name,
          `${figure(medianMs)} ms`,
          figure(spread),
          percent(errorToSinc),
        ]),
        2,
      ),
      "",
    );
  if (report.skipped?.length)
    out.push(
      "Not measured",
      ...report.skipped.map(({ workload, variant, why }) => `${workload} ${variant}: ${why}`),
    );
  return out.join("\n").trimEnd();
}

/** A measurement that several reports may share. */
export interface ComparedRow {
  workload: string;
  variant: string;
  /** Where it was measured, where one report has it of Node and of a page; else each has it from where it is. */
  where?: Result["where"];
  /** One a report; undefined where it has none. */
  medianMs: (number | undefined)[];
}

const keyOf = ({ workload, variant }: Result): string => JSON.stringify([workload, variant]);

/** Measurements that a report has of Node and of a page. */
function twofold({ results }: Report): string[] {
  const last = new Map(results.map((result) => [keyOf(result), result.where]));
  return results.map(keyOf).filter((key, i) => last.get(key) !== results[i].where);
}

/** Measurements of several reports side by side, in the order in which they first appear. */
export function compareReports(reports: readonly Report[]): ComparedRow[] {
  const rows = new Map<string, ComparedRow>();
  const apart = new Set(reports.flatMap(twofold));
  reports.forEach((report, i) => {
    for (const result of report.results) {
      const { workload, variant, where, medianMs } = result;
      const own = apart.has(keyOf(result)) ? { where } : {};
      const key = keyOf(result) + (own.where ?? "");
      const row = rows.get(key) ?? { workload, variant, ...own, medianMs: reports.map(() => undefined) };
      row.medianMs[i] = medianMs;
      rows.set(key, row);
    }
  });
  return [...rows.values()];
}

/** A measurement's variant, and where it was made where that tells it from another. */
export const wayOf = ({ variant, where }: ComparedRow): string => (where ? `${variant} (${where})` : variant);

/** A report's own words may be a stranger's: no control characters reach the terminal. */
const plain = (text: string) => text.replace(/[\p{Cc}\u2028\u2029]/gu, "?");

/** Several reports side by side: milliseconds, and how the first compares. */
export function describeComparison(reports: readonly Report[], names: readonly string[]): string {
  const letters = reports.map((_, i) => String.fromCharCode(65 + (i % 26)).repeat(1 + Math.floor(i / 26)));
  const legend = reports.map(
    ({ device, engine }, i) => `${letters[i]}  ${names[i]}: ${plain(device)}; ${plain(engine)}`,
  );
  const rows = compareReports(reports).map((row) => {
    const { workload, medianMs } = row;
    const [first] = medianMs;
    return [
      plain(workload),
      plain(wayOf(row)),
      ...medianMs.map((ms) => (ms === undefined ? "-" : figure(ms))),
      ...medianMs.slice(1).map((ms) => (ms === undefined || first === undefined ? "-" : figure(ms / first))),
    ];
  });
  const head = [
    "",
    "",
    ...letters.map((letter) => `${letter} ms`),
    ...letters.slice(1).map((letter) => `${letter} / ${letters[0]}`),
  ];
  return [...legend, "", aligned([head, ...rows], 2)].join("\n");
}
