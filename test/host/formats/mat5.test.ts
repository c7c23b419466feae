import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSondeError } from "../../../host/errors.ts";
import { type MatFile, type MatValue, readMat5 } from "../../../host/formats/mat5.ts";
import { sharedData } from "../../shared.ts";
import {
  ascii,
  concat,
  matCell,
  matCompressed,
  matElement,
  matFile,
  matMatrix,
  matNumbers,
  matStruct,
} from "./make.ts";

const LIMIT = 2 ** 28;

async function refused(bytes: Uint8Array<ArrayBuffer>, code: string, words: RegExp): Promise<void> {
  try {
    await readMat5(bytes, LIMIT);
  } catch (error) {
    assert.ok(isSondeError(error), String(error));
    assert.is(error.code, code);
    assert.match(error.message, words);
    return;
  }
  assert.unreachable(`expected ${code}`);
}

interface Expected {
  cls: string;
  shape: number[];
  values_column_major?: (number | string | [number, number])[];
  rows?: string[];
  fields?: string[];
  dense?: number[][];
  /** Of magnitudes. */
  sum?: number;
}

function numeric(value: MatValue | undefined) {
  if (value?.kind !== "numeric") throw new Error(`expected numbers, got ${value?.kind}`);
  return value;
}

/** scipy reports the stored type of MATLAB's files; only Octave's keep the class. */
function compare(name: string, value: MatValue | undefined, expected: Expected, exactClass: boolean): void {
  assert.ok(value, `${name} is missing`);
  if (expected.cls === "char") {
    assert.equal(value.kind === "text" && value.rows, expected.rows, name);
    return;
  }
  assert.equal(value.shape, expected.shape, `${name}: shape`);
  if (expected.cls === "struct")
    assert.equal(value.kind === "struct" && [...value.fields.keys()], expected.fields, name);
  else if (expected.cls === "cell")
    assert.is(value.kind === "cell" && value.cells.length, value.shape[0] * value.shape[1]);
  else if (expected.cls === "sparse") {
    assert.is(value.kind, "sparse");
    if (value.kind !== "sparse") return;
    const dense = Array.from({ length: value.shape[0] }, () => new Array<number>(value.shape[1]).fill(0));
    for (let j = 0; j < value.shape[1]; j++)
      for (let k = value.columnStarts[j]; k < value.columnStarts[j + 1]; k++)
        dense[value.rowIndices[k]][j] = Number(value.real[k]);
    assert.equal(dense, expected.dense, name);
  } else {
    const numbers = numeric(value);
    const classes: Record<string, string> = { float64: "double", complex128: "double", float32: "single" };
    if (exactClass) assert.is(numbers.class, classes[expected.cls] ?? expected.cls, `${name}: class`);
    const got = Array.from(numbers.real as ArrayLike<number | bigint>);
    if (expected.sum !== undefined)
      assert.is(
        got.reduce<number>((sum, v) => sum + Math.abs(Number(v)), 0),
        expected.sum,
        name,
      );
    expected.values_column_major?.forEach((wanted, k) => {
      if (Array.isArray(wanted)) {
        assert.is(got[k], wanted[0], name);
        assert.is(numbers.imaginary?.[k], wanted[1], name);
      } else if (typeof got[k] === "bigint") assert.is(String(got[k]), String(wanted), name);
      else if (typeof wanted === "string")
        assert.is(String(got[k]).toLowerCase().replace("infinity", "inf"), wanted, name);
      else assert.is(got[k], wanted, name);
    });
  }
}

if (sharedData) {
  const expected: Record<string, Record<string, Expected | string>> = JSON.parse(
    readFileSync(`${sharedData}mat/expected.json`, "utf8"),
  );
  for (const [file, variables] of Object.entries(expected))
    test(`${file} gives every value that scipy reads from it`, async () => {
      const mat = await readMat5(new Uint8Array(readFileSync(`${sharedData}mat/${file}`)), LIMIT);
      for (const [name, wanted] of Object.entries(variables))
        if (typeof wanted !== "string")
          compare(name, mat.variables.get(name), wanted, file.startsWith("octave"));
    });

  test("objects that only MATLAB can read are skipped and reported", async () => {
    const mat = await readMat5(new Uint8Array(readFileSync(`${sharedData}mat/ArraySteelPins.mat`)), LIMIT);
    assert.is(mat.skipped.length, 2);
    assert.match(mat.skipped[0], /Faast/);
    assert.match(mat.skipped[1], /workspace/);
  });

  test("logical arrays are marked", async () => {
    const mat = await readMat5(new Uint8Array(readFileSync(`${sharedData}mat/octave_v6.mat`)), LIMIT);
    assert.is(numeric(mat.variables.get("n_logical")).logical, true);
    assert.is(numeric(mat.variables.get("e_uint8")).logical, false);
  });
}

test("a big-endian file gives the same values as a little-endian one", async () => {
  const read = async (big: boolean) =>
    numeric(
      (
        await readMat5(matFile([matNumbers("x", [2, 2], [1, -2.5, 3, 1e300], { big })], big), LIMIT)
      ).variables.get("x"),
    );
  const [little, big] = [await read(false), await read(true)];
  assert.equal(big.real, little.real);
  assert.equal(Array.from(little.real as Float64Array), [1, -2.5, 3, 1e300]);
});

test("compressed, nested and complex variables are read", async () => {
  const inner = matCell("", [1, 2], [matNumbers("", [1, 1], [7]), matElement(14, new Uint8Array(0))]);
  const file = matFile([
    await matCompressed(matStruct("s", { list: inner, z: matNumbers("", [1, 1], [1], { imaginary: [2] }) })),
    matNumbers("after", [1, 1], [5]),
  ]);
  const mat: MatFile = await readMat5(file, LIMIT);
  const s = mat.variables.get("s");
  if (s?.kind !== "struct") return assert.unreachable("s is a struct");
  const list = s.fields.get("list")?.[0];
  assert.equal(
    list?.kind === "cell" && list.cells.map((cell) => Array.from(numeric(cell).real as Float64Array)),
    [[7], []],
  );
  assert.is(numeric(s.fields.get("z")?.[0]).imaginary?.[0], 2);
  assert.is(numeric(mat.variables.get("after")).real[0], 5);
});

test("a length beyond the end is refused before memory is taken", async () => {
  const element = matNumbers("x", [1, 4], [1, 2, 3, 4]);
  new DataView(element.buffer).setUint32(4, 0xfffffff0, true);
  await refused(matFile([element]), "corrupt-file", /claims 4294967280 bytes/);
});

test("dimensions that the numbers do not fill are refused", async () => {
  await refused(matFile([matNumbers("x", [65536, 65536, 65536], [1])]), "corrupt-file", /holds 1 numbers/);
  await refused(matFile([matNumbers("x", [-1, 1], [1])]), "corrupt-file", /dimensions -1 x 1/);
  await refused(matFile([matCell("c", [2 ** 30, 2 ** 30], [])]), "corrupt-file", /values/);
});

test("a decompression bomb is refused by its claim and by its content", async () => {
  const zeros = new Uint8Array(4 * 2 ** 20);
  const honest = matElement(14, zeros);
  try {
    await readMat5(matFile([await matCompressed(honest)]), 2 ** 20);
    assert.unreachable();
  } catch (error) {
    assert.ok(isSondeError(error, "out-of-memory"), String(error));
  }
  const lying = honest.slice();
  new DataView(lying.buffer).setUint32(4, 64, true);
  await refused(matFile([await matCompressed(lying)]), "corrupt-file", /more than the 72 bytes it claims/);
  const boasting = matElement(14, new Uint8Array(8));
  new DataView(boasting.buffer).setUint32(4, 0x7fffffff, true);
  await refused(matFile([await matCompressed(boasting)]), "corrupt-file", /claims to hold 2147483655 bytes/);
});

test("cells nested without end are refused", async () => {
  let cell = matNumbers("", [1, 1], [1]);
  for (let k = 0; k < 40; k++) cell = matCell("", [1, 1], [cell]);
  await refused(matFile([cell]), "corrupt-file", /nested more than 32 deep/);
});

test("version 4 and foreign files are told apart from damaged ones", async () => {
  await refused(ascii("MATLAB"), "corrupt-file", /128 bytes of header/);
  const other = matFile([]);
  other[125] = 9;
  await refused(other, "unsupported-format", /version 0x900/);
});

test("sparse indices outside the array are refused", async () => {
  const sparse = (row: number) =>
    matMatrix(
      5,
      [2, 1],
      "s",
      concat(
        matElement(5, new Uint8Array(Int32Array.of(row).buffer)),
        matElement(5, new Uint8Array(Int32Array.of(0, 1).buffer)),
        matElement(9, new Uint8Array(Float64Array.of(3).buffer)),
      ),
    );
  const mat = await readMat5(matFile([sparse(1)]), LIMIT);
  assert.is(mat.variables.get("s")?.kind, "sparse");
  await refused(matFile([sparse(2)]), "corrupt-file", /outside 2 x 1/);
});

test.run();
