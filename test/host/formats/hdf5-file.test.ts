import { build } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSondeError } from "../../../host/errors.ts";
import { type ChunkIndex, readChunkIndex } from "../../../host/formats/hdf5/chunks.ts";
import { openHdf5File } from "../../../host/formats/hdf5/client.ts";
import { openHdf5 } from "../../../host/formats/hdf5/open.ts";
import type { Hdf5Group } from "../../../host/formats/hdf5/protocol.ts";
import { hdf5Recording } from "../../../host/formats/hdf5/recording.ts";
import { makeScene } from "../../synthetic.ts";
import {
  type Bytes,
  findBytes,
  lzfLiterals,
  makeEndlessTree,
  makeHdf5,
  noise,
  type Oldest,
  renameDeflate,
  replaceChunks,
} from "./make-hdf5.ts";
import { refuses } from "./refusal.ts";

const SHAPE = [4, 3, 40];
const samples = noise(4 * 3 * 40, 3);

/** [4, 3, 40] of noise in chunks of [1, 3, 40], deflated. */
function chunkedFile(oldest?: Oldest, chunks = [1, 3, 40]): Promise<Bytes> {
  return makeHdf5((file) => {
    const create = { name: "data", data: samples, shape: SHAPE, chunks, dtype: "<h" };
    file.create_dataset({ ...create, compression: "gzip" });
    file.create_attribute("title", "noise");
  }, oldest);
}

/** The same, stored with LZF. */
async function lzfFile(): Promise<Bytes> {
  const bytes = await chunkedFile();
  renameDeflate(bytes, 32000);
  const replaced = replaceChunks(bytes, 3, (first) =>
    lzfLiterals(new Uint8Array(samples.buffer.slice(first * 240, (first + 1) * 240))),
  );
  assert.is(replaced, 4);
  return bytes;
}

test("a description holds shapes, attributes and small contents", async () => {
  const file = await openHdf5File({ name: "a.h5", bytes: await chunkedFile() });
  const root = (await file.describe("/")) as Hdf5Group;
  assert.equal(root.attributes["title"], ["noise"]);
  const data = root.children["data"];
  if (data.kind !== "dataset") return assert.unreachable();
  assert.equal(data.shape, SHAPE);
  assert.is(data.type, "integer");
  assert.equal(data.value, Array.from(samples));
  file.close();
});

test("a request that cannot be sent to the worker is refused, and the file stays open", async () => {
  const file = await openHdf5File({ name: "a.h5", bytes: await chunkedFile() });
  await refuses(file.read({ paths: [() => "/data"] as unknown as string[] }), "bad-option", /cannot be sent/);
  assert.equal((await file.read({ paths: ["/data"] })).values, samples);
  file.close();
});

for (const [name, make] of [
  ["deflate", () => chunkedFile()],
  ["LZF", lzfFile],
] as const) {
  test(`a box of ${name} data is read as int16, with its axes in the order asked for`, async () => {
    const file = await openHdf5File({ name: "a.h5", bytes: await make() });
    const whole = await file.read({ paths: ["/data"] });
    assert.instance(whole.values, Int16Array);
    assert.equal(whole.values, samples);
    const slab = { start: [1, 1, 5], count: [2, 2, 30] };
    const box = await file.read({ paths: ["/data"], slab, axes: [0, 2, 1] });
    assert.equal(box.shape, [2, 30, 2]);
    for (let i = 0; i < 2; i++)
      for (let k = 0; k < 30; k++)
        for (let j = 0; j < 2; j++)
          assert.is(box.values[(i * 30 + k) * 2 + j], samples[((1 + i) * 3 + 1 + j) * 40 + 5 + k]);
    const twice = await file.read({ paths: ["/data", "/data"], slab });
    assert.equal(twice.shape, [2, 2, 30, 2]);
    assert.is(twice.values[2], samples[(1 * 3 + 1) * 40 + 6]);
    assert.is(twice.values[3], twice.values[2]);
    file.close();
  });
}

test("damaged LZF data are refused, not shown", async () => {
  const bytes = await lzfFile();
  replaceChunks(bytes, 3, () => Uint8Array.of(0, 1, 0x3f, 0xff));
  const file = await openHdf5File({ name: "a.h5", bytes });
  await refuses(file.read({ paths: ["/data"] }), "corrupt-file", /LZF/);
  file.close();
});

/** Chunk indices of all objects of a file that have one, or the first refusal. */
function indicesIn(bytes: Bytes): ChunkIndex[] {
  const found: ChunkIndex[] = [];
  let refusal: unknown;
  for (const header of findBytes(bytes, [0x4f, 0x48, 0x44, 0x52]))
    try {
      found.push(readChunkIndex(bytes, header));
    } catch (error) {
      if (isSondeError(error, "unsupported-format")) refusal = error;
    }
  if (refusal) throw refusal;
  return found;
}

test("chunks are found below object headers of version 2 as well", async () => {
  const [index] = indicesIn(await chunkedFile("v108"));
  assert.equal(index.chunkShape, [1, 3, 40]);
  assert.is(index.elementBytes, 2);
  assert.equal(index.chunks.map((chunk) => chunk.start[0]).sort(), [0, 1, 2, 3]);
  const [single] = indicesIn(await chunkedFile("v110", SHAPE));
  assert.is(single.chunks.length, 1);
  assert.ok(single.chunks[0].byteLength > 900);
});

test("a chunk index of a kind that is not followed is named", async () => {
  const bytes = await chunkedFile("v110");
  await refuses((async () => indicesIn(bytes))(), "unsupported-format", /chunk index of type 3/);
});

test("a filter nobody knows is named", async () => {
  const bytes = await chunkedFile();
  renameDeflate(bytes, 32008);
  const file = await openHdf5File({ name: "a.h5", bytes });
  await refuses(file.read({ paths: ["/data"] }), "unsupported-format", /\/data.*32008/);
  file.close();
});

test("damaged deflate data are refused, not shown", async () => {
  const bytes = await chunkedFile();
  replaceChunks(bytes, 3, () => new Uint8Array(200).fill(0xa5));
  const file = await openHdf5File({ name: "a.h5", bytes });
  await refuses(file.read({ paths: ["/data"] }), "corrupt-file", /\/data/);
  file.close();
});

test("samples that are damaged are told with their frame and the way out", async () => {
  const bytes = await chunkedFile();
  replaceChunks(bytes, 3, () => new Uint8Array(200).fill(0xa5));
  const file = await openHdf5File({ name: "a.h5", bytes });
  const { info } = makeScene("plane");
  if (info.kind !== "channels") throw new Error("a scene of channel data");
  const source = hdf5Recording(file, { ...info, frameCount: 4 }, (index) => ({
    paths: ["/data"],
    slab: { start: [index, 0, 0], count: [1, 3, 40] },
  }));
  const results = await Promise.allSettled([0, 1, 2, 3].map((index) => source.frame(index)));
  const broken = results.findIndex(({ status }) => status === "rejected");
  assert.ok(broken >= 0);
  await refuses(
    source.frame(broken),
    "corrupt-file",
    new RegExp(`^Frame ${broken}: /data .*: choose other frames, or get the file anew\\.$`),
  );
  source.close();
});

test("an object that the library cannot open says what may be wrong, and what to do", async () => {
  const file = await openHdf5File({ name: "a.h5", bytes: await chunkedFile() });
  await refuses(
    file.read({ paths: ["/absent"] }),
    "corrupt-file",
    /cannot be read \(.*[^!.]\): it is damaged or cut short\. Get it anew; h5ls -r/,
  );
  file.close();
});

test("links are named, never followed", async () => {
  const bytes = await makeHdf5((file) => {
    file.create_dataset({ name: "data", data: samples });
    file.create_soft_link("/data", "soft");
    file.create_external_link("/etc/passwd", "/data", "external");
  });
  const file = await openHdf5File({ name: "a.h5", bytes });
  const { children } = (await file.describe("/")) as Hdf5Group;
  assert.is(children["soft"].kind, "link");
  assert.is(children["external"].kind, "link");
  file.close();
});

test("a file that crashes the library is refused; other open files and later ones go on", async () => {
  const good = await openHdf5File({ name: "good.h5", bytes: await chunkedFile() });
  const bytes = await chunkedFile();
  makeEndlessTree(bytes);
  const bad = await openHdf5File({ name: "bad.h5", bytes });
  await refuses(bad.describe("/"), "corrupt-file", /crash/);
  await refuses(bad.describe("/"), "corrupt-file", /crash/);
  assert.equal((await good.read({ paths: ["/data"] })).values, samples);
  const later = await openHdf5File({ name: "later.h5", bytes: await chunkedFile() });
  assert.equal((await later.read({ paths: ["/data"] })).values, samples);
  for (const file of [good, bad, later]) file.close();
});

test("requests made at once are answered each with its own data", async () => {
  const file = await openHdf5File({ name: "a.h5", bytes: await chunkedFile() });
  const frames = await Promise.all(
    [3, 0, 2, 1].map((i) => file.read({ paths: ["/data"], slab: { start: [i, 0, 0], count: [1, 3, 40] } })),
  );
  for (const [k, i] of [3, 0, 2, 1].entries())
    assert.equal(frames[k].values, samples.slice(i * 120, (i + 1) * 120));
  file.close();
  await refuses(file.describe("/"), "bad-option", /closed/);
});

test("truncated files and HDF5 files of other kinds are refused with a reason", async () => {
  const bytes = await chunkedFile();
  await refuses(openHdf5({ name: "cut.h5", bytes: bytes.slice(0, 900) }), "corrupt-file", /cut\.h5/);
  await refuses(openHdf5({ name: "other.h5", bytes }), "unsupported-format", /other\.h5.*data/);
  assert.is(bytes.length > 900, true, "the caller's bytes stay");
});

test("every single damaged byte of a file's structure ends in data or in a tagged error", async () => {
  const bytes = await lzfFile();
  const [header] = findBytes(bytes, [0x54, 0x52, 0x45, 0x45, 1]);
  for (let at = header; at < header + 200; at += 3) {
    const damaged = bytes.slice();
    damaged[at] ^= 0xff;
    try {
      const file = await openHdf5File({ name: "a.h5", bytes: damaged });
      await file.read({ paths: ["/data"] });
      file.close();
    } catch (error) {
      assert.ok(isSondeError(error), String(error));
      assert.is.not((error as { code: string }).code, "internal");
    }
  }
});

test("the readers do not bring the HDF5 library into the page", async () => {
  const result = await build({
    entryPoints: [
      "host/formats/uff.ts",
      "host/formats/zea.ts",
      "host/formats/picmus.ts",
      "host/formats/hdf5/open.ts",
    ],
    absWorkingDir: new URL("../../../", import.meta.url).pathname,
    bundle: true,
    format: "esm",
    outdir: "none",
    write: false,
    metafile: true,
    external: ["node:*"],
  });
  assert.equal(
    Object.keys(result.metafile.inputs).filter((path) => path.includes("node_modules")),
    [],
  );
});

test.run();
