/** Addresses of devices: what is understood, and how the rest is refused. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSondeError } from "../../../host/errors.ts";
import { protocolNamed, protocolWords } from "../../../host/live/connect.ts";
import { protocolOf } from "../../../host/protocols/index.ts";
import { parseAddress, transportOf } from "../../../host/transports/address.ts";
import { refuses } from "../formats/refusal.ts";
import { FakeUsb } from "./fake-usb.ts";

test("addresses are taken apart", () => {
  assert.equal(parseAddress("tcp://192.168.4.1:7538"), { kind: "tcp", host: "192.168.4.1", port: 7538 });
  assert.equal(parseAddress("tcp://[fd00::1]:50000"), { kind: "tcp", host: "fd00::1", port: 50000 });
  assert.equal(parseAddress("udp://:51000"), { kind: "udp", host: undefined, port: 51000, bind: undefined });
  assert.equal(parseAddress("udp://10.0.0.2:51000?bind=10.0.0.1"), {
    kind: "udp",
    host: "10.0.0.2",
    port: 51000,
    bind: "10.0.0.1",
  });
  assert.equal(parseAddress("serial:///dev/ttyACM0?baud=4000000"), {
    kind: "serial",
    path: "/dev/ttyACM0",
    baudRate: 4e6,
  });
  assert.equal(parseAddress("usb://CAFE:4011"), { kind: "usb", vendorId: 0xcafe, productId: 0x4011 });
  assert.equal(parseAddress("wss://a.example/x?y=1"), { kind: "websocket", url: "wss://a.example/x?y=1" });
});

test("what is no address is refused with the value and the way out", () => {
  for (const [text, sentence] of [
    ["7538", /"7538".*tcp:\/\/HOST:PORT/],
    ["http://localhost:80", /tcp:\/\//],
    ["tcp://host", /HOST:PORT/],
    ["tcp://host:0", /1 to 65535/],
    ["tcp://host:70000", /1 to 65535/],
    ["tcp://:7538", /host is missing/],
    ["tcp://user@host:1", /HOST:PORT/],
    ["tcp://host:1?x=2", /"x" means nothing/],
    ["serial://ttyACM0", /path of the port/],
    ["serial:///dev/ttyACM0?baud=fast", /baud is "fast".*50 to 4000000/],
    ["usb://1:2", /four hex digits/],
    ["serial:///dev/tty%", /% must be followed by two hex digits/],
    ["ws://", /ws:\/\/HOST:PORT/],
    [`tcp://${"a".repeat(5000)}:1`, /no address/],
  ] as const)
    try {
      parseAddress(text);
      assert.unreachable(text);
    } catch (error) {
      assert.ok(isSondeError(error, "bad-option"), `${text}: ${error}`);
      assert.match((error as Error).message, sentence);
      assert.ok((error as Error).message.length < 300);
    }
});

test("options of a protocol that are text stay text", async () => {
  assert.equal(protocolWords("echopen-e2?settings=80&name=5&lines=32").options, {
    settings: "80",
    name: "5",
    lines: 32,
  });
  for (const settings of [80, {}])
    await refuses(
      protocolOf("echopen-e2", { settings } as never),
      "bad-option",
      /settings is a .* must be text/,
    );
  await refuses(
    protocolNamed({ protocol: "echopen-e2?settings=80" }).then((one) => one.parser()),
    "bad-option",
    /six numbers .*; got "80"/,
  );
});

test("a USB address finds its device when it is plugged in, and only that one", async () => {
  const usb = new FakeUsb();
  const link = await (await transportOf("usb://cafe:4011", { usb })).open();
  assert.equal(link.device, { name: "Fake probe", via: "usb" });
  await link.close();
  try {
    await (await transportOf("usb://cafe:4012", { usb })).open();
    assert.unreachable();
  } catch (error) {
    assert.ok(isSondeError(error, "not-found"));
  }
});

test("a machine whose USB cannot be listed says so, with the reason", async () => {
  const usb = new FakeUsb();
  usb.getDevices = () => Promise.reject(new Error("no bus"));
  try {
    await (await transportOf("usb://cafe:4011", { usb })).open();
    assert.unreachable();
  } catch (error) {
    assert.ok(isSondeError(error, "not-found"), String(error));
    assert.match(error.message, /usb:\/\/cafe:4011 .*could not be listed \(no bus\)/);
  }
});

test("without the package usb its name and version are told", async () => {
  try {
    await (await transportOf("usb://cafe:4011")).open();
    assert.unreachable();
  } catch (error) {
    assert.ok(isSondeError(error), String(error));
    if (error.code === "unsupported-platform") assert.match(error.message, "npm install usb@3.1.0");
    else assert.is(error.code, "not-found");
  }
});

test.run();
