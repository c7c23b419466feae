/** Frames at hand, written as a Sonde recording and read back: nothing of them may differ. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  type Acquisition,
  createEngine,
  type Frame,
  open,
  toPng,
  toSonde,
  toUff,
} from "../../../host/index.ts";
import { simulatedRecording } from "../../../host/simulate/index.ts";
import { makeScene, SCENES } from "../../synthetic.ts";
import { refuses } from "./refusal.ts";

const back = async (recording: Blob) =>
  open({ name: "back.sonde", bytes: new Uint8Array(await recording.arrayBuffer()) });

/** `frame` again and again, each time with other samples and at its own time. */
function several(frame: Frame, count: number, firstIndex = 0): Frame[] {
  return Array.from({ length: count }, (_, k) => ({
    ...frame,
    index: firstIndex + k,
    timeS: 5 + 0.04 * k + 0.001 * k * k,
    samples: frame.samples.map((value) => value ^ k),
  }));
}

for (const scene of SCENES)
  test(`${scene}: acquisition, samples, times and picture are those that were written`, async () => {
    const { info, frame } = makeScene(scene);
    const frames = several(frame, 3);
    const source = await back(await toSonde({ ...info, frameRateHz: 25 }, frames));
    // Undefined and absent are one in JSON.
    const plain = (one: Acquisition) =>
      JSON.parse(JSON.stringify(one, (_, value) => (ArrayBuffer.isView(value) ? String(value) : value)));
    assert.equal(plain(source.info), plain({ ...info, frameRateHz: 25, frameCount: 3 }));
    assert.equal(
      source.timesS,
      Float64Array.from(frames, ({ timeS }) => timeS!),
    );
    const engine = await createEngine({ threads: 1 });
    const pipeline = { display: { reference: 1000 } };
    const [given, read] = [await engine.plan(info, pipeline), await engine.plan(source.info, pipeline)];
    for (const one of frames) {
      const other = await source.frame(one.index);
      assert.equal(other.samples, one.samples);
      assert.is(other.timeS, one.timeS);
      assert.equal((await read.run(other)).pixels, (await given.run(one)).pixels);
    }
    engine.close();
    source.close();
  });

test("the rate is that of the device: frames that are missing count, and pauses do not", async () => {
  const { info, frame } = makeScene("lines");
  const { frameRateHz: _, ...unsaid } = info;
  // 50 Hz; every fourth frame is lost, and the line is dead for two seconds once.
  const frames = several(frame, 40)
    .map((one) => ({ ...one, timeS: 0.02 * one.index + (one.index > 20 ? 2 : 0) }))
    .filter(({ index }) => index % 4 !== 2);
  const source = await back(await toSonde(unsaid, frames));
  assert.ok(Math.abs((source.info.frameRateHz ?? 0) - 50) < 1e-6, `${source.info.frameRateHz}`);
  assert.equal(
    (await Promise.all([0, 1, 2, 3].map((k) => source.frame(k)))).map(({ index, sequence }) => [
      index,
      sequence ?? index,
    ]),
    [
      [0, 0],
      [1, 1],
      [2, 3],
      [3, 4],
    ],
  );
  // Written once more, they stay missing.
  const again = await back(await toSonde(source.info, source.frames()));
  assert.is((await again.frame(2)).sequence, 3);
});

test("bursts are no pauses, a clock that goes back counts nothing, and a rate that was measured stays measured", async () => {
  const { info, frame } = makeScene("lines");
  const { frameRateHz: _, ...unsaid } = info;
  const rate = async (timesS: number[], arrived = false) => {
    const frames = several(frame, timesS.length).map(({ timeS: _, ...one }, k) =>
      arrived ? { ...one, arrivalS: timesS[k] } : { ...one, timeS: timesS[k] },
    );
    return back(await toSonde(unsaid, frames));
  };
  const near = (value: number | undefined, wanted: number) =>
    assert.ok(Math.abs((value ?? 0) / wanted - 1) < 0.15, `${value} instead of ${wanted}`);
  // Ten frames every 200 ms.
  const bursts = await rate(
    Array.from({ length: 100 }, (_, k) => 0.2 * Math.floor(k / 10) + 0.001 * (k % 10)),
    true,
  );
  near(bursts.info.frameRateHz, 50);
  const anew = await rate(Array.from({ length: 20 }, (_, k) => 0.1 * (k % 10) + (k < 10 ? 7 : 0)));
  near(anew.info.frameRateHz, 10);
  assert.is(anew.info.frameRateMeasured, undefined);
  assert.is(bursts.info.frameRateMeasured, true);
  const again = await back(await toSonde(bursts.info, bursts.frames()));
  assert.equal([again.info.frameRateMeasured, again.info.frameRateHz], [true, bursts.info.frameRateHz]);
  // By the device's own clock a pause is none of its rhythm, however short.
  near(
    (await rate(Array.from({ length: 20 }, (_, k) => 0.002 * k + (k > 9 ? 0.5 : 0)))).info.frameRateHz,
    500,
  );
  const untimed = await rate([Number.NaN], true);
  assert.is(untimed.info.frameRateMeasured, undefined);
});

test("a part of a recording begins at its own first frame; frames that are missing in it stay missing", async () => {
  const { info, frame } = makeScene("lines");
  const [a, b, , d] = several(frame, 4, 700);
  const missingLines = Uint8Array.of(0b101, 0);
  const source = await back(await toSonde(info, [a, { ...b, missingLines }, d]));
  assert.is(source.info.frameCount, 3);
  assert.ok(
    source.info.warnings.some((text) => /^1 frame of the recording is missing/.test(text)),
    source.info.warnings.join(),
  );
  assert.equal((await source.frame(1)).missingLines, missingLines);
  assert.is((await source.frame(0)).missingLines, undefined);
  assert.equal((await source.frame(2)).samples, d.samples);
});

test("a frame without a time of its own has the receiver's, or none", async () => {
  const { info, frame } = makeScene("plane");
  const arrived = await back(await toSonde(info, [{ ...frame, arrivalS: 3.25 }]));
  assert.is((await arrived.frame(0)).timeS, 3.25);
  const timeless = await back(await toSonde(info, [frame]));
  assert.is((await timeless.frame(0)).timeS, undefined);
  assert.is(timeless.timesS, undefined);
});

test("a damaged configuration costs no more than the frames before the next one", async () => {
  const { info, frame } = makeScene("plane");
  const recording = new Uint8Array(await (await toSonde(info, several(frame, 130))).arrayBuffer());
  recording[60] ^= 1;
  const source = await open({ name: "damaged.sonde", bytes: recording });
  assert.is(source.info.frameCount, 130 - 64);
});

test("a copy of a damaged recording says what is odd about the data, not what was wrong with the file", async () => {
  const { info, frame } = makeScene("plane");
  const assumed = "The pitch is assumed.";
  const written = await toSonde({ ...info, warnings: [assumed] }, several(frame, 3));
  const bytes = new Uint8Array(await written.arrayBuffer());
  const cut = await open({ name: "cut.sonde", bytes: bytes.subarray(0, bytes.length - 100) });
  assert.is(cut.info.frameCount, 2);
  assert.equal(cut.info.warnings, [assumed, ...(cut.info.fileWarnings ?? [])]);
  assert.match(cut.info.fileWarnings?.join(" ") ?? "", /cut off/);
  const copy = await back(await toSonde(cut.info, cut.frames()));
  assert.equal(copy.info.warnings, [assumed]);
  assert.is(copy.info.fileWarnings, undefined);
});

test("the name can be another one; what is told on the way is true", async () => {
  const told: number[] = [];
  const { info, frame } = makeScene("plane");
  const onProgress = (written: number) => told.push(written);
  const recording = await toSonde(info, several(frame, 3).values(), { name: "Nobody", onProgress });
  assert.is((await back(recording)).info.name, "Nobody");
  assert.equal(told, [1, 2, 3]);
});

test("nothing where a picture, a description or frames belong is refused, and says where they come from", async () => {
  const { info } = makeScene("plane");
  await refuses(toPng(null as never), "bad-option", /toPng was given null: give the image of plan\.run/);
  await refuses(toSonde(null as never, []), "bad-option", /toSonde was given null: give source\.info/);
  await refuses(toSonde(info, undefined as never), "bad-option", /given undefined: give source\.frames/);
  await refuses(toUff(null as never, []), "bad-option", /toUff was given null: give source\.info/);
  await refuses(toSonde({} as never, []), "bad-geometry", /the kind must be one of channels/);
  await refuses(toUff({ ...info, probe: undefined } as never, []), "bad-geometry", /there is no probe/);
});

test("what cannot be written is refused, and says why", async () => {
  const { info, frame } = makeScene("plane");
  const frames = several(frame, 2);
  await refuses(toSonde(info, []), "bad-option", /No frames of "synthetic plane" came/);
  await refuses(toSonde(makeScene("lines").info, frames), "bad-option", /its acquisition says/);
  await refuses(toSonde(info, frames, { signal: AbortSignal.abort() }), "aborted", /stopped/);
  const stop = new AbortController();
  const onProgress = () => stop.abort();
  await refuses(toSonde(info, frames, { signal: stop.signal, onProgress }), "aborted", /stopped/);
  const maxBytes = 2 * frame.samples.byteLength;
  await refuses(toSonde(info, frames, { maxBytes }), "out-of-memory", /there is room for 1 frames/);
});

test("a simulated recording keeps its times to the last bit", async () => {
  const made = await simulatedRecording({ array: "convex" }, 3);
  const source = await back(await toSonde(made.info, made.frames()));
  for (let k = 0; k < 3; k++) {
    const [one, other] = [await made.frame(k), await source.frame(k)];
    assert.is(other.timeS, one.timeS);
    assert.equal(other.samples, one.samples);
  }
  source.close();
});

test.run();
