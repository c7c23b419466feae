/** Plans: what a change rebuilds, what is refused, what survives bad frames. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createEngine } from "../../../host/engine/engine.ts";
import { LocalPlan } from "../../../host/engine/plan.ts";
import {
  type ChannelData,
  type Frame,
  isSondeError,
  type LineData,
  type Pipeline,
  type Scan,
  type SondeErrorCode,
} from "../../../host/index.ts";
import { sameNumbers } from "../../same-numbers.ts";
import { makeScene } from "../../synthetic.ts";

const LIMIT = 2 ** 28;

/** Room for little: what does not fit there is refused as more is elsewhere, and found out sooner. */
const LITTLE = 2 ** 22;

const TOO_MUCH: Scan = {
  kind: "linear",
  x: { min: 0, max: 0.01, count: 1000 },
  z: { min: 0.001, max: 0.01, count: 1000 },
};

async function refused(code: SondeErrorCode, words: RegExp, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    assert.ok(isSondeError(error, code), `${error}`);
    assert.match((error as Error).message, words);
    assert.not.match((error as Error).message, /\n/);
    return;
  }
  assert.unreachable("nothing was refused");
}

for (const path of ["steered", "depth"] as const)
  test(`${path}: a gain change rebuilds no table, a window change no delay, a new grid no signal stage`, async () => {
    const { info } = makeScene("plane");
    const beamform = { path, columns: "all" } as const;
    const plan = await LocalPlan.create(info, { beamform }, LIMIT);
    assert.equal(plan.report.rebuilt, ["signal", "delays", "sum", "picture", "levels"]);
    await plan.update({
      beamform,
      display: { gainDb: 6, dynamicRangeDb: 60, tgcDb: [1, 2], greyMap: "warm" },
    });
    assert.equal(plan.report.rebuilt, ["levels"]);
    await plan.update({ display: { gainDb: 6 }, beamform: { ...beamform, window: "boxcar" } });
    assert.equal(plan.report.rebuilt, ["sum", "picture", "levels"]);
    await plan.update({
      beamform: { ...beamform, window: "boxcar" },
      // Half the pitch of the elements.
      scan: {
        kind: "linear",
        x: { min: 0, max: 0.0006, count: 5 },
        z: { min: 0.003, max: 0.009, count: 9 },
      },
    });
    assert.equal(plan.report.rebuilt, ["delays", "sum", "picture", "levels"]);
    assert.equal([plan.report.imageWidth, plan.report.imageHeight], [5, 9]);
  });

test("a plan changes its path with the grid, and keeps the reference that it holds", async () => {
  const { info, frame } = makeScene("plane");
  const display = { reference: "hold" as const };
  const plan = await LocalPlan.create(info, { display }, LIMIT);
  assert.is(plan.report.choice?.path, "steered");
  const { referenceAmplitude } = await plan.run(frame);
  await plan.update({
    display,
    scan: { kind: "linear", x: { min: 0, max: 0.001, count: 8 }, z: { min: 0.003, max: 0.009, count: 9 } },
  });
  assert.is.not(plan.report.choice?.path, "steered");
  assert.match(plan.report.choice?.refused[0].why ?? "", /0\.1429 mm apart/);
  assert.is((await plan.run(frame)).referenceAmplitude, referenceAmplitude);
});

test("a filter against speckle rebuilds no delay table, its strength no table at all", async () => {
  const { info, frame } = makeScene("convex");
  const plan = await LocalPlan.create(info, {}, LIMIT);
  const plain = await plan.decibels(frame);
  for (const method of ["median", "bilateral", "srad"] as const) {
    await plan.update({ display: { speckle: { method, strength: 0.2 } } });
    assert.equal(plan.report.rebuilt, ["picture", "levels"], method);
    const weak = await plan.decibels(frame);
    await plan.update({ display: { speckle: { method, strength: 0.9 } } });
    assert.equal(plan.report.rebuilt, ["levels"], method);
    const strong = await plan.decibels(frame);
    const roughness = ({ shape, values }: typeof plain) => {
      let sum = 0;
      for (let i = 1; i < values.length; i++)
        if (i % shape[1] > 0) sum += Math.abs(values[i] - values[i - 1]);
      return sum;
    };
    assert.ok(roughness(weak) < roughness(plain), method);
    assert.ok(roughness(strong) < roughness(weak), method);
  }
  await plan.update({ display: { speckle: { method: "srad", strength: 0 } } });
  sameNumbers((await plan.decibels(frame)).values, plain.values);
});

test("eight points of time-gain compensation are joined by straight lines from the first row to the last, on stored data as on new", async () => {
  const tgcDb = [-12, -3, 0, 4, -7, 2.5, 8, 12];
  for (const scene of ["plane", "iq", "arc", "lines"] as const) {
    const { info, frame } = makeScene(scene);
    const wide = { dynamicRangeDb: 120, gainDb: -40, reference: 1000 };
    const plan = await LocalPlan.create(info, { display: wide }, LIMIT);
    const values = async () => (await plan.decibels(frame)).values;
    const before = await values();
    await plan.update({ display: { ...wide, tgcDb } });
    assert.equal(plan.report.rebuilt, ["levels"], scene);
    const { shape, values: after } = await plan.decibels(frame);
    const [rows, columns] = shape;
    let checked = 0;
    if (scene === "plane" || scene === "iq")
      for (let r = 0; r < rows; r++) {
        const at = (r / (rows - 1)) * 7;
        const k = Math.min(6, Math.floor(at));
        const gain = tgcDb[k] + (at - k) * (tgcDb[k + 1] - tgcDb[k]);
        for (let c = 0; c < columns; c++) {
          const [x, y] = [before[r * columns + c], after[r * columns + c]];
          if (!(x > -100 && x < -15)) continue;
          checked++;
          assert.ok(Math.abs(y - x - gain) < 1e-4, `row ${r}: ${y - x} for ${gain}`);
        }
      }
    if (scene === "plane") assert.ok(checked > rows);
    const fresh = await LocalPlan.create(info, { display: { ...wide, tgcDb } }, LIMIT);
    sameNumbers((await fresh.decibels(frame)).values, after, `${scene}, level`);
    await plan.update({ display: { ...wide, tgcDb: [0, 0, 0, 0, 0, 0, 0, 0] } });
    sameNumbers(await values(), before, `${scene}, level`);
  }
});

test("smoothing is the share of a Gaussian, rebuilds no delay table, its strength no table at all", async () => {
  const { info, frame } = makeScene("plane");
  const plan = await LocalPlan.create(info, {}, LIMIT);
  const { shape, values } = await plan.decibels(frame);
  const [rows, columns] = shape;
  const gauss = (i: number, j: number) => Math.exp(-(i * i + j * j) / 4.5);
  for (const [smoothing, rebuilt] of [
    [1, ["picture", "levels"]],
    [0.4, ["levels"]],
    [0.01, ["levels"]],
  ] as const) {
    await plan.update({ display: { smoothing } });
    assert.equal(plan.report.rebuilt, rebuilt);
    const smooth = (await plan.decibels(frame)).values;
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) {
        let [sum, weights] = [0, 0];
        for (let j = -2; j <= 2; j++)
          for (let i = -2; i <= 2; i++) {
            const row = Math.min(rows - 1, Math.max(0, r + j));
            const column = Math.min(columns - 1, Math.max(0, c + i));
            sum += gauss(i, j) * values[row * columns + column];
            weights += gauss(i, j);
          }
        const x = values[r * columns + c];
        const expected = x + smoothing * (sum / weights - x);
        assert.ok(
          Math.abs(smooth[r * columns + c] - expected) < 1e-4,
          `${smoothing}, row ${r}, column ${c}: ${smooth[r * columns + c]} for ${expected}`,
        );
      }
  }
  await plan.update({ display: { smoothing: 0 } });
  sameNumbers((await plan.decibels(frame)).values, values);
});

test("a filter against speckle takes compressed lines apart and puts them together again, where a flat picture stays flat", async () => {
  const { info, frame } = makeScene("swing");
  const samples = new Int16Array(frame.samples.length).fill(7);
  for (const method of ["median", "bilateral", "srad"] as const) {
    const pipeline: Pipeline = { display: { speckle: { method }, gainDb: -6, tgcDb: [-2, -2] } };
    const plan = await LocalPlan.create(info, pipeline, LIMIT);
    const { values } = await plan.decibels({ ...frame, samples });
    assert.ok(
      values.every((value) => Math.abs(value + 8) < 1e-4 || value === -50),
      method,
    );
    assert.ok(values.some((value) => value > -50));
  }
});

test("an updated plan gives the picture that a fresh plan gives", async () => {
  const { info, frame } = makeScene("diverging");
  const wanted: Pipeline = { beamform: { fNumber: 1, window: "tukey25" }, display: { dynamicRangeDb: 35 } };
  const updated = await LocalPlan.create(info, { signal: "iq", display: { gainDb: 3 } }, LIMIT);
  await updated.run(frame);
  await updated.update({ signal: "rf" });
  await updated.update(wanted);
  const fresh = await LocalPlan.create(info, wanted, LIMIT);
  sameNumbers((await updated.run(frame)).pixels, (await fresh.run(frame)).pixels);
});

test("what is given back to be used again is an image, or refused by value", async () => {
  const { info, frame } = makeScene("plane");
  const plan = await LocalPlan.create(info, {}, LIMIT);
  await refused("bad-option", /recycle is \{\}: it must be an image of plan\.run/, () =>
    plan.run(frame, {} as never),
  );
  const { pixels } = await plan.run(frame);
  assert.ok(pixels.length > 0);
  plan.close();
});

test("a refused update leaves the plan as it was", async () => {
  const { info, frame } = makeScene("plane");
  const plan = await LocalPlan.create(info, {}, LITTLE);
  const before = (await plan.run(frame)).pixels;
  await refused("bad-option", /fNumber is -1.*0 to 20/, () => plan.update({ beamform: { fNumber: -1 } }));
  await refused("out-of-memory", /MB, over the limit of/, () => plan.update({ scan: TOO_MUCH }));
  sameNumbers((await plan.run(frame)).pixels, before);
});

const REFUSALS: [SondeErrorCode, RegExp, Pipeline][] = [
  ["bad-option", /transmits is 3.*0 to 2/, { transmits: [3] }],
  ["bad-option", /transmits is \[\]/, { transmits: [] }],
  ["bad-option", /soundSpeedMps is 1/, { soundSpeedMps: 1 }],
  ["bad-option", /signal is "b"/, { signal: "b" as never }],
  ["bad-option", /window is "kaiser".*boxcar/, { beamform: { window: "kaiser" as never } }],
  ["bad-option", /interpolation is/, { beamform: { interpolation: "spline" as never } }],
  ["bad-option", /band is/, { band: { lowHz: 5e6, highHz: 1e6 } }],
  ["bad-option", /decimation is 0/, { signal: "iq", demodulation: { decimation: 0 } }],
  [
    "bad-option",
    /count is 1.5/,
    { scan: { kind: "linear", x: { min: 0, max: 1, count: 1.5 }, z: { min: 0, max: 1, count: 2 } } },
  ],
  [
    "bad-option",
    /scan.x is/,
    { scan: { kind: "linear", x: { min: 1, max: 0, count: 4 }, z: { min: 0, max: 1, count: 2 } } },
  ],
  ["bad-option", /dynamicRangeDb is 5/, { display: { dynamicRangeDb: 5 } }],
  ["bad-option", /tgcDb\[1\] is 99/, { display: { tgcDb: [0, 99] } }],
  ["bad-option", /reference is 0/, { display: { reference: 0 } }],
];
for (const [code, words, pipeline] of REFUSALS)
  test(`${JSON.stringify(pipeline)} is refused by value`, async () => {
    const { info } = makeScene("plane");
    await refused(code, words, () => LocalPlan.create(info, pipeline, LIMIT));
  });

test("impossible acquisitions are refused before anything is computed", async () => {
  const { info } = makeScene("plane");
  const data = info as ChannelData;
  const bad: [RegExp, ChannelData][] = [
    [/speed of sound/, { ...data, soundSpeedMps: Number.NaN }],
    [/sample rate/, { ...data, sampleRateHz: 0 }],
    [/at least 8 samples/, { ...data, sampleCount: 3 }],
    [
      /element lies/,
      { ...data, probe: { ...data.probe, positionsM: data.probe.positionsM.map(() => Number.NaN) } },
    ],
    [
      /start time of transmit 1/,
      {
        ...data,
        sequence: data.sequence.map((t, i) => (i === 1 ? { ...t, startS: Number.POSITIVE_INFINITY } : t)),
      },
    ],
    [
      /firing times for another number/,
      { ...data, sequence: [{ ...data.sequence[0], firingS: new Float64Array(3) }] },
    ],
  ];
  for (const [words, acquisition] of bad)
    await refused("bad-geometry", words, () => LocalPlan.create(acquisition, {}, LIMIT));
});

test("a frame of another size is refused and the plan goes on", async () => {
  const { info, frame } = makeScene("iq");
  const plan = await LocalPlan.create(info, {}, LIMIT);
  const good = (await plan.run(frame)).pixels;
  await refused("corrupt-file", /holds 10 numbers where \d+ belong/, () =>
    plan.run({ index: 1, samples: new Int16Array(10) }),
  );
  sameNumbers((await plan.run(frame)).pixels, good);
});

test("NaN and infinity among the samples make the picture that zeros in their place make", async () => {
  const { info, frame } = makeScene("plane");
  const samples = Float32Array.from(frame.samples);
  const zeroed = samples.slice();
  for (let i = 0; i < samples.length; i += 101) {
    samples[i] = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY][i % 3];
    zeroed[i] = 0;
  }
  const plan = await LocalPlan.create(info, {}, LIMIT);
  const expected = await plan.run({ index: 0, samples: zeroed });
  sameNumbers((await plan.run({ index: 0, samples })).pixels, expected.pixels);
});

test("a sector of one line has values, but no picture", async () => {
  const { info, frame } = makeScene("plane");
  const sector = (lines: number, points: number): Scan => ({
    kind: "sector",
    angle: { min: 0, max: lines > 1 ? 0.1 : 0, count: lines },
    range: { min: 0.005, max: points > 1 ? 0.009 : 0.005, count: points },
    apex: [0, 0],
  });
  const interpolation = { beamform: { interpolation: "linear" } } as const;
  const two = await LocalPlan.create(info, { ...interpolation, scan: sector(2, 20) }, LIMIT);
  const both = (await two.beamform(frame)).values;
  const line = await LocalPlan.create(info, { ...interpolation, scan: sector(1, 20) }, LIMIT);
  const { shape, values } = await line.beamform(frame);
  assert.equal(shape, [20, 1]);
  for (let k = 0; k < 20; k++) assert.is(values[2 * k], both[4 * k]);
  for (const plan of [line, await LocalPlan.create(info, { scan: sector(3, 1) }, LIMIT)])
    for (const act of [() => plan.run(frame), () => plan.decibels(frame)])
      await refused("bad-option", /a picture is drawn between at least 2 lines of 2 points/, act);
  await line.update({ ...interpolation, scan: sector(2, 20) });
  assert.ok((await line.run(frame)).pixels.some((value) => value > 0));
});

const A_LINE: LineData = {
  kind: "lines",
  name: "a line",
  format: "test",
  frameCount: 1,
  signal: "log",
  soundSpeedMps: 1540,
  warnings: [],
  lines: Float64Array.of(0.01, 0.02, 0, 0.005, 3e-4),
  sampleCount: 100,
};

test("a single line is a strip as wide as a tenth of its length, however it lies", async () => {
  const samples = new Uint8Array(100).fill(200);
  for (const degrees of [0, 30, 90, -90, 180]) {
    const angle = (degrees * Math.PI) / 180;
    const lines = Float64Array.of(0.01, 0.02, angle, 0.005, 3e-4);
    const plan = await LocalPlan.create({ ...A_LINE, lines }, {}, LIMIT);
    const { pixels, regions } = await plan.run({ index: 0, samples });
    const [{ deltaXM, deltaZM }] = regions;
    const shown = pixels.filter((value, i) => i % 4 === 3 && value > 0).length * deltaXM * deltaZM;
    const length = 99 * 3e-4;
    assert.ok(Math.abs(shown / (length * 0.1 * 100 * 3e-4) - 1) < 0.05, `${degrees} degrees: ${shown} m2`);
  }
});

test("a reference holds for compressed lines too: a fainter frame is shown fainter, and a black one black", async () => {
  const lines = Float64Array.from([...A_LINE.lines, 0.011, ...A_LINE.lines.slice(1)]);
  const planOf = (reference: "frame" | "hold" | number) =>
    LocalPlan.create({ ...A_LINE, lines }, { display: { reference } }, LIMIT);
  const shown = async (plan: LocalPlan, level: number) => {
    const { pixels, referenceAmplitude } = await plan.run({
      index: 0,
      samples: new Uint8Array(200).fill(level),
    });
    return [Math.max(...pixels.filter((_, i) => i % 4 === 0)), Math.round(referenceAmplitude)];
  };
  // The range is 50 dB, and 200 levels of 1 dB are 10^10.
  const hold = await planOf("hold");
  assert.equal(await shown(hold, 0), [0, 1], "nothing to go by");
  for (const [level, grey] of [
    [200, 255],
    [175, 127],
    [0, 0],
  ])
    assert.equal(await shown(hold, level), [grey, 1e10], `level ${level}`);
  // The one that was held says the same as a number: a picture that was kept looks as it did.
  const kept = await planOf(1e10);
  assert.equal(await shown(kept, 175), [127, 1e10]);
  const each = await planOf("frame");
  assert.equal((await shown(each, 175))[0], 255);
  assert.equal((await shown(each, 0))[0], 0);
});

test("lines that lie on one another, or nowhere side by side, are no picture, but a refusal", async () => {
  const samples = new Uint8Array(200).fill(200);
  const line = [...A_LINE.lines];
  const elsewhere = [
    [0.01, 0.03, 0, 0.005, 3e-4],
    [0.02, 0.09, 0, 0.005, 3e-4],
  ];
  for (const second of [line, [0.01, 0.02, 0, 0.006, 2e-4], ...elsewhere]) {
    const plan = await LocalPlan.create(
      { ...A_LINE, lines: Float64Array.from([...line, ...second]) },
      {},
      LIMIT,
    );
    await refused("bad-geometry", /No picture lies between neighbouring lines/, () =>
      plan.run({ index: 0, samples }),
    );
  }
  const beside = Float64Array.from([...line, 0.011, ...line.slice(1)]);
  const plan = await LocalPlan.create({ ...A_LINE, lines: beside }, {}, LIMIT);
  assert.ok((await plan.run({ index: 0, samples })).pixels.some((value) => value > 0));
});

test("a convex probe without its radius is refused a sector, not turned about its face", async () => {
  const { info, frame } = makeScene("arc");
  assert.ok(info.kind === "channels");
  const probe = { ...info.probe, radiusM: undefined };
  await refused("bad-geometry", /convex probe without radiusM: give it, or a scan/, () =>
    LocalPlan.create({ ...info, probe }, {}, LIMIT),
  );
  const scan: Scan = {
    kind: "linear",
    x: { min: -0.005, max: 0.005, count: 20 },
    z: { min: 0.01, max: 0.02, count: 50 },
  };
  const plan = await LocalPlan.create({ ...info, probe }, { scan }, LIMIT);
  assert.is((await plan.run(frame)).height, 50);
});

test("a frame of zeros is black", async () => {
  const { info, frame } = makeScene("plane");
  const plan = await LocalPlan.create(info, {}, LIMIT);
  const { pixels } = await plan.run({ index: 0, samples: frame.samples.map(() => 0) as Int16Array });
  assert.ok(pixels.every((value, i) => value === (i % 4 === 3 ? 255 : 0)));
});

test("samples as faint as simulations give them make the picture that loud ones make", async () => {
  const { info, frame } = makeScene("plane");
  const scaled = (power: number): Frame => ({
    index: 0,
    samples: Float32Array.from(frame.samples, (value) => value * 2 ** power),
  });
  for (const speckle of [{ method: "none" }, { method: "srad" }] as const) {
    const plan = await LocalPlan.create(info, { display: { speckle } }, LIMIT);
    const loud = await plan.run(scaled(0));
    for (const power of [-50, -80, -100]) {
      const scale = 2 ** power;
      for (const reference of ["frame", "hold", loud.referenceAmplitude * scale] as const) {
        await plan.update({ display: { speckle, reference } });
        // With "hold" the second is measured by the first.
        for (let round = 0; round < 2; round++) {
          const faint = await plan.run(scaled(power));
          assert.is(faint.referenceAmplitude, loud.referenceAmplitude * scale);
          const furthest = faint.pixels.reduce(
            (most, v, i) => Math.max(most, Math.abs(v - loud.pixels[i])),
            0,
          );
          assert.ok(furthest <= 1, `${furthest} levels at 2^${power}, ${reference}, ${speckle.method}`);
        }
        await plan.update({ display: { speckle }, removeMean: true });
        await plan.update({ display: { speckle } });
      }
    }
    plan.close();
  }
});

test('"hold" waits for a frame that is not black', async () => {
  const { info, frame } = makeScene("plane");
  const plan = await LocalPlan.create(info, { display: { reference: "hold" } }, LIMIT);
  await plan.run({ index: 0, samples: frame.samples.map(() => 0) as Int16Array });
  const fresh = await LocalPlan.create(info, {}, LIMIT);
  sameNumbers((await plan.run(frame)).pixels, (await fresh.run(frame)).pixels);
});

test('"hold" survives an update that is refused for memory', async () => {
  const { info, frame } = makeScene("plane");
  const plan = await LocalPlan.create(info, { display: { reference: "hold" } }, LITTLE);
  const held = (await plan.run(frame)).referenceAmplitude;
  const huge: Pipeline = {
    display: { reference: "hold" },
    beamform: { fNumber: 3 },
    scan: TOO_MUCH,
  };
  await refused("out-of-memory", /over the limit/, () => plan.update(huge));
  const quiet: Frame = { index: 1, samples: frame.samples.map((value) => value / 2) as Int16Array };
  assert.is((await plan.run(quiet)).referenceAmplitude, held);
});

test('"hold" keeps the first frame\'s reference, "frame" follows each frame', async () => {
  const { info, frame } = makeScene("plane");
  const half: Frame = { index: 1, samples: frame.samples.map((value) => value / 2) as Int16Array };
  const held = await LocalPlan.create(info, { display: { reference: "hold" } }, LIMIT);
  const first = (await held.run(frame)).referenceAmplitude;
  assert.is((await held.run(half)).referenceAmplitude, first);
  await held.update({ display: { reference: "hold", gainDb: 3 } });
  assert.is((await held.run(half)).referenceAmplitude, first);
  await held.update({
    display: { reference: "hold" },
    scan: { kind: "linear", x: { min: 0, max: 0.002, count: 9 }, z: { min: 0.004, max: 0.006, count: 9 } },
  });
  assert.is((await held.run(half)).referenceAmplitude, first);
  await held.update({ display: { reference: "hold" }, beamform: { fNumber: 3 } });
  assert.is.not((await held.run(half)).referenceAmplitude, first);
});

test("lines that did not arrive are blank in the picture, and no other", async () => {
  const { info, frame } = makeScene("lines");
  const { lines, sampleCount } = info as LineData;
  const plan = await LocalPlan.create(info, {}, LIMIT);
  const [region] = (await plan.run(frame)).regions;
  const { imageWidth } = plan.report;
  const all = (await plan.decibels(frame)).values;
  // Lines 4 to 7 of 12.
  const some = (await plan.decibels({ ...frame, missingLines: Uint8Array.of(0b11110000, 0) })).values;
  const checked = { blank: 0, whole: 0 };
  for (let line = 0; line < 11; line++)
    for (let k = 20; k < sampleCount - 20; k += 10) {
      // Midway between this line and the next one.
      const at = [line, line + 1].map((i) => {
        const [x0, z0, angle, r0, dr] = lines.subarray(5 * i, 5 * i + 5);
        return [x0 + (r0 + k * dr) * Math.sin(angle), z0 + (r0 + k * dr) * Math.cos(angle)];
      });
      const column = Math.round(((at[0][0] + at[1][0]) / 2 - region.originXM) / region.deltaXM);
      const row = Math.round(((at[0][1] + at[1][1]) / 2 - region.originZM) / region.deltaZM);
      const pixel = row * imageWidth + column;
      if (line >= 4 && line + 1 <= 7) {
        assert.is(some[pixel], -50, `between lines ${line} and ${line + 1}`);
        checked.blank += all[pixel] > -50 ? 1 : 0;
      } else if (line + 1 < 4 || line > 7) {
        assert.is(some[pixel], all[pixel], `between lines ${line} and ${line + 1}`);
        checked.whole += all[pixel] > -50 ? 1 : 0;
      }
    }
  assert.ok(checked.blank > 40 && checked.whole > 80, JSON.stringify(checked));
});

test("a calibrated region tells where pixels are", async () => {
  const { info, frame } = makeScene("plane");
  const plan = await LocalPlan.create(
    info,
    {
      scan: {
        kind: "linear",
        x: { min: -0.002, max: 0.004, count: 13 },
        z: { min: 0.001, max: 0.011, count: 21 },
      },
    },
    LIMIT,
  );
  const { regions, width, height } = await plan.run(frame);
  assert.equal([width, height, regions.length], [13, 21, 1]);
  const [region] = regions;
  assert.ok(
    Math.abs(region.originXM + 12 * region.deltaXM - 0.004) < 1e-12 &&
      Math.abs(region.originZM + 20 * region.deltaZM - 0.011) < 1e-12,
  );
});

test("engine options out of range are refused", async () => {
  await refused("bad-option", /backend is "cuda"/, () => createEngine({ backend: "cuda" as never }));
  await refused("bad-option", /where is "moon"/, () => createEngine({ where: "moon" as never }));
  await refused("bad-option", /memoryLimitBytes is 5/, () => createEngine({ memoryLimitBytes: 5 }));
});

test("what cannot be sent to a worker is refused, and updates and frames in flight keep their order", async () => {
  const { info, frame } = makeScene("plane");
  const engine = await createEngine({ where: "worker" });
  const hooked = { ...info, hook() {} };
  await refused("bad-option", /cannot be sent/, () => engine.plan(hooked));
  const plan = await engine.plan(info);
  const narrow = (count: number): Pipeline => ({
    scan: { kind: "linear", x: { min: 0, max: 0.001, count }, z: { min: 0.003, max: 0.009, count: 9 } },
  });
  const [first, , second, , third] = await Promise.all([
    plan.run(frame),
    plan.update(narrow(5)),
    plan.run(frame),
    plan.update(narrow(7)),
    plan.run(frame),
  ]);
  assert.equal([second.width, third.width], [5, 7]);
  assert.ok(first.width > 7);
  engine.close();
});

test("an engine in a worker answers like one here, passes errors on, and ends", async () => {
  const { info, frame } = makeScene("focused");
  const engine = await createEngine({ where: "worker" });
  assert.is(engine.where, "worker");
  const plan = await engine.plan(info);
  const here = await LocalPlan.create(info, {}, LIMIT);
  const image = await plan.run(frame);
  sameNumbers(image.pixels, (await here.run(frame)).pixels);
  sameNumbers((await plan.run(frame, image)).pixels, (await here.run(frame)).pixels);
  sameNumbers((await plan.beamform(frame)).values, (await here.beamform(frame)).values);
  await refused("bad-option", /fNumber is 99/, () => engine.plan(info, { beamform: { fNumber: 99 } }));
  await plan.update({ display: { gainDb: 2 } });
  assert.equal(plan.report.rebuilt, ["levels"]);
  plan.close();
  await refused("bad-option", /closed/, () => plan.run(frame));
  engine.close();
  await refused("aborted", /closed/, () => engine.plan(info));
});

test("frames of any type that are on their way to a worker together keep their own samples, and what is none is refused", async () => {
  const { info, frame } = makeScene("plane");
  const engine = await createEngine({ where: "worker" });
  const plan = await engine.plan(info);
  const here = await LocalPlan.create(info, {}, LIMIT);
  const frames: Frame[] = [1, -1, 2, 3].map((factor, index) => ({
    index,
    samples: Int16Array.from(frame.samples, (value) => factor * value),
  }));
  frames.push({ index: 4, samples: Float32Array.from(frame.samples) });
  // A view into a larger buffer.
  const padded = new Int16Array(frame.samples.length + 6);
  padded.set(frame.samples, 4);
  frames.push({ index: 5, samples: padded.subarray(4, -2) });
  for (let round = 0; round < 2; round++) {
    const sums = await Promise.all(frames.map((one) => plan.beamform(one)));
    for (const [i, { values }] of sums.entries())
      sameNumbers(values, (await here.beamform(frames[i])).values, `frame ${i}`);
  }
  for (const samples of [null, [1, 2], new Float64Array(frame.samples)])
    await refused("bad-option", /samples/i, () => plan.run({ index: 0, samples: samples as never }));
  const short = { index: 0, samples: new Int16Array(3) };
  await refused("corrupt-file", /disagree/, () => plan.run(short));
  sameNumbers((await plan.beamform(frames[1])).values, (await here.beamform(frames[1])).values);
  engine.close();
});

/** Neighbours close enough for eight of them to share a load. */
const NARROW: Scan = {
  kind: "linear",
  x: { min: -0.0011, max: 0.0013, count: 37 },
  z: { min: 0.003, max: 0.012, count: 31 },
};

test("int16 and removeMean leave the steered path to data that it can take, and the frame that comes is summed", async () => {
  const { info, frame } = makeScene("plane");
  for (const [sampleType, samples] of [
    ["uint16", Uint16Array.from(frame.samples, (value) => value + 32768)],
    ["int32", Int32Array.from(frame.samples)],
    [undefined, Float32Array.from(frame.samples)],
  ] as const) {
    const plan = await LocalPlan.create(
      { ...info, sampleType } as ChannelData,
      { beamform: { arithmetic: "int16", accuracy: 0.25 }, scan: NARROW },
      2 ** 28,
    );
    assert.is(plan.report.choice?.path, "lateral", sampleType);
    assert.match(plan.report.choice?.refused[0].why ?? "", new RegExp(sampleType ?? "not known beforehand"));
    const { values } = await plan.beamform({ ...frame, samples });
    assert.ok(values.some((value) => value !== 0));
  }
  const plan = await LocalPlan.create(
    { ...info, sampleType: "int16" } as ChannelData,
    { removeMean: true },
    2 ** 28,
  );
  assert.is.not(plan.report.choice?.path, "steered");
});

test.run();
