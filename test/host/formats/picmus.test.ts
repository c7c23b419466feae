import { readFileSync } from "node:fs";
import type { Group } from "h5wasm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openHdf5 } from "../../../host/formats/hdf5/open.ts";
import type { ChannelData } from "../../../host/model.ts";
import { sharedData } from "../../shared.ts";
import { makeHdf5, put } from "./make-hdf5.ts";
import { refuses } from "./refusal.ts";

interface Recipe {
  shape?: number[];
  angles?: number[];
  iq?: boolean;
  modulation?: number;
  subtype?: number;
  channels?: number;
  write?: (group: Group) => void;
}

async function open(recipe: Recipe) {
  const shape = recipe.shape ?? [2, 3, 4];
  const channels = recipe.channels ?? 3;
  const bytes = await makeHdf5((file) => {
    file.create_attribute("version", ["v.0.0.40"]);
    const group = file.create_group("US").create_group("US_DATASET0000");
    // Genuine files keep the terminating NUL inside the stored length.
    group.create_attribute("name", "made up\0");
    for (const [name, value] of Object.entries({
      type: 0,
      subtype: recipe.subtype ?? 1,
      signal_format: recipe.iq ? 1 : 0,
    }))
      group.create_attribute(name, Int32Array.of(value), [1]);
    const values = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i);
    const data = group.create_group("data");
    put(data, "real", values, shape);
    const imag = values.map((v) => (recipe.iq ? v + 0.5 : 0));
    put(data, "imag", imag, shape);
    put(group, "angles", recipe.angles ?? [-0.1, 0.1]);
    put(group, "initial_time", [3e-6]);
    put(group, "sampling_frequency", [20e6]);
    put(group, "modulation_frequency", [recipe.modulation ?? 0]);
    put(group, "PRF", [100]);
    put(group, "sound_speed", [1540]);
    const geometry = new Array(3 * channels).fill(0);
    for (let e = 0; e < channels; e++) geometry[e] = (e - (channels - 1) / 2) * 3e-4;
    put(group, "probe_geometry", geometry, [3, channels]);
    recipe.write?.(group);
  });
  const source = await openHdf5({ name: "a.hdf5", bytes });
  return { source, info: source.info as ChannelData };
}

test("RF of plane waves starts at the one initial time, whatever the angle", async () => {
  const { source, info } = await open({});
  assert.equal([info.format, info.name, info.signal], ["PICMUS", "made up", "rf"]);
  assert.equal([info.frameCount, info.sampleCount, info.frameRateHz], [1, 4, 50]);
  assert.is(info.centerFrequencyHz, undefined);
  assert.is(info.probe.kind, "linear");
  assert.equal(
    info.sequence.map(({ wave, startS }) => [wave.kind, Math.fround(startS)]),
    [
      ["plane", Math.fround(3e-6)],
      ["plane", Math.fround(3e-6)],
    ],
  );
  assert.ok(Math.abs(info.probe.positionsM[0] + 3e-4) < 1e-10);
  const { samples } = await source.frame(0);
  assert.equal(
    [...samples],
    Array.from({ length: 24 }, (_, i) => i),
  );
  source.close();
});

test("a frames axis comes first", async () => {
  const { source, info } = await open({ shape: [3, 2, 3, 4] });
  assert.is(info.frameCount, 3);
  assert.is((await source.frame(2)).samples[0], 48);
  source.close();
});

test("IQ is interleaved; its mixer runs on the data's own axis", async () => {
  const { source, info } = await open({ iq: true, modulation: 5e6 });
  assert.equal([info.signal, info.modulationFrequencyHz, info.warnings.length], ["iq", 5e6, 0]);
  assert.is(info.sequence[1].mixerStartS, info.sequence[1].startS);
  assert.equal([...(await source.frame(0)).samples.slice(0, 4)], [0, 0.5, 1, 1.5]);
  source.close();
});

test("IQ with a modulation frequency of 0 is read with 5.208 MHz and a warning", async () => {
  const { info } = await open({ iq: true });
  assert.is(info.modulationFrequencyHz, 5.208e6);
  assert.match(info.warnings.join(), /5\.208 MHz/);
});

test("contradictions name the field and the values", async () => {
  await refuses(open({ angles: [0, 1, 2] }), "corrupt-file", /angles holds 3 angles.*2 firings/);
  await refuses(
    open({ channels: 5 }),
    "corrupt-file",
    /probe_geometry has the shape 3 x 5; data of 3 channels/,
  );
  await refuses(open({ angles: [0, 2] }), "corrupt-file", /angles holds 2 for firing 1/);
  await refuses(open({ subtype: 0 }), "unsupported-format", /synthetic aperture/);
});

test("images are named, not opened", async () => {
  const images = await makeHdf5((file) => {
    const group = file.create_group("US").create_group("US_DATASET0000");
    group.create_attribute("type", Int32Array.of(1), [1]);
    put(group.create_group("data"), "real", [1]);
  });
  await refuses(openHdf5({ name: "i.hdf5", bytes: images }), "missing-data", /beamformed images/);
});

if (sharedData) {
  const load = async (name: string) => {
    const bytes = new Uint8Array(readFileSync(`${sharedData}${name}`));
    const source = await openHdf5({ name, bytes });
    return { source, info: source.info as ChannelData };
  };

  test("the 11-angle data set has its shape, angles and first samples", async () => {
    const { source, info } = await load("picmus/simus_resolution_rf_11.hdf5");
    assert.equal([info.sequence.length, info.sampleCount, info.probe.positionsM.length], [11, 1650, 384]);
    const { wave } = info.sequence[0];
    if (wave.kind === "plane") assert.ok(Math.abs(wave.azimuthRad + (16 * Math.PI) / 180) < 1e-7);
    const { samples } = await source.frame(0);
    assert.is(samples.length, 11 * 128 * 1650);
    assert.equal([...samples.slice(1000, 1003)], [408, 699, 698]);
    source.close();
  });

  test("grids and phantoms are named, not opened", async () => {
    await refuses(load("picmus/scan.hdf5"), "missing-data", /a pixel grid/);
    await refuses(load("picmus/resolution_phantom.hdf5"), "missing-data", /phantom/);
  });
}

test.run();
