/** Delay-and-sum against its float64 twin: waves, arrays, windows, interpolators, signals. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LocalPlan } from "../../../host/engine/plan.ts";
import {
  type ChannelData,
  INTERPOLATIONS,
  type Interpolation,
  type Scan,
  WINDOWS,
} from "../../../host/index.ts";
import { maxRelative } from "../../golden/compare.ts";
import { sameNumbers } from "../../same-numbers.ts";
import { makeScene, type Scene } from "../../synthetic.ts";
import { beamformTwin } from "./twin.ts";

const LINEAR: Scan = {
  kind: "linear",
  x: { min: -0.0031, max: 0.0029, count: 23 },
  z: { min: 0.002, max: 0.0133, count: 31 },
};
const SECTOR: Scan = {
  kind: "sector",
  angle: { min: -0.4, max: 0.3, count: 21 },
  range: { min: 0.003, max: 0.013, count: 19 },
  apex: [0, -0.001],
};
const LIMIT = 2 ** 28;

interface Case {
  scene: Scene;
  scan?: Scan;
  fNumber?: number;
  window?: (typeof WINDOWS)[number];
  interpolation?: Interpolation;
  model?: "spherical" | "first-arrival";
  elevated?: boolean;
}

/** The scene with its array moved out of the picture's plane. */
function raised(scene: Scene): ReturnType<typeof makeScene> {
  const { info, frame } = makeScene(scene);
  const data = info as ChannelData;
  const positionsM = data.probe.positionsM.map((value, i) => (i % 3 === 1 ? 0.003 : value));
  const sequence = data.sequence.map((transmit) =>
    "source" in transmit.wave
      ? {
          ...transmit,
          wave: {
            ...transmit.wave,
            source: [transmit.wave.source[0], 0.003, transmit.wave.source[2]] as const,
          },
        }
      : transmit,
  );
  return { info: { ...data, sequence, probe: { ...data.probe, positionsM } }, frame };
}

async function compare({
  scene,
  scan = LINEAR,
  fNumber = 1.2,
  window = "hann",
  interpolation = "linear",
  model = "spherical",
  elevated = false,
}: Case) {
  const { info, frame } = elevated ? raised(scene) : makeScene(scene);
  const channels = info as ChannelData;
  const plan = await LocalPlan.create(
    info,
    { scan, beamform: { fNumber, window, interpolation, transmitModel: model, compound: "none" } },
    LIMIT,
  );
  const { values, shape } = await plan.beamform(frame);
  const rows = (await plan.channels(frame)).values;
  const twin = beamformTwin(channels, frame, {
    scan,
    fNumber,
    window,
    interpolation,
    rows,
    samples: channels.sampleCount,
    sampleRateHz: channels.sampleRateHz,
    carrierHz: channels.modulationFrequencyHz,
    mixerStartS: channels.sequence.map((transmit) => transmit.mixerStartS ?? 0),
    model,
  });
  assert.is(shape[0], 3);
  const error = maxRelative(values, twin, true);
  assert.ok(error <= 1e-4, `${scene} ${window} ${interpolation} ${model}: ${error} of the maximum`);
  assert.ok(twin.some((value) => value !== 0));
}

for (const scene of ["plane", "diverging", "focused", "element", "convex", "iq"] as const)
  for (const scan of [LINEAR, SECTOR])
    test(`${scene} transmits on a ${scan.kind} scan equal the float64 twin within 1e-4 of the maximum`, () =>
      compare({ scene, scan }));

for (const window of WINDOWS)
  test(`the ${window} window is as defined`, async () => {
    await compare({ scene: "plane", window });
    await compare({ scene: "convex", window });
  });

for (const interpolation of INTERPOLATIONS.filter((name) => name !== "auto" && name !== "nearest"))
  test(`${interpolation} interpolation is as defined, on analytic signals and on IQ`, async () => {
    await compare({ scene: "plane", interpolation });
    await compare({ scene: "iq", interpolation });
  });

test("nearest interpolation is as defined, where float32 and float64 agree on the nearest sample", async () => {
  const { info, frame } = makeScene("plane");
  const channels = info as ChannelData;
  const scan = LINEAR;
  const plan = await LocalPlan.create(
    info,
    { scan, beamform: { fNumber: 0, interpolation: "nearest", compound: "none" } },
    LIMIT,
  );
  const { values } = await plan.beamform(frame);
  const rows = (await plan.channels(frame)).values;
  const mixerStartS = [0, 0, 0];
  const twin = beamformTwin(channels, frame, {
    scan,
    fNumber: 0,
    window: "boxcar",
    interpolation: "nearest",
    rows,
    samples: channels.sampleCount,
    sampleRateHz: channels.sampleRateHz,
    carrierHz: 0,
    mixerStartS,
    model: "spherical",
  });
  let differing = 0;
  let top = 0;
  for (const value of twin) top = Math.max(top, Math.abs(value));
  for (let i = 0; i < twin.length; i++) if (Math.abs(values[i] - twin[i]) > 1e-4 * top) differing++;
  assert.ok(differing / twin.length < 0.01, `${differing} of ${twin.length} differ`);
});

for (const scene of ["plane", "diverging", "element", "convex"] as const)
  test(`first arrivals of ${scene} transmits equal the twin`, () =>
    compare({ scene, model: "first-arrival" }));

for (const scene of ["diverging", "focused", "element"] as const)
  test(`${scene} transmits of an array out of the picture's plane take the slanted path`, () =>
    compare({ scene, elevated: true }));

test("by default a focused transmit is heard in its beam, exactly, and nowhere else", async () => {
  const { info, frame } = makeScene("focused");
  const scan: Scan = {
    kind: "linear",
    x: { min: -0.008, max: 0.008, count: 65 },
    z: { min: 0.002, max: 0.014, count: 49 },
  };
  const image = async (transmitModel: "auto" | "spherical") => {
    const plan = await LocalPlan.create(
      info,
      { scan, transmits: [1], beamform: { fNumber: 0, interpolation: "linear", transmitModel } },
      LIMIT,
    );
    return (await plan.beamform(frame)).values;
  };
  const [beam, everywhere] = [await image("auto"), await image("spherical")];
  // The aperture's ends at +-2.25 mm span the cones through the focus at (0, 8 mm); lambda = 0.5 mm, F = 8 / 4.5.
  const waist = (0.0005 * 8) / 4.5;
  let [inside, outside] = [0, 0];
  for (let k = 0; k < 49; k++)
    for (let i = 0; i < 65; i++) {
      const [x, z] = [-0.008 + 0.00025 * i, 0.002 + 0.00025 * k];
      const halfWidth = Math.max((0.00225 * Math.abs(z - 0.008)) / 0.008, waist);
      const at = 2 * (k * 65 + i);
      if (Math.abs(Math.abs(x) - halfWidth) < 1e-4) continue;
      const within = Math.abs(x) < halfWidth;
      assert.equal(
        [beam[at], beam[at + 1]],
        within ? [everywhere[at], everywhere[at + 1]] : [0, 0],
        `${x}, ${z}`,
      );
      if (within) inside++;
      else outside++;
    }
  assert.ok(inside > 200 && outside > 1000);
});

test("without an aperture limit every element counts fully", () => compare({ scene: "plane", fNumber: 0 }));

test("a depth that hears nothing is zero beside depths that hear, whatever stands in front of the first row", async () => {
  const { info, frame } = makeScene("plane");
  const { sequence, probe } = info as ChannelData;
  const [x] = probe.positionsM;
  const plan = await LocalPlan.create(
    {
      ...(info as ChannelData),
      sampleType: "int16",
      // From just above the second depth on: the first one's samples would lie among the bytes of the frame.
      sequence: sequence.map(() => ({
        wave: { kind: "plane", azimuthRad: 0 },
        startS: 3.9e-3 / info.soundSpeedMps,
      })),
    },
    {
      scan: { kind: "linear", x: { min: x, max: x + 1e-3, count: 2 }, z: { min: 0, max: 0.02, count: 6 } },
      beamform: { fNumber: 1.5, interpolation: "linear", path: "depth" },
    },
    LIMIT,
  );
  // Two of them are a float32 that is none.
  const samples = new Int16Array(frame.samples.length).fill(-5);
  const { values } = await plan.beamform({ ...frame, samples });
  assert.ok(values.every(Number.isFinite));
  assert.equal([...values.subarray(0, 4)].map(Math.abs), [0, 0, 0, 0]);
});

test("coherent compounding is the plain sum of the transmits, incoherent the sum of their envelopes", async () => {
  const { info, frame } = makeScene("plane");
  const image = async (compound: "none" | "coherent" | "incoherent") =>
    (await (await LocalPlan.create(info, { scan: LINEAR, beamform: { compound } }, LIMIT)).beamform(frame))
      .values;
  const [none, coherent, incoherent] = [
    await image("none"),
    await image("coherent"),
    await image("incoherent"),
  ];
  const n = coherent.length;
  const sum = Float64Array.from(coherent, (_, i) => none[i] + none[n + i] + none[2 * n + i]);
  const envelopes = Float64Array.from(incoherent, (_, i) =>
    i % 2 ? 0 : [0, 1, 2].reduce((total, t) => total + Math.hypot(none[t * n + i], none[t * n + i + 1]), 0),
  );
  assert.ok(maxRelative(coherent, sum, true) < 1e-6);
  assert.ok(maxRelative(incoherent, envelopes, true) < 1e-6);
});

test("a choice of transmits images exactly those", async () => {
  const { info, frame } = makeScene("diverging");
  const pick = async (transmits: number[]) =>
    (
      await (
        await LocalPlan.create(info, { scan: LINEAR, transmits, beamform: { compound: "none" } }, LIMIT)
      ).beamform(frame)
    ).values;
  const all = await pick([0, 1, 2]);
  sameNumbers(await pick([2]), all.slice((2 * all.length) / 3));
});

/** Echoes with a spectrum like a real pulse's: Gaussian, 60 % wide at -6 dB, random phases. Sum of cosines, exact everywhere. */
function pulseLike(samples: number, sampleRateHz: number, centerHz: number): (t: number) => [number, number] {
  const sigma = (0.3 * centerHz) / Math.sqrt(2 * Math.log(2));
  const tones: [number, number, number][] = [];
  for (let k = 1; k < samples / 2; k++) {
    const f = (k * sampleRateHz) / samples;
    const a = Math.exp(-((f - centerHz) ** 2) / (2 * sigma * sigma));
    if (a > 1e-4) tones.push([f, a, ((k * k * 12345) % 1000) / 1000]);
  }
  return (t) => {
    let [re, im] = [0, 0];
    for (const [f, a, phase] of tones) {
      re += a * Math.cos(2 * Math.PI * (f * t + phase));
      im += a * Math.sin(2 * Math.PI * (f * t + phase));
    }
    return [re, im];
  };
}

for (const [samplesPerPeriod, path] of [3.2, 4, 8].flatMap((n) => [
  [n, "depth"] as const,
  [n, "lateral"] as const,
]))
  test(`"auto" stays within 2 % rms of band-limited interpolation at ${samplesPerPeriod} samples a period on the ${path} path`, async () => {
    const { info } = makeScene("plane");
    const channels: ChannelData = {
      ...(info as ChannelData),
      sequence: [{ wave: { kind: "plane", azimuthRad: 0 }, startS: 0 }],
    };
    const { sampleRateHz, sampleCount } = channels;
    const centerHz = sampleRateHz / samplesPerPeriod;
    channels.centerFrequencyHz = centerHz;
    const signal = pulseLike(sampleCount, sampleRateHz, centerHz);
    const elements = channels.probe.positionsM.length / 3;
    const samples = new Float32Array(elements * sampleCount);
    for (let e = 0; e < elements; e++)
      for (let i = 0; i < sampleCount; i++) samples[e * sampleCount + i] = signal(i / sampleRateHz)[0];
    // One element and no aperture: the image is the interpolator's output itself.
    const alone: ChannelData = {
      ...channels,
      probe: {
        ...channels.probe,
        positionsM: channels.probe.positionsM.slice(0, 3),
        azimuthsRad: new Float64Array(1),
      },
    };
    const scan: Scan = {
      kind: "linear",
      x: { min: -0.001, max: 0.001, count: 41 },
      z: { min: 0.003, max: 0.011, count: 83 },
    };
    const arithmetic = path === "lateral" ? "int16" : "float32";
    const plan = await LocalPlan.create(
      alone,
      { scan, beamform: { fNumber: 0, interpolation: "auto", path, arithmetic } },
      LIMIT,
    );
    const { values } = await plan.beamform({ index: 0, samples: samples.slice(0, sampleCount) });
    let [difference, norm, at] = [0, 0, 0];
    for (let k = 0; k < 83; k++)
      for (let i = 0; i < 41; i++, at += 2) {
        const x = -0.001 + (0.002 * i) / 40;
        const z = 0.003 + (0.008 * k) / 82;
        const t = (z + Math.hypot(x - alone.probe.positionsM[0], z)) / channels.soundSpeedMps;
        const [re, im] = signal(t);
        difference += (values[at] - re) ** 2 + (values[at + 1] - im) ** 2;
        norm += re * re + im * im;
      }
    const error = Math.sqrt(difference / norm);
    assert.ok(error <= 0.02, `${(100 * error).toFixed(2)} %`);
  });

test("a loud start of a row hardly shows at its end, unlike in the plain periodic transform", async () => {
  const { info } = makeScene("plane");
  const channels: ChannelData = {
    ...(info as ChannelData),
    sequence: [{ wave: { kind: "plane", azimuthRad: 0 }, startS: 0 }],
  };
  const { sampleCount } = channels;
  const elements = channels.probe.positionsM.length / 3;
  const samples = new Int16Array(elements * sampleCount);
  // A pulser that is still ringing when the record starts.
  for (let e = 0; e < elements; e++)
    for (let i = 0; i < 6; i++) samples[e * sampleCount + i] = i % 2 ? -20000 : 20000;
  const lastLevel = async (interpolation: Interpolation) => {
    const plan = await LocalPlan.create(channels, { beamform: { interpolation, path: "depth" } }, LIMIT);
    const { values } = await plan.channels({ index: 0, samples });
    const perSample = values.length / 2 / elements / sampleCount;
    const last = perSample * (sampleCount - 1);
    return Math.hypot(values[2 * last], values[2 * last + 1]);
  };
  const [kept, periodic] = [await lastLevel("auto"), await lastLevel("linear")];
  assert.ok(periodic > 1000, `the periodic transform leaks ${periodic}`);
  assert.ok(kept < periodic / 5, `${kept} of ${periodic}`);
});

test.run();
