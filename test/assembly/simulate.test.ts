import { test } from "uvu";
import * as assert from "uvu/assert";
import { exp } from "../../host/geometry/exact.ts";
import { elementCount } from "../../host/model.ts";
import { Simulation } from "../../host/simulate/index.ts";
import { pathToM } from "../../host/simulate/probe.ts";
import { phantomOf } from "../host/simulate/scenes.ts";

const ACCEPTANCE = { linear: 50, phased: 80, convex: 55 };

/** The same data in float64 from the formula at the head of the kernel: no table, no ticks, no lanes. */
function twin(simulation: Simulation): Float64Array {
  const { info, phantom, settings } = simulation;
  const { probe, sequence, sampleCount, sampleRateHz, soundSpeedMps } = info;
  const elements = elementCount(probe);
  const { xM, zM, amplitude } = phantom.scatterers;
  const sigma = (Math.sqrt(2 * Math.LN2) / Math.PI) * (4 / 0.6);
  const sinAcceptance = Math.sin((ACCEPTANCE[settings.array] * Math.PI) / 180);
  const half = probe.positionsM[3 * elements - 3] + (probe.pitchM ?? 0) / 2;
  const edgeZ = probe.positionsM[2];
  const out = new Float64Array(sequence.length * elements * sampleCount);
  for (let s = 0; s < xM.length; s++)
    sequence.forEach(({ wave, startS }, t) => {
      const [sx, sz] = wave.kind === "diverging" ? [wave.source[0], wave.source[2]] : [0, 0];
      const across =
        wave.kind === "plane"
          ? xM[s] - (zM[s] - edgeZ) * Math.tan(wave.azimuthRad)
          : sx + ((xM[s] - sx) * (edgeZ - sz)) / (zM[s] - sz);
      const w = Math.min(1, Math.max(0, (half * 1.075 - Math.abs(across)) / (0.15 * half)));
      for (let e = 0; e < elements; e++) {
        const dx = xM[s] - probe.positionsM[3 * e];
        const dz = zM[s] - probe.positionsM[3 * e + 2];
        const angle = Math.atan2(dx, dz) - probe.azimuthsRad[e];
        const fall = Math.max(0, 1 - (Math.sin(angle) / sinAcceptance) ** 2);
        if (Math.cos(angle) <= 0 || fall === 0) continue;
        const a = amplitude[s] * w * w * (3 - 2 * w) * fall * fall;
        const peak =
          ((pathToM(wave, xM[s], zM[s]) + Math.hypot(dx, dz)) / soundSpeedMps - startS) * sampleRateHz;
        const row = (t * elements + e) * sampleCount;
        for (let n = Math.ceil(peak - 8); n <= peak + 8; n++)
          if (n >= 0 && n < sampleCount)
            out[row + n] +=
              a * Math.exp(-((n - peak) ** 2) / (2 * sigma * sigma)) * Math.cos((Math.PI / 2) * (n - peak));
      }
    });
  return out;
}

for (const array of ["linear", "phased", "convex"] as const)
  test(`the ${array} probe's echoes equal a float64 twin within 0.5 % rms`, async () => {
    // A sample sees one or two echoes; 1/256 of a sample of timing is 0.6 % of an echo at the steepest slope.
    const places = [
      { xM: 0.004, zM: 0.012 },
      { xM: -0.006, zM: 0.02 },
      { xM: 0.0001, zM: 0.03 },
    ];
    const simulation = await Simulation.create(
      { array, elements: 30, noiseDb: -120, breathing: 0 },
      null,
      phantomOf(places, 10000),
    );
    const samples = simulation.frame(0).samples;
    const expected = twin(simulation);
    let worst = 0;
    let peak = 0;
    for (let k = 0; k < expected.length; k++) {
      worst = Math.max(worst, Math.abs(samples[k] - expected[k]));
      peak = Math.max(peak, Math.abs(expected[k]));
    }
    assert.ok(peak > 5000, `the twin's largest echo is ${peak}`);
    assert.ok(worst < 0.008 * 10000, `largest difference ${worst} of 10000`);
    let squares = 0;
    let differences = 0;
    for (let k = 0; k < expected.length; k++) {
      squares += expected[k] ** 2;
      differences += (samples[k] - expected[k]) ** 2;
    }
    assert.ok(Math.sqrt(differences / squares) < 0.005, `rms difference ${Math.sqrt(differences / squares)}`);
  });

test("any delay is safe: echoes outside the record vanish in the guards", async () => {
  const far = [
    { xM: 0, zM: 5 },
    { xM: 0, zM: -0.0001 },
    { xM: 3, zM: 0.0001 },
    { xM: Number.NaN, zM: Number.NaN },
    { xM: 1e30, zM: 1e30 },
  ];
  const simulation = await Simulation.create(
    { elements: 8, transmits: 1, noiseDb: -120 },
    null,
    phantomOf(far.slice(0, 1), 10000),
  );
  assert.ok(simulation.frame(0).samples.every((value) => value === 0));
  const wild = await Simulation.create(
    { elements: 8, transmits: 1, noiseDb: -120 },
    null,
    phantomOf(far, 10000),
  );
  assert.is(wild.frame(0).samples.length, 8 * wild.info.sampleCount);
});

test("the noise has the standard deviation that was asked for, and no mean", async () => {
  const simulation = await Simulation.create({ noiseDb: -60 }, null, phantomOf([], 0));
  const { samples } = simulation.frame(3);
  let sum = 0;
  let squares = 0;
  for (const value of samples) {
    sum += value;
    squares += value * value;
  }
  const sigma = Math.sqrt(squares / samples.length);
  assert.ok(Math.abs(sigma / 32.768 - 1) < 0.02, `sigma ${sigma}`);
  // q15 multiplication rounds halves up: a mean of less than 0.1.
  assert.ok(Math.abs(sum / samples.length) < 0.2, `mean ${sum / samples.length}`);
});

test("overlapping echoes saturate as a converter does, and do not wrap", async () => {
  const same = Array.from({ length: 8 }, () => ({ xM: 0, zM: 0.02 }));
  const simulation = await Simulation.create(
    { elements: 8, transmits: 1, noiseDb: -120, breathing: 0 },
    null,
    phantomOf(same, 30000),
  );
  const { samples } = simulation.frame(0);
  const one = await Simulation.create(
    { elements: 8, transmits: 1, noiseDb: -120, breathing: 0 },
    null,
    phantomOf(same.slice(0, 1), 30000),
  );
  const single = one.frame(0).samples;
  assert.is(Math.max(...samples), 32767);
  for (let k = 0; k < samples.length; k++)
    if (Math.abs(single[k]) > 20) assert.is(Math.sign(samples[k]), Math.sign(single[k]));
});

test("the pulse's exponential is that of the twin", () => {
  for (let x = -20; x <= 5; x += 0.37) assert.ok(Math.abs(exp(x) / Math.exp(x) - 1) < 1e-15, `exp(${x})`);
});

test.run();
