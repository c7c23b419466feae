/** Which options a command takes, and which of them mean something for the data at hand: no option is ignored in silence. */
import type { Acquisition } from "../model.ts";
import type { Option, Values } from "./words.ts";
import { UsageError } from "./wrong-usage.ts";

const READING: readonly Option[] = ["format", "settings", "part"];
const SIGNAL: readonly Option[] = ["signal", "remove-mean", "band", "decimation"];
const GRID: readonly Option[] = ["x", "y", "z", "angle", "range"];
const SUM: readonly Option[] = [
  "f-number",
  "window",
  "interpolation",
  "accuracy",
  "path",
  "arithmetic",
  "columns",
  "transmit-model",
  "method",
  "weight",
  "compound",
  "threads",
];
const PICTURE: readonly Option[] = [
  "dynamic-range",
  "gain",
  "tgc",
  "speckle",
  "persistence",
  "smooth",
  "grey-map",
  "height",
];
const FLOW: readonly Option[] = ["clutter", "lag", "smoothing", "frame-rate", "center-frequency"];
const RUNNING: readonly Option[] = ["backend", "json"];

const CONVERT: readonly Option[] = ["output", "frames", "transmits", ...READING, ...SIGNAL, ...RUNNING];
const BEAMFORM: readonly Option[] = [...CONVERT, "stack", ...GRID, ...SUM, "sound-speed"];

/** Options by command, beside --help. */
export const OPTIONS_OF = {
  info: [...READING, "stack", "json"],
  beamform: BEAMFORM,
  image: [...BEAMFORM, ...PICTURE],
  flow: [...BEAMFORM.filter((name) => name !== "compound"), ...FLOW],
  convert: CONVERT,
  simulate: ["output", "frames", "seed", "json"],
  serve: ["port", "host", "open", "probe", "protocol"],
  openigtlink: ["protocol", "start", "set", "listen", "rate", ...SIGNAL, ...PICTURE],
  record: ["protocol", "start", "set", "output", "seconds", "max-bytes", "json"],
  probe: ["protocol", "listen", "from", "rate", "fault", "seed", "obey"],
} as const satisfies Record<string, readonly Option[]>;

export type Command = keyof typeof OPTIONS_OF;

/** Why a command has no use for the others. */
const WHAT_IT_DOES: Record<Command, string> = {
  info: "only looks into the file",
  beamform: "writes the complex sum",
  image: "makes a picture",
  flow: "writes velocity, power and variance",
  convert: "writes the data behind the signal stage",
  simulate: "writes what the simulated probe gives",
  serve: "leaves everything else to the page",
  openigtlink: "sends pictures",
  record: "keeps what the device says",
  probe: "plays a device",
};

const given = (values: Values) => (Object.keys(values) as Option[]).filter((name) => name !== "help");

/** Refuses options of other commands. @throws UsageError */
export function checkCommand(command: Command, values: Values): void {
  const own: readonly Option[] = OPTIONS_OF[command];
  for (const name of given(values)) {
    if (own.includes(name)) continue;
    const takers = Object.entries(OPTIONS_OF).filter(([, options]: [string, readonly Option[]]) =>
      options.includes(name),
    );
    const others = takers.map(([taker]) => taker).join(", ");
    throw new UsageError(`--${name} is for sonde ${others}; sonde ${command} ${WHAT_IT_DOES[command]}`);
  }
}

/** Refuses values that later versions will have. @throws UsageError */
export function checkVersion(values: Values): void {
  const offered: [Option, readonly string[]][] = [
    ["backend", ["auto", "wasm"]],
    ["method", ["das"]],
    ["weight", ["none"]],
  ];
  for (const [name, choices] of offered) {
    const value = values[name];
    if (value !== undefined && !choices.includes(String(value)))
      throw new UsageError(`--${name} ${value}: this version has ${choices.join(" and ")}`);
  }
}

/** Refuses options that mean nothing for these data. @throws UsageError */
export function checkData(command: Command, values: Values, info: Acquisition): void {
  const refuse = (names: readonly Option[], why: string) => {
    for (const name of names) if (values[name] !== undefined) throw new UsageError(`--${name}: ${why}`);
  };
  const { name, format } = info;
  if (format === "simulated") refuse(["format", "part"], `${name} is no file`);
  if (format !== "NPY") refuse(["stack"], `${name} is no NPY array`);
  if (!format.startsWith("echOpen")) refuse(["settings"], `${name} is no echOpen recording`);
  if (info.kind === "lines") {
    if (command === "flow") refuse(["x", "z"], `${name} holds lines: their flow is written line by line`);
    refuse(
      ["transmits", "signal", "decimation", ...SUM],
      `${name} holds lines, which are beamformed already`,
    );
    refuse(["y"], `${name} holds lines, which fill no volume`);
    refuse(["angle", "range"], `${name} holds lines: they are shown on a grid of --x and --z`);
  } else if (info.kind === "beamformed")
    refuse(
      ["transmits", ...SIGNAL, ...SUM, "sound-speed", "y"],
      `${name} holds an image, which is beamformed already`,
    );
  else {
    const { interpolation = "auto" } = values;
    if (interpolation !== "auto")
      refuse(["accuracy"], `it is what interpolation auto keeps, and --interpolation is ${interpolation}`);
    if (info.signal === "iq") refuse(["decimation"], `${name} holds IQ already`);
    if (values.signal !== "iq") refuse(["decimation"], "only demodulated data are thinned: add --signal iq");
    if (command !== "image" && values.angle !== undefined)
      refuse(["x", "z"], `beside --angle and --range they are a picture's grid; sonde ${command} makes none`);
  }
  if (command === "image" || command === "openigtlink") checkPicture(command, values, info, refuse);
}

function checkPicture(
  command: Command,
  values: Values,
  info: Acquisition,
  refuse: (names: readonly Option[], why: string) => void,
): void {
  if (values.output?.toLowerCase().endsWith(".npy"))
    refuse(["grey-map"], `${values.output} holds decibels, not colours`);
  if (values.x !== undefined) refuse(["height"], "--z says how many rows the picture has");
  if (info.kind !== "beamformed" || values.angle !== undefined || info.scan?.kind === "sector") return;
  // sonde image makes the pixels square where it knows their size.
  if (!info.scan || command !== "image") refuse(["height"], `${info.name} is shown row by row`);
}
