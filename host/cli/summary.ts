/** What `sonde info` tells of a source. */
import { createEngine } from "../engine/engine.ts";
import { isSondeError } from "../errors.ts";
import {
  type Acquisition,
  type Axis,
  elementCount,
  LINE_FIELDS,
  type LineData,
  lineCount,
  type Scan,
  type Transmit,
} from "../model.ts";
import type { RecordingPart, RecordingSession, Source } from "../source.ts";

export interface Summary {
  name: string;
  format: string;
  kind: Acquisition["kind"];
  signal: string;
  frames: number | null;
  frameRateHz?: number;
  soundSpeedMps: number;
  centerFrequencyHz?: number;
  sampleRateHz?: number;
  samples?: number;
  modulationFrequencyHz?: number;
  probe?: { kind: string; name?: string; elements: number; pitchM?: number; radiusM?: number };
  transmits?: { count: number; waves: string[]; startS: number[] };
  lines?: number;
  /** x0, z0, angle, r0, dr of every line (m, m, rad, m, m). */
  lineTable?: number[][];
  shape?: readonly number[];
  /** Of a recording whose geometry changed: all its parts, for --part. */
  parts?: { part: number; frames: number; kind: string; signal: string; size: string }[];
  /** Of a recording of Sonde's: when and how it was made, the orders that were given, and how the way to the device did. */
  session?: RecordingSession;
  /** What the plan would choose by itself. */
  suggested?: { scan?: Scan; fNumber?: number };
  warnings: readonly string[];
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));

function describeWave({ wave }: Transmit): string {
  const degrees = (angleRad: number) => `${round((angleRad * 180) / Math.PI, 2)}°`;
  // The second direction only where there is something in it.
  const mm = ([x, y, z]: readonly number[]) =>
    `(${(y ? [x, y, z] : [x, z]).map((value) => round(value * 1e3, 2)).join(", ")}) mm`;
  if (wave.kind === "plane")
    return `plane ${degrees(wave.azimuthRad)}${wave.elevationRad ? ` and ${degrees(wave.elevationRad)} in elevation` : ""}`;
  if (wave.kind === "element") return `element ${wave.element}`;
  if (wave.kind === "firing") return "firing times only";
  return `${wave.kind} ${mm(wave.source)}`;
}

function lineRows(info: LineData): number[][] {
  return Array.from({ length: lineCount(info) }, (_, i) => [
    ...info.lines.subarray(LINE_FIELDS * i, LINE_FIELDS * (i + 1)),
  ]);
}

/** How large the frames of a part are. */
function sizeOf({ info }: RecordingPart): string {
  if (info.kind === "lines") return `${lineCount(info)} x ${info.sampleCount} samples`;
  if (info.kind === "channels")
    return `${info.sequence.length} x ${elementCount(info.probe)} x ${info.sampleCount} samples`;
  return `${info.rows} x ${info.columns} pixels`;
}

/** Facts about a source, and what a plan would choose. */
export async function summarize(source: Source): Promise<Summary> {
  const { info } = source;
  const warnings = [...info.warnings];
  let suggested: Summary["suggested"];
  try {
    const engine = await createEngine();
    const plan = await engine.plan(info);
    const { scan } = plan.report;
    suggested = { scan: scan?.kind === "volume" ? undefined : scan, fNumber: plan.report.fNumber };
    plan.close();
  } catch (error) {
    if (!isSondeError(error)) throw error;
    warnings.push(`No picture can be made without more options: ${error.message}`);
  }
  return {
    name: info.name,
    format: info.format,
    kind: info.kind,
    signal: info.signal,
    frames: info.frameCount,
    frameRateHz: info.frameRateHz,
    soundSpeedMps: info.soundSpeedMps,
    centerFrequencyHz: info.centerFrequencyHz,
    ...(info.kind === "channels" && {
      sampleRateHz: info.sampleRateHz,
      samples: info.sampleCount,
      modulationFrequencyHz: info.modulationFrequencyHz,
      probe: {
        kind: info.probe.kind,
        name: info.probe.name,
        elements: elementCount(info.probe),
        pitchM: info.probe.pitchM,
        radiusM: info.probe.radiusM,
      },
      transmits: {
        count: info.sequence.length,
        waves: info.sequence.map(describeWave),
        startS: info.sequence.map((transmit) => transmit.startS),
      },
    }),
    ...(info.kind === "lines" && {
      sampleRateHz: info.sampleRateHz,
      samples: info.sampleCount,
      lines: lineCount(info),
      lineTable: lineRows(info),
    }),
    ...(info.kind === "beamformed" && { shape: [info.transmitCount, info.rows, info.columns] }),
    ...(source.parts && {
      parts: source.parts.map((one) => ({
        part: one.part,
        frames: one.info.frameCount,
        kind: one.info.kind,
        signal: one.info.signal,
        size: sizeOf(one),
      })),
    }),
    ...(source.session && { session: source.session }),
    suggested,
    warnings,
  };
}

/** Most orders and changes of the link that are told one by one. */
const MOST_TOLD = 12;
/** Most letters of a device's settings that are told. */
const MOST_SETTINGS = 200;

/** How a recording was made, as rows. */
function sessionRows(session: RecordingSession): [string, string | undefined][] {
  const { started, about, events, messages, settings, skippedBytes } = session;
  // Of a recording nobody knows: its texts stay on their lines.
  const plain = (text: string) => text.replace(/[\p{C}\s]+/gu, " ").trim();
  const counts = Object.entries(messages).slice(0, MOST_TOLD);
  const startS = Date.parse(started ?? "") / 1000;
  const told = events.slice(0, MOST_TOLD).map(({ kind, timeS, text }): [string, string] => {
    const when = Number.isFinite(startS) ? `${round(timeS - startS, 1)} s: ` : "";
    return [kind, when + plain(text)];
  });
  const more = events.length - told.length;
  return [
    ["recorded", started && plain(started)],
    ...Object.entries(about).map(([name, text]): [string, string] => [plain(name).slice(0, 16), plain(text)]),
    ...told,
    ["", more > 0 ? `and ${more} more: --json` : undefined],
    [
      "settings",
      settings &&
        plain(
          JSON.stringify(settings)
            .replace(/["{}:]+/g, " ")
            .replaceAll(" ,", ","),
        ).slice(0, MOST_SETTINGS),
    ],
    [
      "messages",
      counts.length ? plain(counts.map(([type, count]) => `${count} x ${type}`).join(", ")) : undefined,
    ],
    ["skipped", skippedBytes ? `${skippedBytes} bytes of the device's that belonged to nothing` : undefined],
  ];
}

/** A grid as the options that ask for it. */
function describeScan(scan: Scan): string {
  const words = (option: string, { min, max, count }: Axis, unit: number) =>
    `--${option} ${round(min / unit, 3)}:${round(max / unit, 3)}:${count}`;
  return scan.kind === "linear"
    ? `${words("x", scan.x, 1e-3)} ${words("z", scan.z, 1e-3)} (mm)`
    : `${words("angle", scan.angle, Math.PI / 180)} ${words("range", scan.range, 1e-3)} (degrees, mm)`;
}

/** The same for a person. */
export function describe(summary: Summary): string {
  const rows: [string, string | undefined][] = [];
  const mhz = (hz: number | undefined) => (hz ? `${round(hz / 1e6, 4)} MHz` : undefined);
  const mm = (m: number | undefined) => (m === undefined ? undefined : `${round(m * 1e3, 4)} mm`);
  rows.push(
    ["file", summary.name],
    ["format", summary.format],
    ["content", `${summary.kind}, ${summary.signal}`],
  );
  rows.push(["frames", summary.frames === null ? "live" : String(summary.frames)]);
  for (const { part, frames, kind, signal, size } of summary.parts ?? [])
    rows.push([`part ${part}`, `${frames} frames: ${kind}, ${signal}, ${size}`]);
  rows.push(["frame rate", summary.frameRateHz ? `${round(summary.frameRateHz, 3)} Hz` : undefined]);
  if (summary.probe) {
    const { kind, name, elements, pitchM, radiusM } = summary.probe;
    const parts = [
      name,
      kind,
      `${elements} elements`,
      pitchM && `pitch ${mm(pitchM)}`,
      radiusM && `radius ${mm(radiusM)}`,
    ];
    rows.push(["probe", parts.filter(Boolean).join(", ")]);
  }
  if (summary.transmits) {
    const { count, waves } = summary.transmits;
    const shown = waves.length > 6 ? [...waves.slice(0, 3), "...", ...waves.slice(-2)] : waves;
    rows.push(["transmits", `${count}: ${shown.join(", ")}`]);
  }
  rows.push(["lines", summary.lines === undefined ? undefined : String(summary.lines)]);
  rows.push(["array", summary.shape?.join(" x ")]);
  rows.push([
    "samples",
    summary.samples === undefined
      ? undefined
      : `${summary.samples} at ${mhz(summary.sampleRateHz) ?? "unknown rate"}`,
  ]);
  rows.push(
    ["centre frequency", mhz(summary.centerFrequencyHz)],
    ["demodulated at", mhz(summary.modulationFrequencyHz)],
  );
  rows.push(["sound speed", `${summary.soundSpeedMps} m/s`]);
  if (summary.session) rows.push(...sessionRows(summary.session));
  if (summary.suggested?.scan) rows.push(["suggested grid", describeScan(summary.suggested.scan)]);
  if (summary.suggested?.fNumber) rows.push(["suggested f-number", String(summary.suggested.fNumber)]);
  return [...table(rows), ...summary.warnings.map((warning) => `note: ${warning}`)].join("\n");
}

/** A recording without frames. */
export function describeSession({
  name,
  frames,
  session,
}: {
  name: string;
  frames: number;
  session: RecordingSession;
}): string {
  return table([["file", name], ["frames", String(frames)], ...sessionRows(session)]).join("\n");
}

/** Rows that have a value, one line each. */
function table(rows: readonly (readonly [label: string, value: string | undefined])[]): string[] {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.filter(([, value]) => value).map(([label, value]) => `${label.padEnd(width)}  ${value}`);
}
