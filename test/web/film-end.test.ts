/** How long a film's last picture lasts, in files that the muxers made; their tables are read here by themselves. */
import { ArrayBufferTarget, Muxer } from "mp4-muxer";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { endMp4 } from "../../web/echo-viewer/features/export/film-end.ts";

const test = suite("film's end");

const DECODER = {
  codec: "avc1.42e01e",
  description: new Uint8Array([1, 66, 224, 30, 255, 225, 0, 0, 1, 0, 0]),
};

/** A file with a picture at each of these times (ms), the k-th of k + 20 bytes of value k + 1. */
function filmAt(times: readonly number[]): ArrayBuffer {
  const target = new ArrayBufferTarget();
  const muxer = new Muxer({ target, video: { codec: "avc", width: 64, height: 48 }, fastStart: "in-memory" });
  times.forEach((timeMs, k) => {
    const data = new Uint8Array(k + 20).fill(k + 1);
    muxer.addVideoChunkRaw(
      data,
      k % 3 ? "delta" : "key",
      timeMs * 1000,
      1000,
      k ? undefined : { decoderConfig: DECODER },
    );
  });
  muxer.finalize();
  return target.buffer;
}

/** Rows of a table of so many numbers each, found by its name. */
function rowsOf(file: Buffer, name: string, width: number): number[][] {
  const at = file.indexOf(name) + 8;
  return Array.from({ length: file.readUInt32BE(at) }, (_, k) =>
    Array.from({ length: width }, (_, i) => file.readUInt32BE(at + 4 + 4 * (k * width + i))),
  );
}

/** Begin of each picture and end of the last, in ms. */
function timesIn(file: Buffer): number[] {
  const unitsPerS = file.readUInt32BE(file.indexOf("mdhd") + 16);
  const times = [0];
  for (const [count, delta] of rowsOf(file, "stts", 2))
    for (let k = 0; k < count; k++) times.push(times[times.length - 1] + (1000 * delta) / unitsPerS);
  return times;
}

/** Lengths of a box and of all that it is made of, level by level, as far as they fill it. */
function checkBoxes(file: Buffer, from: number, end: number): void {
  let at = from;
  while (at < end) {
    const length = file.readUInt32BE(at);
    const name = file.toString("latin1", at + 4, at + 8);
    assert.ok(length >= 8 && at + length <= end, `${name} of ${length} bytes at ${at}`);
    if (/moov|trak|mdia|minf|stbl/.test(name)) checkBoxes(file, at + 8, at + length);
    at += length;
  }
  assert.is(at, end);
}

for (const [what, times, endMs] of [
  ["uneven times", [0, 40, 70, 190, 230], 259],
  ["as long as the one before", [0, 40, 80, 120], 160],
  ["even times and a longer end", [0, 40, 80, 120], 220],
  ["two pictures", [0, 500], 510],
  ["one picture", [0], 340],
] as const)
  test(`MP4, ${what}: each picture lasts as long as it did, and its data are found`, async () => {
    const made = filmAt(times);
    const file = Buffer.from(await new Blob(endMp4(made, endMs / 1000)).arrayBuffer());
    checkBoxes(file, 0, file.length);
    const read = timesIn(file);
    assert.is(read.length, times.length + 1);
    for (const [k, timeMs] of [...times, endMs].entries())
      assert.ok(Math.abs(read[k] - timeMs) < 0.02, `${read[k]} for ${timeMs} ms`);
    // Each chunk holds so many pictures, one after the other.
    const perChunk = rowsOf(file, "stsc", 3);
    let picture = 0;
    rowsOf(file, "stco", 1).forEach(([place], chunk) => {
      const many = perChunk.filter(([firstChunk]) => firstChunk <= chunk + 1).pop()![1];
      for (let k = 0, at = place; k < many; k++, picture++) {
        assert.equal([...new Set(file.subarray(at, at + picture + 20))], [picture + 1], `picture ${picture}`);
        at += picture + 20;
      }
    });
    assert.is(picture, times.length);
  });

test.run();
