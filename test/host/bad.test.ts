/** Files that lie, files that were cut, and files that were hit at random: an error in words, soon, and never a crash. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSondeError } from "../../host/errors.ts";
import { encodeNpy } from "../../host/formats/npy.ts";
import { type OpenOptions, open } from "../../host/open.ts";
import { sondeWriter } from "../../host/protocols/sonde-encoder.ts";
import { processorTime } from "../processor-time.ts";
import { sharedData } from "../shared.ts";
import {
  ascii,
  concat,
  e2File,
  e3File,
  e4Datagram,
  lengthPrefixed,
  matCell,
  matCompressed,
  matFile,
  matNumbers,
  matStruct,
  mustFile,
  npyFile,
  random,
  SMALL_E2,
  textFilm,
} from "./formats/make.ts";

/** Code of the error, or "opened" after frame 0 was read; anything but a `SondeError` in one line fails the test. */
async function outcome(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  options: OpenOptions = {},
): Promise<string> {
  try {
    const source = await open({ name, bytes }, options);
    if ((source.info.frameCount ?? 0) > 0) await source.frame(0);
    source.close();
    return "opened";
  } catch (error) {
    if (!isSondeError(error)) throw error;
    assert.ok(
      error.code !== "internal",
      `${error.message} ${error.cause instanceof Error ? error.cause.stack : ""}`,
    );
    assert.not.match(error.message, /\p{Cc}/u);
    assert.match(error.message, /^.{20,600}$/);
    return error.code;
  }
}

if (sharedData) {
  const folder = `${sharedData}bad/`;
  const manifest: { files: { file: string; what: string }[] } = JSON.parse(
    readFileSync(`${folder}manifest.json`, "utf8"),
  );
  const NAMED: Readonly<Record<string, RegExp>> = {
    "uff_huge_declared_dims.uff": /declare|2\^|values|bytes/i,
    "uff_sequence_size_mismatch.uff": /5/,
    "zea_t0_delays_transposed.hdf5": /t0_delays/,
    "mat_element_length_beyond_eof.mat": /claims 5000 bytes, 64 are left/,
    "npy_descr_object.npy": /objects, never opened/,
    "clarius_frames_2e32.raw": /claims 4294967295 frames/,
    "echopen_e2_dec_0.bin": /decimation 0/,
    "probes_igtl_body_2e60.igtl": /claims 1152921504606846976 bytes/,
    "dicom_rows_65535.dcm": /DICOM/,
    "wfdb_path_traversal.hea": /WFDB/,
  };
  // The library is loaded once, whoever comes first.
  test.before(async () => {
    await outcome("warm-up.hdf5", concat(Uint8Array.of(0x89), ascii("HDF\r\n\x1a\n")));
  });

  for (const { file, what } of manifest.files)
    test(`${file} is refused within a second: ${what}`, async () => {
      const tookMs = processorTime();
      try {
        const source = await open(folder + file);
        await source.frame(0);
        assert.unreachable("it opened");
      } catch (error) {
        assert.ok(isSondeError(error), String(error));
        assert.ok(["corrupt-file", "unsupported-format", "out-of-memory"].includes(error.code), error.code);
        assert.match(error.message, NAMED[file] ?? /./);
        assert.not.match(error.message, /\n/);
      }
      assert.ok(tookMs() < 1000);
    });
}

/** A recording of two lines, three frames. */
function sondeFile(): Uint8Array<ArrayBuffer> {
  const writer = sondeWriter(
    {
      kind: "lines",
      name: "probe",
      format: "test",
      signal: "envelope",
      frameCount: null,
      soundSpeedMps: 1540,
      warnings: [],
      lines: Float64Array.of(0, 0, 0, 0, 1e-3, 1e-3, 0, 0, 0, 1e-3),
      sampleCount: 8,
    },
    1,
  );
  const frames = [0, 1, 2].map((index) => ({ index, samples: new Uint8Array(16).fill(index) }));
  return concat(
    ...writer.start(),
    ...frames.flatMap((frame) => writer.frame(frame)),
    ...(writer.end?.() ?? []),
  );
}

const PARAM = { fs: [40e6], fc: [5e6], pitch: [3e-4], c: [1540], t0: [0], TXdelay: [0, 0, 0, 0] };
const MUST = mustFile([6, 4, 2], PARAM);
const SMALL_SETTINGS = SMALL_E2.header.join("\n");

/** One valid small file of every kind, with the options that open it. */
async function samples(): Promise<[name: string, bytes: Uint8Array<ArrayBuffer>, options?: OpenOptions][]> {
  const echoes = (k: number) =>
    matNumbers(
      "",
      [5, 3],
      Array.from({ length: 15 }, (_, i) => i + k),
    );
  const scalar = (name: string, value: number) => matNumbers(name, [1, 1], [value]);
  const synaptus = matFile([
    matCell("data", [3, 1], [echoes(0), echoes(1), echoes(2)]),
    scalar("fs", 50),
    scalar("cp", 1480),
    scalar("MWB", 40),
  ]);
  const compressed = matFile([
    await matCompressed(matNumbers("RF", [6, 4], new Array<number>(24).fill(1))),
    await matCompressed(
      matStruct("param", { fs: matNumbers("", [1, 1], [4e7]), pitch: matNumbers("", [1, 1], [3e-4]) }),
    ),
  ]);
  return [
    ["must.mat", MUST],
    ["synaptus.mat", synaptus],
    ["compressed.mat", compressed],
    ["array.npy", encodeNpy(new Float32Array(24), [3, 2, 2], "<c8")],
    ["film.txt", textFilm(["1 2 3 4", "5 6 -7 8"])],
    ["e2.bin", e2File(20)],
    ["e2_headerless.bin", e2File(20).slice(30), { settings: SMALL_SETTINGS }],
    ["e3.bin", e3File()],
    ["e4.bin", lengthPrefixed([e4Datagram(0, 1), e4Datagram(0, 2), e4Datagram(1, 1)])],
    ["rf_film_i16le_1x4x8.bin", new Uint8Array(64)],
    ["stream.sonde", sondeFile()],
  ];
}

test("the files that are about to be spoiled are sound", async () => {
  for (const [name, bytes, options] of await samples())
    assert.is(await outcome(name, bytes, options), "opened", name);
});

test("a file cut anywhere is an error or a shorter recording, never a crash", async () => {
  for (const [name, bytes, options] of await samples()) {
    const step = Math.max(1, Math.floor(bytes.length / 120));
    for (let length = 0; length < bytes.length; length += step) {
      const result = await outcome(name, bytes.slice(0, length), options);
      if (length < 4) assert.is.not(result, "opened", `${name} of ${length} bytes`);
    }
  }
});

test("lies about sizes are refused without taking the memory", async () => {
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1099511627776, 2), }";
  const cases: [string, Uint8Array<ArrayBuffer>, string][] = [
    ["a.npy", npyFile(header, new Uint8Array(16)), "corrupt-file"],
    ["a.mat", MUST.slice(0, 300), "corrupt-file"],
    ["a.mat", mustFile([6, 4, 2], { ...PARAM, Nelements: [65536] }), "corrupt-file"],
    ["e3.bin", e3File("A", 4, 2 ** 31 - 1), "corrupt-file"],
    ["e3.bin", e3File("A", 4, -5), "corrupt-file"],
    ["e4.bin", ascii("\xff\xff\xff\xff\0\0\0\0"), "corrupt-file"],
    ["x_i16le_999999x4096x16384.bin", new Uint8Array(64), "corrupt-file"],
    ["a.txt", textFilm(["1 2 3 4", "5 6 7"]), "corrupt-file"],
    ["a.txt", ascii("#lines:4096\n#r0:80\n#frequency:15\n1 2\n3 4\n"), "corrupt-file"],
    ["a.txt", ascii(`#lines:2\n${"9 ".repeat(40000)}\n`), "corrupt-file"],
    ["empty.uff", new Uint8Array(0), "unsupported-format"],
  ];
  for (const [name, bytes, code] of cases) {
    const tookMs = processorTime();
    assert.is(await outcome(name, bytes), code, name);
    assert.ok(tookMs() < 1000, `${name} took too long`);
  }
});

const MUTATIONS_PER_FILE = 400;

/** Overwrites, flips, inserts, removes or repeats a few bytes. */
function mutate(bytes: Uint8Array<ArrayBuffer>, next: () => number): Uint8Array<ArrayBuffer> {
  let out = bytes.slice();
  const extremes = [0, 1, 0x7f, 0x80, 0xff];
  for (let count = 1 + Math.floor(next() * 3); count > 0; count--) {
    // Half of the hits go where headers are.
    const at = Math.floor(next() * (next() < 0.5 ? Math.min(out.length, 400) : out.length));
    const kind = Math.floor(next() * 5);
    const length = 1 + Math.floor(next() * 8);
    if (kind === 0) out[at] ^= 1 << Math.floor(next() * 8);
    else if (kind === 1) out.fill(extremes[Math.floor(next() * extremes.length)], at, at + length);
    else if (kind === 2) out = concat(out.subarray(0, at), out.subarray(at + length));
    else if (kind === 3) out = concat(out.subarray(0, at), out.subarray(at, at + length), out.subarray(at));
    else out.set(out.slice(at, at + length), Math.floor(next() * Math.max(1, out.length - length)));
  }
  return out;
}

test("thousands of seeded mutations end in a SondeError or a recording, each within a second", async () => {
  const counts = new Map<string, number>();
  for (const [name, bytes, options] of await samples()) {
    const next = random(20260101);
    for (let k = 0; k < MUTATIONS_PER_FILE; k++) {
      const spoiled = mutate(bytes, next);
      const tookMs = processorTime();
      const result = await outcome(name, spoiled, options);
      assert.ok(tookMs() < 1000, `${name}, mutation ${k}: ${result} took too long`);
      counts.set(result, (counts.get(result) ?? 0) + 1);
    }
  }
  // Otherwise the mutations would miss what they are meant to hit.
  assert.ok((counts.get("corrupt-file") ?? 0) > 500, JSON.stringify([...counts]));
  assert.ok((counts.get("opened") ?? 0) > 500, JSON.stringify([...counts]));
});

test.run();
