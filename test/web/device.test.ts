/** A device in the viewer, from the press of a button to its frames: a page's own transport and protocol, pulled and put back. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { barriers, closeBrowser, onStage, type Stage, textOf, waitForPhase } from "./browser.ts";

type Page = Stage["page"];

/** What the page's device did and can be told. */
interface Bench {
  orders: string[];
  written: number;
  width: number;
  /** Distance between samples, in parts of the first. */
  spacing: number;
  silent: boolean;
  /** Time between frames. */
  periodMs: number;
  /** Gain from which on it does something by itself. */
  armsFrom: number;
  pull(): void;
  plugIn(): void;
}

/** A page with a device of its own: one byte is a line of so many samples of a triangle. */
async function onDevice(page: Page, mute = false): Promise<void> {
  await page.evaluate((silent) => {
    const viewer = document.querySelector("echo-viewer")!;
    let wake: (() => void) | undefined;
    let plugged = true;
    let broken: ((error: Error) => void) | undefined;
    const bench: Bench = {
      orders: [],
      written: 0,
      width: 256,
      spacing: 1,
      silent,
      periodMs: 40,
      armsFrom: 100,
      pull() {
        plugged = false;
        broken?.(new Error("pulled"));
        wake?.();
      },
      plugIn() {
        plugged = true;
      },
    };
    Object.assign(window, { bench });
    const lost = (): Error =>
      Object.assign(new Error("The test device was pulled: plug it in again."), {
        name: "SondeError",
        code: "device-lost",
        fields: { reason: "unplugged" },
      });
    let count = 0;
    const transport = {
      name: "test device",
      async open() {
        if (!plugged) throw lost();
        return {
          device: { name: "Test device", via: "test" },
          boundary: "stream" as const,
          async *chunks() {
            while (plugged) {
              await new Promise<void>((done) => {
                wake = done;
                setTimeout(done, bench.periodMs);
              });
              if (!plugged) throw lost();
              if (!bench.silent) yield Uint8Array.of(bench.width - 1, count++);
            }
          },
          write: async (bytes: Uint8Array) => {
            bench.written += bytes.length;
          },
          close: async () => undefined,
        };
      },
    };
    const lines = 8;
    const infoOf = (width: number) => ({
      kind: "lines" as const,
      name: `Test probe ${width}`,
      format: "test",
      signal: "rf" as const,
      frameCount: null,
      soundSpeedMps: 1540,
      sampleRateHz: 20e6,
      warnings: [],
      lines: Float64Array.from(
        { length: 5 * lines },
        (_, i) => [((i - (i % 5)) / 5) * 1e-3, 0, 0, 0, 4e-5 * bench.spacing][i % 5],
      ),
      sampleCount: width,
    });
    const protocol = {
      id: "test",
      name: "Test protocol",
      boundary: "stream" as const,
      controls: [{ id: "gain", kind: "number" as const, min: 0, max: 40, step: 1, unit: "dB", default: 10 }],
      starts: (order: { kind: string; value?: unknown }) =>
        order.kind === "start" || (order.kind === "set" && Number(order.value) >= bench.armsFrom),
      encode(order: { kind: string; control?: string; value?: unknown }) {
        if (order.kind === "start") bench.silent = false;
        bench.orders.push(
          [order.kind, order.control, order.value].filter((one) => one !== undefined).join(" "),
        );
        return Uint8Array.of(1);
      },
      parser() {
        let width = 0;
        let spacing = 0;
        let index = 0;
        return {
          maxBytes: 0,
          heldBytes: 0,
          push(chunk: Uint8Array) {
            const events = [];
            if (chunk[0] + 1 !== width || bench.spacing !== spacing) {
              width = chunk[0] + 1;
              spacing = bench.spacing;
              events.push({ kind: "acquisition" as const, info: infoOf(width) });
            }
            const samples = Int16Array.from({ length: lines * width }, (_, n) => {
              const k = n % width;
              return Math.abs(k - width / 2) < 20 ? 900 * Math.cos(k) : 8 * Math.cos(k * k + chunk[1]);
            });
            events.push({ kind: "frame" as const, frame: { index: index++, samples } });
            if (index === 5)
              events.push({ kind: "lost" as const, what: "frames" as const, count: 2, why: "test" });
            events.push({ kind: "status" as const, status: { battery: 0.5, temperatureC: 31.5 } });
            return events;
          },
          end: () => [],
        };
      },
    };
    viewer.connectDevice(transport, protocol);
  }, mute);
}

const act = (page: Page, work: (bench: Bench) => void): Promise<void> =>
  page.evaluate(`(${String(work)})(window.bench)`) as Promise<void>;
const read = <T>(page: Page, work: (bench: Bench) => T): Promise<T> =>
  page.evaluate(`(${String(work)})(window.bench)`) as Promise<T>;

const openDrawer = async (page: Page): Promise<void> => {
  await page.locator("echo-viewer .rail-device").click();
  await page.locator("echo-viewer .drawer").waitFor();
};
const drawerText = (page: Page): Promise<string> => page.locator("echo-viewer .drawer").innerText();

test("a device is shown live, and its name, rate, losses, battery and temperature can be read; nothing was sent to it", () =>
  onStage(
    { body: '<echo-viewer class="full"></echo-viewer>', width: 1280, height: 800 },
    async ({ page }) => {
      await onDevice(page);
      await waitForPhase(page, "live");
      await openDrawer(page);
      await page.waitForTimeout(1500);
      const text = await drawerText(page);
      for (const wanted of [
        /Test device/,
        /Test protocol/,
        /Frames arrive/,
        /Frame rate\s+\d+ per second/,
        /Lost\s+2 frames/,
        /Battery\s+50 %/,
        /Temperature\s+31\.5 °C/,
        /There are echoes above the noise/,
      ])
        assert.match(text, wanted);
      assert.is(await read(page, (bench) => bench.written), 0);
      assert.equal(await barriers(page), []);
    },
  ));

const freeze = (page: Page): Promise<void> =>
  page.evaluate(() => document.querySelector("echo-viewer")!.freeze());

test("a device that falls silent is NO SIGNAL within half a second or little more, and live again with its next frame", () =>
  onStage({}, async ({ page }) => {
    await onDevice(page);
    await waitForPhase(page, "live");
    const silence = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      const { bench } = window as unknown as { bench: Bench };
      const links: (string | undefined)[] = [];
      Object.assign(window, { links });
      viewer.addEventListener("echo-link", ({ detail }) => links.push(detail.link?.state));
      bench.silent = true;
      const start = performance.now();
      while (viewer.phase === "live") await new Promise((done) => setTimeout(done, 5));
      return performance.now() - start;
    });
    assert.ok(silence < 750, `${silence} ms`);
    await waitForPhase(page, "no-signal");
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.link!.state === "silent");
    assert.is(await page.evaluate(() => (window as unknown as { links: string[] }).links.at(-1)), "silent");
    await act(page, (bench) => {
      bench.silent = false;
    });
    await waitForPhase(page, "live");
  }));

test("a device with three frames in two seconds is live throughout, and NO SIGNAL within a second or little more of its last", () =>
  onStage({}, async ({ page }) => {
    await onDevice(page);
    await waitForPhase(page, "live");
    await act(page, (bench) => {
      bench.periodMs = 400;
    });
    // The rate is measured over two seconds.
    await page.waitForTimeout(2600);
    const { phases, silence } = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      const { bench } = window as unknown as { bench: Bench };
      const phases: string[] = [];
      bench.periodMs = 650;
      viewer.addEventListener("echo-phase", ({ detail }) => phases.push(detail.phase));
      await new Promise((done) => setTimeout(done, 5000));
      bench.silent = true;
      const seen = [...phases];
      const start = performance.now();
      while (viewer.phase === "live") await new Promise((done) => setTimeout(done, 5));
      return { phases: seen, silence: performance.now() - start };
    });
    assert.equal(phases, []);
    assert.ok(silence < 1250, `${silence} ms`);
    await waitForPhase(page, "no-signal");
  }));

test("a pulled cable is said in words, and the picture comes back by itself when it is put back", () =>
  onStage({}, async ({ page }) => {
    await onDevice(page);
    await waitForPhase(page, "live");
    await openDrawer(page);
    await act(page, (bench) => bench.pull());
    await waitForPhase(page, "no-signal");
    assert.match(await drawerText(page), /Lost; connecting again/);
    assert.match(await page.locator("echo-viewer .status").innerText(), /connecting again/i);
    assert.equal(await barriers(page), []);
    await act(page, (bench) => bench.plugIn());
    await waitForPhase(page, "live");
    await page.waitForTimeout(400);
    assert.match(await drawerText(page), /Reconnections\s+1/);
  }));

test("letting a picture run while its device is away says so at once, and leaves what is stored until the device is back", () =>
  onStage({ width: 1200, height: 800 }, async ({ page }) => {
    await onDevice(page);
    await waitForPhase(page, "live");
    await page.waitForTimeout(500);
    await freeze(page);
    await waitForPhase(page, "frozen");
    await page.evaluate(() => document.querySelector("echo-viewer")!.step(-3));
    await page.waitForTimeout(200);
    await page.locator("echo-viewer .base").press("L");
    const { x, y, width, height } = (await page.locator("echo-viewer .stage").boundingBox())!;
    for (const part of [0.45, 0.55]) await page.mouse.click(x + part * width, y + part * height);
    const look = () =>
      page.evaluate(async () => {
        const viewer = document.querySelector("echo-viewer")!;
        await viewer.updateComplete;
        const { phase, cine, measurements } = viewer;
        const badge = viewer.shadowRoot!.querySelector(".badge")!.textContent;
        const frames = measurements.measurements.map(({ frame }) => frame);
        return { phase, badge, count: cine.frameCount, place: cine.position, frames };
      });
    const before = await look();
    assert.equal(before.frames, [before.place]);
    assert.ok(before.count > 4 && before.place === before.count - 4, JSON.stringify(before));
    await act(page, (bench) => bench.pull());
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.link!.state === "reconnecting");
    await page.evaluate(() => document.querySelector("echo-viewer")!.run());
    const away = { ...before, phase: "no-signal", badge: "No signal" };
    assert.equal(await look(), away);
    await page.waitForTimeout(700);
    assert.equal(await look(), away);
    // There is the way back.
    await freeze(page);
    assert.equal(await look(), before);
    await page.evaluate(() => document.querySelector("echo-viewer")!.run());
    await act(page, (bench) => bench.plugIn());
    await waitForPhase(page, "live");
    const { count, frames } = await look();
    assert.ok(count < before.count, `${count} stored`);
    assert.equal(frames, [-1]);
  }));

test("a device that changes its geometry gets a new plan, and the scale follows", () =>
  onStage({}, async ({ page }) => {
    await onDevice(page);
    await waitForPhase(page, "live");
    const depthOf = (): Promise<number> =>
      page.evaluate(() => {
        const { regions, height } = document.querySelector("echo-viewer")!.image!;
        return regions[0].deltaZM * height;
      });
    const before = await depthOf();
    await act(page, (bench) => {
      bench.width = 128;
    });
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.info?.name === "Test probe 128");
    await waitForPhase(page, "live");
    await page.waitForTimeout(200);
    assert.ok(Math.abs((await depthOf()) / before - 0.5) < 0.02, `${await depthOf()} after ${before}`);
  }));

test("a geometry that changes while the picture is frozen is never shown with the old scale", () =>
  onStage({}, async ({ page }) => {
    await onDevice(page);
    await waitForPhase(page, "live");
    const pitch = (): Promise<number> =>
      page.evaluate(() => {
        const { regions, height } = document.querySelector("echo-viewer")!.image!;
        return regions[0].deltaZM * height;
      });
    const before = await pitch();
    await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
    await waitForPhase(page, "frozen");
    // As many samples as before, twice as far apart: nothing but the acquisition tells.
    await act(page, (bench) => {
      bench.spacing = 2;
    });
    await page.waitForTimeout(300);
    await page.evaluate(() => document.querySelector("echo-viewer")!.run());
    await waitForPhase(page, "live");
    await page.waitForTimeout(200);
    const after = await pitch();
    assert.ok(Math.abs(after / before - 2) < 0.05, `${after} after ${before}`);
    assert.is(await page.evaluate(() => document.querySelector("echo-viewer")!.link?.state), "live");
  }));

test("orders are sent only by presses: freezing stops what was started, a press that lets it run starts it again, a script does not", () =>
  onStage({}, async ({ page }) => {
    await onDevice(page);
    await waitForPhase(page, "live");
    await openDrawer(page);
    await freeze(page);
    await page.locator("echo-viewer [part~=freeze]").click();
    assert.equal(await read(page, (bench) => bench.orders), [], "nothing was started");
    await waitForPhase(page, "live");
    await page.locator("echo-viewer .drawer .start").click();
    await page.locator("echo-viewer .device-control input").fill("25");
    await page.locator("echo-viewer .device-control button").click();
    await freeze(page);
    await page.waitForTimeout(50);
    await page.locator("echo-viewer [part~=freeze]").click();
    await page.waitForTimeout(50);
    await freeze(page);
    await page.waitForTimeout(50);
    await page.evaluate(() => document.querySelector("echo-viewer")!.run());
    await page.waitForTimeout(50);
    assert.equal(await read(page, (bench) => bench.orders), [
      "start",
      "set gain 25",
      "stop",
      "start",
      "stop",
    ]);
  }));

test("a device that is started while the picture is frozen is looked at: the picture runs", () =>
  onStage({}, async ({ page }) => {
    await onDevice(page);
    await waitForPhase(page, "live");
    await openDrawer(page);
    await freeze(page);
    // A setting sets nothing going, and the picture stays.
    await page.locator("echo-viewer .device-control button").click();
    await page.waitForTimeout(50);
    assert.is(await page.evaluate(() => document.querySelector("echo-viewer")!.phase), "frozen");
    await page.locator("echo-viewer .drawer .start").click();
    await waitForPhase(page, "live");
    assert.equal((await read(page, (bench) => bench.orders)).slice(-1), ["start"]);
  }));

test("what was armed without being started is stopped by freezing, and armed again by the press that lets it run", () =>
  onStage({}, async ({ page }) => {
    await onDevice(page);
    await waitForPhase(page, "live");
    await act(page, (bench) => {
      bench.armsFrom = 20;
    });
    await openDrawer(page);
    await page.locator("echo-viewer .device-control input").fill("25");
    await page.locator("echo-viewer .device-control button").click();
    await page.locator("echo-viewer .drawer .start").click();
    await page.locator("echo-viewer [part~=freeze]").click();
    await page.waitForTimeout(50);
    await page.locator("echo-viewer [part~=freeze]").click();
    await page.waitForTimeout(50);
    const order = ["set gain 25", "start"];
    assert.equal(await read(page, (bench) => bench.orders), [...order, "stop", ...order]);
  }));

test("a link that breaks leaves nothing going: the device is stopped over the next one, and a new start by freezing", () =>
  onStage({}, async ({ page }) => {
    await onDevice(page);
    await waitForPhase(page, "live");
    await openDrawer(page);
    await page.locator("echo-viewer .drawer .start").click();
    await act(page, (bench) => bench.pull());
    await waitForPhase(page, "no-signal");
    await act(page, (bench) => bench.plugIn());
    await waitForPhase(page, "live");
    assert.equal(await read(page, (bench) => bench.orders), ["start", "stop"]);
    await page.locator("echo-viewer .drawer .start").click();
    await freeze(page);
    await page.waitForTimeout(50);
    assert.equal(await read(page, (bench) => bench.orders), ["start", "stop", "start", "stop"]);
  }));

test("a recording goes on while the picture is frozen, is kept, opens again and can be deleted", () =>
  onStage({}, async ({ page }) => {
    await onDevice(page);
    await waitForPhase(page, "live");
    await openDrawer(page);
    const startedMs = performance.now();
    await page.locator("echo-viewer .record").click();
    await page.locator("echo-viewer .status .recording").waitFor();
    // The pointer rests on the button that ends it.
    assert.equal(await barriers(page), []);
    await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
    await page.waitForTimeout(1200);
    // Figures that change several times a second are not said each time.
    assert.is(await page.locator("echo-viewer .drawer .hint[role=status]").count(), 0);
    await page.locator("echo-viewer .record").click();
    const recordedS = (performance.now() - startedMs) / 1000;
    await page.locator("echo-viewer .device-recordings li").waitFor();
    await page.locator("echo-viewer .said", { hasText: / MB, \d+ frames/ }).waitFor({ state: "attached" });
    assert.not.match(await drawerText(page), /cut short/);
    assert.equal(await barriers(page), []);
    await page.getByRole("button", { name: "Show: Test probe 256" }).click();
    await waitForPhase(page, "file");
    const info = await page.evaluate(() => document.querySelector("echo-viewer")!.info!);
    // About 25 frames a second; a busy machine makes fewer.
    const most = Math.ceil(28 * recordedS);
    assert.ok(
      info.frameCount! >= 15 && info.frameCount! <= most,
      `${info.frameCount} frames in ${recordedS} s`,
    );
    assert.is(info.kind, "lines");
    await page.getByRole("button", { name: "Delete: Test probe 256" }).click();
    await page.locator("echo-viewer .device-recordings").waitFor({ state: "detached" });
  }));

test("a recording ends with the patient it is of; of one who is described otherwise it goes on", () =>
  onStage({}, async ({ page }) => {
    await onDevice(page);
    const name = (banner: object): Promise<unknown> =>
      page.evaluate((named) => {
        document.querySelector("echo-viewer")!.banner = named;
      }, banner);
    await name({ name: "Ada Example", id: "17" });
    await waitForPhase(page, "live");
    await openDrawer(page);
    await page.locator("echo-viewer .record").click();
    const runs = page.locator("echo-viewer .status .recording");
    await runs.waitFor();
    await name({ name: "Ada Example", id: "17", exam: "Carotid" });
    await page.waitForTimeout(300);
    assert.is(await runs.count(), 1);
    await name({ name: "Bob Example", id: "18" });
    await runs.waitFor({ state: "detached" });
    await page.locator("echo-viewer .device-recordings li").waitFor();
    assert.is(await page.locator("echo-viewer .record").getAttribute("aria-pressed"), "false");
  }));

test("what was recorded before the page went away is there, up to its last whole frame", () =>
  onStage({}, async ({ page }) => {
    await onDevice(page);
    await waitForPhase(page, "live");
    await openDrawer(page);
    await page.locator("echo-viewer .record").click();
    await page.waitForTimeout(900);
    await page.reload();
    await page.locator("echo-viewer .rail-device").waitFor();
    await openDrawer(page);
    await page.locator("echo-viewer .device-recordings li").waitFor();
    assert.match(await drawerText(page), /cut short/);
    await page.getByRole("button", { name: "Show: Test probe 256" }).click();
    await waitForPhase(page, "file");
    const frames = await page.evaluate(() => document.querySelector("echo-viewer")!.info!.frameCount!);
    assert.ok(frames >= 8, `${frames} frames`);
  }));

test("a device that speaks only when it is told can be started while it is being connected, and is stopped by freezing", () =>
  onStage({}, async ({ page }) => {
    await onDevice(page, true);
    await openDrawer(page);
    await page.locator("echo-viewer .drawer .start").waitFor();
    assert.match(await drawerText(page), /Connected/);
    assert.equal(await barriers(page), []);
    assert.equal(await read(page, (bench) => bench.orders), []);
    await page.locator("echo-viewer .drawer .start").click();
    await waitForPhase(page, "live");
    await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
    await page.waitForTimeout(100);
    assert.equal(await read(page, (bench) => bench.orders), ["start", "stop"]);
  }));

test("without a device the drawer offers the browser's choosers, an address and the bridge's command", () =>
  onStage({}, async ({ page, expectError }) => {
    expectError(/ERR_CONNECTION_REFUSED|WebSocket/);
    await openDrawer(page);
    assert.match(await drawerText(page), /sonde serve --probe/);
    assert.equal(await barriers(page), []);
    await page.locator("echo-viewer .drawer input[name=address]").fill("gopher://nowhere");
    await page.keyboard.press("Enter");
    await page.locator("echo-viewer .error-text").waitFor();
    assert.match(await textOf(page, ".error-text"), /gopher/);
  }));

test("the figures of the signal check are written as the viewer's language writes numbers", () =>
  onStage({ body: '<echo-viewer lang="fr"></echo-viewer>' }, async ({ page }) => {
    await onDevice(page);
    await waitForPhase(page, "live");
    await openDrawer(page);
    await page.locator("echo-viewer .device-findings").waitFor();
    const figures = await page.locator("echo-viewer .device-findings + .device-facts dd").allInnerTexts();
    assert.match(figures.join(" "), /\d,\d/);
    for (const figure of figures) assert.not.match(figure, /[.-]/, figures.join(" "));
  }));

test.after(closeBrowser);
test.run();
