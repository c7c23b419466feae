import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSondeError } from "../../../host/errors.ts";
import { decodeNpy, encodeNpy, openNpy } from "../../../host/formats/npy.ts";
import { sharedData } from "../../shared.ts";
import { npyFile } from "./make.ts";

function refused(make: () => unknown, code: string, words: RegExp): void {
  try {
    make();
  } catch (error) {
    assert.ok(isSondeError(error), String(error));
    assert.is(error.code, code);
    assert.match(error.message, words);
    return;
  }
  assert.unreachable(`expected ${code}`);
}

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

test("what is written is read back, and has numpy's layout", () => {
  const values = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const bytes = encodeNpy(values, [2, 2], "<c8");
  const array = decodeNpy(bytes);
  assert.equal(array.shape, [2, 2]);
  assert.is(array.complex, true);
  assert.equal(array.values, values);
  assert.is((bytes.length - values.byteLength) % 64, 0);
  assert.is(
    new TextDecoder("latin1").decode(bytes.subarray(10, 68)),
    "{'descr': '<c8', 'fortran_order': False, 'shape': (2, 2), ",
  );
  for (const [data, shape, descr] of [
    [Int16Array.of(-1, 2, 3), [3], "<i2"],
    [Uint8Array.of(9), [1, 1], "|u1"],
    [Float32Array.of(0.5), [], "<f4"],
  ] as const)
    assert.equal(decodeNpy(encodeNpy(data, shape, descr)).values, data);
});

test("values that do not fill their shape are not written", () => {
  refused(() => encodeNpy(Float32Array.of(1), [2], "<f4"), "bad-option", /shape 2/);
  refused(() => encodeNpy(Uint8Array.of(1), [1], "<f4"), "bad-option", /Uint8Array/);
});

test("Fortran order is turned into C order", () => {
  const bytes = npyFile("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3)}", floats(1, 4, 2, 5, 3, 6));
  assert.equal(Array.from(decodeNpy(bytes).values), [1, 2, 3, 4, 5, 6]);
  const complex = npyFile("{'descr': '<c8', 'fortran_order': True, 'shape': (2, 1)}", floats(1, 2, 3, 4));
  assert.equal(Array.from(decodeNpy(complex).values), [1, 2, 3, 4]);
});

test("headers in other spellings are understood", () => {
  const bytes = npyFile(`{"shape":(2L,),"fortran_order":False,"descr":"=f4",}   `, floats(1, 2));
  assert.equal(Array.from(decodeNpy(bytes).values), [1, 2]);
});

test("objects, foreign types, absurd shapes and code in the header are refused", () => {
  const header = (descr: string, shape: string) =>
    `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`;
  const four = new Uint8Array(4);
  refused(() => decodeNpy(npyFile(header("'|O'", "(1,)"), four)), "unsupported-format", /never opened/);
  refused(() => decodeNpy(npyFile(header("'>f4'", "(1,)"), four)), "unsupported-format", />f4/);
  refused(
    () => decodeNpy(npyFile(header("'constructor'", "(1,)"), four)),
    "unsupported-format",
    /constructor/,
  );
  refused(
    () => decodeNpy(npyFile(header("[('a', '<f4')]", "(1,)"), four)),
    "unsupported-format",
    /several fields/,
  );
  refused(
    () => decodeNpy(npyFile(header("'<f4'", "(99999999999, 99999999999)"), four)),
    "corrupt-file",
    /needs 3\.9/,
  );
  refused(() => decodeNpy(npyFile(header("'<f4'", "(-1,)"), four)), "corrupt-file", /tuple/);
  refused(() => decodeNpy(npyFile(header("'<f4'", "__import__('os')"), four)), "corrupt-file", /dict/);
  refused(
    () => decodeNpy(npyFile(header("'<f4'", "(2,)"), four)),
    "corrupt-file",
    /needs 8 bytes, 4 are present/,
  );
  refused(() => decodeNpy(npyFile("{", four)), "corrupt-file", /dict/);
});

test("a stack is frames, unless it is said to be transmits", async () => {
  const complex = {
    name: "a.npy",
    bytes: encodeNpy(
      new Float32Array(24).map((_, k) => k),
      [3, 2, 2],
      "<c8",
    ),
  };
  const real = {
    name: "b.npy",
    bytes: encodeNpy(
      new Float32Array(12).map((_, k) => k),
      [3, 2, 2],
      "<f4",
    ),
  };
  const shape = (source: ReturnType<typeof openNpy>) => [
    source.info.frameCount,
    source.info.kind === "beamformed" && source.info.transmitCount,
  ];
  assert.equal(shape(openNpy(complex)), [3, 1]);
  assert.equal(shape(openNpy(complex, { stack: "transmits" })), [1, 3]);
  assert.equal(shape(openNpy(real)), [3, 1]);
  assert.equal(shape(openNpy(real, { stack: "transmits" })), [1, 3]);
  assert.equal(Array.from((await openNpy(real).frame(2)).samples), [8, 9, 10, 11]);
  const four = { name: "c.npy", bytes: encodeNpy(new Float32Array(48), [2, 3, 2, 2], "<c8") };
  assert.equal(shape(openNpy(four)), [2, 3]);
  assert.throws(
    () => openNpy(four, { stack: "transmits" }),
    /stack is transmits; only an NPY array of three/,
  );
  refused(
    () => openNpy({ name: "d.npy", bytes: encodeNpy(new Float32Array(3), [3], "<f4") }),
    "missing-data",
    /array of 3/,
  );
});

if (sharedData)
  test("the reference of three diverging waves is one frame of three transmits", async () => {
    const bytes = new Uint8Array(readFileSync(`${sharedData}golden/phased_dw_virtual.npy`));
    const { info } = openNpy({ name: "phased_dw_virtual.npy", bytes }, { stack: "transmits" });
    assert.is(info.kind === "beamformed" && info.transmitCount, 3);
    assert.is(info.signal, "iq");
    assert.is(info.frameCount, 1);
  });

test.run();
