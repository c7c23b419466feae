/** What is drawn over the picture, to the last pixel; letters, which differ between machines, as texts with their places. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sameAsBaseline } from "../baseline.ts";
import { closeBrowser } from "../browser.ts";
import { onMeasureStage, openMeasure } from "./stage.ts";

const tissue = (x: number, y: number) => ({ space: "tissue", region: 0, x, y });

/** One of everything, where the picture's calibration has round figures: 40 mm across, 60 mm down. */
const EVERYTHING = [
  { id: 1, kind: "distance", points: [tissue(-0.012, 0.015), tissue(0.004, 0.015)] },
  { id: 2, kind: "ellipse", points: [tissue(-0.01, 0.025), tissue(0.01, 0.025), tissue(0, 0.03)] },
  {
    id: 3,
    kind: "trace",
    points: [tissue(-0.01, 0.04), tissue(0, 0.038), tissue(0.01, 0.042), tissue(0.002, 0.047)],
  },
  { id: 4, kind: "angle", points: [tissue(-0.015, 0.052), tissue(-0.005, 0.052), tissue(-0.002, 0.045)] },
  { id: 5, kind: "arrow", points: [tissue(0.008, 0.05), tissue(0.014, 0.056)] },
  { id: 6, kind: "text", name: "Cyst", points: [tissue(0.008, 0.02)] },
  { id: 7, kind: "body-mark", mark: "neck", at: [1, 1], probe: [0.5, 0.4], angleRad: 0 },
];

/** By hand: pi 1 cm 0.5 cm; the shoelace formula; the cosine of the angle is -3 / sqrt(58). */
const RESULTS = [
  ["1", "D 16.0 mm"],
  ["2", "Ellipse A 1.57 cm² C 48.4 mm"],
  ["3", "Trace A 0.88 cm² C 44.3 mm"],
  ["4", "Angle 113.2°"],
];

test("measurements and notes are the baseline to the last pixel, and their texts are in their order", () =>
  onMeasureStage({}, async (_hands, stage) => {
    await stage.page.evaluate(async (items) => {
      const viewer = document.querySelector("echo-viewer")!;
      // The results' plate is as wide as its letters.
      CanvasRenderingContext2D.prototype.measureText = (text) => ({ width: 7 * text.length }) as TextMetrics;
      viewer.measurements = { format: "sonde-measurements", version: 1, measurements: items as never };
      while (viewer.measurements.measurements.length === 0) await new Promise((done) => setTimeout(done, 50));
    }, EVERYTHING);
    const texts = await sameAsBaseline(stage, "marks", {
      canvas: "marks",
      ground: "#666",
      looks: [{ full: false }, { full: true }],
    });
    assert.equal(texts, [...RESULTS.flat(), "1", "2", "3", "4", "Cyst"]);
  }));

test("a number never covers the point it belongs to, at any size and wherever the points lie", () =>
  onMeasureStage({}, async ({ page }) => {
    const nearest = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      const at = (x: number, y: number) => ({ space: "tissue", region: 0, x, y }) as const;
      const corner = [-0.0199, 0.0199];
      const measurements = corner.flatMap((x) =>
        [0.0002, 0.03, 0.0598].flatMap((y) =>
          [-1, 0, 1].map((turn) => ({
            kind: "distance" as const,
            points: [at(x, y), at(x * 0.5, y + turn * 0.004)],
          })),
        ),
      );
      const places: { text: string; x: number; y: number }[] = [];
      CanvasRenderingContext2D.prototype.strokeText = (text, x, y) => {
        places.push({ text, x, y });
      };
      viewer.measurements = {
        format: "sonde-measurements",
        version: 1,
        measurements: measurements.map((item, i) => ({ ...item, id: i + 1 })) as never,
      };
      await new Promise((done) => setTimeout(done, 400));
      places.length = 0;
      viewer.classList.remove("full");
      await new Promise((done) => setTimeout(done, 200));
      const canvas = viewer.shadowRoot!.querySelector<HTMLCanvasElement>("canvas.marks")!;
      const { width, height } = canvas.getBoundingClientRect();
      const room = { x: 48, y: 24, width: width - 88, height: height - 24 - 28 };
      const scale = Math.min(room.width / 0.04, room.height / 0.06);
      const centre = { x: room.x + room.width / 2, y: room.y + room.height / 2 };
      return measurements.map(({ points: [{ x, y }] }, i) => {
        const number = places.find(({ text }) => text === String(i + 1))!;
        return Math.hypot(number.x - centre.x - x * scale, number.y - centre.y - (y - 0.03) * scale);
      });
    });
    assert.is(nearest.length, 18);
    for (const distance of nearest) assert.ok(distance >= 16 && distance < 19, `${nearest}`);
  }));

test("while a finger lies on the screen a loupe shows what is under it, and not where the finger is", () =>
  onMeasureStage({ width: 390, height: 780 }, async (hands) => {
    const { page } = hands;
    await openMeasure(hands);
    await hands.keys("L");
    const client = await page.context().newCDPSession(page);
    const point = await hands.at([0.5, 0.5]);
    await client.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [point] });
    await page.waitForTimeout(120);
    const painted = (dx: number, dy: number): Promise<number> =>
      page.evaluate(
        ([x, y]) => {
          const canvas = document
            .querySelector("echo-viewer")!
            .shadowRoot!.querySelector<HTMLCanvasElement>("canvas.marks")!;
          const { left, top } = canvas.getBoundingClientRect();
          const copy = new OffscreenCanvas(60, 60).getContext("2d")!;
          copy.drawImage(canvas, 30 - (x - left), 30 - (y - top));
          return copy.getImageData(0, 0, 60, 60).data.filter((byte, i) => i % 4 === 3 && byte > 250).length;
        },
        [point.x + dx, point.y + dy],
      );
    assert.ok((await painted(0, -104)) > 3000, "above the finger");
    assert.ok((await painted(0, 40)) < 500, "not below it");
    await client.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await page.waitForTimeout(120);
    assert.ok((await painted(0, -104)) < 500, "gone with the finger");
  }));

test("where a name has no room it is cut, and the figure behind it is whole", () =>
  onMeasureStage({ width: 360, height: 640 }, async ({ page }) => {
    const written = await page.evaluate(
      async (items) => {
        const viewer = document.querySelector("echo-viewer")!;
        const drawn: { text: string; squeezed: boolean }[] = [];
        const { fillText } = CanvasRenderingContext2D.prototype;
        CanvasRenderingContext2D.prototype.fillText = function (text, x, y, most = Number.POSITIVE_INFINITY) {
          if (this.canvas.classList.contains("marks"))
            drawn.push({ text, squeezed: this.measureText(text).width > most + 0.5 });
          fillText.call(this, text, x, y);
        };
        const name = "Anterior wall of the left ventricle behind the papillary muscle, end of diastole";
        const [one] = items;
        viewer.measurements = {
          format: "sonde-measurements",
          version: 1,
          measurements: [{ ...one, name }] as never,
        };
        await new Promise((done) => setTimeout(done, 400));
        return drawn;
      },
      EVERYTHING.slice(0, 1),
    );
    const row = written.find(({ text }) => text.startsWith("Anterior"))!;
    assert.match(row.text, /^Anterior wall.*… [\d.]+ mm$/);
    assert.ok(!row.squeezed, row.text);
  }));

test("in Arabic the rows of the results begin at the right of the box, which stands where it does in English", () =>
  onMeasureStage({}, async ({ page }) => {
    const [english, arabic] = await page.evaluate(
      async (items) => {
        const viewer = document.querySelector("echo-viewer")!;
        interface Drawn {
          readonly box: readonly [left: number, right: number];
          readonly direction: string;
          readonly align: string;
          readonly x: number;
        }
        const drawn: Drawn[] = [];
        let box: Drawn["box"] = [0, 0];
        const { fillText, roundRect } = CanvasRenderingContext2D.prototype;
        CanvasRenderingContext2D.prototype.roundRect = function (x, y, width, height, radii) {
          box = [x, x + width];
          roundRect.call(this, x, y, width, height, radii);
        };
        CanvasRenderingContext2D.prototype.fillText = function (text, x, ...place) {
          if (/mm|16/.test(text)) drawn.push({ box, direction: this.direction, align: this.textAlign, x });
          fillText.call(this, text, x, ...place);
        };
        viewer.measurements = { format: "sonde-measurements", version: 1, measurements: items as never };
        await new Promise((done) => setTimeout(done, 300));
        viewer.lang = "ar";
        await new Promise((done) => setTimeout(done, 500));
        return [drawn[0], drawn[drawn.length - 1]];
      },
      EVERYTHING.slice(0, 1),
    );
    assert.equal([english.direction, english.align], ["ltr", "start"]);
    assert.equal([arabic.direction, arabic.align], ["rtl", "start"]);
    assert.is(arabic.box[0], english.box[0]);
    assert.is(arabic.box[1] - arabic.x, english.x - english.box[0], "as far from the edge it begins at");
  }));

test.after(closeBrowser);
test.run();
