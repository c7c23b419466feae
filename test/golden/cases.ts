/** golden.json, and the command line that repeats each of its cases. Every option comes from the case's own parameters. */
import { readFileSync } from "node:fs";

export interface GoldenCase {
  id: string;
  inputs: string[];
  tolerance: Record<string, number | string>;
  outputs: { name: string; file: string; shape: number[]; axes: string[] }[];
  parameters: Record<string, unknown>;
  metrics?: Record<string, number>;
  score?: { x: [number, number, number]; z: [number, number, number]; points: [number, number][] };
}

export function readCases(data: string): Map<string, GoldenCase> {
  const { cases } = JSON.parse(readFileSync(`${data}golden/golden.json`, "utf8")) as { cases: GoldenCase[] };
  return new Map(cases.map((entry) => [entry.id, entry]));
}

/** Words that make the plain sum the goldens are: no window, linear interpolation. */
const PLAIN = ["--window", "boxcar", "--interpolation", "linear"];

const pwiGrid = (n: number) => ["--x", `-12.5:12.5:${n}`, "--z", `10:35:${n}`];
const pwi = (n: number, fNumber: number, ...rest: string[]) => [
  ...pwiGrid(n),
  "--signal",
  "iq",
  "--f-number",
  String(fNumber),
  ...rest,
];
/** f-number of the interpolation cases: pwi_fnum_opt. */
const OPTIMAL = 1.1248487475247932;

const sector = [
  "--angle",
  `${(-0.698131701 * 180) / Math.PI}:${(0.698131701 * 180) / Math.PI}:128`,
  "--range",
  "9.75:132.460023:192",
];

/** The polar grid of the convex cases; `subset` takes rows and columns 0, 2, 4, ... */
function convexGrid(subset: boolean): string[] {
  const degrees = (angle: number) => (angle * 180) / Math.PI;
  const edge = 0.650759354;
  const angleEnd = subset ? -edge + (2 * edge * 126) / 127 : edge;
  const rangeEnd = subset ? 0.050078 + ((0.159439083 - 0.050078) * 254) / 255 : 0.159439083;
  return [
    "--angle",
    `${degrees(-edge)}:${degrees(angleEnd)}:${subset ? 64 : 128}`,
    "--range",
    `50.078:${rangeEnd * 1e3}:${subset ? 128 : 256}`,
  ];
}

const pybf = (nx: number, nz: number, fNumber: number, window: string) => [
  "--x",
  `-20:20:${nx}`,
  "--z",
  `8:48:${nz}`,
  "--f-number",
  String(fNumber),
  "--window",
  window,
  "--interpolation",
  "linear",
];

/** `sonde beamform` words by case. */
export const BEAMFORM_WORDS: Record<string, string[]> = {
  "pwi_fnum_0.0": pwi(126, 0, ...PLAIN, "--frames", "0:1"),
  "pwi_fnum_1.0": pwi(126, 1, ...PLAIN, "--frames", "0:1"),
  "pwi_fnum_1.5": pwi(251, 1.5, ...PLAIN, "--frames", "0:1"),
  "pwi_fnum_2.0": pwi(126, 2, ...PLAIN, "--frames", "0:1"),
  ...Object.fromEntries(
    ["nearest", "linear", "quadratic", "cubic", "lanczos3", "lanczos5", "5points"].map((name) => [
      `pwi_interp_${name}`,
      pwi(126, OPTIMAL, "--window", "boxcar", "--interpolation", name, "--frames", "0:1"),
    ]),
  ),
  pwi_mach_bf4: pwi(251, 1, ...PLAIN, "--frames", "0:4"),
  pwi_mach_power: pwi(251, 1, ...PLAIN),
  pwi_ens64_input: [
    "--x",
    `${-12.5 + 0.1 * 100}:${-12.5 + 0.1 * 163}:64`,
    "--z",
    `${10 + 0.1 * 90}:${10 + 0.1 * 153}:64`,
    "--signal",
    "iq",
    "--f-number",
    "1.5",
    ...PLAIN,
  ],
  pwi_rf_das: [...pwiGrid(126), "--signal", "rf", "--f-number", "1.5", ...PLAIN, "--frames", "0:1"],
  pybf_das_boxcar: pybf(161, 241, 1.5, "boxcar"),
  pybf_das_hamming: pybf(81, 121, 1.5, "hamming"),
  pybf_das_hanning: pybf(81, 121, 1.5, "hann"),
  pybf_das_none: pybf(81, 121, 0, "boxcar"),
  pybf_das_triangle: pybf(81, 121, 1.5, "triangle"),
  pybf_das_tukey: pybf(81, 121, 1.5, "tukey25"),
  phased_dw_virtual: [
    ...sector,
    "--f-number",
    "0",
    ...PLAIN,
    "--compound",
    "none",
    "--transmit-model",
    "spherical",
  ],
  phased_dw_first_arrival: [
    ...sector,
    "--f-number",
    "0",
    ...PLAIN,
    "--compound",
    "none",
    "--transmit-model",
    "first-arrival",
  ],
  convex_spherical: [
    ...convexGrid(true),
    "--f-number",
    "0",
    ...PLAIN,
    "--compound",
    "none",
    "--transmit-model",
    "spherical",
  ],
  convex_first_arrival_f0: [
    ...convexGrid(false),
    "--f-number",
    "0",
    ...PLAIN,
    "--compound",
    "none",
    "--transmit-model",
    "first-arrival",
  ],
  convex_first_arrival_f1: [
    ...convexGrid(true),
    "--f-number",
    "1",
    ...PLAIN,
    "--compound",
    "none",
    "--transmit-model",
    "first-arrival",
  ],
  pins_tfm_f0: ["--x", "-16:16:161", "--z", "28:50:221", "--f-number", "0", ...PLAIN],
  pins_tfm_f1: ["--x", "-16:16:161", "--z", "28:50:221", "--f-number", "1", ...PLAIN],
};

/** Phased goldens and their polar words, for the scan conversion case. */
export const PHASED_SECTOR_WORDS = sector;

const picmusGrid = ["--x", "-18:18:256", "--z", "10:46:256", "--f-number", "1.75", "--window", "tukey25"];

/** PICMUS scenes: `-linear` cases with linear interpolation, the others with the default. */
export const PICMUS_WORDS: Record<string, string[]> = Object.fromEntries(
  ["1pw", "11pw", "75pw"].flatMap((waves) => {
    const transmits = waves === "1pw" ? ["--transmits", "5"] : [];
    return [
      [`picmus_sr_${waves}`, [...picmusGrid, "--interpolation", "auto", ...transmits]],
      [`picmus_sr_${waves}_linear`, [...picmusGrid, "--interpolation", "linear", ...transmits]],
    ];
  }),
);
