/** Measurements as JSON and as a table: what goes out comes in again, and nothing else does. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSondeError } from "../../../host/index.ts";
import { english } from "../../../web/echo-viewer/features/measure/english.ts";
import type { Item } from "../../../web/echo-viewer/features/measure/item.ts";
import { without } from "../../../web/echo-viewer/features/measure/item.ts";
import { readMeasurements } from "../../../web/echo-viewer/features/measure/read.ts";
import { fileName } from "../../../web/echo-viewer/features/measure/save.ts";
import { toCsv } from "../../../web/echo-viewer/features/measure/table.ts";
import { resultOf } from "../../../web/echo-viewer/features/measure/values.ts";

const common = { name: "", pane: "main", frame: null, locked: false };
const point = (x: number, y: number) => ({ space: "tissue", region: 0, x, y }) as const;
const ITEMS: readonly Item[] = [
  {
    ...common,
    id: 1,
    kind: "distance",
    name: 'a "long" one, really',
    frame: 3,
    points: [point(0, 0), point(0.03, 0.04)],
  },
  { ...common, id: 2, kind: "distance", name: "=1+1", points: [point(0, 0), point(0, 0.02)] },
  { ...common, id: 3, kind: "distance", points: [point(0, 0), point(0, 0.01)] },
  { ...common, id: 4, kind: "volume", of: [1, 2, 3] },
  { ...common, id: 5, kind: "heart-rate", beats: 2, points: [point(0, 0), point(1, 0)] },
  { ...common, id: 6, kind: "text", name: "Cyst", points: [point(0, 0)] },
  { ...common, id: 7, kind: "body-mark", mark: "neck", at: [1, 1], probe: [0.5, 0.4], angleRad: 0 },
];

const document = (measurements: readonly unknown[]) => ({
  format: "sonde-measurements",
  version: 1,
  measurements,
});

test("what is written is read again, as an object and as text, whatever else stands in it", () => {
  assert.equal(readMeasurements(document(ITEMS)), ITEMS);
  assert.equal(readMeasurements(JSON.stringify(document(ITEMS))), ITEMS);
  const told = ITEMS.map((item) => ({
    ...item,
    values: [{ quantity: "distance", value: 99, unit: "m" }],
    other: 1,
  }));
  assert.equal(readMeasurements(document(told)), ITEMS, "values are worked out again, not believed");
});

test("what is no document is refused with the value that is wrong", () => {
  const [distance] = ITEMS;
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    ["{", /must be JSON, not "\{"/],
    [null, /must be an object, not null/],
    [{ ...document([]), version: 2 }, /version must be 1, not 2/],
    [{ ...document([]), format: "other" }, /format must be "sonde-measurements", not "other"/],
    [document([{ ...distance, kind: "toString" }]), /kind is unknown, not "toString"/],
    [document([{ ...distance, id: 0 }]), /id must be a whole number from 1, not 0/],
    [document([distance, distance]), /ids must differ/],
    [document([{ ...distance, points: [point(0, 0)] }]), /distance must have 2 points, not 1/],
    [
      document([{ ...distance, points: [point(0, 0), { ...point(0, 0), x: "1" }] }]),
      /x must be a number, not "1"/,
    ],
    [
      document([{ ...distance, points: [point(0, 0), { ...point(0, 0), space: "sky" }] }]),
      /space must be .* not "sky"/,
    ],
    [document([{ ...distance, name: 5 }]), /name must be a text/],
    [document([{ ...distance, frame: 1.5 }]), /frame must be a whole number/],
    [document([{ ...ITEMS[3], of: [8, 9, 10] }]), /a volume must be of other measurements/],
    [document([{ ...ITEMS[6], mark: "tail" }]), /mark must be one of torso, .* not "tail"/],
    [document([{ ...ITEMS[4], beats: 0 }]), /beats must be a whole number from 1/],
    [document(Array.from({ length: 1001 }, () => distance)), /at most 1000/],
  ];
  for (const [given, sentence] of wrong)
    assert.throws(
      () => readMeasurements(given),
      (error: unknown) => isSondeError(error, "bad-option") && sentence.test(error.message),
      String(sentence),
    );
});

test("what is made of something goes with it", () => {
  assert.equal(
    without(ITEMS, new Set([2])).map(({ id }) => id),
    [1, 3, 5, 6, 7],
  );
});

test("a table has a row a value, quotes what must be, and no formulas", () => {
  const rows = ITEMS.map((item) => ({ item, result: resultOf(item, ITEMS, () => null) }));
  const table = toCsv(rows, english, ({ frame }) => (frame === null ? "all" : String(frame + 1)));
  assert.equal(table.split("\r\n").slice(0, 5), [
    "number,name,kind,quantity,value,unit,frame,note",
    '1,"a ""long"" one, really",Distance,distance,50.000,mm,4,',
    "2,'=1+1,Distance,distance,20.000,mm,all,",
    "3,,Distance,distance,10.000,mm,all,",
    "4,,Volume,volume,5.236,mL,all,",
  ]);
  assert.match(table, /^5,,Heart rate,,,,all,No value: this is measured on M-mode\r$/m);
  assert.match(table, /^6,Cyst,Text,,,,all,\r$/m);
});

test("the name of a file is one that every system takes", () => {
  assert.is(fileName("scan.uff", "csv"), "scan-measurements.csv");
  assert.is(fileName("a/b: c?.uff", "json"), "a-b-c-measurements.json");
  assert.is(fileName("", "json"), "sonde-measurements.json");
});

test("no value is shown as minus nothing", () => {
  assert.is(english.value({ quantity: "slope", value: -0.0001, unit: "m/s" }), "0.0 cm/s");
  assert.is(english.value({ quantity: "slope", value: -0.032, unit: "m/s" }), "−3.2 cm/s");
  assert.is(
    english.valueSpoken({ quantity: "slope", value: -0.032, unit: "m/s" }),
    "slope minus 3.2 centimetres a second",
  );
});

test.run();
