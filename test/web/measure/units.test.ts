/**
 * A wrong unit is the worst a measurement can have. Random pictures of several regions, calibrated and not, near each other, touching
 * and overlapping; random points in them; and an oracle of its own that looks at the pixels one by one.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Image, Region } from "../../../host/index.ts";
import type { Point } from "../../../web/echo-viewer/draw/mapping.ts";
import { mappingOf } from "../../../web/echo-viewer/draw/mapping.ts";
import { anchorAt, type Ground } from "../../../web/echo-viewer/features/measure/ground.ts";
import type { Figure, FigureKind, Item } from "../../../web/echo-viewer/features/measure/item.ts";
import { type Anchor, anchorOf, toPicture } from "../../../web/echo-viewer/features/measure/space.ts";
import { resultOf } from "../../../web/echo-viewer/features/measure/values.ts";
import { type View, WHOLE_VIEW } from "../../../web/echo-viewer/view.ts";
import { seeded } from "./seeded.ts";

function imageOf(width: number, height: number, regions: readonly Region[]): Image {
  return {
    width,
    height,
    regions,
    pixels: new Uint8ClampedArray(0),
    frameIndex: 0,
    referenceAmplitude: 1,
    elapsedMs: 0,
  };
}

function figure(kind: FigureKind, points: readonly Anchor[], more: Partial<Figure> = {}): Figure {
  return { id: 1, kind, name: "", pane: "main", frame: null, locked: false, points, ...more };
}

const measure = (item: Item, image: Image | null, items: readonly Item[] = [item]) =>
  resultOf(item, items, () => image);

const BAD = [0, Number.NaN, Number.POSITIVE_INFINITY];

/** Four panes side by side, or up to five regions anywhere; some continue another's space, some have one axis that means nothing. */
function randomImage(random: () => number): Image {
  const whole = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1));
  const [width, height] = [whole(40, 120), whole(40, 120)];
  const regions: Region[] = [];
  const panes = random() < 0.5;
  const [middleX, middleY] = [Math.floor(width / 2), Math.floor(height / 2)];
  for (let n = panes ? 4 : whole(0, 5); n > 0; n--) {
    const [minX, minY] = panes
      ? [n & 1 ? 0 : middleX, n > 2 ? 0 : middleY]
      : [whole(0, width - 2), whole(0, height - 2)];
    const before = regions.length && random() < 0.4 ? regions[whole(0, regions.length - 1)] : undefined;
    const delta = (): number =>
      random() < 0.12 ? BAD[whole(0, 2)] : (random() < 0.2 ? -1 : 1) * (1e-5 + 1e-3 * random());
    regions.push({
      kind: before?.kind ?? (random() < 0.3 ? "m-mode" : "tissue"),
      minX,
      minY,
      maxX: panes ? (n & 1 ? middleX : width) - 1 : whole(minX, width - 1),
      maxY: panes ? (n > 2 ? middleY : height) - 1 : whole(minY, height - 1),
      originXM: before && random() < 0.7 ? before.originXM : random() - 0.5,
      originZM: before?.originZM ?? random() * 0.1,
      deltaXM: before?.deltaXM ?? delta(),
      deltaZM: before?.deltaZM ?? delta(),
    });
  }
  return imageOf(width, height, regions);
}

/** What a pixel means by all regions over it, as text; null: nothing, or nothing that they agree on. */
function meaning(point: Point, image: Image): string | null {
  const [i, k] = [Math.floor(point.x), Math.floor(point.y)];
  const meanings = new Set<string>();
  for (const region of image.regions) {
    if (i < region.minX || i > region.maxX || k < region.minY || k > region.maxY) continue;
    const { kind, originXM, originZM, deltaXM, deltaZM } = region;
    const bad =
      [originXM, originZM, deltaXM, deltaZM].some((v) => !Number.isFinite(v)) || !deltaXM || !deltaZM;
    meanings.add(bad ? "nothing" : [kind, originXM, originZM, deltaXM, deltaZM].join(" "));
  }
  const [only] = meanings;
  return meanings.size === 1 && only !== "nothing" ? only : null;
}

test("of 10,000 random pairs of points over random regions not one has a wrong unit or a wrong length", () => {
  const random = seeded(20261129);
  const seen: Record<string, number> = {};
  for (let n = 0; n < 10_000; n++) {
    const image = randomImage(random);
    const place = (): Point => ({ x: random() * image.width, y: random() * image.height });
    // Every second pair is close together, to lie in one region often.
    const p = place();
    const q = n % 2 ? place() : { x: p.x + 8 * random() - 4, y: p.y + 8 * random() - 4 };
    const { values, why } = measure(figure("distance", [anchorOf(p, image), anchorOf(q, image)]), image);
    const [a, b] = [meaning(p, image), meaning(q, image)];
    const calibrated = a !== null && a === b;
    assert.is(values.length, 1);
    const [{ value, unit, quantity }] = values;
    const what = `${n}: ${JSON.stringify({ p, q, regions: image.regions, values })}`;
    assert.is(unit, calibrated ? "m" : "px", what);
    assert.is(why === null, calibrated, what);
    let wanted = Math.hypot(q.x - p.x, q.y - p.y);
    if (calibrated) {
      const [kind, , , deltaX, deltaZ] = a!.split(" ");
      const [dx, dz] = [(q.x - p.x) * Number(deltaX), (q.y - p.y) * Number(deltaZ)];
      assert.is(quantity, kind === "tissue" ? "distance" : "depth", what);
      wanted = kind === "tissue" ? Math.hypot(dx, dz) : Math.abs(dz);
    } else assert.is(why, a === null || b === null ? "uncalibrated" : "across", what);
    assert.ok(Math.abs(value - wanted) <= 1e-9 * Math.max(1e-3, wanted), `${what} instead of ${wanted}`);
    const key = `${unit} ${quantity} ${why}`;
    seen[key] = (seen[key] ?? 0) + 1;
  }
  for (const key of ["m distance null", "m depth null", "px distance uncalibrated", "px distance across"])
    assert.ok(seen[key] > 100, `${key} was tried ${seen[key]} times`);
});

const KINDS = ["ellipse", "trace", "angle", "time", "slope", "heart-rate"] as const;

test("of 10,000 random figures of the other kinds not one has a unit that its points do not share", () => {
  const random = seeded(7);
  for (let n = 0; n < 10_000; n++) {
    const image = randomImage(random);
    const kind = KINDS[n % KINDS.length];
    const points = Array.from(
      { length: kind === "ellipse" || kind === "angle" || kind === "trace" ? 3 : 2 },
      () => ({
        x: random() * image.width,
        y: random() * image.height,
      }),
    );
    const meanings = new Set(points.map((point) => meaning(point, image)));
    const [only] = meanings;
    const shared = meanings.size === 1 && only !== null ? only!.split(" ")[0] : "picture";
    const { values, why } = measure(
      figure(
        kind,
        points.map((point) => anchorOf(point, image)),
      ),
      image,
    );
    const units = values.map(({ unit }) => unit).join(" ");
    const allowed: Readonly<Record<string, readonly string[]>> = {
      "ellipse tissue": ["m2 m"],
      "trace tissue": ["m2 m"],
      "angle tissue": ["rad"],
      "time m-mode": ["s"],
      "slope m-mode": ["m/s m s"],
      "heart-rate m-mode": ["1/min s"],
      "ellipse other": ["px2 px"],
      "trace other": ["px2 px"],
      "angle other": [""],
      "time other": ["px", ""],
      "slope other": [""],
      "heart-rate other": [""],
    };
    const wanted = allowed[`${kind} ${shared}`] ?? allowed[`${kind} other`];
    assert.ok(wanted.includes(units), `${n}: ${kind} over ${shared} has ${units}`);
    assert.is(why === null, `${kind} ${shared}` in allowed, `${n}: ${kind} over ${shared}: ${why}`);
  }
});

const TISSUE: Region = {
  kind: "tissue",
  minX: 0,
  minY: 0,
  maxX: 199,
  maxY: 299,
  originXM: -0.02 + 0.0001,
  originZM: 0.0001,
  deltaXM: 0.0002,
  deltaZM: 0.0002,
};

test("depth alone gives pixels, and the reason", () => {
  const image = imageOf(200, 300, [{ ...TISSUE, deltaXM: 0 }]);
  const points = [anchorOf({ x: 20, y: 20 }, image), anchorOf({ x: 20, y: 120 }, image)];
  assert.equal(measure(figure("distance", points), image), {
    values: [{ quantity: "distance", value: 100, unit: "px" }],
    why: "uncalibrated",
  });
});

test("two parts of one space measure as one; two panes of the same scale do not", () => {
  const left = { ...TISSUE, maxX: 99 };
  const distanceAcross = (right: Region) => {
    const image = imageOf(200, 300, [left, right]);
    return measure(
      figure("distance", [anchorOf({ x: 50, y: 50 }, image), anchorOf({ x: 150, y: 50 }, image)]),
      image,
    );
  };
  const one = distanceAcross({ ...TISSUE, minX: 100 });
  assert.is(one.why, null);
  assert.ok(Math.abs(one.values[0].value - 0.02) < 1e-12);
  const two = distanceAcross({ ...TISSUE, minX: 100, originXM: TISSUE.originXM - 100 * TISSUE.deltaXM });
  assert.equal([two.why, two.values[0].unit], ["across", "px"]);
});

test("what was set stays on its tissue when the picture is cut at another depth", () => {
  const image = imageOf(200, 300, [TISSUE]);
  const anchor = anchorOf({ x: 50.25, y: 100.75 }, image);
  const deeper = imageOf(200, 300, [
    { ...TISSUE, deltaXM: 0.0004, deltaZM: 0.0004, originXM: -0.04 + 0.0002, originZM: 0.0002 },
  ]);
  const place = toPicture(anchor, deeper)!;
  assert.ok(Math.hypot(place.x - 75.125, place.y - 50.375) < 1e-9, JSON.stringify(place));
  const back = anchorOf(place, deeper);
  assert.ok(Math.hypot(back.x - anchor.x, back.y - anchor.y) < 1e-12);
  assert.is(toPicture(anchor, imageOf(200, 300, [])), null, "a picture without its region does not show it");
});

test("time, slope and heart rate on M-mode are those of the picture that was made", () => {
  // 4 s across 800 pixels, 60 mm down 300; a wall that moves 3 cm/s away from the probe; a beat every 0.8 s.
  const image = imageOf(800, 300, [
    { ...TISSUE, kind: "m-mode", maxX: 799, originXM: 12.5, originZM: 0, deltaXM: 0.005, deltaZM: 0.0002 },
  ]);
  const at = (timeS: number, depthM: number): Anchor =>
    anchorOf({ x: (timeS - 12.5) / 0.005 + 0.5, y: depthM / 0.0002 + 0.5 }, image);
  const near = (value: number, wanted: number) =>
    assert.ok(Math.abs(value - wanted) < 1e-9 * Math.abs(wanted), `${value}`);
  const time = measure(figure("time", [at(13, 0.02), at(14.25, 0.05)]), image).values;
  assert.equal([time.length, time[0].unit], [1, "s"]);
  near(time[0].value, 1.25);
  const slope = measure(figure("slope", [at(13, 0.02), at(14, 0.05)]), image).values;
  near(slope[0].value, -0.03);
  near(measure(figure("slope", [at(14, 0.05), at(13, 0.02)]), image).values[0].value, -0.03);
  const rate = measure(figure("heart-rate", [at(13, 0.02), at(15.4, 0.02)], { beats: 3 }), image).values;
  near(rate[0].value, 75);
  assert.equal(
    measure(figure("heart-rate", [at(13, 0.02), at(13, 0.03)]), image).values.map(({ unit }) => unit),
    ["s"],
  );
});

test("under the bar a moment keeps its place on the strip, and has none once the bar has passed over it", () => {
  // 400 pixels of 10 ms; the bar stands at column 100: what was written last, 8 s on, lies left of it, and what is older right.
  const part = { ...TISSUE, kind: "m-mode", deltaXM: 0.01, deltaZM: 0.0002, originZM: 0 } as const;
  const behind = (bar: number, sweeps: number): Region => ({
    ...part,
    minX: 0,
    maxX: bar - 1,
    originXM: 4 * sweeps + 0.005,
  });
  const before = (bar: number, sweeps: number): Region => ({
    ...part,
    minX: bar + 8,
    maxX: 399,
    originXM: 4 * (sweeps - 1) + 0.005,
  });
  const at = (bar: number, sweeps: number) => imageOf(400, 300, [behind(bar, sweeps), before(bar, sweeps)]);
  const late = anchorOf({ x: 300.5, y: 10 }, at(350, 2));
  assert.is(late.region, 0);
  for (const bar of [301, 350, 392]) assert.is(Math.round(toPicture(late, at(bar, 2))!.x), 301, `${bar}`);
  assert.is(Math.round(toPicture(late, at(100, 3))!.x), 301, "in the older part now");
  assert.is(toPicture(late, at(320, 3)), null, "written over");
  const still = imageOf(400, 300, [{ ...part, minX: 0, maxX: 399, originXM: 9 }]);
  const early = anchorOf({ x: 300.5, y: 10 }, at(100, 3));
  assert.is(early.region, 1);
  assert.is(Math.round(toPicture(early, still)!.x), Math.round((early.x - 9) / 0.01 + 0.5), "stands still");
});

test("a volume is of three distances or two ellipses in tissue, on whatever frames they were measured", () => {
  const image = imageOf(200, 300, [TISSUE]);
  const at = (x: number, y: number) => anchorOf({ x, y }, image);
  const lengths = [150, 100, 75].map((length, i) => ({
    ...figure("distance", [at(10, 20 + i), at(10 + length, 20 + i)]),
    id: i + 1,
    frame: i,
  }));
  const volume: Item = {
    id: 4,
    kind: "volume",
    name: "",
    pane: "main",
    frame: null,
    locked: false,
    of: [1, 2, 3],
  };
  const [value] = measure(volume, null, [...lengths, volume]).values;
  assert.is(value.unit, "m3");
  assert.ok(Math.abs(value.value - (Math.PI / 6) * 0.03 * 0.02 * 0.015) < 1e-15);
  const ellipse = (id: number, width: number): Figure => ({
    ...figure("ellipse", [at(10, 100), at(160, 100), at(85, 100 + width / 2)]),
    id,
  });
  const planes: readonly Item[] = [ellipse(1, 100), ellipse(2, 75), { ...volume, of: [1, 2] }];
  const [other] = measure(planes[2], null, planes).values;
  assert.ok(Math.abs(other.value - value.value) < 1e-15);
  const uncalibrated = [
    figure("distance", [{ space: "picture", region: 0, x: 1, y: 1 } as const, at(5, 5)]),
    ...lengths.slice(1),
    volume,
  ];
  assert.equal(measure(volume, null, uncalibrated), { values: [], why: "parts" });
});

test("a distance between known points is right to 0.1 % and half a pixel at every zoom, flip and turn", () => {
  const image = imageOf(200, 300, [TISSUE]);
  const [p, q] = [
    { x: 31.7, y: 44.2 },
    { x: 151.3, y: 231.9 },
  ];
  const wanted = Math.hypot((q.x - p.x) * TISSUE.deltaXM, (q.y - p.y) * TISSUE.deltaZM);
  const random = seeded(3);
  for (const zoom of [1, 1.5, 4, 16])
    for (const quarterTurns of [0, 1, 2, 3] as const)
      for (const flip of [0, 1, 2, 3]) {
        const view: View = {
          ...WHOLE_VIEW,
          zoom,
          quarterTurns,
          flipX: (flip & 1) > 0,
          flipY: (flip & 2) > 0,
          centre: [random(), random()],
        };
        const mapping = mappingOf({ x: 48, y: 24, width: 500, height: 400 }, image, view);
        const ground: Ground = { id: "main", image, mapping };
        // A pointer knows whole CSS pixels.
        const set = (point: Point): Anchor => {
          const place = mapping.toStage(point);
          return anchorAt({ x: Math.round(place.x), y: Math.round(place.y) }, ground);
        };
        const { values, why } = measure(figure("distance", [set(p), set(q)]), image);
        assert.is(why, null);
        const pixelM = TISSUE.deltaXM / Math.abs(mapping.matrix[0] || mapping.matrix[1]);
        const error = Math.abs(values[0].value - wanted);
        assert.ok(error <= 0.001 * wanted + 2 * Math.SQRT1_2 * pixelM, `${error} m at zoom ${zoom}`);
      }
});

test.run();
