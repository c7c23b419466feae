/** USB devices that are pulled, stall and babble. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSondeError } from "../../../host/errors.ts";
import { LinkedSource } from "../../../host/live/linked-source.ts";
import { randomNumbers } from "../../../host/simulate/random.ts";
import { webUsb } from "../../../host/transports/web-usb.ts";
import { FakeClock } from "../../fake-clock.ts";
import { SMALL, smallFrame } from "../live/small-protocol.ts";
import { FakeUsb, type FakeUsbDevice } from "./fake-usb.ts";

const clock = new FakeClock();
const unhandled: unknown[] = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));

test.before.each(() => {
  clock.install();
});
test.after.each(() => {
  clock.restore();
  assert.equal(unhandled, []);
});

function deviceOf(usb: FakeUsb): FakeUsbDevice {
  if (!usb.device) throw new Error("nothing is plugged in");
  return usb.device;
}

test("opening selects, claims, and sends nothing; four transfers are always under way", async () => {
  const usb = new FakeUsb();
  const device = deviceOf(usb);
  const link = await webUsb(device, { usb }).open();
  assert.equal(device.log, ["open", "configuration 1", "claim 1"]);
  const chunks = link.chunks();
  const first = chunks.next();
  await clock.advance(1);
  assert.is(device.underWay, 4);
  device.say(Uint8Array.of(1, 2, 3));
  assert.equal([...(await first).value], [1, 2, 3]);
  assert.is(device.underWay, 4);
  assert.equal(device.received, []);
  await link.close();
  assert.is((await chunks.next()).done, true);
  assert.is(usb.listening, 0);
});

test("an unplugged device is told from a failed transfer, whichever news comes first", async () => {
  for (const [afterMs, reason] of [
    [0, "unplugged"],
    [5, "unplugged"],
    [240, "unplugged"],
    [260, "transfer"],
    [undefined, "transfer"],
  ] as const) {
    const usb = new FakeUsb();
    const link = await webUsb(deviceOf(usb), { usb }).open();
    const read = link.chunks().next();
    await clock.advance(1);
    const startedMs = clock.nowMs;
    usb.pull(afterMs);
    let error: unknown;
    read.catch((thrown) => {
      error = thrown;
    });
    await clock.advance(1000, () => error !== undefined);
    assert.ok(isSondeError(error, "device-lost"), String(error));
    assert.is(error.fields["reason"], reason, `told after ${afterMs} ms`);
    assert.ok(clock.nowMs - startedMs <= 250);
    await link.close();
  }
});

test("after a stall the halt is cleared once and a new generation of transfers starts", async () => {
  const usb = new FakeUsb();
  const device = deviceOf(usb);
  const link = await webUsb(device, { usb }).open();
  const chunks = link.chunks();
  for (let k = 0; k < 200; k++) {
    const read = chunks.next();
    await clock.advance(1);
    device.stall();
    await clock.advance(1);
    assert.is(device.log.filter((line) => line === "clear in 2").length, k + 1);
    assert.is(device.underWay, 4);
    device.say(Uint8Array.of(k));
    assert.is((await read).value[0], k);
  }
  await link.close();
});

test("a device that stalls again and again is lost, in bounded time", async () => {
  const usb = new FakeUsb();
  const device = deviceOf(usb);
  Object.defineProperty(device, "halted", { value: true });
  device.clearHalt = async () => {
    device.log.push("clear");
  };
  const link = await webUsb(device, { usb }).open();
  try {
    await link.chunks().next();
    assert.unreachable();
  } catch (error) {
    assert.ok(isSondeError(error, "device-lost"));
    assert.match((error as Error).message, /stall/);
  }
  assert.is(device.log.filter((line) => line === "clear").length, 4);
});

test("after babble, what came is thrown away, the rest goes on, and new transfers are larger", async () => {
  const usb = new FakeUsb();
  const device = deviceOf(usb);
  const asked: number[] = [];
  const transferIn = device.transferIn.bind(device);
  device.transferIn = (endpoint, length) => {
    asked.push(length);
    return transferIn(endpoint, length);
  };
  const link = await webUsb(device, { usb, transferBytes: 1000 }).open();
  const chunks = link.chunks();
  const read = chunks.next();
  await clock.advance(1);
  assert.is(asked[0], 1024, "whole packets");
  device.babble();
  device.say(Uint8Array.of(7));
  assert.is((await read).value[0], 7);
  assert.is(asked.at(-1), 2048);
  await link.close();
});

test("a device without a bulk endpoint is refused for good", async () => {
  const usb = new FakeUsb();
  const device = deviceOf(usb);
  try {
    await webUsb(device, { usb, interfaceNumber: 0 }).open();
    assert.unreachable();
  } catch (error) {
    assert.ok(isSondeError(error, "not-found"));
    assert.is(error.fields["final"], true);
  }
  assert.is(device.opened, false);
});

test("1000 random unplugs, 200 stalls and babbles: frames come back within two seconds each time", async () => {
  const usb = new FakeUsb();
  const random = randomNumbers(17);
  const source = new LinkedSource(webUsb(deviceOf(usb), { usb }), SMALL);
  let frames = 0;
  let lastIndex = -1;
  void (async () => {
    for await (const frame of source.frames()) {
      assert.ok(frame.index > lastIndex);
      lastIndex = frame.index;
      frames++;
    }
  })();
  let number = 0;
  const speak = setInterval(() => {
    const bytes = smallFrame(number++);
    const cut = Math.floor(random() * bytes.length);
    usb.device?.say(bytes.slice(0, cut));
    usb.device?.say(bytes.slice(cut));
    const trouble = random();
    if (trouble < 0.01) usb.device?.stall();
    else if (trouble < 0.02) usb.device?.babble();
  }, 40);
  let longestMs = 0;
  for (let k = 0; k < 1000; k++) {
    await clock.advance(random() * 300);
    usb.pull(random() < 0.2 ? undefined : random() * 300);
    await clock.advance(random() * 700);
    assert.is.not(source.link.state, "lost");
    usb.plug();
    const pluggedMs = clock.nowMs;
    const before = frames;
    await clock.advance(3000, () => frames > before);
    assert.ok(frames > before, `unplug ${k}: no frame`);
    longestMs = Math.max(longestMs, clock.nowMs - pluggedMs);
    assert.is(source.link.state, "live");
  }
  clearInterval(speak);
  console.log(`longest time to the next frame: ${Math.round(longestMs)} ms`);
  assert.ok(longestMs <= 2000, `${longestMs} ms`);
  assert.is(source.statistics.reconnections >= 1000, true);
  source.close();
  await clock.advance(1000);
  assert.is(usb.listening, 0);
  assert.is(clock.waiting, 0, "no timer is left behind");
});

test.run();
