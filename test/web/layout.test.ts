/** The arithmetic of the picture's place and its scale, against figures worked out by hand. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Image, Region } from "../../host/index.ts";
import { playRateHz } from "../../web/echo-viewer/controllers/cine.ts";
import { tickLabel } from "../../web/echo-viewer/draw/depth-scale.ts";
import {
  aspectOf,
  depthSpan,
  depthTicks,
  depthToY,
  MARGIN,
  markerSide,
  pictureRoom,
} from "../../web/echo-viewer/draw/layout.ts";
import { mappingOf } from "../../web/echo-viewer/draw/mapping.ts";
import { WHOLE_VIEW } from "../../web/echo-viewer/view.ts";

const pictureBox = (width: number, height: number, shown: Image) =>
  mappingOf(pictureRoom(width, height), shown, WHOLE_VIEW).box;

function region(change: Partial<Region> = {}): Region {
  return {
    kind: "tissue",
    minX: 0,
    minY: 0,
    maxX: 199,
    maxY: 399,
    originXM: -0.01,
    originZM: 0,
    deltaXM: 1e-4,
    deltaZM: 1e-4,
    ...change,
  };
}

function image(regions: readonly Region[]): Image {
  return {
    width: 200,
    height: 400,
    pixels: new Uint8ClampedArray(4),
    regions,
    frameIndex: 0,
    referenceAmplitude: 1,
    elapsedMs: 0,
  };
}

test("the picture has the shape of the body, not of its pixels", () => {
  assert.is(aspectOf(image([region()])), 0.5);
  assert.is(aspectOf(image([region({ deltaXM: 2e-4 })])), 1);
  assert.is(aspectOf(image([])), 0.5, "square pixels without a calibration");
  const box = pictureBox(800, 400 + MARGIN.top + MARGIN.bottom, image([region({ deltaXM: 2e-4 })]));
  assert.is(box.width, 400);
  assert.is(box.height, 400);
});

test("the picture stays inside a stage of any shape, with room for its scales", () => {
  for (const [width, height] of [
    [320, 300],
    [1280, 200],
    [200, 2000],
    [3840, 2160],
  ]) {
    const box = pictureBox(width, height, image([region()]));
    assert.ok(box.x >= MARGIN.left - 1e-9 && box.x + box.width <= width - MARGIN.right + 1e-9);
    assert.ok(box.y >= MARGIN.top - 1e-9 && box.y + box.height <= height - MARGIN.bottom + 1e-9);
  }
});

test("a depth lies at the centre of the pixel row that has it", () => {
  const shown = image([region({ originZM: 0.005 })]);
  const box = { x: 0, y: 10, width: 400, height: 800 };
  // Two CSS pixels a row: row 0 has its centre 1 below the top, row 100 (15 mm) 201 below.
  assert.is(depthToY(0.005, shown.regions[0], shown, box), 11);
  assert.ok(Math.abs(depthToY(0.015, shown.regions[0], shown, box) - 211) < 1e-9);
});

test("ticks stand at the centimetres and millimetres of the region, and nowhere outside it", () => {
  const shown = image([region({ minY: 50, maxY: 349 })]);
  const box = { x: 0, y: 0, width: 400, height: 800 };
  const [top, bottom] = depthSpan(shown.regions[0]);
  assert.ok(Math.abs(top - 0.00495) < 1e-12 && Math.abs(bottom - 0.03495) < 1e-12);
  const ticks = depthTicks(shown, box);
  assert.equal(
    ticks.filter((tick) => tick.major).map((tick) => tickLabel(tick.depthM)),
    ["1", "2", "3"],
  );
  assert.is(ticks.length, 30, "from 5 to 34 mm");
  for (const { depthM, y } of ticks) assert.ok(Math.abs(y - (depthM / 1e-4 + 0.5) * 2) < 1e-9);
});

test("labels are never closer than they can be read, and a small picture has fewer", () => {
  for (const height of [40, 100, 300, 1000, 3000]) {
    const ticks = depthTicks(image([region()]), { x: 0, y: 0, width: height / 2, height });
    const major = ticks.filter((tick) => tick.major);
    for (let i = 1; i < major.length; i++) assert.ok(major[i].y - major[i - 1].y >= 26);
    assert.ok(height < 100 || major.length >= 2);
  }
});

test("without a calibrated region there is no scale and no side", () => {
  assert.equal(depthTicks(image([]), { x: 0, y: 0, width: 100, height: 200 }), []);
  assert.is(markerSide(image([])), undefined);
});

test("a recording is played at its own rate, or slowly where nobody could see it", () => {
  assert.is(playRateHz(25), 25);
  assert.is(playRateHz(undefined), 10);
  assert.is(playRateHz(10_000), 25);
});

test("the marker is on the side where x is smallest", () => {
  assert.is(markerSide(image([region()])), "left");
  assert.is(markerSide(image([region({ deltaXM: -1e-4, originXM: 0.01 })])), "right");
});

test.run();
