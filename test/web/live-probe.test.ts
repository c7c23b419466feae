/** A device, the bridge and the page together, as people use them; and devices that a page reaches by itself. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { background, Cable } from "../background.ts";
import { closeBrowser, onStage, pictureHash, type Stage, textOf, waitForPhase } from "./browser.ts";

type Page = Stage["page"];

/** How often the page looks at itself (ms). */
const LOOK_MS = 20;
/** Greatest age of a picture that may still be called live: the viewer's limit, and what a busy machine adds to its timers. */
const OLDEST_LIVE_MS = 500 + 250;

interface Watch {
  /** When the picture last changed, and the greatest age of one that was marked live (ms). */
  changedMs: number;
  index: number;
  oldestLiveMs: number;
  backwards: number;
  looks: number;
  /** Longest time between two looks: how long the machine kept the page from its work (ms). */
  stoodMs: number;
}

/** Lets the page watch its own picture: how old is it while it is marked live? */
function watch(page: Page): Promise<void> {
  return page.evaluate((lookMs) => {
    const watched: Watch = {
      changedMs: performance.now(),
      index: -1,
      oldestLiveMs: 0,
      backwards: 0,
      looks: 0,
      stoodMs: 0,
    };
    Object.assign(window, { watched });
    let lastLookMs = performance.now();
    setInterval(() => {
      const viewer = document.querySelector("echo-viewer");
      const now = performance.now();
      const late = now - lastLookMs > 5 * lookMs;
      watched.stoodMs = Math.max(watched.stoodMs, now - lastLookMs);
      lastLookMs = now;
      const index = viewer?.image?.frameIndex ?? -1;
      if (index !== watched.index) {
        if (index < watched.index) watched.backwards++;
        watched.index = index;
        watched.changedMs = now;
      }
      watched.looks++;
      // A page that itself stood still has not yet had the chance to say so.
      if (viewer?.matches(":state(live)") && !late)
        watched.oldestLiveMs = Math.max(watched.oldestLiveMs, now - watched.changedMs);
    }, lookMs);
  }, LOOK_MS);
}

const watched = (page: Page): Promise<Watch> =>
  page.evaluate(() => (window as unknown as { watched: Watch }).watched);

/** Waits for a picture newer than this one. @returns how long it took (ms) */
async function newerThan(page: Page, index: number): Promise<number> {
  const started = performance.now();
  await page.waitForFunction(
    (last) =>
      (document.querySelector("echo-viewer")?.image?.frameIndex ?? -1) > last &&
      document.querySelector("echo-viewer")?.phase === "live",
    index,
    { polling: 20 },
  );
  return performance.now() - started;
}

test("a cable that is pulled twenty times: the image returns within two seconds, and no old one is marked live", async () => {
  const device = await background(
    ["probe", "simulate", "--protocol", "echopen-e2", "--listen", "tcp://127.0.0.1:0", "--rate", "15"],
    /speaks echopen-e2 on tcp:\/\/127\.0\.0\.1:(\d+)/,
  );
  const cable = new Cable(Number(device.found[1]));
  await cable.plug();
  const server = await background(
    ["serve", "--probe", `tcp://127.0.0.1:${cable.port}`, "--protocol", "echopen-e2", "--port", "0"],
    /(http:\/\/localhost:\d+\/)/,
  );
  try {
    await onStage({ body: server.found[1], width: 500, height: 500 }, async ({ page }) => {
      await waitForPhase(page, "live");
      await page.locator("echo-viewer .badge", { hasText: "Live" }).waitFor();
      const before = await pictureHash(page);
      await watch(page);
      const returns: number[] = [];
      for (let k = 0; k < 20; k++) {
        await cable.pull();
        // The last frames that came before are still on their way to the screen.
        await page.waitForTimeout(k % 2 ? 900 : 300);
        const { index } = await watched(page);
        if (k % 2)
          assert.is(await page.evaluate(() => document.querySelector("echo-viewer")!.phase), "no-signal");
        await cable.plug();
        returns.push(await newerThan(page, index));
      }
      const { oldestLiveMs, backwards, looks, stoodMs } = await watched(page);
      console.log(
        `image back after ${Math.round(Math.max(...returns))} ms at most; oldest live picture ${Math.round(oldestLiveMs)} ms (${looks} looks)`,
      );
      // A machine that keeps the page from its work keeps device and bridge from theirs too.
      assert.ok(
        Math.max(...returns) <= 2000 + 5 * stoodMs,
        `${returns.map(Math.round)} ms, stood ${stoodMs} ms`,
      );
      assert.ok(oldestLiveMs <= OLDEST_LIVE_MS, `${oldestLiveMs} ms`);
      assert.is(backwards, 0);
      // What is simulated repeats itself with every heartbeat: one of its pictures may be the first one.
      const hashes = new Set([before]);
      for (let k = 0; k < 5; k++) {
        hashes.add(await pictureHash(page));
        await page.waitForTimeout(100);
      }
      assert.ok(hashes.size > 2, "the picture moves");
      // A device that keeps the line and says nothing.
      device.child.kill("SIGSTOP");
      await waitForPhase(page, "no-signal");
      device.child.kill("SIGCONT");
      await waitForPhase(page, "live");
    });
  } finally {
    await cable.pull();
    await server.stop();
    await device.stop();
  }
});

test("a second page takes the device over, and the first says so", async () => {
  const device = await background(
    ["probe", "simulate", "--protocol", "echopen-e2", "--listen", "tcp://127.0.0.1:0", "--rate", "15"],
    /on tcp:\/\/127\.0\.0\.1:(\d+)/,
  );
  const server = await background(
    ["serve", "--probe", `tcp://127.0.0.1:${device.found[1]}`, "--protocol", "echopen-e2", "--port", "0"],
    /(http:\/\/localhost:\d+\/)/,
  );
  try {
    await onStage({ body: server.found[1], width: 500, height: 500 }, async ({ page }) => {
      await waitForPhase(page, "live");
      const other = await page.context().newPage();
      await other.goto(server.found[1]);
      await page.locator("echo-viewer .error").waitFor();
      assert.match(await textOf(page, ".error"), /taken over by another page/);
      await page.waitForFunction(() => document.querySelector("echo-viewer")?.phase === "no-signal");
      await other.waitForFunction(() => document.querySelector("echo-viewer")?.phase === "live");
      await other.close();
      await page.locator("echo-viewer .retry").click();
      await waitForPhase(page, "live");
    });
  } finally {
    await server.stop();
    await device.stop();
  }
});

const script = (path: string): string =>
  transformSync(readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8"), {
    loader: "ts",
    format: "esm",
  }).code;

const FAKES = {
  "/test/fake-usb.js": script("../host/transports/fake-usb.ts"),
  "/test/fake-serial.js": script("../host/transports/fake-serial.ts"),
};

/** What the page drives its fake device with. */
interface Driven {
  pull(): void;
  plug(): void;
  /** An overrun of the serial port; on USB a stall and a babble by turns. */
  trouble(): void;
  /** What troubled the USB device, and how often its endpoint was set going again. */
  troubles(): { stalls: number; babbles: number; cleared: number };
  received(): number;
  opened(): unknown;
}

/** Shows a fake device in the page's viewer: a Sonde stream of a small sector, 20 frames a second. */
function driveFake(page: Page, kind: "usb" | "serial"): Promise<void> {
  return page.evaluate(async (kind) => {
    const { connect } = (await import("/dist/index.js" as string)) as typeof import("../../host/index.ts");
    const { FakeUsb } = (await import(
      "/test/fake-usb.js" as string
    )) as typeof import("../host/transports/fake-usb.ts");
    const { FakeSerial } = (await import(
      "/test/fake-serial.js" as string
    )) as typeof import("../host/transports/fake-serial.ts");
    const { default: bytes } = { default: await (await fetch("/stream.bin")).arrayBuffer() };
    const records = new Uint8Array(bytes);
    const header = records.slice(0, 6);
    const size = (records.length - 6) / 20;
    const usb = new FakeUsb();
    const port = new FakeSerial();
    let plugged = true;
    let frame = 0;
    let troubles = 0;
    let fresh = true;
    const say = (chunk: Uint8Array) => (kind === "usb" ? usb.device?.say(chunk) : port.say(chunk));
    const open = () => (kind === "usb" ? usb.device?.opened : port.readable !== null);
    setInterval(() => {
      if (!plugged || !open()) {
        fresh = true;
        return;
      }
      // A device of 2017: a header on connecting, then sweeps there and back.
      if (fresh) {
        fresh = false;
        frame = 0;
        say(header);
      }
      const at = 6 + (frame++ % 20) * size;
      for (let part = 0; part < size; part += 5000)
        say(records.slice(at + part, at + Math.min(size, part + 5000)));
    }, 50);
    Object.assign(window, {
      driven: {
        pull: () => {
          plugged = false;
          if (kind === "usb") usb.pull(30);
          else port.pull();
        },
        plug: () => {
          plugged = true;
          if (kind === "usb") usb.plug();
          else port.plug();
        },
        trouble: () => {
          if (kind === "serial") port.overrun();
          else if (troubles++ % 2 === 0) usb.device?.stall();
          else usb.device?.babble();
        },
        troubles: () => {
          const { stalls = 0, babbles = 0, log = [] } = usb.device ?? {};
          return { stalls, babbles, cleared: log.filter((entry) => entry.startsWith("clear ")).length };
        },
        received: () => (kind === "usb" ? (usb.device?.received.length ?? 0) : port.received.length),
        opened: () => port.opened[0],
      } satisfies Driven,
    });
    const viewer = document.querySelector("echo-viewer")!;
    const target = kind === "usb" ? usb.device! : port;
    viewer.backend = {
      ...viewer.backend,
      connect: (_probe, { signal }) => connect(target, { protocol: "echopen-e2", usb, signal }),
    };
    viewer.probe = kind;
  }, kind);
}

const drive = (page: Page, what: "pull" | "plug" | "trouble"): Promise<void> =>
  page.evaluate((name) => (window as unknown as { driven: Driven }).driven[name](), what);

/** Twenty sweeps of a small device of 2017: 16 lines, 60 samples. */
function stream(): Uint8Array {
  const lines = 16;
  const header = Uint8Array.of(80, 83, 8, lines, 40, 1);
  const count = Math.floor((2 * 3 * 125) / 1.48 / 8);
  const sweeps = Array.from({ length: 20 }, (_, frame) =>
    Array.from({ length: lines }, (_, k) => {
      const line = frame % 2 ? lines - k : k + 1;
      const record = new Uint8Array(1 + count).fill(100 + ((line * 7 + frame * 5) % 100));
      record[0] = line;
      return record;
    }),
  );
  return Buffer.concat([header, ...sweeps.flat()]);
}

for (const kind of ["usb", "serial"] as const)
  test(`a fake ${kind} device is shown in the page, through trouble and unplugging`, () =>
    onStage({ extra: { ...FAKES, "/stream.bin": stream() }, width: 500, height: 500 }, async ({ page }) => {
      await driveFake(page, kind);
      await waitForPhase(page, "live");
      await watch(page);
      for (let k = 0; k < 6; k++) {
        await drive(page, "trouble");
        await page.waitForTimeout(100);
      }
      await waitForPhase(page, "live");
      if (kind === "usb") {
        const { stalls, babbles, cleared } = await page.evaluate(() =>
          (window as unknown as { driven: Driven }).driven.troubles(),
        );
        assert.equal({ stalls, babbles }, { stalls: 3, babbles: 3 });
        assert.ok(cleared >= 3, `${stalls} stalls, the endpoint was set going again ${cleared} times`);
      }
      for (let k = 0; k < 5; k++) {
        await drive(page, "pull");
        await waitForPhase(page, "no-signal");
        const { index } = await watched(page);
        await drive(page, "plug");
        assert.ok((await newerThan(page, index)) <= 2000);
      }
      const { oldestLiveMs, backwards } = await watched(page);
      assert.ok(oldestLiveMs <= OLDEST_LIVE_MS, `${oldestLiveMs} ms`);
      assert.is(backwards, 0);
      const { received, opened } = await page.evaluate(() => {
        const { driven } = window as unknown as { driven: Driven };
        return { received: driven.received(), opened: driven.opened() };
      });
      assert.is(received, 0, "nothing is sent to the device");
      if (kind === "serial") assert.equal(opened, { baudRate: 115200, bufferSize: 1048576 });
    }));

test.after(closeBrowser);
test.run();
