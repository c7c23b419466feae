/** The helpers of an engine, and what one plan has them do. */
import type { Core } from "../../core/binding.ts";
import { SondeError } from "../../errors.ts";
import type { ChannelData, Frame, SampleArray } from "../../model.ts";
import type { Pipeline } from "../../pipeline.ts";
import { Channel } from "../../worker/channel.ts";
import { canShareMemory } from "../../worker/platform.ts";
import { spawnWorker, type WorkerLike } from "../../worker/spawn.ts";
import { sondeWorkerUrl } from "../../worker/url.ts";
import { lastDesign } from "../steering-filter.ts";
import { Meeting } from "./meeting.ts";
import type { Gathering, PartCall, PartResult } from "./protocol.ts";
import type { RowRange } from "./split-rows.ts";

type PartChannel = Channel<PartCall, PartResult>;

/** A helper that has not answered by then will not (ms). */
const PATIENCE_MS = 5000;

/** The helpers of an engine, made when a plan first needs them and kept for the next plans. */
export class Helpers {
  readonly #spawn: () => Promise<WorkerLike>;
  #channels: PartChannel[] = [];
  #closed: SondeError | undefined;
  /** Why none can be started here: asking again would take as long to fail. */
  #forbidden: unknown;
  #last: Promise<unknown> = Promise.resolve();
  #plans = 0;

  /** `spawn`: makes a worker that runs Sonde's script. */
  constructor(spawn = () => spawnWorker(sondeWorkerUrl())) {
    this.#spawn = spawn;
  }

  /** `count` of them; calls are served in order. @throws SondeError where workers are forbidden or do not answer */
  take(count: number): Promise<readonly PartChannel[]> {
    const taken = this.#last.then(() => this.#take(count));
    this.#last = taken.catch(() => undefined); // who asked learns of it
    return taken;
  }

  async #take(count: number): Promise<readonly PartChannel[]> {
    if (this.#closed) throw this.#closed;
    if (this.#forbidden) throw this.#forbidden;
    this.#channels = this.#channels.filter(({ broken }) => !broken);
    const missing = Math.max(0, count - this.#channels.length);
    const made = await Promise.allSettled(Array.from({ length: missing }, () => this.#make()));
    for (const one of made) {
      if (one.status === "fulfilled") this.#channels.push(one.value);
      else this.#forbidden = one.reason;
    }
    if (this.#closed) throw this.#closed;
    if (this.#forbidden) throw this.#forbidden;
    return this.#channels.slice(0, count);
  }

  /** A number that no other plan of these helpers has. */
  nextPlan(): number {
    return this.#plans++;
  }

  async #make(): Promise<PartChannel> {
    const channel: PartChannel = new Channel<PartCall, PartResult>(
      await this.#spawn(),
      "part",
      (why) => `A thread of the engine stopped (${why}): make a new engine`,
    );
    const timer = setTimeout(
      () => channel.fail(new SondeError("unsupported-platform", "A thread of the engine does not answer")),
      PATIENCE_MS,
    );
    try {
      await channel.call({ method: "hello" });
    } finally {
      clearTimeout(timer);
    }
    if (this.#closed) {
      channel.fail(this.#closed);
      throw this.#closed;
    }
    return channel;
  }

  /** Ends them all. */
  close(): void {
    this.#closed = new SondeError("aborted", "The engine was closed");
    for (const channel of this.#channels) channel.fail(this.#closed);
    this.#channels = [];
  }
}

/** A part of a picture, as its helper is told. */
export interface Assignment {
  rows: RowRange;
  /** First byte of its tables in shared memory. */
  base: number;
  /** Bytes of its images. */
  imageBytes: number;
  /** Size of the memory it works in. */
  bytes: number;
}

/** The helpers at work on one plan: thread 0 is the plan's own. */
export class Crew {
  readonly shared: boolean;
  readonly #channels: readonly PartChannel[];
  readonly #plan: number;
  #meeting: Meeting | undefined;
  #building: Promise<unknown> = Promise.resolve();
  /** Private memory: bytes of each helper's images, and buffers that came back. */
  #bytes: number[] = [];
  readonly #spares: { samples?: ArrayBuffer; out?: ArrayBuffer }[];

  constructor(helpers: Helpers, channels: readonly PartChannel[], shared = canShareMemory()) {
    this.#channels = channels;
    this.#plan = helpers.nextPlan();
    this.shared = shared;
    this.#spares = channels.map(() => ({}));
  }

  /** One of them stopped. */
  get broken(): boolean {
    return this.#channels.some((channel) => channel.broken !== undefined);
  }

  /** Threads in all. */
  get threads(): number {
    return this.#channels.length + 1;
  }

  /** Has each helper build its part; `ready` waits for that. */
  employ(
    info: ChannelData,
    pipeline: Pipeline,
    parts: readonly Assignment[],
    core: Core,
    gathering: Gathering,
  ): void {
    const { threads } = this;
    this.#meeting = this.shared ? new Meeting(threads) : undefined;
    this.#bytes = parts.map(({ imageBytes }) => imageBytes);
    const meeting = this.#meeting?.memory;
    this.#building = Promise.all(
      this.#channels.map((channel, i) =>
        channel.call({
          method: "build",
          plan: this.#plan,
          info,
          pipeline,
          rows: parts[i].rows,
          bytes: parts[i].bytes,
          design: lastDesign(),
          shared: meeting && {
            module: core.module,
            memory: core.memory,
            team: { thread: i + 1, threads },
            base: parts[i].base,
            meeting,
            gathering,
          },
        }),
      ),
    );
    // The error is `ready`'s to throw.
    this.#building.catch(() => undefined);
  }

  async ready(): Promise<void> {
    await this.#building;
  }

  /** @throws SondeError when a helper stopped: the others would wait for it for ever, and end with it */
  readonly #check = (): void => {
    const broken = this.#channels.find((channel) => channel.broken)?.broken;
    if (!broken) return;
    for (const channel of this.#channels) channel.fail(broken);
    throw broken;
  };

  /** Shared memory: sends the helpers to the frame that was loaded. */
  join(): void {
    this.#check();
    for (const channel of this.#channels) channel.tell({ method: "join", plan: this.#plan });
  }

  /** Ends all helpers, whatever they are at: frames of this plan and of others that they work on are refused from now on. */
  dismiss(): void {
    const why = new SondeError(
      "internal",
      "A thread of the engine failed in the middle of a frame: make a new engine",
    );
    for (const channel of this.#channels) if (!channel.broken) channel.fail(why);
  }

  /** Shared memory: waits for all threads. @throws SondeError when one of them stopped */
  async meet(): Promise<void> {
    await this.#meeting?.meetAndCheck(this.#check);
  }

  /**
   * Private memory: has each helper make its part of a frame; gives each part's images to `take`. Settles when every helper has
   * answered: nothing is taken later.
   */
  async run(frame: Frame, take: (helper: number, images: Uint8Array<ArrayBuffer>) => void): Promise<void> {
    this.#check();
    const parts = await Promise.allSettled(
      this.#channels.map(async (channel, i) => {
        const spare = this.#spares[i];
        const samples = copyInto(frame.samples, spare.samples);
        const out = spare.out?.byteLength === this.#bytes[i] ? spare.out : new ArrayBuffer(this.#bytes[i]);
        const back = await channel.call(
          { method: "run", plan: this.#plan, frame: { index: frame.index, samples }, out },
          [samples.buffer as ArrayBuffer, out],
        );
        if (!back) throw new SondeError("internal", "A thread of the engine gave nothing back");
        take(i, new Uint8Array(back.out));
        this.#spares[i] = back;
      }),
    );
    for (const part of parts) if (part.status === "rejected") throw part.reason;
  }

  close(): void {
    for (const channel of this.#channels) channel.tell({ method: "forget", plan: this.#plan });
  }
}

/** Samples copied into memory that came back, or into new memory of their size. */
function copyInto(samples: SampleArray, spare: ArrayBuffer | undefined): SampleArray {
  const buffer = spare?.byteLength === samples.byteLength ? spare : new ArrayBuffer(samples.byteLength);
  const Type = samples.constructor as new (buffer: ArrayBuffer) => SampleArray;
  const copy = new Type(buffer);
  copy.set(samples);
  return copy;
}
