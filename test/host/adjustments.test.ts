/** What is said of changes is what happens: those that apply change the picture, those that do not leave it as it is, or are refused. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LocalPlan } from "../../host/engine/plan.ts";
import {
  type Acquisition,
  ADJUSTABLE,
  type Adjustable,
  adjustmentsOf,
  type Frame,
  isSondeError,
  type Pipeline,
} from "../../host/index.ts";
import { makeScene, SCENES } from "../synthetic.ts";

const LIMIT = 2 ** 28;

/** A change of each kind that is far from every scene's default. */
function change(name: Adjustable, info: Acquisition, resolved: Pipeline): Pipeline {
  const center = info.centerFrequencyHz ?? 2e6;
  switch (name) {
    case "gain":
      return { display: { gainDb: -9 } };
    case "dynamicRange":
      return { display: { dynamicRangeDb: 33 } };
    case "greyMap":
      return { display: { greyMap: "inverted" } };
    case "speckle":
      return { display: { speckle: { method: "median", strength: 1 } } };
    case "smoothing":
      return { display: { smoothing: 1 } };
    case "persistence":
      return { display: { persistence: 0.9 } };
    case "tgc":
      return { display: { tgcDb: [-20, 0] } };
    case "depth": {
      const { scan } = resolved;
      // The grid of an image is what it is: another one is laid over it.
      if (info.kind !== "beamformed" && scan?.kind === "linear")
        return { scan: { ...scan, z: { ...scan.z, max: 0.9 * scan.z.max } } };
      if (info.kind !== "beamformed" && scan?.kind === "sector")
        return { scan: { ...scan, range: { ...scan.range, max: 0.9 * scan.range.max } } };
      // Lines: a shallow piece of them.
      const z = { min: 0.005, max: 0.01, count: 20 };
      return { display: { grid: { kind: "linear", x: { min: -0.001, max: 0.001, count: 20 }, z } } };
    }
    case "soundSpeed":
      return { soundSpeedMps: 0.9 * info.soundSpeedMps };
    case "band":
      return { band: { lowHz: 0.1 * center, highHz: 0.5 * center } };
    case "removeMean":
      return { removeMean: !(resolved.removeMean ?? false) };
    case "transmits":
      return { transmits: [0] };
    case "compound":
      return { beamform: { compound: "incoherent" } };
    case "fNumber":
      return { beamform: { fNumber: (resolved.beamform?.fNumber as number) > 2 ? 0.5 : 4 } };
    case "window":
      return { beamform: { window: "boxcar" } };
  }
}

/** The picture of the second of two frames. */
async function pictureOf(info: Acquisition, frame: Frame, pipeline: Pipeline): Promise<string> {
  const plan = await LocalPlan.create(info, pipeline, LIMIT);
  const samples = frame.samples.map((value, i) => (i % 7 ? value : value >> 1));
  await plan.run({ ...frame, index: 4, samples });
  const { width, pixels } = await plan.run({ ...frame, index: 5 });
  plan.close();
  return `${width} ${pixels}`;
}

for (const scene of SCENES)
  test(`${scene}: changes that apply change the picture, the others do not or are refused`, async () => {
    const made = makeScene(scene);
    const { frame } = made;
    const info: Acquisition = { ...made.info, frameCount: 9 };
    const plan = await LocalPlan.create(info, {}, LIMIT);
    const resolved = plan.report.pipeline;
    const adjustments = adjustmentsOf(info, resolved);
    const before = await pictureOf(info, frame, {});
    for (const name of ADJUSTABLE) {
      const adjustment = adjustments[name];
      // The mean of envelopes can be taken away, to no one's use.
      if (name === "removeMean" && !adjustment.applies) continue;
      try {
        const after = await pictureOf(info, frame, change(name, info, resolved));
        assert.is(after !== before, adjustment.applies, name);
      } catch (error) {
        if (!isSondeError(error)) throw error;
        assert.not(adjustment.applies, `${name}: ${error.message}`);
      }
    }
  });

test("what cannot be changed says why", () => {
  const plane = makeScene("plane").info;
  const one = plane.kind === "channels" ? { ...plane, sequence: plane.sequence.slice(0, 1) } : plane;
  const obstacle = (info: Acquisition, name: Adjustable, pipeline?: Pipeline) => {
    const found = adjustmentsOf(info, pipeline)[name];
    return found.applies ? "" : `${found.obstacle}: ${found.why}`;
  };
  assert.is(obstacle(one, "compound"), "one-transmit: there is only one transmit");
  assert.is(obstacle({ ...plane, frameCount: 1 }, "persistence"), "one-frame: there is only one frame");
  assert.is(obstacle({ ...plane, frameCount: null }, "persistence"), "");
  assert.match(obstacle(plane, "window", { beamform: { fNumber: 0 } }), /^whole-aperture: the f-number is 0/);
  assert.is(obstacle(plane, "window", { beamform: { fNumber: 1.4 } }), "");
  const swing = makeScene("swing").info;
  assert.match(obstacle(swing, "fNumber"), /^beamformed: /);
  assert.match(obstacle(swing, "band"), /^detected: .*no carrier/);
  const sector = makeScene("sector").info;
  assert.is(obstacle(sector, "tgc"), "");
  const nowhere = sector.kind === "beamformed" ? { ...sector, scan: undefined } : sector;
  assert.match(obstacle(nowhere, "tgc"), /^unplaced: /);
  const linear = {
    kind: "linear",
    x: { min: 0, max: 1, count: 2 },
    z: { min: 0, max: 1, count: 2 },
  } as const;
  assert.is(obstacle(nowhere, "tgc", { scan: linear }), "");
});

test.run();
