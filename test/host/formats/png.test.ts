import { gzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSondeError } from "../../../host/errors.ts";
import { crc32 } from "../../../host/formats/crc32.ts";
import { encodePng } from "../../../host/formats/png.ts";
import { decodePng } from "./decode-png.ts";
import { ascii, random } from "./make.ts";

function picture(width: number, height: number, pixel: (k: number) => readonly number[]) {
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (let k = 0; k < width * height; k++) pixels.set(pixel(k), 4 * k);
  return { width, height, pixels };
}

const next = random(3);
const speckle = picture(37, 21, () => {
  const grey = Math.floor(next() * 256);
  return [grey, grey, grey, 255];
});

test("CRC-32 of the check string is CBF43926", () => {
  assert.is(crc32(ascii("123456789")), 0xcbf43926);
  assert.is(crc32(ascii("1234"), ascii("56789")), 0xcbf43926);
});

test("CRC-32 is what gzip writes, for every length and place in memory", () => {
  const bytes = Uint8Array.from({ length: 80 }, () => Math.floor(next() * 256));
  for (let from = 0; from < 4; from++)
    for (let end = from; end <= bytes.length; end++) {
      const part = bytes.subarray(from, end);
      // RFC 1952: the last eight bytes of a member are the check value and the size.
      const zipped = gzipSync(part);
      assert.is(crc32(part), zipped.readUInt32LE(zipped.length - 8));
    }
});

test("a grey picture becomes 8-bit grey with every pixel exact", async () => {
  const png = decodePng(await encodePng(speckle));
  assert.equal([png.width, png.height, png.colourType], [37, 21, 0]);
  for (let k = 0; k < 37 * 21; k++) assert.is(png.values[k], speckle.pixels[4 * k]);
});

test("the same picture gives the same bytes", async () => {
  assert.equal(await encodePng(speckle), await encodePng(speckle));
});

test("colour is kept", async () => {
  const png = decodePng(await encodePng(picture(3, 2, (k) => [k, 10 * k, 20 * k, 255])));
  assert.is(png.colourType, 2);
  assert.equal(Array.from(png.values.subarray(3, 6)), [1, 10, 20]);
});

test("outside the field of view is black, or transparent when asked", async () => {
  const half = picture(2, 1, (k) => (k ? [9, 9, 9, 255] : [77, 5, 3, 0]));
  const black = decodePng(await encodePng(half));
  assert.equal([black.colourType, ...black.values], [0, 0, 9]);
  const clear = decodePng(await encodePng(half, { transparent: true }));
  assert.equal([clear.colourType, ...clear.values], [4, 0, 0, 9, 255]);
  const colour = decodePng(
    await encodePng(
      picture(2, 1, (k) => [k, 2, 3, 128 * k]),
      { transparent: true },
    ),
  );
  assert.equal([colour.colourType, ...colour.values], [6, 0, 0, 0, 0, 1, 2, 3, 128]);
});

test("text and pixel size are stored", async () => {
  const text = {
    Software: "Sonde",
    Description: "Tiefe 40 mm, Schallgeschwindigkeit 1540 m/s \u00b1 1 \u03bc",
  };
  const png = decodePng(await encodePng(speckle, { text, pixelsPerMeter: [10000.4, 5000] }));
  assert.equal(png.text, text);
  assert.equal(png.pixelsPerMeter, [10000, 5000]);
});

test("what a PNG cannot hold is refused", async () => {
  const cases = [
    encodePng({ width: 0, height: 1, pixels: new Uint8ClampedArray(0) }),
    encodePng({ width: 2, height: 2, pixels: new Uint8ClampedArray(4) }),
    encodePng(speckle, { text: { "": "x" } }),
    encodePng(speckle, { text: { "\u4e2d": "x" } }),
    encodePng(speckle, { pixelsPerMeter: [Number.NaN, 1] }),
  ];
  for (const result of await Promise.allSettled(cases))
    assert.ok(
      result.status === "rejected" && isSondeError(result.reason, "bad-option"),
      JSON.stringify(result),
    );
});

test.run();
