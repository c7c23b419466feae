/** Recognises a file: by its content, then by its name. What Sonde does not read is named, so that the error can say it. */
import { looksLikeE4 } from "./echopen-datagrams.ts";
import { filmShape } from "./echopen-film.ts";
import { looksLikeE2, looksLikeE3 } from "./echopen-stream.ts";
import type { FileBytes } from "./file.ts";
import type { Format } from "./options.ts";
import { looksLikeSonde } from "./sonde.ts";

/** A format Sonde reads, or what the file looks like, as the end of "it looks like ...". */
export type Recognised = { format: Format } | { looksLike: string };

function startsWith(bytes: Uint8Array, text: string, at = 0): boolean {
  for (let k = 0; k < text.length; k++) if (bytes[at + k] !== text.charCodeAt(k)) return false;
  return true;
}

const HDF5_SIGNATURE = "\x89HDF\r\n\x1a\n";

/** The signature may follow a user block of 512, 1024, 2048 ... bytes (MATLAB 7.3 has one). */
function isHdf5(bytes: Uint8Array): boolean {
  if (startsWith(bytes, HDF5_SIGNATURE)) return true;
  for (let at = 512; at < bytes.length && at <= 2 ** 20; at *= 2)
    if (startsWith(bytes, HDF5_SIGNATURE, at)) return true;
  return false;
}

function isMat5(bytes: Uint8Array): boolean {
  if (startsWith(bytes, "MATLAB 5.0 MAT-file")) return true;
  const mark = bytes.length >= 128 ? String.fromCharCode(bytes[126], bytes[127]) : "";
  return (
    (mark === "IM" && bytes[124] === 0 && bytes[125] === 1) ||
    (mark === "MI" && bytes[124] === 1 && bytes[125] === 0)
  );
}

/** Signatures of what Sonde does not read: text, offset, name. */
const OTHERS: readonly (readonly [text: string, at: number, name: string])[] = [
  ["DICM", 128, "a DICOM file"],
  ["\x1f\x8b", 0, "a gzip archive (unpack it first)"],
  ["PK\x03\x04", 0, "a zip archive (unpack it first)"],
  ["BZh", 0, "a bzip2 archive (unpack it first)"],
  ["\xfd7zXZ", 0, "an xz archive (unpack it first)"],
  ["\x28\xb5\x2f\xfd", 0, "a zstd archive (unpack it first)"],
  ["\x89PNG", 0, "a PNG picture"],
  ["\xff\xd8\xff", 0, "a JPEG picture"],
  ["GIF8", 0, "a GIF picture"],
  ["BM", 0, "a BMP picture"],
  ["II*\0", 0, "a TIFF picture"],
  ["MM\0*", 0, "a TIFF picture"],
  ["ftyp", 4, "an MP4 or QuickTime video"],
  ["\x1a\x45\xdf\xa3", 0, "a WebM or Matroska video"],
  ["RIFF", 0, "an AVI video or WAV sound"],
  ["%PDF", 0, "a PDF document"],
  ["NRRD0", 0, "an NRRD volume"],
  ["ObjectType", 0, "a MetaImage header"],
  ["n+1\0", 344, "a NIfTI volume"],
  ["P0RK", 0, "a pic0rick stream (P0RK)"],
  ["ustar", 257, "a tar archive (unpack it first)"],
];

const OPENIGTLINK_TYPE = /^[A-Z_]{3,12}\0*$/;

function openIgtLink(bytes: Uint8Array): string | undefined {
  if (bytes.length < 58 || bytes[0] !== 0 || bytes[1] < 1 || bytes[1] > 3) return undefined;
  const type = String.fromCharCode(...bytes.subarray(2, 14));
  if (!OPENIGTLINK_TYPE.test(type)) return undefined;
  const size = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(42);
  const left = bytes.length - 58;
  const broken = size > BigInt(left) ? ` whose header claims ${size} bytes of ${left}` : "";
  return `an OpenIGTLink message (${type.replaceAll("\0", "")})${broken}`;
}

function clarius(bytes: Uint8Array): string | undefined {
  if (bytes.length < 20) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [id, frames, lines, samples, width] = [0, 4, 8, 12, 16].map((at) => view.getUint32(at, true));
  if (id > 3 || frames === 0 || lines === 0 || samples === 0 || lines > 65535 || samples > 2 ** 20)
    return undefined;
  if (![1, 2, 4, 8].includes(width)) return undefined;
  const expected = 20 + frames * (8 + lines * samples * width);
  const broken =
    expected === bytes.length
      ? ""
      : ` whose header claims ${frames} frames (${expected} bytes) in ${bytes.length} bytes`;
  return `a Clarius research export${broken}`;
}

function describeText(bytes: Uint8Array, name: string): Recognised | undefined {
  const head = bytes.subarray(0, 4096);
  for (const code of head) if (code < 9 || (code > 13 && code < 32) || code === 127) return undefined;
  const text = new TextDecoder().decode(head);
  if (/^#(timestamp|lines|length|frequency|piezofrequency|angle|r0|rf):/m.test(text) && text.startsWith("#"))
    return { format: "echopen-text" };
  if (/^\s*<(!doctype html|html)/i.test(text))
    return { looksLike: "a web page (the address leads to one, not to the file)" };
  if (/^\s*<\?xml/.test(text)) return { looksLike: "an XML document" };
  if (/^version https:\/\/git-lfs/.test(text)) return { looksLike: "a Git LFS pointer, not the file itself" };
  if (/^-?\d+(\s+-?\d+)*\s*$/.test(text.slice(0, text.lastIndexOf("\n") + 1 || text.length))) {
    const rows = text.trim().split("\n");
    if (rows[0].trim().split(/\s+/).length > 1) return { format: "echopen-text" };
    return { looksLike: "an echOpen settings file (open the recording beside it)" };
  }
  if (/^[\d.]+(\s+\d+){5}\s+PROBE_/.test(text))
    return { looksLike: "an echOpen settings file (open the recording beside it)" };
  if (/\.hea$/i.test(name) || /^(#.*\n)*\S+ \d+ [\d.]+( \d+)?\s*\n\S+ \d+/.test(text))
    return { looksLike: "a WFDB header (an ECG record)" };
  if (/^\s*[[{]/.test(text)) return { looksLike: "JSON text" };
  return { looksLike: "plain text" };
}

/** Says what the file is, without reading more of it than the beginning. */
export function recognise({ bytes, name }: FileBytes): Recognised {
  if (bytes.length === 0) return { looksLike: "an empty file (0 bytes)" };
  if (looksLikeSonde(bytes)) return { format: "sonde" };
  if (isHdf5(bytes)) return { format: "hdf5" };
  if (startsWith(bytes, "\x93NUMPY")) return { format: "npy" };
  if (isMat5(bytes)) return { format: "mat" };
  for (const [text, at, what] of OTHERS) if (startsWith(bytes, text, at)) return { looksLike: what };
  const igtl = openIgtLink(bytes);
  if (igtl) return { looksLike: igtl };
  if (looksLikeE3(bytes)) return { format: "echopen-e3" };
  if (looksLikeE2(bytes)) return { format: "echopen-e2" };
  if (looksLikeE4(bytes)) return { format: "echopen-e4" };
  const exported = clarius(bytes);
  if (exported) return { looksLike: exported };
  if (filmShape(name)) return { format: "echopen-film" };
  const text = describeText(bytes, name);
  if (text) return text;
  const protocol = /(?:^|[^a-z0-9])e([234])(?:[^a-z0-9]|$)/i.exec(name);
  if (protocol)
    return { format: (["echopen-e2", "echopen-e3", "echopen-e4"] as const)[Number(protocol[1]) - 2] };
  if (/\.sonde$/i.test(name)) return { format: "sonde" };
  if (/\.mat$/i.test(name)) return { looksLike: "a MATLAB version 4 file (save it with '-v7')" };
  if (/\.(hdf5|h5|uff)$/i.test(name))
    return { looksLike: "an HDF5 file without its signature (damaged or cut off)" };
  return { looksLike: "binary data of no known kind" };
}
