/**
 * Full-matrix captures of synaptus (Skjelvareid, JOSS 2021, 10.21105/joss.04185): cell `data` with the int16 echoes
 * [samples, receiver] of every transmitting element, `fs` in MHz, `cp` in m/s, window start `MWB` in microseconds.
 *
 * The file says nothing about the array: pitch, frequency and pulse delay are those of the authors' 32-element probe and
 * script, stated as warnings, and can be given.
 */
import { SondeError } from "../errors.ts";
import { linearArray } from "../geometry/arrays.ts";
import { firingTimes } from "../geometry/transmits.ts";
import type { ChannelData, SampleArray, Transmit } from "../model.ts";
import type { Source } from "../source.ts";
import { Names, toSamples } from "./mat-values.ts";
import type { MatFile } from "./mat5.ts";
import { joined } from "./must.ts";
import type { OpenOptions } from "./options.ts";
import { recording } from "./recording.ts";

/** What a synaptus file needs, for error messages. */
export const SYNAPTUS_NAMES = "data (one cell per transmitting element), fs (MHz), cp (m/s) and MWB (us)";

/** The authors' probe: 32 elements 1 mm apart, 3.5 MHz. */
const DEFAULT_PITCH_M = 1e-3;
const DEFAULT_CENTER_FREQUENCY_HZ = 3.5e6;
/** Trigger to centre of the pulse, from the authors' processing of the same recording. */
const DEFAULT_PULSE_DELAY_S = 0.7e-6;

export function isSynaptus(mat: MatFile): boolean {
  return (
    ["fs", "cp", "MWB"].every((name) => mat.variables.has(name)) && mat.variables.get("data")?.kind === "cell"
  );
}

export function openSynaptus(
  mat: MatFile,
  fileName: string,
  notes: readonly string[],
  options: Pick<OpenOptions, "pitchM" | "centerFrequencyHz" | "pulseDelayS">,
): Source {
  const names = new Names();
  names.add(mat.variables);
  const data = mat.variables.get("data");
  const sampleRateHz = (names.scalar("fs", 1e-3, 1e4) ?? 0) * 1e6;
  const soundSpeedMps = names.scalar("cp", 100, 20000);
  const windowStartUs = names.scalar("MWB", -1e4, 1e6);
  if (data?.kind !== "cell" || !sampleRateHz || soundSpeedMps === undefined || windowStartUs === undefined)
    throw new SondeError("missing-data", `A synaptus capture needs ${SYNAPTUS_NAMES}; one of them is empty.`);

  const captures: SampleArray[] = [];
  const elements = data.cells.length;
  let sampleCount = 0;
  for (const [k, cell] of data.cells.entries()) {
    if (cell.kind !== "numeric" || cell.imaginary || cell.shape.length !== 2 || cell.shape[1] !== elements)
      throw new SondeError(
        "corrupt-file",
        `Cell ${k + 1} of data must hold real echoes [samples, ${elements} receivers]; it holds ${cell.kind === "numeric" ? cell.shape.join(" x ") : `a ${cell.kind}`}.`,
      );
    const first = data.cells[0];
    if (first.kind === "numeric" && (cell.shape[0] !== first.shape[0] || cell.class !== first.class))
      throw new SondeError(
        "corrupt-file",
        `Cell ${k + 1} of data holds ${cell.shape.join(" x ")} ${cell.class}, cell 1 holds ${first.shape.join(" x ")} ${first.class}; all must agree.`,
      );
    sampleCount = cell.shape[0];
    captures.push(toSamples(cell.real));
  }
  if (sampleCount === 0) throw new SondeError("corrupt-file", "data holds no echoes; the capture is empty.");

  const warnings = [...notes];
  const pitchM = options.pitchM ?? DEFAULT_PITCH_M;
  const centerFrequencyHz = options.centerFrequencyHz ?? DEFAULT_CENTER_FREQUENCY_HZ;
  const pulseDelayS = options.pulseDelayS ?? DEFAULT_PULSE_DELAY_S;
  if (options.pitchM === undefined)
    warnings.push(
      "The file does not hold the element pitch; 1 mm is assumed (the option pitchM of open changes it).",
    );
  if (options.centerFrequencyHz === undefined)
    warnings.push(
      "The file does not hold the centre frequency; 3.5 MHz is assumed (the option centerFrequencyHz of open changes it).",
    );
  if (options.pulseDelayS === undefined)
    warnings.push(
      "The file does not hold the delay of the pulse; 0.7 us is assumed (the option pulseDelayS of open changes it).",
    );

  const probe = { kind: "linear" as const, ...linearArray(elements, pitchM), centerFrequencyHz };
  const startS = windowStartUs * 1e-6 - pulseDelayS;
  const sequence: Transmit[] = captures.map((_, element) => {
    const wave = { kind: "element" as const, element };
    return { wave, startS, firingS: firingTimes(wave, probe, soundSpeedMps) };
  });
  const info: ChannelData & { frameCount: number } = {
    kind: "channels",
    name: fileName,
    format: "synaptus MAT",
    signal: "rf",
    frameCount: 1,
    soundSpeedMps,
    centerFrequencyHz,
    warnings,
    probe,
    sequence,
    sampleCount,
    sampleRateHz,
    modulationFrequencyHz: 0,
  };
  return recording(info, (index) => ({ index, samples: joined(captures) }));
}
