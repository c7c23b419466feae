/** The arithmetic of the modes: what lies on a line, when it was, where it is drawn. Against closed forms and figures by hand. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Image, LineData, Region, Scan } from "../../host/index.ts";
import { pictureRoom } from "../../web/echo-viewer/draw/layout.ts";
import { mappingOf } from "../../web/echo-viewer/draw/mapping.ts";
import { axisTicks, drawLowerAxis, numberText } from "../../web/echo-viewer/features/modes/axes.ts";
import { Columns, GAP, NOTHING } from "../../web/echo-viewer/features/modes/columns.ts";
import { english } from "../../web/echo-viewer/features/modes/english.ts";
import { divide, stripBox } from "../../web/echo-viewer/features/modes/layout.ts";
import {
  angleOf,
  beamsOf,
  beamThrough,
  depthOf,
  endsOf,
  lengthOf,
  moved,
  planeOf,
  startDepth,
  turned,
} from "../../web/echo-viewer/features/modes/plane.ts";
import { Raster } from "../../web/echo-viewer/features/modes/raster.ts";
import { courseOf } from "../../web/echo-viewer/features/modes/reader.ts";
import {
  packLevels,
  sampleCount,
  sampleLine,
  stripColours,
} from "../../web/echo-viewer/features/modes/sampling.ts";
import {
  beamScan,
  columnTrace,
  gridTrace,
  scanLineAcross,
  signalPipeline,
  upTo,
} from "../../web/echo-viewer/features/modes/signal.ts";
import {
  type Line,
  type Mode,
  modesOf,
  type Slot,
  type Split,
} from "../../web/echo-viewer/features/modes/state.ts";
import { spanOf } from "../../web/echo-viewer/features/modes/strip.ts";
import { badgeOf } from "../../web/echo-viewer/features/modes/view.ts";
import { english as viewer } from "../../web/echo-viewer/languages/english.ts";
import { Store } from "../../web/echo-viewer/store.ts";
import { type View, WHOLE_VIEW } from "../../web/echo-viewer/view.ts";

const near = (value: number, wanted: number, within: number, message = ""): void =>
  assert.ok(Math.abs(value - wanted) <= within, `${message} ${value} instead of ${wanted} (${within})`);

const WIDTH = 120;
const HEIGHT = 160;

function region(change: Partial<Region> = {}): Region {
  return {
    kind: "tissue",
    minX: 0,
    minY: 0,
    maxX: WIDTH - 1,
    maxY: HEIGHT - 1,
    originXM: -0.0119,
    originZM: 0.001,
    deltaXM: 2e-4,
    deltaZM: 2.5e-4,
    ...change,
  };
}

/** A grey picture of a function of the pixel's column and row; undefined: outside the field of view. */
function picture(level: (column: number, row: number) => number | undefined, regions = [region()]): Image {
  const pixels = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  for (let row = 0; row < HEIGHT; row++) {
    for (let column = 0; column < WIDTH; column++) {
      const value = level(column, row);
      if (value === undefined) continue;
      pixels.set([value, value, value, 255], (row * WIDTH + column) * 4);
    }
  }
  return {
    width: WIDTH,
    height: HEIGHT,
    pixels,
    regions,
    frameIndex: 0,
    referenceAmplitude: 1,
    elapsedMs: 0,
  };
}

function samples(image: Image, from: [number, number], to: [number, number], count: number): Float32Array {
  const values = new Float32Array(count);
  sampleLine(image, { x: from[0], y: from[1] }, { x: to[0], y: to[1] }, "gray", values);
  return values;
}

test("along any line of a plane of grey the samples are its closed form", () => {
  // Integer levels at the pixels, linear between them: bilinear interpolation is exact.
  const image = picture((column, row) => column + row / 2 - ((row / 2) % 1));
  const even = picture((column, row) => column + row);
  for (const [from, to] of [
    [
      [10.5, 0.5],
      [10.5, 150.5],
    ],
    [
      [5.25, 8.75],
      [100.1, 90.4],
    ],
    [
      [100, 20],
      [20, 130],
    ],
  ] as [[number, number], [number, number]][]) {
    const values = samples(even, from, to, 97);
    for (const [s, value] of values.entries()) {
      const part = (s + 0.5) / 97;
      const x = from[0] + part * (to[0] - from[0]);
      const y = from[1] + part * (to[1] - from[1]);
      near(value, x - 0.5 + y - 0.5, 1e-3, `sample ${s}`);
    }
  }
  assert.is(samples(image, [30.5, 40], [30.5, 41], 1)[0], 30 + 20, "a pixel's centre is its own level");
});

test("outside the field of view there is no sample, and its edge is not darkened by what lies beyond", () => {
  const image = picture((column) => (column < 60 ? 200 : undefined));
  const values = samples(image, [50, 80], [70, 80], 40);
  for (const [s, value] of values.entries()) {
    const x = 50 + (s + 0.5) / 2;
    if (x < 60) assert.is(value, 200, `${x}`);
    else assert.ok(Number.isNaN(value), `${x}`);
  }
  const beyond = samples(image, [10, -10], [10, 10], 20);
  assert.ok(beyond.slice(0, 10).every(Number.isNaN) && beyond.slice(10).every((value) => value === 200));
});

test("levels are decoded from the colours of every grey map, and written in them again", () => {
  const tints = { gray: [255, 255, 255], warm: [255, 236, 205], cool: [208, 232, 255] } as const;
  for (const map of ["gray", "warm", "cool", "inverted"] as const) {
    for (const level of [0, 1, 77, 128, 254, 255]) {
      const shown = map === "inverted" ? 255 - level : level;
      const tint = map === "inverted" ? tints.gray : tints[map];
      const colour = tint.map((part) => Math.round((shown * part) / 255));
      const image = picture(() => 0);
      for (let at = 0; at < image.pixels.length; at += 4) image.pixels.set(colour, at);
      const value = new Float32Array(1);
      sampleLine(image, { x: 20, y: 20 }, { x: 20, y: 21 }, map, value);
      near(value[0], level, 0, `${map} ${level}`);
      const byte = new Uint8Array(1);
      packLevels(value, byte);
      const written = stripColours(map).slice(4 * byte[0], 4 * byte[0] + 4);
      for (const [part, wanted] of colour.entries()) near(written[part], wanted, 1, `${map} ${level}`);
      assert.is(written[3], 255);
    }
  }
  const none = new Uint8Array(1);
  packLevels(Float32Array.of(Number.NaN), none);
  assert.is(stripColours("gray")[4 * none[0] + 3], 0, "outside the field of view it is transparent");
});

test("the line lies on the same echoes however the picture is zoomed, flipped and turned", () => {
  const image = picture((column, row) => (column * 7 + row * 3) % 251);
  const line: Line = { kind: "free", from: [-0.004, 0.006], to: [0.005, 0.03] };
  const plane = planeOf(image);
  const beams = beamsOf(plane);
  const views: View[] = [
    WHOLE_VIEW,
    { ...WHOLE_VIEW, flipX: true },
    { ...WHOLE_VIEW, flipY: true, quarterTurns: 1 },
    { zoom: 3, centre: [0.3, 0.6], flipX: true, flipY: false, quarterTurns: 3 },
  ];
  for (const view of views) {
    const mapping = mappingOf(pictureRoom(700, 500), image, view);
    for (const end of endsOf(line, beams)) {
      // What a hand sets on the stage is the point that is sampled.
      const [x, z] = plane.toPlane(mapping.toPicture(mapping.toStage(plane.toPicture(end))));
      near(x, end[0], 1e-12);
      near(z, end[1], 1e-12);
    }
  }
});

test("beams of a linear scan stand upright, those of a sector meet in its apex", () => {
  const plane = planeOf(picture(() => 0));
  const linear = beamsOf(plane);
  assert.equal(
    endsOf({ kind: "beam", at: null }, linear).map(([x]) => Math.round(x * 1e7)),
    [0, 0],
  );
  near(lengthOf(endsOf({ kind: "beam", at: 0.003 }, linear)), (HEIGHT - 1) * 2.5e-4, 1e-12);
  const scan: Scan = {
    kind: "sector",
    angle: { min: -0.6, max: 0.6, count: 61 },
    range: { min: 0.05, max: 0.12, count: 300 },
    apex: [0, -0.04],
  };
  const sector = beamsOf(plane, undefined, scan);
  const ends = endsOf({ kind: "beam", at: 0.3 }, sector);
  near(angleOf(ends), 0.3, 1e-12);
  near(lengthOf(ends), 0.07, 1e-12);
  near(startDepth({ kind: "beam", at: 0.3 }, sector), 0.01, 1e-12, "depth counts from the array");
  near(beamThrough(sector, [0.02, 0.02]), Math.atan2(0.02, 0.06), 1e-12);
  assert.is(beamThrough(sector, [1, 0]), 0.6, "no beam beyond the outer one");
});

test("the scan lines of a mechanical sector probe tell their apex", () => {
  const lines = new Float64Array(5 * 41);
  for (let i = 0; i < 41; i++) {
    const angle = -0.5 + i * 0.025;
    // Origins on an arc of 10 mm about (0, -6 mm).
    lines.set([0.01 * Math.sin(angle), -0.006 + 0.01 * Math.cos(angle), angle, 0.002, 1e-4], 5 * i);
  }
  const info = { kind: "lines", lines, sampleCount: 1001, soundSpeedMps: 1540 } as unknown as LineData;
  const beams = beamsOf(planeOf(picture(() => 0, [region({ deltaZM: 1e-3 })])), info);
  if (beams.kind !== "sector") return assert.unreachable("a sector");
  near(beams.apex[0], 0, 1e-9);
  near(beams.apex[1], -0.006, 1e-9);
  near(beams.depth[0], 0.012, 1e-9);
  near(beams.depth[1], 0.112, 1e-9);
});

test("a depth cut draws sector lines on an upright grid, and their beams stay a sector, cut", () => {
  const lines = new Float64Array(5 * 41);
  for (let i = 0; i < 41; i++) lines.set([0, 0, -0.5 + i * 0.025, 0.002, 1e-4], 5 * i);
  const info = { kind: "lines", lines, sampleCount: 1001, soundSpeedMps: 1540 } as unknown as LineData;
  const grid: Scan = {
    kind: "linear",
    x: { min: -0.05, max: 0.05, count: WIDTH },
    z: { min: 0.002, max: 0.06, count: HEIGHT },
  };
  const cut = region({
    originXM: -0.05,
    deltaXM: 0.1 / (WIDTH - 1),
    originZM: 0.002,
    deltaZM: 0.058 / (HEIGHT - 1),
  });
  const beams = beamsOf(planeOf(picture(() => 0, [cut])), info, grid);
  assert.is(beams.kind, "sector");
  near(beams.depth[1], 0.06, 1e-9);
  const [from, to] = endsOf({ kind: "beam", at: 0.14 }, beams);
  near(Math.atan2(to[0], to[1]), 0.14, 1e-12);
  near(Math.hypot(...from), 0.002, 1e-12);
});

test("a faster sound stretches sector lines, and depths of their samples count as the line's do", () => {
  const lines = new Float64Array(5 * 41);
  for (let i = 0; i < 41; i++) {
    const angle = -0.5 + i * 0.025;
    // Origins on an arc of 40 mm about (0, -40 mm), as a curved array has them.
    lines.set([0.04 * Math.sin(angle), 0.04 * Math.cos(angle) - 0.04, angle, 0, 2e-5], 5 * i);
  }
  const info = { kind: "lines", lines, sampleCount: 1601, soundSpeedMps: 1540 } as unknown as LineData;
  const plane = planeOf(picture(() => 0, [region({ originZM: 0, deltaZM: 1e-3 })]));
  const beams = beamsOf(plane, info, undefined, 1694);
  near(beams.depth[1] - beams.depth[0], 0.032 * 1.1, 1e-9);
  for (const i of [0, 20, 33]) {
    const [x0, z0, angle] = lines.subarray(5 * i);
    const along = 0.03;
    const depth = depthOf([x0 + along * Math.sin(angle), z0 + along * Math.cos(angle)], beams);
    near(depth, 0.03, 1e-9, `line ${i}`);
    near(startDepth({ kind: "beam", at: angle }, beams), 0, 1e-9);
  }
  assert.is(depthOf([0.01, 0.02], beamsOf(plane)), 0.02, "of parallel beams it is z");
});

test("where only depths are known, lines go straight down and have a depth", () => {
  const image = picture(() => 0, [region({ deltaXM: 0 })]);
  const plane = planeOf(image);
  assert.equal([plane.calibrated, plane.deep], [false, true]);
  assert.equal(plane.toPicture([30.5, 0.001]), { x: 30.5, y: 0.5 });
  const state = new Store().state;
  for (const line of [
    { kind: "beam", at: null },
    { kind: "free", from: [40, 0.01], to: [70, 0.03] },
  ] as const satisfies readonly Line[]) {
    const modes = { ...modesOf(state), line };
    const course = courseOf({ ...state, features: { ...state.features, modes } }, image);
    const [from, to] = course.ends;
    assert.is(from[0], to[0]);
    near(from[0], line.kind === "beam" ? 60 : 55, 1e-9);
    assert.is(course.count, HEIGHT - 1);
    near(course.depth[0], 0.001 + course.depth[1] / 2, 1e-12);
    near(course.depth[0] + (course.count - 0.5) * course.depth[1], 0.001 + (HEIGHT - 1) * 2.5e-4, 1e-12);
  }
  assert.equal(planeOf(picture(() => 0, [region({ deltaXM: Number.NaN, deltaZM: 0 })])).deep, false);
});

test("side by side, a part of the width is the nearest scan line, on a grid of its own as well", () => {
  const lines = new Float64Array(5 * 4);
  for (let i = 0; i < 4; i++) lines.set([i * 0.001, 0, 0, 0, 1e-4], 5 * i);
  const info = { kind: "lines", lines, sampleCount: 100 } as unknown as LineData;
  assert.equal(
    [0, 0.16, 0.17, 0.5, 0.84, 1].map((part) => scanLineAcross(info, part)),
    [0, 0, 1, 1, 3, 3],
  );
  const grid: Scan = {
    kind: "linear",
    x: { min: 0.001, max: 0.002, count: 9 },
    z: { min: 0, max: 0.01, count: 9 },
  };
  assert.equal(
    [0, 0.4, 0.6, 1].map((part) => scanLineAcross(info, part, grid)),
    [1, 1, 2, 2],
  );
  // Lines come as they are, not as the picture's grid has them.
  const applied = { display: { gainDb: 3, grid } };
  const beam: Line = { kind: "beam", at: null };
  assert.equal(JSON.stringify(signalPipeline(applied, undefined, beam, info)), '{"display":{"gainDb":3}}');
  const trace = {
    depth: [0.01, 0.001],
    envelope: new Float32Array(100),
    real: new Float32Array(100),
  } as const;
  assert.is(upTo(trace, 0.015).real.length, 6);
  assert.is(upTo(trace, 1).envelope.length, 100);
  assert.is(upTo(trace, 0).envelope.length, 1);
});

test("keys move the line by a pixel and turn it about its middle, and it keeps its length", () => {
  const plane = planeOf(picture(() => 0));
  const beams = beamsOf(plane);
  const start: Line = { kind: "beam", at: 0.001 };
  const [[x]] = endsOf(moved(start, beams, plane, 3), beams);
  near(x, 0.001 + 3 * 2e-4, 1e-12);
  const before = endsOf(start, beams);
  const after = endsOf(turned(start, beams, 0.2), beams);
  near(lengthOf(after), lengthOf(before), 1e-12);
  near(angleOf(after), 0.2, 1e-12);
  near((after[0][0] + after[1][0]) / 2, 0.001, 1e-12);
  const [upper, lower] = endsOf({ kind: "free", from: [0, 0.03], to: [0, 0.01] }, beams);
  assert.ok(upper[1] < lower[1], "a line drawn upwards is read downwards");
});

test("a column reaches half way to its neighbour, and no further than half a period where frames are missing", () => {
  const columns = new Columns();
  for (const number of [0, 1, 2, 6, 7]) columns.add(number, number * 0.04, new Uint8Array(2));
  const at = (timeS: number) => columns.at(timeS, 0.04, 0);
  assert.is(at(0.019), 0);
  assert.is(at(0.021), 1);
  assert.is(at(0.0999), 2);
  assert.is(at(0.101), GAP);
  assert.is(at(0.16), GAP);
  assert.is(at(0.2199), GAP);
  assert.is(at(0.2201), 3);
  assert.is(at(-0.021), NOTHING);
  assert.is(at(0.301), NOTHING);
  assert.is(columns.at(0.105, 0.04, 0.03), 2, "a pixel that is wider than that shows the frame in it");
});

test("a stored frame that is not computed yet is neither a gap nor a column", () => {
  const columns = new Columns();
  for (const number of [0, 1, 2, 3])
    columns.add(number, number * 0.04, number === 2 ? null : Uint8Array.of(200));
  assert.equal(
    [columns.at(0.08, 0.04, 0), columns.levelsOf(2), columns.has(2), columns.has(3)],
    [2, null, false, true],
  );
  const raster = new Raster(16, 1, 0.16);
  raster.end = 16;
  raster.write(columns, 0.04, stripColours("gray"), 0, 16);
  const at = (p: number) => [...raster.pixels.slice(4 * p, 4 * p + 4)];
  assert.equal(at(8), [0, 0, 0, 0]);
  assert.is(at(4)[3], 255);
  assert.equal(columns.neighbourhood(2), [0.04, 0.12]);
});

test("frames whose times jitter are no gaps", () => {
  const columns = new Columns();
  for (const [number, timeS] of [0, 0.031, 0.085, 0.118, 0.165].entries())
    columns.add(number, timeS, new Uint8Array(1));
  for (let timeS = 0; timeS < 0.165; timeS += 0.001) assert.ok(columns.at(timeS, 0.04, 0) >= 0, `${timeS}`);
});

test("columns may come in any order, and one that comes again takes its own place", () => {
  const columns = new Columns();
  for (const number of [5, 2, 9, 2, 7]) columns.add(number, number / 10, Uint8Array.of(number));
  assert.equal([columns.count, columns.numberOf(0), columns.numberOf(3)], [4, 2, 9]);
  columns.dropBefore(6);
  assert.equal([columns.count, columns.numberOf(0), columns.levelsOf(0)?.[0]], [2, 7, 7]);
});

const SPAN_S = 4;
const STRIP = 640;
const PERIOD_S = 1 / 25;

/** Depth of the target of the moving phantom (m). */
const DEPTH_M = 0.02;
const SWING_M = 0.006;
const CYCLE_S = 0.83;
const depthAt = (timeS: number) => DEPTH_M + SWING_M * Math.sin((2 * Math.PI * timeS) / CYCLE_S);

/** The strip of a target that moves as `depthAt`, from frames at these times. */
function stripOf(
  times: readonly number[],
  bar = false,
): { raster: Raster; columns: Columns; depth: readonly [number, number] } {
  const columns = new Columns();
  const plane = planeOf(picture(() => 0));
  const beams = beamsOf(plane);
  const line: Line = { kind: "beam", at: 0 };
  const [from, to] = endsOf(line, beams).map((end) => plane.toPicture(end));
  const count = sampleCount(to.y - from.y);
  const step = lengthOf(endsOf(line, beams)) / count;
  const raster = new Raster(STRIP, count, SPAN_S);
  const colours = stripColours("gray");
  for (const [number, timeS] of times.entries()) {
    const row = (depthAt(timeS) - 0.001) / 2.5e-4;
    const image = picture((_, k) => Math.round(250 * Math.exp(-((k - row) ** 2) / 8)));
    const values = new Float32Array(count);
    sampleLine(image, from, to, "gray", values);
    const bytes = new Uint8Array(count);
    packLevels(values, bytes);
    columns.add(number, timeS, bytes);
    const before = raster.end;
    raster.end = raster.pixelOf(timeS + PERIOD_S / 2) + 1;
    raster.write(columns, PERIOD_S, colours, before - 8, raster.end);
    if (bar) raster.clearAhead();
  }
  return { raster, columns, depth: [startDepth(line, beams) + step / 2, step] };
}

/** Time and depth of the brightest echo in each column of the strip, through its regions; and columns that are gaps. */
function tracked(
  strip: ReturnType<typeof stripOf>,
  bar = false,
): { points: [number, number][]; gaps: number[] } {
  const { raster, columns, depth } = strip;
  const regions = raster.regions(columns, depth, bar);
  const { pixels, width, height } = raster.image(regions, bar, 0);
  const points: [number, number][] = [];
  const gaps: number[] = [];
  for (const one of regions) {
    assert.is(one.kind, "m-mode");
    for (let x = one.minX; x <= one.maxX; x++) {
      const timeS = one.originXM + x * one.deltaXM;
      let [sum, weights] = [0, 0];
      for (let y = 0; y < height; y++) {
        const at = (y * width + x) * 4;
        if (pixels[at] !== pixels[at + 1] || pixels[at + 3] === 0) continue;
        sum += pixels[at] * (one.originZM + y * one.deltaZM);
        weights += pixels[at];
      }
      if (weights > 0) points.push([timeS, sum / weights]);
      else gaps.push(timeS);
    }
  }
  return { points: points.sort((a, b) => a[0] - b[0]), gaps: gaps.sort((a, b) => a - b) };
}

/** Period of a swing: least squares over trial periods. */
function periodOf(points: readonly [number, number][]): number {
  let best = [0, Number.POSITIVE_INFINITY];
  const mean = points.reduce((sum, [, depth]) => sum + depth, 0) / points.length;
  for (let period = 0.5; period < 1.3; period += 0.0005) {
    let [sin, cos] = [0, 0];
    for (const [timeS, depth] of points) {
      sin += (depth - mean) * Math.sin((2 * Math.PI * timeS) / period);
      cos += (depth - mean) * Math.cos((2 * Math.PI * timeS) / period);
    }
    const error = -(sin ** 2 + cos ** 2);
    if (error < best[1]) best = [period, error];
  }
  return best[0];
}

for (const bar of [false, true]) {
  test(`the strip of a moving target ${bar ? "under a bar" : "that scrolls"} has its depth within a pixel and its period within 1 %`, () => {
    const strip = stripOf(
      Array.from({ length: 150 }, (_, n) => n * PERIOD_S),
      bar,
    );
    const { points, gaps } = tracked(strip, bar);
    assert.equal(gaps.length <= 2, true, `${gaps}`);
    assert.ok(points.length > STRIP * 0.95, `${points.length} columns`);
    for (const [timeS, depth] of points) {
      // The column shows its frame, which is up to half a period away: the phantom moves on meanwhile.
      const frameS = Math.round(timeS / PERIOD_S) * PERIOD_S;
      near(depth, depthAt(frameS), 2.5e-4, `at ${timeS}`);
      near(timeS, frameS, PERIOD_S / 2 + SPAN_S / STRIP);
    }
    const period = periodOf(points);
    near(period, CYCLE_S, 0.01 * CYCLE_S, "period");
  });
}

test("lost frames are gaps as long as they were lost, and what follows keeps its time", () => {
  const times = Array.from({ length: 150 }, (_, n) => n * PERIOD_S).filter(
    (timeS) => !(timeS > 3.001 && timeS < 3.999),
  );
  const { points, gaps } = tracked(stripOf(times));
  // 24 frames lost, of 3.04 to 3.96 s: columns reach half a period into it on both sides.
  const inside = gaps.filter((timeS) => timeS > 2.9 && timeS < 4.1);
  near(inside[0], 3.0 + PERIOD_S / 2, 2 * (SPAN_S / STRIP), "begins");
  near(inside[inside.length - 1], 4.0 - PERIOD_S / 2, 2 * (SPAN_S / STRIP), "ends");
  near(inside.length * (SPAN_S / STRIP), 0.96, 2 * (SPAN_S / STRIP));
  for (const [timeS, depth] of points) near(depth, depthAt(Math.round(timeS / PERIOD_S) * PERIOD_S), 2.5e-4);
});

test("under the bar lies nothing, and times on both sides of it are their own", () => {
  const { raster, columns, depth } = stripOf(
    Array.from({ length: 150 }, (_, n) => n * PERIOD_S),
    true,
  );
  const regions = raster.regions(columns, depth, true);
  assert.is(regions.length, 2);
  const seen = new Set<number>();
  for (const one of regions) {
    for (let x = one.minX; x <= one.maxX; x++) {
      assert.ok(!seen.has(x));
      seen.add(x);
      near(raster.timeAt(x + 0.5, true), one.originXM + x * one.deltaXM, 1e-9);
      assert.is(raster.columnOf(raster.pixelOf(one.originXM + x * one.deltaXM), true), x);
    }
  }
  assert.is(seen.size, STRIP - raster.barWidth);
  const turn = raster.end % STRIP;
  assert.ok(Number.isNaN(raster.timeAt(turn + 0.5, true)));
});

test("a sweep is so many seconds, or millimetres a second of CSS", () => {
  assert.is(spanOf("2 s", 500), 2);
  near(spanOf("25 mm/s", 960), 10.16, 1e-9);
  near(spanOf("100 mm/s", 960), 2.54, 1e-9);
});

test("ticks of an axis stand at round values and never closer than their labels", () => {
  for (const [from, to, length] of [
    [-4, 0, 300],
    [0, 1, 900],
    [-0.02, 7.98, 250],
    [0, 0.0034, 400],
    [-50, 0, 150],
  ]) {
    const major = axisTicks(from, to, length).filter((tick) => tick.major);
    assert.ok(major.length >= 2, `${from} ${to}`);
    const step = major[1].value - major[0].value;
    const digits = step / 10 ** Math.floor(Math.log10(step) + 1e-9);
    assert.ok(
      [1, 2, 5].some((digit) => Math.abs(digits - digit) < 1e-6),
      `${step}`,
    );
    for (const { value, part } of major) near(part, (value - from) / (to - from), 1e-9);
    assert.ok((step / (to - from)) * length >= 52 - 1e-9);
  }
  const texts = [-1.5, 0, 0.1 + 0.2].map((value) => numberText(value, viewer.tick));
  assert.equal(texts, ["−1.5", "0", "0.3"]);
});

test("frames are counted whole, and no number lies on the unit", () => {
  for (const [from, to, length] of [
    [0.5, 2.5, 600],
    [1, 11, 40],
    [1, 11, 300],
    [1, 90, 300],
    [7, 2007, 200],
  ])
    for (const { value } of axisTicks(from, to, length, { whole: true })) assert.ok(Number.isInteger(value));
  const written: [text: string, left: number, right: number][] = [];
  const context = {
    textAlign: "",
    fillRect() {},
    measureText: (text: string) => ({ width: 7 * text.length }),
    fillText(text: string, x: number) {
      const width = 7 * text.length;
      const left = this.textAlign === "center" ? x - width / 2 : x - width;
      written.push([text, left, left + width]);
    },
  };
  const box = { x: 10, y: 0, width: 300, height: 100 };
  for (const unit of ["s", "frames", "images par seconde"]) {
    written.length = 0;
    const ticks = axisTicks(0, 11, 300);
    drawLowerAxis(context as never, box, ticks, unit, String, { scale: "#fff", marker: "#fff", font: "" });
    written.sort((a, b) => a[1] - b[1]);
    assert.is(written[written.length - 1][0], unit);
    assert.is(written[written.length - 1][2], 310);
    for (let i = 1; i < written.length; i++) assert.ok(written[i][1] >= written[i - 1][2] + 5);
  }
});

test("however the stage is divided, parts neither overlap nor leave it, and the picture stays larger than the strip", () => {
  for (const [width, height] of [
    [320, 300],
    [390, 520],
    [820, 700],
    [985, 710],
    [1600, 500],
    [3200, 1800],
    [700, 2000],
  ]) {
    for (const aspect of [0.5, 1, 1.4, 2.5]) {
      for (const mode of ["b", "m", "a"] as Mode[]) {
        for (const split of [1, 2, 4] as Split[]) {
          const name = `${width} x ${height} ${aspect} ${mode} ${split}`;
          const { main, strip, others } = divide({ x: 0, y: 0, width, height }, mode, split, aspect);
          const boxes = [main, ...others, ...(strip ? [strip] : [])];
          assert.is(others.length, split - 1);
          assert.is(strip === null, mode === "b");
          for (const [i, a] of boxes.entries()) {
            assert.ok(
              a.x >= 0 && a.y >= -0.01 && a.x + a.width <= width + 0.01 && a.y + a.height <= height + 0.01,
              name,
            );
            for (const b of boxes.slice(i + 1)) {
              const apart =
                a.x + a.width <= b.x + 1e-6 ||
                b.x + b.width <= a.x + 1e-6 ||
                a.y + a.height <= b.y + 1e-6 ||
                b.y + b.height <= a.y + 1e-6;
              assert.ok(apart, name);
            }
          }
          if (!strip || split > 1) continue;
          const { width: roomWidth, height: roomHeight } = pictureRoom(main.width, main.height);
          const room = { width: roomWidth, height: roomHeight };
          const picture = Math.min(room.width, room.height * aspect) ** 2 / aspect;
          const box = stripBox(strip);
          const least = height < 400 || width < 400;
          // Beside a picture that is as high as the stage allows, the strip takes nothing from it.
          const free = strip.x > 0 && room.height * aspect <= room.width + 1;
          assert.ok(
            least || box.width * box.height <= (free ? 2.2 : 1.1) * picture,
            `${name}: ${box.width * box.height} and ${picture}`,
          );
        }
      }
    }
  }
});

test("four panes of a low stage stand in a row, where a square would leave their pictures no room", () => {
  const rowsOf = (width: number, height: number, head: number): number => {
    const { main, others } = divide({ x: 0, y: 0, width, height }, "b", 4, 0.67, head);
    return new Set([main, ...others].map(({ y }) => y)).size;
  };
  assert.is(rowsOf(471, 177, 44), 1, "a phone on its side");
  assert.is(rowsOf(747, 247, 44), 1);
  assert.is(rowsOf(320, 309, 44), 2);
  assert.is(rowsOf(1140, 750, 26), 2);
});

test("the complex image gives the line's envelope and its carrier, from a column, a grid or a scan line", () => {
  // Column 2 of 3 rows and 4 columns, then line 2 of 4 lines and 3 samples.
  const values = Float32Array.from({ length: 24 }, (_, i) => i);
  const column = columnTrace({ shape: [3, 4], values }, 2, false, [0.01, 0.001]);
  assert.equal([...column.real], [4, 12, 20]);
  near(column.envelope[1], Math.hypot(12, 13), 1e-5);
  assert.equal([...columnTrace({ shape: [4, 3], values }, 2, true, [0, 1]).real], [12, 14, 16]);
  const scan: Scan = { kind: "linear", x: { min: 0, max: 3, count: 4 }, z: { min: 0, max: 2, count: 3 } };
  const ends = [
    [2.2, -0.5],
    [2.2, 2.5],
  ] as const;
  assert.equal([...gridTrace({ shape: [3, 4], values }, scan, ends, 3, [0, 1]).real], [4, 12, 20]);
  const outside = gridTrace(
    { shape: [3, 4], values },
    scan,
    [
      [9, 0],
      [9, 2],
    ],
    2,
    [0, 1],
  );
  assert.ok(outside.real.every(Number.isNaN));
  const sector: Scan = {
    kind: "sector",
    angle: { min: -0.3, max: 0.3, count: 4 },
    range: { min: 1, max: 3, count: 3 },
    apex: [0, 0],
  };
  const along = [
    [Math.sin(0.1) * 0.5, Math.cos(0.1) * 0.5],
    [Math.sin(0.1) * 3.5, Math.cos(0.1) * 3.5],
  ] as const;
  assert.equal([...gridTrace({ shape: [3, 4], values }, sector, along, 3, [0, 1]).real], [4, 12, 20]);
  const beams = beamsOf(planeOf(picture(() => 0)), undefined, sector);
  const info = { kind: "channels", centerFrequencyHz: 5e6, soundSpeedMps: 1540 } as Parameters<
    typeof beamScan
  >[2];
  const narrow = beamScan({ kind: "beam", at: 0.2 }, beams, info);
  assert.is(narrow?.kind === "sector" && narrow.angle.min, 0.2);
  assert.is(beamScan({ kind: "free", from: [0, 0], to: [1, 1] }, beams, info), undefined);
});

test("whatever the stream does, a stored picture's badge is never that of a live one", () => {
  const store = new Store();
  const stored: Slot & { kind: "stored" } = {
    kind: "stored",
    frames: 3,
    shown: 0,
    timeS: 1,
    fromLive: true,
    source: {} as never,
    recordedS: 1,
    playing: false,
  };
  const second: Slot = { kind: "pipeline", pipeline: {}, refused: null, dropped: 0, fresh: true };
  const session = { live: true } as NonNullable<typeof store.state.session>;
  const image = picture(() => 0);
  for (const signal of ["waiting", "fresh", "late", "stale", "ended", "lost"] as const) {
    for (const frozen of [false, true]) {
      for (const playing of [false, true]) {
        store.update({ session, image, signal, frozen, frameCount: 1 });
        const badge = badgeOf({ ...stored, playing }, store.state, english);
        assert.is(badge?.phase, "frozen");
        assert.not.match(badge?.text ?? "", /live/i);
      }
      const live = signal === "fresh" && !frozen;
      assert.is(badgeOf(second, store.state, english)?.phase === "live", live, signal);
      assert.is.not(badgeOf({ ...second, fresh: false }, store.state, english)?.phase, "live");
    }
  }
  assert.is(badgeOf({ kind: "empty" }, store.state, english), null);
});

test.run();
