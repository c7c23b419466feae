/** The door of plan(), update() and run() for what has the wrong shape. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkPipeline } from "../../../host/engine/check-pipeline.ts";
import { createEngine } from "../../../host/engine/engine.ts";
import { type Frame, isSondeError, type Pipeline } from "../../../host/index.ts";
import { sameNumbers } from "../../same-numbers.ts";
import { makeScene } from "../../synthetic.ts";

const X = { min: 0, max: 0.01, count: 4 };
const SECTOR = { kind: "sector", angle: { min: -0.5, max: 0.5, count: 4 }, range: X, apex: [0, 0] };

function assertRefusal(error: unknown, words: RegExp): void {
  assert.ok(isSondeError(error, "bad-option"), `${error}`);
  assert.match((error as Error).message, words);
  assert.not.match((error as Error).message, /\n/);
}

const REFUSALS: readonly [unknown, RegExp][] = [
  [null, /pipeline is null: it must be an object of transmits, soundSpeedMps/],
  [[], /pipeline is \[\]/],
  ["hann", /pipeline is "hann"/],
  [{ fnumber: 1 }, /^fnumber is no option: pipeline takes transmits, .*, beamform, flow, display$/],
  [{ sigal: "iq" }, /^sigal is no option: did you mean signal\?$/],
  [{ beamform: { fnumber: 1 } }, /^beamform\.fnumber is no option: did you mean beamform\.fNumber\?$/],
  [{ beamform: { kernel: "x" } }, /^beamform\.kernel is no option: beamform takes method, fNumber, /],
  [{ demodulation: { cutOff: 0.5 } }, /did you mean demodulation\.cutoff\?/],
  [{ display: { grayMap: "warm" } }, /did you mean display\.greyMap\?/],
  [{ band: { lowHz: 1, highHz: 2, unit: "Hz" } }, /^band\.unit is no option/],
  [{ scan: { kind: "linear", x: { ...X, step: 1 }, z: X } }, /^scan\.x\.step is no option/],
  [{ scan: { kind: "linear", x: X, z: X, apex: [0, 0] } }, /^scan\.apex is no option/],
  [{ constructor: 1 }, /^constructor is no option/],
  [{ beamform: null }, /beamform is null/],
  [{ beamform: [1] }, /beamform is \[1\]/],
  [{ display: { speckle: "srad" } }, /display\.speckle is "srad": it must be an object of method, strength/],
  [{ display: { speckle: { strenght: 1 } } }, /did you mean display\.speckle\.strength\?/],
  [{ display: 7 }, /display is 7/],
  [{ band: 5e6 }, /band is 5000000: it must be an object of lowHz, highHz/],
  [{ band: { lowHz: "1", highHz: 2e6 } }, /band\.lowHz is "1": it must be a number in Hz/],
  [{ band: { lowHz: 1 } }, /band\.highHz is undefined/],
  [{ band: { lowHz: 1, highHz: Number.NaN } }, /band\.highHz is NaN/],
  [{ removeMean: "no" }, /removeMean is "no": it must be true or false/],
  [{ removeMean: null }, /removeMean is null/],
  [{ transmits: 3 }, /transmits is 3: it must be a list/],
  [{ scan: null }, /scan is null: it must be a scan whose kind is "linear" or "sector"/],
  [{ scan: { kind: "polar" } }, /scan is \{"kind":"polar"\}/],
  [{ scan: { kind: "linear", x: [0, 1], z: X } }, /scan\.x is \[0,1\]/],
  [{ display: { grid: SECTOR } }, /display\.grid is .*: it must be a scan whose kind is "linear"$/],
];

for (const [pipeline, words] of REFUSALS)
  test(`${JSON.stringify(pipeline)} is refused as a pipeline`, () => {
    try {
      checkPipeline(pipeline as Pipeline);
    } catch (error) {
      assertRefusal(error, words);
      return;
    }
    assert.unreachable("nothing was refused");
  });

test("every option there is passes, and options left undefined", () => {
  checkPipeline({});
  checkPipeline({ band: undefined, scan: undefined, display: { grid: undefined } });
  checkPipeline({
    transmits: [0],
    soundSpeedMps: 1540,
    removeMean: false,
    band: { lowHz: 1e6, highHz: 2e6 },
    signal: "iq",
    demodulation: { frequencyHz: 1e6, cutoff: 0.5, decimation: 2 },
    scan: SECTOR as unknown as Pipeline["scan"],
    beamform: {
      method: "das",
      fNumber: "auto",
      window: "hann",
      interpolation: "auto",
      transmitModel: "auto",
      compound: "coherent",
    },
    display: {
      dynamicRangeDb: 50,
      gainDb: 0,
      tgcDb: [],
      reference: "hold",
      speckle: { method: "srad", strength: 0.5 },
      greyMap: "gray",
      grid: { kind: "linear", x: X, z: X },
      heightPx: 512,
    },
  });
});

test("the apex of a sector is two numbers within 100 m", async () => {
  const engine = await createEngine({ where: "here" });
  for (const apex of [[0], [0, 0, 0], [0, 100], ["0", 0], [0, Number.NaN], undefined, 0])
    await engine
      .plan(makeScene("plane").info, { scan: { ...SECTOR, apex } as unknown as Pipeline["scan"] })
      .then(
        () => assert.unreachable(`${JSON.stringify(apex)} was not refused`),
        (error) => assertRefusal(error, /scan\.apex is .*\[x, z\] in metres, each within 100 m/),
      );
});

test("the pipeline that a plan reports is one that a plan takes", async () => {
  const engine = await createEngine({ where: "here" });
  for (const scene of ["plane", "iq", "lines"] as const) {
    const plan = await engine.plan(makeScene(scene).info);
    checkPipeline(plan.report.pipeline);
  }
});

for (const where of ["here", "worker"] as const)
  test(`a plan ${where} refuses shapeless pipelines and frames, and goes on`, async () => {
    const { info, frame } = makeScene("plane");
    const engine = await createEngine({ where });
    const plan = await engine.plan(info);
    const before = (await plan.run(frame)).pixels;
    const bad: [() => Promise<unknown>, RegExp][] = [
      [() => engine.plan(info, null as unknown as Pipeline), /pipeline is null/],
      [() => plan.update({ beamform: { fnumber: 2 } } as Pipeline), /did you mean beamform\.fNumber/],
      [() => plan.run(null as unknown as Frame), /The frame is null/],
      [() => plan.run(undefined as unknown as Frame), /The frame is undefined/],
      [() => plan.run({ index: 3 } as Frame), /samples of frame 3 is undefined/],
      [() => plan.decibels({ index: 3, samples: null } as unknown as Frame), /samples of frame 3 is null/],
      [
        () => plan.beamform({ index: 3, samples: [1, 2] } as unknown as Frame),
        /samples of frame 3 is object/,
      ],
      [() => plan.run({ ...frame, missingLines: 3 } as unknown as Frame), /missingLines is 3/],
    ];
    for (const [act, words] of bad)
      await act().then(
        () => assert.unreachable(`nothing was refused where ${words} was expected`),
        (error) => assertRefusal(error, words),
      );
    sameNumbers((await plan.run(frame)).pixels, before);
    engine.close();
  });

test.run();
