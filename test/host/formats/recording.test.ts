import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSondeError } from "../../../host/errors.ts";
import { recording } from "../../../host/formats/recording.ts";
import type { Beamformed } from "../../../host/model.ts";
import { ByteQueue } from "../../../host/protocols/byte-queue.ts";
import { random } from "./make.ts";

const INFO: Beamformed & { frameCount: number } = {
  kind: "beamformed",
  name: "x",
  format: "test",
  signal: "envelope",
  frameCount: 3,
  soundSpeedMps: 1540,
  warnings: [],
  rows: 1,
  columns: 1,
  transmitCount: 1,
};
const make = (close?: () => void) =>
  recording(INFO, (index) => ({ index, samples: Float32Array.of(index) }), close);

async function indices(frames: AsyncIterable<{ index: number }>): Promise<number[]> {
  const found: number[] = [];
  for await (const { index } of frames) found.push(index);
  return found;
}

test("frames come in order, all or a range", async () => {
  assert.equal(await indices(make().frames()), [0, 1, 2]);
  assert.equal(await indices(make().frames({ start: 1, end: 2 })), [1]);
});

test("an aborted iteration ends without an error", async () => {
  const stop = new AbortController();
  const found: number[] = [];
  for await (const { index } of make().frames({ signal: stop.signal })) {
    found.push(index);
    stop.abort();
  }
  assert.equal(found, [0]);
});

test("frames that are not there are refused with what is", async () => {
  for (const index of [-1, 3, 1.5, Number.NaN])
    try {
      await make().frame(index);
      assert.unreachable();
    } catch (error) {
      assert.ok(isSondeError(error, "bad-option"));
      assert.match(error.message, /allows 0 to 2/);
    }
});

test("a closed recording gives no frames and closes once", async () => {
  let closed = 0;
  const source = make(() => closed++);
  source.close();
  source.close();
  assert.is(closed, 1);
  try {
    await source.frame(0);
    assert.unreachable();
  } catch (error) {
    assert.ok(isSondeError(error, "bad-option"));
  }
});

test("a byte queue keeps order through any appends and drops", () => {
  const next = random(4);
  const queue = new ByteQueue();
  let written = 0;
  let read = 0;
  for (let round = 0; round < 500; round++) {
    const chunk = Uint8Array.from({ length: Math.floor(next() * 3000) }, () => written++);
    queue.append(chunk);
    const count = Math.floor(next() * queue.length);
    for (let k = 0; k < count; k += 97) assert.is(queue.byte(k), (read + k) & 255);
    assert.is(queue.copy(0, count).length, count);
    queue.drop(count);
    read += count;
    assert.is(queue.length, written - read);
  }
});

test.run();
