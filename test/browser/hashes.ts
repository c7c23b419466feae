/** Hashes of images of every synthetic scene, by whatever build of Sonde is handed in: Node and pages run this same code. */
import type * as Sonde from "../../host/index.ts";
import { makeScene, SCENES, type Scene } from "../synthetic.ts";

/** FNV-1a over bytes, twice with different seeds: 64 bits. */
function hash(bytes: Uint8Array): string {
  const run = (seed: number) => {
    let h = seed;
    for (const byte of bytes) h = Math.imul(h ^ byte, 16777619) >>> 0;
    return h.toString(16).padStart(8, "0");
  };
  return run(2166136261) + run(84696351);
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
];

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

/** `scene/pipeline/where` to the hash of its picture and of its complex image. */
export async function hashes(
  sonde: typeof Sonde,
  places: readonly ("here" | "worker")[],
): Promise<Record<string, string>> {
  const out: Record<string, string> = {};
  for (const where of places) {
    const engine = await sonde.createEngine({ where });
    const add = async (
      key: string,
      { info, frame }: { info: Sonde.Acquisition; frame: Sonde.Frame },
      pipeline: Sonde.Pipeline,
    ) => {
      const plan = await engine.plan(info, usable(info, pipeline));
      const image = await plan.run(frame);
      const { values } = await plan.beamform(frame);
      out[`${key}/${where}`] =
        hash(new Uint8Array(image.pixels.buffer)) + hash(new Uint8Array(values.buffer));
      plan.close();
    };
    for (const scene of SCENES)
      for (const [i, pipeline] of PIPELINES.entries()) await add(`${scene}/${i}`, makeScene(scene), pipeline);
    for (const [i, [scene, pipeline]] of SINGLE.entries())
      await add(`${scene}/single ${i}`, makeScene(scene), pipeline);
    await add("simulated", await simulatedFrame(sonde, where), { scan: GRID });
    engine.close();
  }
  return out;
}
