/** The workloads' data are what they are said to be, and the references agree with one another and with the engine. */
import { createHash } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Checker, notLinear, settingOf } from "../../bench/checker.ts";
import { bandLimitedNoise } from "../../bench/noise.ts";
import { exactValues, relativeError } from "../../bench/reference/exact.ts";
import { straightforward } from "../../bench/reference/straightforward.ts";
import { countPoints, makeWorkload, soundTimeS, type Workload } from "../../bench/workloads.ts";
import { createEngine } from "../../host/index.ts";

const SHAPE = { rows: 3, samples: 500, center: 0.25, bandwidth: 0.15, seed: 7 };

test("the noise is the same bytes on every machine", () => {
  const digest = createHash("sha256").update(bandLimitedNoise(SHAPE)).digest("hex");
  assert.is(digest.slice(0, 16), "845ec1cefd1b71eb");
});

test("the noise keeps to its band and has peaks of about 8000", () => {
  const noise = bandLimitedNoise({ ...SHAPE, rows: 60 });
  /** Power near a frequency (cycles a sample) over rows. */
  const power = (frequency: number) => {
    let sum = 0;
    for (let r = 0; r < 60; r++) {
      let [re, im] = [0, 0];
      for (let i = 0; i < 500; i++) {
        const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / 500);
        re += window * noise[500 * r + i] * Math.cos(2 * Math.PI * frequency * i);
        im += window * noise[500 * r + i] * Math.sin(2 * Math.PI * frequency * i);
      }
      sum += re * re + im * im;
    }
    return sum;
  };
  const middle = power(0.25);
  // Half the bandwidth away the amplitude is half: a quarter of the power.
  for (const edge of [0.175, 0.325])
    assert.ok(Math.abs(power(edge) / middle - 0.25) < 0.1, `${power(edge) / middle}`);
  for (const outside of [0.01, 0.45]) assert.ok(power(outside) < 1e-3 * middle, `${power(outside) / middle}`);
  const peak = Math.max(...noise);
  assert.ok(peak > 6000 && peak < 10000, `${peak}`);
});

test("W1 has 0.81 G points in the aperture, 2.26 G in all, and sound needs 5.5 ms", async () => {
  const w1 = await makeWorkload("W1");
  const { inAperture, nominal } = countPoints(w1);
  assert.is(nominal, 387 * 609 * 128 * 75);
  assert.ok(Math.abs(inAperture / 0.81e9 - 1) < 0.01, `${inAperture}`);
  assert.ok(Math.abs(soundTimeS(w1) - 75 * (1535 / 20.832e6)) < 1e-12);
  const { x } = w1.pipeline.scan as Extract<typeof w1.pipeline.scan, { kind: "linear" }>;
  assert.ok(Math.abs((x.max - x.min) / (x.count - 1) - 0.0003 / 3) < 1e-12, "step of a third of the pitch");
});

/** A workload on a grid small enough for a test. */
async function small(name: "W2" | "W3" | "W4" | "W5"): Promise<Workload> {
  const workload = await makeWorkload(name);
  const { scan } = workload.pipeline;
  const fewer = <A extends { count: number }>(axis: A, count: number) => ({ ...axis, count });
  const few =
    scan.kind === "sector"
      ? { ...scan, angle: fewer(scan.angle, 16), range: fewer(scan.range, 40) }
      : scan.kind === "linear"
        ? { ...scan, x: fewer(scan.x, 16), z: fewer(scan.z, 40) }
        : { ...scan, x: fewer(scan.x, 8), y: fewer(scan.y, 8), z: fewer(scan.z, 6) };
  return { ...workload, jsEvery: undefined, pipeline: { ...workload.pipeline, scan: few } };
}

for (const name of ["W2", "W3", "W5"] as const)
  test(`${name}: straightforward loops and the engine's linear interpolation are those of float64`, async () => {
    const workload = await small(name);
    const checker = new Checker(workload);
    const js = straightforward(settingOf(workload), workload.frames);
    assert.is(notLinear(checker.errors(js, 2)), undefined);
    const engine = await createEngine();
    const { pipeline, info, frames } = workload;
    const plan = await engine.plan(info, {
      ...pipeline,
      beamform: { ...pipeline.beamform, interpolation: "linear" },
    });
    const { values } = await plan.beamform(frames[0]);
    const { errorToLinear, errorToSinc } = checker.errors(values, 2);
    assert.ok(errorToLinear < 2e-3, `${errorToLinear}`);
    assert.ok(errorToSinc > 2 * errorToLinear, `${errorToSinc}`);
    plan.close();
  });

test("W4: straightforward loops over a volume are those of float64", async () => {
  const workload = await small("W4");
  const js = straightforward(settingOf(workload), workload.frames);
  const { errorToLinear } = new Checker(workload).errors(js, 2);
  assert.ok(errorToLinear < 3e-3, `${errorToLinear}`);
});

test("a picture shifted by one column is not taken for the right one", async () => {
  const workload = await small("W3");
  const checker = new Checker(workload);
  const js = straightforward(settingOf(workload), workload.frames);
  assert.match(notLinear(checker.errors(js.subarray(2), 2)) ?? "", "wrong picture");
});

test("the reference's band-limited interpolation finds a tone between its samples", async () => {
  const { info, pipeline, frames } = await small("W3");
  const tone = 0.21;
  const samples = new Float32Array(frames[0].samples.length);
  for (let i = 0; i < samples.length; i++) samples[i] = Math.cos(2 * Math.PI * tone * (i % info.sampleCount));
  const setting = settingOf({ info, pipeline } as Workload);
  // One transmit, one element: the value is the analytic tone at that pixel's time.
  const one = {
    ...setting,
    info: {
      ...info,
      sequence: info.sequence.slice(2, 3),
      probe: { ...info.probe, positionsM: info.probe.positionsM.slice(0, 3) },
    },
  };
  const pixels = [3, 11, 29].map((row) => ({ row, column: 8 }));
  const values = exactValues(one, { index: 0, samples }, pixels, "sinc");
  const angles = pixels.map((_, i) => Math.atan2(values[2 * i + 1], values[2 * i]));
  const expected = angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]);
  assert.ok(relativeError(values, expected) < 2e-3, "magnitude 1 everywhere");
});

test.run();
