/** Doppler and clutter filters against PyMUST, MUST in Octave and numpy, on the real rotating disk. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LocalPlan } from "../../host/engine/plan.ts";
import { type Beamformed, type Frame, open, type Pipeline } from "../../host/index.ts";
import { scratchFolder, sonde } from "../command.ts";
import { sharedData } from "../shared.ts";
import { makeScene } from "../synthetic.ts";
import { BEAMFORM_WORDS, type GoldenCase, readCases } from "./cases.ts";
import { maxRelative, readNpy, relativeL2 } from "./compare.ts";

const LIMIT = 2 ** 29;

/** A filter's name in golden.json and here. */
const METHODS = { poly: "polynomial", dct: "dct", svd: "svd", fir: "fir" } as const;

if (sharedData) {
  const data = sharedData;
  const cases = readCases(data);
  const find = (id: string): GoldenCase => {
    const entry = cases.get(id);
    if (!entry) throw new Error(`golden.json has no ${id}`);
    return entry;
  };
  const golden = (name: string) => readNpy(`${data}golden/${name}.npy`).values;

  /** golden/pwi_ens64.npy, [z][x][frame], as frames. */
  const [rows, columns, count] = [64, 64, 32];
  const ensemble = golden("pwi_ens64");
  const frames = Array.from({ length: count }, (_, k): Frame => {
    const samples = new Float32Array(2 * rows * columns);
    for (let p = 0; p < rows * columns; p++)
      samples.set(ensemble.subarray(2 * (p * count + k), 2 * (p * count + k + 1)), 2 * p);
    return { index: k, samples };
  });
  const disk = (parameters: Record<string, unknown>): Beamformed => ({
    kind: "beamformed",
    name: "pwi_ens64",
    format: "golden",
    frameCount: count,
    frameRateHz: parameters["PRF"] as number | undefined,
    centerFrequencyHz: parameters["fc"] as number | undefined,
    soundSpeedMps: (parameters["c"] as number | undefined) ?? 1480,
    warnings: [],
    signal: "iq",
    rows,
    columns,
    transmitCount: 1,
  });
  const flowOf = async (entry: GoldenCase, flow: Pipeline["flow"]) =>
    (await LocalPlan.create(disk(entry.parameters), { flow }, LIMIT)).flow(frames);

  for (const [id, smoothing] of [
    ["dop_kasai_lag1", 1],
    ["dop_kasai_lag2", 1],
    ["dop_kasai_M5", 5],
  ] as const)
    test(id, async () => {
      const entry = find(id);
      const lag = entry.parameters["lag"] as number;
      const { velocityMps, variance, nyquistMps } = await flowOf(entry, { lag, smoothing });
      const limit = entry.tolerance["max_abs"] as number;
      assert.ok(Math.abs(nyquistMps - 0.74 / lag) < 1e-9);
      golden(`${id}_v`).forEach((expected, p) => {
        const off = Math.abs(velocityMps[p] - expected);
        assert.ok(Math.min(off, 2 * nyquistMps - off) <= limit, `pixel ${p}: ${velocityMps[p]}, ${expected}`);
      });
      golden(`${id}_var`).forEach((expected, p) => {
        assert.ok(Math.abs(variance[p] - expected) <= limit, `variance ${p}: ${variance[p]}, ${expected}`);
      });
    });

  for (const id of [...cases.keys()].filter((name) => /^wf_(?:poly|dct|svd|fir)\d$/.test(name)))
    test(id, async () => {
      const entry = find(id);
      const { method, order, taps } = entry.parameters as { method: string; order: number; taps?: number[] };
      const clutter = { method: METHODS[method as keyof typeof METHODS], order, taps };
      const { power } = await flowOf(entry, { clutter, frameRateHz: 1e4, centerFrequencyHz: 5e6 });
      const error = relativeL2(power, golden(`${id}_power`));
      assert.ok(error <= (entry.tolerance["rel_l2"] as number), `${error}`);
    });

  test("wf_svd_values", async () => {
    const entry = find("wf_svd_values");
    const flow = { clutter: { method: "svd" }, frameRateHz: 1e4, centerFrequencyHz: 5e6 } as const;
    const { singularValues } = await flowOf(entry, flow);
    assert.ok(singularValues);
    const error = relativeL2(singularValues, golden("wf_svd_values"));
    assert.ok(error <= (entry.tolerance["rel_l2"] as number), `${error}`);
  });

  // The beamformed ensembles of the command line's test once more, as one ensemble of the library.
  const pwi = await open(`${data}must/PWI_disk.mat`);
  const recorded: Frame[] = [];
  for await (const frame of pwi.frames()) recorded.push(frame);
  const inMetres = (words: string) => {
    const [min, max, points] = words.split(":").map(Number);
    return { min: min * 1e-3, max: max * 1e-3, count: points };
  };
  /** Images of a golden case, [frame][z][x], and the plan that made them. */
  async function beamformed(id: string, of: readonly Frame[]) {
    const words = BEAMFORM_WORDS[id];
    const value = (option: string) => words[words.indexOf(option) + 1];
    const plan = await LocalPlan.create(
      pwi.info,
      {
        signal: "iq",
        scan: { kind: "linear", x: inMetres(value("--x")), z: inMetres(value("--z")) },
        beamform: { fNumber: Number(value("--f-number")), window: "boxcar", interpolation: "linear" },
      },
      LIMIT,
    );
    assert.match(plan.report.ensemble.path, /frames in lanes/);
    return { plan, ...(await plan.ensemble(of)) };
  }

  test("pwi_mach_bf4 as an ensemble", async () => {
    const { rel_l2, max_rel } = find("pwi_mach_bf4").tolerance as Record<string, number>;
    const { values, shape } = await beamformed("pwi_mach_bf4", recorded.slice(0, 4));
    const [n, nz, nx] = shape;
    const turned = new Float32Array(values.length);
    for (let k = 0; k < n; k++)
      for (let z = 0; z < nz; z++)
        for (let x = 0; x < nx; x++)
          for (const part of [0, 1])
            turned[2 * ((x * nz + z) * n + k) + part] = values[2 * ((k * nz + z) * nx + x) + part];
    const expected = golden("pwi_mach_bf4");
    assert.ok(relativeL2(turned, expected) <= rel_l2, `${relativeL2(turned, expected)}`);
    assert.ok(maxRelative(turned, expected, true) <= max_rel, `${maxRelative(turned, expected, true)}`);
  });

  test("pwi_ens64_input as an ensemble", async () => {
    const { values } = await beamformed("pwi_ens64_input", recorded);
    const turned = new Float32Array(values.length);
    for (let k = 0; k < count; k++)
      for (let p = 0; p < rows * columns; p++)
        turned.set(
          values.subarray(2 * (k * rows * columns + p), 2 * (k * rows * columns + p + 1)),
          2 * (p * count + k),
        );
    const error = relativeL2(turned, ensemble);
    assert.ok(error <= (find("pwi_ens64_input").tolerance["rel_l2"] as number), `${error}`);
  });

  test("pwi_mach_power as flow of the recording, within mach's own acceptance too", async () => {
    const { plan } = await beamformed("pwi_mach_power", recorded.slice(0, 3));
    const { power, shape, nyquistMps } = await plan.flow(recorded);
    assert.ok(Math.abs(nyquistMps - 0.74) < 1e-9, "the file states PRF and centre frequency");
    const [nz, nx] = shape;
    const turned = Float64Array.from(power, (_, i) => power[(i % nz) * nx + Math.floor(i / nz)]);
    const expected = golden("pwi_mach_power");
    const error = relativeL2(turned, expected);
    assert.ok(error <= (find("pwi_mach_power").tolerance["rel_l2"] as number), `${error}`);
    expected.forEach((value, i) => {
      assert.ok(
        Math.abs(turned[i] - value) <= 1 + 1e-3 * Math.abs(value),
        `pixel ${i}: ${turned[i]}, ${value}`,
      );
    });
  });

  test("pwi_mach_power through the command line", async () => {
    const output = `${scratchFolder()}/flow.npy`;
    const { code, stderr } = await sonde(
      "flow",
      `${data}must/PWI_disk.mat`,
      "-o",
      output,
      ...BEAMFORM_WORDS["pwi_mach_power"],
    );
    assert.is(code, 0, stderr);
    const { shape, values } = readNpy(output);
    assert.equal(shape, [3, 251, 251]);
    const power = Float64Array.from(
      { length: 251 * 251 },
      (_, i) => values[251 * 251 + (i % 251) * 251 + Math.floor(i / 251)],
    );
    const error = relativeL2(power, golden("pwi_mach_power"));
    assert.ok(error <= (find("pwi_mach_power").tolerance["rel_l2"] as number), `${error}`);
  });

  test("the disk turns: one side flows towards the probe, the other away from it", async () => {
    const { plan } = await beamformed("pwi_mach_power", recorded.slice(0, 3));
    await plan.update({ ...plan.report.pipeline, flow: { smoothing: 5 } });
    const { velocityMps } = await plan.flow(recorded);
    const at = (xMm: number, zMm: number) =>
      velocityMps[Math.round((zMm - 10) / 0.1) * 251 + Math.round((xMm + 12.5) / 0.1)];
    // MUST's disk: radius 10 mm about (-0.8, 22.3) mm.
    const [left, right] = [at(-5.8, 22.3), at(4.2, 22.3)];
    assert.ok(left * right < 0 && Math.min(Math.abs(left), Math.abs(right)) > 0.1, `${left}, ${right} m/s`);
  });
}

test("without reference data: a still picture does not flow", async () => {
  const { info, frame } = makeScene("sector");
  const still = { ...info, frameRateHz: 100, centerFrequencyHz: 3e6 };
  const { velocityMps, power } = await (await LocalPlan.create(still, {}, LIMIT)).flow([
    frame,
    { ...frame, index: 1 },
  ]);
  assert.ok(velocityMps.every((v) => v === 0) && power.some((p) => p > 0));
});

test.run();
