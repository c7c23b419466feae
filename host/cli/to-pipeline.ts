/** Options to the pipeline they describe: millimetres, degrees and MHz at this edge become SI. */
import { apexOf } from "../engine/scan.ts";
import type { Acquisition, Scan, Volume } from "../model.ts";
import type {
  Arithmetic,
  BeamformPath,
  Clutter,
  Columns,
  Compound,
  GreyMap,
  Interpolation,
  Pipeline,
  Signal,
  SpeckleMethod,
  TransmitModel,
  Window,
} from "../pipeline.ts";
import { axis, indexList, number, optionalNumber } from "./numbers.ts";
import type { Option, Values } from "./words.ts";
import { UsageError } from "./wrong-usage.ts";

const MM = 1e-3;
const DEGREE = Math.PI / 180;
const MHZ = 1e6;

/** `linear` from --x and --z, `volume` with --y, `sector` from --angle and --range, about the probe's centre of curvature. */
function grids(values: Values, info: Acquisition) {
  const pair = (a: Option, b: Option) => {
    if ((values[a] === undefined) !== (values[b] === undefined))
      throw new UsageError(`--${a} and --${b} belong together`);
    return values[a] !== undefined;
  };
  const linear: Extract<Scan, { kind: "linear" }> | undefined = pair("x", "z")
    ? { kind: "linear", x: axis("x", values.x ?? "", MM), z: axis("z", values.z ?? "", MM) }
    : undefined;
  const sector: Scan | undefined = pair("angle", "range")
    ? {
        kind: "sector",
        angle: axis("angle", values.angle ?? "", DEGREE),
        range: axis("range", values.range ?? "", MM),
        apex: info.kind === "channels" ? apexOf(info) : [0, 0],
      }
    : undefined;
  if (values.y === undefined) return { linear, sector };
  if (!linear) throw new UsageError("--y belongs to --x and --z: the three make a volume");
  if (sector) throw new UsageError("--y makes a volume: --angle and --range cannot be given beside it");
  const volume: Volume = { ...linear, kind: "volume", y: axis("y", values.y, MM) };
  return { linear, sector, volume };
}

function band(text: string): Pipeline["band"] {
  const edges = text.split(":");
  if (edges.length !== 2) throw new UsageError(`--band ${text}: expected LO:HI in MHz`);
  const [lowHz, highHz] = edges.map((edge) => number("band", edge) * MHZ);
  return { lowHz, highHz };
}

/** METHOD[:STRENGTH]. */
function speckle(text: string): NonNullable<Pipeline["display"]>["speckle"] {
  const [method, strength, ...more] = text.split(":");
  if (more.length > 0) throw new UsageError(`--speckle ${text}: expected METHOD or METHOD:STRENGTH`);
  return { method: method as SpeckleMethod, strength: optionalNumber("speckle", strength) };
}

function fNumber(text: string | undefined): number | "auto" | undefined {
  return text === "auto" ? text : optionalNumber("f-number", text);
}

/** `METHOD`, `METHOD:ORDER` or `fir:TAP,TAP,...`. */
function clutter(text: string): NonNullable<Pipeline["flow"]>["clutter"] {
  const [method, detail, ...more] = text.split(":");
  if (more.length > 0) throw new UsageError(`--clutter ${text}: expected METHOD or METHOD:ORDER`);
  if (detail === undefined) return { method: method as Clutter };
  if (method === "fir") return { method, taps: detail.split(",").map((tap) => number("clutter", tap)) };
  if (["none", "mean"].includes(method)) throw new UsageError(`--clutter ${text}: ${method} has no order`);
  return { method: method as Clutter, order: number("clutter", detail) };
}

function flow(values: Values): Pipeline["flow"] {
  const frequencyMHz = optionalNumber("center-frequency", values["center-frequency"]);
  return {
    clutter: values.clutter === undefined ? undefined : clutter(values.clutter),
    lag: optionalNumber("lag", values.lag),
    smoothing: optionalNumber("smoothing", values.smoothing),
    frameRateHz: optionalNumber("frame-rate", values["frame-rate"]),
    centerFrequencyHz: frequencyMHz === undefined ? undefined : frequencyMHz * MHZ,
  };
}

/** The pipeline that the options describe, for one acquisition. Names of choices are checked by the plan. */
export function toPipeline(values: Values, info: Acquisition, defaults: { window?: Window } = {}): Pipeline {
  const { linear, sector, volume } = grids(values, info);
  const { transmits } = values;
  return {
    transmits:
      transmits === undefined || info.kind !== "channels"
        ? undefined
        : indexList("transmits", transmits, info.sequence.length),
    soundSpeedMps: optionalNumber("sound-speed", values["sound-speed"]),
    removeMean: values["remove-mean"],
    band: values.band === undefined ? undefined : band(values.band),
    signal: values.signal as Signal | undefined,
    demodulation:
      values.decimation === undefined ? undefined : { decimation: number("decimation", values.decimation) },
    scan: volume ?? sector ?? linear,
    beamform: {
      fNumber: fNumber(values["f-number"]),
      window: (values.window as Window | undefined) ?? defaults.window,
      interpolation: values.interpolation as Interpolation | undefined,
      accuracy: values.accuracy === undefined ? undefined : number("accuracy", values.accuracy) / 100,
      path: values.path as BeamformPath | undefined,
      arithmetic: values.arithmetic as Arithmetic | undefined,
      columns: values.columns as Columns | undefined,
      transmitModel: values["transmit-model"] as TransmitModel | undefined,
      compound: values.compound as Compound | undefined,
    },
    flow: flow(values),
    display: {
      dynamicRangeDb: optionalNumber("dynamic-range", values["dynamic-range"]),
      gainDb: optionalNumber("gain", values.gain),
      tgcDb: values.tgc?.split(",").map((part) => number("tgc", part)),
      speckle: values.speckle === undefined ? undefined : speckle(values.speckle),
      persistence: optionalNumber("persistence", values.persistence),
      smoothing: optionalNumber("smooth", values.smooth),
      greyMap: values["grey-map"] as GreyMap | undefined,
      heightPx: optionalNumber("height", values.height),
      grid: sector && linear ? linear : undefined,
    },
  };
}
