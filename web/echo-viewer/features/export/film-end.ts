/**
 * A film lasts until its last picture is over. The muxers write the times at which pictures begin: webm-muxer counts to where the last
 * one begins, mp4-muxer shows it for as long as the one before.
 */

/** Duration in a WebM file's segment information: its id, and the size of what follows, a float64 in milliseconds. */
const WEBM_DURATION = [0x44, 0x89, 0x88] as const;
/** It stands near the front. */
const WEBM_HEAD_BYTES = 1024;

/**
 * Writes a WebM file's duration.
 * @param file it is changed
 * @returns the file's parts
 */
export function endWebm(file: ArrayBuffer, endS: number): BlobPart[] {
  const head = new Uint8Array(file, 0, Math.min(WEBM_HEAD_BYTES, file.byteLength));
  const at = head.findIndex((_, k) => WEBM_DURATION.every((byte, i) => head[k + i] === byte));
  if (at >= 0) new DataView(file).setFloat64(at + WEBM_DURATION.length, endS * 1000);
  return [file];
}

/** Length (u32) and name of a box, before what is in it. */
const BOX_HEAD_BYTES = 8;
/** Of a table: its head, version and flags, number of entries. */
const TABLE_HEAD_BYTES = 16;
/** Of the table of durations: how many pictures, each of which lasts how long. */
const ENTRY_BYTES = 8;

/** Where the boxes of a path begin, each in the one before; the file's first track. */
function boxesTo(view: DataView, path: readonly string[]): number[] {
  const found: number[] = [];
  let [at, end] = [0, view.byteLength];
  for (const name of path) {
    const code = [...name].reduce((sum, letter) => sum * 256 + letter.charCodeAt(0), 0);
    while (view.getUint32(at + 4) !== code) {
      at += Math.max(BOX_HEAD_BYTES, view.getUint32(at));
      if (at >= end) throw new Error(`The MP4 file that was made has no ${path.join("/")}.`);
    }
    found.push(at);
    end = at + view.getUint32(at);
    at += BOX_HEAD_BYTES;
  }
  return found;
}

/**
 * Writes how long an MP4 file's last picture lasts (time-to-sample table of ISO/IEC 14496-12, 8.6.1.2).
 * @param file one track, its description before its data, under 4 GB; it is changed
 * @returns the file's parts
 */
export function endMp4(file: ArrayBuffer, endS: number): BlobPart[] {
  const view = new DataView(file);
  const tables = ["moov", "trak", "mdia", "minf", "stbl"];
  const [, , , media] = boxesTo(view, ["moov", "trak", "mdia", "mdhd"]);
  const unitsPerS = view.getUint32(media + (view.getUint8(media + BOX_HEAD_BYTES) ? 28 : 20));
  const boxes = boxesTo(view, [...tables, "stts"]);
  const first = boxes[boxes.length - 1] + TABLE_HEAD_BYTES;
  const entries = view.getUint32(first - 4);
  const last = first + (entries - 1) * ENTRY_BYTES;

  let begins = -view.getUint32(last + 4);
  for (let entry = first; entry <= last; entry += ENTRY_BYTES)
    begins += view.getUint32(entry) * view.getUint32(entry + 4);
  const lasts = Math.max(0, Math.round(endS * unitsPerS) - begins);
  const pictures = view.getUint32(last);
  if (pictures === 1 || view.getUint32(last + 4) === lasts) {
    view.setUint32(last + 4, lasts);
    return [file];
  }

  // An entry of its own, behind which everything moves.
  const places = (boxesTo(view, [...tables, "stco"]).pop() ?? 0) + TABLE_HEAD_BYTES;
  for (let place = places; place < places + 4 * view.getUint32(places - 4); place += 4)
    view.setUint32(place, view.getUint32(place) + ENTRY_BYTES);
  for (const box of boxes) view.setUint32(box, view.getUint32(box) + ENTRY_BYTES);
  view.setUint32(first - 4, entries + 1);
  view.setUint32(last, pictures - 1);
  const entry = new DataView(new ArrayBuffer(ENTRY_BYTES));
  entry.setUint32(0, 1);
  entry.setUint32(4, lasts);
  const split = last + ENTRY_BYTES;
  return [new Uint8Array(file, 0, split), entry, new Uint8Array(file, split)];
}
