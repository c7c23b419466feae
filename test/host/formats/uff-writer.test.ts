import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openHdf5File } from "../../../host/formats/hdf5/client.ts";
import type { Hdf5Node } from "../../../host/formats/hdf5/protocol.ts";
import { firingTimes } from "../../../host/geometry/transmits.ts";
import { type ChannelData, type Frame, open, toUff } from "../../../host/index.ts";
import { SIMULATED_ARRAYS, simulatedRecording } from "../../../host/simulate/index.ts";
import type { Source } from "../../../host/source.ts";
import { sharedData } from "../../shared.ts";
import { refuses } from "./refusal.ts";

async function framesOf(source: Source): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of source.frames()) frames.push(frame);
  return frames;
}

function near(actual: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number, what: string): void {
  assert.is(actual.length, wanted.length, what);
  for (let i = 0; i < wanted.length; i++)
    if (!(actual[i] === wanted[i] || Math.abs(actual[i] - wanted[i]) <= tolerance))
      assert.unreachable(`${what} ${i} is ${actual[i]}, not ${wanted[i]}`);
}

/** 1e-15 m and 1e-20 s: what a float64 leaves of decimetres and milliseconds in polar coordinates and sums. */
const POSITION_M = 1e-15;
const TIME_S = 1e-18;

function sameAcquisition(actual: ChannelData, wanted: ChannelData): void {
  for (const key of [
    "kind",
    "signal",
    "name",
    "frameCount",
    "frameRateHz",
    "soundSpeedMps",
    "centerFrequencyHz",
    "sampleCount",
    "sampleRateHz",
    "modulationFrequencyHz",
  ] as const)
    assert.is(actual[key], wanted[key], key);
  const { positionsM, azimuthsRad, name: _, ...probe } = wanted.probe;
  near(actual.probe.positionsM, positionsM, 0, "position");
  near(actual.probe.azimuthsRad, azimuthsRad, 0, "azimuth");
  for (const [key, value] of Object.entries(probe))
    assert.is(actual.probe[key as keyof typeof probe], value, `probe.${key}`);
  assert.is(actual.sequence.length, wanted.sequence.length);
  for (const [t, transmit] of wanted.sequence.entries()) {
    const { wave, startS, mixerStartS, firingS } = actual.sequence[t];
    near([startS], [transmit.startS], TIME_S, `start of transmit ${t}`);
    assert.is(mixerStartS, transmit.mixerStartS, `mixer of transmit ${t}`);
    if ("source" in transmit.wave && "source" in wave) {
      assert.is(wave.kind, transmit.wave.kind);
      near(wave.source, transmit.wave.source, POSITION_M, `source of transmit ${t}`);
    } else assert.equal(wave, transmit.wave, `wave of transmit ${t}`);
    assert.is(firingS === undefined, transmit.firingS === undefined);
    if (firingS && transmit.firingS) near(firingS, transmit.firingS, TIME_S, `firing of transmit ${t}`);
  }
}

/** @returns the file that was written between */
async function comesBack(source: Source, check = sameAcquisition): Promise<Uint8Array<ArrayBuffer>> {
  const frames = await framesOf(source);
  const bytes = await toUff(source.info, frames);
  const back = await open({ name: "back.uff", bytes });
  assert.equal(back.info.warnings, source.info.warnings);
  check(back.info as ChannelData, source.info as ChannelData);
  const returned = await framesOf(back);
  assert.is(returned.length, frames.length);
  for (const [i, { samples }] of frames.entries())
    near(returned[i].samples, Float32Array.from(samples), 0, `sample of frame ${i}`);
  back.close();
  source.close();
  return bytes;
}

for (const array of SIMULATED_ARRAYS)
  test(`what a simulated ${array} probe recorded comes back from UFF as it was`, async () => {
    await comesBack(await simulatedRecording({ array, elements: 24, scatterers: 50 }, 3));
  });

test("one frame of one transmit comes back", async () => {
  await comesBack(await simulatedRecording({ elements: 8, transmits: 1, scatterers: 0 }, 1));
});

/** A recording of two frames with these transmits, samples counting up. */
function recording(change: Partial<ChannelData>): { info: ChannelData; frames: Frame[] } {
  const elements = 4;
  const info: ChannelData = {
    kind: "channels",
    signal: "rf",
    name: "made \u00e9",
    format: "test",
    frameCount: 2,
    soundSpeedMps: 1500,
    warnings: [],
    probe: {
      kind: "convex",
      positionsM: Float64Array.from([-3e-3, 0, -1e-3 / 3, -1e-3, 0, 0, 1e-3, 0, 0, 3e-3, 0, -1e-3 / 3]),
      azimuthsRad: Float64Array.from([-0.2, -0.1, 0.1, 0.2]),
      pitchM: 2e-3,
      radiusM: 0.01,
    },
    sequence: [{ wave: { kind: "plane", azimuthRad: 0.1 }, startS: 1e-6 / 3 }],
    sampleCount: 6,
    sampleRateHz: 5208333.333,
    modulationFrequencyHz: 0,
    ...change,
  };
  const parts = info.signal === "iq" ? 2 : 1;
  const length = info.sequence.length * elements * info.sampleCount * parts;
  const frames = [0, 1].map((index) => ({
    index,
    samples: Float32Array.from({ length }, (_, i) => 1000 * index + i + 0.5),
  }));
  return { info, frames };
}

const asSource = ({ info, frames }: ReturnType<typeof recording>): Source => ({
  info,
  live: false,
  frame: async (index) => frames[index],
  async *frames() {
    yield* frames;
  },
  close() {},
});

test("every kind of wave comes back with its time, sampled at a rate that float32 cannot hold", async () => {
  await comesBack(
    asSource(
      recording({
        sequence: [
          { wave: { kind: "plane", azimuthRad: -0.3 }, startS: 1e-6 / 3 },
          { wave: { kind: "plane", azimuthRad: 0.1, elevationRad: -0.2 }, startS: 1e-6 },
          { wave: { kind: "diverging", source: [1e-3 / 3, 0, -0.02] }, startS: -2e-6 / 7 },
          { wave: { kind: "diverging", source: [0, 0, -0.02] }, startS: 0 },
          { wave: { kind: "focused", source: [-2e-3, 0, 0.03] }, startS: 3e-6 },
          { wave: { kind: "focused", source: [-0.02, 0, 0] }, startS: 3e-6 },
          { wave: { kind: "element", element: 0 }, startS: 1e-6 / 9 },
          { wave: { kind: "element", element: 2 }, startS: 0 },
        ],
      }),
    ),
  );
});

test("elements that did not fire stay silent", async () => {
  const made = recording({});
  const wave = { kind: "focused", source: [0, 0, 0.03] } as const;
  const firingS = firingTimes(wave, made.info.probe, 1500, [1, 0, 1, 1]);
  made.info.sequence = [{ wave, startS: 1e-6, firingS }];
  await comesBack(asSource(made));
});

test("IQ comes back with its mixer's time", async () => {
  await comesBack(
    asSource(
      recording({
        signal: "iq",
        modulationFrequencyHz: 3e6,
        centerFrequencyHz: 2.9e6,
        probe: { ...recording({}).info.probe, centerFrequencyHz: 2.9e6, fractionalBandwidth: 0.7 },
        sequence: [0, 1].map((t) => ({
          wave: { kind: "plane", azimuthRad: 0.1 * t },
          startS: 2e-6 + t * 1e-6,
          mixerStartS: 1e-6 / 3,
        })),
      }),
    ),
  );
});

test("mixers that started at other times are turned to the first one's", async () => {
  const modulationFrequencyHz = 3e6;
  const made = recording({
    signal: "iq",
    modulationFrequencyHz,
    sequence: [1e-6, 1.05e-6].map((mixerStartS) => ({
      wave: { kind: "plane", azimuthRad: 0 },
      startS: 2e-6,
      mixerStartS,
    })),
  });
  const back = await open({ name: "iq.uff", bytes: await toUff(made.info, made.frames) });
  assert.equal(
    (back.info as ChannelData).sequence.map(({ mixerStartS }) => mixerStartS),
    [1e-6, 1e-6],
  );
  const { samples } = await back.frame(0);
  const given = made.frames[0].samples;
  const half = given.length / 2;
  near(samples.subarray(0, half), given.subarray(0, half), 0, "sample");
  // exp(-j 2 pi f (1 us - 1.05 us)) of the second transmit.
  const phase = 2 * Math.PI * modulationFrequencyHz * 0.05e-6;
  for (let k = half; k < given.length; k += 2) {
    const [re, im] = [given[k], given[k + 1]];
    near([samples[k]], [re * Math.cos(phase) - im * Math.sin(phase)], 1e-4, "real part");
    near([samples[k + 1]], [re * Math.sin(phase) + im * Math.cos(phase)], 1e-4, "imaginary part");
  }
  back.close();
});

test("a rate that was measured on arrival is not written as the device's own", async () => {
  const { info, frames } = recording({ frameRateHz: 12.5 });
  for (const [frameRateMeasured, wanted] of [
    [undefined, 12.5],
    [true, undefined],
  ] as const) {
    const bytes = await toUff({ ...info, frameRateMeasured }, frames);
    const back = await open({ name: "rate.uff", bytes });
    assert.is(back.info.frameRateHz, wanted);
    back.close();
  }
});

test("lines, unknown waves, wrong counts and a stopped writing are refused", async () => {
  const { info, frames } = recording({});
  const lines = await open({ name: "a.npy", bytes: npy() });
  await refuses(toUff(lines.info, []), "missing-data", /UFF files are written of channel data/);
  const firing = { wave: { kind: "firing" }, startS: 0, firingS: new Float64Array(4) } as const;
  await refuses(toUff({ ...info, sequence: [firing] }, frames), "missing-data", /firing times alone/);
  await refuses(toUff({ ...info, frameCount: null }, frames.values()), "bad-option", /frameCount is NaN/);
  await refuses(toUff(info, frames, { frameCount: 3 }), "bad-option", /2 frames came of the 3/);
  await refuses(toUff(info, frames, { frameCount: 1 }), "bad-option", /More than the 1 frames/);
  await refuses(toUff({ ...info, sampleCount: 7 }, frames), "bad-option", /Frame 0 has 24 samples/);
  const many = { ...info, sampleCount: 2 ** 24, sequence: Array(28).fill(info.sequence[0]) };
  await refuses(toUff(many, frames), "out-of-memory", /there is room for 0/);
  await refuses(toUff(info, frames, { signal: AbortSignal.abort() }), "aborted", /stopped/);
  const controller = new AbortController();
  const onProgress = () => controller.abort();
  await refuses(toUff(info, frames, { signal: controller.signal, onProgress }), "aborted", /stopped/);
});

/** An image of 2 x 2 complex values. */
function npy(): Uint8Array<ArrayBuffer> {
  const header = "{'descr': '<c8', 'fortran_order': False, 'shape': (2, 2), }".padEnd(117) + "\n";
  const bytes = new Uint8Array(10 + header.length + 32);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), 10);
  return bytes;
}

/** Every object of a file by path: its attributes, and the rank of a dataset. Entries of rows beyond the first are left out. */
async function layoutOf(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<Map<string, string>> {
  const file = await openHdf5File({ name, bytes });
  const found = new Map<string, string>();
  const visit = (node: Hdf5Node): void => {
    if (node.kind !== "group" && node.kind !== "dataset") throw new Error(node.path);
    const { class: className, ...attributes } = node.attributes;
    const names = Object.entries(attributes).map(([key, value]) =>
      key === "name" ? `name=${value}` : `${key}[${value.length}]=${key === "size" ? "" : value}`,
    );
    const rank = node.kind === "dataset" ? ` rank ${node.shape.length}` : "";
    found.set(node.path, `${node.kind}${rank} ${className} ${names.sort().join(" ")}`);
    if (node.kind === "group")
      for (const [key, child] of Object.entries(node.children)) if (!/_0*[2-9]\d*$/.test(key)) visit(child);
  };
  visit(await file.describe("/"));
  file.close();
  return found;
}

if (sharedData) {
  const folder = `${sharedData}uff/`;
  const files = [
    "simus_convex",
    "simus_phased_dw_lv",
    "must_pwi_disk_iq8",
    "synaptus_steel_pins_fmc",
    "pybf_fieldii_pw3",
  ];
  for (const name of files) {
    const bytes = Uint8Array.from(readFileSync(`${folder}${name}.uff`));
    let again: Uint8Array<ArrayBuffer> | undefined;
    test(`${name}.uff comes back as it was read`, async () => {
      again = await comesBack(await open({ name: `${name}.uff`, bytes }));
    });
    test(`every object of ${name}.uff written again has the class, attributes and rank it had`, async () => {
      assert.ok(again, "it was not written");
      const written = await layoutOf("written", again);
      const reference = await layoutOf("reference", bytes);
      for (const [path, layout] of written) assert.is(layout, reference.get(path), path);
      // Weights of elements that all fire say nothing, and are left out.
      const unsaid = /^\/scan|\/(author|info|reference|element_height)\b/;
      const allFire = name.startsWith("simus_phased") ? /apodization_vector$/ : /^$/;
      const missing = [...reference.keys()].filter(
        (path) => !written.has(path) && !unsaid.test(path) && !allFire.test(path),
      );
      assert.equal(missing, []);
    });
  }
}

test.run();
