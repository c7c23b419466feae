/** Wrong usage: exit code 2, one line that names the option and the text that was given, nothing written. */
import { existsSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { OPTIONS_OF } from "../../../host/cli/applicable.ts";
import { USAGE } from "../../../host/cli/usage.ts";
import { encodeNpy } from "../../../host/formats/npy.ts";
import { scratchFolder, sonde, sondeWithin } from "../../command.ts";

const folder = scratchFolder();
const out = `${folder}/out`;
const lines = `${folder}/lines.txt`;
writeFileSync(lines, `${Array.from({ length: 16 }, (_, i) => `${i} `.repeat(64)).join("\n")}\n`);
writeFileSync(`${folder}/settings.txt`, "80\n160\n8\n16\n57\n0\n");
const array = `${folder}/array.npy`;
writeFileSync(array, encodeNpy(new Float32Array(8 * 9), [8, 9], "<f4"));

const beamform = (...words: string[]) => ["beamform", "simulated", "-o", `${out}.npy`, ...words];
const image = (...words: string[]) => ["image", "simulated", "-o", `${out}.png`, ...words];
const ofLines = (...words: string[]) => ["image", lines, "-o", `${out}.png`, ...words];
const ofArray = (...words: string[]) => ["image", array, "-o", `${out}.png`, ...words];
const flow = (...words: string[]) => ["flow", "simulated", "-o", `${out}.npy`, ...words];
const igtl = (...words: string[]) => ["openigtlink", ...words, "--listen", "tcp://127.0.0.1:0"];
const convert = (...words: string[]) => ["convert", "simulated", `${out}.npy`, ...words];

const WRONG: [words: string[], message: RegExp][] = [
  [["frobnicate"], /frobnicate: no such command \(sonde --help/],
  [["info"], /needs a FILE/],
  [["image", "simulated"], /-o OUT.png is missing/],
  [["image", "simulated", "-o", "x.jpg"], /must end in .png or .npy/],
  [beamform("second"), /one file at a time/],
  [beamform("--colour", "red"), /--colour/],
  [beamform("--x", "1:2"), /--x and --z belong together/],
  [beamform("--x", "1:2", "--z", "1:2:3"), /--x 1:2: expected MIN:MAX:N/],
  [beamform("--frames", "5:2"), /--frames 5:2: empty/],
  [beamform("--frames", "9000:"), /has frames 0 to 299/],
  [beamform("--transmits", "1:1000000000"), /--transmits 1:1000000000: the data have indices 0 to 2/],
  [beamform("--method", "capon"), /this version has das/],
  [beamform("--threads", "0"), /--threads 0: it must be "auto" or a whole number from 1 to 64/],
  [beamform("--threads", "many"), /--threads many: not a number/],
  [image("--gain", "loud"), /--gain loud: not a number/],
  [image("--gain", "auto", "--tgc", "0,3"), /--tgc 0,3: --gain auto finds it: leave one of them out/],
  [["openigtlink", "simulated", "--gain", "auto"], /--gain auto: it is for sonde image, give decibels here/],
  [image("--frames", ""), /--frames "": expected A:B/],
  [image("--height", "100.5"), /--height 100.5: it must be a whole number/],
  [image("--accuracy", "5", "--interpolation", "linear"), /--accuracy: it is what interpolation auto keeps/],
  [flow("--threads", "999"), /--threads 999: it must be "auto"/],
  [flow("--clutter", "svd:2:3"), /--clutter svd:2:3: expected METHOD or METHOD:ORDER/],
  [["convert", array, array], /array.npy is the input: give the output another name/],
  [["openigtlink", "simulated", "--rate", "0"], /--rate 0: more than 0/],
  [["probe", "simulate", "--protocol", "p0rk", "--fault", ","], /"" is no fault/],
  [["serve", "--port", "99999999"], /--port 99999999/],
  [["serve", "--host", ""], /--host "": expected a name or an address/],
  [
    ["image", "simulated:matrix", "-o", `${out}.png`],
    /simulated:matrix: the simulated probe is simulated:linear/,
  ],
  [["serve", "simulated:matrix"], /simulated:matrix: the simulated probe is/],
  [convert("-o", "second.npy"), /--output second.npy: the output is/],
  [["convert", "simulated", `${out}.mat`], /must end in .npy or .uff/],
  [
    ["convert", "simulated", `${out}.uff`, "--band", "1:2"],
    /--band: .*out.uff holds the samples as they were/,
  ],
  [
    ["convert", "simulated", `${out}.uff`, "--transmits", "7"],
    /--transmits 7: it must be an index from 0 to 2/,
  ],
  [["simulate"], /needs a scene/],
  [["simulate", "matrix", "-o", `${out}.uff`], /matrix: the scenes are linear, phased, convex/],
  [["simulate", "linear"], /-o OUT.uff is missing/],
  [["simulate", "linear", "-o", `${out}.h5`], /must end in .uff or .npy/],
  [
    ["simulate", "linear", "-o", `${out}.uff`, "--frames", "0"],
    /--frames 0: it must be a whole number from 1/,
  ],
  [["simulate", "linear", "-o", `${out}.uff`, "--gain", "3"], /--gain is for sonde image/],

  // What the engine refuses, in the command line's words.
  [image("--f-number", "50"), /--f-number 50: it must be a number from 0 to 20/],
  [image("--window", "round"), /--window round: it must be one of boxcar/],
  [image("--signal", "raw"), /--signal raw: it must be one of rf/],
  [image("--compound", "none"), /--compound is "none"/],
  [image("--tgc", "1,99"), /--tgc 1,99: it must be a number from -40 to 40 dB/],
  [image("--band", "5:3"), /--band 5:3: it must be 0 <= low < high, low below 10.000 MHz/],
  [image("--transmits", "1,7"), /--transmits 1,7: it must be an index from 0 to 2/],
  [image("--sound-speed", "3"), /--sound-speed 3: it must be a number from 100/],
  [image("--height", "4"), /--height 4: it must be a number from 16/],
  [beamform("--x", "-5:5:9000", "--z", "1:2:3"), /--x -5:5:9000: N must be a whole number from 1 to 8192/],
  [beamform("--x", "-5:5:9", "--z", "9:2:3"), /--z 9:2:3: it must be min <= max in millimetres/],
  [beamform("--angle", "-900:5:9", "--range", "1:2:3"), /--angle -900:5:9: it must be within one turn/],
  [ofLines("--format", "wav"), /--format wav: it must be one of hdf5/],
  [ofArray("--x", "0:1:5", "--z", "0:1:6"), /the grid is 6 x 5 points, but array.npy holds 8 x 9/],

  [flow("--clutter", "wall"), /--clutter wall: it must be one of none, mean, polynomial/],
  [flow("--clutter", "mean:2"), /--clutter mean:2: mean has no order/],
  [flow("--clutter", "svd:x"), /--clutter x: not a number/],
  [flow("--lag", "9", "--frames", "0:4"), /--lag 9: it must be below 4, the frames of the ensemble/],
  [flow("--clutter", "dct:5", "--frames", "0:4"), /--clutter dct:5: it must be lower/],
  [flow("--smoothing", "4"), /--smoothing 4: it must be an odd number/],
  [flow("--frame-rate", "-1"), /--frame-rate -1: it must be a number from 0.001 to 1000000 Hz/],
  [flow("--signal", "rf", "--frames", "0:4"), /--signal "?is?.*flow needs the phase/],

  // Options that mean nothing for the command.
  [flow("--compound", "none"), /--compound is for sonde beamform, image; sonde flow writes velocity/],
  [beamform("--lag", "2"), /--lag is for sonde flow/],
  [
    ["info", "simulated", "--window", "hann"],
    /--window is for sonde beamform, image, flow; sonde info only looks/,
  ],
  [["serve", "--gain", "3"], /--gain is for sonde image, openigtlink; sonde serve/],
  [beamform("--gain", "3"), /--gain is for sonde image, openigtlink; sonde beamform writes the complex sum/],
  [beamform("--tgc", "3"), /--tgc is for sonde image/],
  [beamform("--speckle", "srad"), /--speckle is for sonde image/],
  [beamform("--persistence", "0.5"), /--persistence is for sonde image/],
  [image("--persistence", "0.5"), /--persistence 0\.5: it averages successive frames: add --frames/],
  [image("--persistence", "1", "--frames", "0:2"), /--persistence 1: it must be a number from 0 to 0\.95/],
  [beamform("--smooth", "0.5"), /--smooth is for sonde image/],
  [image("--smooth", "2"), /--smooth 2: it must be a number from 0 to 1/],
  [image("--speckle", "lee"), /--speckle lee: it must be one of none, median, bilateral, srad/],
  [image("--speckle", "srad:2"), /--speckle srad:2: it must be a number from 0 to 1/],
  [image("--speckle", "srad:much"), /--speckle much: not a number/],
  [image("--speckle", "srad:1:2"), /--speckle srad:1:2: expected METHOD or METHOD:STRENGTH/],
  [beamform("--port", "3"), /--port is for sonde serve/],
  [convert("--window", "hann"), /--window is for .*; sonde convert writes the data behind the signal stage/],
  [convert("--x", "1:2:3"), /--x is for/],
  [convert("--height", "300"), /--height is for/],

  // Options that mean nothing for the data.
  [image("--stack", "frames"), /--stack: .* is no NPY array/],
  [image("--settings", `${folder}/settings.txt`), /--settings: .* is no echOpen recording/],
  [image("--format", "npy"), /--format: .* is no file/],
  [image("--decimation", "2"), /--decimation: only demodulated data are thinned: add --signal iq/],
  [image("--height", "300", "--x", "-5:5:11", "--z", "5:9:11"), /--height: --z says how many rows/],
  [["image", "simulated", "-o", `${out}.npy`, "--grey-map", "warm"], /--grey-map: .* holds decibels/],
  [
    beamform("--x", "0:1:2", "--z", "1:2:2", "--angle", "0:1:2", "--range", "1:2:2"),
    /--x: beside --angle and --range/,
  ],
  ...(["--signal", "--transmits", "--decimation", "--f-number", "--window", "--interpolation"] as const).map(
    (option): [string[], RegExp] => [
      ofLines(option, "1"),
      new RegExp(`${option}: lines.txt holds lines, which are beamformed already`),
    ],
  ),
  [
    ["flow", lines, "-o", `${out}.npy`, "--x", "0:1:2", "--z", "0:1:2"],
    /--x: lines.txt holds lines: their flow is written line by line/,
  ],
  [ofLines("--band", "1:3"), /--band cannot be applied to envelope lines/],
  [ofLines("--angle", "0:1:2", "--range", "1:2:2"), /--angle: lines.txt holds lines: .* --x and --z/],
  ...(["--compound", "--transmit-model", "--band", "--sound-speed", "--transmits"] as const).map(
    (option): [string[], RegExp] => [
      ofArray(option, "1"),
      new RegExp(`${option}: array.npy holds an image, which is beamformed already`),
    ],
  ),
  [ofArray("--remove-mean"), /--remove-mean: array.npy holds an image/],
  [ofArray("--height", "300"), /--height: array.npy is shown row by row/],

  // Before anything is sent.
  [igtl(lines, "--signal", "iq"), /--signal: lines.txt holds lines, which are beamformed already/],
  [igtl(array, "--remove-mean"), /--remove-mean: array.npy holds an image/],
  [igtl(array, "--height", "300"), /--height: array.npy is shown row by row/],
  [igtl("simulated", "--decimation", "2"), /--decimation: only demodulated data are thinned/],
];
/** The first of each command is a process of its own. */
const started = new Set<string>();

for (const [words, message] of WRONG)
  test(`wrong usage exits with 2 and says why: sonde ${words.join(" ").replaceAll(`${folder}/`, "")}`, async () => {
    const run = started.has(words[0]) ? sondeWithin : sonde;
    started.add(words[0]);
    const { code, stderr, stdout } = await run(...words);
    assert.is(code, 2, stderr);
    assert.match(stderr, message);
    assert.is(stderr.trim().split("\n").length, 1);
    assert.not.match(stderr, /\[bad-option\]/);
    assert.is(stdout, "");
    assert.not(existsSync(`${out}.npy`) || existsSync(`${out}.png`));
  });

test("lines and arrays are imaged with the options that mean something for them", async () => {
  for (const words of [
    ofLines("--remove-mean", "--sound-speed", "1500", "--height", "64", "--gain", "3"),
    ofLines("--x", "-60:60:31", "--z", "80:160:41"),
    ofArray("--angle", "-20:20:9", "--range", "10:50:8", "--height", "64"),
  ]) {
    const { code, stderr } = await sonde(...words);
    assert.is(code, 0, stderr);
  }
});

test("a command's help lists exactly the options it takes", () => {
  for (const [command, options] of Object.entries(OPTIONS_OF)) {
    const listed = [...USAGE[command].matchAll(/^ {2}(?:-o, )?--([a-z-]+)/gm)].map(([, name]) => name);
    assert.equal(listed.sort(), [...options].sort(), command);
  }
});

test.run();
