/**
 * Recordings of Sonde's stream (`.sonde`, see ../protocols/sonde-stream.md) as sources. The file is searched once for sound
 * messages; frames are decoded when they are asked for. One that was cut off, or damaged, gives every frame that is whole.
 */
import { SondeError } from "../errors.ts";
import { type Acquisition, type Frame, type LineData, lineCount, type SampleArray } from "../model.ts";
import { frameOfAScans, isAScans, rolled } from "../protocols/a-scans.ts";
import { encodeAcquisition } from "../protocols/sonde-acquisition.ts";
import { type Decoded, frameFrom, SondeDecoder } from "../protocols/sonde-decoder.ts";
import {
  HAS_TIME,
  messageIn,
  SONDE_MARK,
  type SondeHeader,
  TIME_OF_ARRIVAL,
} from "../protocols/sonde-messages.ts";
import { sondeScanner } from "../protocols/sonde-scanner.ts";
import type { RecordingPart, RecordingSession, Source } from "../source.ts";
import type { FileBytes } from "./file.ts";
import type { OpenOptions } from "./options.ts";
import { quote } from "./quote.ts";
import { recording } from "./recording.ts";

type Message = Extract<Decoded, { kind: "message" }>;
type Lost = Extract<Decoded, { kind: "lost" }>;
/** `gap`: before it an unknown number of frames was lost. */
type SoundFrame = Extract<Decoded, { kind: "sound-frame" }> & { gap?: boolean };

/** What is believed of a recording's own messages. */
const MOST_SESSION_EVENTS = 1000;
const MOST_SESSION_FIELDS = 32;
const MOST_SESSION_TEXT = 400;
const MOST_MESSAGE_TYPES = 100;
const MOST_SETTINGS_TEXT = 4000;

/** True when the file begins with a message's mark. */
export function looksLikeSonde(bytes: Uint8Array): boolean {
  return SONDE_MARK.every((byte, k) => bytes[k] === byte);
}

const fieldsOf = (content: unknown): Record<string, unknown> =>
  typeof content === "object" && content !== null ? (content as Record<string, unknown>) : {};

/** What the recorder's own messages say of how the recording was made. */
class Session {
  started?: string;
  readonly about: Record<string, string> = {};
  readonly events: { timeS: number; kind: "order" | "link"; text: string }[] = [];
  readonly messages: Record<string, number> = {};
  settings?: Readonly<Record<string, unknown>>;
  skippedBytes = 0;

  /** What it says, when it says anything. */
  get told(): RecordingSession | undefined {
    const { started, about, events, messages, settings, skippedBytes } = this;
    const counts = [about, events, messages].map((one) => Object.keys(one).length);
    if (started === undefined && skippedBytes === 0 && counts.every((count) => count === 0)) return undefined;
    return {
      ...(started === undefined ? {} : { started }),
      about,
      events,
      messages,
      ...(settings ? { settings } : {}),
      skippedBytes,
    };
  }

  take({ type, timeS, content }: Message): void {
    const fields = fieldsOf(content);
    if (type === "recording") this.#begin(fields);
    else if (type === "skipped") this.#skip(fields["bytes"]);
    else if (type !== "order" && type !== "link") this.#count(type.slice(0, MOST_SESSION_TEXT), fields);
    else if (this.events.length < MOST_SESSION_EVENTS) {
      const words =
        type === "link"
          ? [fields["state"], fields["why"]]
          : fields["kind"] === "set"
            ? [fields["control"], "=", fields["value"]]
            : [fields["kind"]];
      const text = words.filter((word) => ["string", "number"].includes(typeof word)).join(" ");
      this.events.push({ timeS, kind: type, text: text.slice(0, MOST_SESSION_TEXT) });
    }
  }

  #count(type: string, fields: Record<string, unknown>): void {
    if (type === "settings") this.#set(fields);
    if (Object.hasOwn(this.messages, type)) this.messages[type]++;
    else if (Object.keys(this.messages).length < MOST_MESSAGE_TYPES) this.messages[type] = 1;
  }

  /** Settings are some words and numbers: what is none of that is left out, and the last that were stay. */
  #set(fields: Record<string, unknown>): void {
    try {
      const text = JSON.stringify(fields);
      if (text.startsWith("{") && text !== "{}" && text.length <= MOST_SETTINGS_TEXT) this.settings = fields;
    } catch {
      // Too deep to be anybody's settings.
    }
  }

  #skip(bytes: unknown): void {
    if (Number.isSafeInteger(bytes) && (bytes as number) > 0) this.skippedBytes += bytes as number;
  }

  #begin(fields: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(fields).slice(0, MOST_SESSION_FIELDS)) {
      if (typeof value !== "string") continue;
      if (name === "started") this.started = value.slice(0, MOST_SESSION_TEXT);
      else this.about[name.slice(0, MOST_SESSION_TEXT)] = value.slice(0, MOST_SESSION_TEXT);
    }
  }
}

interface Contents {
  frames: SoundFrame[];
  session: Session;
  lost: Lost[];
  skippedBytes: number;
  messages: number;
  ended: boolean;
}

function search(bytes: Uint8Array): Contents {
  const scanner = sondeScanner(bytes.length);
  const decoder = new SondeDecoder();
  const contents: Contents = {
    frames: [],
    session: new Session(),
    lost: [],
    skippedBytes: 0,
    messages: 0,
    ended: false,
  };
  let gap = false;
  for (let at = 0; at < bytes.length; ) {
    const rest = bytes.subarray(at);
    const found = scanner.next(rest, true);
    if (found.kind === "message") {
      const { header, payload } = messageIn(rest);
      contents.messages++;
      for (const event of decoder.take(header, payload, found.bytes, at))
        if (event.kind === "sound-frame") {
          contents.frames.push(gap ? { ...event, gap } : event);
          gap = false;
        } else if (event.kind === "lost") {
          contents.lost.push(event);
          gap ||= event.what === "frames" && event.count === undefined;
        } else if (event.kind === "message") contents.session.take(event);
    }
    const { bytes: taken } = found as { bytes: number };
    if (found.kind !== "message") contents.skippedBytes += taken;
    at += taken;
  }
  contents.ended = decoder.ended;
  return contents;
}

/** Whether frames of the one can be taken for frames of the other. */
function same(a: Acquisition, b: Acquisition): boolean {
  if (a === b) return true;
  const [one, other] = [encodeAcquisition(a), encodeAcquisition(b)];
  const equal = (p: Uint8Array, q: Uint8Array) =>
    p.length === q.length && p.every((byte, k) => byte === q[k]);
  return (
    equal(one.json, other.json) && equal(one.arrays ?? new Uint8Array(), other.arrays ?? new Uint8Array())
  );
}

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? "" : "s"}`;
const are = (number: number) => (number === 1 ? "is" : "are");

/** The frames of each geometry, in the order in which it came first. */
function partsOf(frames: readonly SoundFrame[]): SoundFrame[][] {
  const parts: SoundFrame[][] = [];
  const known = new Map<Acquisition, SoundFrame[]>();
  for (const frame of frames) {
    let part = known.get(frame.info) ?? parts.find(([first]) => same(frame.info, first.info));
    if (!part) {
      part = [];
      parts.push(part);
    }
    known.set(frame.info, part);
    part.push(frame);
  }
  return parts;
}

const sizeOf = (info: Acquisition) =>
  info.kind === "lines"
    ? count(lineCount(info), "line")
    : info.kind === "channels"
      ? count(info.sequence.length, "transmit")
      : `${info.columns} x ${info.rows} pixels`;

function partNote(parts: readonly RecordingPart[], chosen: number): string[] {
  if (parts.length < 2) return [];
  const words = ({ part, info }: RecordingPart) =>
    `part ${part} (${count(info.frameCount, "frame")}, ${info.signal}, ${sizeOf(info)})`;
  const others = parts.filter(({ part }) => part !== chosen).map(words);
  const named = others.length > 8 ? [...others.slice(0, 8), `${others.length - 8} more`] : others;
  return [
    `The geometry changed on the way: this is ${words(parts[chosen - 1])}. Beside it there ${others.length > 1 ? "are" : "is"} ${named.join(", ")}; open another with the option part.`,
  ];
}

function notes({ lost, skippedBytes, ended, frames }: Contents): string[] {
  const sum = (what: Lost["what"]) =>
    lost.reduce((total, one) => total + (one.what === what ? (one.count ?? 1) : 0), 0);
  const found: string[] = [];
  if (!ended)
    found.push(
      `The recording has no end: it was cut off, or is still being written. ${count(frames.length, "whole frame")} came before.`,
    );
  for (const what of ["frame", "line", "message"] as const) {
    const number = sum(`${what}s`);
    const reasons = new Set(lost.flatMap((one) => (one.what === `${what}s` ? [quote(one.why, 80)] : [])));
    const [reason] = reasons;
    if (number > 0)
      found.push(
        `${count(number, what)} of the recording ${are(number)} missing (${reasons.size > 1 ? `first: ${reason}` : reason}).`,
      );
  }
  if (skippedBytes > 0)
    found.push(
      skippedBytes === 1
        ? "1 byte belongs to no whole message and was skipped."
        : `${skippedBytes} bytes belong to no whole message and were skipped.`,
    );
  return found;
}

/** Times of the frames (s), NaN where a frame has none. */
function timesOf(headers: readonly SondeHeader[]): Float64Array | undefined {
  if (!headers.some(({ flags }) => flags & HAS_TIME)) return undefined;
  return Float64Array.from(headers, ({ flags, timeS }) => (flags & HAS_TIME ? timeS : Number.NaN));
}

/** Places of frames in what the device acquired (`Frame.sequence`; a header's own `sequence` counts messages): numbers jump where frames are missing, by one more at least where it is not known how many. */
function placesOf(frames: readonly SoundFrame[]): Float64Array {
  const places = new Float64Array(frames.length);
  for (let i = 1; i < frames.length; i++) {
    const step = frames[i].header.index - frames[i - 1].header.index;
    places[i] = places[i - 1] + Math.max(1, step) + (frames[i].gap ? 1 : 0);
  }
  return places;
}

/** A pause is none of the device's that is so many times longer than the frames' distance; by the clock of arrival, longer than a network's (s). */
const PAUSE = 4;
const NETWORK_PAUSE_S = 1;

/** Frames a second that the device acquired, those that are missing too, pauses left out; when the times grow. */
function rateOf(
  timesS: Float64Array | undefined,
  places: Float64Array,
  onArrival: boolean,
): { frameRateHz?: number } {
  if (!timesS) return {};
  let steps = Array.from(timesS.subarray(1), (timeS, i) => ({
    seconds: timeS - timesS[i],
    frames: places[i + 1] - places[i],
  })).filter(({ seconds }) => seconds >= 0);
  for (;;) {
    const [seconds, frames] = [sumOf(steps, "seconds"), sumOf(steps, "frames")];
    const period = seconds / frames;
    const regular = steps.filter(
      (step) => step.seconds <= Math.max(onArrival ? NETWORK_PAUSE_S : 0, PAUSE * period * step.frames),
    );
    if (regular.length === steps.length || !(period > 0))
      return period > 0 ? { frameRateHz: 1 / period } : {};
    steps = regular;
  }
}

function sumOf<Key extends string>(all: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return all.reduce((sum, one) => sum + one[key], 0);
}

/** A-scan `index` with those before it on its left, blank where one is missing. */
function sideBySideFrame(
  places: Float64Array,
  read: (index: number) => Frame,
  index: number,
  info: LineData,
): Frame {
  const count = lineCount(info);
  const lines = new Array<SampleArray | undefined>(count).fill(undefined);
  for (let k = index; k >= 0; k--) {
    const place = count - 1 - (places[index] - places[k]);
    if (!(place >= 0 && place < count)) break;
    lines[place] = read(k).samples;
  }
  return frameOfAScans(read(index), lines, info.sampleCount);
}

/** @throws SondeError `corrupt-file`, `missing-data`, `unsupported-format` */
export async function openSonde(file: FileBytes, options: OpenOptions = {}): Promise<Source> {
  const contents = search(file.bytes);
  const [first] = contents.frames;
  if (contents.messages === 0)
    throw new SondeError(
      "corrupt-file",
      `${quote(file.name)} holds no whole message of a Sonde stream in ${file.bytes.length} bytes; record it again.`,
    );
  const session = contents.session.told;
  if (!first)
    throw new SondeError(
      "missing-data",
      `${quote(file.name)} holds ${count(contents.messages, "message")} and no frame that can be shown; record it again.`,
      // What a source would have told, as text: fields of errors are plain values.
      session && { fields: { session: JSON.stringify(session) } },
    );
  const groups = partsOf(contents.frames);
  const parts = groups.map(
    (group, k): RecordingPart => ({ part: k + 1, info: { ...group[0].info, frameCount: group.length } }),
  );
  const longest = parts.reduce((most, one) => (one.info.frameCount > most.info.frameCount ? one : most));
  const { part = longest.part } = options;
  const frames = groups[part - 1];
  if (!frames)
    throw new SondeError(
      "bad-option",
      `part is ${part}; it must be a whole number from 1 to ${parts.length}, as ${quote(file.name)} has parts.`,
      { fields: { name: "part", value: part } },
    );
  const own = parts[part - 1].info;
  const timesS = timesOf(frames.map(({ header }) => header));
  const places = placesOf(frames);
  const fileWarnings = [...partNote(parts, part), ...notes(contents)];
  const onArrival = frames.every(
    ({ header }) => !(header.flags & HAS_TIME) || header.flags & TIME_OF_ARRIVAL,
  );
  const rate = rateOf(timesS, places, onArrival);
  const isMeasured = onArrival && rate.frameRateHz !== undefined && own.frameRateHz === undefined;
  const info: Acquisition & { frameCount: number } = {
    ...rate,
    ...(isMeasured ? { frameRateMeasured: true } : {}),
    ...own,
    warnings: [...own.warnings, ...fileWarnings],
    ...(fileWarnings.length ? { fileWarnings } : {}),
  };
  const read = (index: number): Frame => {
    const frame = frameFrom(frames[index].header, frames[index].payload, index);
    return places[index] === index ? frame : { ...frame, sequence: places[index] };
  };
  const shown = isAScans(info) ? rolled(info, options.lines) : undefined;
  const source =
    shown && lineCount(shown) > 1
      ? recording({ ...shown, frameCount: frames.length }, (index) =>
          sideBySideFrame(places, read, index, shown),
        )
      : recording(info, read);
  return {
    ...source,
    ...(timesS ? { timesS } : {}),
    ...(parts.length > 1 ? { parts } : {}),
    ...(session ? { session } : {}),
  };
}
