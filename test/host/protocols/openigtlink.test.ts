/** OpenIGTLink, in and out. The decoder here is written from the specification alone. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSondeError } from "../../../host/errors.ts";
import { createEngine } from "../../../host/index.ts";
import type { Beamformed, Image } from "../../../host/model.ts";
import { crc64 } from "../../../host/protocols/crc64.ts";
import { protocolOf, writerOf } from "../../../host/protocols/index.ts";
import { encodeIgtl, encodeIgtlImage, igtlPicture } from "../../../host/protocols/openigtlink-messages.ts";
import { sharedData } from "../../shared.ts";
import { ascii, concat } from "../formats/make.ts";
import { eventsOf, framesOf, infosOf, lostOf, sameForAnyChunks } from "./streams.ts";

/** CRC-64 bit by bit, with big integers. */
function slowCrc64(bytes: Uint8Array): bigint {
  let crc = 0n;
  for (const byte of bytes) {
    crc ^= BigInt(byte) << 56n;
    for (let k = 0; k < 8; k++)
      crc = BigInt.asUintN(64, crc & (1n << 63n) ? (crc << 1n) ^ 0x42f0e1eba9ea3693n : crc << 1n);
  }
  return crc;
}

/** One IMAGE message, every field of it; throws where the specification is broken. */
function decodeImage(message: Uint8Array) {
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const letters = (at: number, count: number) => {
    const raw = String.fromCharCode(...message.subarray(at, at + count));
    assert.match(raw, /^[\x20-\x7e]*\0*$/);
    return raw.replaceAll("\0", "");
  };
  const version = view.getUint16(0);
  assert.is(letters(2, 12), "IMAGE");
  const bodyBytes = Number(view.getBigUint64(42));
  assert.is(message.length, 58 + bodyBytes);
  assert.is(view.getBigUint64(50), slowCrc64(message.subarray(58)));
  let at = 58;
  let end = message.length;
  const metadata: Record<string, string> = {};
  let messageId: number | undefined;
  if (version > 1) {
    const extended = view.getUint16(at);
    assert.is(extended, 12);
    const indexBytes = view.getUint16(at + 2);
    const textBytes = view.getUint32(at + 4);
    messageId = view.getUint32(at + 8);
    at += extended;
    end -= indexBytes + textBytes;
    const count = view.getUint16(end);
    assert.is(indexBytes, 2 + 8 * count);
    let text = end + indexBytes;
    for (let k = 0; k < count; k++) {
      const keyBytes = view.getUint16(end + 2 + 8 * k);
      const valueBytes = view.getUint32(end + 6 + 8 * k);
      metadata[letters(text, keyBytes)] = letters(text + keyBytes, valueBytes);
      text += keyBytes + valueBytes;
    }
    assert.is(text, message.length);
  }
  assert.is(view.getUint16(at), 1, "image version");
  const components = message[at + 2];
  const scalar = message[at + 3];
  const endian = message[at + 4];
  const size = [0, 2, 4].map((k) => view.getUint16(at + 6 + k));
  assert.equal(
    [0, 2, 4].map((k) => view.getUint16(at + 60 + k)),
    [0, 0, 0],
  );
  assert.equal(
    [0, 2, 4].map((k) => view.getUint16(at + 66 + k)),
    size,
  );
  const bytes = { 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 4, 10: 4, 11: 8 }[scalar] ?? Number.NaN;
  assert.is(end - at - 72, size[0] * size[1] * size[2] * components * bytes);
  return {
    version,
    device: letters(14, 20),
    seconds: view.getUint32(34),
    fraction: view.getUint32(38),
    messageId,
    metadata,
    components,
    scalar,
    littleEndian: endian === 2,
    coordinates: message[at + 5] as 1 | 2,
    size: size as unknown as readonly [number, number, number],
    matrix: Array.from({ length: 12 }, (_, k) => view.getFloat32(at + 12 + 4 * k)),
    pixels: message.subarray(at + 72, end),
  };
}

const SMALL: Beamformed = {
  kind: "beamformed",
  name: "image",
  format: "test",
  signal: "log",
  logStepDb: 60 / 255,
  frameCount: null,
  soundSpeedMps: 1540,
  warnings: [],
  rows: 4,
  columns: 8,
  transmitCount: 1,
  scan: {
    kind: "linear",
    x: { min: -0.00175, max: 0.00175, count: 8 },
    z: { min: 0, max: 0.00075, count: 4 },
  },
};

test("the check value is the one of the specification", () => {
  assert.is(crc64(ascii("123456789")), 0x6c40df5f0b497347n);
  const bytes = Uint8Array.from({ length: 1000 }, (_, k) => (k * k) >> 3);
  assert.is(crc64(bytes), slowCrc64(bytes));
});

if (sharedData) {
  const folder = `${sharedData}probes/igtl/`;
  const bytesOf = (name: string) => new Uint8Array(readFileSync(folder + name));

  test("reference messages are reproduced byte for byte, the library's own included", () => {
    for (const name of [
      "library_test_image_50x50_u8.igtl",
      "image_v1_8x4_u8.igtl",
      "image_v2_8x4_u8_meta.igtl",
    ]) {
      const bytes = bytesOf(name);
      const image = decodeImage(bytes);
      const { version, device, seconds, fraction, messageId, metadata } = image;
      const made = encodeIgtlImage(image, {
        version: version as 1 | 2,
        device,
        timeS: seconds + fraction / 2 ** 32,
        messageId,
        metadata,
      });
      assert.equal(made, bytes, name);
    }
  });

  test("the library's image is a picture of its size", async () => {
    const bytes = bytesOf("library_test_image_50x50_u8.igtl");
    const events = sameForAnyChunks(await protocolOf("openigtlink"), bytes);
    const [frame] = framesOf(events);
    assert.equal(frame.samples, bytes.slice(58 + 72));
    assert.is(frame.timeS, 1234567892 / 2 ** 32);
    const [info] = infosOf(events);
    assert.equal(info.kind === "beamformed" && [info.rows, info.columns, info.signal], [50, 50, "log"]);
  });

  test("a sequence of messages: what is known is told, what is not is skipped", async () => {
    const protocol = await protocolOf("openigtlink");
    const events = sameForAnyChunks(protocol, bytesOf("sequence_6_messages.bin"));
    const kinds = events.map((event) => (event.kind === "message" ? event.type : event.kind));
    assert.equal(kinds, ["TRANSFORM", "STATUS", "text", "acquisition", "IMAGE", "frame"]);
    const [transform, status, string] = events;
    const { matrix } = (transform.kind === "message" && transform.content) as { matrix: number[] };
    assert.equal(matrix.slice(9), [10.5, -20.25, 30]);
    assert.equal(status.kind === "message" && status.content, {
      code: 1,
      subcode: 0,
      name: "OK",
      text: "ready",
    });
    assert.is(string.kind === "text" && string.text, "hello");
    const damaged = sameForAnyChunks(protocol, bytesOf("sequence_bad_crc_first.bin"));
    assert.equal(damaged[0], {
      kind: "lost",
      what: "messages",
      count: 1,
      why: "TRANSFORM: its check value is wrong",
    });
    assert.equal(damaged.slice(1), events.slice(1));
  });

  test("version 2 with metadata carries the same image", async () => {
    const [one, two] = await Promise.all(
      ["image_v1_8x4_u8.igtl", "image_v2_8x4_u8_meta.igtl"].map(async (name) =>
        sameForAnyChunks(await protocolOf("openigtlink"), bytesOf(name)),
      ),
    );
    const bare = two.map((event) => {
      if (event.kind !== "message") return event;
      const { metadata, ...rest } = event;
      assert.equal(metadata, decodeImage(bytesOf("image_v2_8x4_u8_meta.igtl")).metadata);
      return rest;
    });
    assert.equal(one, bare);
    const [info] = infosOf(one);
    assert.equal(info.kind === "beamformed" && info.scan, SMALL.scan);
  });
}

test("what Sonde sends, an independent decoder accepts, and Sonde reads", async () => {
  const protocol = await protocolOf("openigtlink");
  for (const Samples of [Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Float32Array]) {
    const writer = await writerOf("openigtlink", SMALL);
    const frame = { index: 0, timeS: 12.5, samples: new Samples(32).map((_, k) => 3 * k) };
    const [message] = writer.frame(frame);
    const decoded = decodeImage(message);
    assert.equal(decoded.size, [8, 4, 1]);
    assert.equal(decoded.pixels, new Uint8Array(frame.samples.buffer));
    assert.is(decoded.seconds + decoded.fraction / 2 ** 32, 12.5);
    const events = sameForAnyChunks(protocol, message);
    assert.equal(framesOf(events), [frame]);
    const [info] = infosOf(events);
    assert.equal(info.kind === "beamformed" && info.scan, SMALL.scan);
  }
});

test("a picture of Sonde's goes out in millimetres and comes back as it was", async () => {
  const engine = await createEngine();
  const plan = await engine.plan(SMALL);
  const image = await plan.run({ index: 0, samples: Uint8Array.from({ length: 32 }, (_, k) => 8 * k) });
  const decoded = decodeImage(igtlPicture(image, { device: "Sonde", timeS: 1 }));
  assert.equal(decoded.size, [8, 4, 1]);
  assert.ok(Math.abs(decoded.matrix[0] - 0.5) < 1e-6 && Math.abs(decoded.matrix[4] - 0.25) < 1e-6);
  assert.ok(Math.abs(decoded.matrix[9]) < 1e-6 && Math.abs(decoded.matrix[10] - 0.375) < 1e-6);
  assert.equal(
    Array.from(decoded.pixels),
    Array.from(image.pixels).filter((_, k) => k % 4 === 0),
  );
  // 255 is the brightest, 0 is 60 dB below it.
  assert.is(decoded.pixels[0], 0);
  engine.close();
  const colour: Image = {
    ...image,
    pixels: image.pixels.map((value, k) => (k % 4 === 1 ? value >> 1 : value)),
  };
  assert.is(decodeImage(igtlPicture(colour, { device: "Sonde", timeS: 1 })).components, 3);
});

test("a part of an image costs itself alone, and the axes of the matrix are told", async () => {
  const image = {
    components: 1,
    scalar: 3,
    littleEndian: true,
    size: [8, 4, 1] as const,
    matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0],
    pixels: new Uint8Array(32),
  };
  const whole = encodeIgtlImage({ ...image, coordinates: 2 }, { device: "probe", timeS: 1 });
  const content = whole.slice(58, 58 + 72 + 12);
  const view = new DataView(content.buffer);
  for (const [k, offset] of [2, 1, 0].entries()) view.setUint16(60 + 2 * k, offset);
  for (const [k, pixels] of [4, 3, 1].entries()) view.setUint16(66 + 2 * k, pixels);
  const part = concat(whole.slice(0, 58), content);
  const header = new DataView(part.buffer);
  header.setBigUint64(42, BigInt(content.length));
  header.setBigUint64(50, crc64(content));
  const events = sameForAnyChunks(await protocolOf("openigtlink"), concat(part, whole, part, whole));
  assert.equal(
    framesOf(events).map(({ index }) => index),
    [0, 2],
  );
  // Before its first whole image it is no device of pictures.
  assert.is(lostOf(events, "frames"), 1);
  const poses = events.flatMap((event) => (event.kind === "message" ? [event.content] : []));
  assert.equal(
    poses,
    [0, 0, 0].map(() => ({ size: [8, 4, 1], matrix: image.matrix, coordinates: "LPS" })),
  );
});

test("an array of numbers is passed on; unknown messages are not kept, whatever their size", async () => {
  const about = { device: "d", timeS: 0 };
  const array = concat(
    Uint8Array.of(4, 2, 0, 2, 0, 3),
    Uint8Array.from({ length: 12 }, (_, k) => (k % 2 ? k >> 1 : 0)),
  );
  const [event] = sameForAnyChunks(await protocolOf("openigtlink"), encodeIgtl("NDARRAY", array, about));
  assert.equal(event.kind === "message" && event.content, {
    shape: [2, 3],
    values: Int16Array.of(0, 1, 2, 3, 4, 5),
  });
  const parser = (await protocolOf("openigtlink")).parser();
  const large = encodeIgtl("VIDEO", new Uint8Array(2 ** 22), about);
  parser.push(large);
  assert.ok(parser.heldBytes < 2 ** 18, String(parser.heldBytes));
});

test("a size that a type cannot have ends the link at once: what follows is not swallowed", async () => {
  const protocol = await protocolOf("openigtlink");
  const about = { device: "d", timeS: 0 };
  const messages: readonly [string, Uint8Array][] = [
    ["TRANSFORM", new Uint8Array(48)],
    ["STATUS", concat(Uint8Array.of(0, 1), new Uint8Array(28), ascii("ready"))],
    ["STRING", concat(Uint8Array.of(0, 3, 0, 2), ascii("hi"))],
    ["NDARRAY", concat(Uint8Array.of(4, 1, 0, 3), new Uint8Array(6))],
  ];
  const [image] = (await writerOf("openigtlink", SMALL)).frame({ index: 0, samples: new Uint8Array(32) });
  for (const [type, content] of messages)
    for (const version of [1, 2] as const) {
      const metadata = { key: "value" };
      const good = encodeIgtl(type, content, { ...about, version, metadata });
      const events = eventsOf(protocol, [good, image]);
      // A text has no place for metadata: they follow it.
      assert.is(events.length, type === "STRING" && version === 2 ? 5 : 4, `${type} ${version}`);
      const said = events.flatMap((event) => (event.kind === "message" ? [event.metadata] : []));
      assert.equal(said[0], version === 2 ? metadata : undefined);
      for (const [at, bit] of [
        [46, 1], // 2^24 bytes more
        [48, 4], // 2^10 bytes more
      ]) {
        const wrong = good.slice();
        wrong[at] ^= bit;
        const parser = protocol.parser();
        let given = 0;
        try {
          for (const bytes of [wrong, image, image]) {
            parser.push(bytes);
            given++;
          }
          assert.unreachable(`${type} ${version}, ${at}`);
        } catch (error) {
          assert.ok(isSondeError(error, "corrupt-file"), String(error));
          assert.match(error.message, /claims \d+ bytes/);
          assert.ok(given <= 1, `${type} ${version}: after ${given} messages`);
        }
      }
    }
});

test("an image that is damaged where it says its size costs itself alone", async () => {
  const writer = await writerOf("openigtlink", SMALL);
  const images = [0, 1, 2].map((index) => writer.frame({ index, samples: new Uint8Array(32) })[0].slice());
  images[1][58 + 7] ^= 16; // pixels across
  const events = sameForAnyChunks(await protocolOf("openigtlink"), concat(...images));
  assert.is(framesOf(events).length, 2);
  assert.is(lostOf(events, "frames"), 1);
});

test("what cannot be a message ends the link, with its place", async () => {
  const protocol = await protocolOf("openigtlink");
  const good = encodeIgtl("STRING", concat(Uint8Array.of(0, 3, 0, 2), ascii("hi")), {
    device: "d",
    timeS: 0,
  });
  const huge = good.slice();
  huge[46] = 16; // 2^28 bytes
  const image = (await writerOf("openigtlink", SMALL))
    .frame({ index: 0, samples: new Uint8Array(32) })[0]
    .slice();
  image[47] = 2; // 2^17 bytes and more
  for (const [bytes, words] of [
    [concat(good, good.subarray(1)), /no message at byte 64/],
    [huge, /"STRING" claims 268435462 bytes, over the limit/],
    [image, /claims 131176 bytes, its content 104/],
  ] as const)
    try {
      eventsOf(protocol, [bytes, new Uint8Array(200)]);
      assert.unreachable();
    } catch (error) {
      assert.ok(isSondeError(error, "corrupt-file"), String(error));
      assert.match(error.message, words);
    }
  const parser = protocol.parser();
  assert.equal(
    parser.push(concat(good, huge)).map(({ kind }) => kind),
    ["text"],
    "what came before it in the same chunk is given",
  );
  assert.throws(() => parser.push(new Uint8Array(1)), /over the limit/);
  const flipped = image.slice();
  flipped[47] = 0;
  flipped[140] ^= 1;
  const events = eventsOf(protocol, [concat(flipped, good)]);
  assert.is(lostOf(events, "frames"), 1);
  assert.is(events.at(-1)?.kind, "text");
});

test.run();
