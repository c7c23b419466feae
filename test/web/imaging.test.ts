/** The imaging drawer in Chromium, by mouse, keys and fingers: what each control asks of the engine, undo, and people. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { barriers, closeBrowser, onStage, pictureHash, textOf, waitForPhase } from "./browser.ts";
import { eventsOf, loadFakeBackend, onFakeStage } from "./fake-stage.ts";
import {
  attribute,
  lastPipeline,
  near,
  onChannels,
  openDrawer,
  type Page,
  pressSlider,
  viewer,
} from "./imaging-stage.ts";

for (const touch of [false, true]) {
  test(`every control is operated by ${touch ? "a finger" : "the mouse"}`, () =>
    onChannels({ live: true, person: { hasTouch: touch } }, async ({ page }) => {
      await openDrawer(page);
      const press = (selector: string) =>
        touch ? viewer(page, selector).tap() : viewer(page, selector).click();
      const slide = (selector: string, part: number) => pressSlider(page, selector, part, touch);

      await slide(".imaging .slider[part~=gain] input", 0.75);
      near((await lastPipeline(page)).display?.gainDb, 30, 2, "gain");
      await slide(".imaging .slider[part~=dynamic-range] input", 0.5);
      near((await lastPipeline(page)).display?.dynamicRangeDb, 65, 2, "dynamic range");
      await slide(".imaging .slider[part~=depth] input", 0.5);
      const { scan } = await lastPipeline(page);
      near(scan?.kind === "linear" ? scan.z.max : undefined, 0.035, 0.002, "depth");

      await slide(".tgc-row:nth-of-type(3) input", 0.75);
      await slide(".tgc-row:nth-of-type(8) input", 0);
      const { display } = await lastPipeline(page);
      near(display?.tgcDb?.[2], 10, 1, "TGC");
      assert.equal(
        display?.tgcDb?.map((db) => Math.sign(db)),
        [0, 0, 1, 0, 0, 0, 0, -1],
      );
      assert.is(display?.tgcDb?.[7], -20);
      assert.is(await attribute(page, "tgc"), display?.tgcDb?.join(","));
      await press(".tgc-neutral");
      assert.equal((await lastPipeline(page)).display?.tgcDb, [0, 0, 0, 0, 0, 0, 0, 0]);

      await press("#imaging-tab-look");
      await press(".grey-maps label:nth-of-type(3)");
      assert.is((await lastPipeline(page)).display?.greyMap, "contrast");
      assert.is(await attribute(page, "grey-map"), "contrast");
      await slide(".slider[part~=persistence] input", 1);
      assert.is((await lastPipeline(page)).display?.persistence, 0.95);
      assert.is(await attribute(page, "persistence"), "0.95");
      await slide(".slider[part~=smoothing] input", 0.5);
      assert.is((await lastPipeline(page)).display?.smoothing, 0.5);
      await press(".choice[part~=speckle] label:nth-of-type(3)");
      await slide(".slider[part~=strength] input", 0.25);
      assert.equal((await lastPipeline(page)).display?.speckle, { method: "bilateral", strength: 0.25 });

      await press("#imaging-tab-beam");
      assert.is(await textOf(page, ".slider[part~=f-number] output"), "1.5");
      await slide(".slider[part~=f-number] input", 0.5);
      near((await lastPipeline(page)).beamform?.fNumber as number, 3, 0.1, "f-number");
      await press(".imaging-row:has([part~=f-number]) button");
      assert.is((await lastPipeline(page)).beamform?.fNumber, undefined);
      await viewer(page, "select[part=window]").selectOption("boxcar");
      assert.is((await lastPipeline(page)).beamform?.window, "boxcar");
      await slide(".slider[part~=sound-speed] input", 0);
      near((await lastPipeline(page)).soundSpeedMps, 1385, 0, "sound speed");
      await press(".imaging-row:has([part~=sound-speed]) button");
      assert.is((await lastPipeline(page)).soundSpeedMps, undefined);

      await viewer(page, "select.preset").selectOption("thyroid");
      const preset = await lastPipeline(page);
      assert.equal([preset.display?.greyMap, preset.display?.dynamicRangeDb], ["soft", 65]);
      assert.is(await attribute(page, "preset"), "thyroid");
      assert.is(await attribute(page, "depth"), "30");
      await press(".imaging-undo");
      assert.is((await lastPipeline(page)).display?.greyMap, "contrast");
      assert.is(await attribute(page, "preset"), null);
      await press(".imaging-redo");
      assert.is((await lastPipeline(page)).display?.greyMap, "soft");
      await press("#imaging-tab-levels");
      await slide(".imaging .slider[part~=gain] input", 0.25);
      near((await lastPipeline(page)).display?.gainDb, -30, 2, "gain");
      assert.match(
        await viewer(page, "select.preset option:checked").textContent().then(String),
        /^Thyroid \*$/,
      );
      await press(".imaging-reset");
      assert.is((await lastPipeline(page)).display?.gainDb, 0);
      const events = await eventsOf(page);
      assert.ok(events.filter((name) => name === "echo-change").length >= 14, events.join(" "));
      assert.is(events.filter((name) => name === "echo-preset").length, 3, "chosen, done again, reset");
      assert.is(await viewer(page, ".error").count(), 0);
    }));
}

test("every control is reached and operated by keys, which do nothing else then", () =>
  onChannels({}, async ({ page }) => {
    await viewer(page, ".base").focus();
    await page.keyboard.press("t");
    await viewer(page, ".imaging").waitFor();
    // From the last button of the rail on: the drawer.
    await viewer(page, "select.preset").focus();
    const names: string[] = [];
    for (let i = 0; i < 24; i++) {
      names.push(
        await page.evaluate(() => {
          const active = document.querySelector("echo-viewer")!.shadowRoot!.activeElement;
          return active?.getAttribute("aria-label") ?? active?.textContent?.trim() ?? "";
        }),
      );
      await page.keyboard.press("Tab");
    }
    for (const name of [
      "Preset",
      "Levels",
      "Gain",
      "Dynamic range",
      "Depth",
      "Gain at 0.0 centimetres",
      "Gain at 6.0 centimetres",
    ])
      assert.ok(names.includes(name), `${name} among ${names.join(" | ")}`);
    assert.not.ok(names.includes("Look"), "one tab stop for the tabs");

    await viewer(page, ".tgc-row input").nth(2).focus();
    for (const key of ["ArrowRight", "ArrowRight", "ArrowUp"]) await page.keyboard.press(key);
    assert.equal((await lastPipeline(page)).display?.tgcDb, [0, 0, 3, 0, 0, 0, 0, 0]);
    assert.is(await attribute(page, "gain"), null, "an arrow is the slider's");
    await page.keyboard.press("End");
    assert.is((await lastPipeline(page)).display?.tgcDb?.[2], 20);
    await page.keyboard.press("0");
    assert.is((await lastPipeline(page)).display?.tgcDb?.[2], 0);

    await viewer(page, "#imaging-tab-levels").focus();
    const indexBefore = await page.evaluate(() => document.querySelector("echo-viewer")!.image!.frameIndex);
    await page.keyboard.press("ArrowRight");
    assert.is(await viewer(page, "[role=tab][aria-selected=true]").textContent(), "Look");
    await page.keyboard.press("End");
    assert.is(await viewer(page, "[role=tab][aria-selected=true]").textContent(), "Presets");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    assert.is(await viewer(page, "[role=tab][aria-selected=true]").textContent(), "Look");
    assert.is(
      await page.evaluate(() => document.querySelector("echo-viewer")!.image!.frameIndex),
      indexBefore,
      "the arrows were the tabs'",
    );
    await viewer(page, ".grey-maps input").first().focus();
    await page.keyboard.press("ArrowRight");
    assert.is((await lastPipeline(page)).display?.greyMap, "soft");
    await viewer(page, ".slider[part~=persistence] input").focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
    assert.is((await lastPipeline(page)).display?.persistence, 0.15);
    await viewer(page, ".choice[part~=speckle] input").first().focus();
    await page.keyboard.press("ArrowDown");
    assert.is((await lastPipeline(page)).display?.speckle?.method, "median");

    await viewer(page, ".base").focus();
    await page.keyboard.press("g");
    assert.is((await lastPipeline(page)).display?.greyMap, "contrast");
    await page.keyboard.press("u");
    assert.is((await lastPipeline(page)).display?.greyMap, "soft");
    await page.keyboard.press("u");
    assert.is((await lastPipeline(page)).display?.speckle, undefined);
    await page.keyboard.press("U");
    assert.is((await lastPipeline(page)).display?.speckle?.method, "median");
    await page.keyboard.press("Escape");
    await page.keyboard.press("t");
  }));

test("the buttons of Undo and Redo name the keys in force", () =>
  onChannels(
    { body: `<echo-viewer hotkeys='{"imaging.undo":"z","imaging.redo":[]}'></echo-viewer>` },
    async ({ page }) => {
      await openDrawer(page);
      const told = async (selector: string): Promise<(string | null)[]> =>
        Promise.all(["title", "aria-keyshortcuts"].map((name) => viewer(page, selector).getAttribute(name)));
      assert.equal(await told(".imaging-undo"), ["Undo (z)", "z"]);
      assert.equal(await told(".imaging-redo"), ["Redo", null]);
    },
  ));

test("a slider that is dragged is one step of undo, two sliders are two", () =>
  onChannels({}, async ({ page }) => {
    await openDrawer(page);
    const row = viewer(page, ".tgc-row input");
    for (const value of ["2", "5", "9"]) await row.nth(0).fill(value);
    await page.waitForTimeout(800);
    for (const value of ["4", "8"]) await viewer(page, ".imaging .slider[part~=gain] input").fill(value);
    await viewer(page, ".imaging-undo").click();
    const once = await lastPipeline(page);
    assert.equal([once.display?.gainDb, once.display?.tgcDb?.[0]], [0, 9]);
    await viewer(page, ".imaging-undo").click();
    assert.is((await lastPipeline(page)).display?.tgcDb, undefined);
    assert.ok(await viewer(page, ".imaging-undo").isDisabled());
    await viewer(page, ".imaging-redo").click();
    assert.is((await lastPipeline(page)).display?.tgcDb?.[0], 9);
  }));

for (const updateMs of [0, 900])
  test(`what the plan refuses after ${updateMs} ms is no step of undo`, () =>
    onChannels({ fake: { updateMs } }, async ({ page }) => {
      await openDrawer(page);
      const gain = viewer(page, ".imaging .slider[part~=gain] input");
      const isInForce = (value: string) =>
        page.waitForFunction(
          (wanted) => document.querySelector("echo-viewer")!.getAttribute("gain") === wanted,
          value,
        );
      await gain.fill("5");
      await page.waitForTimeout(1000);
      await gain.fill("59");
      await viewer(page, ".error").waitFor();
      await isInForce("5");
      await viewer(page, ".dismiss").click();
      await viewer(page, ".imaging-undo").click();
      await page.waitForFunction(() => document.querySelector("echo-viewer")!.gain === 0);
      assert.ok(await viewer(page, ".imaging-undo").isDisabled());
      await viewer(page, ".imaging-redo").click();
      await isInForce("5");
      assert.ok(await viewer(page, ".imaging-redo").isDisabled());
    }));

for (const how of ["the key A", "its button", "a finger", "a page"] as const)
  test(`gain and TGC are fitted to the live picture by ${how}, as one step of undo`, () =>
    onStage(
      {
        body: '<echo-viewer probe="simulated" tgc="-20,-20,-10,0,0,0,0,20"></echo-viewer>',
        width: 1000,
        height: 800,
        person: { hasTouch: how === "a finger" },
      },
      async ({ page }) => {
        await waitForPhase(page, "live");
        const asked = () =>
          page.evaluate(() => {
            const { gain, tgc } = document.querySelector("echo-viewer")!;
            return { gain, tgc: [...(tgc ?? [])] };
          });
        const before = await asked();
        await page.evaluate(() => {
          const changes: unknown[] = [];
          Object.assign(globalThis, { changes });
          document
            .querySelector("echo-viewer")!
            .addEventListener("echo-change", ({ detail }) => changes.push(detail));
        });
        await openDrawer(page);
        if (how === "the key A") await viewer(page, ".base").press("A");
        if (how === "its button") await viewer(page, ".auto-gain").click();
        if (how === "a finger") await viewer(page, ".auto-gain").tap();
        if (how === "a page")
          assert.ok(await page.evaluate(() => document.querySelector("echo-viewer")!.autoGain()));
        await page.waitForFunction(
          () => (globalThis as unknown as { changes: unknown[] }).changes.length > 0,
        );
        const { gain, tgc } = await asked();
        // The phantom's speckle is much the same at all depths: within half of what was wrong.
        assert.is(tgc.length, 8);
        assert.ok(Math.max(...tgc) - Math.min(...tgc) < 20, `${tgc}`);
        const changes = await page.evaluate(() => (globalThis as unknown as { changes: unknown[] }).changes);
        assert.is(changes.length, 1);
        await page.waitForFunction(
          () =>
            !document.querySelector("echo-viewer")!.shadowRoot!.querySelector(".auto-gain[aria-busy=true]"),
        );
        await viewer(page, "[role=status].said")
          .filter({ hasText: `fitted, gain ${gain < 0 ? "minus " : ""}${Math.abs(gain)} ` })
          .waitFor({ state: "attached" });
        await viewer(page, "[part~=imaging-undo]").click();
        assert.equal(await asked(), before);
      },
    ));

test("where a frame has no echoes, nothing is changed and the reason is told", () =>
  onChannels({ fake: { pattern: "bands" } }, async ({ page }) => {
    assert.is(await page.evaluate(() => document.querySelector("echo-viewer")!.autoGain()), false);
    assert.match(await textOf(page, ".error"), /no echoes in this frame/);
    assert.is(await attribute(page, "gain"), null);
    assert.equal(await eventsOf(page), ["echo-load", "echo-error"]);
  }));

test("fitted again to a picture that it fits, nothing is to be undone twice", () =>
  onStage({ body: '<echo-viewer probe="simulated:convex"></echo-viewer>' }, async ({ page }) => {
    await waitForPhase(page, "live");
    const gains = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      viewer.freeze();
      // The newest frame is on its way to the screen.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      const found = [viewer.gain];
      for (let k = 0; k < 2; k++) {
        await viewer.autoGain();
        found.push(viewer.gain);
      }
      return found;
    });
    assert.is(gains[2], gains[1]);
    assert.is.not(gains[1], gains[0]);
    await viewer(page, ".base").press("u");
    await page.waitForFunction((gain) => document.querySelector("echo-viewer")!.gain === gain, gains[0]);
  }));

test("of a recording's first frame noise is told by the one after", () =>
  onStage({ body: "<p></p>" }, async ({ page }) => {
    await loadFakeBackend(page);
    const read = await page.evaluate(async () => {
      const { backend } = fakeBackend({ frameCount: 3 });
      const asked: number[] = [];
      const viewer = document.createElement("echo-viewer");
      viewer.backend = {
        ...backend,
        async open(...given) {
          const source = await backend.open(...given);
          const frame: typeof source.frame = (index) => {
            asked.push(index);
            return source.frame(index);
          };
          return { ...source, frame };
        },
      };
      viewer.src = "scan.uff";
      document.body.append(viewer);
      await new Promise((resolve) => viewer.addEventListener("echo-frame", resolve, { once: true }));
      const before = asked.length;
      await viewer.autoGain();
      return asked.slice(before, before + 2).sort();
    });
    assert.equal(read, [0, 1]);
  }));

test("a page that hears that a source is open has its first picture fitted", () =>
  onStage({ body: '<echo-viewer probe="simulated"></echo-viewer>' }, async ({ page }) => {
    await waitForPhase(page, "live");
    const told = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      await viewer.autoGain();
      viewer.gain = null;
      const fitted = new Promise<unknown[]>((resolve) => {
        const fit = async () => {
          const early = viewer.image === null;
          resolve([early, await viewer.autoGain(), viewer.gain !== 0]);
        };
        viewer.addEventListener("echo-load", fit, { once: true });
      });
      viewer.probe = "simulated:convex";
      return fitted;
    });
    assert.equal(told, [true, true, true]);
  }));

test("fitting waits for no picture of a source that gives none", () =>
  onFakeStage({ probe: "simulated", fake: { endsAfter: 0 } }, async ({ page }) => {
    await waitForPhase(page, "ended");
    assert.is(await page.evaluate(() => document.querySelector("echo-viewer")!.autoGain()), false);
    assert.equal(await eventsOf(page), ["echo-load"]);
  }));

test("gain is fitted where the picture comes so late that its frame is not stored any more", () =>
  onChannels(
    { live: true, fake: { frameBytes: 2e6, runMs: 60 }, body: '<echo-viewer cine-memory="1"></echo-viewer>' },
    async ({ page }) => {
      await waitForPhase(page, "live");
      assert.ok(await page.evaluate(() => document.querySelector("echo-viewer")!.autoGain()));
    },
  ));

test("a frozen picture that gain was fitted to says that it was made again", () =>
  onStage({ body: '<echo-viewer probe="simulated:convex"></echo-viewer>' }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
    await waitForPhase(page, "frozen");
    const before = await pictureHash(page);
    assert.ok(await page.evaluate(() => document.querySelector("echo-viewer")!.autoGain()));
    await viewer(page, "[part~=reprocessed]").waitFor();
    assert.is.not(await pictureHash(page), before);
  }));

test("what a page's own controls choose is undone as well, and the page is told", () =>
  onChannels({ body: '<echo-viewer preset="carotid"></echo-viewer>' }, async ({ page }) => {
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.depth === 35);
    await page.evaluate(() => {
      const told: string[] = [];
      Object.assign(window, { told });
      const viewer = document.querySelector("echo-viewer")!;
      viewer.addEventListener("echo-change", ({ detail }) => told.push(`${detail.preset} ${detail.gain}`));
      viewer.addEventListener("echo-preset", ({ detail }) => told.push(`${detail.action} ${viewer.preset}`));
      viewer.preset = "thyroid";
      viewer.gain = 5;
    });
    await viewer(page, ".base").focus();
    for (const key of ["u", "u", "u", "U"]) await page.keyboard.press(key);
    assert.equal(await page.evaluate(() => (window as unknown as { told: string[] }).told), [
      "thyroid 0",
      "apply thyroid",
      "carotid 0",
      "apply carotid",
      "thyroid 0",
      "apply thyroid",
    ]);
  }));

test("a preset, and a gain, that are asked for while gain and TGC are fitted stay", () =>
  onStage({ body: '<echo-viewer class="full" probe="simulated"></echo-viewer>' }, async ({ page }) => {
    await waitForPhase(page, "live");
    const after = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      // Loaded, it begins to fit in the task that asks.
      await viewer.autoGain();
      const meanwhile = async (choose: () => void): Promise<unknown[]> => {
        const fitting = viewer.autoGain();
        await new Promise((resolve) => setTimeout(resolve));
        choose();
        return [await fitting, viewer.gain, viewer.tgc];
      };
      return [
        await meanwhile(() => {
          const pipeline = { display: { tgcDb: [1, 2, 3] } };
          viewer.preset = JSON.stringify({ name: "Mine", gainDb: -30, pipeline });
        }),
        await meanwhile(() => {
          viewer.gain = -20;
        }),
      ];
    });
    assert.equal(after, [
      [false, -30, [1, 2, 3]],
      [false, -20, [1, 2, 3]],
    ]);
  }));

test("what means nothing for the data is not offered, and the reason is told", () =>
  onFakeStage({ src: "scan.uff", fake: { frameCount: 1 } }, async ({ page }) => {
    await waitForPhase(page, "file");
    await openDrawer(page);
    assert.is(await viewer(page, ".tgc").count(), 0);
    assert.is(await textOf(page, ".imaging-absent"), "TGC: the data do not say where they lie.");
    await viewer(page, "#imaging-tab-look").click();
    assert.is(await viewer(page, ".imaging [part~=persistence]").count(), 0);
    assert.is(await textOf(page, ".imaging-absent"), "Persistence: there is one frame only.");
    await viewer(page, "#imaging-tab-beam").click();
    assert.is(
      await textOf(page, ".imaging-absent"),
      "Receive f-number, Aperture window, Sound speed: the data are beamformed already.",
    );
    assert.is(await viewer(page, ".imaging-panel input").count(), 0);
    assert.equal(await barriers(page), []);
  }));

test("nothing is offered while nothing is open", () =>
  onFakeStage({}, async ({ page }) => {
    await openDrawer(page);
    assert.is(await textOf(page, ".imaging-panel"), "There is nothing open to adjust.");
  }));

test("frozen frames are made again with new settings, and say so; live ones follow at once", () =>
  onStage({ body: '<echo-viewer class="full" probe="simulated"></echo-viewer>' }, async ({ page }) => {
    await waitForPhase(page, "live");
    await openDrawer(page, "look");
    const reportOf = (key: "persistence" | "greyMap") =>
      page.evaluate((name) => document.querySelector("echo-viewer")![name], key);
    await viewer(page, ".slider[part~=persistence] input").fill("0.8");
    assert.is(await reportOf("persistence"), 0.8);
    await page.waitForTimeout(500);
    await waitForPhase(page, "live");
    await viewer(page, ".freeze").click();
    await waitForPhase(page, "frozen");
    await page.waitForTimeout(400);
    assert.is(await viewer(page, "[part~=reprocessed]").count(), 0);
    assert.match(await textOf(page, ".imaging > .hint"), /stored raw echoes/);
    const held = await pictureHash(page);
    await viewer(page, ".grey-maps label").nth(5).click();
    await viewer(page, "[part~=reprocessed]").waitFor();
    await page.waitForTimeout(500);
    assert.is.not(await pictureHash(page), held);
    const inverted = await pictureHash(page);
    await viewer(page, "#imaging-tab-levels").click();
    for (let i = 0; i < 8; i++) await viewer(page, ".tgc-row input").nth(i).fill("-20");
    await page.waitForTimeout(700);
    assert.is.not(await pictureHash(page), inverted);
    await viewer(page, "#imaging-tab-beam").click();
    await viewer(page, "select[part=window]").selectOption("boxcar");
    await page.waitForTimeout(500);
    assert.is(await viewer(page, ".error").count(), 0);
    await viewer(page, ".freeze").click();
    await waitForPhase(page, "live");
    assert.is(await viewer(page, "[part~=reprocessed]").count(), 0);
  }));

test("a change of the sound speed keeps the depth that was chosen, without a picture of another in between", () =>
  onStage(
    { body: '<echo-viewer class="full" probe="simulated" depth="20"></echo-viewer>' },
    async ({ page }) => {
      await waitForPhase(page, "live");
      await openDrawer(page, "beam");
      const depths = await page.evaluate(async () => {
        const viewer = document.querySelector("echo-viewer")!;
        const input = viewer.shadowRoot!.querySelector<HTMLInputElement>(".slider[part~=sound-speed] input")!;
        const seen = new Set<number>();
        const note = (): void => {
          const region = viewer.image?.regions[0];
          if (region) seen.add(Math.round(1000 * (region.originZM + region.maxY * region.deltaZM)));
        };
        viewer.addEventListener("echo-frame", note);
        for (const speed of [1450, 1500, 1600]) {
          input.value = String(speed);
          input.dispatchEvent(new Event("input"));
          const until = performance.now() + 500;
          while (performance.now() < until) {
            note();
            await new Promise((done) => requestAnimationFrame(done));
          }
        }
        return [...seen];
      });
      assert.equal(depths, [20]);
    },
  ));

test("the gains by depth are 44 px high for fingers", () =>
  onChannels({ width: 390, height: 844 }, async ({ page }) => {
    const client = await page.context().newCDPSession(page);
    await client.send("Emulation.setTouchEmulationEnabled", { enabled: true });
    await page.waitForFunction(() => matchMedia("(pointer: coarse)").matches);
    await openDrawer(page);
    const heights = await page.evaluate(() =>
      [
        ...document
          .querySelector("echo-viewer")!
          .shadowRoot!.querySelectorAll(".tgc-row input, .tgc-neutral"),
      ].map((control) => control.getBoundingClientRect().height),
    );
    assert.is(heights.length, 9);
    for (const height of heights) assert.ok(height >= 44, `${heights}`);
  }));

for (const [width, height, part] of [
  [844, 390, 0.5],
  [640, 400, 0.35],
  [568, 320, 0.35],
] as const)
  test(`a viewer of ${width} x ${height} has an open drawer beside the picture, which it does not cover`, () =>
    onChannels({ width, height, body: '<echo-viewer class="full"></echo-viewer>' }, async ({ page }) => {
      const boxes = () =>
        page.evaluate(() =>
          [".stage", ".rail", ".drawer"].map((selector) => {
            const box = document
              .querySelector("echo-viewer")!
              .shadowRoot!.querySelector(selector)
              ?.getBoundingClientRect();
            return box ? [box.left, box.right] : null;
          }),
        );
      const [whole] = await boxes();
      await openDrawer(page);
      const [stage, rail, drawer] = await boxes();
      assert.ok(
        stage![1] <= rail![0] + 0.5 && rail![1] <= drawer![0] + 0.5,
        JSON.stringify([stage, rail, drawer]),
      );
      assert.ok(stage![1] - stage![0] > (whole![1] - whole![0]) * part, "the picture keeps its part");
      assert.ok(drawer![1] <= width + 0.5);
    }));

test("every tab is free of accessibility violations, in forced colours and from right to left as well", async () => {
  for (const [attributes, forced] of [
    ["", false],
    ['dir="rtl"', false],
    ["", true],
  ] as const)
    await onChannels(
      { attributes, width: 390, height: 844, body: '<echo-viewer class="full"></echo-viewer>' },
      async ({ page }) => {
        if (forced) await page.emulateMedia({ forcedColors: "active" });
        await openDrawer(page);
        for (const tab of ["levels", "look", "beam", "presets"]) {
          await viewer(page, `#imaging-tab-${tab}`).click();
          await page.waitForTimeout(100);
          const found = await barriers(page);
          // Forced colours are put on by the painter: what axe reads of contrast are the colours without them.
          const counted = forced ? found.filter((one) => !one.startsWith("color-contrast")) : found;
          assert.equal(counted, [], `${tab} ${attributes} ${forced}`);
        }
      },
    );
});

for (const [width, height] of [
  [320, 640],
  [390, 844],
  [820, 1180],
  [1280, 800],
] as const)
  test(`at ${width} x ${height} the drawer leaves picture and freeze button in view, and no tab moves them`, () =>
    onChannels(
      { body: '<echo-viewer class="full"></echo-viewer>', width, height, live: true },
      async ({ page }) => {
        await openDrawer(page);
        const places = new Set<string>();
        for (const tab of ["levels", "look", "beam", "presets"]) {
          await viewer(page, `#imaging-tab-${tab}`).click();
          await page.waitForTimeout(80);
          const drawer = (await viewer(page, ".drawer").boundingBox())!;
          const stage = (await viewer(page, ".stage").boundingBox())!;
          const freeze = (await viewer(page, ".freeze").boundingBox())!;
          for (const box of [stage, freeze]) {
            const apart =
              box.y + box.height <= drawer.y + 1 ||
              box.x + box.width <= drawer.x + 1 ||
              box.y >= drawer.y + drawer.height - 1;
            assert.ok(apart, `${tab}: ${JSON.stringify({ box, drawer })}`);
          }
          assert.ok(stage.height >= 150 || stage.width >= 600, JSON.stringify(stage));
          places.add(JSON.stringify([stage, freeze]));
        }
        assert.is(places.size, 1, [...places].join("\n"));
      },
    ));

/** What is wider than its room in the drawer, by its selector or text. */
const cutOff = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const root = document.querySelector("echo-viewer")!.shadowRoot!;
    const parts =
      ".drawer-content, .imaging-panel, .imaging :is(button, output, .slider-label, .slider-value)";
    return [...root.querySelectorAll<HTMLElement>(parts)]
      .filter(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth)
      .map(({ className, textContent }) => className || (textContent ?? "").trim());
  });

for (const lang of ["en", "fr", "es", "ar"])
  test(`nothing of the drawer is cut off at its side, in any shape of the viewer (${lang})`, async () => {
    for (const [width, height] of [
      [1280, 720],
      [740, 360],
      [320, 568],
    ]) {
      const body = `<echo-viewer class="full" lang="${lang}"></echo-viewer>`;
      await onChannels({ body, width, height, live: true }, async ({ page }) => {
        await openDrawer(page);
        for (const tab of ["levels", "look", "beam", "presets"]) {
          await viewer(page, `#imaging-tab-${tab}`).click();
          await page.waitForTimeout(80);
          assert.equal(await cutOff(page), [], `${width} x ${height}, ${tab}`);
        }
      });
    }
  });

/** Sliders of the drawer on whose name something else of them, or the button beside them, lies. */
const covered = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const root = document.querySelector("echo-viewer")!.shadowRoot!;
    const lettersOf = (element: Element): DOMRect => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return range.getBoundingClientRect();
    };
    return [...root.querySelectorAll(".imaging .slider")].flatMap((slider) => {
      const name = slider.querySelector(".slider-label")!;
      const value = slider.querySelector(".slider-value")!;
      const button = slider.parentElement!.querySelector(":scope > button");
      const boxes = [lettersOf(name), lettersOf(value), ...(button ? [button.getBoundingClientRect()] : [])];
      const over = boxes.some((a, i) =>
        boxes.some(
          (b, k) =>
            k > i && a.left < b.right && b.left < a.right && a.top < b.bottom - 1 && b.top < a.bottom - 1,
        ),
      );
      return over ? [`${name.textContent}, ${value.textContent}`] : [];
    });
  });

for (const lang of ["en", "fr", "es", "ar"])
  test(`on a phone no slider's value lies on its name (${lang})`, async () => {
    for (const [width, height] of [
      [320, 640],
      [390, 844],
    ]) {
      const body = `<echo-viewer class="full" lang="${lang}"></echo-viewer>`;
      await onChannels({ body, width, height, live: true }, async ({ page }) => {
        await openDrawer(page);
        for (const tab of ["levels", "look", "beam"]) {
          await viewer(page, `#imaging-tab-${tab}`).click();
          await page.waitForTimeout(80);
          assert.equal(await covered(page), [], `${width} x ${height}, ${tab}`);
        }
        // All elements: the longest value.
        await viewer(page, ".slider[part~=f-number] input").press("Home");
        await page.waitForTimeout(200);
        assert.equal(await covered(page), [], `${width} x ${height}, all elements`);
      });
    }
  });

test("the gains by depth can be read in light colours: 4.5 to 1", () =>
  onChannels({ body: '<echo-viewer theme="light"></echo-viewer>', live: true }, async ({ page }) => {
    await openDrawer(page);
    const ratios = await page.evaluate(() => {
      const root = document.querySelector("echo-viewer")!.shadowRoot!;
      const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
      /** Relative luminance of a colour, as WCAG has it. */
      const luminance = (colour: string): number => {
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map((level) => {
          const part = level / 255;
          return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ground = luminance(getComputedStyle(root.querySelector(".tgc")!).backgroundColor);
      return [".tgc-row span", ".tgc-row output"].map((selector) => {
        const ink = luminance(getComputedStyle(root.querySelector(selector)!).color);
        return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
      });
    });
    for (const ratio of ratios) assert.ok(ratio >= 4.5, String(ratio));
  }));

test.after(closeBrowser);
test.run();
