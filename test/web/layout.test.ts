/** The arithmetic of the picture's place and its scale, against figures worked out by hand. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ChannelData, Image, Region, Wave } from "../../host/index.ts";
import { arrayCentreOf, focusDepthOf } from "../../web/echo-viewer/acquisition.ts";
import { aspectOf, depthSpan, MARGIN, pictureRoom } from "../../web/echo-viewer/draw/layout.ts";
import { mappingOf } from "../../web/echo-viewer/draw/mapping.ts";
import { markerPlace } from "../../web/echo-viewer/draw/marker.ts";
import { placeOf, scaleOf, type Tick } from "../../web/echo-viewer/draw/ticks.ts";
import { playRateHz } from "../../web/echo-viewer/playback.ts";
import { type View, WHOLE_VIEW } from "../../web/echo-viewer/view.ts";

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

/** Channel data of an array whose elements have these x (m). */
function channels(xsM: readonly number[], waves: readonly Wave[]): ChannelData {
  return {
    kind: "channels",
    signal: "rf",
    name: "made",
    format: "made",
    frameCount: 1,
    soundSpeedMps: 1540,
    warnings: [],
    probe: {
      kind: "linear",
      positionsM: Float64Array.from(xsM.flatMap((x) => [x, 0, 0])),
      azimuthsRad: new Float64Array(xsM.length),
    },
    sequence: waves.map((wave) => ({ wave, startS: 0 })),
    sampleCount: 1,
    sampleRateHz: 1e6,
    modulationFrequencyHz: 0,
  };
}

test("the lateral scale has its zero in the middle of the array, wherever that is", () => {
  assert.ok(Math.abs(arrayCentreOf(channels([0.01, 0.02, 0.04], []))! - 0.025) < 1e-12);
  assert.is(arrayCentreOf(channels([], [])), undefined);
});

test("there is a focus mark only where all transmits are focused at one depth", () => {
  const at = (z: number): Wave => ({ kind: "focused", source: [0.001, 0, z] });
  assert.is(focusDepthOf(channels([0], [at(0.03), at(0.03)])), 0.03);
  assert.is(focusDepthOf(channels([0], [at(0.03), at(0.04)])), undefined);
  assert.is(focusDepthOf(channels([0], [at(0.03), { kind: "plane", azimuthRad: 0 }])), undefined);
  assert.is(focusDepthOf(channels([0], [])), undefined);
});

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

/** A picture that fills its room, in the given view. */
const mapped = (shown: Image, height: number, view: Partial<View> = {}) =>
  mappingOf({ x: 0, y: 10, width: height * aspectOf(shown), height }, shown, { ...WHOLE_VIEW, ...view });

const ticksOf = (shown: Image, height: number): readonly Tick[] =>
  scaleOf(shown, mapped(shown, height), "depth")?.ticks ?? [];

test("a depth lies at the centre of the pixel row that has it", () => {
  const shown = image([region({ originZM: 0.005 })]);
  // Two CSS pixels a row: row 0 has its centre 1 below the top, row 100 (15 mm) 201 below.
  const at = (depthM: number): number => placeOf(shown, mapped(shown, 800), "depth", depthM) ?? Number.NaN;
  assert.ok(Math.abs(at(0.005) - 11) < 1e-9);
  assert.ok(Math.abs(at(0.015) - 211) < 1e-9);
});

test("ticks stand at the centimetres and millimetres of the region, and nowhere outside it", () => {
  const shown = image([region({ minY: 50, maxY: 349 })]);
  const [top, bottom] = depthSpan(shown.regions[0]);
  assert.ok(Math.abs(top - 0.00495) < 1e-12 && Math.abs(bottom - 0.03495) < 1e-12);
  const ticks = ticksOf(shown, 800);
  assert.equal(
    ticks.filter((tick) => tick.major).map((tick) => Number((tick.valueM * 100).toFixed(3))),
    [1, 2, 3],
  );
  assert.is(ticks.length, 30, "from 5 to 34 mm");
  for (const { valueM, at } of ticks) assert.ok(Math.abs(at - 10 - (valueM / 1e-4 + 0.5) * 2) < 1e-9);
});

test("labels are never closer than they can be read, and a small picture has fewer", () => {
  for (const height of [40, 100, 300, 1000, 3000]) {
    const major = ticksOf(image([region()]), height).filter((tick) => tick.major);
    for (let i = 1; i < major.length; i++) assert.ok(major[i].at - major[i - 1].at >= 26);
    assert.ok(height < 100 || major.length >= 2);
  }
});

test("from a fraction of a millimetre to the depth of a tank, a scale has at least two labels that can be read", () => {
  for (const spanM of [2.1e-4, 4e-4, 8e-4, 1.2e-3, 2.5e-3, 7e-3, 0.015, 0.03, 0.5, 3, 8, 40])
    for (const height of [150, 700]) {
      const shown = image([region({ deltaXM: spanM / 400, deltaZM: spanM / 400 })]);
      for (const axis of ["depth", "lateral"] as const) {
        const major = scaleOf(shown, mapped(shown, height), axis)!.ticks.filter(({ major }) => major);
        assert.ok(major.length >= 2, `${spanM} m on ${height} px: ${major.length} labels`);
        for (let i = 1; i < major.length; i++)
          assert.ok(major[i].at - major[i - 1].at >= (axis === "depth" ? 26 : 34) - 1e-6);
        // What is written, in centimetres, is what is meant.
        for (const { valueM } of major)
          assert.ok(Math.abs(Number((valueM * 100).toPrecision(9)) / 100 - valueM) < 1e-8 * spanM);
      }
    }
});

test("the numbers of a scale never touch, and there are no more beside an upright one than have room", () => {
  const text = (valueM: number) => String(Number((valueM * 100).toPrecision(9)));
  const widths = { of: (valueM: number) => 7 * text(valueM).length, room: 23 };
  const major = (spanM: number, height: number, axis: "depth" | "lateral", originM = 0) => {
    const [deltaXM, deltaZM] = [spanM / 200, spanM / 400];
    const shown = image([region({ deltaXM, deltaZM, originXM: originM, originZM: originM })]);
    return scaleOf(shown, mapped(shown, height), axis, 0, widths)!.ticks.filter((tick) => tick.major);
  };
  for (const spanM of [1e-3, 2.1e-3, 3.7e-3, 5e-3, 0.01, 0.04, 0.3, 2])
    for (const size of [60, 150, 400, 1000, 3000])
      for (const originM of [-spanM / 2, 0, 0.1, 0.1234]) {
        const across = major(spanM, size, "lateral", originM);
        for (let i = 1; i < across.length; i++) {
          const [a, b] = [across[i - 1], across[i]];
          const taken = (widths.of(a.valueM) + widths.of(b.valueM)) / 2;
          assert.ok(b.at - a.at >= taken + 3, `${text(a.valueM)} and ${text(b.valueM)}`);
        }
      }
  const beside = (spanM: number, height: number, originM: number) =>
    major(spanM, height, "depth", originM).map(({ valueM }) => text(valueM));
  assert.equal(beside(2.5e-3, 1700, 0.0189), ["1.9", "2", "2.1"], "not a number each 0.05 mm");
  assert.equal(beside(2.5e-3, 1700, 0.1189), ["11.9", "12", "12.1"], "a little narrower");
  assert.ok(beside(6e-4, 300, 0.119).length >= 2, "where none has room");
});

test("the lateral scale counts from the middle of the array, wherever x is zero", () => {
  const shown = image([region({ originXM: 0.02005 })]);
  const scale = scaleOf(shown, mapped(shown, 800), "lateral", 0.03);
  assert.is(scale?.upright, false);
  const zero = scale!.ticks.find(({ valueM }) => valueM === 0)!;
  assert.ok(Math.abs(zero.at - 200) < 1e-9, "the middle of a picture 400 wide");
  assert.equal(
    scale!.ticks.filter(({ major }) => major).map(({ valueM }) => Math.round(valueM * 1000)),
    [-10, 0, 10],
  );
});

test("the picture in its room fills what it can, wherever it was moved to", () => {
  const shown = image([region()]);
  for (const quarterTurns of [0, 1, 2, 3] as const)
    for (const centre of [
      [0, 0],
      [1, 0.2],
      [0.5, 1],
    ] as const) {
      const mapping = mappingOf({ x: 7, y: 9, width: 300, height: 200 }, shown, {
        ...WHOLE_VIEW,
        quarterTurns,
        centre,
        zoom: 6,
      });
      const { x, y, width, height } = mapping.visible;
      for (const [is, wanted] of [
        [x, 7],
        [y, 9],
        [width, 300],
        [height, 200],
      ])
        assert.ok(Math.abs(is - wanted) < 1e-9);
    }
});

test("without a calibrated region there is no scale and no side", () => {
  const shown = image([]);
  assert.is(scaleOf(shown, mapped(shown, 200), "depth"), undefined);
  assert.is(scaleOf(shown, mapped(shown, 200), "lateral"), undefined);
  assert.is(markerPlace(shown, mapped(shown, 200)), undefined);
});

test("a recording is played at its own rate, or slowly where nobody could see it", () => {
  assert.is(playRateHz(25), 25);
  assert.is(playRateHz(undefined), 10);
  assert.is(playRateHz(10_000), 25);
});

test("the marker is on the side where x is smallest, at the edge where depth begins", () => {
  const of = (change: Partial<Region>, view: Partial<View> = {}) => {
    const shown = image([region(change)]);
    const { x, edge } = markerPlace(shown, mapped(shown, 400, view))!;
    return [x < 100 ? "left" : "right", edge];
  };
  assert.equal(of({}), ["left", "top"]);
  assert.equal(of({ deltaXM: -1e-4, originXM: 0.01 }), ["right", "top"]);
  assert.equal(of({ deltaZM: -1e-4, originZM: 0.04 }), ["left", "bottom"]);
  assert.equal(of({}, { flipX: true }), ["right", "top"]);
  assert.equal(of({}, { flipY: true }), ["left", "bottom"]);
  assert.equal(of({}, { quarterTurns: 1 }), ["right", "right"]);
});

test.run();
