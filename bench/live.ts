/**
 * How fast one live frame of each simulated probe is, stage by stage, against delay-and-sum written straightforwardly in
 * JavaScript on the same data. Medians; the two are interleaved in one run, because machines are noisy.
 *
 *   npm run bench [-- --json]
 */
import { cpus } from "node:os";
import { LocalPlan } from "../host/engine/plan.ts";
import { type ChannelData, elementCount, type Scan } from "../host/index.ts";
import { simulatedRecording } from "../host/simulate/index.ts";

const ROUNDS = 15;

interface Row {
  array: string;
  simulateMs: number;
  signalMs: number;
  beamformMs: number;
  pictureMs: number;
  frameMs: number;
  /** Millions of pixel-element-transmit points a second in the sum alone, counting all of them. */
  millionPointsPerS: number;
  /** Our delay-and-sum divided by the straightforward one. */
  ratioToJs: number;
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** The textbook loop: analytic rows, linear interpolation, no aperture, float32 results. */
function straightforward(info: ChannelData, rows: Float32Array, scan: Scan): Float32Array {
  const { probe, sequence, sampleCount, sampleRateHz, soundSpeedMps: c } = info;
  const n = elementCount(probe);
  const [outer, inner] = scan.kind === "linear" ? [scan.z, scan.x] : [scan.range, scan.angle];
  const out = new Float32Array(2 * outer.count * inner.count);
  let at = 0;
  for (let k = 0; k < outer.count; k++)
    for (let i = 0; i < inner.count; i++, at += 2) {
      const u = inner.min + (i * (inner.max - inner.min)) / (inner.count - 1);
      const v = outer.min + (k * (outer.max - outer.min)) / (outer.count - 1);
      const x = scan.kind === "linear" ? u : scan.apex[0] + v * Math.sin(u);
      const z = scan.kind === "linear" ? v : scan.apex[1] + v * Math.cos(u);
      for (let t = 0; t < sequence.length; t++) {
        const { wave, startS } = sequence[t];
        const transmit =
          wave.kind === "plane"
            ? x * Math.sin(wave.azimuthRad) + z * Math.cos(wave.azimuthRad)
            : wave.kind === "diverging"
              ? Math.hypot(x - wave.source[0], z - wave.source[2]) - Math.hypot(...wave.source)
              : z;
        for (let e = 0; e < n; e++) {
          const path = transmit + Math.hypot(x - probe.positionsM[3 * e], z - probe.positionsM[3 * e + 2]);
          const s = (path / c - startS) * sampleRateHz;
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

async function measure(array: "linear" | "phased" | "convex"): Promise<Row> {
  const source = await simulatedRecording({ array }, 1000);
  const info = source.info as ChannelData;
  const plan = await LocalPlan.create(info, {}, 2 ** 30);
  const plain = await LocalPlan.create(info, { beamform: { interpolation: "linear", fNumber: 0 } }, 2 ** 30);
  const { scan } = plan.report;
  if (!scan || scan.kind === "volume") throw new Error("no scan");
  const times: Record<
    "simulate" | "signal" | "beamform" | "frame" | "plainSignal" | "plainBeamform" | "js",
    number[]
  > = {
    simulate: [],
    signal: [],
    beamform: [],
    frame: [],
    plainSignal: [],
    plainBeamform: [],
    js: [],
  };
  for (let round = -3; round < ROUNDS; round++) {
    let frame = await source.frame(0);
    const simulate = await timed(async () => {
      frame = await source.frame(round + 3);
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
    // The first rounds warm the compilers up.
    if (round >= 0)
      for (const key of Object.keys(times) as (keyof typeof times)[]) times[key].push(sample[key]);
  }
  const m = Object.fromEntries(Object.entries(times).map(([key, values]) => [key, median(values)])) as Record<
    keyof typeof times,
    number
  >;
  const pixels = plan.report.imageWidth * plan.report.imageHeight;
  const grid = scan.kind === "linear" ? scan.x.count * scan.z.count : scan.angle.count * scan.range.count;
  const sum = m.plainBeamform - m.plainSignal;
  if (!(pixels > 0)) throw new Error("no picture");
  return {
    array,
    simulateMs: m.simulate,
    signalMs: m.signal,
    beamformMs: m.beamform - m.signal,
    pictureMs: Math.max(0, m.frame - m.beamform),
    frameMs: m.frame,
    millionPointsPerS: (grid * elementCount(info.probe) * info.sequence.length) / sum / 1e3,
    ratioToJs: sum / m.js,
  };
}

const rows: Row[] = [];
for (const array of ["linear", "phased", "convex"] as const) rows.push(await measure(array));
if (process.argv.includes("--json"))
  console.log(JSON.stringify({ node: process.version, cpu: cpus()[0]?.model, rows }));
else {
  console.log(`Node ${process.version}, ${cpus()[0]?.model}, one thread; medians of ${ROUNDS}, ms a frame`);
  for (const row of rows)
    console.log(
      `${row.array.padEnd(7)} simulate ${row.simulateMs.toFixed(1)}  signal ${row.signalMs.toFixed(1)}  beamform ${row.beamformMs.toFixed(1)}  ` +
        `picture ${row.pictureMs.toFixed(1)}  whole frame ${row.frameMs.toFixed(1)}  (${row.millionPointsPerS.toFixed(0)} M points/s, ` +
        `${(1 / row.ratioToJs).toFixed(0)} x straightforward JavaScript)`,
    );
}
