/** What becomes of measurements in Chromium: frames, sources, the list, files, and the page that reads and gives them. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { barriers, closeBrowser, textOf, waitForPhase } from "../browser.ts";
import { onMeasureStage, openMeasure, type Place } from "./stage.ts";

const A: Place = [0.3, 0.3];
const B: Place = [0.7, 0.4];
const C: Place = [0.55, 0.6];

test("what is measured on a frame is on that frame, notes are on all, and both can be changed", () =>
  onMeasureStage({}, async (hands) => {
    const { page } = hands;
    await openMeasure(hands);
    await hands.keys("L");
    await hands.click(A, B);
    await hands.keys("P");
    await hands.click([0.5, 0.7], [0.6, 0.8]);
    assert.equal(
      (await hands.saved()).measurements.map(({ frame }) => frame),
      [0, null],
    );
    const painted = (place: Place): Promise<number> =>
      hands.at(place).then(({ x, y }) =>
        page.evaluate(
          ([px, py]) => {
            const canvas = document
              .querySelector("echo-viewer")!
              .shadowRoot!.querySelector<HTMLCanvasElement>("canvas.marks")!;
            const { left, top } = canvas.getBoundingClientRect();
            const copy = new OffscreenCanvas(9, 9).getContext("2d")!;
            copy.drawImage(canvas, 4 - Math.round(px - left), 4 - Math.round(py - top));
            const { data } = copy.getImageData(0, 0, 9, 9);
            return data.reduce((sum, byte) => sum + byte, 0);
          },
          [x, y],
        ),
      );
    assert.ok((await painted(A)) > 0 && (await painted([0.5, 0.7])) > 0);
    await page.getByRole("button", { name: "Next frame" }).click();
    await page.waitForTimeout(200);
    assert.is(await painted(A), 0, "not on the next frame");
    assert.ok((await painted([0.5, 0.7])) > 0, "the arrow is on all frames");
    await page.locator("echo-viewer .measure .item").first().click();
    await page.getByRole("button", { name: "Show frame 1" }).last().click();
    await page.waitForTimeout(200);
    assert.ok((await painted(A)) > 0);
    await page.getByRole("button", { name: "On all frames" }).click();
    await page.getByRole("button", { name: "Next frame" }).click();
    await page.waitForTimeout(200);
    assert.ok((await painted(A)) > 0);
  }));

test("a figure that was begun on one frame is not ended on another, and waits for its own", () =>
  onMeasureStage({}, async (hands) => {
    const { page } = hands;
    await openMeasure(hands);
    await hands.keys("L");
    const hint = (): Promise<string | null> => page.locator("echo-viewer .measure-bar").textContent();
    const begun = await hint();
    await hands.click(A);
    const set = await hint();
    assert.is.not(set, begun);
    const goTo = async (position: number): Promise<void> => {
      await page.evaluate((to) => document.querySelector("echo-viewer")!.seek(to), position);
      await page.waitForFunction(
        (to) => document.querySelector("echo-viewer")!.cine.position === to,
        position,
      );
      await page.evaluate(() => document.querySelector("echo-viewer")!.updateComplete);
    };
    await goTo(1);
    assert.is(await hint(), begun);
    await goTo(0);
    assert.is(await hint(), set);
    await goTo(1);
    await hands.click(B);
    assert.equal((await hands.saved()).measurements, []);
    await hands.click(A);
    const [{ frame }] = (await hands.saved()).measurements;
    assert.is(frame, 1);
  }));

test("a figure that was begun on a frozen frame is not ended on the picture that runs on", () =>
  onMeasureStage({ probe: "simulated" }, async (hands) => {
    const { page } = hands;
    await openMeasure(hands);
    await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
    await waitForPhase(page, "frozen");
    await hands.keys("L");
    await hands.click(A);
    await page.evaluate(() => document.querySelector("echo-viewer")!.run());
    await waitForPhase(page, "live");
    await page.waitForTimeout(200);
    await hands.click(B);
    assert.equal((await hands.saved()).measurements, []);
    await hands.click(A);
    assert.is((await hands.saved()).measurements.length, 1);
  }));

test("a live picture keeps what was measured on its frozen frames in the list, and off the new frames", () =>
  onMeasureStage({ probe: "simulated" }, async (hands) => {
    const { page } = hands;
    await openMeasure(hands);
    await hands.keys("L");
    await hands.click(A, B);
    await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
    await page.waitForTimeout(300);
    await hands.click([0.4, 0.6], [0.6, 0.7]);
    const [live, frozen] = (await hands.saved()).measurements;
    assert.is(live.frame, null);
    assert.type(frozen.frame, "number");
    await page.evaluate(() => document.querySelector("echo-viewer")!.run());
    await page.waitForTimeout(300);
    assert.is((await hands.saved()).measurements[1].frame, -1);
    assert.match(await textOf(page, ".measure ol"), /Its frame is not stored any more/);
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.src = "other.uff";
    });
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.phase === "file");
    assert.equal((await hands.saved()).measurements, [], "another source has none of them");
  }));

test("frames of measurements count from the oldest that is stored, as the recording of them does", () =>
  onMeasureStage({ probe: "simulated", fake: { rateHz: 50, frameBytes: 100_000 } }, async (hands) => {
    const { page } = hands;
    await openMeasure(hands);
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.cineMemory = 1;
    });
    // Ten frames have room: the first ones leave.
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.image!.frameIndex > 30);
    await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
    await page.waitForTimeout(300);
    await hands.keys("L");
    await hands.click(A, B);
    const [{ frame }] = (await hands.saved()).measurements;
    assert.ok(frame !== null && frame > 5 && frame < 10, `${frame} of ten`);
    await page.evaluate(() => {
      const viewer = document.querySelector("echo-viewer")!;
      const { measurements, ...document_ } = viewer.measurements;
      viewer.measurements = { ...document_, measurements: measurements.map((one) => ({ ...one, frame: 0 })) };
    });
    assert.is((await hands.saved()).measurements[0].frame, 0);
    await page.locator("echo-viewer .measure .item").first().click();
    await page.getByRole("button", { name: "Show frame 1" }).last().click();
    await page.waitForTimeout(300);
    assert.match(
      (await page
        .locator("echo-viewer")
        .getByRole("slider", { name: "Frame" })
        .getAttribute("aria-valuetext")) ?? "",
      /^frame 1 of 10$/i,
    );
  }));

test("a page reads measurements and gives them back; what is none is refused with a sentence", () =>
  onMeasureStage({}, async (hands, { expectError }) => {
    const { page } = hands;
    await openMeasure(hands);
    await hands.keys("L");
    await hands.click(A, B);
    const text = JSON.stringify(await hands.saved());
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.src = "other.uff";
    });
    await page.waitForTimeout(400);
    assert.equal((await hands.saved()).measurements, []);
    await page.evaluate((json) => {
      document.querySelector("echo-viewer")!.measurements = json as never;
    }, text);
    assert.equal(await hands.saved(), JSON.parse(text));
    expectError(/measurements/);
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.measurements = { version: 9 } as never;
    });
    await page.locator("echo-viewer .error").waitFor();
    assert.match(
      await textOf(page, ".error"),
      /measurements: format must be "sonde-measurements", not undefined\./,
    );
    assert.equal(await hands.saved(), JSON.parse(text), "those from before stay");
  }));

test("measurements given before anything is open load the feature and are drawn", () =>
  onMeasureStage({}, async (hands) => {
    const anchors = [
      { space: "tissue", region: 0, x: -0.01, y: 0.02 },
      { space: "tissue", region: 0, x: 0.01, y: 0.02 },
    ];
    await hands.page.evaluate((points) => {
      document.querySelector("echo-viewer")!.measurements = {
        format: "sonde-measurements",
        version: 1,
        measurements: [{ id: 1, kind: "distance", points }],
      } as never;
    }, anchors);
    await hands.page.waitForFunction(
      () => document.querySelector("echo-viewer")!.measurements.measurements.length === 1,
    );
    assert.ok(Math.abs((await hands.last())["distance m"] - 0.02) < 1e-12);
    assert.equal(await hands.events(), [], "the page knows what it did itself");
  }));

test("renaming, deleting all, undoing and saving work with buttons", () =>
  onMeasureStage({}, async (hands) => {
    const { page } = hands;
    await openMeasure(hands);
    await hands.keys("L");
    await hands.click(A, B, [0.3, 0.7], C);
    await page.locator("echo-viewer .measure .edit input[type=text]").fill("Common duct");
    await page.keyboard.press("Enter");
    assert.match(await textOf(page, ".measure ol"), /2 ?Common duct/);
    for (const [button, pattern] of [
      [".save-csv", /^number,name,kind.*2,Common duct,Distance,distance,\d+\.\d{3},mm,1,\r\n$/s],
      [".save-json", /"format": "sonde-measurements".*"name": "Common duct"/s],
    ] as const) {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.locator(`echo-viewer ${button}`).click(),
      ]);
      assert.match(download.suggestedFilename(), /^scan-measurements\.(?:csv|json)$/);
      assert.match(readFileSync((await download.path())!, "utf8"), pattern);
    }
    await page.getByRole("button", { name: "Delete all" }).click();
    assert.is((await hands.saved()).measurements.length, 0);
    await page.getByRole("button", { name: "Undo" }).click();
    assert.is((await hands.saved()).measurements.length, 2);
    await page.getByRole("button", { name: "Redo" }).click();
    assert.is((await hands.saved()).measurements.length, 0);
    assert.equal((await hands.events()).slice(-3), [
      "delete distance 1, distance 2",
      "add distance 1, distance 2",
      "delete distance 1, distance 2",
    ]);
  }));

test("a body mark shows where the probe was, and its probe is moved and turned", () =>
  onMeasureStage({}, async (hands) => {
    const { page } = hands;
    await openMeasure(hands);
    await page.locator("echo-viewer [data-tool=body-mark]").click();
    await page.locator("echo-viewer [data-mark=neck]").click();
    await page.getByRole("button", { name: "Turn probe right" }).click();
    await page.locator("echo-viewer [data-mark=leg]").click();
    const [mark] = (await hands.saved()).measurements;
    assert.is(
      mark.kind === "body-mark" && mark.mark,
      "leg",
      "another pictogram takes the place of the first",
    );
    assert.ok(mark.kind === "body-mark" && Math.abs(mark.angleRad - Math.PI * (13 / 12)) < 1e-9);
    assert.equal(await barriers(page), []);
  }));

test.after(closeBrowser);
test.run();
