/** The colours of a GIF, read back from its bytes. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { greyPalette } from "../../host/index.ts";
import type { Film } from "../../web/echo-viewer/features/export/film.ts";
import { makeGif } from "../../web/echo-viewer/features/export/gif.ts";

type Colour = readonly [red: number, green: number, blue: number];

const SIZE = 256;

/** A film of one picture. */
async function* filmOf(colourAt: (x: number, y: number) => Colour): Film {
  const data = new Uint8ClampedArray(4 * SIZE * SIZE);
  for (let i = 0; i < SIZE * SIZE; i++) data.set([...colourAt(i % SIZE, Math.floor(i / SIZE)), 255], 4 * i);
  const canvas = { width: SIZE, height: SIZE, getContext: () => ({ getImageData: () => ({ data }) }) };
  yield { canvas: canvas as unknown as HTMLCanvasElement, timeS: 0, durationS: 0.1 };
}

/** The colours of the pixels of a GIF of one picture, by the algorithm of its specification. */
function pixelsOf(bytes: Uint8Array): Colour[] {
  const colours = 2 << (bytes[10] & 7);
  let at = 13 + 3 * colours;
  while (bytes[at] !== 0x2c) {
    at += 2;
    while (bytes[at]) at += bytes[at] + 1;
    at++;
  }
  at += 10;
  const least = bytes[at++];
  const packed: number[] = [];
  while (bytes[at]) {
    packed.push(...bytes.subarray(at + 1, at + 1 + bytes[at]));
    at += bytes[at] + 1;
  }
  const clear = 1 << least;
  const out: number[] = [];
  let [table, size, previous, bit]: [number[][], number, number[] | undefined, number] = [
    [],
    0,
    undefined,
    0,
  ];
  for (;;) {
    let code = 0;
    for (let k = 0; k < (size || least + 1); k++, bit++) code |= ((packed[bit >> 3] >> (bit & 7)) & 1) << k;
    if (code === clear + 1) break;
    if (code === clear) {
      table = Array.from({ length: clear + 2 }, (_, i) => [i]);
      size = least + 1;
      previous = undefined;
      continue;
    }
    const entry: number[] = table[code] ?? [...previous!, previous![0]];
    if (previous && table.length < 4096) table.push([...previous, entry[0]]);
    previous = entry;
    for (const one of entry) out.push(one);
    if (table.length === 1 << size && size < 12) size++;
  }
  return out.map((one) => [bytes[13 + 3 * one], bytes[14 + 3 * one], bytes[15 + 3 * one]]);
}

const gifOf = async (colourAt: (x: number, y: number) => Colour): Promise<Colour[]> => {
  const blob = await makeGif(filmOf(colourAt), greyPalette("gray"));
  return pixelsOf(new Uint8Array(await blob.arrayBuffer()));
};

const grey = (x: number): Colour => [x, x, x];

test("a GIF keeps every grey level of a grey picture", async () => {
  const pixels = await gifOf(grey);
  for (const [i, pixel] of pixels.entries()) assert.equal(pixel, grey(i % SIZE));
});

test("a GIF with a curve beside the picture has its colours, and no grey is off by more than one level", async () => {
  const curve: Colour = [143, 211, 255];
  const peaks: Colour = [255, 184, 107];
  const pixels = await gifOf((x, y) => (y < 8 ? curve : y < 12 ? peaks : grey(x)));
  assert.is(pixels.length, SIZE * SIZE);
  for (const [i, pixel] of pixels.entries()) {
    const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
    const [wanted, off] = y < 8 ? [curve, 8] : y < 12 ? [peaks, 8] : [grey(x), 1];
    for (let c = 0; c < 3; c++)
      assert.ok(Math.abs(pixel[c] - wanted[c]) <= off, `${pixel} for ${wanted} at ${x}, ${y}`);
  }
});

test("a GIF of a picture in colours has those", async () => {
  const of = (x: number): Colour => [x, 255 - x, 40];
  const pixels = await gifOf((x, y) => (y < 20 ? grey(x) : of(x)));
  const off = pixels.map((pixel, i) => {
    const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
    const wanted = y < 20 ? grey(x) : of(x);
    return Math.max(...pixel.map((value, c) => Math.abs(value - wanted[c])));
  });
  assert.ok(Math.max(...off) <= 16, `${Math.max(...off)}`);
});

test.run();
