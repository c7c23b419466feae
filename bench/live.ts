/**
 * How fast one live frame of each simulated probe is, stage by stage, and its sum against delay-and-sum written
 * straightforwardly in JavaScript on the same rows.
 */
import { LocalPlan } from "../host/engine/plan.ts";
import { type ChannelData, elementCount, type Scan } from "../host/index.ts";
import { simulatedRecording } from "../host/simulate/index.ts";
import type { Findings } from "./conductor.ts";
import { gridSize, pixelAt, transmitPath } from "./reference/geometry.ts";
import { median, pairedRatio, spread } from "./statistics.ts";

const ARRAYS = ["linear", "phased", "convex"] as const;
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
      const [x, z] = pixelAt(scan, r, k);
      for (let t = 0; t < sequence.length; t++) {
        const delayS = paths[t](x, z) / c - sequence[t].startS;
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

/** One row for the sum of each probe, and one for every stage of a frame. */
async function measure(array: (typeof ARRAYS)[number], rounds: number, findings: Findings): Promise<void> {
  const source = await simulatedRecording({ array }, 1000);
  const info = source.info as ChannelData;
  const plan = await LocalPlan.create(info, {}, 2 ** 30);
  const plain = await LocalPlan.create(info, { beamform: { interpolation: "linear", fNumber: 0 } }, 2 ** 30);
  const { scan } = plan.report;
  if (!scan) throw new Error("a simulated probe without a grid");
  const names = ["simulate", "signal", "beamform", "frame", "plainSignal", "plainBeamform", "js"] as const;
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<
    (typeof names)[number],
    number[]
  >;
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    let frame = await source.frame(0);
    const simulate = await timed(async () => {
      frame = await source.frame(round + WARM_UP_ROUNDS);
    });
    const sample = {
      simulate,
      signal: await timed(() => plan.channels(frame)),
      beamform: await timed(() => plan.beamform(frame)),
      frame: await timed(() => plan.run(frame)),
      plainSignal: await timed(() => plain.channels(frame)),
      plainBeamform: await timed(() => plain.beamform(frame)),
      js: 0,
    };
    const rows = (await plain.channels(frame)).values;
    sample.js = await timed(() => straightforward(info, rows, scan));
    if (round >= 0) for (const name of names) times[name].push(sample[name]);
  }
  plan.close();
  plain.close();
  const { rows, columns } = gridSize(scan);
  const points = rows * columns * elementCount(info.probe) * info.sequence.length;
  const add = (variant: string, values: number[], count: number, js: number | null = null) => {
    const medianMs = median(values);
    findings.results.push({
      workload: "live",
      variant: `${array}, ${variant}`,
      where: "node",
      medianMs,
      spread: spread(values),
      pointsPerS: count / (medianMs / 1e3),
      ratio: { js, c: null, cSimd: null, cSteered: null },
      rounds: values.length,
    });
  };
  const difference = (a: number[], b: number[]) => a.map((value, i) => Math.max(0.001, value - b[i]));
  const sum = difference(times.plainBeamform, times.plainSignal);
  add("sum alone, linear, whole aperture", sum, points, pairedRatio(sum, times.js) ?? null);
  const pixels = plan.report.imageWidth * plan.report.imageHeight;
  add("whole frame", times.frame, pixels);
  add("simulate", times.simulate, pixels);
  add("signal", times.signal, pixels);
  add("beamform", difference(times.beamform, times.signal), points);
  add("picture", difference(times.frame, times.beamform), pixels);
}

/** Measures the three simulated probes; Node only. */
export async function measureLive(
  rounds: number,
  findings: Findings,
  progress: (what: string) => void,
): Promise<void> {
  for (const array of ARRAYS) {
    progress(`live: ${array}`);
    await measure(array, rounds, findings);
  }
}
