/**
 * The worst errors a viewer can make: a wrong scale, a flipped side. Measured on the canvases' pixels, with a fake
 * engine whose calibration is known: 40 mm wide, 60 mm deep.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { drawScale } from "../../web/echo-viewer/draw/scale.ts";
import { english } from "../../web/echo-viewer/languages/english.ts";
import { sameAsBaseline } from "./baseline.ts";
import { closeBrowser, pictureHash, type Stage, type StageOptions, waitForPhase } from "./browser.ts";
import type { FakeOptions } from "./fake-backend.ts";
import { onFakeStage } from "./fake-stage.ts";

type Page = Stage["page"];

function onFakeFile(
  options: StageOptions & { fake?: FakeOptions },
  act: (page: Page) => Promise<void>,
): Promise<void> {
  return onFakeStage({ ...options, src: "scan.uff" }, async ({ page }) => {
    await waitForPhase(page, "file");
    await page.waitForTimeout(150);
    await act(page);
  });
}

interface Measured {
  /** Outer edges of the picture on its canvas. */
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** Rows of the overlay on which the long ticks of the depth scale lie. */
  majors: number[];
  ticks: number[];
  /** Centre of the orientation marker, or null. */
  marker: { x: number; y: number } | null;
}

/** Reads the canvases, in CSS px: the tests run at one device pixel a CSS pixel. */
function measure(page: Page): Promise<Measured> {
  return page.evaluate(() => {
    const root = document.querySelector("echo-viewer")!.shadowRoot!;
    const pixelsOf = (selector: string): ImageData => {
      const canvas = root.querySelector<HTMLCanvasElement>(selector)!;
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d")!;
      copy.drawImage(canvas, 0, 0);
      return copy.getImageData(0, 0, canvas.width, canvas.height);
    };
    const picture = pixelsOf("canvas.picture");
    const { width, height } = picture;
    let [left, right, top, bottom] = [width, 0, height, 0];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        // At least half covered: the edge lies within half a pixel.
        if (picture.data[(y * width + x) * 4 + 3] < 128) continue;
        left = Math.min(left, x);
        right = Math.max(right, x + 1);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y + 1);
      }
    }
    const overlay = pixelsOf("canvas.overlay");
    const alpha = (x: number, y: number): number => overlay.data[(y * width + x) * 4 + 3];
    const ticks: number[] = [];
    const majors: number[] = [];
    for (let y = top - 1; y <= bottom; y++) {
      if (alpha(right + 7, y) !== 255) continue;
      ticks.push(y);
      if (alpha(right + 11, y) === 255) majors.push(y);
    }
    let [sumX, sumY, count] = [0, 0, 0];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = (y * width + x) * 4;
        const [r, g, b, a] = overlay.data.slice(at, at + 4);
        if (a < 200 || g < r + 60 || g < b + 30) continue;
        sumX += x + 0.5;
        sumY += y + 0.5;
        count++;
      }
    }
    const marker = count > 20 ? { x: sumX / count, y: sumY / count } : null;
    return { left, right, top, bottom, majors, ticks, marker };
  });
}

const near = (value: number, wanted: number, message: string): void =>
  assert.ok(Math.abs(value - wanted) <= 1, `${message}: ${value} instead of ${wanted}`);

for (const [width, height] of [
  [640, 480],
  [320, 640],
  [1280, 800],
]) {
  test(`at ${width} x ${height} each centimetre of the scale lies where the picture has it, within 1 px`, () =>
    onFakeFile({ body: '<echo-viewer class="full"></echo-viewer>', width, height }, async (page) => {
      const { left, right, top, bottom, majors, ticks } = await measure(page);
      near(((right - left) * 60) / 40, bottom - top, "the picture has the shape of the body");
      assert.is(majors.length, 7, `0 to 6 cm: ${majors}`);
      for (const [cm, y] of majors.entries()) near(y + 0.5, top + (cm / 6) * (bottom - top), `${cm} cm`);
      const millimetre = (bottom - top) / 60;
      const parts = millimetre >= 5 ? 60 : 12;
      assert.is(ticks.length, parts + 1);
      for (const [n, y] of ticks.entries()) near(y + 0.5, top + (n / parts) * (bottom - top), `tick ${n}`);
    }));
}

test("the marker is over the side of element 0: left as recorded, right when x counts the other way", async () => {
  await onFakeFile({}, async (page) => {
    const { left, right, top, marker } = await measure(page);
    assert.ok(
      marker && marker.x < left + 12 && marker.x < right - 100 && marker.y < top,
      JSON.stringify(marker),
    );
  });
  const region = {
    kind: "tissue",
    minX: 0,
    minY: 0,
    maxX: 79,
    maxY: 119,
    originXM: 0.01975,
    originZM: 0.00025,
    deltaXM: -0.0005,
    deltaZM: 0.0005,
  } as const;
  await onFakeFile({ fake: { region } }, async (page) => {
    const { left, right, marker } = await measure(page);
    assert.ok(marker && marker.x > right - 12 && marker.x > left + 100, JSON.stringify(marker));
  });
});

test("without a calibration there are no ticks and no marker", () =>
  onFakeFile({ fake: { region: null } }, async (page) => {
    const { ticks, marker } = await measure(page);
    assert.equal(ticks, []);
    assert.is(marker, null);
  }));

test("a page that reads from right to left does not mirror the picture, its scale or its marker", async () => {
  const seen: { hash: number; measured: Measured }[] = [];
  for (const attributes of ['dir="ltr"', 'dir="rtl"']) {
    await onFakeFile({ attributes }, async (page) => {
      seen.push({ hash: await pictureHash(page), measured: await measure(page) });
    });
  }
  assert.is(seen[0].hash, seen[1].hash);
  assert.equal(seen[0].measured, seen[1].measured);
});

test("below a picture the unit stands behind the last number, wherever it is", () => {
  for (const at of [60, 92, 100]) {
    const written = new Map<string, { left: number; right: number }>();
    const context = {
      textAlign: "",
      fillRect() {},
      measureText: (text: string) => ({ width: 7 * text.length }),
      fillText(text: string, x: number) {
        const width = 7 * text.length;
        const left = this.textAlign === "center" ? x - width / 2 : x;
        written.set(text, { left, right: left + width });
      },
    };
    const ticks = [{ valueM: 0.0005, at, major: true }];
    const visible = { x: 0, y: 0, width: 100, height: 100 };
    const ink = { scale: "#fff", marker: "#fff", font: "" };
    drawScale(context as never, { upright: false, ticks }, visible, { label: english.tick, unit: "cm" }, ink);
    const [number, unit] = [written.get("0.05"), written.get("cm")];
    assert.ok(number && unit && unit.left >= number.right + 2 && unit.left >= 105, `${at}`);
  }
});

test("the grey bar's number is the viewer's language's", () =>
  onFakeFile({ body: '<echo-viewer lang="fr" dynamic-range="40"></echo-viewer>' }, async (page) => {
    const written = await page.evaluate(async () => {
      const texts: string[] = [];
      const { fillText } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
        texts.push(text);
        fillText.call(this, text, ...place);
      };
      document.querySelector("echo-viewer")!.dynamicRange = 55.5;
      await new Promise((done) => setTimeout(done, 300));
      CanvasRenderingContext2D.prototype.fillText = fillText;
      return texts;
    });
    assert.ok(written.includes("−55,5"), `${written}`);
  }));

test("a marker beside the grey bar lies above its unit, on neither", () =>
  onFakeFile({ body: '<echo-viewer flip="left-right" rotate="270"></echo-viewer>' }, async (page) => {
    const { unit, marker } = await page.evaluate(async () => {
      const seen = { unit: { top: Number.NaN }, marker: { bottom: Number.NaN } };
      const { fillText, arc } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.fillText = function (text, x, y, most) {
        if (text === "dB") seen.unit.top = y - this.measureText(text).actualBoundingBoxAscent;
        fillText.call(this, text, x, y, most);
      };
      CanvasRenderingContext2D.prototype.arc = function (x, y, radius, ...rest) {
        seen.marker.bottom = y + radius;
        arc.call(this, x, y, radius, ...rest);
      };
      document.querySelector("echo-viewer")!.dynamicRange = 55;
      await new Promise((done) => setTimeout(done, 300));
      Object.assign(CanvasRenderingContext2D.prototype, { fillText, arc });
      return seen;
    });
    assert.ok(unit.top >= marker.bottom, `unit from ${unit.top}, marker to ${marker.bottom}`);
  }));

test("what is drawn beside the picture is the baseline to the last pixel", () =>
  onFakeFile({}, async (page) => {
    const texts = await sameAsBaseline({ page }, "overlay", {
      canvas: "overlay",
      everyText: true,
      looks: [{ full: true }, { full: false }],
    });
    assert.equal(texts, ["0", "1", "2", "3", "4", "5", "6", "cm", "0", "−50", "dB"]);
  }));

test("other colours of the page are drawn at once on a picture that stands still", () =>
  onFakeFile({}, async (page) => {
    const greenest = () =>
      page.evaluate(() => {
        const { data } = pixelsOn("canvas.overlay");
        let most = 0;
        for (let k = 0; k < data.length; k += 4) most = Math.max(most, data[k + 1] - data[k]);
        return most;
      });
    assert.ok((await greenest()) < 200);
    await page.evaluate(() => {
      document.querySelector("main")!.style.setProperty("--echo-scale", "rgb(1, 250, 2)");
    });
    await page.waitForTimeout(200);
    assert.ok((await greenest()) > 240);
  }));

test.after(closeBrowser);
test.run();
