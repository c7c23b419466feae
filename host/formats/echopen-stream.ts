/** Recorded echOpen TCP streams (2017 and 2019) as sources. */
import { SondeError } from "../errors.ts";
import type { LineData } from "../model.ts";
import { ByteQueue } from "../protocols/byte-queue.ts";
import { echopenAcquisition, echopenFrame } from "../protocols/echopen-acquisition.ts";
import { E2_HEADER_BYTES, E2Parser, readE2Header } from "../protocols/echopen-e2.ts";
import { E3Parser } from "../protocols/echopen-e3.ts";
import type { HeaderedParser } from "../protocols/echopen-headered.ts";
import { isLock, type RecordEvent } from "../protocols/echopen-records.ts";
import {
  DEFAULT_SETTINGS_2017,
  type EchopenFamily,
  type EchopenSettings,
  samplesPerLine,
  settingsFault,
} from "../protocols/echopen-settings.ts";
import { type Sweep, SweepAssembler } from "../protocols/echopen-sweeps.ts";
import { missingWarning } from "../protocols/line-frames.ts";
import type { Source } from "../source.ts";
import { findSettings } from "./echopen-lookup.ts";
import type { FileBytes } from "./file.ts";
import type { OpenOptions } from "./options.ts";
import { recording } from "./recording.ts";

/** True when bytes from `at` are records of these settings: at least two, whose numbers follow one another. */
function recordsAt(bytes: Uint8Array, at: number, settings: EchopenSettings, family: EchopenFamily): boolean {
  const layout = { lines: settings.lines, samples: samplesPerLine(settings, family), mode: settings.mode };
  const queue = new ByteQueue();
  queue.append(bytes.subarray(at, at + 16 * (layout.samples + 1)));
  return isLock(queue, 0, layout, true) === true;
}

/** True when the file starts with a header of 2017 and records that agree with it. */
export function looksLikeE2(bytes: Uint8Array): boolean {
  const header = readE2Header(bytes.subarray(0, E2_HEADER_BYTES));
  return (
    typeof header !== "number" &&
    settingsFault(header.settings, "2017") === undefined &&
    recordsAt(bytes, E2_HEADER_BYTES, header.settings, "2017")
  );
}

/** The heuristic of the protocol's documentation: plausible depths, sector and a short printable name. */
export function looksLikeE3(bytes: Uint8Array): boolean {
  if (bytes.length < 27) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const r0 = view.getFloat32(0);
  const rf = view.getFloat32(4);
  const sector = view.getFloat32(14);
  const nameLength = view.getInt32(19);
  if (!(r0 >= 1 && r0 < rf && rf <= 500 && sector >= 1 && sector <= 180)) return false;
  if (nameLength < 1 || nameLength > 64 || bytes.length < 27 + nameLength) return false;
  return bytes.subarray(23, 23 + nameLength).every((code) => code >= 0x20 && code <= 0x7e);
}

interface Recorded {
  sweeps: Sweep[];
  gaps: RecordEvent[];
  settings: EchopenSettings;
}

function readAll(parser: HeaderedParser, bytes: Uint8Array): Recorded {
  const events = parser.push(bytes);
  events.push(...parser.end());
  const { settings } = parser;
  if (!settings) throw new SondeError("internal", "The echOpen parser accepted bytes without a header.");
  const assembler = new SweepAssembler(settings.lines);
  const sweeps: Sweep[] = [];
  for (const event of events) {
    const done = assembler.push(event);
    if (done) sweeps.push(done);
  }
  const last = assembler.end();
  if (last) sweeps.push(last);
  return { sweeps, gaps: events.filter((event) => event.kind === "gap"), settings };
}

function asSource(
  file: FileBytes,
  recorded: Recorded,
  family: EchopenFamily,
  options: OpenOptions,
  notes: readonly string[],
): Source {
  const { sweeps, gaps, settings } = recorded;
  if (sweeps.length === 0)
    throw new SondeError(
      "corrupt-file",
      `No echOpen lines were found in ${file.bytes.length} bytes for ${settings.lines} lines of ${samplesPerLine(settings, family)} samples (depths ${settings.r0Mm} to ${settings.rfMm} mm, decimation ${settings.decimation}); give the right settings.`,
    );
  const live = echopenAcquisition(settings, family, { ...options, name: file.name });
  const skipped = gaps.reduce((sum, gap) => sum + (gap.kind === "gap" ? gap.bytes : 0), 0);
  const info: LineData & { frameCount: number } = {
    ...live,
    frameCount: sweeps.length,
    warnings: [
      ...notes,
      ...live.warnings,
      ...missingWarning(sweeps),
      ...(skipped ? [`${skipped} bytes belong to no whole line and were skipped.`] : []),
    ],
  };
  return recording(info, (index) => echopenFrame(index, sweeps[index], settings, live.sampleCount));
}

/**
 * A recording of the 2017 protocol. Without a header the settings given, those beside the file, or the lab tool's are
 * used. @throws SondeError `corrupt-file`, `bad-option`
 */
export async function openE2(file: FileBytes, options: OpenOptions = {}): Promise<Source> {
  const { bytes, name } = file;
  const header = readE2Header(bytes.subarray(0, E2_HEADER_BYTES));
  const plausible = typeof header !== "number" && settingsFault(header.settings, "2017") === undefined;
  const agrees = plausible && recordsAt(bytes, E2_HEADER_BYTES, header.settings, "2017");
  if (agrees || (plausible && options.settings === undefined))
    return asSource(file, readAll(new E2Parser(), bytes), "2017", options, []);

  const warnings: string[] = [];
  const found = await findSettings(name, options, "2017", () => true, warnings);
  if (found) {
    warnings.push(
      found.given
        ? "The recording has no header; the settings given are used."
        : "The recording has no header; the settings beside it are used.",
    );
    return asSource(file, readAll(new E2Parser(found.settings), bytes), "2017", options, warnings);
  }
  const recorded = readAll(new E2Parser(DEFAULT_SETTINGS_2017), bytes);
  // Without any line the header is the fault to report.
  if (recorded.sweeps.length === 0)
    return asSource(file, readAll(new E2Parser(), bytes), "2017", options, []);
  warnings.push(
    "The recording has no header; echOpen's usual settings (80 to 160 mm, 57 degrees) are assumed.",
  );
  return asSource(file, recorded, "2017", options, warnings);
}

/** A recording of the 2019 protocol. @throws SondeError `corrupt-file`, `bad-geometry`, `bad-option` */
export async function openE3(file: FileBytes, options: OpenOptions = {}): Promise<Source> {
  const given = await findSettings(file.name, { settings: options.settings }, "2019", () => true, []);
  const headered = looksLikeE3(file.bytes) || !given;
  const recorded = readAll(new E3Parser(headered ? undefined : given?.settings), file.bytes);
  // Given settings may name the kinematics that the header does not.
  if (given?.settings.kinematics)
    recorded.settings = { ...recorded.settings, kinematics: given.settings.kinematics };
  return asSource(file, recorded, "2019", options, []);
}
