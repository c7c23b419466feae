/** What the signal check says of signals whose faults are known. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Frame, LineData } from "../../host/index.ts";
import { checkSignal, lineOf, linesOf } from "../../web/echo-viewer/features/device/signal-check.ts";

/** Numbers from 0 to 1, the same every time (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const N = 2048;

/** Noise of this rms, and a burst at `frequency` (parts of the sample rate) over 200 samples in the middle. */
function signal({ noise = 1, burst = 0, frequency = 0.2, offset = 0 }): Float32Array {
  const next = random(7);
  return Float32Array.from({ length: N }, (_, n) => {
    // Twelve uniform numbers: near enough to a normal one.
    let sum = -6;
    for (let k = 0; k < 12; k++) sum += next();
    const envelope = Math.abs(n - N / 2) < 100 ? burst : 0;
    return Math.round(offset + noise * sum + envelope * Math.cos(2 * Math.PI * frequency * n));
  });
}

test("echoes above the noise are called good, and their frequency and level are found", () => {
  const check = checkSignal(signal({ noise: 10, burst: 1000 }), 40e6, false);
  assert.equal(check.findings, ["good"]);
  assert.ok(Math.abs(check.peakAt - 0.2) <= 1 / 256, `${check.peakAt}`);
  // 1000 / sqrt 2 over 10: 37 dB; the quietest window of 31 is a little quieter than the mean of all.
  assert.ok(Math.abs(check.echoDb - 37) < 3, `${check.echoDb}`);
  assert.ok(check.noiseFloorDb < -25, `${check.noiseFloorDb}`);
});

test("noise alone is called noise", () => {
  const check = checkSignal(signal({ noise: 200 }), 40e6, false);
  assert.equal(check.findings, ["noise-only"]);
  assert.ok(check.noiseFloorDb > -12, "its spectrum is flat");
});

test("a line on which nothing moves is called flat, whatever its value", () => {
  assert.equal(checkSignal(new Float32Array(N), 40e6, false).findings, ["flat"]);
  assert.equal(checkSignal(new Float32Array(N).fill(512), undefined, false).findings, ["flat"]);
});

test("samples that are cut off are counted", () => {
  const cut = signal({ noise: 5, burst: 4000 }).map((value) => Math.min(2047, Math.max(-2048, value)));
  const check = checkSignal(cut, 40e6, false);
  assert.is(check.findings[0], "clipped");
  const truth = cut.filter((value) => value === 2047 || value === -2048).length / N;
  assert.is(check.clippedPart, truth);
});

test("a peak that merely is the greatest is not called cut off", () => {
  assert.is(checkSignal(signal({ noise: 10, burst: 1000 }), 40e6, false).clippedPart, 0);
  assert.is(checkSignal(signal({ noise: 1.5 }), 40e6, false).clippedPart, 0, "a few counts of noise");
});

test("an offset is found in raw samples, and is none in amplitudes", () => {
  const samples = signal({ noise: 10, burst: 200, offset: 500 });
  const check = checkSignal(samples, 40e6, false);
  assert.ok(check.findings.includes("offset"));
  assert.ok(Math.abs(check.mean - 500) < 2, `${check.mean}`);
  assert.not(checkSignal(samples, 40e6, true).findings.includes("offset"));
});

test("a line shorter than a segment can be looked at", () => {
  const check = checkSignal(signal({ noise: 10 }).subarray(0, 100), 40e6, false);
  assert.is(check.spectrumDb.length, 129);
  assert.ok(Number.isFinite(check.noiseFloorDb));
});

test("a line is cut from a frame where it lies, IQ as its magnitude", () => {
  const info: LineData = {
    kind: "lines",
    name: "",
    format: "",
    signal: "rf",
    frameCount: 1,
    soundSpeedMps: 1540,
    warnings: [],
    lines: new Float64Array(15),
    sampleCount: 2,
  };
  const frame: Frame = { index: 0, samples: Int16Array.of(1, 2, 3, 4, 5, 6) };
  assert.is(linesOf(info), 3);
  assert.equal([...lineOf(info, frame, 1)], [3, 4]);
  const iq: Frame = { index: 0, samples: Int16Array.of(3, 4, 0, 1, 6, 8, 5, 12, 0, 0, 0, 0) };
  assert.equal([...lineOf({ ...info, signal: "iq" }, iq, 1)], [10, 13]);
});

test.run();
