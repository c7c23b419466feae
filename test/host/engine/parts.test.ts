/** A path that makes some rows of a picture makes the bits that it makes of the whole. */
import { test } from "uvu";
import { DEPTH } from "../../../host/engine/paths/depth.ts";
import { LATERAL } from "../../../host/engine/paths/lateral.ts";
import type { PathOffer } from "../../../host/engine/paths/path.ts";
import type { ChannelData, Pipeline, Scan } from "../../../host/index.ts";
import { sameNumbers } from "../../same-numbers.ts";
import { makeScene, type Scene } from "../../synthetic.ts";
import { partImage } from "./part-image.ts";

const FINE: Scan = {
  kind: "linear",
  x: { min: -0.0011, max: 0.0013, count: 37 },
  z: { min: 0.003, max: 0.0133, count: 31 },
};
const SECTOR: Scan = {
  kind: "sector",
  angle: { min: -0.1, max: 0.12, count: 21 },
  range: { min: 0.003, max: 0.0153, count: 31 },
  apex: [0, -0.001],
};

function made(offer: PathOffer, scene: Scene, pipeline: Pipeline, first: number, end: number) {
  const { info, frame } = makeScene(scene);
  const channels: ChannelData = { ...(info as ChannelData), sampleType: "int16" };
  return partImage(offer, channels, frame, pipeline, first, end);
}

for (const [offer, scene, pipeline] of [
  [LATERAL, "plane", {}],
  [LATERAL, "focused", { removeMean: true, beamform: { accuracy: 0.25 } }],
  [LATERAL, "convex", { scan: SECTOR, beamform: { compound: "incoherent" } }],
  [LATERAL, "diverging", { signal: "rf", beamform: { accuracy: 0.25 } }],
  [DEPTH, "plane", {}],
  [DEPTH, "diverging", { signal: "rf" }],
  [DEPTH, "focused", { signal: "iq" }],
  [DEPTH, "convex", { scan: SECTOR, beamform: { interpolation: "cubic", compound: "incoherent" } }],
] as const satisfies readonly (readonly [PathOffer, Scene, Pipeline])[])
  test(`rows of a picture made apart on the ${offer.name} path have the bits of the whole: ${scene} ${JSON.stringify(pipeline)}`, async () => {
    const full = { scan: FINE, ...pipeline };
    const whole = await made(offer, scene, full, 0, 31);
    const columns = whole.length / 31;
    for (const [first, end] of [
      [0, 7],
      [7, 8],
      [8, 31],
    ])
      sameNumbers(await made(offer, scene, full, first, end), whole.slice(first * columns, end * columns));
  });

test.run();
