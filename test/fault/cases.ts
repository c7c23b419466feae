/** A small stream of every protocol, cut into its records, for tests that damage them. */
import { rotationLines } from "../../host/geometry/echopen.ts";
import type { Protocol, ProtocolEvent } from "../../host/live/protocol.ts";
import type { Acquisition, Beamformed, Frame, LineData } from "../../host/model.ts";
import { lineCount } from "../../host/model.ts";
import { aScans } from "../../host/protocols/a-scans.ts";
import { encodeE4Reply } from "../../host/protocols/echopen-e4-control.ts";
import { type ProtocolOptions, protocolOf, writerOf } from "../../host/protocols/index.ts";
import { encodeIgtl } from "../../host/protocols/openigtlink-messages.ts";
import { sondeWriter } from "../../host/protocols/sonde-encoder.ts";
import { ascii, concat, random } from "../host/formats/make.ts";

/** A place in a record that may be hit without the loss of what counts records; see `Case.unaccounted`. */
export interface Case {
  id: string;
  protocol: Protocol;
  /** Said once, at the start of a link. */
  start: Uint8Array[];
  /** Messages, datagrams or line records, in order; all carry one frame or one line. */
  records: Uint8Array[];
  /** What a record carries. */
  unit: "frames" | "lines";
  /** Lines of a frame, where records are lines. */
  linesPerFrame: number;
  /** Bytes of a record that no check value protects and that count or place it: flips there may miscount. */
  unaccounted: (at: number) => boolean;
  /** Kinds of faults that no receiver can count, for want of numbers. */
  uncounted: readonly string[];
  /** The frame or line that record k carries, as the parser gives it; undefined: not compared. */
  same?: (frame: Frame, k: number) => boolean;
}

const next = random(21);
const noise = (count: number, most: number) => Array.from({ length: count }, () => Math.floor(most * next()));

function lines(count: number, sampleCount: number, sampleRateHz: number): LineData {
  return {
    kind: "lines",
    name: "probe",
    format: "test",
    signal: "rf",
    frameCount: null,
    soundSpeedMps: 1480,
    warnings: [],
    lines: rotationLines(count, 1, 0.01, 1480 / (2 * sampleRateHz)),
    sampleCount,
    sampleRateHz,
  };
}

const IMAGE: Beamformed = {
  kind: "beamformed",
  name: "image",
  format: "test",
  signal: "log",
  logStepDb: 60 / 255,
  frameCount: null,
  soundSpeedMps: 1540,
  warnings: [],
  rows: 6,
  columns: 10,
  transmitCount: 1,
  scan: { kind: "linear", x: { min: -0.01, max: 0.01, count: 10 }, z: { min: 0, max: 0.01, count: 6 } },
};

const sampleNumbers = (info: Acquisition) =>
  info.kind === "lines"
    ? lineCount(info) * info.sampleCount
    : info.kind === "beamformed"
      ? info.rows * info.columns
      : 0;

async function spoken(
  id: string,
  info: Acquisition,
  count: number,
  make: (values: number[]) => Frame["samples"],
  options: ProtocolOptions = {},
) {
  const frames: Frame[] = Array.from({ length: count }, (_, index) => ({
    index,
    timeS: 0.1 * index,
    samples: make(noise(sampleNumbers(info), 200)),
  }));
  const writer = id === "sonde" ? sondeWriter(info, 5) : await writerOf(id, info, options);
  const start = writer.start();
  const records = frames.flatMap((frame) => writer.frame(frame));
  return { id, protocol: await protocolOf(id, options), start, records, frames };
}

const equal = (a: ArrayLike<number>, b: ArrayLike<number>, offset = 0) => {
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k] + offset) return false;
  return true;
};

const int16 = (values: number[]) => Int16Array.from(values, (value) => value - 100);
const none = () => false;

const scan = (sampleCount: number): LineData =>
  aScans({
    name: "probe",
    format: "test",
    signal: "rf",
    sampleCount,
    sampleRateHz: 60e6,
    soundSpeedMps: 1540,
  });

/** A message of every other type behind each image, as a tracker's server sends them. */
const OTHER_MESSAGES = concat(
  ...(
    [
      ["TRANSFORM", new Uint8Array(48).fill(64)],
      [
        "STATUS",
        concat(Uint8Array.of(0, 1), new Uint8Array(8), ascii("OK".padEnd(20, "\0")), ascii("ready")),
      ],
      ["STRING", concat(Uint8Array.of(0, 3, 0, 5), ascii("hello"))],
      ["NDARRAY", concat(Uint8Array.of(4, 1, 0, 6), new Uint8Array(12).fill(5))],
    ] as const
  ).map(([type, content]) => encodeIgtl(type, content, { device: "tracker", timeS: 1 })),
);

/** One case a protocol. */
export async function allCases(): Promise<Case[]> {
  const sonde = await spoken("sonde", lines(4, 16, 10e6), 24, int16);
  const p0rk = await spoken("p0rk", scan(120), 24, int16, { lines: 1 });
  const stock = await spoken("pic0rick", scan(8000), 8, int16, { lines: 1 });
  const wulpus = await spoken("wulpus", scan(400), 24, int16, { lines: 1 });
  const e2 = await spoken("echopen-e2", lines(16, 42, 15.625e6), 6, int16);
  const e3 = await spoken("echopen-e3", lines(16, 30, 0.8e6), 6, int16);
  const e4 = await spoken("echopen-e4", lines(4, 20, 10e6), 12, int16, { settings: "10 180 100 4 57 0" });
  const igtl = await spoken("openigtlink", IMAGE, 24, (values) => Uint8Array.from(values));
  const samples =
    (one: { frames: Frame[] }, offset = 0) =>
    (frame: Frame, k: number) =>
      equal(frame.samples, one.frames[k].samples, offset);
  const frameUnit = { unit: "frames" as const, linesPerFrame: 1 };
  const replies = Array.from({ length: 24 }, (_, k) => encodeE4Reply(2, 0, [30000 + k, 80, 3, 0]));
  return [
    // The repeated configuration makes no record of its own here: 24 frames are fewer than its period.
    { ...sonde, ...frameUnit, unaccounted: none, uncounted: [], same: samples(sonde) },
    {
      ...p0rk,
      ...frameUnit,
      unaccounted: (at) => at < 60,
      uncounted: [],
      same: samples(p0rk, 512),
    },
    {
      ...stock,
      ...frameUnit,
      unaccounted: (at) => at < 34 || at > 31000,
      uncounted: ["loss", "duplicate", "splice"],
    },
    { ...wulpus, ...frameUnit, unaccounted: (at) => at >= 10 && at < 13, uncounted: [] },
    { ...e2, unit: "lines", linesPerFrame: 16, unaccounted: none, uncounted: ["duplicate"] },
    { ...e3, unit: "lines", linesPerFrame: 16, unaccounted: none, uncounted: ["duplicate"] },
    { ...e4, unit: "lines", linesPerFrame: 4, unaccounted: none, uncounted: [] },
    {
      ...igtl,
      records: igtl.records.map((record) => concat(record, OTHER_MESSAGES)),
      ...frameUnit,
      // A type that is unknown is skipped, as it must be.
      unaccounted: (at) => at < 58 || at >= igtl.records[0].length,
      uncounted: ["loss", "duplicate", "splice"],
    },
    {
      id: "echopen-e4-control",
      protocol: await protocolOf("echopen-e4-control"),
      start: [],
      records: replies,
      ...frameUnit,
      unaccounted: none,
      uncounted: ["loss", "duplicate", "truncate", "garbage", "flip", "splice"],
    },
  ];
}

/** Lines in a frame that arrived. */
export function linesIn(frame: Frame, linesPerFrame: number): number {
  let count = 0;
  for (let k = 0; k < linesPerFrame; k++)
    if (!(((frame.missingLines?.[k >> 3] ?? 0) >> (k & 7)) & 1)) count++;
  return count;
}

/** Units received, and units reported as lost. */
export function accountOf(events: readonly ProtocolEvent[], { unit, linesPerFrame }: Case) {
  let received = 0;
  let lost = 0;
  for (const event of events) {
    if (event.kind === "frame") received += unit === "frames" ? 1 : linesIn(event.frame, linesPerFrame);
    if (event.kind === "lost" && event.what === unit) lost += event.count ?? 0;
    if (event.kind === "lost" && event.what === "frames" && unit === "lines")
      lost += (event.count ?? 0) * linesPerFrame;
  }
  return { received, lost };
}
