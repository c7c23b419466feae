/** Options to the pipeline they describe: millimetres, degrees and MHz at this edge become SI. */
import { apexOf } from "../engine/scan.ts";
import type { Acquisition, Scan } from "../model.ts";
import type {
  Clutter,
  Compound,
  GreyMap,
  Interpolation,
  Pipeline,
  Signal,
  TransmitModel,
  Window,
} from "../pipeline.ts";
import { axis, indexList, number, optionalNumber } from "./numbers.ts";
import type { Option, Values } from "./words.ts";
import { UsageError } from "./wrong-usage.ts";

const MM = 1e-3;
const DEGREE = Math.PI / 180;
const MHZ = 1e6;

/** `linear` from --x and --z, `sector` from --angle and --range, about the probe's centre of curvature. */
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
  return { linear, sector };
}

function band(text: string): Pipeline["band"] {
  const edges = text.split(":");
  if (edges.length !== 2) throw new UsageError(`--band ${text}: expected LO:HI in MHz`);
  const [lowHz, highHz] = edges.map((edge) => number("band", edge) * MHZ);
  return { lowHz, highHz };
}

function fNumber(text: string | undefined): number | "auto" | undefined {
  return text === "auto" ? text : optionalNumber("f-number", text);
}

/** `METHOD`, `METHOD:ORDER` or `fir:TAP,TAP,...`. */
function clutter(text: string): NonNullable<Pipeline["flow"]>["clutter"] {
  const [method, detail] = text.split(":");
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
  const { linear, sector } = grids(values, info);
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
    scan: sector ?? linear,
    beamform: {
      fNumber: fNumber(values["f-number"]),
      window: (values.window as Window | undefined) ?? defaults.window,
      interpolation: values.interpolation as Interpolation | undefined,
      transmitModel: values["transmit-model"] as TransmitModel | undefined,
      compound: values.compound as Compound | undefined,
    },
    flow: flow(values),
    display: {
      dynamicRangeDb: optionalNumber("dynamic-range", values["dynamic-range"]),
      gainDb: optionalNumber("gain", values.gain),
      tgcDb: values.tgc?.split(",").map((part) => number("tgc", part)),
      greyMap: values["grey-map"] as GreyMap | undefined,
      heightPx: optionalNumber("height", values.height),
      grid: sector && linear ? linear : undefined,
    },
  };
}
