import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openHdf5 } from "../../../host/formats/hdf5/open.ts";
import type { ChannelData, SampleArray } from "../../../host/model.ts";
import { sharedData } from "../../shared.ts";
import { makeHdf5 } from "./make-hdf5.ts";
import { refuses } from "./refusal.ts";

async function load(name: string) {
  const source = await openHdf5({ name, bytes: new Uint8Array(readFileSync(`${sharedData}${name}`)) });
  const { samples } = await source.frame(0);
  source.close();
  return { info: source.info as ChannelData, samples };
}

/** Largest difference after the best common factor, relative to the largest value. */
function relativeDifference(a: SampleArray, b: SampleArray): number {
  let [ab, bb, peak] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += a[i] * b[i];
    bb += b[i] * b[i];
    peak = Math.max(peak, Math.abs(a[i]));
  }
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - (ab / bb) * b[i]));
  return worst / peak;
}

/** Times are float32 in the files: 7 digits of up to 50 us, and of the geometry they derive from. */
const TIME_TOLERANCE_S = 5e-12;
const POSITION_TOLERANCE_M = 5e-9;

test("an empty HDF5 file is of no known format", async () => {
  await refuses(
    openHdf5({ name: "empty.h5", bytes: await makeHdf5(() => {}) }),
    "unsupported-format",
    /holds nothing/,
  );
});

if (sharedData) {
  const pairs = [
    ["uff/simus_phased_dw_lv.uff", "zea/simus_phased_dw_lv.hdf5"],
    ["uff/simus_convex.uff", "zea/simus_convex.hdf5"],
    ["uff/pybf_fieldii_pw3.uff", "zea/pybf_fieldii_pw3.hdf5"],
    ["uff/synaptus_steel_pins_fmc.uff", "zea/synaptus_steel_pins_fmc.hdf5"],
    ["uff/must_pwi_disk_iq8.uff", "zea/must_pwi_disk_iq2_layout2.hdf5"],
  ] as const;
  for (const [first, second] of pairs)
    test(`${first} and ${second} are the same acquisition`, async () => {
      const a = await load(first);
      const b = await load(second);
      assert.is(a.info.probe.kind, b.info.probe.kind);
      assert.equal([a.info.signal, a.info.sampleCount], [b.info.signal, b.info.sampleCount]);
      assert.is(a.info.sequence.length, b.info.sequence.length);
      for (let i = 0; i < a.info.probe.positionsM.length; i++)
        assert.ok(Math.abs(a.info.probe.positionsM[i] - b.info.probe.positionsM[i]) < POSITION_TOLERANCE_M);
      for (let e = 0; e < a.info.probe.azimuthsRad.length; e++)
        assert.ok(Math.abs(a.info.probe.azimuthsRad[e] - b.info.probe.azimuthsRad[e]) < 1e-5);
      for (const [i, transmit] of a.info.sequence.entries()) {
        const other = b.info.sequence[i];
        assert.is(transmit.wave.kind, other.wave.kind);
        if ("source" in transmit.wave && "source" in other.wave)
          for (let axis = 0; axis < 3; axis++)
            assert.ok(Math.abs(transmit.wave.source[axis] - other.wave.source[axis]) < POSITION_TOLERANCE_M);
        const difference = Math.abs(transmit.startS - other.startS);
        assert.ok(difference < TIME_TOLERANCE_S, `transmit ${i}: ${transmit.startS} and ${other.startS}`);
      }
      assert.is(a.samples.length, b.samples.length);
      assert.ok(relativeDifference(a.samples, b.samples) < 1e-6);
    });

  test("the unsteered firing is the same in PICMUS and zea, but for the counts of the converter", async () => {
    const a = await load("picmus/simus_resolution_rf_11.hdf5");
    const b = await load("zea/picmus_simus_sr_11.hdf5");
    assert.equal(a.info.sequence[5].wave, { kind: "plane", azimuthRad: 0 });
    assert.equal(b.info.sequence[5].wave, { kind: "plane", azimuthRad: 0 });
    assert.ok(Math.abs(a.info.sequence[5].startS - b.info.sequence[5].startS) < TIME_TOLERANCE_S);
    const firing = (samples: SampleArray) => samples.slice(5 * 128 * 1650, 6 * 128 * 1650);
    assert.ok(relativeDifference(firing(a.samples), firing(b.samples)) < 1e-3);
  });
}

test.run();
