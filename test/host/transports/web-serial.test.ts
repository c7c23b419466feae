/** Serial ports of the Web Serial API, and streams of any origin. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSondeError } from "../../../host/errors.ts";
import { byteStream, isByteStream } from "../../../host/transports/byte-stream.ts";
import { Inbox } from "../../../host/transports/inbox.ts";
import { webSerial } from "../../../host/transports/web-serial.ts";
import { FakeSerial } from "./fake-serial.ts";

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error("nothing failed");
}

test("a serial port is opened with a large buffer, and nothing is sent", async () => {
  const port = new FakeSerial();
  const link = await webSerial(port, { baudRate: 4e6 }).open();
  assert.equal(port.opened, [{ baudRate: 4e6, bufferSize: 2 ** 20 }]);
  assert.is(link.device.name, "serial port 2341:0043");
  const chunks = link.chunks();
  port.say(Uint8Array.of(1, 2));
  assert.equal([...(await chunks.next()).value], [1, 2]);
  assert.equal(port.received, []);
  await link.write(Uint8Array.of(7));
  assert.equal([...port.received[0]], [7]);
  const waiting = chunks.next();
  await link.close();
  assert.is((await waiting).done, true);
  assert.is(port.closes, 1);
});

test("a serial port goes on after an overrun, is lost when pulled, and opens again when it is back", async () => {
  const port = new FakeSerial();
  const transport = webSerial(port);
  const link = await transport.open();
  const chunks = link.chunks();
  const first = chunks.next();
  port.overrun();
  await new Promise((resolve) => setTimeout(resolve));
  port.say(Uint8Array.of(3));
  assert.equal([...(await first).value], [3]);
  const waiting = failureOf(chunks.next());
  port.pull();
  const error = await waiting;
  assert.ok(isSondeError(error, "device-lost"));
  assert.is(error.fields["reason"], "unplugged");
  await link.close();
  assert.ok(isSondeError(await failureOf(transport.open()), "not-found"));
  port.plug();
  const again = await transport.open();
  port.say(Uint8Array.of(4));
  assert.equal([...(await again.chunks().next()).value], [4]);
  await again.close();
});

test("streams of all shapes are read, written where they can be, and only once", async () => {
  const written: Uint8Array[] = [];
  const readable = () =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Uint8Array.of(1));
        controller.enqueue(new Uint8Array(0));
        controller.enqueue(Uint8Array.of(2));
        controller.close();
      },
    });
  async function* iterable() {
    yield Uint8Array.of(1);
    yield Uint8Array.of(2);
  }
  const writable = new WritableStream<Uint8Array>({ write: (bytes) => void written.push(bytes) });
  for (const from of [readable(), iterable(), { readable: readable(), writable }, { readable: iterable() }]) {
    assert.ok(isByteStream(from));
    const transport = byteStream(from, { name: "wire" });
    const link = await transport.open();
    const got: number[] = [];
    for await (const chunk of link.chunks()) got.push(...chunk);
    assert.equal(got, [1, 2]);
    if ("writable" in from) await link.write(Uint8Array.of(5));
    else assert.ok(isSondeError(await failureOf(link.write(Uint8Array.of(5))), "bad-option"));
    await link.close();
    const again = await failureOf(transport.open());
    assert.ok(isSondeError(again, "not-found"));
    assert.is(again.fields["final"], true);
  }
  assert.equal([...written[0]], [5]);
});

test("a stream that gives no bytes is refused, one that breaks is a lost device, one that hangs can be closed", async () => {
  async function* words() {
    yield "hello";
  }
  const link = await byteStream(words() as unknown as AsyncIterable<Uint8Array>).open();
  assert.ok(isSondeError(await failureOf(link.chunks().next()), "bad-option"));
  const broken = await byteStream(
    new ReadableStream<Uint8Array>({ start: (controller) => controller.error(new Error("out of reach")) }),
  ).open();
  const error = await failureOf(broken.chunks().next());
  assert.ok(isSondeError(error, "device-lost"));
  assert.match((error as Error).message, "out of reach");
  async function* never(): AsyncGenerator<Uint8Array> {
    await new Promise(() => undefined);
  }
  const hanging = await byteStream(never()).open();
  const waiting = hanging.chunks().next();
  await hanging.close();
  assert.is((await waiting).done, true);
  assert.ok(
    isSondeError(
      await failureOf(byteStream(7 as unknown as ReadableStream<Uint8Array>).open()),
      "bad-option",
    ),
  );
});

test("an inbox holds no more than it may: the oldest whole chunks go, and are counted", async () => {
  const inbox = new Inbox({ maxBytes: 1000 });
  let most = 0;
  for (let k = 0; k < 1000; k++) {
    inbox.push(new Uint8Array(90).fill(k));
    most = Math.max(most, inbox.bytes);
  }
  assert.ok(most <= 1000, `${most} bytes`);
  inbox.end();
  const left: number[] = [];
  for await (const chunk of inbox.chunks()) left.push(chunk[0]);
  assert.equal(
    left,
    Array.from({ length: 11 }, (_, k) => (989 + k) & 255),
  );
  assert.equal(inbox.dropped, { chunks: 989, bytes: 989 * 90 });
});

test("an inbox tells once when it fills and when it empties", async () => {
  const told: string[] = [];
  const inbox = new Inbox({
    maxBytes: 1000,
    onFull: () => told.push("full"),
    onDrained: () => told.push("drained"),
  });
  for (let k = 0; k < 9; k++) inbox.push(new Uint8Array(100));
  const chunks = inbox.chunks();
  for (let k = 0; k < 9; k++) await chunks.next();
  assert.equal(told, ["full", "drained"]);
});

test("an order that comes while another is on its way is sent after it, and one that cannot be sent says so", async () => {
  const written: number[] = [];
  let release = (): void => {};
  const slow = new Promise<void>((resolve) => {
    release = resolve;
  });
  const writable = new WritableStream<Uint8Array>({
    async write(bytes) {
      if (bytes[0] === 1) await slow;
      written.push(bytes[0]);
    },
  });
  const readable = new ReadableStream<Uint8Array>();
  const link = await byteStream({ readable, writable }, { name: "wire" }).open();
  const set = link.write(Uint8Array.of(1));
  const stop = link.write(Uint8Array.of(2));
  release();
  await Promise.all([set, stop]);
  assert.equal(written, [1, 2]);
  assert.not.ok(writable.locked, "the stream is let go");

  writable.getWriter();
  const error = await failureOf(link.write(Uint8Array.of(3)));
  assert.ok(isSondeError(error, "device-lost"), String(error));
  await link.close();
});

test.run();
