/**
 * How fast one live frame of each simulated probe is, stage by stage, and the sum of the depth path against delay-and-sum written
 * straightforwardly in JavaScript on the same rows.
 */
import { LocalPlan } from "../host/engine/plan.ts";
import { type ChannelData, elementCount, type Scan } from "../host/index.ts";
import { simulatedRecording } from "../host/simulate/index.ts";
import { gridSize, pixelAt, transmitPath } from "./reference/geometry.ts";
import type { Result } from "./report.ts";
import { median, pairedRatio, spread } from "./statistics.ts";

/** The simulated probes. */
export const LIVE_ARRAYS = ["linear", "phased", "convex"] as const;
export type LiveArray = (typeof LIVE_ARRAYS)[number];

const WARM_UP_ROUNDS = 3;

/** The textbook loop: analytic rows, linear interpolation, no aperture, float32 results. */
function straightforward(info: ChannelData, rows: Float32Array, scan: Scan): Float32Array {
  const { probe, sequence, sampleCount, sampleRateHz, soundSpeedMps: c } = info;
  const n = elementCount(probe);
  const size = gridSize(scan);
  const paths = sequence.map(({ wave }) => transmitPath(wave));
  const out = new Float32Array(2 * size.rows * size.columns);
  let at = 0;
  for (let r = 0; r < size.rows; r++)
    for (let k = 0; k < size.columns; k++, at += 2) {
      const [x, y, z] = pixelAt(scan, r, k);
      for (let t = 0; t < sequence.length; t++) {
        const delayS = paths[t](x, y, z) / c - sequence[t].startS;
        for (let e = 0; e < n; e++) {
          const dx = x - probe.positionsM[3 * e];
          const dz = z - probe.positionsM[3 * e + 2];
          const s = (Math.sqrt(dx * dx + dz * dz) / c + delayS) * sampleRateHz;
          const j = Math.floor(s);
          if (j < 0 || j > sampleCount - 2) continue;
          const f = s - j;
          const o = 2 * ((t * n + e) * sampleCount + j);
          out[at] += (1 - f) * rows[o] + f * rows[o + 2];
          out[at + 1] += (1 - f) * rows[o + 1] + f * rows[o + 3];
        }
      }
    }
  return out;
}

async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** What a simulated probe's frames took, round by round (ms), and what that was for. */
export interface LiveTimes {
  /** By stage, in the order of the way of the data; `js`: the straightforward sum. */
  times: Record<LiveStage, number[]>;
  /** Pixel-element-transmit points of the whole grid. */
  points: number;
  /** Pixels of the picture. */
  pixels: number;
}

const STAGES = ["simulate", "beamform", "frame", "plainSignal", "plainBeamform", "js"] as const;
type LiveStage = (typeof STAGES)[number];

/** Runs one simulated probe. */
export async function timeLive(array: LiveArray, rounds: number): Promise<LiveTimes> {
  const source = await simulatedRecording({ array }, 1000);
  const info = source.info as ChannelData;
  const plan = await LocalPlan.create(info, {}, 2 ** 30);
  const plain = await LocalPlan.create(
    info,
    { beamform: { path: "depth", interpolation: "linear", fNumber: 0 } },
    2 ** 30,
  );
  const { scan } = plan.report;
  if (!scan || scan.kind === "volume") throw new Error("a simulated probe without a grid");
  const times = Object.fromEntries(STAGES.map((stage) => [stage, [] as number[]])) as LiveTimes["times"];
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    let frame = await source.frame(0);
    const simulate = await timed(async () => {
      frame = await source.frame(round + WARM_UP_ROUNDS);
    });
    const sample = {
      simulate,
      beamform: await timed(() => plan.beamform(frame)),
      frame: await timed(() => plan.run(frame)),
      plainSignal: await timed(() => plain.channels(frame)),
      plainBeamform: await timed(() => plain.beamform(frame)),
      js: 0,
    };
    const rows = (await plain.channels(frame)).values;
    sample.js = await timed(() => straightforward(info, rows, scan));
    if (round >= 0) for (const stage of STAGES) times[stage].push(sample[stage]);
  }
  const { imageWidth, imageHeight } = plan.report;
  plan.close();
  plain.close();
  const { rows, columns } = gridSize(scan);
  return {
    times,
    points: rows * columns * elementCount(info.probe) * info.sequence.length,
    pixels: imageWidth * imageHeight,
  };
}

/** A stage's time as the difference of two that were taken one after the other. */
const difference = (whole: readonly number[], part: readonly number[]) =>
  whole.map((value, i) => value - part[i]);

/** A probe's times as rows of a report: the sum alone against JavaScript, the whole frame, and its stages. */
export function liveResults(
  array: LiveArray,
  where: Result["where"],
  { times, points, pixels }: LiveTimes,
): Result[] {
  const sum = difference(times.plainBeamform, times.plainSignal);
  const row = (
    variant: string,
    values: readonly number[],
    count: number,
    js: number | null = null,
  ): Result => {
    const medianMs = median(values);
    return {
      workload: "live",
      variant: `${array}, ${variant}`,
      where,
      medianMs,
      spread: spread(values),
      pointsPerS: count / (medianMs / 1e3),
      ratio: { js, c: null, cSimd: null, cSteered: null },
      rounds: values.length,
    };
  };
  return [
    row("whole frame", times.frame, pixels),
    row("simulate", times.simulate, pixels),
    row("beamform", times.beamform, points),
    row("picture", difference(times.frame, times.beamform), pixels),
    row("sum alone, linear, whole aperture", sum, points, pairedRatio(sum, times.js) ?? null),
    // A stage shorter than what disturbs the two that it is the difference of has no time.
  ].filter(({ medianMs }) => medianMs > 0);
}
