/** Hashes of images of every synthetic scene, by whatever build of Sonde is handed in: Node and pages run this same code. */
import type * as Sonde from "../../host/index.ts";
import { makeScene, SCENES } from "../synthetic.ts";

/** FNV-1a over bytes, twice with different seeds: 64 bits. */
function hash(bytes: Uint8Array): string {
  const run = (seed: number) => {
    let h = seed;
    for (const byte of bytes) h = Math.imul(h ^ byte, 16777619) >>> 0;
    return h.toString(16).padStart(8, "0");
  };
  return run(2166136261) + run(84696351);
}

/** Pipelines that between them use every kernel. */
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

/** `scene/pipeline/where` to the hash of its picture and of its complex image. */
export async function hashes(
  sonde: typeof Sonde,
  places: readonly ("here" | "worker")[],
): Promise<Record<string, string>> {
  const out: Record<string, string> = {};
  for (const where of places) {
    const engine = await sonde.createEngine({ where });
    for (const scene of SCENES) {
      const { info, frame } = makeScene(scene);
      for (const [i, pipeline] of PIPELINES.entries()) {
        const usable: Sonde.Pipeline =
          scene === "iq" ? { ...pipeline, signal: undefined, demodulation: undefined } : pipeline;
        const plan = await engine.plan(info, usable);
        const image = await plan.run(frame);
        const { values } = await plan.beamform(frame);
        out[`${scene}/${i}/${where}`] =
          hash(new Uint8Array(image.pixels.buffer)) + hash(new Uint8Array(values.buffer));
        plan.close();
      }
    }
    engine.close();
  }
  return out;
}
