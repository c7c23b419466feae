/**
 * Every tool in Chromium, by mouse, touch and keyboard, on a picture 40 mm wide and 60 mm deep: what is measured is what geometry says,
 * within 0.1 % and half a pixel of the screen for each point.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Region } from "../../../host/index.ts";
import { barriers, closeBrowser, textOf } from "../browser.ts";
import { edgesOf, type Hands, onMeasureStage, openMeasure, type Place } from "./stage.ts";

const [WIDTH_M, DEPTH_M] = [0.04, 0.06];

const lengthM = ([u, v]: Place, [s, t]: Place): number => Math.hypot((s - u) * WIDTH_M, (t - v) * DEPTH_M);

/** Metres of one pixel of the screen. */
async function pixelM({ page }: Hands): Promise<number> {
  const { left, right } = await edgesOf(page);
  return WIDTH_M / (right - left);
}

/** Half a pixel a point: the pointer knows whole pixels, and so does the measured edge of the picture. */
async function near(hands: Hands, value: number, wanted: number, points = 2): Promise<void> {
  const limit = 0.001 * Math.abs(wanted) + points * Math.SQRT1_2 * (await pixelM(hands));
  assert.ok(Math.abs(value - wanted) <= limit, `${value} instead of ${wanted} within ${limit}`);
}

const A: Place = [0.3, 0.3];
const B: Place = [0.7, 0.4];
const C: Place = [0.55, 0.6];

for (const [width, height] of [
  [1000, 700],
  [390, 780],
  [1600, 900],
])
  test(`at ${width} x ${height} a distance between known points is right by clicks, by dragging and by touch`, () =>
    onMeasureStage({ width, height }, async (hands) => {
      await openMeasure(hands);
      await hands.keys("L");
      await hands.click(A, B);
      await near(hands, (await hands.last())["distance m"], lengthM(A, B));
      await hands.drag([0.25, 0.5], [0.5, 0.55], [0.75, 0.7]);
      await near(hands, (await hands.last())["distance m"], lengthM([0.25, 0.5], [0.75, 0.7]));
      await hands.touch([0.4, 0.75], [0.3, 0.8]);
      assert.is((await hands.saved()).measurements.length, 2, "one finger sets one point");
      await hands.touch([0.6, 0.75], [0.75, 0.85]);
      await near(hands, (await hands.last())["distance m"], lengthM([0.3, 0.8], [0.75, 0.85]));
      assert.equal(await hands.events(), ["add distance 1", "add distance 2", "add distance 3"]);
    }));

for (const scaled of [
  "transform: scale(0.5); transform-origin: 0 0",
  "zoom: 0.5",
  "transform: scale(1.2); transform-origin: 0 0",
])
  test(`a distance is right on a page that shows the viewer with ${scaled}`, () =>
    onMeasureStage({ body: "<echo-viewer></echo-viewer>" }, async (hands) => {
      await hands.page.evaluate((how) => {
        document.querySelector("echo-viewer")!.style.cssText = `width: 800px; height: 560px; ${how}`;
      }, scaled);
      await openMeasure(hands);
      await hands.keys("L");
      await hands.click(A, B);
      await near(hands, (await hands.last())["distance m"], lengthM(A, B));
    }));

test("what is being measured is read beside the bar that says what to do next, not under it", () =>
  onMeasureStage({ width: 390, height: 844 }, async (hands) => {
    await openMeasure(hands);
    await hands.keys("L");
    await hands.click([0.2, 0.3], [0.7, 0.5], [0.2, 0.2], [0.7, 0.4]);
    await hands.page.waitForTimeout(200);
    const under = await hands.page.evaluate(() => {
      const root = document.querySelector("echo-viewer")!.shadowRoot!;
      const {
        offsetLeft: left,
        offsetTop: top,
        offsetWidth,
        offsetHeight,
      } = root.querySelector<HTMLElement>(".measure-bar")!;
      const { data, width } = pixelsOn("canvas.marks");
      let count = 0;
      for (let y = top; y < top + offsetHeight; y++)
        for (let x = left; x < left + offsetWidth; x++) if (data[4 * (y * width + x) + 3] > 100) count++;
      return count;
    });
    assert.is(under, 0, "pixels of the results");
  }));

test("on a phone on its side a tool gets the room of the drawer that it was chosen in", () =>
  onMeasureStage({ width: 568, height: 320, person: { hasTouch: true } }, async (hands) => {
    const { page } = hands;
    await page.locator("echo-viewer .rail-measure").tap();
    const tool = page.locator("echo-viewer .measure-tools button").first();
    await tool.waitFor();
    const boxOf = async (part: string) => (await page.locator(`echo-viewer ${part}`).boundingBox())!;
    assert.ok((await boxOf(".stage")).width > 210, "a picture beside the drawer");
    await tool.tap();
    await page.locator("echo-viewer .measure-bar").waitFor();
    assert.ok((await boxOf(".stage")).width > 400);
  }));

test("ellipse, outline and angle are measured by clicks as geometry says", () =>
  onMeasureStage({}, async (hands) => {
    await openMeasure(hands);
    await hands.keys("E");
    await hands.click([0.2, 0.3], [0.8, 0.3], [0.5, 0.4]);
    const [half, other] = [0.3 * WIDTH_M, 0.1 * DEPTH_M];
    const ellipse = await hands.last();
    await near(hands, ellipse["area m2"] / (Math.PI * half), other, 3);
    assert.ok(ellipse["circumference m"] > 4 * half && ellipse["circumference m"] < 2 * Math.PI * half);
    await hands.keys("O");
    await hands.click([0.3, 0.5], [0.7, 0.5], [0.7, 0.7], [0.3, 0.7], [0.3, 0.5]);
    const trace = await hands.last();
    const [across, down] = [0.4 * WIDTH_M, 0.2 * DEPTH_M];
    await near(hands, trace["circumference m"], 2 * (across + down), 8);
    await near(hands, trace["area m2"] / across, down, 4);
    await hands.keys("G");
    await hands.click([0.3, 0.8], [0.5, 0.8], [0.5, 0.9]);
    const angle = (await hands.last())["angle rad"];
    assert.ok(Math.abs(angle - Math.PI / 2) < 0.02, `${angle}`);
    assert.equal(
      (await hands.saved()).measurements.map(({ kind, why }) => [kind, why]),
      [
        ["ellipse", undefined],
        ["trace", undefined],
        ["angle", undefined],
      ],
    );
  }));

test("an outline drawn by hand, with mouse and finger, is finished when it is lifted", () =>
  onMeasureStage({}, async (hands) => {
    await openMeasure(hands);
    await hands.keys("O");
    const round = Array.from({ length: 40 }, (_, i): Place => {
      const t = (2 * Math.PI * i) / 40;
      return [0.5 + (0.2 * Math.cos(t) * DEPTH_M) / WIDTH_M, 0.5 + 0.2 * Math.sin(t)];
    });
    const { x, y } = await hands.at(round[0]);
    await hands.page.mouse.move(x, y);
    await hands.page.mouse.down();
    for (const place of round.slice(1)) {
      const to = await hands.at(place);
      await hands.page.mouse.move(to.x, to.y);
    }
    await hands.page.mouse.up();
    const radius = 0.2 * DEPTH_M;
    const drawn = await hands.last();
    assert.ok(Math.abs(drawn["area m2"] / (Math.PI * radius * radius) - 1) < 0.02, JSON.stringify(drawn));
    await hands.touch(
      ...([...round.slice(10), ...round.slice(0, 10)].filter((_, i) => i % 4 === 0) as [Place]),
    );
    assert.is((await hands.saved()).measurements.length, 2);
  }));

test("volumes come of three distances and of two ellipses; what they are made of takes them along", () =>
  onMeasureStage({}, async (hands) => {
    await openMeasure(hands);
    await hands.keys("V");
    await hands.click([0.3, 0.3], [0.7, 0.3], [0.3, 0.4], [0.3, 0.6]);
    assert.match(await textOf(hands.page, ".measure-bar"), /Volume 3 of 3/);
    // Another plane: the next frame.
    await hands.page.getByRole("button", { name: "Next frame" }).click();
    await hands.page.waitForTimeout(150);
    await hands.click([0.4, 0.7], [0.6, 0.7]);
    const { measurements } = await hands.saved();
    assert.equal(
      measurements.map(({ kind, frame }) => `${kind} ${frame}`),
      ["distance 0", "distance 0", "distance 1", "volume null"],
    );
    const wanted = (Math.PI / 6) * (0.4 * WIDTH_M) * (0.2 * DEPTH_M) * (0.2 * WIDTH_M);
    const volume = (await hands.last())["volume m3"];
    assert.ok(Math.abs(volume / wanted - 1) < 0.02, `${volume}`);
    await hands.keys("W");
    await hands.click([0.2, 0.4], [0.8, 0.4], [0.5, 0.5], [0.2, 0.75], [0.8, 0.75], [0.5, 0.8]);
    const planes = (await hands.last())["volume m3"];
    const ellipsoid = (Math.PI / 6) * (0.6 * WIDTH_M) * (0.2 * DEPTH_M) * (0.1 * DEPTH_M);
    assert.ok(Math.abs(planes / ellipsoid - 1) < 0.02, `${planes}`);
    await hands.keys("X");
    await hands.click([0.6, 0.7]);
    await hands.keys("Delete");
    assert.equal((await hands.events()).slice(-1), ["delete distance 3, volume 4"]);
    await hands.keys("Control+z");
    assert.is((await hands.saved()).measurements.length, 7);
  }));

const STRIP: Region = {
  kind: "m-mode",
  minX: 0,
  minY: 0,
  maxX: 199,
  maxY: 119,
  originXM: 10,
  originZM: 0.00025,
  deltaXM: 0.01,
  deltaZM: 0.0005,
};

test("time, slope and heart rate are measured on M-mode, and lengths there only along depth", () =>
  onMeasureStage({ fake: { width: 200, height: 120, regions: [STRIP] } }, async (hands) => {
    await openMeasure(hands);
    await hands.keys("I");
    await hands.click([0.25, 0.6], [0.75, 0.6]);
    assert.ok(Math.abs((await hands.last())["time s"] - 1) < 0.005, JSON.stringify(await hands.last()));
    await hands.keys("C");
    await hands.click([0.25, 0.7], [0.75, 0.8]);
    assert.ok(Math.abs((await hands.last())["slope m/s"] + 0.006) < 0.0002);
    await hands.keys("H");
    await hands.click([0.2, 0.5], [0.6, 0.5]);
    assert.ok(Math.abs((await hands.last())["heart-rate 1/min"] - 75) < 0.5);
    await hands.page.locator("echo-viewer .measure .edit input[type=number]").fill("2");
    await hands.page.keyboard.press("Tab");
    assert.ok(Math.abs((await hands.last())["heart-rate 1/min"] - 150) < 1);
    await hands.page.locator("echo-viewer .base").focus();
    await hands.keys("L");
    await hands.click([0.4, 0.4], [0.6, 0.9]);
    assert.ok(Math.abs((await hands.last())["depth m"] - 0.03) < 0.0003);
    assert.equal(await barriers(hands.page), []);
  }));

test("without M-mode its tools say that they need it", () =>
  onMeasureStage({}, async (hands) => {
    await openMeasure(hands);
    await hands.page.waitForTimeout(500);
    await hands.keys("H");
    await hands.page.waitForTimeout(600);
    assert.match(await textOf(hands.page, "[role=status]"), /no M-mode/);
    assert.is(await hands.page.locator("echo-viewer [data-tool=slope]").count(), 0);
  }));

test("across regions, and where nothing is calibrated, there are pixels and the reason", async () => {
  const half = { ...STRIP, kind: "tissue", maxX: 39, maxY: 119, originXM: 0, deltaXM: 0.0005 } as const;
  const other = { ...half, minX: 40, maxX: 79, deltaXM: 0.0004, deltaZM: 0.0004 } as const;
  await onMeasureStage({ fake: { regions: [half, other] } }, async (hands) => {
    await openMeasure(hands);
    await hands.keys("L");
    await hands.click([0.25, 0.5], [0.75, 0.5]);
    assert.ok(Math.abs((await hands.last())["distance px"] - 40) < 0.4, JSON.stringify(await hands.last()));
    assert.match(
      await textOf(hands.page, ".measure li"),
      /40\.\d px No unit: the points lie in different regions/,
    );
    await hands.click([0.1, 0.7], [0.4, 0.7]);
    assert.ok("distance m" in (await hands.last()));
  });
  await onMeasureStage({ fake: { regions: [] } }, async (hands) => {
    await openMeasure(hands);
    await hands.keys("G");
    await hands.click(A, C, B);
    assert.equal(await hands.last(), {});
    assert.match(
      await textOf(hands.page, ".measure li"),
      /No value: angles are measured inside one calibrated region/,
    );
  });
});

test("a measurement is made, moved, locked and deleted with the keyboard alone, and said", () =>
  onMeasureStage({}, async (hands) => {
    const { page, keys } = hands;
    await openMeasure(hands);
    // What is said of the source has been said.
    await page.waitForTimeout(600);
    await keys("L", "ArrowRight", "ArrowLeft", "Enter");
    for (let i = 0; i < 5; i++) await keys("Shift+ArrowDown");
    await page.waitForTimeout(600);
    const pixel = await pixelM(hands);
    const shown = (50 * pixel * 1000).toFixed(1);
    assert.is(await textOf(page, "[role=status]"), `distance ${shown} millimetres.`);
    await keys("Enter");
    const { "distance m": made } = await hands.last();
    assert.ok(Math.abs(made - 50 * pixel) < 1e-9 + 0.001 * made, `${made}`);
    // A second one is given up half way, point by point and at once.
    await keys("ArrowRight", "Enter", "Shift+ArrowLeft", "Backspace", "Enter", "Escape");
    assert.is((await hands.saved()).measurements.length, 1);
    await keys("X", "J", "Enter");
    for (let i = 0; i < 3; i++) await keys("Shift+ArrowUp");
    await keys("Enter");
    const { "distance m": moved } = await hands.last();
    assert.ok(Math.abs(moved - 80 * pixel) < 1e-9 + 0.001 * moved, `${moved}`);
    await keys("Control+z");
    assert.is((await hands.last())["distance m"], made);
    await keys("Control+Shift+Z");
    assert.is((await hands.last())["distance m"], moved);
    await page.locator("echo-viewer .measure .edit").getByRole("button", { name: "Lock" }).press("Enter");
    await page.locator("echo-viewer .base").focus();
    await keys("Delete", "J", "Enter");
    await page.waitForTimeout(600);
    assert.match(await textOf(page, "[role=status]"), /Distance is locked/);
    assert.is((await hands.saved()).measurements.length, 1);
    await page.locator("echo-viewer .measure .edit").getByRole("button", { name: "Lock" }).press("Enter");
    await page.locator("echo-viewer .base").focus();
    await keys("Delete");
    assert.is((await hands.saved()).measurements.length, 0);
    assert.equal(await hands.events(), [
      "add distance 1",
      "change distance 1",
      "change distance 1",
      "change distance 1",
      "change distance 1",
      "change distance 1",
      "delete distance 1",
    ]);
  }));

test("every figure can be set with the keyboard", () =>
  onMeasureStage({}, async (hands) => {
    await openMeasure(hands);
    const walk = (direction: string, count: number): string[] =>
      Array<string>(count).fill(`Shift+Arrow${direction}`);
    await hands.keys("E", "Enter", "Enter", ...walk("Right", 8), "Enter", ...walk("Down", 3), "Enter");
    await hands.keys(
      "O",
      "Enter",
      ...walk("Left", 5),
      "Enter",
      ...walk("Up", 5),
      "Enter",
      ...walk("Right", 5),
      "Enter",
      "Enter",
    );
    await hands.keys(
      "G",
      ...walk("Left", 5),
      "Enter",
      ...walk("Right", 5),
      "Enter",
      ...walk("Up", 5),
      "Enter",
    );
    await hands.keys("P", ...walk("Up", 5), "Enter", ...walk("Right", 5), "Enter");
    await hands.keys("T", ...walk("Down", 5), "Enter");
    await hands.page.waitForTimeout(100);
    await hands.page.keyboard.type("Cyst");
    await hands.keys("Enter");
    const { measurements } = await hands.saved();
    assert.equal(
      measurements.map(({ kind, name }) => `${kind} ${name}`.trim()),
      ["ellipse", "trace", "angle", "arrow", "text Cyst"],
    );
    assert.ok(Math.abs(measurements[2].values![0].value - Math.PI / 2) < 1e-6);
  }));

test("the first Enter after a tool's key sets a point, and letters typed for a text turn nothing", () =>
  onMeasureStage({}, async ({ page, keys, saved }) => {
    await page.locator("echo-viewer .base").focus();
    await keys("T");
    await page.locator("echo-viewer .measure-bar").waitFor();
    await keys("r", "h", "L");
    await keys("Enter");
    await page.locator("echo-viewer .measure-bar input").waitFor();
    await page.waitForTimeout(100);
    await page.keyboard.type("hr");
    await keys("Enter", "Escape", "L", "Enter", "Shift+ArrowRight", "Enter");
    const { measurements } = await saved();
    assert.equal(
      measurements.map(({ kind, name }) => `${kind} ${name}`.trim()),
      ["text hr", "distance"],
    );
    assert.equal(
      await page.evaluate(() => {
        const { flip, rotate } = document.querySelector("echo-viewer")!;
        return [flip, rotate];
      }),
      ["", 0],
    );
  }));

test("handles and whole figures are moved with mouse and finger", () =>
  onMeasureStage({}, async (hands) => {
    await openMeasure(hands);
    await hands.keys("L");
    await hands.click(A, B);
    await hands.keys("X");
    await hands.drag(B, [0.7, 0.5]);
    await near(hands, (await hands.last())["distance m"], lengthM(A, [0.7, 0.5]));
    const before = (await hands.last())["distance m"];
    await hands.drag([0.5, 0.4], [0.55, 0.6]);
    assert.ok(
      Math.abs((await hands.last())["distance m"] - before) < 1e-9,
      "moved as a whole it keeps its length",
    );
    await hands.touch([0.75, 0.7], [0.8, 0.8]);
    await near(hands, (await hands.last())["distance m"], lengthM([0.35, 0.5], [0.8, 0.8]), 3);
    assert.equal(await hands.events(), [
      "add distance 1",
      "change distance 1",
      "change distance 1",
      "change distance 1",
    ]);
  }));

for (const [name, attributes, scheme] of [
  ["dark", "", {}],
  ["right to left", 'dir="rtl"', {}],
] as const)
  test(`nothing is wrong for assistive technology while measuring: ${name}`, () =>
    onMeasureStage({ attributes }, async (hands) => {
      await hands.page.emulateMedia(scheme);
      await openMeasure(hands);
      assert.equal(await barriers(hands.page), [], "empty");
      await hands.keys("L");
      await hands.click(A, B, C);
      assert.equal(await barriers(hands.page), [], "setting a point");
      await hands.keys("T");
      await hands.click(C);
      await hands.page.waitForTimeout(100);
      assert.equal(await barriers(hands.page), [], "typing");
      await hands.keys("Escape", "?");
      assert.equal(await barriers(hands.page), [], "with the list of keys");
    }));

test("targets are at least 44 px for fingers", () =>
  onMeasureStage({ width: 390, height: 780 }, async (hands) => {
    const { page } = hands;
    const client = await page.context().newCDPSession(page);
    await client.send("Emulation.setTouchEmulationEnabled", { enabled: true });
    await page.waitForFunction(() => matchMedia("(pointer: coarse)").matches);
    await openMeasure(hands);
    await hands.keys("L");
    await hands.touch([0.3, 0.4]);
    await hands.touch([0.6, 0.5]);
    await hands.keys("m");
    await page.locator("echo-viewer .measure .item").click();
    const small = await page.evaluate(() =>
      [
        ...document
          .querySelector("echo-viewer")!
          .shadowRoot!.querySelectorAll(".measure button, .measure-bar button"),
      ]
        .map((button) => ({
          name: button.textContent?.trim() || button.ariaLabel,
          box: button.getBoundingClientRect(),
        }))
        .filter(({ box }) => box.width < 44 || box.height < 44)
        .map(({ name, box }) => `${name} ${box.width} x ${box.height}`),
    );
    assert.equal(small, []);
  }));

test("the bar lies off the depths beside the picture in viewers of any width, and within the stage", () =>
  onMeasureStage({ width: 320, height: 568 }, async (hands) => {
    const { page } = hands;
    await openMeasure(hands);
    for (const [width, height] of [
      [320, 568],
      [390, 844],
      [568, 320],
      [1000, 700],
    ])
      for (const key of ["L", "E", "T"]) {
        await page.setViewportSize({ width, height });
        await hands.keys(key);
        for (const drawer of [true, false]) {
          await page.evaluate((open) => {
            const rail = document.querySelector("echo-viewer")!.shadowRoot!.querySelector(".rail-measure")!;
            if ((rail.getAttribute("aria-expanded") === "true") !== open) (rail as HTMLElement).click();
          }, drawer);
          await page.waitForTimeout(200);
          const { right } = await edgesOf(page);
          const box = (await page.locator("echo-viewer .measure-bar").boundingBox())!;
          const stage = (await page.locator("echo-viewer .stage").boundingBox())!;
          const where = `${key} at ${width} x ${height}, drawer ${drawer}: ${JSON.stringify(box)}, picture to ${right}`;
          assert.ok(box.x >= stage.x && box.x + box.width <= right + 1, where);
          assert.ok(box.y + box.height <= stage.y + stage.height - 28, `${where}: it is off the scale below`);
          assert.ok(box.height <= 60, where);
        }
        await page.locator("echo-viewer .base").focus();
        await hands.keys("Escape");
      }
  }));

test.after(closeBrowser);
test.run();
