import { readFileSync } from "node:fs";
import type { Group } from "h5wasm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openHdf5 } from "../../../host/formats/hdf5/open.ts";
import { convexArray, linearArray } from "../../../host/geometry/arrays.ts";
import type { ChannelData } from "../../../host/model.ts";
import type { Source } from "../../../host/source.ts";
import { processorTime } from "../../processor-time.ts";
import { sharedData } from "../../shared.ts";
import { makeHdf5, put } from "./make-hdf5.ts";
import { refuses } from "./refusal.ts";

function object(parent: Group, name: string, className: string, size?: number): Group {
  const group = parent.create_group(name);
  group.create_attribute("class", className);
  group.create_attribute("array", Float64Array.of(size === undefined ? 0 : 1), [1]);
  group.create_attribute("size", Float64Array.of(1, size ?? 1), [2]);
  return group;
}

function point(parent: Group, name: string, distance: number, azimuth: number, elevation = 0): void {
  const group = object(parent, name, "uff.point");
  put(group, "distance", [distance], [1, 1]);
  put(group, "azimuth", [azimuth], [1, 1]);
  put(group, "elevation", [elevation], [1, 1]);
}

interface Wave {
  distance: number;
  azimuth: number;
  elevation?: number;
  delay?: number;
  wavefront?: number;
}

interface Recipe {
  className?: string;
  waves?: Wave[];
  /** Written with array = 0, as USTB writes one wave. */
  singleWave?: boolean;
  declaredWaves?: number;
  shape?: number[];
  complex?: boolean;
  int16?: boolean;
  positions?: Float64Array;
  azimuths?: Float64Array;
  modulation?: number;
  write?: (channelData: Group) => void;
}

const ELEMENTS = 4;
const SAMPLES = 5;

function makeUff(recipe: Recipe) {
  const waves = recipe.waves ?? [
    { distance: Number.POSITIVE_INFINITY, azimuth: 0.1, delay: 1e-6, wavefront: 0 },
  ];
  const shape = recipe.shape ?? [waves.length, ELEMENTS, SAMPLES];
  const positions = recipe.positions ?? linearArray(ELEMENTS, 3e-4).positionsM;
  return makeHdf5((file) => {
    file.create_attribute("version", ["v1.2.0"]);
    const data = object(file, "channel_data", recipe.className ?? "uff.channel_data");
    const values = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i);
    if (recipe.complex) {
      const parts = data.create_group("data");
      parts.create_attribute("complex", Float64Array.of(1), [1]);
      put(parts, "real", values, shape);
      put(
        parts,
        "imag",
        values.map((v) => -v),
        shape,
      );
    } else if (recipe.int16) data.create_dataset({ name: "data", data: Int16Array.from(values), shape });
    else put(data, "data", values, shape);
    put(data, "sampling_frequency", [20e6], [1, 1]);
    put(data, "sound_speed", [1540], [1, 1]);
    put(data, "initial_time", [2e-6], [1, 1]);
    put(data, "modulation_frequency", [recipe.modulation ?? 0], [1, 1]);
    put(data, "prf", [1000], [1, 1]);
    const name = data.create_group("name");
    name.create_attribute("class", "cell");
    name.create_dataset({
      name: "name_0001",
      data: Uint16Array.from([..."test"].map((c) => c.charCodeAt(0))),
      shape: [4, 1],
    });
    const probe = object(data, "probe", "uff.linear_array");
    const elements = positions.length / 3;
    const geometry = new Array<number>(7 * elements).fill(0);
    for (let e = 0; e < elements; e++) {
      for (let axis = 0; axis < 3; axis++) geometry[axis * elements + e] = positions[3 * e + axis];
      geometry[3 * elements + e] = recipe.azimuths?.[e] ?? 0;
      geometry[5 * elements + e] = 2.5e-4;
    }
    put(probe, "geometry", geometry, [7, elements]);
    const sequence = object(
      data,
      "sequence",
      "uff.wave",
      recipe.singleWave ? undefined : (recipe.declaredWaves ?? waves.length),
    );
    for (const [i, wave] of waves.entries()) {
      const group = recipe.singleWave
        ? sequence
        : object(sequence, `sequence_${String(i + 1).padStart(4, "0")}`, "uff.wave");
      point(group, "source", wave.distance, wave.azimuth, wave.elevation);
      put(group, "delay", [wave.delay ?? 0], [1, 1]);
      if (wave.wavefront !== undefined) put(group, "wavefront", [wave.wavefront], [1, 1]);
    }
    recipe.write?.(data);
  });
}

async function open(recipe: Recipe): Promise<{ source: Source; info: ChannelData }> {
  const source = await openHdf5({ name: "a.uff", bytes: await makeUff(recipe) });
  return { source, info: source.info as ChannelData };
}

function near(value: number | undefined, expected: number, tolerance: number): void {
  assert.ok(value !== undefined && Math.abs(value - expected) <= tolerance, `${value} is not ${expected}`);
}

test("RF comes out as [transmit][channel][sample] with start times of initial time plus delay", async () => {
  const { source, info } = await open({});
  assert.is(info.format, "UFF");
  assert.is(info.name, "test");
  assert.is(info.signal, "rf");
  assert.is(info.frameCount, 1);
  assert.is(info.sampleCount, SAMPLES);
  assert.is(info.frameRateHz, 1000);
  assert.is(info.probe.kind, "linear");
  near(info.probe.elementWidthM, 2.5e-4, 1e-9);
  near(info.sequence[0].startS, 3e-6, 1e-12);
  const { wave } = info.sequence[0];
  if (wave.kind !== "plane") assert.unreachable();
  else near(wave.azimuthRad, 0.1, 1e-7);
  const { samples } = await source.frame(0);
  assert.instance(samples, Float32Array);
  assert.equal(
    [...samples],
    Array.from({ length: 20 }, (_, i) => i),
  );
  await refuses(source.frame(1), "bad-option", /Frame 1 .* 1 frames/);
  source.close();
});

test("IQ is interleaved, its mixer runs on the initial time without the delay", async () => {
  const { source, info } = await open({ complex: true, modulation: 5e6, shape: [2, 1, ELEMENTS, SAMPLES] });
  assert.is(info.signal, "iq");
  assert.is(info.modulationFrequencyHz, 5e6);
  assert.is(info.centerFrequencyHz, 5e6);
  assert.is(info.frameCount, 2);
  near(info.sequence[0].startS, 3e-6, 1e-12);
  near(info.sequence[0].mixerStartS, 2e-6, 1e-12);
  const { samples, timeS } = await source.frame(1);
  assert.equal([...samples.slice(0, 4)], [20, -20, 21, -21]);
  near(timeS, 1e-3, 1e-12);
  source.close();
});

test("one wave without dimensions of 1 is [channel][sample]", async () => {
  const { info } = await open({ singleWave: true, shape: [ELEMENTS, SAMPLES] });
  assert.is(info.sequence.length, 1);
  assert.is(info.frameCount, 1);
});

test("iteration keeps to its range and ends when stopped", async () => {
  const { source } = await open({ shape: [5, 1, ELEMENTS, SAMPLES] });
  const seen: number[] = [];
  for await (const frame of source.frames({ start: 1, end: 4 })) seen.push(frame.index);
  assert.equal(seen, [1, 2, 3]);
  const stop = new AbortController();
  const until: number[] = [];
  for await (const frame of source.frames({ signal: stop.signal })) {
    until.push(frame.index);
    if (frame.index === 1) stop.abort();
  }
  assert.equal(until, [0, 1]);
  source.close();
});

test("without a wavefront, an infinitely far source is a plane wave and a near one spherical", async () => {
  const { info } = await open({
    waves: [
      { distance: Number.POSITIVE_INFINITY, azimuth: -0.2 },
      { distance: 0.02, azimuth: Math.PI },
      { distance: 0.03, azimuth: 0.1 },
    ],
  });
  assert.equal(
    info.sequence.map((transmit) => transmit.wave.kind),
    ["plane", "diverging", "focused"],
  );
});

test("a front steered in elevation is a plane wave, by its own angles or by its direction", async () => {
  const elevations = [-0.3, Math.PI - 0.3];
  const { info } = await open({
    waves: elevations.map((elevation) => ({
      distance: Number.POSITIVE_INFINITY,
      azimuth: elevation < 0 ? 0.1 : 0.1 + Math.PI,
      elevation,
      wavefront: 0,
    })),
  });
  const [stored, turned] = info.sequence.map(({ wave }) => wave);
  assert.equal(stored, { kind: "plane", azimuthRad: Math.fround(0.1), elevationRad: Math.fround(-0.3) });
  if (turned.kind !== "plane") assert.unreachable(turned.kind);
  else {
    near(turned.azimuthRad, 0.1, 1e-6);
    near(turned.elevationRad, 0.3, 1e-6);
  }
});

test("a source on an element is that element alone, its time counted from its firing", async () => {
  // float32 pi/2 has a negative cosine: the source must not fall behind the array.
  const quarter = Math.fround(Math.PI / 2);
  const { info } = await open({
    waves: [
      { distance: 4.5e-4, azimuth: -quarter, delay: 1e-6 },
      { distance: 1.5e-4, azimuth: quarter },
    ],
  });
  assert.equal(
    info.sequence.map((transmit) => transmit.wave),
    [
      { kind: "element", element: 0 },
      { kind: "element", element: 2 },
    ],
  );
  near(info.sequence[0].startS, 3e-6 - 4.5e-4 / 1540, 1e-12);
  near(info.sequence[1].startS, 2e-6 - 1.5e-4 / 1540, 1e-12);
});

test("an element of a convex array lies behind the origin: its firing comes before the front's crossing", async () => {
  const array = convexArray(ELEMENTS, 5e-3, 0.05);
  const [x, , z] = array.positionsM;
  const { info } = await open({
    positions: array.positionsM,
    azimuths: array.azimuthsRad,
    waves: [{ distance: Math.hypot(x, z), azimuth: Math.atan2(x, z) }],
  });
  assert.is(info.probe.kind, "convex");
  near(info.probe.radiusM, 0.05, 1e-6);
  near(info.probe.azimuthsRad[0], array.azimuthsRad[0], 1e-7);
  assert.equal(info.sequence[0].wave, { kind: "element", element: 0 });
  near(info.sequence[0].startS, 2e-6 + Math.hypot(x, z) / 1540, 1e-11);
});

test("silent elements of the apodization vector do not fire", async () => {
  const { info } = await open({
    write: (data) => {
      const apodization = object(
        data.get("sequence/sequence_0001") as Group,
        "apodization",
        "uff.apodization",
      );
      put(apodization, "apodization_vector", [0, 1, 1, 0], [1, 4]);
    },
  });
  const firingS = info.sequence[0].firingS!;
  assert.is(firingS[0], Number.POSITIVE_INFINITY);
  near(firingS[1], (-1.5e-4 * Math.sin(0.1)) / 1540, 1e-14);
});

test("int16 samples stay int16", async () => {
  const { source } = await open({ int16: true });
  const { samples } = await source.frame(0);
  assert.equal(
    samples,
    Int16Array.from({ length: 20 }, (_, i) => i),
  );
  source.close();
});

test("contradictions name the field and the values", async () => {
  const one = (recipe: Recipe) => open(recipe);
  await refuses(one({ declaredWaves: 5 }), "corrupt-file", /sequence declares a size of 5.*holds 1/);
  await refuses(one({ shape: [3, ELEMENTS, SAMPLES] }), "corrupt-file", /sequence holds 1 waves.*holds 3/);
  await refuses(one({ shape: [1, 7, SAMPLES] }), "corrupt-file", /7 channels.*4 elements/);
  await refuses(one({ shape: [20] }), "corrupt-file", /shape 20/);
  const infrared = [{ distance: 1, azimuth: 0, wavefront: 2 }];
  await refuses(one({ waves: infrared }), "unsupported-format", /photoacoustic/);
});

test("a file of images only says what it holds", async () => {
  await refuses(
    open({ className: "uff.beamformed_data" }),
    "missing-data",
    /uff\.beamformed_data "channel_data"/,
  );
});

if (sharedData) {
  const load = async (name: string) => {
    const bytes = new Uint8Array(readFileSync(`${sharedData}${name}`));
    const source = await openHdf5({ name, bytes });
    return { source, info: source.info as ChannelData };
  };

  test("a phased array with three virtual sources is read as its golden case states", async () => {
    const { source, info } = await load("uff/simus_phased_dw_lv.uff");
    assert.is(info.probe.kind, "phased");
    assert.is(info.probe.positionsM.length, 3 * 64);
    assert.equal([info.sequence.length, info.sampleCount, info.sampleRateHz], [3, 2052, 10.88e6]);
    const sources = [
      [0.0070140470302528825, -0.01381497579077059, -1.0899595849173855e-6],
      [0, -0.016367880131525892, 4.463034536343307e-10],
      [-0.007014047030252884, -0.01381497579077059, -1.0899595849173855e-6],
    ];
    for (const [i, [x, z, startS]] of sources.entries()) {
      const { wave, startS: start } = info.sequence[i];
      if (wave.kind !== "diverging") assert.unreachable();
      else {
        near(wave.source[0], x, 3e-9);
        near(wave.source[2], z, 3e-9);
      }
      near(start, startS, 1e-13);
    }
    const { samples } = await source.frame(0);
    assert.is(samples.length, 3 * 64 * 2052);
    assert.equal([...samples.slice(1000, 1004)], [-136, -209, 21, 297]);
    source.close();
  });

  test("the file without wavefronts holds the same waves as the one with them", async () => {
    const a = await load("uff/simus_phased_dw_lv.uff");
    const b = await load("uff/simus_phased_dw_lv_640samples_contiguous_nowavefront.uff");
    assert.equal(b.info.sequence, a.info.sequence);
    assert.is(b.info.sampleCount, 640);
  });

  test("IQ of eight frames is read frame by frame", async () => {
    const { source, info } = await load("uff/must_pwi_disk_iq8.uff");
    assert.equal([info.signal, info.frameCount, info.modulationFrequencyHz], ["iq", 8, 5e6]);
    near(info.sequence[0].mixerStartS, 9.95e-6, 1e-12);
    const { samples } = await source.frame(7);
    assert.is(samples.length, 128 * 334 * 2);
    assert.ok(samples.every(Number.isFinite));
    source.close();
  });

  test("the full matrix capture starts 39.3 us after each element's firing", async () => {
    const { info } = await load("uff/synaptus_steel_pins_fmc.uff");
    for (const [i, transmit] of info.sequence.entries()) {
      assert.equal(transmit.wave, { kind: "element", element: i });
      near(transmit.startS, 39.3e-6, 2e-12);
    }
  });

  for (const [name, words] of [
    ["bad/uff_huge_declared_dims.uff", /data declares 1048576 x 8 x 67108864/],
    ["bad/uff_sequence_size_mismatch.uff", /sequence declares a size of 5, but holds 2/],
  ] as const)
    test(`${name} is refused within a second`, async () => {
      const tookMs = processorTime();
      await refuses(load(name), "corrupt-file", words);
      assert.ok(tookMs() < 1000);
    });
}

test.run();
