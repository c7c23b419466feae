/** The imaging drawer in Chromium, by mouse, keys and fingers: what each control asks of the engine, presets, undo, the TGC curve. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Pipeline } from "../../host/index.ts";
import {
  accessibilityViolations,
  closeBrowser,
  onStage,
  pictureHash,
  type Stage,
  type StageOptions,
  textOf,
  waitForPhase,
} from "./browser.ts";
import type { FakeOptions } from "./fake-backend.ts";
import { eventsOf, logOf, onFakeStage } from "./fake-stage.ts";

type Page = Stage["page"];

/** Channel data of a linear array, 40 mm wide and 60 mm deep, with a plan of f-number 1.5. */
const CHANNELS: FakeOptions = {
  acquisition: { kind: "channels", signal: "rf", probe: { kind: "linear" }, sequence: [{}, {}, {}] },
  report: {
    scan: {
      kind: "linear",
      x: { min: -0.01975, max: 0.01975, count: 80 },
      z: { min: 0.00025, max: 0.05975, count: 120 },
    },
    pipeline: { beamform: { fNumber: 1.5 } },
  },
};

function onChannels(
  options: StageOptions & { fake?: FakeOptions; live?: boolean },
  act: (stage: Stage) => Promise<void>,
): Promise<void> {
  const source = options.live ? { probe: "simulated" } : { src: "scan.uff" };
  return onFakeStage({ ...options, fake: { ...CHANNELS, ...options.fake }, ...source }, async (stage) => {
    await waitForPhase(stage.page, options.live ? "live" : "file");
    await act(stage);
  });
}

const viewer = (page: Page, selector: string) => page.locator(`echo-viewer ${selector}`);

async function openDrawer(page: Page, tab = "levels"): Promise<void> {
  await viewer(page, ".rail-imaging").click();
  await viewer(page, ".imaging").waitFor();
  if (tab !== "levels") await viewer(page, `#imaging-tab-${tab}`).click();
}

/** What the engine was asked last. */
async function lastPipeline(page: Page): Promise<Pipeline> {
  await page.waitForTimeout(120);
  const { pipelines } = await logOf(page);
  return pipelines[pipelines.length - 1];
}

/** Presses the mouse, or a finger, where a slider has this part of its way. */
async function pressSlider(page: Page, selector: string, part: number, touch = false): Promise<void> {
  const slider = viewer(page, selector);
  await slider.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await slider.boundingBox())!;
  const [px, py] = [x + 8 + part * (width - 16), y + height / 2];
  if (touch) await page.touchscreen.tap(px, py);
  else await page.mouse.click(px, py);
}

const attribute = (page: Page, name: string): Promise<string | null> =>
  page.locator("echo-viewer").getAttribute(name);

const near = (value: number | undefined, wanted: number, tolerance: number, what: string): void =>
  assert.ok(value !== undefined && Math.abs(value - wanted) <= tolerance, `${what}: ${value} for ${wanted}`);

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
      assert.is(events.filter((name) => name === "echo-preset").length, 1);
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
    assert.equal(await accessibilityViolations(page), []);
  }));

test("nothing is offered while nothing is open", () =>
  onFakeStage({}, async ({ page }) => {
    await openDrawer(page);
    assert.is(await textOf(page, ".imaging-panel"), "There is nothing open to adjust.");
  }));

// ---- Presets

test("a preset by name bounds the depth; what the page chose by itself goes before it", () =>
  onChannels(
    { body: '<echo-viewer preset="carotid" gain="7"></echo-viewer>', live: true },
    async ({ page }) => {
      await page.waitForFunction(() => document.querySelector("echo-viewer")!.depth === 35);
      const { display } = await lastPipeline(page);
      assert.equal([display?.gainDb, display?.dynamicRangeDb, display?.persistence], [7, 55, 0.5]);
      await openDrawer(page);
      const depth = viewer(page, ".imaging .slider[part~=depth] input");
      assert.equal([await depth.getAttribute("min"), await depth.getAttribute("max")], ["15", "60"]);
      await page.evaluate(() => {
        document.querySelector("echo-viewer")!.preset = "thyroid";
      });
      await page.waitForFunction(() => document.querySelector("echo-viewer")!.depth === 30);
      assert.is(await attribute(page, "gain"), null, "a later preset replaces everything");
      assert.equal([await depth.getAttribute("min"), await depth.getAttribute("max")], ["15", "50"]);
      await depth.fill("50");
      const { scan } = await lastPipeline(page);
      assert.is(scan?.kind === "linear" && scan.z.max, 0.05);
    },
  ));

test("a preset as JSON is taken, and what is wrong in one is told", () =>
  onChannels({}, async ({ page }) => {
    const ask = (preset: string | object) =>
      page.evaluate((value) => {
        document.querySelector("echo-viewer")!.preset = value as string;
      }, preset);
    await ask({ name: "Mine", gainDb: 3, pipeline: { display: { tgcDb: [0, 7] } } });
    await viewer(page, ".base").focus();
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.gain === 3);
    assert.equal((await lastPipeline(page)).display?.tgcDb, [0, 7]);
    await openDrawer(page);
    assert.equal(await viewer(page, ".tgc-row output").allTextContents(), [
      "0",
      "+1",
      "+2",
      "+3",
      "+4",
      "+5",
      "+6",
      "+7",
    ]);
    assert.match(await viewer(page, "select.preset option:checked").textContent().then(String), /^Mine$/);
    for (const [preset, sentence] of [
      ["liver", /There is no preset "liver": choose one of carotid, thyroid/],
      ["{", /This is no preset: "\{"/],
      [{ name: "" }, /name of the preset is "": it must be a text of 1 to 60 letters/],
      [{ name: "x", gainDb: 99 }, /gainDb of the preset is 99: it must be a number from -60 to 60/],
      [
        { name: "x", pipeline: { band: {} } },
        /pipeline\.band of the preset is \{\}: a preset has soundSpeedMps/,
      ],
      [
        { name: "x", pipeline: { display: { tgcDb: [0, "1"] } } },
        /display\.tgcDb\[1\] of the preset is "1": it must be a number/,
      ],
      [{ name: "x", depthM: { start: 1, min: 0, max: 0.1 } }, /depthM\.start of the preset is 1/],
    ] as const) {
      await ask(preset);
      await viewer(page, ".error").waitFor();
      assert.match(await textOf(page, ".error"), sentence);
      await viewer(page, ".dismiss").click();
    }
    assert.equal((await lastPipeline(page)).display?.tgcDb, [0, 7], "nothing was changed");
  }));

test("presets are saved by a press of a button only, applied, deleted, and come from and go to files and links", () =>
  onChannels({}, async ({ page }) => {
    await openDrawer(page);
    const stored = () => page.evaluate(() => ({ ...localStorage }) as Record<string, string>);
    await viewer(page, ".imaging .slider[part~=gain] input").fill("5");
    await viewer(page, ".tgc-row input").nth(7).fill("6");
    assert.match(await viewer(page, "select.preset option:checked").textContent().then(String), /^None \*$/);
    await viewer(page, "#imaging-tab-presets").click();
    await viewer(page, ".preset-name").fill("Wrist");
    assert.equal(await stored(), {});
    await viewer(page, ".preset-save").click();
    assert.equal(JSON.parse((await stored())["sonde.presets"]), [
      {
        name: "Wrist",
        arrays: ["linear"],
        gainDb: 5,
        pipeline: { display: { tgcDb: [0, 0, 0, 0, 0, 0, 0, 6] } },
      },
    ]);
    assert.is(await attribute(page, "preset"), "Wrist");
    assert.match(await viewer(page, "select.preset option:checked").textContent().then(String), /^Wrist$/);
    await viewer(page, "select.preset").selectOption("");
    assert.is((await lastPipeline(page)).display?.tgcDb, undefined);
    await viewer(page, "select.preset").selectOption("Wrist");
    assert.is((await lastPipeline(page)).display?.tgcDb?.[7], 6);

    const waiting = page.waitForEvent("download");
    await viewer(page, ".preset-download").click();
    const download = await waiting;
    assert.is(download.suggestedFilename(), "wrist.json");
    const text = readFileSync(await download.path(), "utf8");
    assert.is(JSON.parse(text).gainDb, 5);

    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await viewer(page, ".preset-share").click();
    await viewer(page, ".preset-link").waitFor();
    const link = await viewer(page, ".preset-link").inputValue();
    assert.is(await page.evaluate(() => navigator.clipboard.readText()), link);
    const shared = JSON.parse(new URLSearchParams(new URL(link).hash.slice(1)).get("preset") ?? "");
    assert.equal([shared.name, shared.gainDb], ["Wrist", 5]);

    await viewer(page, ".preset-delete").click();
    assert.equal(JSON.parse((await stored())["sonde.presets"]), []);
    assert.is(await attribute(page, "preset"), null);
    assert.is((await lastPipeline(page)).display?.gainDb, 5, "the settings stay");

    const file = (content: string) => ({
      name: "p.json",
      mimeType: "application/json",
      buffer: Buffer.from(content),
    });
    await viewer(page, ".imaging-file").setInputFiles(file(text.replace('"gainDb": 5', '"gainDb": 9')));
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.gain === 9);
    await viewer(page, ".imaging-file").setInputFiles(file("[1,2]"));
    await viewer(page, ".error").waitFor();
    assert.match(
      await textOf(page, ".error"),
      /preset of the preset is \[1,2\]|it must be an object of name/,
    );
    await viewer(page, ".dismiss").click();
    assert.equal(
      (await eventsOf(page)).filter((name) => name === "echo-preset").length,
      5,
      "save, none, Wrist, delete, file",
    );
  }));

test("a person's presets are there on the next visit, and storage that holds something else does no harm", () =>
  onChannels({}, async ({ page }) => {
    await page.evaluate(() =>
      localStorage.setItem(
        "sonde.presets",
        JSON.stringify([{ name: "Elbow", gainDb: 4 }, { name: "Old", flavour: 3 }, 7]),
      ),
    );
    await openDrawer(page);
    assert.equal(await viewer(page, "optgroup[label='My presets'] option").allTextContents(), ["Elbow"]);
    assert.equal(await viewer(page, "optgroup[label='For other probes'] option").allTextContents(), [
      "Cardiac",
      "Abdomen",
    ]);
  }));

// ---- The TGC curve

/** The canvas of the marks without its texts, its texts, and how many of its pixels differ from a baseline. */
function marksOf(page: Page, baseline: string | null) {
  return page.evaluate(async (path) => {
    const viewer = document.querySelector("echo-viewer")!;
    const canvas = viewer.shadowRoot!.querySelector<HTMLCanvasElement>("canvas.marks")!;
    const texts: string[] = [];
    const { fillText, strokeText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function (text) {
      if (this.canvas === canvas) texts.push(text);
    };
    CanvasRenderingContext2D.prototype.strokeText = () => {};
    // Another size and back has everything drawn again.
    viewer.classList.add("full");
    await new Promise((done) => setTimeout(done, 120));
    texts.length = 0;
    viewer.classList.remove("full");
    await new Promise((done) => setTimeout(done, 120));
    Object.assign(CanvasRenderingContext2D.prototype, { fillText, strokeText });
    const flat = (image: CanvasImageSource): OffscreenCanvas => {
      const copy = new OffscreenCanvas(canvas.width, canvas.height);
      const context = copy.getContext("2d")!;
      context.fillRect(0, 0, copy.width, copy.height);
      context.drawImage(image, 0, 0);
      return copy;
    };
    const pixels = (image: CanvasImageSource): Uint8ClampedArray =>
      flat(image).getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data;
    const now = pixels(canvas);
    let lit = 0;
    for (let i = 0; i < now.length; i += 4) if (now[i + 1] > 60) lit++;
    const blob = await flat(canvas).convertToBlob({ type: "image/png" });
    const png = [...new Uint8Array(await blob.arrayBuffer())];
    if (path === null) return { texts, png, lit, different: 0 };
    const wanted = await createImageBitmap(await (await fetch(path)).blob());
    if (wanted.width !== canvas.width || wanted.height !== canvas.height)
      return { texts, png, lit, different: -1 };
    const before = pixels(wanted);
    let different = 0;
    for (let i = 0; i < now.length; i += 4)
      if (now[i] !== before[i] || now[i + 1] !== before[i + 1] || now[i + 2] !== before[i + 2]) different++;
    return { texts, png, lit, different };
  }, baseline);
}

/** Sets a curve, and holds its fifth slider: the curve stays. */
async function holdCurve(page: Page): Promise<void> {
  const rows = viewer(page, ".tgc-row input");
  for (const [i, db] of [-12, -6, 0, 3, 8, 11, 15, 20].entries()) await rows.nth(i).fill(String(db));
  await rows.nth(4).dispatchEvent("pointerdown");
}

for (const [name, attributes] of [
  ["from left to right", 'dir="ltr"'],
  ["from right to left", 'dir="rtl"'],
] as const)
  test(`the TGC curve on a page that reads ${name} is the baseline to the last pixel`, async () => {
    const path = fileURLToPath(new URL("./baselines/tgc.png", import.meta.url));
    await onChannels({ attributes }, async ({ page }) => {
      await openDrawer(page);
      await holdCurve(page);
      const { texts, png, different } = await marksOf(page, existsSync(path) ? "/baselines/tgc.png" : null);
      if (!existsSync(path)) {
        // A new baseline is made on purpose, by deleting the old one.
        writeFileSync(path, Uint8Array.from(png));
        assert.unreachable(`${path} is new: look at it, commit it, and run the test again`);
      }
      assert.is(different, 0, "pixels that differ");
      assert.equal(texts, ["+8 dB"]);
    });
  });

test("the curve appears with the first change, stays while a slider is held, and is gone two seconds later", () =>
  onChannels({}, async ({ page }) => {
    await openDrawer(page);
    const lit = async () => (await marksOf(page, null)).lit;
    assert.is(await lit(), 0);
    await holdCurve(page);
    await page.waitForTimeout(2200);
    assert.ok((await lit()) > 300, "held");
    await viewer(page, ".tgc-row input").nth(4).dispatchEvent("pointerup");
    assert.ok((await lit()) > 300, "just let go");
    await page.waitForTimeout(2200);
    assert.is(await lit(), 0, "gone");
  }));

test("the curve fades; for those who asked for less motion it goes at once", async () => {
  /** Brightest green of the curve, frame by frame, from 1.2 to 2.2 s after a change. */
  const fading = (page: Page): Promise<number[]> =>
    page.evaluate(async () => {
      const root = document.querySelector("echo-viewer")!.shadowRoot!;
      const canvas = root.querySelector<HTMLCanvasElement>("canvas.marks")!;
      const input = root.querySelectorAll<HTMLInputElement>(".tgc-row input")[2];
      input.value = "12";
      input.dispatchEvent(new Event("input"));
      const started = performance.now();
      await new Promise((done) => setTimeout(done, 1200));
      const seen: number[] = [];
      while (performance.now() - started < 2300) {
        await new Promise((done) => requestAnimationFrame(done));
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d")!;
        copy.drawImage(canvas, 0, 0);
        const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
        let alpha = 0;
        for (let i = 3; i < data.length; i += 4) alpha = Math.max(alpha, data[i]);
        if (seen.at(-1) !== alpha) seen.push(alpha);
      }
      return seen;
    });
  await onChannels({}, async ({ page }) => {
    await openDrawer(page);
    const seen = await fading(page);
    assert.is(seen.at(-1), 0);
    assert.ok(
      seen.some((alpha) => alpha > 0 && alpha < 250),
      `fades: ${seen}`,
    );
  });
  await onChannels({}, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await openDrawer(page);
    const seen = await fading(page);
    assert.is(seen.at(-1), 0);
    assert.not.ok(
      seen.some((alpha) => alpha > 0 && alpha < 250),
      `does not fade: ${seen}`,
    );
  });
});

// ---- Live, frozen, stored; people

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

test("a link's preset is followed by the page", () =>
  onStage(
    { body: "/", extra: { "/session.json": JSON.stringify({ src: null, probe: "simulated" }) } },
    async ({ page }) => {
      await waitForPhase(page, "live");
      await page.evaluate(() => {
        location.hash = `preset=${encodeURIComponent(JSON.stringify({ name: "50 % + more", dynamicRangeDb: 70 }))}`;
      });
      await page.waitForFunction(() => document.querySelector("echo-viewer")!.dynamicRange === 70);
    },
  ));

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
          const found = await accessibilityViolations(page);
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

test.after(closeBrowser);
test.run();
