/** The modes in Chromium: operated by mouse, keyboard and touch, live and from stored frames, with a fake engine whose motion is known. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type LineData, toSonde } from "../../host/index.ts";
import { type DecodedPng, decodePng } from "../host/formats/decode-png.ts";
import { sameAsBaseline } from "./baseline.ts";
import {
  barriers,
  bytesOf,
  closeBrowser,
  onStage,
  type Stage,
  type StageOptions,
  textOf,
  waitForPhase,
} from "./browser.ts";
import type { FakeLog, FakeOptions } from "./fake-backend.ts";
import { loadFakeBackend } from "./fake-stage.ts";

type Page = Stage["page"];

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const near = (value: number, wanted: number, within: number, message = ""): void =>
  assert.ok(Math.abs(value - wanted) <= within, `${message} ${value} instead of ${wanted} (${within})`);

function onFake(
  options: StageOptions & { fake?: FakeOptions; probe?: string; src?: string },
  act: (stage: Stage) => Promise<void>,
): Promise<void> {
  return onStage(options, async (stage) => {
    await loadFakeBackend(stage.page);
    await stage.page.evaluate(
      ({ fake, probe, src }) => {
        const { backend, log } = fakeBackend(fake);
        const events: unknown[] = [];
        Object.assign(window, { log, events });
        document.addEventListener("echo-mode", (event) =>
          events.push((event as CustomEvent<unknown>).detail),
        );
        const viewer = document.querySelector("echo-viewer")!;
        viewer.backend = backend;
        if (probe) viewer.probe = probe;
        if (src) viewer.src = src;
      },
      { fake: options.fake, probe: options.probe, src: options.src },
    );
    await act(stage);
  });
}

interface Probed {
  log: FakeLog;
  events: { mode: string; split: number }[];
}

const TARGET = { depthM: 0.03, swingM: 0.012, cycleS: 0.8 };

const M = '<echo-viewer mode="m"></echo-viewer>';

async function isMode(page: Page, mode: string): Promise<void> {
  await page.waitForFunction((wanted) => document.querySelector("echo-viewer")!.mode === wanted, mode);
}

/** Boxes of elements, from the stage's corner. */
function boxOnStage(page: Page, selector: string): Promise<Box> {
  return page.evaluate((wanted) => {
    const root = document.querySelector("echo-viewer")!.shadowRoot!;
    const stage = root.querySelector(".stage")!.getBoundingClientRect();
    const { x, y, width, height } = root.querySelector(wanted)!.getBoundingClientRect();
    return { x: x - stage.x, y: y - stage.y, width, height };
  }, selector);
}

/** The strip itself: inside its scales, whose room the layout states. */
async function stripBox(page: Page): Promise<Box> {
  await page.locator("echo-viewer .strip").waitFor();
  const { x, y, width, height } = await boxOnStage(page, ".strip");
  return { x: x + 48, y: y + 24, width: width - 88, height: height - 48 };
}

interface StripColumn {
  /** Place in the strip, 0 to 1; depth of the brightest echo in parts of the strip's height; NaN: none. */
  part: number;
  depth: number;
  /** Some of it has the colour of gaps. */
  gap: boolean;
}

/** Reads the strip from the canvas. */
async function readStrip(page: Page): Promise<StripColumn[]> {
  const box = await stripBox(page);
  return page.evaluate(({ x, y, width, height }) => {
    const root = document.querySelector("echo-viewer")!.shadowRoot!;
    const canvas = root.querySelector<HTMLCanvasElement>("canvas.picture")!;
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", {
      willReadFrequently: true,
    })!;
    copy.drawImage(canvas, 0, 0);
    const [left, top] = [Math.round(x), Math.round(y)];
    const { data } = copy.getImageData(left, top, Math.floor(width), Math.floor(height));
    const columns: StripColumn[] = [];
    const [w, h] = [Math.floor(width), Math.floor(height)];
    for (let column = 0; column < w; column++) {
      let [sum, weights, hatched] = [0, 0, 0];
      for (let row = 0; row < h; row++) {
        const at = (row * w + column) * 4;
        const [r, g, b] = data.slice(at, at + 3);
        // Gaps and the cursor have colours, the picture has none.
        if (Math.abs(r - b) > 40) hatched++;
        else if (r === g && g === b && r > 60) {
          sum += r * (row + 0.5);
          weights += r;
        }
      }
      columns.push({
        part: (column + 0.5) / w,
        depth: weights ? sum / weights / h : Number.NaN,
        gap: hatched > h / 20 && hatched < h / 2 && !weights,
      });
    }
    return columns;
  }, box);
}

/** Chooses one of a row of options. */
async function choose(page: Page, group: string, option: string): Promise<void> {
  await page
    .locator(`echo-viewer fieldset[part~="${group}"]`)
    .getByRole("radio", { name: option })
    .check({ force: true });
}

async function press(page: Page, key: string): Promise<void> {
  await page.locator("echo-viewer .base").focus();
  await page.keyboard.press(key);
}

/** Columns of the marks canvas that have the line's colour, near a row of the stage. */
function lineAt(page: Page, row: number): Promise<number> {
  return page.evaluate((y) => {
    const root = document.querySelector("echo-viewer")!.shadowRoot!;
    const canvas = root.querySelector<HTMLCanvasElement>("canvas.marks")!;
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", {
      willReadFrequently: true,
    })!;
    copy.drawImage(canvas, 0, 0);
    let [sum, count] = [0, 0];
    for (let line = Math.round(y) - 6; line < y + 6; line++) {
      const { data } = copy.getImageData(0, line, canvas.width, 1);
      for (let x = 0; x < canvas.width; x++) {
        const [r, g, b, a] = data.slice(4 * x, 4 * x + 4);
        if (a < 200 || r < 200 || g < 170 || b > 120) continue;
        sum += x + 0.5;
        count++;
      }
    }
    return count ? sum / count : Number.NaN;
  }, row);
}

async function frozenM(page: Page, waitMs: number): Promise<void> {
  await waitForPhase(page, "live");
  await page.waitForTimeout(waitMs);
  await page.locator("echo-viewer .freeze").click();
  await waitForPhase(page, "frozen");
  await computed(page);
}

/** Waits until all stored frames are on the strip. */
async function computed(page: Page): Promise<void> {
  await page.waitForTimeout(500);
  await page.locator("echo-viewer .strip-progress").waitFor({ state: "detached" });
  await page.waitForTimeout(200);
}

const pictureBox = (page: Page): Promise<Box> =>
  page.evaluate(() => {
    const root = document.querySelector("echo-viewer")!.shadowRoot!;
    const canvas = root.querySelector<HTMLCanvasElement>("canvas.picture")!;
    const strip = root.querySelector(".strip")?.getBoundingClientRect();
    const stage = canvas.getBoundingClientRect();
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", {
      willReadFrequently: true,
    })!;
    copy.drawImage(canvas, 0, 0);
    const { data, width, height } = copy.getImageData(0, 0, canvas.width, canvas.height);
    let [left, right, top, bottom] = [width, 0, height, 0];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const inStrip = strip && x >= strip.x - stage.x && y >= strip.y - stage.y;
        if (inStrip || data[(y * width + x) * 4 + 3] < 128) continue;
        left = Math.min(left, x);
        right = Math.max(right, x + 1);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y + 1);
      }
    }
    return { x: left, y: top, width: right - left, height: bottom - top };
  });

test("nothing of the modes is loaded until they are wanted, and keys, button, attribute and property all want them", () =>
  onFake({ probe: "simulated" }, async ({ page }) => {
    await waitForPhase(page, "live");
    const loaded = () =>
      page.evaluate(() =>
        performance.getEntriesByType("resource").some(({ name }) => name.includes("feature-modes")),
      );
    assert.is(await loaded(), false);
    await press(page, "w");
    await isMode(page, "m");
    assert.is(await loaded(), true);
    assert.is(await page.locator("echo-viewer").getAttribute("mode"), "m");
    await press(page, "b");
    await isMode(page, "b");
    assert.is(await page.locator("echo-viewer").getAttribute("mode"), null);
    await page.locator("echo-viewer .rail-modes").click();
    await choose(page, "mode", "A-line");
    await isMode(page, "a");
    await page.evaluate(() => document.querySelector("echo-viewer")!.setAttribute("mode", "m"));
    await isMode(page, "m");
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.split = 2;
    });
    assert.is(await page.locator("echo-viewer").getAttribute("split"), "2");
    assert.equal(
      (await page.evaluate(() => (window as unknown as Probed).events)).map(
        ({ mode, split }) => `${mode}${split}`,
      ),
      ["m1", "b1", "a1", "m1", "m2"],
    );
  }));

test("a mode that does not exist is refused with those that do, and the mode stays", () =>
  onFake({ probe: "simulated" }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.evaluate(() => document.querySelector("echo-viewer")!.setAttribute("mode", "doppler"));
    await page.locator("echo-viewer .error").waitFor();
    assert.match(await textOf(page, ".error"), /mode must be one of b, m, a, not "doppler"/);
    await isMode(page, "b");
    await page.evaluate(() => document.querySelector("echo-viewer")!.setAttribute("split", "3"));
    assert.is(await page.evaluate(() => document.querySelector("echo-viewer")!.split), 1);
  }));

test("the strip of stored frames has the target's motion within a pixel and its period within 1 %", () =>
  onFake({ probe: "simulated", body: M, fake: { target: TARGET } }, async ({ page }) => {
    // By the frames' own time: a busy machine has fewer of them in a second.
    await page.waitForFunction(() => (document.querySelector("echo-viewer")!.image?.frameTimeS ?? 0) > 4.3);
    await frozenM(page, 0);
    const frames = await page.evaluate(() => document.querySelector("echo-viewer")!.image!.frameTimeS!);
    const columns = (await readStrip(page)).filter(({ depth }) => Number.isFinite(depth));
    const { height, width } = await stripBox(page);
    // The newest frame and half its period stand at the right edge, four seconds before it the left one.
    const endS = frames + 0.02;
    const points = columns.map(
      ({ part, depth }) => [endS - 4 * (1 - part), 0.03 / 120 + (depth * 0.06 * 119) / 120] as const,
    );
    assert.ok(points.length > width * 0.9, `${points.length} of ${width} columns`);
    const pixelM = Math.max(0.06 / height, 0.06 / 120);
    for (const [timeS, depth] of points) {
      const at = (moment: number) =>
        TARGET.depthM + TARGET.swingM * Math.sin((2 * Math.PI * moment) / TARGET.cycleS);
      const off = Math.min(...[0, 1, -1].map((n) => Math.abs(depth - at((Math.round(timeS * 25) + n) / 25))));
      assert.ok(off <= pixelM, `at ${timeS.toFixed(3)} s ${depth} differs by ${off}, a pixel is ${pixelM}`);
    }
    let [period, most] = [0, 0];
    for (let trial = 0.6; trial < 1; trial += 0.0005) {
      let [sin, cos] = [0, 0];
      for (const [timeS, depth] of points) {
        sin += (depth - TARGET.depthM) * Math.sin((2 * Math.PI * timeS) / trial);
        cos += (depth - TARGET.depthM) * Math.cos((2 * Math.PI * timeS) / trial);
      }
      if (sin ** 2 + cos ** 2 > most) [period, most] = [trial, sin ** 2 + cos ** 2];
    }
    near(period, TARGET.cycleS, 0.01 * TARGET.cycleS, "period");
    assert.equal(await barriers(page), []);
  }));

test("frames that never came are a gap as long as they were, live and from the store", () =>
  onFake(
    { probe: "simulated", body: M, fake: { target: TARGET, loses: { from: 40, to: 65 } } },
    async ({ page }) => {
      await waitForPhase(page, "live");
      await page.waitForFunction(() => (document.querySelector("echo-viewer")!.image?.frameTimeS ?? 0) > 3.4);
      assert.ok(
        (await readStrip(page)).some(({ gap }) => gap),
        "live",
      );
      await page.locator("echo-viewer .freeze").click();
      await waitForPhase(page, "frozen");
      await computed(page);
      const endS =
        (await page.evaluate(() => document.querySelector("echo-viewer")!.image!.frameTimeS!)) + 0.02;
      const columns = await readStrip(page);
      const gaps = columns.filter(({ gap }) => gap).map(({ part }) => endS - 4 * (1 - part));
      near(gaps[0], 39.5 / 25, 0.03, "it begins half a period after frame 39");
      near(gaps[gaps.length - 1], 64.5 / 25, 0.03, "it ends half a period before frame 65");
      const inside = columns.filter(({ part, depth }) => {
        const timeS = endS - 4 * (1 - part);
        return timeS > 1.65 && timeS < 2.5 && Number.isFinite(depth);
      });
      assert.is(inside.length, 0, "nothing is drawn where nothing was seen");
    },
  ));

test("a person drags the line with the mouse, and the strip is that of where it lies now", () =>
  onFake({ src: "scan.uff", body: M, fake: { frameCount: 30 } }, async ({ page }) => {
    await waitForPhase(page, "file");
    await computed(page);
    const box = await pictureBox(page);
    const middle = box.y + box.height / 2;
    near(await lineAt(page, middle), box.x + box.width / 2, 1.5, "in the middle at first");
    const before = await readStrip(page);
    const stage = (await page.locator("echo-viewer .stage").boundingBox())!;
    await page.mouse.move(stage.x + box.x + box.width / 2, stage.y + middle);
    await page.mouse.down();
    await page.mouse.move(stage.x + box.x + box.width * 0.7, stage.y + middle, { steps: 4 });
    await page.mouse.up();
    await page.waitForTimeout(100);
    near(await lineAt(page, middle), box.x + box.width * 0.7, 1.5);
    await computed(page);
    assert.not.equal(await readStrip(page), before);
    // The lower end turns it.
    await page.mouse.move(stage.x + box.x + box.width * 0.7, stage.y + box.y + box.height - 1);
    await page.mouse.down();
    await page.mouse.move(stage.x + box.x + box.width * 0.4, stage.y + box.y + box.height - 1, { steps: 4 });
    await page.mouse.up();
    await page.waitForTimeout(150);
    near(await lineAt(page, middle), box.x + box.width * 0.55, 2.5, "half way between its ends");
  }));

test("without dragging: a press anywhere places the line while its tool is chosen, two presses draw a free one", () =>
  onFake({ src: "scan.uff", body: M, fake: { frameCount: 10 } }, async ({ page }) => {
    await waitForPhase(page, "file");
    await computed(page);
    const box = await pictureBox(page);
    const stage = (await page.locator("echo-viewer .stage").boundingBox())!;
    const click = (u: number, v: number) =>
      page.mouse.click(stage.x + box.x + u * box.width, stage.y + box.y + v * box.height);
    await click(0.25, 0.5);
    near(await lineAt(page, box.y + box.height / 2), box.x + box.width / 2, 1.5, "not chosen: nothing moves");
    await press(page, "j");
    await click(0.25, 0.5);
    await page.waitForTimeout(100);
    near(await lineAt(page, box.y + box.height / 2), box.x + box.width * 0.25, 1.5);
    await page.locator("echo-viewer .rail-modes").click();
    await page.locator("echo-viewer .draw-line").click();
    await page.locator("echo-viewer .drawer .close").click();
    // The picture has the room of the drawer again.
    while ((await pictureBox(page)).width !== box.width) await page.waitForTimeout(30);
    await click(0.2, 0.2);
    await click(0.8, 0.8);
    await page.waitForTimeout(150);
    near(await lineAt(page, box.y + box.height / 2), box.x + box.width * 0.5, 2.5);
    near(await lineAt(page, box.y + box.height * 0.35), box.x + box.width * 0.35, 2.5);
  }));

test("arrow keys move and turn the line while it is placed, and step through frames when it is in place", () =>
  onFake({ src: "scan.uff", fake: { frameCount: 10 } }, async ({ page }) => {
    await waitForPhase(page, "file");
    await press(page, "w");
    await isMode(page, "m");
    await computed(page);
    const box = await pictureBox(page);
    const pixel = box.width / 80;
    const [upper, lower] = [box.y + box.height * 0.25, box.y + box.height * 0.75];
    for (const key of ["ArrowRight", "ArrowRight", "Shift+ArrowRight"]) await page.keyboard.press(key);
    await page.waitForTimeout(150);
    near(await lineAt(page, upper), box.x + box.width / 2 + 12 * pixel, 1.5, "12 pixels to the right");
    await page.keyboard.press("Shift+ArrowUp");
    await page.waitForTimeout(150);
    const lean = (await lineAt(page, lower)) - (await lineAt(page, upper));
    near(lean, Math.tan(Math.PI / 18) * box.height * 0.5, 2.5, "turned by 10 degrees");
    await page.keyboard.press("Home");
    await page.waitForTimeout(600);
    near(await lineAt(page, upper), box.x + box.width / 2, 1.5);
    assert.match(await textOf(page, "[role=status]"), /Line at -?0\.\d millimetres/);
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.image?.frameIndex === 1);
    near(await lineAt(page, upper), box.x + box.width / 2, 1.5);
  }));

test("a finger drags the line, and taps the strip to go to a frame", () =>
  onFake({ src: "scan.uff", body: M, fake: { frameCount: 30 } }, async ({ page }) => {
    await waitForPhase(page, "file");
    await computed(page);
    const touch = await page.context().newCDPSession(page);
    await touch.send("Emulation.setTouchEmulationEnabled", { enabled: true });
    const box = await pictureBox(page);
    const stage = (await page.locator("echo-viewer .stage").boundingBox())!;
    const at = (u: number) => [{ x: stage.x + box.x + u * box.width, y: stage.y + box.y + box.height / 2 }];
    // A finger is less exact than a mouse: 15 px beside it.
    const beside = 15 / box.width;
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at(0.5 + beside) });
    for (const u of [0.6, 0.7, 0.8])
      await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at(u) });
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await page.waitForTimeout(150);
    near(await lineAt(page, box.y + box.height / 2), box.x + box.width * 0.8, 1.5);
    const strip = await stripBox(page);
    const tap = [{ x: stage.x + strip.x + strip.width * 0.5, y: stage.y + strip.y + strip.height / 2 }];
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: tap });
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.image?.frameIndex === 15);
  }));

for (const [what, change] of [
  ["another gain", { gain: 6 }],
  ["another depth", { depth: 25 }],
  ["M-mode begun only then", { mode: "m" }],
] as const)
  test(`a picture that runs again has a strip that runs with it, after ${what}`, () =>
    onStage({ body: '<echo-viewer probe="simulated:linear"></echo-viewer>' }, async ({ page }) => {
      const stored = (frames: number): Promise<unknown> =>
        page.waitForFunction(
          (least) => document.querySelector("echo-viewer")!.cine.frameCount >= least,
          frames,
        );
      await page.evaluate((early) => {
        if (early) document.querySelector("echo-viewer")!.mode = "m";
      }, what !== "M-mode begun only then");
      await stored(40);
      await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
      await waitForPhase(page, "frozen");
      await page.evaluate((one) => Object.assign(document.querySelector("echo-viewer")!, one), change);
      await isMode(page, "m");
      // Stored frames are computed.
      await page.waitForTimeout(1200);
      await page.evaluate(() => document.querySelector("echo-viewer")!.run());
      await page.waitForFunction(() => document.querySelector("echo-viewer")!.cine.frameCount < 30);
      const begun = JSON.stringify(await readStrip(page));
      await stored(12);
      assert.is.not(JSON.stringify(await readStrip(page)), begun);
      // All before it was no longer than what is stored now.
      assert.ok(await page.evaluate(() => document.querySelector("echo-viewer")!.cine.frameCount < 40));
    }));

test("a press on the strip of a frozen picture shows that frame, and its cursor stands there", () =>
  onFake({ probe: "simulated", body: M, fake: { target: TARGET } }, async ({ page }) => {
    await frozenM(page, 3000);
    const newest = await page.evaluate(() => document.querySelector("echo-viewer")!.image!.frameTimeS!);
    const strip = await stripBox(page);
    const stage = (await page.locator("echo-viewer .stage").boundingBox())!;
    const wantedS = newest - 1;
    const x = strip.x + strip.width * (1 - (newest + 0.02 - wantedS) / 4);
    await page.mouse.click(stage.x + x, stage.y + strip.y + strip.height / 2);
    await page.waitForTimeout(300);
    const shown = await page.evaluate(() => document.querySelector("echo-viewer")!.image!.frameTimeS!);
    near(shown, wantedS, 0.021);
    assert.match(await textOf(page, ".place"), /−1\.0\d s$|−0\.9\d s$/);
  }));

test("sweep speed and movement are chosen in the drawer, and the axis says so", () =>
  onFake({ probe: "simulated", body: M, fake: { target: TARGET } }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.locator("echo-viewer .rail-modes").click();
    const labels = (): Promise<string[]> =>
      page.evaluate(async () => {
        const texts: string[] = [];
        const { fillText } = CanvasRenderingContext2D.prototype;
        CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
          texts.push(text);
          fillText.call(this, text, ...rest);
        };
        const viewer = document.querySelector("echo-viewer")!;
        viewer.classList.toggle("full");
        await new Promise((done) => setTimeout(done, 200));
        viewer.classList.toggle("full");
        texts.length = 0;
        await new Promise((done) => setTimeout(done, 200));
        CanvasRenderingContext2D.prototype.fillText = fillText;
        return texts;
      });
    const four = await labels();
    assert.ok(four.includes("−2"), `${four}`);
    await page.locator('echo-viewer select[part="speed"]').selectOption("1 s");
    const second = await labels();
    assert.ok(second.some((text) => /^−0\.[45]$/.test(text)) && !second.includes("−2"), `${second}`);
    await choose(page, "sweep", "Bar");
    const bar = await labels();
    assert.ok(bar.some((text) => /^0\.[45]$/.test(text)) && !bar.some((text) => /^−0/.test(text)), `${bar}`);
    assert.equal(await barriers(page), []);
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.lang = "fr";
    });
    await page.getByText("Vitesse de défilement").first().waitFor();
    const french = await labels();
    assert.ok(
      french.some((text) => /^0,[45]$/.test(text)) && !french.some((text) => text.includes(".")),
      `${french}`,
    );
  }));

test("the heading of a strip goes with the live picture's shape at once", () =>
  onFake({ probe: "simulated", fake: { shallowAtDb: 7 } }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.mode = "m";
    });
    await page.locator("echo-viewer [data-pane=strip]").waitFor();
    const heights = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      const strip = viewer.shadowRoot!.querySelector<HTMLElement>("[data-pane=strip]")!;
      const box = (): string => `${strip.style.top} ${strip.style.height} ${strip.style.width}`;
      const shape = (): string => {
        const { width, height, regions } = viewer.image!;
        return `${width} ${height} ${regions[0].deltaXM} ${regions[0].deltaZM}`;
      };
      const [first, before] = [shape(), box()];
      viewer.gain = 7;
      const seen: [painted: string, rendered: string][] = [];
      for (let waited = 0; waited < 100; waited++) {
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        if (shape() === first) continue;
        const painted = box();
        viewer.requestUpdate();
        await viewer.updateComplete;
        seen.push([painted, box()]);
        if (seen.length > 3) break;
      }
      return { before, seen };
    });
    assert.ok(heights.seen.length > 0);
    assert.is.not(heights.seen[0][1], heights.before, "the strip has another place");
    for (const [painted, rendered] of heights.seen) assert.is(painted, rendered);
  }));

test("where only depths are known M-mode and A-line have depths, and lines go straight down", () =>
  onFake(
    {
      body: M,
      src: "scan.uff",
      fake: {
        target: TARGET,
        region: {
          kind: "tissue",
          minX: 0,
          minY: 0,
          maxX: 79,
          maxY: 119,
          originXM: 0,
          originZM: 0.00025,
          deltaXM: 0,
          deltaZM: 5e-4,
        },
      },
    },
    async ({ page }) => {
      await waitForPhase(page, "file");
      await computed(page);
      const depths = (await readStrip(page))
        .map(({ depth }) => depth)
        .filter((depth) => !Number.isNaN(depth));
      assert.ok(depths.length > 20);
      near(Math.max(...depths) - Math.min(...depths), (2 * TARGET.swingM) / 0.06, 0.03, "swing");
      // A length on the strip is metres, on the picture pixels.
      await press(page, "L");
      await page.locator("echo-viewer .measure-bar").waitFor();
      const box = await stripBox(page);
      const stage = (await page.locator("echo-viewer .stage").boundingBox())!;
      for (const part of [0.25, 0.75])
        await page.mouse.click(stage.x + box.x + box.width / 2, stage.y + box.y + part * box.height);
      await page.waitForFunction(
        () => document.querySelector("echo-viewer")!.measurements.measurements.length === 1,
      );
      const [{ values }] = await page.evaluate(
        () => document.querySelector("echo-viewer")!.measurements.measurements,
      );
      assert.is(values?.[0].unit, "m");
      near(values?.[0].value ?? 0, 0.03, 5e-4);
      await press(page, "Escape");
      // Keys that turn the line leave it upright.
      await press(page, "a");
      await isMode(page, "a");
      await page.waitForTimeout(300);
      const written = await page.evaluate(async () => {
        const texts: string[] = [];
        const { fillText } = CanvasRenderingContext2D.prototype;
        CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
          texts.push(text);
          fillText.call(this, text, ...place);
        };
        document.querySelector("echo-viewer")!.lang = "fr";
        await new Promise((resolve) => setTimeout(resolve, 500));
        return texts;
      });
      assert.ok(written.filter((text) => text === "cm").length >= 2, `${written}`);
      // No slope: no free line is offered.
      await page.locator("echo-viewer [part~=rail-modes]").click();
      await page.locator("echo-viewer .place-line").waitFor();
      assert.is(await page.locator("echo-viewer .draw-line").count(), 0);
    },
  ));

test("a pane that cannot be drawn leaves the picture and its scales as they must be, and is told to the page", () =>
  onFake({ body: M, src: "scan.uff", fake: { target: TARGET } }, async ({ page }) => {
    await waitForPhase(page, "file");
    await computed(page);
    const scale = () =>
      page.evaluate(() => {
        const root = document.querySelector("echo-viewer")!.shadowRoot!;
        return root.querySelector<HTMLCanvasElement>("canvas.overlay")!.toDataURL();
      });
    const right = await scale();
    const told = await page.evaluate(() => {
      const errors: string[] = [];
      addEventListener("error", (event) => {
        errors.push(event.message);
        event.preventDefault();
      });
      const { drawImage } = CanvasRenderingContext2D.prototype;
      // Only strips are drawn without smoothing.
      CanvasRenderingContext2D.prototype.drawImage = function (...given: unknown[]) {
        if (!this.imageSmoothingEnabled) throw new RangeError("no strip");
        return (drawImage as (...of: unknown[]) => void).call(this, ...given);
      };
      Object.assign(window, { told: errors });
      return errors.length;
    });
    assert.is(told, 0);
    await press(page, "v");
    await page.waitForTimeout(300);
    const flipped = await scale();
    assert.is.not(flipped, right, "the scale follows the picture");
    const errors = await page.evaluate(() => (window as unknown as { told: string[] }).told);
    assert.ok(errors.length > 0 && errors.every((error) => /no strip/.test(error)));
    await press(page, "v");
    await page.waitForTimeout(300);
    assert.is(await scale(), right);
  }));

test("a value that is being measured stands on the picture it is measured on, and on no other", () =>
  onFake(
    { src: "scan.uff", body: '<echo-viewer class="full" split="2"></echo-viewer>', fake: { target: TARGET } },
    async ({ page }) => {
      await waitForPhase(page, "file");
      await page.locator('echo-viewer [data-pane="pane-2"] .pane-keep').click();
      await page.locator('echo-viewer [data-pane="pane-2"] .pane-time').waitFor();
      await press(page, "L");
      await page.locator("echo-viewer .measure-bar").waitFor();
      const pane = (await page.locator('echo-viewer [data-pane="pane-2"]').boundingBox())!;
      await page.mouse.click(pane.x + pane.width * 0.45, pane.y + pane.height * 0.4);
      const left = await page.evaluate(async () => {
        const places: number[] = [];
        const { fillText } = CanvasRenderingContext2D.prototype;
        CanvasRenderingContext2D.prototype.fillText = function (text, x, ...more) {
          if (/ mm| cm/.test(text) && this.canvas.classList.contains("marks")) places.push(x);
          fillText.call(this, text, x, ...more);
        };
        Object.assign(window, { places });
        return places;
      });
      assert.equal(left, []);
      await page.mouse.move(pane.x + pane.width * 0.55, pane.y + pane.height * 0.6);
      await page.waitForTimeout(200);
      const places = await page.evaluate(() => (window as unknown as { places: number[] }).places);
      const stage = (await page.locator("echo-viewer .stage").boundingBox())!;
      assert.ok(places.length > 0);
      for (const x of places) assert.ok(x >= pane.x - stage.x, `${x}`);
      // The bar that says what to do hides no badge.
      const boxes = await page.evaluate(() => {
        const root = document.querySelector("echo-viewer")!.shadowRoot!;
        const boxOf = (selector: string) => root.querySelector(selector)!.getBoundingClientRect();
        return [boxOf(".measure-bar"), boxOf('[data-pane="pane-2"] .pane-time')].map(({ top, bottom }) => [
          top,
          bottom,
        ]);
      });
      assert.ok(boxes[0][0] > boxes[1][1], "it lies below");
    },
  ));

test("the A-line shows levels live and frozen, holds peaks, and says where there is no signal before detection", () =>
  onFake({ probe: "simulated", fake: { target: TARGET } }, async ({ page }) => {
    await waitForPhase(page, "live");
    await press(page, "a");
    await isMode(page, "a");
    await page.locator("echo-viewer .rail-modes").click();
    await page.locator('echo-viewer [part="peak-hold"] input').check();
    await page.waitForTimeout(1000);
    const strip = await stripBox(page);
    const pixels = (colour: "blue" | "orange"): Promise<number> =>
      page.evaluate(
        ({ box: { x, y, width, height }, which }) => {
          const root = document.querySelector("echo-viewer")!.shadowRoot!;
          const canvas = root.querySelector<HTMLCanvasElement>("canvas.picture")!;
          const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", {
            willReadFrequently: true,
          })!;
          copy.drawImage(canvas, 0, 0);
          const { data } = copy.getImageData(
            Math.round(x),
            Math.round(y),
            Math.round(width),
            Math.round(height),
          );
          let count = 0;
          for (let at = 0; at < data.length; at += 4) {
            const [r, , b] = data.slice(at, at + 3);
            if (which === "blue" ? b > r + 60 : r > b + 60) count++;
          }
          return count;
        },
        { box: strip, which: colour },
      );
    assert.ok((await pixels("blue")) > 50);
    assert.ok((await pixels("orange")) > 50);
    await press(page, " ");
    await waitForPhase(page, "frozen");
    assert.ok((await pixels("blue")) > 50);
    assert.equal(await barriers(page), []);
    await choose(page, "signal", "RF");
    await page.locator("echo-viewer .strip-note").waitFor();
    assert.match(await textOf(page, ".strip-note"), /no signal before detection/);
  }));

test("compressed data and envelopes have an A-line of what they hold, and none of what was before", async () => {
  const count = 32;
  const lines = Float64Array.from(
    { length: 5 * count },
    (_, i) => [(0.02 * Math.floor(i / 5)) / count, 0, 0, 0, 3e-4].at(i % 5)!,
  );
  const recorded = async (signal: "log" | "envelope") => {
    const info: LineData = {
      kind: "lines",
      name: signal,
      format: "synthetic",
      frameCount: 1,
      soundSpeedMps: 1540,
      warnings: [],
      signal,
      lines,
      sampleCount: 100,
      logStepDb: signal === "log" ? 0.25 : undefined,
    };
    const samples = Uint8Array.from({ length: count * 100 }, (_, i) => 55 + 2 * (i % 100));
    return new Uint8Array(await (await toSonde(info, [{ index: 0, samples }])).arrayBuffer());
  };
  const extra = { "/log.sonde": await recorded("log"), "/envelope.sonde": await recorded("envelope") };
  for (const [source, told] of [
    ["log", [false, true, true]],
    ["envelope", [false, false, true]],
  ] as const)
    await onStage(
      { body: `<echo-viewer mode="a" src="/${source}.sonde"></echo-viewer>`, extra },
      async ({ page }) => {
        await waitForPhase(page, "file");
        await page.locator("echo-viewer .rail-modes").click();
        const without: boolean[] = [];
        for (const signal of ["Level", "Envelope", "RF"]) {
          await choose(page, "signal", signal);
          await page.waitForTimeout(500);
          without.push((await page.locator("echo-viewer .strip-note", { hasText: "no signal" }).count()) > 0);
        }
        assert.equal(without, told, source);
      },
    );
});

test("a stored picture says FROZEN and when it was, never LIVE, whatever the stream beside it does", () =>
  onFake({ probe: "simulated", body: '<echo-viewer split="4"></echo-viewer>' }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.locator('echo-viewer [data-pane="pane-2"] .pane-keep').click();
    await page.locator('echo-viewer [data-pane="pane-3"] .pane-keep-clip').click();
    await page.locator('echo-viewer [data-pane="pane-3"] .pane-play').waitFor();
    const badges = (): Promise<string[]> =>
      page.evaluate(() =>
        ["main", "pane-2", "pane-3"].map((id) => {
          const root = document.querySelector("echo-viewer")!.shadowRoot!;
          const badge = root.querySelector(`[data-pane="${id}"] .pane-badge`);
          return `${badge?.textContent} ${badge?.getAttribute("data-phase")}`;
        }),
      );
    // Watched from inside: no change is missed between two looks.
    await page.evaluate(() => {
      const root = document.querySelector("echo-viewer")!.shadowRoot!;
      const wrong: string[] = [];
      Object.assign(window, { wrong });
      const look = (): void => {
        for (const badge of root.querySelectorAll('[data-kind="stored"] .pane-badge')) {
          if (/live/i.test(badge.textContent ?? "") || badge.getAttribute("data-phase") !== "frozen")
            wrong.push(badge.textContent ?? "");
        }
      };
      new MutationObserver(look).observe(root, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
      });
      look();
    });
    assert.equal(await badges(), ["Live live", "Frozen frozen", "Frozen frozen"]);
    const time = await textOf(page, '[data-pane="pane-2"] .pane-time');
    assert.match(time, /^\d\d:\d\d:\d\d$/);
    await page.locator('echo-viewer [data-pane="pane-3"] .pane-play').click();
    await page.waitForTimeout(600);
    assert.equal(await badges(), ["Live live", "Frozen frozen", "Replay frozen"]);
    const stall = (stalled: boolean) =>
      page.evaluate((value) => {
        (window as unknown as Probed).log.stalled = value;
      }, stalled);
    await stall(true);
    await waitForPhase(page, "no-signal");
    await stall(false);
    await waitForPhase(page, "live");
    await press(page, " ");
    await waitForPhase(page, "frozen");
    await press(page, " ");
    await waitForPhase(page, "live");
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.src = "scan.uff";
    });
    await waitForPhase(page, "file");
    await page.waitForTimeout(400);
    // It stays what it was, and says of what, now that another source is open.
    assert.is(await textOf(page, '[data-pane="pane-2"] .pane-time'), time);
    assert.is(await textOf(page, '[data-pane="pane-2"] .pane-source'), "simulated");
    assert.equal(await page.evaluate(() => (window as unknown as { wrong: string[] }).wrong), []);
    assert.equal(await barriers(page), []);
  }));

for (const person of [{}, { hasTouch: true }])
  for (const lang of ["en", "es"])
    test(`half of a small phone shows what a kept picture is, when it was and all of its buttons (${person.hasTouch ? "finger" : "mouse"}, ${lang})`, () =>
      onFake(
        {
          probe: "simulated",
          body: `<echo-viewer class="full" split="2" lang="${lang}"></echo-viewer>`,
          width: 320,
          height: 568,
          person,
        },
        async ({ page }) => {
          await waitForPhase(page, "live");
          await press(page, "K");
          await page.locator('echo-viewer [data-pane="pane-2"] .pane-time').waitFor();
          const out = await page.evaluate(() => {
            const whole = document
              .querySelector("echo-viewer")!
              .shadowRoot!.querySelector('[data-pane="pane-2"]')!;
            const { left, right, bottom } = whole.getBoundingClientRect();
            return [...whole.querySelectorAll(".pane-badge, .pane-time, .pane-clear")]
              .filter((part) => {
                const box = part.getBoundingClientRect();
                return (
                  box.left < left ||
                  box.right > right ||
                  box.bottom > bottom ||
                  part.scrollWidth > part.clientWidth + 1
                );
              })
              .map(({ className }) => className);
          });
          assert.equal(out, []);
        },
      ));

test("all that an empty pane offers is reached in a narrow one", () =>
  onFake(
    {
      probe: "simulated",
      body: '<echo-viewer class="full" split="4"></echo-viewer>',
      width: 280,
      height: 568,
      person: { hasTouch: true },
    },
    async ({ page }) => {
      await waitForPhase(page, "live");
      const offers = page.locator("echo-viewer .pane-offers").first();
      await offers.waitFor();
      const [needed, given] = await offers.evaluate(({ scrollWidth, clientWidth }) => [
        scrollWidth,
        clientWidth,
      ]);
      assert.ok(needed <= given, `${needed} px in ${given}, which do not scroll`);
    },
  ));

test("in a narrow pane the source of a kept picture ends in an ellipsis, its time and its buttons are whole", () =>
  onStage({ body: '<echo-viewer probe="simulated:convex" split="2"></echo-viewer>' }, async ({ page }) => {
    page.setDefaultTimeout(60_000);
    await waitForPhase(page, "live");
    await press(page, "K");
    await page.locator('echo-viewer [data-pane="pane-2"] .pane-time').waitFor();
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.probe = "simulated";
    });
    await page.locator("echo-viewer .pane-source").waitFor();
    const { pane, cut } = await page.evaluate(() => {
      const root = document.querySelector("echo-viewer")!.shadowRoot!;
      const whole = root.querySelector('[data-pane="pane-2"]')!;
      const { right } = whole.getBoundingClientRect();
      const isCut = (one: Element) =>
        one.scrollWidth > one.clientWidth + 1 || one.getBoundingClientRect().right > right;
      const cutOf = (selector: string) => [...whole.querySelectorAll(selector)].map(isCut);
      return { pane: cutOf(".pane-time, .pane-tools button"), cut: cutOf(".pane-source") };
    });
    assert.ok(pane.length > 1);
    assert.not(pane.includes(true));
    assert.equal(cut, [true]);
    await page.locator('echo-viewer [data-pane="pane-2"] .pane-tools button').last().click();
    await page.locator("echo-viewer .pane-source").waitFor({ state: "detached" });
  }));

/** The stage as it is given away. */
async function exported(page: Page): Promise<DecodedPng> {
  const bytes = await page.evaluate(async () => {
    const blob = await document.querySelector("echo-viewer")!.toBlob("picture");
    return toText(new Uint8Array(await blob.arrayBuffer()));
  });
  return decodePng(bytesOf(bytes));
}

/** Pixels of a canvas of the stage, R G B A. */
async function pixelsOf(
  page: Page,
  name: string,
): Promise<{ width: number; height: number; data: Uint8Array }> {
  const { text, ...size } = await page.evaluate((selector) => {
    const root = document.querySelector("echo-viewer")!.shadowRoot!;
    const { width, height } = root.querySelector<HTMLCanvasElement>(selector)!;
    const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
    copy.drawImage(root.querySelector<HTMLCanvasElement>(selector)!, 0, 0);
    return { width, height, text: toText(copy.getImageData(0, 0, width, height).data) };
  }, `canvas.${name}`);
  return { ...size, data: bytesOf(text) };
}

/** Lines of words above the stage in an exported picture (px). */
const ABOVE = 20;

test("an exported picture in M-mode has strip, line and calipers where the screen has them, and nothing that is for working", () =>
  onFake({ src: "scan.uff", body: '<echo-viewer class="full" mode="m"></echo-viewer>' }, async ({ page }) => {
    await waitForPhase(page, "file");
    await computed(page);
    const strip = await stripBox(page);
    await page.evaluate(() => {
      const at = (x: number, y: number) => ({ space: "tissue", region: 0, x, y });
      document.querySelector("echo-viewer")!.measurements = {
        format: "sonde-measurements",
        version: 1,
        measurements: [
          {
            id: 1,
            kind: "distance",
            name: "",
            pane: "main",
            frame: null,
            locked: false,
            points: [at(-0.01, 0.02), at(0.012, 0.04)],
          },
        ],
      } as never;
    });
    await page.waitForTimeout(400);
    const png = await exported(page);
    const marks = await pixelsOf(page, "marks");
    const picture = await pixelsOf(page, "picture");
    const value = (x: number, y: number, part: number): number =>
      png.values[((y + ABOVE) * png.width + x) * png.channels + part];
    assert.equal([png.width, png.height], [marks.width, marks.height + 3 * ABOVE]);
    let [solid, same] = [0, 0];
    for (let k = 0; k < marks.width * marks.height; k++) {
      if (marks.data[4 * k + 3] < 255) continue;
      solid++;
      const [x, y] = [k % marks.width, Math.floor(k / marks.width)];
      if ([0, 1, 2].every((part) => Math.abs(value(x, y, part) - marks.data[4 * k + part]) <= 2)) same++;
    }
    assert.ok(solid > 300, `${solid} pixels of marks`);
    // Words have the type of exported pictures, whatever the page has.
    assert.ok(same > 0.6 * solid, `${same} of ${solid} pixels of marks lie where they lie on the screen`);
    const rows = new Set<number>();
    for (let y = Math.ceil(strip.y) + 4; y < strip.y + strip.height - 4; y++)
      for (let x = Math.ceil(strip.x) + 4; x < strip.x + strip.width - 4; x++)
        if (Math.abs(value(x, y, 0) - picture.data[4 * (y * picture.width + x)]) > 2) rows.add(y);
    // The two canvases begin at different heights: one row at the edge of a bright line may be rounded otherwise.
    assert.ok(rows.size <= 1, `rows of the strip that differ: ${[...rows]}`);
    // The line's handles and a crosshair come to the screen, and not into the picture.
    const words = png.values.length - ABOVE * png.width * png.channels;
    const kept = png.values.slice(-words);
    await press(page, "l");
    await page.waitForTimeout(200);
    await press(page, "L");
    for (let n = 0; n < 5; n++) await page.keyboard.press("ArrowLeft");
    await page.waitForTimeout(200);
    assert.ok(!Buffer.from(marks.data).equals((await pixelsOf(page, "marks")).data), "the screen shows them");
    assert.equal((await exported(page)).values.slice(-words), kept);
  }));

test("an exported picture of a split stage has each picture, each under what it is, and no one badge for all", () =>
  onFake(
    { probe: "simulated", body: '<echo-viewer class="full" split="2"></echo-viewer>' },
    async ({ page }) => {
      await waitForPhase(page, "live");
      await page.locator('echo-viewer [data-pane="pane-2"] .pane-keep').click();
      await page.locator('echo-viewer [data-pane="pane-2"] .pane-time').waitFor();
      await page.waitForTimeout(200);
      const png = await exported(page);
      const picture = await pixelsOf(page, "picture");
      const main = await boxOnStage(page, '[data-pane="main"]');
      const stored = await boxOnStage(page, '[data-pane="pane-2"]');
      const at = (x: number, y: number): number => ((y + ABOVE) * png.width + x) * png.channels;
      let [different, seen] = [0, 0];
      const [left, top] = [stored.x + stored.width * 0.4, stored.y + stored.height * 0.4];
      for (let y = Math.round(top); y < top + stored.height * 0.2; y++)
        for (let x = Math.round(left); x < left + stored.width * 0.2; x++) {
          const shown = picture.data[4 * (y * picture.width + x)];
          if (shown) seen++;
          if (Math.abs(png.values[at(x, y)] - shown) > 2) different++;
        }
      assert.ok(seen > 1000, `${seen} pixels`);
      assert.is(different, 0, "pixels of the stored picture");
      // Badges are the colour of the notice.
      const badges = (box: Box): number => {
        let count = 0;
        for (let y = Math.round(box.y); y < box.y + box.height; y++)
          for (let x = Math.round(box.x); x < box.x + box.width; x++) {
            const [r, g, b] = png.values.slice(at(x, y), at(x, y) + 3);
            if (r > 200 && g > 150 && b < 120) count++;
          }
        return count;
      };
      const head = (box: Box): Box => ({ ...box, width: box.width / 2, height: 24 });
      assert.ok(badges(head(main)) > 30, "LIVE above the live one");
      assert.ok(badges(head(stored)) > 60, "FROZEN and when above the stored one");
      assert.is(badges({ x: 0, y: -ABOVE, width: png.width, height: ABOVE }), 0, "above both");
    },
  ));

test("what was measured on a kept picture is not drawn on the next one, and keeps its value", () =>
  onFake(
    { src: "scan.uff", body: '<echo-viewer class="full" split="2"></echo-viewer>' },
    async ({ page }) => {
      await waitForPhase(page, "file");
      await page.locator('echo-viewer [data-pane="pane-2"] .pane-keep').click();
      await page.locator('echo-viewer [data-pane="pane-2"] .pane-time').waitFor();
      await press(page, "m");
      await page.locator("echo-viewer .drawer .measure").waitFor();
      await press(page, "L");
      await page.locator("echo-viewer .measure-bar").waitFor();
      const stage = (await page.locator("echo-viewer .stage").boundingBox())!;
      const { x, y, width, height } = await boxOnStage(page, '[data-pane="pane-2"]');
      for (const [u, v] of [
        [0.45, 0.5],
        [0.55, 0.6],
      ])
        await page.mouse.click(stage.x + x + u * width, stage.y + y + v * height);
      const drawn = async (): Promise<boolean> =>
        (await pixelsOf(page, "marks")).data.some((part) => part > 0);
      await press(page, "Escape");
      await page.mouse.move(2, 2);
      await page.waitForTimeout(200);
      const saved = () =>
        page.evaluate(() => document.querySelector("echo-viewer")!.measurements.measurements);
      const [before] = await saved();
      assert.equal([before.pane, before.values?.[0].unit], ["pane-2", "m"]);
      assert.ok(await drawn());
      await page.locator('echo-viewer [data-pane="pane-2"] .pane-keep').click();
      await page.waitForTimeout(300);
      assert.not.ok(await drawn(), "another picture is kept there");
      assert.equal(await saved(), [before]);
      assert.match(await textOf(page, ".measure ol"), /Its picture is not shown/);
    },
  ));

test("the stored pane keeps its pixels while the main picture goes on", () =>
  onFake(
    { probe: "simulated", body: '<echo-viewer class="full" split="2"></echo-viewer>' },
    async ({ page }) => {
      await waitForPhase(page, "live");
      await page.locator('echo-viewer [data-pane="pane-2"] .pane-keep').click();
      await page.locator('echo-viewer [data-pane="pane-2"] .pane-time').waitFor();
      await page.waitForTimeout(150);
      const hashes = (): Promise<number[]> =>
        page.evaluate(() => {
          const root = document.querySelector("echo-viewer")!.shadowRoot!;
          const canvas = root.querySelector<HTMLCanvasElement>("canvas.picture")!;
          const half = Math.floor(canvas.width / 2);
          return [0, half].map((x) => {
            const copy = new OffscreenCanvas(half, canvas.height).getContext("2d", {
              willReadFrequently: true,
            })!;
            copy.drawImage(canvas, -x, 0);
            let hash = 0x811c9dc5;
            for (const byte of copy.getImageData(0, 0, half, canvas.height).data)
              hash = Math.imul(hash ^ byte, 0x01000193);
            return hash >>> 0;
          });
        });
      const before = await hashes();
      await page.waitForTimeout(500);
      const after = await hashes();
      assert.is.not(after[0], before[0], "live");
      assert.is(after[1], before[1], "stored");
    },
  ));

test("headings stay over their pictures when the stage gets another size, and nothing else changes", () =>
  onFake(
    { src: "scan.uff", body: '<echo-viewer class="full" split="2"></echo-viewer>' },
    async ({ page }) => {
      await waitForPhase(page, "file");
      await page.locator('echo-viewer [data-pane="pane-2"] .pane-keep').click();
      await page.locator('echo-viewer [data-pane="pane-2"] .pane-time').waitFor();
      for (const width of [1300, 800]) {
        await page.setViewportSize({ width, height: 700 });
        await page.waitForTimeout(150);
        const stage = await boxOnStage(page, ".stage");
        const main = await boxOnStage(page, '[data-pane="main"]');
        const kept = await boxOnStage(page, '[data-pane="pane-2"]');
        near(kept.x, main.width, 2, `${width} px: the kept picture begins where the main one ends`);
        near(kept.x + kept.width, stage.width, 2, `${width} px: it ends with the stage`);
      }
    },
  ));

test("a second pipeline shows the same frames; a bad one is refused in words, and its old picture is not called live", () =>
  onFake(
    { probe: "simulated", body: '<echo-viewer class="full" split="2"></echo-viewer>' },
    async ({ page }) => {
      await waitForPhase(page, "live");
      await page.locator('echo-viewer [data-pane="pane-2"] .pane-second').click();
      const badge = page.locator('echo-viewer [data-pane="pane-2"] .pane-badge');
      await page.waitForFunction(
        () =>
          document.querySelector("echo-viewer")!.shadowRoot!.querySelector('[data-pane="pane-2"] .pane-badge')
            ?.textContent === "Live",
      );
      const field = page.locator('echo-viewer textarea[part="pipeline"]');
      assert.match(await field.inputValue(), /"gainDb": 0/);
      await field.fill('{"display": {"gainDb": 40, "dynamicRangeDb": 30}}');
      await page.locator("echo-viewer .apply").click();
      await page.waitForTimeout(500);
      assert.ok(
        await page.evaluate(() =>
          (window as unknown as Probed).log.pipelines.some(({ display }) => display?.gainDb === 40),
        ),
      );
      assert.equal(await barriers(page), []);
      await field.fill('{"display": {"gainDb": 59}}');
      await page.locator("echo-viewer .apply").click();
      await page.waitForFunction(() =>
        /must not be 59/.test(
          document.querySelector("echo-viewer")!.shadowRoot!.querySelector(".refused")?.textContent ?? "",
        ),
      );
      await page.waitForTimeout(1100);
      assert.is(await badge.textContent(), "Delayed");
      await waitForPhase(page, "live");
      await field.fill("[1]");
      await page.locator("echo-viewer .apply").click();
      assert.is(
        await field.evaluate((node) => (node as HTMLTextAreaElement).validationMessage),
        "This is no JSON object.",
      );
    },
  ));

test("distances in each pane are those of its own picture, at its own zoom", () =>
  onFake(
    { src: "scan.uff", body: '<echo-viewer class="full" split="4"></echo-viewer>', fake: { target: TARGET } },
    async ({ page }) => {
      await waitForPhase(page, "file");
      await page.locator('echo-viewer [data-pane="pane-2"] .pane-keep').click();
      await page.locator('echo-viewer [data-pane="pane-2"] .pane-time').waitFor();
      await page.locator("echo-viewer .rail-modes").click();
      await page.locator('echo-viewer [part="linked"] input').uncheck();
      await page.locator('echo-viewer [data-pane="pane-2"] .pane-zoom-in').click();
      await page.waitForTimeout(200);
      // The target lies 30 mm deep in both: half way down each picture of 60 mm.
      const rows = await page.evaluate(() => {
        const root = document.querySelector("echo-viewer")!.shadowRoot!;
        const canvas = root.querySelector<HTMLCanvasElement>("canvas.picture")!;
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", {
          willReadFrequently: true,
        })!;
        copy.drawImage(canvas, 0, 0);
        const stage = canvas.getBoundingClientRect();
        return ["main", "pane-2"].map((id) => {
          const { x, y, width, height } = root.querySelector(`[data-pane="${id}"]`)!.getBoundingClientRect();
          const { data } = copy.getImageData(x - stage.x + width / 2, y - stage.y, 1, height);
          let [sum, weights, spread, first, last] = [0, 0, 0, -1, -1];
          for (let row = 0; row < height; row++) {
            if (data[4 * row + 3] > 128) {
              if (first < 0) first = row;
              last = row + 1;
            }
            sum += data[4 * row] * (row + 0.5);
            weights += data[4 * row];
          }
          const centre = sum / weights;
          for (let row = 0; row < height; row++) spread += data[4 * row] * (row + 0.5 - centre) ** 2;
          return { centre, spread: Math.sqrt(spread / weights), first, last };
        });
      });
      const [main, zoomed] = rows;
      near(main.centre, (main.first + main.last) / 2, 1, "main");
      near(zoomed.spread / main.spread, 1.5, 0.05, "zoomed by 1.5");
      near(zoomed.centre, (zoomed.first + zoomed.last) / 2, 1, "pane 2");
    },
  ));

test("the keyboard goes from pane to pane, says what each is, and keeps a picture in the one it is at", () =>
  onFake({ probe: "simulated" }, async ({ page }) => {
    await waitForPhase(page, "live");
    await press(page, "2");
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.split === 2);
    await page.locator("echo-viewer .pane").first().waitFor();
    await press(page, "n");
    await page.locator('echo-viewer [data-pane="pane-2"][data-active]').waitFor();
    await press(page, "K");
    await page.locator('echo-viewer [data-pane="pane-2"] .pane-time').waitFor();
    await page.waitForTimeout(600);
    assert.match(await textOf(page, "[role=status]"), /Picture kept in pane 2/);
    await press(page, "n");
    await press(page, "n");
    await page.waitForTimeout(600);
    assert.match(await textOf(page, "[role=status]"), /^Picture 2 of 2 Frozen \d\d:\d\d:\d\d$/);
    await press(page, "1");
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.split === 1);
    assert.is(await page.locator("echo-viewer .pane").count(), 0);
  }));

test("what the modes took is given back when they end and when the viewer leaves", () =>
  onFake({ probe: "simulated", body: '<echo-viewer mode="m" split="2"></echo-viewer>' }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.locator('echo-viewer [data-pane="pane-2"] .pane-second').click();
    await press(page, " ");
    await waitForPhase(page, "frozen");
    await computed(page);
    await page.evaluate(() => document.querySelector("echo-viewer")!.remove());
    await page.waitForTimeout(400);
    const log = await page.evaluate(() => (window as unknown as Probed).log);
    assert.is(log.engines, 1, "one engine for all plans");
    assert.is(log.enginesClosed, 1);
    assert.is(log.plansClosed, log.plans);
  }));

test("the strip's axes are the baseline to the last pixel", () =>
  onFake({ src: "scan.uff", body: M, fake: { target: TARGET } }, async (stage) => {
    await waitForPhase(stage.page, "file");
    await computed(stage.page);
    const texts = await sameAsBaseline(stage, "strip", {
      canvas: "overlay",
      everyText: true,
      looks: [{ full: true }, { full: false }],
    });
    // The picture's scales, then the strip's: depth to the right, time below.
    const strip = texts.slice(texts.indexOf("dB") + 1);
    assert.equal(strip, ["1", "2", "3", "4", "5", "cm", "0", "0.2", "0.4", "0.6", "s"]);
  }));

test("another patient's name stands over no A-line of the one before, however long the new plan takes", () =>
  onFake(
    { body: `<echo-viewer mode="a" banner='{"name":"Ada","id":"1"}'></echo-viewer>` },
    async ({ page }) => {
      await page.evaluate(() => {
        const viewer = document.querySelector("echo-viewer")!;
        const { backend } = viewer;
        viewer.backend = {
          ...backend,
          createEngine: async () => {
            const engine = await backend.createEngine();
            const plan: typeof engine.plan = async (...asked) => {
              if (viewer.banner?.name !== "Ada") await new Promise(() => undefined);
              return engine.plan(...asked);
            };
            return { ...engine, plan };
          },
        };
        viewer.probe = "simulated";
      });
      await waitForPhase(page, "live");
      const { x, y, width, height } = await stripBox(page);
      const curve = (): Promise<number> =>
        page.evaluate(([left, top, wide, high]) => {
          const { data, width: all } = pixelsOn("canvas.picture");
          let count = 0;
          for (let row = top; row < top + high; row++)
            for (let column = left; column < left + wide; column++)
              if (data[4 * (row * all + column) + 2] > 100) count++;
          return count;
        }, [x, y, width, height].map(Math.round));
      await page.waitForTimeout(300);
      assert.ok((await curve()) > 50, `${await curve()} pixels`);
      await page.evaluate(() => {
        document.querySelector("echo-viewer")!.banner = { name: "Bob", id: "2" };
      });
      await page.waitForTimeout(300);
      assert.is(await page.evaluate(() => document.querySelector("echo-viewer")!.image), null);
      assert.is(await curve(), 0);
    },
  ));

for (const [touch, split, width, height] of [
  [false, 2, 320, 568],
  [false, 4, 320, 568],
  [false, 2, 568, 320],
  [true, 2, 320, 568],
  [true, 2, 568, 320],
] as const)
  test(`what an empty pane offers is seen whole with a ${touch ? "finger" : "mouse"} in ${split} panes of ${width} x ${height}`, () =>
    onFake(
      {
        src: "scan.uff",
        body: `<echo-viewer class="full" split="${split}"></echo-viewer>`,
        width,
        height,
        person: touch ? { hasTouch: true, isMobile: true } : {},
      },
      async ({ page }) => {
        await waitForPhase(page, "file");
        await page.locator("echo-viewer .pane-offers").first().waitFor();
        const cut = (): Promise<string[]> =>
          page.evaluate(() => {
            const root = document.querySelector("echo-viewer")!.shadowRoot!;
            return [...root.querySelectorAll<HTMLElement>(".pane-offers button")].flatMap((one) => {
              const box = one.getBoundingClientRect();
              const room = one.parentElement!.getBoundingClientRect();
              const inside =
                box.top >= room.top &&
                box.bottom <= room.bottom &&
                box.left >= room.left &&
                box.right <= room.right &&
                one.scrollWidth <= one.clientWidth + 1;
              return inside ? [] : [`${one.textContent?.trim()}: ${JSON.stringify(box)}`];
            });
          });
        for (const lang of ["en", "fr", "ar"]) {
          await page.evaluate((tag) => {
            document.querySelector("echo-viewer")!.lang = tag;
          }, lang);
          await page.waitForTimeout(500);
          assert.equal(await cut(), [], lang);
        }
        // A drawer below takes half of the height.
        if (width > height) return;
        await page.locator("echo-viewer .rail-modes").click();
        await page.waitForTimeout(300);
        assert.equal(await cut(), [], "with the drawer");
      },
    ));

test.after(closeBrowser);
test.run();
