/** Hashes of images of every synthetic scene, by whatever build of Sonde is handed in: Node and pages run this same code. */
import type * as Sonde from "../../host/index.ts";
import { makeScene, SCENES, type Scene } from "../synthetic.ts";

/** FNV-1a over words of four bytes, with two seeds: 64 bits. */
function hash({ buffer }: { buffer: ArrayBufferLike }): string {
  let [one, other] = [2166136261, 84696351];
  for (const word of new Uint32Array(buffer)) {
    one = Math.imul(one ^ word, 16777619);
    other = Math.imul(other ^ word, 16777619);
  }
  return [one, other].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}

/** For every scene, where it can take them. */
const PIPELINES: readonly Sonde.Pipeline[] = [
  {},
  {
    signal: "iq",
    demodulation: { decimation: 2 },
    beamform: { interpolation: "linear", window: "tukey50", compound: "incoherent" },
  },
  {
    signal: "rf",
    band: { lowHz: 1e6, highHz: 5e6 },
    beamform: { interpolation: "lanczos5", fNumber: 1.1, window: "triangle" },
  },
  {
    removeMean: true,
    beamform: { interpolation: "cubic", fNumber: 0, transmitModel: "first-arrival" },
    display: { tgcDb: [0, 5, 3], gainDb: 6 },
  },
];

const GRID: Sonde.Scan = {
  kind: "linear",
  x: { min: -0.003, max: 0.002, count: 30 },
  z: { min: 0.002, max: 0.012, count: 70 },
};

/** Eight neighbours hear almost the same. */
const FINE: Sonde.Scan = {
  ...GRID,
  x: { min: -0.0011, max: 0.0013, count: 37 },
  z: { min: 0.003, max: 0.012, count: 101 },
};

/** What no scene needs more than once. With the pipelines above, every kernel of the core is called: a test counts. */
const SINGLE: readonly (readonly [Scene, Sonde.Pipeline])[] = [
  [
    "focused",
    { scan: GRID, beamform: { interpolation: "nearest", transmitModel: "hybrid", window: "hamming" } },
  ],
  ["focused", { signal: "iq", scan: GRID, beamform: { interpolation: "5points", window: "tukey75" } }],
  ["diverging", { scan: GRID, beamform: { interpolation: "5points", window: "boxcar" } }],
  ["diverging", { signal: "iq", scan: GRID, beamform: { interpolation: "quadratic", window: "tukey25" } }],
  ["arc", { signal: "iq", scan: GRID, beamform: { interpolation: "nearest" } }],
  ["arc", { signal: "iq", scan: GRID, demodulation: { frequencyHz: 1e6 } }],
  ["arc", { scan: GRID, beamform: { interpolation: "lanczos3" }, display: { greyMap: "warm" } }],
  ["swing", { scan: GRID }],
  ["plane", { beamform: { path: "steered", arithmetic: "int16" } }],
  ["plane", { scan: FINE, beamform: { path: "lateral", arithmetic: "int16", compound: "incoherent" } }],
  [
    "focused",
    {
      signal: "rf",
      scan: FINE,
      beamform: { path: "lateral", arithmetic: "int16", accuracy: 0.25, fNumber: 1.2 },
    },
  ],
  ["diverging", { signal: "rf", scan: FINE, beamform: { path: "depth", interpolation: "linear" } }],
  ["swing", { scan: GRID, display: { speckle: { method: "srad" } } }],
  ["plane", { scan: GRID, display: { speckle: { method: "srad", strength: 0.1 }, gainDb: 3 } }],
  ["plane", { scan: GRID, display: { speckle: { method: "median" } } }],
  ["convex", { display: { speckle: { method: "median", strength: 0.6 }, heightPx: 64 } }],
  ["lines", { scan: GRID, display: { speckle: { method: "bilateral", strength: 0.3 } } }],
];

/** A scene whose elements stand in rows of four behind one another, for volumes. */
function folded(scene: Scene): { info: Sonde.Acquisition; frame: Sonde.Frame } {
  const { info, frame } = makeScene(scene);
  const { probe, sequence } = info as Sonde.ChannelData;
  const pitchM = probe.pitchM ?? 0.0003;
  const positionsM = probe.positionsM.map((_, i) => {
    const e = Math.floor(i / 3);
    return [((e % 4) - 1.5) * pitchM, (Math.floor(e / 4) - 1) * pitchM, 0][i % 3];
  });
  return {
    info: {
      ...(info as Sonde.ChannelData),
      probe: {
        ...probe,
        kind: "matrix",
        positionsM,
        azimuthsRad: new Float64Array(probe.azimuthsRad.length),
      },
      sequence: sequence.map((transmit) => ({ ...transmit, firingS: undefined })),
    },
    frame,
  };
}

const VOLUME: Sonde.Volume = {
  kind: "volume",
  x: { min: -0.0007, max: 0.0008, count: 7 },
  y: { min: -0.0005, max: 0.001, count: 5 },
  z: GRID.z,
};

const VOLUMES: readonly (readonly [Scene, Sonde.Pipeline])[] = [
  ["focused", { scan: VOLUME, beamform: { fNumber: 0.8 } }],
  [
    "diverging",
    { signal: "iq", scan: VOLUME, beamform: { interpolation: "cubic", transmitModel: "first-arrival" } },
  ],
];

/** Frames one after another, where each picture depends on those before. */
const SEQUENCES: readonly (readonly [Scene, Sonde.Pipeline])[] = [
  ["plane", { scan: GRID, display: { persistence: 0.8, smoothing: 0.4, greyMap: "soft" } }],
  ["convex", { display: { persistence: 0.35, greyMap: "contrast", heightPx: 64 } }],
];
const SEQUENCE_FRAMES = 4;

/** Ensembles: images in lanes and frame by frame, and the flow in them by every filter. */
const ENSEMBLES: readonly (readonly [Scene, Sonde.Pipeline])[] = [
  [
    "iq",
    {
      scan: GRID,
      beamform: { interpolation: "linear" },
      flow: { clutter: { method: "svd", order: 2 }, smoothing: 3, frameRateHz: 1000 },
    },
  ],
  ["plane", { scan: GRID, flow: { clutter: { method: "polynomial", order: 1 }, lag: 2, frameRateHz: 1000 } }],
  [
    "plane",
    {
      scan: GRID,
      beamform: { interpolation: "cubic" },
      flow: { clutter: { method: "fir", taps: [0.5, -0.5] }, frameRateHz: 1000 },
    },
  ],
  ["sector", { flow: { clutter: { method: "dct" }, frameRateHz: 1000, centerFrequencyHz: 2e6 } }],
];

/** Seventeen frames of a scene: more than one half of the lanes. Each is the scene's own, shifted and halved. */
function ensembleOf(frame: Sonde.Frame): Sonde.Frame[] {
  const samples = Int16Array.from(frame.samples);
  return Array.from({ length: 17 }, (_, index) => ({
    index,
    samples: samples.map((value, i) => value + (samples[(i + 7 * index) % samples.length] >> 1)),
  }));
}

/** The pipeline without what data of this kind refuse. */
function usable(info: Sonde.Acquisition, pipeline: Sonde.Pipeline): Sonde.Pipeline {
  if (info.kind === "channels" && info.signal === "rf") return pipeline;
  const band = info.signal === "log" ? undefined : pipeline.band;
  return { ...pipeline, signal: undefined, demodulation: undefined, band };
}

/** The first frame of a simulated probe, which comes a second before the next one. */
async function simulatedFrame(
  sonde: typeof Sonde,
  where: "here" | "worker",
): Promise<{ info: Sonde.Acquisition; frame: Sonde.Frame }> {
  const options = { array: "convex", elements: 16, scatterers: 500, frameRateHz: 1 } as const;
  const probe = await sonde.connect(sonde.simulated(options), { where });
  for await (const frame of probe.frames()) {
    probe.close();
    return { info: probe.info, frame };
  }
  throw new Error("the simulated probe ended");
}

/** `scene/pipeline/where` to the hash of its picture and of its complex image. `threads`: how many make each; `restMs`: behind each plan, for a browser that gives memory back late. */
export async function hashes(
  sonde: typeof Sonde,
  places: readonly ("here" | "worker")[],
  threads = 1,
  restMs = 0,
): Promise<Record<string, string>> {
  const out: Record<string, string> = {};
  for (const where of places) {
    const engine = await sonde.createEngine({ where, threads });
    const add = async (
      key: string,
      { info, frame }: { info: Sonde.Acquisition; frame: Sonde.Frame },
      pipeline: Sonde.Pipeline,
    ) => {
      const plan = await engine.plan(info, usable(info, pipeline));
      const { count } = plan.report.threads;
      if (info.kind === "channels" && count !== threads)
        throw new Error(`${key} has ${count} threads, not ${threads}: ${plan.report.threads.why}`);
      const image = await plan.run(frame);
      const { values } = await plan.beamform(frame);
      out[`${key}/${where}`] = hash(image.pixels) + hash(values);
      plan.close();
      if (restMs) await new Promise((resolve) => setTimeout(resolve, restMs));
    };
    for (const scene of SCENES)
      for (const [i, pipeline] of PIPELINES.entries()) await add(`${scene}/${i}`, makeScene(scene), pipeline);
    for (const [i, [scene, pipeline]] of SINGLE.entries())
      await add(`${scene}/single ${i}`, makeScene(scene), pipeline);
    for (const [i, [scene, pipeline]] of VOLUMES.entries())
      await add(`${scene}/volume ${i}`, folded(scene), pipeline);
    for (const [i, [scene, pipeline]] of SEQUENCES.entries()) {
      const { info, frame } = makeScene(scene);
      const plan = await engine.plan(info, pipeline);
      let all = "";
      for (const one of ensembleOf(frame).slice(0, SEQUENCE_FRAMES))
        all += hash((await plan.run(one)).pixels);
      out[`${scene}/sequence ${i}/${where}`] = all;
      plan.close();
    }
    for (const [i, [scene, pipeline]] of ENSEMBLES.entries()) {
      const { info, frame } = makeScene(scene);
      const plan = await engine.plan(info, pipeline);
      const frames = ensembleOf(frame);
      const { values } = await plan.ensemble(frames);
      const { velocityMps, variance, power } = await plan.flow(frames);
      out[`${scene}/ensemble ${i}/${where}`] = [values, velocityMps, variance, power].map(hash).join("");
      // In the same plan: pages have room for so many memories.
      if (scene === "iq") {
        await plan.update({ ...pipeline, beamform: { ...pipeline.beamform, arithmetic: "int16" } });
        const short = await plan.ensemble(frames);
        out[`${scene}/ensemble ${i} int16/${where}`] = hash(short.values);
      }
      plan.close();
    }
    await add("simulated", await simulatedFrame(sonde, where), { scan: GRID });
    engine.close();
  }
  return out;
}
