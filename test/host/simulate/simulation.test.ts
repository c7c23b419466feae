import { createHash } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSondeError } from "../../../host/errors.ts";
import { convexArray } from "../../../host/geometry/arrays.ts";
import { firingTimes, firstFiringS } from "../../../host/geometry/transmits.ts";
import { type Frame, samplesPerFrame } from "../../../host/model.ts";
import {
  SIMULATED_ARRAYS,
  type SimulatedOptions,
  Simulation,
  simulated,
  simulatedRecording,
} from "../../../host/simulate/index.ts";
import { pathToM } from "../../../host/simulate/probe.ts";
import { phantomOf } from "./scenes.ts";

function digest(frame: Frame): string {
  return createHash("sha256").update(new Uint8Array(frame.samples.buffer)).digest("hex").slice(0, 16);
}

/** Digests of frame 7: they must be the same on every machine, engine and day. */
const DIGESTS = { linear: "13e365ae4019e82a", phased: "09a4566874928d7f", convex: "cc97646a34fd85ae" };

for (const array of SIMULATED_ARRAYS)
  test(`frame 7 of the ${array} probe is the same bytes everywhere, whatever was asked before`, async () => {
    const fresh = (await Simulation.create({ array })).frame(7);
    const used = await Simulation.create({ array });
    used.frame(0);
    used.frame(123456);
    assert.is(digest(used.frame(7)), digest(fresh));
    assert.is(digest(fresh), DIGESTS[array]);
  });

test("another seed gives other speckle, another frame other noise and other places", async () => {
  const options: SimulatedOptions = { elements: 16, scatterers: 2000 };
  const first = await Simulation.create({ ...options, seed: 1 });
  const second = await Simulation.create({ ...options, seed: 2 });
  assert.is.not(digest(first.frame(0)), digest(second.frame(0)));
  assert.is.not(digest(first.frame(0)), digest(first.frame(1)));
  const still = await Simulation.create({
    ...options,
    heartRateHz: 0,
    flowMps: 0,
    breathing: 0,
    noiseDb: -120,
  });
  assert.is(digest(still.frame(0)), digest(still.frame(9)));
});

for (const array of SIMULATED_ARRAYS)
  test(`a point's echo peaks at its geometric time on every channel of the ${array} probe`, async () => {
    const point = { xM: 0.003, zM: 0.025 };
    const simulation = await Simulation.create(
      { array, noiseDb: -120, breathing: 0 },
      null,
      phantomOf([point], 20000),
    );
    const { info } = simulation;
    const { samples } = simulation.frame(0);
    const elements = simulation.settings.elements;
    let heard = 0;
    info.sequence.forEach(({ wave, startS }, t) => {
      for (let e = 0; e < elements; e++) {
        const backM = Math.hypot(
          point.xM - info.probe.positionsM[3 * e],
          point.zM - info.probe.positionsM[3 * e + 2],
        );
        const expected =
          ((pathToM(wave, point.xM, point.zM) + backM) / info.soundSpeedMps - startS) * info.sampleRateHz;
        const row = (t * elements + e) * info.sampleCount;
        let largest = 0;
        let i = 0;
        let k = 0;
        for (let n = 0; n < info.sampleCount; n++) {
          const value = samples[row + n];
          largest = Math.max(largest, Math.abs(value));
          // Mixed to baseband with its phase at the expected time as zero.
          i += value * Math.cos((Math.PI / 2) * (n - expected));
          k += value * Math.sin((Math.PI / 2) * (n - expected));
        }
        if (largest < 500) continue;
        heard++;
        const late = Math.atan2(k, i) / (Math.PI / 2);
        assert.ok(Math.abs(late) < 0.1, `transmit ${t}, element ${e}: ${late} samples late`);
        const nearest = Math.round(expected);
        assert.ok(
          Math.abs(samples[row + nearest]) > 0.7 * largest,
          `transmit ${t}, element ${e}: the envelope peaks elsewhere`,
        );
      }
    });
    assert.ok(heard > 100, `${heard} channels heard the point`);
  });

/** Plain float64 delay-and-sum of mixed-down data: the amplitude at a place. */
function beamformer(simulation: Simulation, frame: Frame): (xM: number, zM: number) => number {
  const { info } = simulation;
  const { probe, sequence, sampleCount, sampleRateHz, soundSpeedMps: c } = info;
  const elements = simulation.settings.elements;
  const omega = 2 * Math.PI * (info.centerFrequencyHz ?? 0);
  return (xM, zM) => {
    let re = 0;
    let im = 0;
    sequence.forEach(({ wave, startS }, t) => {
      for (let e = 0; e < elements; e++) {
        const tau =
          (pathToM(wave, xM, zM) +
            Math.hypot(xM - probe.positionsM[3 * e], zM - probe.positionsM[3 * e + 2])) /
          c;
        const at = Math.round((tau - startS) * sampleRateHz);
        // Baseband over one period about the echo.
        for (let n = at - 2; n < at + 2; n++) {
          if (n < 0 || n >= sampleCount) continue;
          const phase = omega * (tau - startS - n / sampleRateHz);
          const value = frame.samples[(t * elements + e) * sampleCount + n];
          re += value * Math.cos(phase);
          im += value * Math.sin(phase);
        }
      }
    });
    return Math.hypot(re, im);
  };
}

for (const array of SIMULATED_ARRAYS)
  test(`the ${array} probe's points come out at their places, moved by breath and heart`, async () => {
    const simulation = await Simulation.create({ array });
    const index = 17;
    const amplitudeAt = beamformer(simulation, simulation.frame(index));
    const wavelengthM = simulation.info.soundSpeedMps / simulation.settings.centerFrequencyHz;
    const { points } = simulation.landmarks(index);
    assert.ok(points.length >= 5);
    let worstX = 0;
    let worstZ = 0;
    let seen = 0;
    for (const point of points) {
      // Points near the edge of the field are seen by few elements.
      if (Math.abs(point.xM) > 0.5 * Math.abs(simulation.phantom.landmarks.vessel.to.xM)) continue;
      let best = { value: 0, dx: 0, dz: 0 };
      for (let i = -8; i <= 8; i++)
        for (let k = -8; k <= 8; k++) {
          const dx = (i / 8) * wavelengthM;
          const dz = (k / 8) * wavelengthM;
          const value = amplitudeAt(point.xM + dx, point.zM + dz);
          if (value > best.value) best = { value, dx, dz };
        }
      seen++;
      worstX = Math.max(worstX, Math.abs(best.dx) / wavelengthM);
      worstZ = Math.max(worstZ, Math.abs(best.dz) / wavelengthM);
    }
    assert.ok(seen >= 3);
    assert.ok(worstX <= 0.5 && worstZ <= 0.5, `${worstX} wavelengths aside, ${worstZ} in depth`);
  });

test("the vessel grows by a tenth at systole, the same in every beat, and rests without a heart", async () => {
  const simulation = await Simulation.create({ heartRateHz: 1, frameRateHz: 25 });
  const radii = Array.from({ length: 50 }, (_, k) => simulation.landmarks(k).vessel.radiusM);
  const rest = simulation.phantom.landmarks.vessel.radiusM;
  assert.ok(Math.abs(Math.max(...radii) / rest - 1.12) < 0.005);
  assert.ok(Math.abs(Math.min(...radii) / rest - 1) < 0.005);
  for (let k = 0; k < 25; k++) assert.ok(Math.abs(radii[k] - radii[k + 25]) < 1e-12);
  const dead = await Simulation.create({ heartRateHz: 0 });
  assert.is(dead.landmarks(13).vessel.radiusM, rest);
});

test("the description says what the data are", async () => {
  for (const array of SIMULATED_ARRAYS) {
    const simulation = await Simulation.create({ array });
    const { info } = simulation;
    assert.is(info.probe.kind, array);
    assert.is(samplesPerFrame(info), simulation.frame(0).samples.length);
    for (const { wave, startS } of info.sequence)
      assert.ok(Math.abs(startS - firstFiringS(firingTimes(wave, info.probe, info.soundSpeedMps))) < 1e-15);
    let rest = info.sampleCount;
    for (const factor of [2, 3, 5]) while (rest % factor === 0) rest /= factor;
    assert.is(rest, 1, `${info.sampleCount} samples`);
  }
  const { probe } = (await Simulation.create({ array: "convex" })).info;
  const expected = convexArray(72, 0.5e-3, 50e-3);
  for (let k = 0; k < 3 * 72; k++) assert.ok(Math.abs(probe.positionsM[k] - expected.positionsM[k]) < 1e-15);
});

test("an option outside its range is refused with its name, value and range", () => {
  const wrong: [SimulatedOptions, RegExp][] = [
    [{ depthM: 35 }, /depthM is 35: .* 0\.01 to 0\.3 m/],
    [{ elements: 12.5 }, /elements is 12\.5: .* whole number from 8 to 256/],
    [{ transmits: 0 }, /transmits is 0/],
    [{ array: "convex", elements: 129 }, /elements is 129: .* 8 to 128/],
    [{ noiseDb: Number.NaN }, /noiseDb is NaN/],
    [{ array: "matrix" as "linear" }, /array is "matrix": .*linear, phased, convex/],
    [{ color: "red" } as SimulatedOptions, /color is "red": .*only array/],
    [{ frameRateHz: "25" as unknown as number }, /frameRateHz is "25"/],
  ];
  for (const [options, sentence] of wrong)
    try {
      simulated(options);
      assert.unreachable(JSON.stringify(options));
    } catch (error) {
      assert.ok(isSondeError(error, "bad-option"));
      assert.match((error as Error).message, sentence);
    }
});

test("a frame that would fill the memory is refused before it is made", async () => {
  try {
    await Simulation.create({ depthM: 0.3, elements: 256, transmits: 16, centerFrequencyHz: 15e6 });
    assert.unreachable();
  } catch (error) {
    assert.ok(isSondeError(error, "bad-option"));
    assert.match((error as Error).message, /MB/);
  }
});

test("unusual probes work: 9 elements, one transmit, no scatterers, deep", async () => {
  const unusual: SimulatedOptions[] = [
    { elements: 9, transmits: 1, scatterers: 0 },
    { array: "convex", elements: 128, depthM: 0.3, centerFrequencyHz: 15e6, transmits: 1, scatterers: 10 },
    { array: "phased", elements: 256, depthM: 0.3, transmits: 1, scatterers: 10, centerFrequencyHz: 0.5e6 },
    { array: "phased", elements: 11, transmits: 2, scatterers: 1, depthM: 0.3 },
    { array: "convex", elements: 8, depthM: 0.01, centerFrequencyHz: 15e6, transmits: 16, scatterers: 500 },
  ];
  for (const options of unusual) {
    const simulation = await Simulation.create(options);
    const frame = simulation.frame(2);
    assert.is(frame.samples.length, samplesPerFrame(simulation.info));
    assert.ok(
      frame.samples.some((value) => Math.abs(value) > 100),
      JSON.stringify(options),
    );
  }
});

test("a recording gives its frames in any order and refuses those it has not", async () => {
  const recording = await simulatedRecording({ elements: 16, scatterers: 1000 }, 4);
  assert.is(recording.live, false);
  assert.is(recording.info.frameCount, 4);
  const indices: number[] = [];
  const digests: string[] = [];
  for await (const frame of recording.frames({ start: 1 })) {
    indices.push(frame.index);
    digests.push(digest(frame));
  }
  assert.equal(indices, [1, 2, 3]);
  assert.is(digest(await recording.frame(2)), digests[1]);
  for (const index of [-1, 4, 0.5])
    try {
      await recording.frame(index);
      assert.unreachable();
    } catch (error) {
      assert.ok(isSondeError(error, "bad-option"));
    }
  recording.close();
  try {
    await recording.frame(0);
    assert.unreachable();
  } catch (error) {
    assert.ok(isSondeError(error, "aborted"));
  }
});

test.run();
