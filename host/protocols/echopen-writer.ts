/** Devices that speak echOpen's TCP protocols: a header, then the lines of each frame, swept there and back. */
import { SondeError } from "../errors.ts";
import { ECHOPEN_SOUND_SPEED_MPS } from "../geometry/echopen.ts";
import type { ProtocolWriter } from "../live/protocol.ts";
import { type Acquisition, type Frame, type LineData, lineCount, type SampleArray } from "../model.ts";
import { RECTIFIED_ZERO } from "./echopen-acquisition.ts";
import {
  type EchopenFamily,
  type EchopenSettings,
  parseSettings,
  samplesPerLine,
  settingsFault,
} from "./echopen-settings.ts";
import { linesOf, linesOnly, sectorOf, whole } from "./line-writer.ts";
import type { ProtocolOptions } from "./options.ts";

const LARGEST_INT16 = 32767;

/** Samples per mm of path and unit of decimation, as the family counts them. */
const COUNT_PER_MM = { "2017": (2 * 125) / 1.48, "2019": (2 * 94.6) / 1.48 } as const;

/** The settings whose geometry comes closest to the lines. */
function settingsFor(info: LineData, family: EchopenFamily): EchopenSettings {
  const protocol = family === "2017" ? "echOpen E2" : "echOpen E3";
  const { r0M, drM, angleRad } = sectorOf(info, protocol);
  const mode = info.signal === "rf" ? 0 : 1;
  const lines = lineCount(info);
  const clockHz = family === "2017" ? 125e6 : 80e6;
  const exact = (drM * 2 * clockHz) / ECHOPEN_SOUND_SPEED_MPS;
  const degrees = (angleRad * 180) / Math.PI;
  if (family === "2019") {
    const decimation = Math.max(1, Math.fround(exact));
    const r0Mm = Math.fround(r0M * 1e3);
    const rfMm = Math.fround(r0Mm + ((info.sampleCount + 0.5) * decimation) / COUNT_PER_MM[family]);
    return {
      r0Mm,
      rfMm,
      decimation,
      lines,
      sectorDeg: Math.fround(degrees),
      mode,
      kinematics: "SONDE_ROTATION",
    };
  }
  const decimation = whole(exact, 1, 255);
  const r0Mm = whole(r0M * 1e3, 0, 254);
  // Whole millimetres: the line is as long as they need, and zero beyond the samples.
  const rfMm = whole(Math.ceil(r0Mm + (info.sampleCount * decimation) / COUNT_PER_MM[family]), r0Mm + 1, 255);
  return { r0Mm, rfMm, decimation, lines, sectorDeg: whole(degrees, 1, 180), mode };
}

function header2017(settings: EchopenSettings): Uint8Array {
  const { r0Mm, rfMm, decimation, lines, sectorDeg, mode } = settings;
  return Uint8Array.of(r0Mm, rfMm, decimation, lines, sectorDeg, mode);
}

function header2019(settings: EchopenSettings): Uint8Array {
  const name = new TextEncoder().encode(settings.kinematics ?? "");
  const bytes = new Uint8Array(27 + name.length);
  const view = new DataView(bytes.buffer);
  view.setFloat32(0, settings.r0Mm);
  view.setFloat32(4, settings.rfMm);
  view.setFloat32(8, settings.decimation);
  view.setInt16(12, settings.lines);
  view.setFloat32(14, settings.sectorDeg);
  view.setUint8(18, settings.mode);
  view.setInt32(19, name.length);
  bytes.set(name, 23);
  view.setFloat32(23 + name.length, settings.echoDelayMs ?? 0);
  return bytes;
}

/** One record; what the line has not is no echo. */
function record(line: number, samples: SampleArray, count: number, mode: number): Uint8Array {
  if (mode === 1) {
    const bytes = new Uint8Array(1 + count).fill(RECTIFIED_ZERO);
    bytes[0] = line;
    samples.subarray(0, count).forEach((value, k) => {
      bytes[1 + k] = whole(value + RECTIFIED_ZERO, 1, 255);
    });
    return bytes;
  }
  const bytes = new Uint8Array(2 + 2 * count);
  const view = new DataView(bytes.buffer);
  view.setInt16(0, line, true);
  samples.subarray(0, count).forEach((value, k) => {
    view.setInt16(2 + 2 * k, whole(value, -LARGEST_INT16 - 1, LARGEST_INT16), true);
  });
  return bytes;
}

function echopenWriter(family: EchopenFamily, data: Acquisition, options: ProtocolOptions): ProtocolWriter {
  const info = linesOnly(data, family === "2017" ? "echOpen E2" : "echOpen E3");
  const settings = options.settings ? parseSettings(options.settings).settings : settingsFor(info, family);
  const most = family === "2017" || settings.mode === 1 ? 255 : LARGEST_INT16;
  const fault =
    settingsFault(settings, family) ??
    (settings.lines > most || settings.lines !== lineCount(info) ? `${settings.lines} lines` : undefined);
  if (fault)
    throw new SondeError(
      "bad-option",
      `${info.name} as an echOpen stream would have ${fault}; give other settings.`,
    );
  const count = samplesPerLine(settings, family);
  let down = family === "2019";
  return {
    start: () => [family === "2017" ? header2017(settings) : header2019(settings)],
    frame(frame: Frame) {
      const records = [...linesOf(info, frame)].map(({ line, samples }) =>
        record(line + 1, samples, count, settings.mode),
      );
      if (down) records.reverse();
      down = !down;
      return records;
    },
  };
}

/** A probe of 2017. Values as they are, rounded; mode 1, 8 bits, for anything but RF. */
export function e2Writer(info: Acquisition, options: ProtocolOptions = {}): ProtocolWriter {
  return echopenWriter("2017", info, options);
}

/** A probe of 2019; its first frame runs down. */
export function e3Writer(info: Acquisition, options: ProtocolOptions = {}): ProtocolWriter {
  return echopenWriter("2019", info, options);
}
