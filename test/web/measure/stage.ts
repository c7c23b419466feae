/** A page with a viewer on a fake recording whose calibration is known, and hands to measure with. */
import type { MeasurementsDocument } from "../../../web/index.ts";
import { onStage, type Stage, type StageOptions, waitForPhase } from "../browser.ts";
import type { FakeOptions } from "../fake-backend.ts";
import { loadFakeBackend } from "../fake-stage.ts";

export type Page = Stage["page"];

/** In parts of the picture's width and height. */
export type Place = readonly [u: number, v: number];

export interface Hands {
  readonly page: Page;
  /** Page coordinates of a place in the picture, by the pixels that are painted. */
  at(place: Place): Promise<{ x: number; y: number }>;
  click(...places: readonly Place[]): Promise<void>;
  drag(from: Place, ...to: readonly Place[]): Promise<void>;
  /** Presses a finger, moves it, and lifts it. */
  touch(from: Place, ...to: readonly Place[]): Promise<void>;
  keys(...keys: readonly string[]): Promise<void>;
  saved(): Promise<MeasurementsDocument>;
  /** Values of what was measured last, as `12.3 m`. */
  last(): Promise<Readonly<Record<string, number>>>;
  events(): Promise<readonly string[]>;
}

/** Edges of the picture on the page (CSS px), at one device pixel each. */
export function edgesOf(page: Page): Promise<{ left: number; right: number; top: number; bottom: number }> {
  return page.evaluate(() => {
    const canvas = document
      .querySelector("echo-viewer")!
      .shadowRoot!.querySelector<HTMLCanvasElement>("canvas.picture")!;
    const { left: x0, top: y0, width: shownWidth } = canvas.getBoundingClientRect();
    // The page may show the viewer larger or smaller than it is.
    const scale = shownWidth / canvas.width;
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d")!;
    copy.drawImage(canvas, 0, 0);
    const { data, width, height } = copy.getImageData(0, 0, canvas.width, canvas.height);
    // Where an edge pixel is covered in part, the edge lies that far in it.
    const covered = (x: number, y: number): number => data[(y * width + x) * 4 + 3] / 255;
    const middle = Math.floor(height * 0.75);
    let [left, right, top, bottom] = [0, width, 0, height];
    while (covered(left, middle) === 0) left++;
    while (covered(right - 1, middle) === 0) right--;
    const centre = Math.floor((left + right) / 2);
    while (covered(centre, top) === 0) top++;
    while (covered(centre, bottom - 1) === 0) bottom--;
    return {
      left: x0 + scale * (left + 1 - covered(left, middle)),
      right: x0 + scale * (right - 1 + covered(right - 1, middle)),
      top: y0 + scale * (top + 1 - covered(centre, top)),
      bottom: y0 + scale * (bottom - 1 + covered(centre, bottom - 1)),
    };
  });
}

export function onMeasureStage(
  options: StageOptions & { fake?: FakeOptions; probe?: string },
  act: (hands: Hands, stage: Stage) => Promise<void>,
): Promise<void> {
  const body = '<echo-viewer class="full"></echo-viewer>';
  return onStage({ body, width: 1000, height: 700, ...options }, async (stage) => {
    const { page } = stage;
    await loadFakeBackend(page);
    await page.evaluate(
      ({ fake, probe }) => {
        const viewer = document.querySelector("echo-viewer")!;
        const events: string[] = [];
        Object.assign(window, { events });
        viewer.addEventListener("echo-measure", ({ detail }) => {
          events.push(
            `${detail.action} ${detail.measurements.map(({ kind, id }) => `${kind} ${id}`).join(", ")}`,
          );
        });
        viewer.backend = fakeBackend(fake).backend;
        if (probe) viewer.probe = probe;
        else viewer.src = "scan.uff";
      },
      { fake: options.fake, probe: options.probe },
    );
    await waitForPhase(page, options.probe ? "live" : "file");
    await page.waitForTimeout(150);
    const client = await page.context().newCDPSession(page);
    const at: Hands["at"] = async ([u, v]) => {
      const { left, right, top, bottom } = await edgesOf(page);
      return { x: left + u * (right - left), y: top + v * (bottom - top) };
    };
    const settle = (): Promise<void> => page.waitForTimeout(40);
    const saved: Hands["saved"] = () =>
      page.evaluate(() => document.querySelector("echo-viewer")!.measurements);
    await act(
      {
        page,
        at,
        saved,
        async click(...places) {
          for (const place of places) {
            const { x, y } = await at(place);
            await page.mouse.move(x, y);
            await page.mouse.down();
            await page.mouse.up();
          }
          await settle();
        },
        async drag(...places) {
          for (const [i, place] of places.entries()) {
            const { x, y } = await at(place);
            await page.mouse.move(x, y, { steps: 4 });
            if (i === 0) await page.mouse.down();
          }
          await page.mouse.up();
          await settle();
        },
        async touch(...places) {
          for (const [i, place] of places.entries()) {
            const point = await at(place);
            const type = i === 0 ? "touchStart" : "touchMove";
            await client.send("Input.dispatchTouchEvent", { type, touchPoints: [point] });
            await settle();
          }
          await client.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
          await settle();
        },
        async keys(...keys) {
          for (const key of keys) await page.keyboard.press(key);
          await settle();
        },
        async last() {
          const { measurements } = await saved();
          const values = measurements[measurements.length - 1]?.values ?? [];
          return Object.fromEntries(
            values.map(({ quantity, unit, value }) => [`${quantity} ${unit}`, value]),
          );
        },
        events: () => page.evaluate(() => (window as unknown as { events: string[] }).events),
      },
      stage,
    );
  });
}

/** Opens measuring with its key and waits until it is there. */
export async function openMeasure({ page, keys }: Hands): Promise<void> {
  await page.locator("echo-viewer .base").focus();
  await keys("m");
  await page.locator("echo-viewer .drawer .measure").waitFor();
}
