/**
 * From anything that holds a recording to its `Source`. The format is found from the content, then from the name; every reader is
 * loaded only when it is needed. Nothing but the given file is read, except a settings file of a fixed name beside it, or one that the
 * server links to (`OpenOptions.related`).
 */
import { isSondeError, SondeError } from "../errors.ts";
import type { Source } from "../source.ts";
import { inNode } from "../worker/platform.ts";
import type { FileBytes } from "./file.ts";
import { DEFAULT_MAX_BYTES, FORMATS, type Format, MOST_BYTES, type OpenOptions } from "./options.ts";
import { quote } from "./quote.ts";

/** For error messages. */
const READABLE =
  "UFF, PICMUS and zea (HDF5), MUST and synaptus (MAT), NPY, recordings of Sonde and of echOpen";

type Reader = (file: FileBytes, options: OpenOptions) => Promise<Source>;

const READERS: Readonly<Record<Format, Reader>> = {
  sonde: async (file, options) => (await import("./sonde.ts")).openSonde(file, options),
  hdf5: async (file) => (await import("./hdf5/open.ts")).openHdf5(file),
  mat: async (file, options) => (await import("./mat.ts")).openMat(file, options),
  npy: async (file, options) => (await import("./npy.ts")).openNpy(file, options),
  "echopen-text": async (file, options) => (await import("./echopen-text.ts")).openText(file, options),
  "echopen-film": async (file, options) => (await import("./echopen-film.ts")).openFilm(file, options),
  "echopen-e2": async (file, options) => (await import("./echopen-stream.ts")).openE2(file, options),
  "echopen-e3": async (file, options) => (await import("./echopen-stream.ts")).openE3(file, options),
  "echopen-e4": async (file, options) => (await import("./echopen-datagrams.ts")).openE4(file, options),
};

function checkRange(name: string, value: number | undefined, least: number, most: number): void {
  if (value !== undefined && !(value >= least && value <= most))
    throw new SondeError("bad-option", `${name} is ${value}; it must be from ${least} to ${most}.`, {
      fields: { name, value },
    });
}

function checkChoice(name: string, value: string | undefined, choices: readonly string[]): void {
  if (value !== undefined && !choices.includes(value))
    throw new SondeError(
      "bad-option",
      `${name} is ${quote(String(value))}; it must be one of ${choices.join(", ")}.`,
      {
        fields: { name, value },
      },
    );
}

function checkOptions(options: OpenOptions): void {
  checkChoice("format", options.format, FORMATS);
  checkChoice("samples", options.samples, ["rf", "envelope"]);
  checkChoice("stack", options.stack, ["transmits", "frames"]);
  checkRange("maxBytes", options.maxBytes, 1, MOST_BYTES);
  checkRange("pitchM", options.pitchM, 1e-6, 0.1);
  checkRange("centerFrequencyHz", options.centerFrequencyHz, 1e3, 1e9);
  checkRange("lines", options.lines, 1, 1024);
  checkRange("part", options.part, 1, 2 ** 32);
  checkRange("pulseDelayS", options.pulseDelayS, 0, 1e-3);
}

/** Any failure as a `SondeError`. */
function asSondeError(error: unknown, name: string, signal: AbortSignal | undefined): SondeError {
  if (isSondeError(error)) return error;
  if (signal?.aborted)
    return new SondeError("aborted", `Opening ${quote(name)} was stopped.`, { cause: error });
  if (error instanceof RangeError && /alloc|length|size/i.test(error.message))
    return new SondeError(
      "out-of-memory",
      `${quote(name)} needs more memory than there is; open a shorter recording.`,
      {
        cause: error,
      },
    );
  const why = quote(error instanceof Error ? error.message : String(error), 200);
  return new SondeError(
    "internal",
    `Reading ${quote(name)} failed unexpectedly (${why}); please report it.`,
    {
      cause: error,
    },
  );
}

async function load(
  input: string | URL | Blob | FileBytes,
  options: OpenOptions,
): Promise<{ file: FileBytes; related?: OpenOptions["related"] }> {
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const { readBlob, readUrl, refuseLarge } = await import("./bytes.ts");
  if (input instanceof Blob) return { file: await readBlob(input, maxBytes, options) };
  if (typeof input === "string" || input instanceof URL) {
    const isPath =
      typeof input === "string" ? !/^(https?|data|blob):/i.test(input) : input.protocol === "file:";
    // A string without a scheme is a path in Node; browsers use `fetch` for everything.
    if (!(inNode() && isPath)) return readUrl(input, maxBytes, options);
    const { readLocalFile, siblingsOf } = await import("./local-file.ts");
    return { file: await readLocalFile(input, maxBytes, options), related: await siblingsOf(input) };
  }
  if (!(input?.bytes instanceof Uint8Array) || typeof input.name !== "string")
    throw new SondeError("bad-option", "open() takes an address, a path, a Blob or { name, bytes }.");
  refuseLarge(input.name, input.bytes.length, maxBytes);
  return { file: input };
}

/** `open` of host/open.ts. */
export async function openRecording(
  input: string | URL | Blob | FileBytes,
  options: OpenOptions = {},
): Promise<Source> {
  checkOptions(options);
  let name = typeof input === "string" || input instanceof URL ? String(input).slice(0, 200) : "the file";
  try {
    options.signal?.throwIfAborted();
    const { file, related } = await load(input, options);
    name = file.name;
    options.signal?.throwIfAborted();
    let { format } = options;
    if (!format) {
      const { recognise } = await import("./sniff.ts");
      const recognised = recognise(file);
      if (!("format" in recognised))
        throw new SondeError(
          "unsupported-format",
          `${quote(name)} looks like ${recognised.looksLike}; Sonde reads ${READABLE}.`,
          { fields: { name, looksLike: recognised.looksLike } },
        );
      format = recognised.format;
    }
    if (options.part !== undefined && format !== "sonde")
      throw new SondeError("bad-option", `part is ${options.part}; only a Sonde recording has parts.`, {
        fields: { name: "part", value: options.part },
      });
    const source = await READERS[format](file, { ...options, related: options.related ?? related });
    if (options.signal?.aborted) {
      source.close();
      options.signal.throwIfAborted();
    }
    return source;
  } catch (error) {
    throw asSondeError(error, name, options.signal);
  }
}
