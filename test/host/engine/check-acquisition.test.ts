/** The door of plan() for acquisitions: whatever no picture can be made from is refused by value, in one sentence. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkAcquisition } from "../../../host/engine/check-acquisition.ts";
import { type Acquisition, isSondeError } from "../../../host/index.ts";
import { makeScene, SCENES, type Scene } from "../../synthetic.ts";

/** What replaces a value, found by its path. */
type Change = readonly [path: string, value: unknown, words: RegExp];

/** A copy of a scene's description with one value replaced; an array of numbers gets it as its second one. */
function changed(scene: Scene, path: string, value: unknown): Acquisition {
  const info = structuredClone(makeScene(scene).info);
  let at = info as unknown as Record<string, unknown>;
  const names = path.split(".");
  for (const name of names.slice(0, -1)) at = at[name] as Record<string, unknown>;
  at[names[names.length - 1]] = value;
  return info;
}

function refused(info: unknown, words: RegExp): void {
  try {
    checkAcquisition(info as Acquisition);
  } catch (error) {
    assert.ok(isSondeError(error, "bad-geometry"), `${error}`);
    assert.match((error as Error).message, words);
    assert.not.match((error as Error).message, /\n/);
    return;
  }
  assert.unreachable(`nothing was refused where ${words} was expected`);
}

const { NaN: NAN, POSITIVE_INFINITY: INF } = Number;

const CHANGES: Partial<Record<Scene, readonly Change[]>> = {
  plane: [
    ["kind", "volumes", /the kind must be one of channels, lines, beamformed \("volumes"\)/],
    ["signal", "envelope", /the signal must be one of rf, iq \("envelope"\)/],
    ["soundSpeedMps", NAN, /speed of sound.*\(NaN\)/],
    ["soundSpeedMps", "1540", /speed of sound.*\("1540"\)/],
    ["centerFrequencyHz", 0, /centre frequency must be positive.*\(0\)/],
    ["centerFrequencyHz", 2e9, /centre frequency.*\(2000000000\)/],
    ["sampleRateHz", 0, /sample rate must be positive.*\(0\)/],
    ["sampleRateHz", INF, /sample rate.*\(Infinity\)/],
    ["sampleRateHz", 2e10, /sample rate.*10 GHz \(20000000000\)/],
    ["sampleCount", 7, /at least 8 samples.*\(7\)/],
    ["sampleCount", 240.5, /whole number \(240.5\)/],
    ["sampleCount", 2 ** 25, /at most 2\^24.*\(33554432\)/],
    ["modulationFrequencyHz", -1, /demodulation frequency.*\(-1\)/],
    ["modulationFrequencyHz", undefined, /demodulation frequency.*\(undefined\)/],
    ["probe", null, /no probe \(null\)/],
    ["probe.kind", "round", /probe's kind must be one of linear, .* \("round"\)/],
    ["probe.positionsM", [0, 0, 0], /positionsM must be a Float64Array/],
    ["probe.positionsM", new Float64Array(0), /1 to 65535 elements \(0\)/],
    ["probe.positionsM", new Float64Array(47), /x, y, z.*\(47\)/],
    ["probe.positionsM", new Float64Array(48).fill(NAN), /element lies where none can be \(NaN\)/],
    ["probe.positionsM", new Float64Array(48).fill(11), /element lies where none can be \(11\)/],
    ["probe.azimuthsRad", undefined, /azimuthsRad must be a Float64Array/],
    ["probe.azimuthsRad", new Float64Array(15), /one angle for each of the 16 elements \(15\)/],
    ["probe.azimuthsRad", new Float64Array(16).fill(INF), /looks in no direction \(Infinity\)/],
    ["probe.pitchM", -1, /pitch.*\(-1\)/],
    ["probe.elementWidthM", NAN, /element width.*\(NaN\)/],
    ["probe.radiusM", INF, /radius of curvature.*\(Infinity\)/],
    ["probe.centerFrequencyHz", -5, /probe's centre frequency.*\(-5\)/],
    ["probe.fractionalBandwidth", 0, /bandwidth.*\(0\)/],
    ["probe.fractionalBandwidth", 60, /bandwidth.*at most 2.*\(60\)/],
    ["sequence", [], /at least one transmit \(\[\]\)/],
    ["sequence", {}, /list of at least one transmit/],
    ["sequence.1", null, /transmit 1 has no wave \(null\)/],
    ["sequence.1.wave", undefined, /transmit 1 has no wave/],
    ["sequence.1.wave.kind", "spiral", /wave of transmit 1 must be one of plane, .* \("spiral"\)/],
    ["sequence.1.wave.azimuthRad", 4, /azimuth of transmit 1.*\(4\)/],
    ["sequence.1.wave.azimuthRad", undefined, /azimuth of transmit 1.*\(undefined\)/],
    ["sequence.1.wave.elevationRad", NAN, /elevation of transmit 1.*\(NaN\)/],
    ["sequence.1.wave.elevationRad", INF, /elevation of transmit 1.*\(Infinity\)/],
    ["sequence.1.wave.elevationRad", "0.1", /elevation of transmit 1.*\("0.1"\)/],
    ["sequence.1.startS", INF, /start time of transmit 1.*\(Infinity\)/],
    ["sequence.1.startS", 11, /start time of transmit 1 must lie within 10 s.*\(11\)/],
    ["sequence.1.mixerStartS", NAN, /mixer's start time of transmit 1.*\(NaN\)/],
    ["sequence.1.firingS", new Float64Array(3), /firing times for another number of elements than 16 \(3\)/],
    ["sequence.1.firingS", [], /firing times of transmit 1 must be a Float64Array/],
    ["sequence.1.firingS", new Float64Array(16).fill(NAN), /a firing time of transmit 1.*\(NaN\)/],
    ["sequence.1.firingS", new Float64Array(16).fill(-INF), /a firing time of transmit 1.*\(-Infinity\)/],
    ["sequence.1.firingS", new Float64Array(16).fill(INF), /no element fires in transmit 1/],
    ["sequence.1.wave", { kind: "firing" }, /known by its firing times, but has none/],
  ],
  focused: [
    ["sequence.0.wave.source", [0, 0, 101], /source of transmit 0.*within 100 m \(\[0,0,101\]\)/],
    ["sequence.0.wave.source", [0, 0], /source of transmit 0.*\(\[0,0\]\)/],
    ["sequence.0.wave.source", undefined, /source of transmit 0.*\(undefined\)/],
  ],
  diverging: [["sequence.2.wave.source", [NAN, 0, -1], /source of transmit 2/]],
  element: [
    ["sequence.0.wave.element", 16, /element of transmit 0 must be a whole number from 0 to 15 \(16\)/],
    ["sequence.0.wave.element", 1.5, /element of transmit 0.*\(1.5\)/],
  ],
  lines: [
    ["lines", [0, 0, 0, 0, 1e-4], /line table must be a Float64Array/],
    ["lines", new Float64Array(0), /5 numbers a line \(0\)/],
    ["lines", new Float64Array(7), /5 numbers a line \(7\)/],
    ["lines.5", NAN, /line 1 of the line table must begin within 100 m \(NaN\)/],
    ["lines.8", -200, /line 1 .*\(-200\)/],
    ["lines.7", 7, /angle of line 1.*\(7\)/],
    ["lines.4", 0, /sample spacing of line 0 must be positive.*\(0\)/],
    ["lines.9", 1, /sample spacing of line 1.*less than 1 m \(1\)/],
    ["sampleCount", 4, /at least 8 samples/],
    ["sampleRateHz", -1, /sample rate.*\(-1\)/],
    ["logStepDb", 0, /step of log values.*\(0\)/],
    ["signal", "loud", /the signal must be one of rf, iq, envelope, log \("loud"\)/],
  ],
};

test("nothing, numbers and lists are no acquisition", () => {
  for (const info of [null, undefined, 7, "scan.uff", [], () => {}]) refused(info, /source\.info/);
});

for (const [scene, changes] of Object.entries(CHANGES))
  test(`a ${scene} acquisition with one impossible value is refused by that value`, () => {
    for (const [path, value, words] of changes) refused(changed(scene as Scene, path, value), words);
  });

test("a beamformed image has whole, positive numbers of rows, columns and transmits", () => {
  const info = { kind: "beamformed", signal: "iq", name: "grid", soundSpeedMps: 1540, rows: 3, columns: 4 };
  checkAcquisition({ ...info, transmitCount: 1 } as Acquisition);
  for (const name of ["rows", "columns", "transmitCount"])
    for (const value of [0, -1, 1.5, NAN, "3", undefined])
      refused(
        { ...info, transmitCount: 1, [name]: value },
        new RegExp(`grid: ${name} must be a positive whole number`),
      );
  refused({ ...info, transmitCount: 1, rows: 2 ** 16, columns: 2 ** 16 }, /fewer than 2\^31 numbers/);
});

test("a circular description is refused too", () => {
  const circular: Record<string, unknown> = {};
  circular.kind = circular;
  refused(circular, /the kind must be one of .* \(object\)/);
});

test("every synthetic acquisition passes, and firing times with silent elements", () => {
  for (const scene of SCENES) checkAcquisition(makeScene(scene).info);
  const firingS = new Float64Array(16).fill(INF);
  firingS[3] = 1e-6;
  checkAcquisition(changed("plane", "sequence.1.firingS", firingS));
});

test.run();
