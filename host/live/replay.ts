/** A recording as if it were live: the same frames at the times at which they came. */
import { SondeError } from "../errors.ts";
import type { Frame } from "../model.ts";
import type { FrameRange, Source } from "../source.ts";
import { sleep } from "./sleep.ts";

export interface ReplayOptions {
  /** How much faster than it was (0.01 to 100). Default 1. */
  speed?: number;
  /** Begin again at the end, for ever. Default false: the frames end. */
  loop?: boolean;
}

/** Rate of a recording that says neither times nor rate (Hz). */
const ASSUMED_RATE_HZ = 25;
/** A longer gap between frames is a pause of the recording, not of the probe (s). */
const LONGEST_GAP_S = 10;

/** When each frame is due after the first (s), and one past the last, at which a loop begins again. */
export function dueTimes(recording: Source, count: number): Float64Array {
  const periodS = 1 / (recording.info.frameRateHz ?? ASSUMED_RATE_HZ);
  const due = new Float64Array(count + 1);
  for (let k = 1; k <= count; k++) {
    const gap = recording.timesS && k < count ? recording.timesS[k] - recording.timesS[k - 1] : periodS;
    due[k] = due[k - 1] + (gap >= 0 ? Math.min(gap, LONGEST_GAP_S) : periodS);
  }
  return due;
}

/** Places that a round of a recording that is repeated has among all that the device acquired: frames that are missing have theirs. */
export async function placesOfRound(recording: Source, count: number): Promise<number> {
  const { sequence = count - 1 } = await recording.frame(count - 1);
  return sequence + 1;
}

/** A frame of a recording that is repeated, as number `index`: its time and its place go on from one round to the next. */
export function frameInLoop(frame: Frame, index: number, dueS: Float64Array, places: number): Frame {
  const count = dueS.length - 1;
  const round = Math.floor(index / count);
  const { timeS, sequence: placed = index % count, ...rest } = frame;
  const sequence = placed + round * places;
  return {
    ...rest,
    index,
    ...(sequence === index ? {} : { sequence }),
    ...(timeS === undefined ? {} : { timeS: timeS + round * dueS[count] }),
  };
}

/** When frame `index` of a recording that is repeated is due (s), by its `dueTimes`. */
export function dueInLoopS(dueS: Float64Array, index: number): number {
  const count = dueS.length - 1;
  return Math.floor(index / count) * dueS[count] + dueS[index % count];
}

class Replay implements Source {
  readonly info: Source["info"];
  readonly live = true;
  readonly #recording: Source;
  readonly #count: number;
  readonly #dueS: Float64Array;
  readonly #speed: number;
  readonly #loop: boolean;
  readonly #closing = new AbortController();
  #startMs: number | undefined;

  constructor(recording: Source, count: number, options: ReplayOptions) {
    this.#recording = recording;
    this.#count = count;
    this.#dueS = dueTimes(recording, count);
    this.#speed = options.speed ?? 1;
    this.#loop = options.loop ?? false;
    this.info = { ...recording.info, frameCount: null };
  }

  /** When frame `index` of the replay is due (ms after its start). */
  #dueMs(index: number): number {
    return (dueInLoopS(this.#dueS, index) * 1000) / this.#speed;
  }

  async *frames(range: FrameRange = {}): AsyncIterableIterator<Frame> {
    const signal = range.signal
      ? AbortSignal.any([range.signal, this.#closing.signal])
      : this.#closing.signal;
    if (signal.aborted) return;
    const places = this.#loop ? await placesOfRound(this.#recording, this.#count) : this.#count;
    // The clock starts with the first reader.
    this.#startMs ??= performance.now();
    const started = this.#startMs;
    const last = this.#loop ? Number.POSITIVE_INFINITY : this.#count - 1;
    for (let index = 0; index <= last; index++) {
      // A reader that is late gets the newest frame that is due.
      const elapsedMs = performance.now() - started;
      while (index < last && this.#dueMs(index + 1) <= elapsedMs) index++;
      await sleep(this.#dueMs(index) - elapsedMs, signal);
      if (signal.aborted) return;
      const frame = await this.#recording.frame(index % this.#count);
      yield frameInLoop(frame, index, this.#dueS, places);
    }
  }

  frame(index: number): Promise<Frame> {
    return Promise.reject(
      new SondeError(
        "bad-option",
        `Frame ${index} cannot be asked of a live source: iterate over frames(), or use the recording itself.`,
        { fields: { index } },
      ),
    );
  }

  close(): void {
    this.#closing.abort();
    this.#recording.close();
  }
}

/**
 * Plays a recording as a live source. The clock starts when frames are first asked for; closing it closes the recording.
 * Times come from the recording, else from its frame rate, else 25 frames a second are assumed.
 * @throws SondeError `bad-option` for a source that is live already or empty, and for options out of range
 */
export function replay(recording: Source, options: ReplayOptions = {}): Source {
  const { speed = 1 } = options;
  const { frameCount } = recording.info;
  if (recording.live || !frameCount)
    throw new SondeError(
      "bad-option",
      `${recording.info.name} ${recording.live ? "is live already" : "has no frames"}: replay takes a recording.`,
    );
  if (!(speed >= 0.01 && speed <= 100))
    throw new SondeError("bad-option", `speed is ${speed}; it must be from 0.01 to 100.`, {
      fields: { speed },
    });
  return new Replay(recording, frameCount, options);
}
