/** Reads the PNG files Sonde writes (8 bits a channel, not interlaced, filters 0 and 2), and checks every CRC. */
import { inflateSync, crc32 as zlibCrc32 } from "node:zlib";

export interface DecodedPng {
  width: number;
  height: number;
  colourType: number;
  channels: number;
  values: Uint8Array;
  text: Record<string, string>;
  pixelsPerMeter?: [number, number];
}

export function decodePng(bytes: Uint8Array): DecodedPng {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data: Uint8Array[] = [];
  const png: DecodedPng = {
    width: 0,
    height: 0,
    colourType: 0,
    channels: 0,
    values: new Uint8Array(0),
    text: {},
  };
  let ended = false;
  for (let at = 8; at < bytes.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (view.getUint32(at + 8 + length) !== zlibCrc32(bytes.subarray(at + 4, at + 8 + length)))
      throw new Error(`CRC of ${type}`);
    if (type === "IHDR") {
      png.width = view.getUint32(at + 8);
      png.height = view.getUint32(at + 12);
      png.colourType = body[9];
      png.channels = { 0: 1, 2: 3, 4: 2, 6: 4 }[body[9]] ?? 0;
      if (body[8] !== 8 || body[10] || body[11] || body[12]) throw new Error("header");
    } else if (type === "IDAT") data.push(body);
    else if (type === "pHYs") png.pixelsPerMeter = [view.getUint32(at + 8), view.getUint32(at + 12)];
    else if (type === "iTXt") {
      const end = body.indexOf(0);
      png.text[String.fromCharCode(...body.subarray(0, end))] = new TextDecoder().decode(
        body.subarray(end + 5),
      );
    } else if (type === "IEND") ended = true;
    at += 12 + length;
  }
  if (!ended) throw new Error("no IEND");
  const rows = inflateSync(Buffer.concat(data));
  const stride = png.width * png.channels;
  if (rows.length !== (stride + 1) * png.height) throw new Error("size of the image data");
  png.values = new Uint8Array(stride * png.height);
  for (let y = 0; y < png.height; y++) {
    const filter = rows[y * (stride + 1)];
    if (filter !== 0 && filter !== 2) throw new Error(`filter ${filter}`);
    for (let k = 0; k < stride; k++) {
      const above = filter === 2 && y > 0 ? png.values[(y - 1) * stride + k] : 0;
      png.values[y * stride + k] = rows[y * (stride + 1) + 1 + k] + above;
    }
  }
  return png;
}
