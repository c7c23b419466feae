/** Texts of measuring in English. */
import type { FigureKind, ItemKind, MarkName } from "./item.ts";
import type { Why } from "./space.ts";
import type { Quantity, Unit, Value } from "./values.ts";

/** SI to what people read, its name, and decimals. */
const SHOWN: Readonly<
  Record<Unit, readonly [factor: number, unit: string, decimals: number, spoken: string]>
> = {
  m: [1000, " mm", 1, "millimetres"],
  m2: [1e4, " cm²", 2, "square centimetres"],
  m3: [1e6, " mL", 1, "millilitres"],
  s: [1000, " ms", 0, "milliseconds"],
  "m/s": [100, " cm/s", 1, "centimetres a second"],
  rad: [180 / Math.PI, "°", 1, "degrees"],
  "1/min": [1, " bpm", 0, "beats a minute"],
  px: [1, " px", 1, "pixels"],
  px2: [1, " px²", 0, "square pixels"],
};

function figure(value: number, decimals: number): string {
  return value
    .toFixed(decimals)
    .replace(/^-(?=0*\.?0*$)/, "")
    .replace("-", "−");
}

export const english = {
  kinds: {
    distance: "Distance",
    ellipse: "Ellipse",
    trace: "Trace",
    angle: "Angle",
    time: "Time",
    slope: "Slope",
    "heart-rate": "Heart rate",
    text: "Text",
    arrow: "Arrow",
    volume: "Volume",
    "body-mark": "Body mark",
  } satisfies Record<ItemKind, string> as Record<ItemKind, string>,
  open: "Open or close measuring",
  select: "Select and move",
  twoPlanes: "Volume, two planes",
  groups: { measure: "Measure", time: "On M-mode", note: "Annotate" },
  marks: {
    torso: "Torso",
    neck: "Neck",
    breasts: "Breasts",
    heart: "Chest",
    uterus: "Uterus",
    leg: "Leg",
  } satisfies Record<MarkName, string> as Record<MarkName, string>,
  /** What the next point is, from the first on; the last one for all that follow. */
  hints: {
    distance: ["Set the first end", "Set the other end"],
    ellipse: ["Set one end of an axis", "Set the other end of the axis", "Set the width"],
    trace: ["Draw round it, or set points", "Go on round it", "Go on, and finish where you began"],
    angle: ["Set the end of an arm", "Set the corner", "Set the end of the other arm"],
    time: ["Set the beginning", "Set the end"],
    slope: ["Set the beginning", "Set the end"],
    "heart-rate": ["Set a beat", "Set the last beat"],
    text: ["Set where the text goes", "Type the text"],
    arrow: ["Set what it points at", "Set its other end"],
  } satisfies Record<FigureKind, readonly string[]> as Record<FigureKind, readonly string[]>,
  selectHint: "Take hold of what you want to move",
  part: (number: number, count: number) => `${number} of ${count}`,
  needsTime: "There is no M-mode picture to measure time on",
  undo: "Undo",
  redo: "Redo",
  clear: "Delete all",
  removePoint: "Remove last point",
  finish: "Finish",
  done: "Done",
  set: "Set",
  delete: "Delete",
  lock: "Lock",
  everyFrame: "On all frames",
  name: "Name",
  text: "Text",
  beats: "Beats",
  turnLeft: "Turn probe left",
  turnRight: "Turn probe right",
  nextHandle: "Next handle of what can be moved",
  showFrame: (number: number) => `Show frame ${number}`,
  frameGone: "Its frame is not stored any more",
  pictureGone: "Its picture is not shown",
  empty: "Nothing measured yet. Choose a tool.",
  list: "Measurements",
  json: "Save JSON",
  csv: "Save CSV",
  columns: ["number", "name", "kind", "quantity", "value", "unit", "frame", "note"],
  allFrames: "all",
  more: (count: number) => `+ ${count} more`,
  quantities: {
    distance: "distance",
    depth: "depth",
    area: "area",
    circumference: "circumference",
    angle: "angle",
    time: "time",
    slope: "slope",
    "heart-rate": "heart rate",
    volume: "volume",
  } satisfies Record<Quantity, string> as Record<Quantity, string>,
  /** Before a value, where an item has several. */
  short: {
    distance: "D",
    depth: "D",
    area: "A",
    circumference: "C",
    angle: "∠",
    time: "T",
    slope: "S",
    "heart-rate": "HR",
    volume: "V",
  } satisfies Record<Quantity, string> as Record<Quantity, string>,
  why: {
    uncalibrated: "No unit: a point lies where the picture is not calibrated",
    across: "No unit: the points lie in different regions",
    "needs-tissue": "No unit: this cannot be measured where one axis is time",
    "needs-time": "No value: this is measured on M-mode",
    crosses: "No area: the outline crosses itself",
    "no-shape": "No value: angles are measured inside one calibrated region",
    "not-shown": "No value while its picture is not shown",
    parts: "No value: a part of it has no unit",
  } satisfies Record<Why, string> as Record<Why, string>,
  /** The same beside the picture, in a word or two. */
  whyShort: {
    uncalibrated: "not calibrated",
    across: "across regions",
    "needs-tissue": "one axis is time",
    "needs-time": "needs M-mode",
    crosses: "crosses itself",
    "no-shape": "not calibrated",
    "not-shown": "not shown",
    parts: "parts lack units",
  } satisfies Record<Why, string> as Record<Why, string>,
  value: ({ value, unit }: Value) => {
    const [factor, name, decimals] = SHOWN[unit];
    return figure(value * factor, decimals) + name;
  },
  valueSpoken: ({ quantity, value, unit }: Value) => {
    const [factor, , decimals, name] = SHOWN[unit];
    return `${english.quantities[quantity]} ${figure(value * factor, decimals).replace("−", "minus ")} ${name}`;
  },
  /** For tables: the number alone, and its unit. */
  cell: ({ value, unit }: Value): readonly [string, string] => {
    const [factor, name, decimals] = SHOWN[unit];
    return [(value * factor).toFixed(decimals + 2), name.trim()];
  },
  added: (name: string, result: string) => `${name} set. ${result}`,
  deleted: (name: string) => `${name} deleted.`,
  cleared: "All deleted.",
  undone: "Undone.",
  redone: "Done again.",
  held: (name: string) => `Holding ${name}. Move it with the arrows, put it down with Enter.`,
  putDown: "Put down.",
  givenUp: "Given up.",
  nothingThere: "There is nothing to take hold of.",
  locked: (name: string) => `${name} is locked.`,
  place: (across: string, down: string) => `${across} across, ${down} down.`,
};

export type MeasureTexts = typeof english;
