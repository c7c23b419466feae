/**
 * echOpen's text films: `#key:value` lines (timestamp, lines, length, frequency in MHz, piezofrequency, angle, r0, rf),
 * then one row of blank-separated integers per line. Files of the lounger have no `#` lines: a settings file says the
 * rest. `#angle` repeats r0 in every file seen and is ignored.
 */
import { SondeError } from "../errors.ts";
import { ECHOPEN_SOUND_SPEED_MPS, rotationLines } from "../geometry/echopen.ts";
import type { LineData } from "../model.ts";
import {
  DEFAULT_SETTINGS_2017,
  DEFAULT_SETTINGS_2019,
  type EchopenGeometry,
  type EchopenSettings,
  echopenGeometry,
  MOST_SAMPLES,
} from "../protocols/echopen-settings.ts";
import type { Source } from "../source.ts";
import { findSettings } from "./echopen-lookup.ts";
import type { FileBytes } from "./file.ts";
import type { OpenOptions } from "./options.ts";
import { quote } from "./quote.ts";
import { recording } from "./recording.ts";

const NEWLINE = 10;
const HASH = 35;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;
/** Header lines that are read; a file with more is no echOpen film. */
const MOST_HEADERS = 64;

interface TextFilm {
  headers: ReadonlyMap<string, string>;
  rows: number;
  columns: number;
  values: Int16Array;
}

function corrupt(message: string): SondeError {
  return new SondeError("corrupt-file", `${message}; the text film is damaged or cut off.`);
}

/** One pass over the bytes: no strings are made of the samples. */
function parse(bytes: Uint8Array): TextFilm {
  const headers = new Map<string, string>();
  let at = 0;
  while (at < bytes.length && bytes[at] === HASH) {
    const end = bytes.indexOf(NEWLINE, at);
    const line = new TextDecoder().decode(
      bytes.subarray(at + 1, Math.min(end < 0 ? bytes.length : end, at + 256)),
    );
    const colon = line.indexOf(":");
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    if (headers.size > MOST_HEADERS) throw corrupt(`More than ${MOST_HEADERS} header lines`);
    at = end < 0 ? bytes.length : end + 1;
  }
  // Every value takes at least a digit and a blank.
  const values = new Int16Array(Math.ceil((bytes.length - at + 1) / 2));
  let count = 0;
  let rows = 0;
  let columns = 0;
  let rowStart = 0;
  const endRow = () => {
    const found = count - rowStart;
    if (found === 0) return;
    rows++;
    if (rows === 1) columns = found;
    if (columns > MOST_SAMPLES)
      throw corrupt(`Row 1 has ${columns} values, at most ${MOST_SAMPLES} are possible`);
    if (found !== columns) throw corrupt(`Row ${rows} has ${found} values, row 1 has ${columns}`);
    rowStart = count;
  };
  while (at < bytes.length) {
    const code = bytes[at];
    if (code === NEWLINE) {
      endRow();
      at++;
    } else if (code === 32 || code === 9 || code === 13) at++;
    else {
      const start = at;
      const negative = code === MINUS;
      if (negative) at++;
      let value = 0;
      const digits = at;
      while (at < bytes.length && bytes[at] >= ZERO && bytes[at] <= NINE && at - digits < 6)
        value = value * 10 + bytes[at++] - ZERO;
      const next = at < bytes.length ? bytes[at] : NEWLINE;
      if (
        at === digits ||
        (next !== 32 && next !== 9 && next !== 13 && next !== NEWLINE) ||
        value > (negative ? 32768 : 32767)
      )
        throw corrupt(
          `${quote(new TextDecoder().decode(bytes.subarray(start, start + 12)).split(/\s/)[0], 12)} in row ${rows + 1} is not a 16-bit integer`,
        );
      values[count++] = negative ? -value : value;
    }
  }
  endRow();
  return { headers, rows, columns, values: values.subarray(0, count) };
}

/** A header's number within bounds, undefined when the header is absent. */
function header(film: TextFilm, key: string, least: number, most: number): number | undefined {
  const text = film.headers.get(key);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text === "" || !(value >= least && value <= most))
    throw corrupt(`The header ${quote(`#${key}:${text}`)} is not between ${least} and ${most}`);
  return value;
}

/** Settings the lounger's application always used, when the file's name and size are its. */
function loungerByName(name: string, film: TextFilm, warnings: string[]): EchopenSettings | undefined {
  const match = /lounger_v1_(3_5|5)mhz/i.exec(name);
  if (!match || film.rows % DEFAULT_SETTINGS_2019.lines !== 0) return undefined;
  const kinematics = `PROBE_V1__${match[1]}MHZ`;
  warnings.push(
    `The geometry of ${kinematics} is assumed from the file's name (give settings to change it).`,
  );
  return { ...DEFAULT_SETTINGS_2019, kinematics };
}

/** @throws SondeError `corrupt-file`, `missing-data`, `bad-option`, `bad-geometry` */
export async function openText(file: FileBytes, options: OpenOptions = {}): Promise<Source> {
  const film = parse(file.bytes);
  if (film.rows < 2 || film.columns < 2)
    throw corrupt(`${film.rows} rows of ${film.columns} values are no film`);
  const warnings: string[] = [];
  const fits = (lines: number) => film.rows % lines === 0;
  const found = await findSettings(
    file.name,
    options,
    undefined,
    ({ settings }) => fits(settings.lines),
    warnings,
  );
  const lines = header(film, "lines", 2, 4096) ?? found?.settings.lines;
  const length = header(film, "length", 2, MOST_SAMPLES);
  if (length !== undefined && length !== film.columns)
    throw corrupt(`The header says ${length} values in a row, the rows have ${film.columns}`);

  let geometry: EchopenGeometry;
  let lineCount: number;
  const frequencyMHz = header(film, "frequency", 1e-3, 1e3);
  const r0Mm = header(film, "r0", 0, 1000);
  if (frequencyMHz !== undefined && r0Mm !== undefined) {
    lineCount = lines ?? film.rows;
    const sectorDeg = found?.settings.sectorDeg ?? DEFAULT_SETTINGS_2017.sectorDeg;
    if (!found)
      warnings.push(
        `The file does not hold its sector; ${sectorDeg} degrees are assumed (give settings to change it).`,
      );
    const sampleRateHz = frequencyMHz * 1e6;
    const drM = ECHOPEN_SOUND_SPEED_MPS / (2 * sampleRateHz);
    geometry = {
      lines: rotationLines(lineCount, (sectorDeg * Math.PI) / 180, r0Mm * 1e-3, drM),
      sampleRateHz,
      warnings: [],
    };
  } else {
    const settings = found?.settings ?? loungerByName(file.name, film, warnings);
    if (!settings)
      throw new SondeError(
        "missing-data",
        `${quote(file.name)} has ${film.rows} rows of ${film.columns} values and no header; give the text of its settings file (r0, rf, decimation, lines, sector, mode, name).`,
      );
    lineCount = settings.lines;
    geometry = echopenGeometry(settings, settings.kinematics ? "2019" : "2017");
  }
  if (!fits(lineCount))
    throw new SondeError(
      found?.given ? "bad-option" : "corrupt-file",
      `The file has ${film.rows} rows, which are no whole frames of ${lineCount} lines; it is cut off, or its settings are others.`,
      { fields: { rows: film.rows, lines: lineCount } },
    );

  const piezoMHz = header(film, "piezofrequency", 1e-3, 1e3);
  const centerFrequencyHz =
    options.centerFrequencyHz ?? (piezoMHz === undefined ? geometry.centerFrequencyHz : piezoMHz * 1e6);
  // Only the 2017 tool wrote RF as text; the lounger's files hold what its application showed.
  const signal = options.samples ?? (film.headers.size > 0 ? "rf" : "envelope");
  const info: LineData & { frameCount: number } = {
    kind: "lines",
    name: file.name,
    format: "echOpen text",
    signal,
    frameCount: film.rows / lineCount,
    soundSpeedMps: ECHOPEN_SOUND_SPEED_MPS,
    ...(centerFrequencyHz ? { centerFrequencyHz } : {}),
    warnings: [...warnings, ...geometry.warnings],
    lines: geometry.lines,
    sampleCount: film.columns,
    sampleRateHz: geometry.sampleRateHz,
  };
  const timeS = header(film, "timestamp", 0, 1e12);
  const perFrame = lineCount * film.columns;
  return recording(info, (index) => ({
    index,
    samples: film.values.slice(index * perFrame, (index + 1) * perFrame),
    ...(timeS === undefined || index > 0 ? {} : { timeS }),
  }));
}
