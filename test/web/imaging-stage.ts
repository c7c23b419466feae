/** A viewer with channel data and a fake engine, its imaging drawer, and how it is operated. */
import * as assert from "uvu/assert";
import type { Pipeline } from "../../host/index.ts";
import { type Stage, type StageOptions, waitForPhase } from "./browser.ts";
import type { FakeOptions } from "./fake-backend.ts";
import { logOf, onFakeStage } from "./fake-stage.ts";

export type Page = Stage["page"];

/** Channel data of a linear array, 40 mm wide and 60 mm deep, with a plan of f-number 1.5. */
export const CHANNELS: FakeOptions = {
  acquisition: {
    kind: "channels",
    signal: "rf",
    probe: { kind: "linear", positionsM: [-0.02, 0, 0, 0.02, 0, 0] },
    sequence: [-0.1, 0, 0.1].map((azimuthRad) => ({ wave: { kind: "plane", azimuthRad } })),
  },
  report: {
    scan: {
      kind: "linear",
      x: { min: -0.01975, max: 0.01975, count: 80 },
      z: { min: 0.00025, max: 0.05975, count: 120 },
    },
    pipeline: { beamform: { fNumber: 1.5 } },
  },
};

export function onChannels(
  options: StageOptions & { fake?: FakeOptions; live?: boolean },
  act: (stage: Stage) => Promise<void>,
): Promise<void> {
  const source = options.live ? { probe: "simulated" } : { src: "scan.uff" };
  return onFakeStage({ ...options, fake: { ...CHANNELS, ...options.fake }, ...source }, async (stage) => {
    await waitForPhase(stage.page, options.live ? "live" : "file");
    await act(stage);
  });
}

export const viewer = (page: Page, selector: string) => page.locator(`echo-viewer ${selector}`);

export async function openDrawer(page: Page, tab = "levels"): Promise<void> {
  await viewer(page, ".rail-imaging").click();
  await viewer(page, ".imaging").waitFor();
  if (tab !== "levels") await viewer(page, `#imaging-tab-${tab}`).click();
}

/** What the engine was asked last. */
export async function lastPipeline(page: Page): Promise<Pipeline> {
  await page.waitForTimeout(120);
  const { pipelines } = await logOf(page);
  return pipelines[pipelines.length - 1];
}

/** Presses the mouse, or a finger, where a slider has this part of its way. */
export async function pressSlider(page: Page, selector: string, part: number, touch = false): Promise<void> {
  const slider = viewer(page, selector);
  await slider.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await slider.boundingBox())!;
  const [px, py] = [x + 8 + part * (width - 16), y + height / 2];
  if (touch) await page.touchscreen.tap(px, py);
  else await page.mouse.click(px, py);
}

export const attribute = (page: Page, name: string): Promise<string | null> =>
  page.locator("echo-viewer").getAttribute(name);

export const near = (value: number | undefined, wanted: number, tolerance: number, what: string): void =>
  assert.ok(value !== undefined && Math.abs(value - wanted) <= tolerance, `${what}: ${value} for ${wanted}`);
