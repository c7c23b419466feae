/** `<echo-viewer>` in Chromium with an engine and sources that the test controls. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EchoChangeDetail } from "../../web/echo-viewer/events.ts";
import { barriers, closeBrowser, onStage, pictureHash, type Stage, textOf, waitForPhase } from "./browser.ts";
import { eventsOf, logOf, onFakeStage, stall } from "./fake-stage.ts";

type Page = Stage["page"];

const frozenStage = async (page: Page): Promise<void> => {
  await waitForPhase(page, "live");
  await page.waitForTimeout(400);
  await page.locator("echo-viewer .freeze").click();
  await waitForPhase(page, "frozen");
  await page.waitForTimeout(250);
};

test("with no source asked for, nothing is opened and no engine is made", () =>
  onFakeStage({}, async ({ page }) => {
    await page.waitForTimeout(200);
    assert.is(await textOf(page, ".badge"), "No image");
    assert.is((await logOf(page)).engines, 0);
    assert.equal(await barriers(page), []);
  }));

test("a live probe shows a moving picture, LIVE and a frame rate", () =>
  onFakeStage({ probe: "simulated" }, async ({ page }) => {
    await waitForPhase(page, "live");
    assert.is(await textOf(page, ".badge"), "Live");
    const before = await pictureHash(page);
    await page.waitForTimeout(1200);
    assert.is.not(await pictureHash(page), before);
    const rate = Number.parseInt(await textOf(page, ".rate"), 10);
    assert.ok(rate >= 5 && rate <= 30, `${rate} fps of a 25 fps source`);
    assert.equal(await barriers(page), []);
    assert.match(await page.locator("echo-viewer [role=status]").textContent().then(String), /Live image/);
  }));

test("freeze holds the picture and says FROZEN; scrubbing shows stored frames and where they were", () =>
  onFakeStage({ probe: "simulated" }, async ({ page }) => {
    await frozenStage(page);
    assert.is(await textOf(page, ".badge"), "Frozen");
    assert.is(await page.locator("echo-viewer").getAttribute("frozen"), "");
    const held = await pictureHash(page);
    await page.waitForTimeout(300);
    assert.is(await pictureHash(page), held, "the picture stands still");
    assert.is((await logOf(page)).streaming, 0, "the stream is stopped");
    const [, count] = /(\d+) \/ (\d+) 0.00 s/.exec(await textOf(page, ".place"))?.slice(1) ?? [];
    assert.ok(Number(count) > 5);
    await page.locator("echo-viewer .scrub").fill("2");
    await page.waitForTimeout(300);
    assert.is.not(await pictureHash(page), held, "another frame is shown");
    assert.match(await textOf(page, ".place"), new RegExp(`^3 / ${count} −\\d\\.\\d\\d s$`));
    assert.is(await page.evaluate(() => document.querySelector("echo-viewer")!.image!.frameIndex), 2);
    assert.equal(await barriers(page), []);
    await page.locator("echo-viewer .freeze").click();
    await waitForPhase(page, "live");
  }));

test("controls act on frozen frames, which are then marked as reprocessed", () =>
  onFakeStage({ probe: "simulated" }, async ({ page }) => {
    await frozenStage(page);
    const before = await pictureHash(page);
    assert.is(await page.locator("echo-viewer .chip").count(), 0);
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.gain = 20;
    });
    await page.waitForTimeout(300);
    assert.is.not(await pictureHash(page), before);
    assert.is(await textOf(page, ".chip"), "Reprocessed");
    await page.locator("echo-viewer .freeze").click();
    await waitForPhase(page, "live");
    assert.is(await page.locator("echo-viewer .chip").count(), 0);
  }));

test("stored frames that came under other settings are marked, those that came under these are not", () =>
  onFakeStage({ probe: "simulated", fake: { rateHz: 20 } }, async ({ page }) => {
    await waitForPhase(page, "live");
    const marked = async (number: "first" | "last"): Promise<boolean> => {
      await page.evaluate(async (which) => {
        const viewer = document.querySelector("echo-viewer")!;
        viewer.seek(which === "first" ? 0 : viewer.cine.frameCount - 1);
      }, number);
      await page.waitForTimeout(200);
      return (await page.locator("echo-viewer [part=reprocessed]").count()) > 0;
    };
    await page.waitForTimeout(600);
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.gain = 20;
    });
    await page.waitForTimeout(600);
    await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
    await waitForPhase(page, "frozen");
    assert.is(await marked("last"), false, "the newest came under this gain");
    assert.is(await marked("first"), true, "the oldest came without");
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.gain = 0;
    });
    await page.waitForTimeout(200);
    assert.is(await marked("first"), false, "as it came");
    assert.is(await marked("last"), true);
  }));

test("in a narrow viewer a mark has the room of the source's name, and the buttons stay at the end", () =>
  onFakeStage({ probe: "simulated" }, async ({ page }) => {
    await frozenStage(page);
    const places = () =>
      page.evaluate(async () => {
        const viewer = document.querySelector("echo-viewer")!;
        viewer.style.width = "290px";
        await new Promise((resolve) => setTimeout(resolve, 200));
        const parts = [".status", ".source", ".tools"].map((one) => viewer.shadowRoot!.querySelector(one)!);
        const [status, source, tools] = parts.map((one) => one.getBoundingClientRect());
        return { nameWidth: source.width, endPx: status.right - tools.right };
      });
    const before = await places();
    assert.ok(before.nameWidth > 30, JSON.stringify(before));
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.gain = 20;
    });
    const chip = page.locator("echo-viewer .chip");
    await chip.waitFor();
    const after = await places();
    assert.is(after.nameWidth, 0);
    assert.is(after.endPx, before.endPx);
  }));

test("a stream that stalls is called NO SIGNAL within a second, and LIVE again only with new frames", () =>
  onFakeStage({ probe: "simulated" }, async ({ page }) => {
    await waitForPhase(page, "live");
    await stall(page, true);
    const started = Date.now();
    await waitForPhase(page, "no-signal");
    const tookMs = Date.now() - started;
    assert.ok(tookMs > 300 && tookMs < 1000, `${tookMs} ms`);
    assert.is(await textOf(page, ".badge"), "No signal");
    assert.is(await textOf(page, ".banner"), "No signal");
    assert.is(await textOf(page, ".rate"), "");
    const opacity = await page
      .locator("echo-viewer .picture")
      .evaluate((node) => getComputedStyle(node).opacity);
    assert.ok(Number(opacity) < 0.5, "the picture is dimmed");
    await stall(page, false);
    await waitForPhase(page, "live");
  }));

test("what the picture becomes, and that frames play, is told in events", () =>
  onFakeStage({ probe: "simulated" }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.evaluate(() => {
      const told: string[] = [];
      Object.assign(window, { told });
      const viewer = document.querySelector("echo-viewer")!;
      viewer.addEventListener("echo-phase", ({ detail }) => {
        if (detail.phase !== viewer.phase) told.push("the event came before the property");
        told.push(`${detail.previous} > ${detail.phase}`);
      });
      viewer.addEventListener("echo-play", ({ detail }) => told.push(detail.playing ? "play" : "pause"));
    });
    const told = () => page.evaluate(() => (window as unknown as { told: string[] }).told.splice(0));
    await stall(page, true);
    await waitForPhase(page, "no-signal");
    // A busy page may look first when it is too late for "delayed".
    assert.match((await told()).at(-1) ?? "", /^(?:live|delayed) > no-signal$/);
    await stall(page, false);
    await waitForPhase(page, "live");
    await told();
    await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
    await waitForPhase(page, "frozen");
    await page.evaluate(() => document.querySelector("echo-viewer")!.play());
    await page.evaluate(() => document.querySelector("echo-viewer")!.pause());
    const [frozen, ...playing] = (await told()).slice(-3);
    assert.match(frozen, /^\S+ > frozen$/);
    assert.equal(playing, ["play", "pause"]);
  }));

test("an engine too slow for a fresh picture is called delayed, never live", () =>
  onFakeStage({ probe: "simulated", fake: { runMs: 700 } }, async ({ page }) => {
    const seen = new Set<string>();
    const until = Date.now() + 2500;
    while (Date.now() < until) {
      seen.add(await page.evaluate(() => document.querySelector("echo-viewer")!.phase));
      await page.waitForTimeout(20);
    }
    assert.not.ok(seen.has("live"), [...seen].join(", "));
    assert.ok(seen.has("delayed"), [...seen].join(", "));
  }));

test("a stream that closes is ended, not live, and its last frames can be looked at", () =>
  onFakeStage({ probe: "simulated", fake: { endsAfter: 12 } }, async ({ page }) => {
    await waitForPhase(page, "ended");
    await page.waitForTimeout(250);
    assert.is(await textOf(page, ".banner"), "Ended");
    assert.match(await textOf(page, ".place"), /^12 \/ 12/);
    await page.evaluate(() => document.querySelector("echo-viewer")!.step(-4));
    await page.waitForTimeout(250);
    assert.match(await textOf(page, ".place"), /^8 \/ 12/);
    assert.is(await textOf(page, ".badge"), "Ended");
    await page.getByRole("button", { name: "Reconnect" }).click();
    await waitForPhase(page, "live");
  }));

test("a probe that is lost says so, and can be tried again", () =>
  onFakeStage({ probe: "simulated", fake: { breaksAfter: 12 } }, async ({ page }) => {
    await page.locator("echo-viewer .error").waitFor();
    assert.match(await textOf(page, ".error"), /unplugged/);
    assert.is(await textOf(page, ".badge"), "No signal");
    await page.locator("echo-viewer .retry").click();
    await waitForPhase(page, "live");
    assert.is(await page.locator("echo-viewer .error").count(), 0);
    await page.locator("echo-viewer .error").waitFor();
  }));

test("an engine that breaks while live says so, and a new one is made to go on", () =>
  onFakeStage({ probe: "simulated", fake: { runBreaksAt: 12 } }, async ({ page }) => {
    await page.locator("echo-viewer .error").waitFor();
    assert.match(await textOf(page, ".error"), /failed unexpectedly: unreachable/);
    assert.is(await textOf(page, ".badge"), "No signal");
    await page.locator("echo-viewer .dismiss").click();
    assert.is((await logOf(page)).streaming, 0);
    await page.getByRole("button", { name: "Reconnect" }).click();
    await waitForPhase(page, "live");
    const { engines, enginesClosed } = await logOf(page);
    assert.equal([engines, enginesClosed], [2, 1]);
    await page.locator("echo-viewer .error").waitFor();
  }));

test("the cine keeps no more raw frames than 64 MiB hold", () =>
  onFakeStage({ probe: "simulated", fake: { rateHz: 10, frameBytes: 20 * 2 ** 20 } }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.waitForTimeout(800);
    await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
    await page.waitForTimeout(300);
    assert.match(await textOf(page, ".place"), /^3 \/ 3 0\.00 s$/);
    await page.evaluate(() => document.querySelector("echo-viewer")!.step(-2));
    await page.waitForTimeout(250);
    assert.match(await textOf(page, ".place"), /^1 \/ 3 −0\.20 s$/);
  }));

test("frozen frames play at the speed they were acquired", () =>
  onFakeStage({ probe: "simulated", fake: { rateHz: 10 } }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.waitForTimeout(1200);
    await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
    await page.locator("echo-viewer .base").focus();
    await page.keyboard.press("Home");
    const indexOf = (): Promise<number> =>
      page.evaluate(() => document.querySelector("echo-viewer")!.image!.frameIndex);
    await page.waitForTimeout(250);
    const first = await indexOf();
    await page.locator("echo-viewer .play").click();
    await page.waitForTimeout(550);
    await page.locator("echo-viewer .play").click();
    const played = (await indexOf()) - first;
    assert.ok(played >= 4 && played <= 11, `${played} frames in about 0.6 s at 10 frames a second`);
    assert.is(await textOf(page, ".badge"), "Frozen");
  }));

test("a hidden page is not live, and takes no frames", () =>
  onFakeStage({ probe: "simulated" }, async ({ page }) => {
    await waitForPhase(page, "live");
    const setVisibility = (value: string): Promise<void> =>
      page.evaluate((state) => {
        Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, value);
    await setVisibility("hidden");
    await page.waitForTimeout(250);
    assert.is.not(await page.evaluate(() => document.querySelector("echo-viewer")!.phase), "live");
    assert.is((await logOf(page)).streaming, 0);
    await setVisibility("visible");
    await waitForPhase(page, "live");
  }));

test("a picture from before the page was hidden is never frozen as if it were new, nor said to be live", () =>
  onFakeStage({ probe: "simulated" }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.waitForFunction(
      () =>
        document.querySelector("echo-viewer")!.shadowRoot!.querySelector(".said")?.textContent ===
        "Live image.",
    );
    await stall(page, true);
    const phase = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      const see = (state: string): void => {
        Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      };
      see("hidden");
      await new Promise((done) => setTimeout(done, 100));
      const hidden = viewer.shadowRoot!.querySelector(".said")!.textContent;
      see("visible");
      viewer.freeze();
      await new Promise((done) => setTimeout(done, 100));
      return { hidden, frozen: viewer.frozen, phase: viewer.phase };
    });
    assert.equal(phase, { hidden: "", frozen: true, phase: "loading" });
    // Nothing comes: it is not held as a picture of now.
    await waitForPhase(page, "no-signal");
    await stall(page, false);
    await waitForPhase(page, "frozen");
    assert.is(await textOf(page, ".badge"), "Frozen");
  }));

test("a recording opens at its first frame, steps, plays and says where it is", () =>
  onFakeStage({ src: "scan.uff" }, async ({ page }) => {
    await waitForPhase(page, "file");
    assert.is(await textOf(page, ".badge"), "File");
    assert.is(await textOf(page, ".place"), "1 / 20 0.00 s");
    const first = await pictureHash(page);
    await page.locator("echo-viewer .base").focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForTimeout(250);
    assert.is(await textOf(page, ".place"), "2 / 20 0.04 s");
    assert.is.not(await pictureHash(page), first);
    await page.keyboard.press("End");
    await page.waitForTimeout(250);
    assert.match(await textOf(page, ".place"), /^20 \/ 20/);
    await page.keyboard.press("Home");
    await page.keyboard.press("Space");
    await page.waitForFunction(() => (document.querySelector("echo-viewer")?.image?.frameIndex ?? 0) > 0);
    await page.keyboard.press("Space");
    await page.keyboard.press("Home");
    await page.waitForFunction(() => document.querySelector("echo-viewer")?.image?.frameIndex === 0);
    // Timed on the page's own clock: this test's may be far behind.
    const { index, elapsedMs } = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      const started = performance.now();
      viewer.play();
      await new Promise((resolve) => setTimeout(resolve, 400));
      const elapsedMs = performance.now() - started;
      viewer.pause();
      return { index: viewer.image!.frameIndex, elapsedMs };
    });
    const due = Math.min(19, elapsedMs / 40);
    assert.ok(Math.abs(index - due) <= 5, `frame ${index} after ${elapsedMs} ms at 25 frames a second`);
    assert.equal(await barriers(page), []);
  }));

test("a dropped file is opened", () =>
  onFakeStage({ probe: "simulated" }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(["echoes"], "dropped.uff"));
      const stage = document.querySelector("echo-viewer")!.shadowRoot!.querySelector(".stage")!;
      for (const type of ["dragenter", "dragover", "drop"]) {
        stage.dispatchEvent(
          new DragEvent(type, { dataTransfer: data, bubbles: true, composed: true, cancelable: true }),
        );
      }
    });
    await waitForPhase(page, "file");
    assert.match(await textOf(page, ".source"), /dropped\.uff/);
    assert.is((await logOf(page)).streaming, 0);
  }));

test("a file that cannot be read says why, and the picture from before stays", () =>
  onFakeStage({ src: "scan.uff" }, async ({ page }) => {
    await waitForPhase(page, "file");
    await page.waitForTimeout(250);
    const before = await pictureHash(page);
    await page.evaluate(() => document.querySelector("echo-viewer")!.openFile(new File(["x"], "bad.uff")));
    await page.locator("echo-viewer .error").waitFor();
    const said = await textOf(page, ".error");
    assert.match(said, /bad\.uff ends at byte 12 of 400: copy it again\./);
    assert.match(said, /from before/);
    assert.ok((await eventsOf(page)).includes("echo-error"));
    assert.is(await pictureHash(page), before);
    assert.match(await textOf(page, ".source"), /scan\.uff/);
    assert.equal(await barriers(page), []);
    await page.locator("echo-viewer .dismiss").click();
    assert.is(await page.locator("echo-viewer .error").count(), 0);
    assert.is(await focusedClass(page), "base", "the focus stays in the viewer");
    await page.evaluate(() => document.querySelector("echo-viewer")!.openFile(new File(["x"], "bad.uff")));
    await page.locator("echo-viewer .error").waitFor();
    await page.keyboard.press("Escape");
    assert.is(await page.locator("echo-viewer .error").count(), 0);
  }));

test("what a source says is missing or odd can be read with a button", () =>
  onFakeStage({ src: "scan.uff", fake: { warnings: ["57 degrees are assumed."] } }, async ({ page }) => {
    await waitForPhase(page, "file");
    await page.getByRole("button", { name: "1 note on this source" }).click();
    assert.match(await textOf(page, ".warnings"), /57 degrees are assumed\./);
    assert.equal(await barriers(page), []);
    await page.keyboard.press("Escape");
    assert.is(await page.locator("echo-viewer .warnings").count(), 0);
  }));

test("a source that says nothing odd has no notes", () =>
  onFakeStage({ src: "scan.uff" }, async ({ page }) => {
    await waitForPhase(page, "file");
    assert.is(await page.locator("echo-viewer .warnings-toggle").count(), 0);
  }));

test("with no picture before, a failure is an error and can be tried again", () =>
  onFakeStage({ src: "bad.uff" }, async ({ page }) => {
    await waitForPhase(page, "error");
    assert.equal(await barriers(page), []);
    await page.locator("echo-viewer .retry").click();
    await page.waitForTimeout(250);
    assert.equal(
      (await eventsOf(page)).filter((name) => name === "echo-error"),
      ["echo-error", "echo-error"],
    );
    const { engines, enginesClosed } = await logOf(page);
    assert.is(enginesClosed, engines, "no engine is left behind");
  }));

test("load() opens once more what is asked for, whether it failed or not", () =>
  onFakeStage({ src: "bad.uff" }, async ({ page }) => {
    const came = async (wanted: string, count: number): Promise<void> => {
      for (let k = 0; k < 100; k++) {
        if ((await eventsOf(page)).filter((name) => name === wanted).length === count) return;
        await page.waitForTimeout(100);
      }
      throw new Error(`${wanted}: ${await eventsOf(page)}`);
    };
    const load = () => page.evaluate(() => document.querySelector("echo-viewer")!.load());
    await waitForPhase(page, "error");
    await load();
    await came("echo-error", 2);
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.src = "scan.uff";
    });
    await waitForPhase(page, "file");
    await came("echo-load", 1);
    await load();
    await came("echo-load", 2);
    await waitForPhase(page, "file");
    const { engines, enginesClosed } = await logOf(page);
    assert.ok(engines - enginesClosed <= 1, "no engine is left behind");
  }));

test("what failed and is not asked for any more is no error any more", () =>
  onFakeStage({ src: "scan.uff" }, async ({ page }) => {
    const ask = (src: string | null) =>
      page.evaluate((value) => {
        document.querySelector("echo-viewer")!.src = value;
      }, src);
    const panel = page.locator("echo-viewer [part=error]");
    await waitForPhase(page, "file");
    await ask("bad.uff");
    await panel.waitFor();
    await ask(null);
    await waitForPhase(page, "idle");
    await panel.waitFor({ state: "detached" });
    // A dropped file was never asked for by the page.
    await page.evaluate(() => document.querySelector("echo-viewer")!.openFile(new File(["x"], "bad.uff")));
    await waitForPhase(page, "error");
    await panel.waitFor();
  }));

test("loading that takes long shows its name and progress", () =>
  onFakeStage({}, async ({ page }) => {
    // Timed on the page's own clock: this test's may be far behind.
    const afterMs = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      const started = performance.now();
      viewer.src = "slow.uff";
      while (!viewer.shadowRoot!.querySelector(".progress")) await new Promise((done) => setTimeout(done, 5));
      return performance.now() - started;
    });
    assert.ok(afterMs > 250, `not at once: after ${afterMs} ms`);
    await page.locator("echo-viewer .progress").waitFor();
    assert.match(await textOf(page, ".progress"), /slow\.uff/);
    await waitForPhase(page, "file");
    assert.is(await page.locator("echo-viewer .progress").count(), 0);
  }));

test("pages are told what the plan decided, after each change that it took", () =>
  onFakeStage({}, async ({ page }) => {
    const told = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      const said: string[] = [String(viewer.report)];
      const next = (name: "echo-load" | "echo-plan" | "echo-error") =>
        new Promise((resolve) => viewer.addEventListener(name, resolve, { once: true }));
      viewer.addEventListener("echo-load", ({ detail }) =>
        said.push(`load ${detail.report === viewer.report}`),
      );
      viewer.addEventListener("echo-plan", ({ detail }) =>
        said.push(`plan ${detail.report === viewer.report}`),
      );
      viewer.addEventListener("echo-error", () => said.push(`error ${viewer.gain}`));
      const opened = next("echo-load");
      viewer.src = "scan.uff";
      await opened;
      const taken = next("echo-plan");
      viewer.gain = 3;
      await taken;
      const refused = next("echo-error");
      viewer.gain = 59;
      await refused;
      viewer.src = null;
      await new Promise((resolve) => setTimeout(resolve));
      said.push(String(viewer.report));
      return said;
    });
    assert.equal(told, ["null", "load true", "plan true", "error 3", "null"]);
  }));

test("a change by a person tells all that was chosen, how far the picture is softened too", () =>
  onFakeStage(
    { body: '<echo-viewer smoothing="0.25"></echo-viewer>', probe: "simulated" },
    async ({ page }) => {
      await waitForPhase(page, "live");
      await page.evaluate(() => {
        document
          .querySelector("echo-viewer")!
          .addEventListener("echo-change", ({ detail }) => Object.assign(window, { detail }));
      });
      await page.locator("echo-viewer .base").press("]");
      const detail = await page.evaluate(() => Reflect.get(window, "detail") as EchoChangeDetail);
      assert.equal(detail, {
        gain: 0,
        dynamicRange: 55,
        depth: null,
        greyMap: "gray",
        tgc: null,
        persistence: 0,
        smoothing: 0.25,
        preset: null,
        adjusted: { display: { smoothing: 0.25 } },
      });
    },
  ));

test("keys change gain and dynamic range, only while the viewer has the focus", () =>
  onFakeStage({ probe: "simulated" }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.keyboard.press("ArrowUp");
    assert.is(await page.locator("echo-viewer").getAttribute("gain"), null);
    await page.locator("echo-viewer .base").focus();
    for (const key of ["ArrowUp", "ArrowUp", "ArrowDown", "ArrowUp", "]", "]", "["])
      await page.keyboard.press(key);
    assert.is(await page.locator("echo-viewer").getAttribute("gain"), "2");
    assert.is(await page.locator("echo-viewer").getAttribute("dynamic-range"), "55");
    assert.ok((await eventsOf(page)).includes("echo-change"));
    await page.keyboard.press("?");
    await page.locator("echo-viewer .shortcuts").waitFor();
    await page.keyboard.press("Escape");
    assert.is(await page.locator("echo-viewer .shortcuts").count(), 0);
    await page.keyboard.press("Space");
    await waitForPhase(page, "frozen");
    assert.ok((await eventsOf(page)).includes("echo-freeze"));
  }));

test("every button and slider is reached with Tab", () =>
  onFakeStage({ src: "scan.uff" }, async ({ page }) => {
    await waitForPhase(page, "file");
    const reached: string[] = [];
    for (let i = 0; i < 20; i++) {
      await page.keyboard.press("Tab");
      reached.push(
        await page.evaluate(() => {
          const active = document.querySelector("echo-viewer")!.shadowRoot!.activeElement;
          return active?.getAttribute("aria-label") ?? active?.textContent?.trim() ?? "";
        }),
      );
    }
    for (const name of [
      "Open file",
      "Previous frame",
      "Play",
      "Next frame",
      "Stored frames",
      "Gain",
      "Dynamic range",
    ]) {
      // At this size the sliders come up with a button.
      if (name === "Gain" || name === "Dynamic range") assert.ok(reached.includes("Image settings"));
      else assert.ok(reached.includes(name), `${name} in ${reached.join(", ")}`);
    }
  }));

test("a setting the engine refuses is said, and the controls go back to what is in force", () =>
  onFakeStage({ probe: "simulated" }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.gain = 7;
    });
    await page.waitForTimeout(250);
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.gain = 59;
    });
    await page.locator("echo-viewer .error").waitFor();
    assert.match(await textOf(page, ".error"), /gainDb is 59/);
    assert.is(await page.evaluate(() => document.querySelector("echo-viewer")!.gain), 7);
    await waitForPhase(page, "live");
  }));

test("an attribute that is no number is refused with a sentence", () =>
  onFakeStage({ src: "scan.uff" }, async ({ page }) => {
    await waitForPhase(page, "file");
    await page.evaluate(() => document.querySelector("echo-viewer")!.setAttribute("gain", "loud"));
    await page.locator("echo-viewer .error").waitFor();
    assert.match(await textOf(page, ".error"), /gain must be a number, not "loud"/);
  }));

test("the picture follows a slider that is dragged faster than the engine changes its settings", () =>
  onFakeStage({ src: "scan.uff", fake: { updateMs: 80 } }, async ({ page }) => {
    await waitForPhase(page, "file");
    const shown = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      let count = 0;
      viewer.addEventListener("echo-frame", () => count++);
      for (let i = 0; i < 60; i++) {
        viewer.gain = i / 2;
        await new Promise((resolve) => setTimeout(resolve, 16));
      }
      return count;
    });
    assert.ok(shown >= 5, `${shown} pictures in a second of dragging`);
  }));

for (const [updateMs, bars] of [
  [600, 2],
  [80, 0],
])
  test(`two changes at once that take ${updateMs} ms each have ${bars} bars, one after the other`, () =>
    onFakeStage({ src: "scan.uff", fake: { updateMs } }, async ({ page }) => {
      await waitForPhase(page, "file");
      const seen = await page.evaluate(async () => {
        const viewer = document.querySelector("echo-viewer")!;
        const bar = () => viewer.shadowRoot!.querySelector(".progress") !== null;
        viewer.gain = 5;
        await new Promise((resolve) => setTimeout(resolve, 10));
        viewer.gain = 6;
        let [count, before] = [0, false];
        const until = performance.now() + 1800;
        while (performance.now() < until) {
          await new Promise((resolve) => setTimeout(resolve, 5));
          if (bar() && !before) count++;
          before = bar();
        }
        return { count, before };
      });
      assert.equal(seen, { count: bars, before: false });
    }));

test("a viewer frozen from the start shows one frame and never says that the signal is lost", () =>
  onFakeStage({ body: "<echo-viewer frozen></echo-viewer>" }, async ({ page }) => {
    const phases = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      const seen = new Set<string>();
      viewer.probe = "simulated";
      for (let i = 0; i < 100; i++) {
        seen.add(viewer.phase);
        await new Promise((resolve) => setTimeout(resolve, 8));
      }
      return [...seen];
    });
    assert.is(phases.at(-1), "frozen");
    assert.not.ok(phases.includes("no-signal"), phases.join(", "));
  }));

test("what stands beside the badge does not move when its word changes", () =>
  onFakeStage({ probe: "simulated" }, async ({ page }) => {
    await waitForPhase(page, "live");
    const placeOf = async (): Promise<number | undefined> =>
      (await page.locator("echo-viewer .source").boundingBox())?.x;
    const live = await placeOf();
    await stall(page, true);
    await waitForPhase(page, "no-signal");
    await page.waitForTimeout(100);
    assert.is(await placeOf(), live);
    await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
    await waitForPhase(page, "frozen");
    await page.waitForTimeout(100);
    assert.is(await placeOf(), live);
  }));

test("a step is said to assistive technology; a slider with the focus is not said twice", () =>
  onFakeStage({ src: "scan.uff" }, async ({ page }) => {
    const said = (): Promise<string> => textOf(page, "[role=status]");
    await waitForPhase(page, "file");
    await page.waitForTimeout(600);
    assert.is(await said(), "File open.");
    await page.locator("echo-viewer .scrub").focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForTimeout(600);
    assert.is(await said(), "File open.");
    await page.locator("echo-viewer .base").focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForTimeout(600);
    assert.is(await said(), "frame 3 of 20");
  }));

for (const [width, height] of [
  [320, 640],
  [1280, 800],
  [1920, 1080],
]) {
  test(`a viewer on a page of ${width} x ${height} without any style fits on the screen, and is mostly picture`, () =>
    onFakeStage(
      {
        body: "/bare.html",
        extra: { "/bare.html": BARE, "/favicon.ico": "" },
        width,
        height,
        probe: "simulated",
      },
      async ({ page }) => {
        await waitForPhase(page, "live");
        const viewer = (await page.locator("echo-viewer").boundingBox())!;
        const stage = (await page.locator("echo-viewer .stage").boundingBox())!;
        assert.ok(viewer.height <= height, `${viewer.height} px tall`);
        assert.ok(viewer.width > width - 20);
        assert.ok(stage.width * stage.height > 0.55 * viewer.width * viewer.height, JSON.stringify(stage));
      },
    ));
}

test("a listener can prevent freezing", () =>
  onFakeStage({ probe: "simulated" }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.evaluate(() => {
      const viewer = document.querySelector("echo-viewer")!;
      viewer.addEventListener("echo-before-freeze", (event) => event.preventDefault());
      viewer.freeze();
    });
    assert.is(await page.evaluate(() => document.querySelector("echo-viewer")!.frozen), false);
  }));

test("a freeze holds for the source that it was meant for; one that ends with its source is told to be over", () =>
  onStage({ body: '<echo-viewer probe="simulated:linear"></echo-viewer>' }, async ({ page }) => {
    await waitForPhase(page, "live");
    const until = (name: RegExp) =>
      page.waitForFunction(
        (text) => document.querySelector("echo-viewer")!.info?.name.includes(text) === true,
        name.source,
      );
    await page.evaluate(() => {
      const told: boolean[] = [];
      Object.assign(window, { told });
      const viewer = document.querySelector("echo-viewer")!;
      viewer.addEventListener("echo-freeze", ({ detail }) => told.push(detail.frozen));
      viewer.probe = "simulated:phased";
      viewer.frozen = true;
    });
    await until(/phased/);
    await waitForPhase(page, "frozen");
    await page.waitForTimeout(500);
    const frozen = () => page.evaluate(() => document.querySelector("echo-viewer")!.frozen);
    assert.is(await frozen(), true, "set together with the source");
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.probe = "simulated:convex";
    });
    await until(/convex/);
    await waitForPhase(page, "live");
    assert.is(await frozen(), false, "the source before was frozen");
    await page.evaluate(() => {
      const viewer = document.querySelector("echo-viewer")!;
      viewer.frozen = true;
      viewer.probe = "simulated:linear";
    });
    await until(/linear/);
    await page.waitForTimeout(500);
    assert.is(await frozen(), true, "set together with the source, before it");
    await page.evaluate(() => document.querySelector("echo-viewer")!.run());
    await waitForPhase(page, "live");
    await page.evaluate(() => {
      const viewer = document.querySelector("echo-viewer")!;
      viewer.load();
      viewer.freeze();
    });
    await page.waitForTimeout(1500);
    assert.is(await frozen(), true, "frozen while it was opened anew");
    assert.equal(await page.evaluate(() => Reflect.get(window, "told")), [true, false, true, false, true]);
  }));

test("what is no list of numbers, no words, no file and no device is refused once, and nothing changes", () =>
  onFakeStage({ probe: "simulated" }, async ({ page }) => {
    await waitForPhase(page, "live");
    const errors = await page.evaluate(() => {
      const viewer = document.querySelector("echo-viewer")!;
      const told: string[] = [];
      viewer.addEventListener("echo-error", ({ detail }) => told.push(detail.error.message));
      const wrong = (value: unknown) => value as never;
      for (const tgc of [[null], [true], ["3"], new Array(3), [], {}]) viewer.tgc = wrong(tgc);
      for (const flip of [5, true, Number.NaN, {}, []]) viewer.flip = wrong(flip);
      viewer.openFile(wrong(undefined));
      viewer.openFile(wrong(null));
      return told;
    });
    assert.is(errors.length, 13, errors.join("\n"));
    assert.match(errors[0], /^tgc must be/);
    assert.match(errors[6], /^flip must be .*"5"/);
    assert.match(errors[12], /^file must be .*"null"/);
    const { tgc, flip } = await page.evaluate(() => {
      const { tgc, flip } = document.querySelector("echo-viewer")!;
      return { tgc, flip };
    });
    assert.equal([tgc, flip], [null, ""]);
    const taken = await page.evaluate(() => {
      const viewer = document.querySelector("echo-viewer")!;
      viewer.tgc = new Float32Array([1, 2]);
      return viewer.tgc;
    });
    assert.equal(taken, [1, 2]);
  }));

test("a removed viewer leaves nothing behind, and works again when it is put back", () =>
  onFakeStage({ probe: "simulated" }, async ({ page }) => {
    await waitForPhase(page, "live");
    const framesAsked = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      Object.assign(window, { kept: viewer });
      viewer.remove();
      let asked = 0;
      const original = requestAnimationFrame;
      window.requestAnimationFrame = (callback) => {
        asked++;
        return original(callback);
      };
      await new Promise((resolve) => setTimeout(resolve, 300));
      return asked;
    });
    assert.is(framesAsked, 0, "no animation frame");
    const log = await logOf(page);
    assert.equal(
      [log.streaming, log.sourcesClosed, log.plansClosed, log.enginesClosed],
      [0, 1, 1, 1],
      "stream, source, plan and engine are given back",
    );
    await page.evaluate(() => {
      document.querySelector("main")!.append((window as unknown as { kept: Element }).kept);
    });
    await waitForPhase(page, "live");
    assert.is((await logOf(page)).engines, 2);
  }));

test("what a page set before the element was defined is taken", () =>
  onStage(
    {
      body: "/late.html",
      extra: {
        "/late.html":
          '<!doctype html><html lang="en"><head><title>Late</title><link rel="icon" href="data:,"></head><body><echo-viewer></echo-viewer></body></html>',
      },
    },
    async ({ page }) => {
      const given = await page.evaluate(async () => {
        const viewer = document.querySelector("echo-viewer")!;
        const note = {
          id: 1,
          kind: "text",
          pane: "main",
          frame: null,
          text: "Left lobe",
          points: [{ x: 0.5, y: 0.5 }],
        };
        const before = { version: 1, measurements: [note] };
        Object.assign(viewer, { measurements: before, gain: 3 });
        await import("/dist/echo-viewer.min.js" as string);
        await customElements.whenDefined("echo-viewer");
        await viewer.updateComplete;
        return {
          own: ["measurements", "gain", "backend"].filter((name) => Object.hasOwn(viewer, name)),
          gain: viewer.gain,
          same: (viewer.measurements as unknown) === before,
        };
      });
      assert.equal(given, { own: [], gain: 3, same: false });
    },
  ));

test("a moved viewer keeps its source", () =>
  onFakeStage(
    { probe: "simulated", body: '<div id="a"><echo-viewer></echo-viewer></div><div id="b"></div>' },
    async ({ page }) => {
      await waitForPhase(page, "live");
      await page.evaluate(() => document.querySelector("#b")!.append(document.querySelector("echo-viewer")!));
      await waitForPhase(page, "live");
      const { engines, sourcesClosed } = await logOf(page);
      assert.equal([engines, sourcesClosed], [1, 0]);
    },
  ));

test("canvases whose memory the browser took away are painted again", () =>
  onFakeStage({ src: "scan.uff" }, async ({ page }) => {
    await waitForPhase(page, "file");
    await page.waitForTimeout(200);
    const painted = await pictureHash(page);
    await page.evaluate(() => {
      const canvas = document.querySelector("echo-viewer")!.shadowRoot!.querySelector("canvas")!;
      canvas.width += 0;
    });
    assert.is.not(await pictureHash(page), painted, "the canvas is empty");
    await page.evaluate(() => {
      const canvas = document.querySelector("echo-viewer")!.shadowRoot!.querySelector("canvas")!;
      canvas.dispatchEvent(new Event("contextrestored"));
    });
    await page.waitForTimeout(150);
    assert.is(await pictureHash(page), painted);
  }));

test("twenty-four viewers on one page all paint, with one engine", () =>
  onFakeStage(
    {
      body: '<echo-viewer class="small" controls="none"></echo-viewer>'.repeat(24),
      probe: "simulated",
      fake: { rateHz: 8 },
    },
    async ({ page }) => {
      await page.waitForFunction(() =>
        [...document.querySelectorAll("echo-viewer")].every((viewer) => {
          const canvas = viewer.shadowRoot!.querySelector<HTMLCanvasElement>("canvas.picture")!;
          if (viewer.phase !== "live" || canvas.width < 2) return false;
          const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d")!;
          copy.drawImage(canvas, 0, 0);
          const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
          return data.some((byte) => byte !== 0);
        }),
      );
      assert.is((await logOf(page)).engines, 1);
    },
  ));

test("a viewer below the fold starts nothing until it is seen", () =>
  onFakeStage(
    { body: '<div class="full"></div><echo-viewer></echo-viewer>', probe: "simulated" },
    async ({ page }) => {
      await page.waitForTimeout(300);
      assert.is((await logOf(page)).engines, 0);
      await page.locator("echo-viewer").scrollIntoViewIfNeeded();
      await waitForPhase(page, "live");
    },
  ));

test("slots, label and label-less controls reach the page's own content", () =>
  onFakeStage(
    {
      body:
        '<echo-viewer label="Carotid" controls="none"><img slot="poster" alt="Poster" src="/poster.png">' +
        '<p slot="overlay">Patient</p></echo-viewer>',
      extra: { "/poster.png": onePixelPng() },
    },
    async ({ page }) => {
      assert.ok(await page.getByAltText("Poster").isVisible());
      assert.ok(await page.getByText("Patient").isVisible());
      assert.is(await page.locator("echo-viewer .base").getAttribute("aria-label"), "Carotid");
      assert.is(await page.locator("echo-viewer button.freeze").count(), 0);
      await page.evaluate(() => {
        document.querySelector("echo-viewer")!.src = "scan.uff";
      });
      await waitForPhase(page, "file");
      assert.not.ok(await page.getByAltText("Poster").isVisible());
    },
  ));

test("without controls the picture has the whole width, and the notice stays, at every size", () =>
  onFakeStage(
    { src: "scan.uff", body: '<echo-viewer class="full" controls="none"></echo-viewer>' },
    async ({ page }) => {
      await waitForPhase(page, "file");
      for (const [width, height] of [
        [320, 568],
        [844, 390],
        [1000, 500],
        [1600, 900],
      ]) {
        await page.setViewportSize({ width, height });
        await page.waitForTimeout(150);
        const [base, stage, notice] = await page.evaluate(() =>
          [".base", ".stage", ".notice"].map((part) => {
            const box = document.querySelector("echo-viewer")!.shadowRoot!.querySelector(part)!;
            const { width, height } = box.getBoundingClientRect();
            return { width, height };
          }),
        );
        assert.ok(stage.width >= base.width - 2, `${width} x ${height}: the stage is ${stage.width} wide`);
        assert.ok(
          notice.width > 100 && notice.height > 8,
          `${width} x ${height}: ${notice.width} x ${notice.height}`,
        );
      }
    },
  ));

test("in a narrow viewer the bar of the stored frames keeps its length, beside what is said of them", () =>
  onFakeStage({ src: "scan.uff", body: '<echo-viewer class="full"></echo-viewer>' }, async ({ page }) => {
    await waitForPhase(page, "file");
    for (const width of [260, 300, 320, 329, 331, 390]) {
      await page.setViewportSize({ width, height: 568 });
      await page.waitForTimeout(150);
      const [scrub, place] = await Promise.all(
        [".scrub", ".place"].map((part) => page.locator(`echo-viewer ${part}`).boundingBox()),
      );
      assert.ok(scrub!.width >= 110, `${scrub!.width} px long in ${width}`);
      assert.ok(scrub!.x + scrub!.width <= place!.x && place!.x + place!.width <= width);
      assert.ok(Math.abs(scrub!.y + scrub!.height / 2 - place!.y - place!.height / 2) < 4, "on one line");
    }
  }));

test("figures have their room beside sliders and stored frames in a page's larger type too", () =>
  onFakeStage(
    { src: "scan.uff", body: '<echo-viewer class="full"></echo-viewer>', width: 390, height: 844 },
    async ({ page }) => {
      await page.evaluate(() => {
        const viewer = document.querySelector("echo-viewer")!;
        viewer.style.setProperty("--echo-font", "24px / 1.3 sans-serif");
        viewer.gain = -20;
      });
      await waitForPhase(page, "file");
      await page.waitForTimeout(150);
      const cut = await page.evaluate(() =>
        [...document.querySelector("echo-viewer")!.shadowRoot!.querySelectorAll(".slider-value, .place")]
          .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
          .map(({ textContent }) => textContent),
      );
      assert.equal(cut, []);
    },
  ));

for (const lang of ["en", "ar"])
  test(`a phone on its side shows every button of the rail, and the notice off the edge (${lang})`, () =>
    onFakeStage(
      {
        src: "scan.uff",
        body: `<echo-viewer class="full" lang="${lang}"></echo-viewer>`,
        width: 568,
        height: 320,
      },
      async ({ page }) => {
        await waitForPhase(page, "file");
        await page.locator("echo-viewer .rail button").first().waitFor();
        const boxOf = async (part: string) =>
          (await page.locator(`echo-viewer ${part}`).last().boundingBox())!;
        const [rail, last, notice] = await Promise.all([".rail", ".rail button", ".notice"].map(boxOf));
        assert.ok(last.y + last.height <= rail.y + rail.height, JSON.stringify([rail, last]));
        assert.ok(last.height >= 24 && last.width >= 24);
        const text = await page.evaluate(() => {
          const range = document.createRange();
          range.selectNodeContents(
            document.querySelector("echo-viewer")!.shadowRoot!.querySelector(".notice")!,
          );
          const { left, right } = range.getBoundingClientRect();
          return { left, right };
        });
        assert.ok(text.left >= 8 && text.right <= 560, JSON.stringify([text, notice]));
        const stage = await boxOf(".stage");
        assert.is(Math.round(stage.width + rail.width), 568, "nothing stays empty beside the rail");
      },
    ));

for (const lang of ["en", "fr", "ar"])
  test(`on a phone on its side the notice covers no button while a drawer is open (${lang})`, () =>
    onFakeStage(
      {
        src: "scan.uff",
        body: `<echo-viewer class="full" lang="${lang}"></echo-viewer>`,
        width: 568,
        height: 320,
        person: { hasTouch: true },
      },
      async ({ page }) => {
        await waitForPhase(page, "file");
        await page.locator("echo-viewer .rail-view").tap();
        await page.locator("echo-viewer .drawer-content > *").first().waitFor();
        const covered = await page.evaluate(() => {
          const root = document.querySelector("echo-viewer")!.shadowRoot!;
          const range = document.createRange();
          range.selectNodeContents(root.querySelector(".notice")!);
          const { left, right } = range.getBoundingClientRect();
          const buttons = [...root.querySelectorAll(".status button")].map((button) =>
            button.getBoundingClientRect(),
          );
          return buttons.filter((box) => box.width > 0 && box.right > left && box.left < right).length;
        });
        assert.is(covered, 0);
      },
    ));

/** Middles of these buttons that something else lies over. */
const hiddenButtons = (page: Page, selector: string): Promise<(string | null)[]> =>
  page.evaluate((buttons) => {
    const root = document.querySelector("echo-viewer")!.shadowRoot!;
    return [...root.querySelectorAll(buttons)]
      .filter((button) => {
        const { left, top, width, height } = button.getBoundingClientRect();
        return !button.contains(root.elementFromPoint(left + width / 2, top + height / 2));
      })
      .map((button) => button.ariaLabel);
  }, selector);

for (const [width, height] of [
  [320, 568],
  [375, 667],
])
  test(`on a phone of ${width} x ${height} the picture has more than half of the viewer`, () =>
    onFakeStage(
      {
        src: "scan.uff",
        body: '<echo-viewer class="full"></echo-viewer>',
        width,
        height,
        person: { hasTouch: true },
      },
      async ({ page }) => {
        await waitForPhase(page, "file");
        const stage = (await page.locator("echo-viewer .stage").boundingBox())!;
        assert.ok(stage.height > height / 2, `${stage.height} px`);
        const gain = page.locator("echo-viewer .settings [part~=gain] input");
        assert.not(await gain.isVisible());
        await page.locator("echo-viewer .settings-toggle").tap();
        assert.ok(await gain.isVisible());
        assert.equal((await page.locator("echo-viewer .stage").boundingBox())!, stage, "nothing jumps");
      },
    ));

for (const [width, height] of [
  [320, 568],
  [320, 480],
  [568, 320],
])
  test(`the sliders that come up over the picture cover no button (${width} x ${height})`, () =>
    onFakeStage(
      {
        src: "scan.uff",
        body: '<echo-viewer class="full"></echo-viewer>',
        width,
        height,
        person: { hasTouch: true },
      },
      async ({ page }) => {
        await waitForPhase(page, "file");
        await page.locator("echo-viewer .rail button").first().waitFor();
        await page.locator("echo-viewer .settings-toggle").tap();
        await page.locator("echo-viewer .settings").waitFor();
        assert.equal(await hiddenButtons(page, ".rail button, .cine button"), []);
      },
    ));

/** The shortest page there is: no document type, no style. */
const BARE = '<script type="module" src="/dist/echo-viewer.min.js"></script><echo-viewer></echo-viewer>';

/** Class of what has the focus inside the viewer. */
function focusedClass(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.querySelector("echo-viewer")!.shadowRoot!.activeElement?.className);
}

/** The smallest PNG: one transparent pixel. */
function onePixelPng(): Uint8Array {
  return Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
    "base64",
  );
}

test.after(closeBrowser);
test.run();
