/**
 * The texts of a PNG file (W3C PNG, third edition: tEXt and uncompressed iTXt), without decoding the picture: the pipeline that made
 * a picture travels in it as `sonde:pipeline`. Chunks are walked by their lengths, at most `MAX_CHUNKS`; texts are believed only with
 * the right CRC and up to `MAX_TEXT_BYTES`.
 */
import { SondeError } from "../errors.ts";
import { crc32 } from "./crc32.ts";

/** Keyword of the pipeline, JSON. */
export const PIPELINE_KEYWORD = "sonde:pipeline";

/** Largest PNG looked into (bytes): 16384 x 16384 grey pixels, uncompressed. */
const MAX_PNG_BYTES = 2 ** 28;
const MAX_TEXT_BYTES = 2 ** 20;
const MAX_CHUNKS = 65_536;

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

export function looksLikePng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

function damaged(what: string): SondeError {
  return new SondeError("corrupt-file", `The PNG file ${what}; it is truncated or damaged.`);
}

const latin1 = new TextDecoder("latin1");

/** Keyword and text of a text chunk; undefined when it is compressed or has no end of keyword. */
function textOf(type: string, data: Uint8Array): [keyword: string, text: string] | undefined {
  const end = data.indexOf(0);
  if (end < 1 || end > 79) return undefined;
  const keyword = latin1.decode(data.subarray(0, end));
  if (type === "tEXt") return [keyword, latin1.decode(data.subarray(end + 1))];
  // keyword 0 compressed method language 0 translated keyword 0 text
  const language = data.indexOf(0, end + 3);
  const translated = language < 0 ? -1 : data.indexOf(0, language + 1);
  if (data[end + 1] !== 0 || translated < 0) return undefined;
  return [keyword, new TextDecoder().decode(data.subarray(translated + 1))];
}

/**
 * The text stored under a keyword, or undefined.
 * @throws SondeError `unsupported-format` for what is no PNG, `corrupt-file` for one that ends early or whose text is damaged
 */
export function readPngText(bytes: Uint8Array, keyword: string): string | undefined {
  if (!looksLikePng(bytes))
    throw new SondeError(
      "unsupported-format",
      "This is no PNG file: a pipeline is read from pictures that Sonde wrote.",
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = SIGNATURE.length;
  for (let chunks = 0; chunks < MAX_CHUNKS; chunks++) {
    if (at + 12 > bytes.length) throw damaged(`ends at byte ${bytes.length} without an IEND chunk`);
    const length = view.getUint32(at);
    const end = at + 12 + length;
    if (end > bytes.length)
      throw damaged(`has a chunk of ${length} bytes at byte ${at}, but ends at byte ${bytes.length}`);
    const type = latin1.decode(bytes.subarray(at + 4, at + 8));
    if (type === "IEND") return undefined;
    if ((type === "iTXt" || type === "tEXt") && length <= MAX_TEXT_BYTES) {
      const found = textOf(type, bytes.subarray(at + 8, end - 4));
      if (found?.[0] === keyword) {
        if (view.getUint32(end - 4) !== crc32(bytes.subarray(at + 4, end - 4)))
          throw damaged(`has a text at byte ${at} with a wrong checksum`);
        return found[1];
      }
    }
    at = end;
  }
  throw damaged(`has more than ${MAX_CHUNKS} chunks`);
}

/**
 * The JSON object that a PNG carries under a keyword; undefined for one without it.
 * @throws SondeError `unsupported-format`, `corrupt-file`, `out-of-memory` over `MAX_PNG_BYTES`
 */
export async function readPngJson(file: Blob | Uint8Array, keyword: string): Promise<object | undefined> {
  const size = file instanceof Blob ? file.size : file.length;
  if (size > MAX_PNG_BYTES)
    throw new SondeError(
      "out-of-memory",
      `A PNG file of ${size} bytes is not looked into; the limit is ${MAX_PNG_BYTES}.`,
      { fields: { size } },
    );
  const bytes = file instanceof Blob ? new Uint8Array(await file.arrayBuffer()) : file;
  const text = readPngText(bytes, keyword);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SondeError("corrupt-file", `${keyword} in the PNG file is no JSON.`, { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new SondeError("corrupt-file", `${keyword} in the PNG file is no JSON object.`);
  return value;
}
