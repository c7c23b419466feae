import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSondeError, type SondeErrorCode } from "../../host/errors.ts";
import { encodeNpy } from "../../host/formats/npy.ts";
import { recognise } from "../../host/formats/sniff.ts";
import { type OpenOptions, open } from "../../host/open.ts";
import {
  ascii,
  concat,
  e2File,
  e3File,
  e4Datagram,
  lengthPrefixed,
  matFile,
  matNumbers,
  SMALL_E2,
  textFilm,
} from "./formats/make.ts";

const npy = encodeNpy(Float32Array.of(1, 2, 3, 4), [2, 2], "<f4");

async function refused(
  input: Parameters<typeof open>[0],
  options: OpenOptions,
  code: SondeErrorCode,
  words: RegExp,
): Promise<void> {
  try {
    await open(input, options);
  } catch (error) {
    assert.ok(isSondeError(error), String(error));
    assert.is(error.code, code, error.message);
    assert.match(error.message, words);
    assert.not.match(error.message, /\n/);
    return;
  }
  assert.unreachable(`expected ${code}`);
}

function inFolder<T>(
  files: Record<string, Uint8Array | string>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "sonde-open-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return use(folder).finally(() => rmSync(folder, { recursive: true }));
}

async function served<T>(answer: RequestListener, use: (address: string) => Promise<T>): Promise<T> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await use(`http://127.0.0.1:${port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("the same file opens from bytes, a Blob, a path, a file address and a server", async () => {
  await inFolder({ "a b.npy": npy }, async (folder) => {
    const path = join(folder, "a b.npy");
    await served(
      (_, response) => response.end(npy),
      async (address) => {
        const inputs = [
          { name: "a b.npy", bytes: npy },
          new File([npy], "a b.npy"),
          path,
          pathToFileURL(path),
          String(pathToFileURL(path)),
          `${address}/data/a%20b.npy?version=2`,
          new URL(`${address}/a%20b.npy`),
        ];
        for (const input of inputs) {
          const source = await open(input);
          assert.is(source.info.name, "a b.npy");
          assert.equal(Array.from((await source.frame(0)).samples), [1, 2, 3, 4]);
        }
      },
    );
  });
});

test("progress tells how much has come, of how much", async () => {
  const large = encodeNpy(new Float32Array(250_000), [500, 500], "<f4");
  await served(
    (_, response) => {
      response.setHeader("content-length", large.length);
      response.end(large);
    },
    async (address) => {
      const reports: [number, number | undefined][] = [];
      await open(`${address}/x.npy`, { onProgress: (loaded, total) => reports.push([loaded, total]) });
      assert.equal(reports.at(-1), [large.length, large.length]);
      for (let k = 1; k < reports.length; k++) assert.ok(reports[k][0] > reports[k - 1][0]);
    },
  );
});

test("a file over the limit is refused before it is read", async () => {
  await refused({ name: "x", bytes: npy }, { maxBytes: 100 }, "out-of-memory", /over the limit of 100/);
  await refused(new Blob([npy]), { maxBytes: 100 }, "out-of-memory", /over the limit/);
  await inFolder({ "x.npy": npy }, (folder) =>
    refused(join(folder, "x.npy"), { maxBytes: 100 }, "out-of-memory", /raise maxBytes/),
  );
  let sent = 0;
  await served(
    (_, response) => {
      // No length: only counting stops it.
      const more = () => {
        sent += 65536;
        if (!response.destroyed && sent < 2 ** 27) response.write(new Uint8Array(65536), more);
      };
      more();
    },
    (address) => refused(`${address}/endless`, { maxBytes: 10 ** 6 }, "out-of-memory", /over the limit/),
  );
  assert.ok(sent < 2 ** 26, `${sent} bytes were taken`);
});

test("what cannot be reached is not found, with a way out", async () => {
  await refused("/nowhere/x.uff", {}, "not-found", /does not exist/);
  await refused(tmpdir(), {}, "not-found", /is a folder/);
  await refused("http://127.0.0.1:9/x.uff", {}, "not-found", /cannot be reached/);
  await served(
    (_, response) => response.writeHead(404).end("no"),
    (address) => refused(`${address}/x.uff`, {}, "not-found", /answers 404/),
  );
  await served(
    (_, response) => {
      response.setHeader("content-length", 1000);
      response.write("abc", () => response.destroy());
    },
    (address) => refused(`${address}/x.uff`, {}, "not-found", /broke|reached/),
  );
});

test("a stopped opening rejects as aborted", async () => {
  await refused({ name: "x", bytes: npy }, { signal: AbortSignal.abort() }, "aborted", /stopped/);
  await served(
    (_, response) => response.write("abc"),
    (address) => refused(`${address}/slow`, { signal: AbortSignal.timeout(100) }, "aborted", /stopped/),
  );
});

test("options outside their range are refused by name", async () => {
  const file = { name: "x", bytes: npy };
  await refused(file, { maxBytes: 0 }, "bad-option", /maxBytes is 0/);
  await refused(file, { pitchM: Number.NaN }, "bad-option", /pitchM is NaN/);
  await refused(
    file,
    JSON.parse('{"format":"exe"}'),
    "bad-option",
    /format is "exe"; it must be one of hdf5, mat/,
  );
  await refused(JSON.parse("{}"), {}, "bad-option", /path, a Blob/);
});

test("content decides over the name", () => {
  const format = (bytes: Uint8Array<ArrayBuffer>, name = "anything") => {
    const found = recognise({ name, bytes });
    return "format" in found ? found.format : found.looksLike;
  };
  assert.is(format(npy), "npy");
  assert.is(format(matFile([])), "mat");
  assert.is(format(matFile([], true)), "mat");
  assert.is(
    format(concat(new Uint8Array(512), Uint8Array.of(0x89), ascii("HDF\r\n\x1a\n")), "x.mat"),
    "hdf5",
  );
  assert.is(format(e2File()), "echopen-e2");
  assert.is(format(ascii("\x89SND\r\n\x1a\n"), "x.bin"), "sonde");
  assert.is(format(new Uint8Array(64), "x.sonde"), "sonde");
  assert.is(format(e2File(48, 1)), "echopen-e2");
  assert.is(format(e3File()), "echopen-e3");
  assert.is(format(lengthPrefixed([e4Datagram(0, 1)])), "echopen-e4");
  assert.is(format(textFilm(["1 2", "3 4"])), "echopen-text");
  assert.is(format(ascii("0 0 0 1\n0 2 3 1\n")), "echopen-text");
  assert.is(format(new Uint8Array(64), "rf_film_i16le_1x2x16.bin"), "echopen-film");
  assert.is(format(new Uint8Array(64), "my_e2_run.bin"), "echopen-e2");
});

test("what Sonde does not read is named", async () => {
  const zeros = new Uint8Array(200);
  const cases: [Uint8Array<ArrayBuffer>, string, RegExp][] = [
    [new Uint8Array(0), "x", /empty file/],
    [concat(new Uint8Array(128), ascii("DICM")), "x", /DICOM/],
    [ascii("\x1f\x8b\x08\x00"), "x.uff.gz", /gzip archive \(unpack/],
    [ascii("<!DOCTYPE html><p>404"), "x.uff", /web page/],
    [ascii("100 2 360 650000\n100.dat 212 200 11 1024\n"), "100.hea", /WFDB header/],
    [ascii("80\n160\n8\n64\n57\n0\n"), "settings.txt", /settings file/],
    [ascii("version https://git-lfs.github.com/spec/v1\n"), "x.uff", /Git LFS pointer/],
    [ascii("hello"), "x", /plain text/],
    [zeros, "x.mat", /version 4/],
    [zeros, "x.uff", /without its signature/],
    [zeros, "x\n\u001b[31m", /"x\?\?\[31m" looks like binary data/],
  ];
  for (const [bytes, name, words] of cases) await refused({ name, bytes }, {}, "unsupported-format", words);
});

test("settings are looked for beside a path, by fixed names, and nowhere else", async () => {
  const headerless = e2File(48).subarray(6 + 20);
  await inFolder({ "run_e2.bin": headerless, "settings.txt": SMALL_E2.header.join("\n") }, async (folder) => {
    const source = await open(join(folder, "run_e2.bin"));
    assert.is(source.info.frameCount, 3);
    assert.match(source.info.warnings.join(" "), /settings beside it are used/);
  });
  const asked: string[] = [];
  const related = async (name: string) => {
    asked.push(name);
    return undefined;
  };
  const bytes = new Uint8Array(headerless);
  await refused({ name: "../../run_e2.bin", bytes }, { related }, "corrupt-file", /header|lines/);
  assert.equal(asked, ["settings.txt"]);
  await refused(
    { name: "lounge_frame0.txt", bytes: ascii("1 2\n3 4\n") },
    { related },
    "missing-data",
    /settings/,
  );
  assert.equal(asked.slice(1), ["lounge_settings.txt", "settings.txt"]);
  const given = await open({ name: "run_e2.bin", bytes }, { settings: SMALL_E2.header.join(" ") });
  assert.is(given.info.frameCount, 3);
});

test("a MAT file without echoes lists what it holds and what is needed", async () => {
  const bytes = matFile([matNumbers("kspace", [1, 2], [1, 2])]);
  await refused(
    { name: "x.mat", bytes },
    {},
    "missing-data",
    /holds "kspace"; Sonde needs RF or IQ, fs and pitch/,
  );
});

test("a forced format is obeyed", async () => {
  await refused({ name: "x.npy", bytes: npy }, { format: "mat" }, "corrupt-file", /MAT/);
});

test.run();
