import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSondeError } from "../../../host/errors.ts";
import { decodeLzf } from "../../../host/formats/hdf5/lzf.ts";
import { unshuffle } from "../../../host/formats/hdf5/shuffle.ts";
import { lzfLiterals, noise } from "./make-hdf5.ts";

function refuses(input: number[], outputBytes: number, words: RegExp): void {
  try {
    decodeLzf(Uint8Array.from(input), outputBytes);
  } catch (error) {
    assert.ok(isSondeError(error, "corrupt-file"), String(error));
    assert.match((error as Error).message, words);
    return;
  }
  assert.unreachable("the stream was accepted");
}

test("literals come back as they are", () => {
  const bytes = new Uint8Array(noise(500).buffer);
  assert.equal(decodeLzf(lzfLiterals(bytes), bytes.length), bytes);
});

test("a short copy repeats what lies at its distance", () => {
  // "abc", then 3 bytes from 3 back.
  assert.equal([...decodeLzf(Uint8Array.of(2, 97, 98, 99, 0x20, 2), 6)], [97, 98, 99, 97, 98, 99]);
});

test("a copy that overlaps its target repeats a run", () => {
  // "x", then 7 + 91 + 2 = 100 bytes from 1 back.
  assert.equal([...decodeLzf(Uint8Array.of(0, 120, 0xe0, 91, 0), 101)], new Array(101).fill(120));
});

test("a copy reaches 8192 bytes back", () => {
  const head = new Uint8Array(noise(4096, 7).buffer);
  const stream = Uint8Array.from([...lzfLiterals(head), 0x20 | 31, 255]);
  assert.equal(decodeLzf(stream, 8195).slice(8192), head.slice(0, 3));
});

test("streams that end early, reach back too far or yield another length are refused", () => {
  refuses([5, 1, 2], 6, /6 literal bytes.*byte 0/);
  refuses([0, 9, 0x20], 4, /copy is cut short/);
  refuses([0, 9, 0xe0, 1], 12, /copy is cut short/);
  refuses([0, 9, 0x20, 1], 4, /before the start/);
  refuses([3, 1, 2, 3, 4], 3, /more than the declared 3/);
  refuses([0, 9, 0xe0, 200, 0], 100, /more than the declared 100/);
  refuses([3, 1, 2, 3, 4], 5, /4 of the declared 5/);
});

test("a declared length that no stream of this size can have is refused before any memory is taken", () => {
  refuses([0, 1], 2 ** 40, /cannot hold/);
});

test("every truncation of a stream is refused", () => {
  const stream = Uint8Array.of(2, 97, 98, 99, 0x20, 2, 0xe0, 91, 0);
  decodeLzf(stream, 106);
  for (let n = 0; n < stream.length; n++) refuses([...stream.subarray(0, n)], 106, /LZF/);
});

test("unshuffling gathers the bytes of each element and leaves a remainder in place", () => {
  assert.equal([...unshuffle(Uint8Array.of(1, 3, 5, 2, 4, 6), 2)], [1, 2, 3, 4, 5, 6]);
  assert.equal([...unshuffle(Uint8Array.of(1, 3, 2, 4, 9), 2)], [1, 2, 3, 4, 9]);
  assert.equal([...unshuffle(Uint8Array.of(1, 2, 3), 1)], [1, 2, 3]);
});

test.run();
