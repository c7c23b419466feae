/**
 * Channel data: along the path that the planner chose, to a complex image; real RF also becomes an envelope along depth.
 *
 * With several threads, each makes some rows of the image with a path of its own (threads/), and they are gathered into one:
 *
 *   one memory for all    | common | thread 1's tables | thread 2's ... | thread 0's | whole image | picture |
 *   a memory for each     | common | thread 0's | whole image | picture |    | common | thread 1's |    ...
 *
 * Where the tables of all rows at once would be over the limit of memory, one thread makes the rows in several passes over a frame,
 * each with tables of its own that take the place of those before:
 *
 *   | common | one pass's tables | whole image | picture |
 */
import { SondeError } from "../errors.ts";
import { type ChannelData, elementCount, type Frame, type Scan, type Volume } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";
import { axisStep, scanSize } from "./axis.ts";
import type { FrameSum } from "./ensemble-path.ts";
import type { Decision, Imager, SignalRows, Step } from "./imager.ts";
import type { ChannelPath, ComplexImage, PathOffer } from "./paths/path.ts";
import type { PictureSource } from "./picture-stage.ts";
import { choosePath } from "./planner.ts";
import { type ResolvedChannels, resolveChannels, resolveDisplay } from "./resolve.ts";
import { RfDetector } from "./rf-detector.ts";
import { WHOLE } from "./share.ts";
import type { Assignment, Crew } from "./threads/crew.ts";
import { imageBytes, imageRows, partSteps, placesOf } from "./threads/part.ts";
import { type RowRange, splitRows } from "./threads/split-rows.ts";
import { type MemoryUse, Workspace } from "./workspace.ts";

/** How many threads make a picture, in one memory or in one each. */
export interface Threads {
  count: number;
  memory: "shared" | "private" | "none";
}

export const ONE_THREAD: Threads = { count: 1, memory: "none" };

/** Parts of a picture by thread, and what they take. */
interface Division {
  rows: readonly RowRange[];
  /** Of threads 1 and up. */
  assignments: Assignment[];
  /** Where thread 0's own tables begin, in shared memory. */
  base?: number;
  uses: readonly MemoryUse[];
  ownMemoryBytes: number;
}

/** The frequency of the echoes, where someone states it: a velocity is not to stand on a guess. */
function statedFrequency(info: ChannelData, pipeline: Pipeline): number | undefined {
  const stated = info.centerFrequencyHz ?? info.probe.centerFrequencyHz;
  return stated ?? (info.signal === "iq" ? info.modulationFrequencyHz : pipeline.demodulation?.frequencyHz);
}

function whyNoFlow({ signal, compound }: ResolvedChannels): string | undefined {
  if (signal === "rf") return 'signal is "rf": flow needs the phase of "analytic" or "iq"';
  if (compound !== "coherent")
    return `beamform.compound is "${compound}": flow needs the phase of "coherent"`;
  return undefined;
}

export class ChannelImager implements Imager {
  readonly #info: ChannelData;
  readonly #workspace: Workspace;
  readonly #threads: Threads;
  /** The other threads; absent where the imager only measures, or works alone. */
  readonly #crew: Crew | undefined;
  #path!: ChannelPath;
  /** All parts gathered; absent where there is one part. */
  #whole: ComplexImage | undefined;
  #detector: RfDetector | undefined;
  #built!: ResolvedChannels;
  #division: Division | undefined;
  /** What the crew has built. */
  #employed = "";
  /** Several passes: builds the tables of each in the same place, sums, and gathers. */
  #passes: (() => void)[] | undefined;
  /** Lays the passes out over this memory, and where what they have in common ends. */
  #beside: Workspace | undefined;
  #commonEnd = 0;

  constructor(info: ChannelData, workspace: Workspace, threads = ONE_THREAD, crew?: Crew) {
    this.#info = info;
    this.#workspace = workspace;
    this.#threads = threads;
    this.#crew = crew;
  }

  decide(pipeline: Pipeline, passes = 1): Decision {
    const resolved = resolveChannels(this.#info, pipeline, this.#workspace.kernels);
    const { offer, why, refused } = choosePath(this.#info, resolved, this.#workspace.kernels);
    const display = resolveDisplay(pipeline);
    const { transmits, scan, soundSpeedMps, removeMean, band, signal, demodulation } = resolved;
    const { fNumber, window, interpolation, accuracy, transmitModel, compound, arithmetic } = resolved;
    const division = this.#threads.count > 1 ? this.#divide(offer, resolved) : undefined;
    return {
      display,
      placeKey: undefined,
      amplitudeKey: JSON.stringify([
        transmits,
        removeMean,
        band,
        signal,
        demodulation,
        fNumber,
        window,
        interpolation,
        compound,
      ]),
      flow: {
        soundSpeedMps,
        frameRateHz: this.#info.frameRateMeasured ? undefined : this.#info.frameRateHz,
        rateMeasured: this.#info.frameRateMeasured,
        centerFrequencyHz: statedFrequency(this.#info, pipeline),
        refusal: whyNoFlow(resolved),
      },
      report: {
        scan,
        fNumber,
        choice: { path: offer.name, why, refused },
        pipeline: {
          transmits,
          soundSpeedMps,
          removeMean,
          band,
          signal,
          demodulation,
          scan,
          beamform: {
            method: "das",
            fNumber,
            window,
            interpolation,
            accuracy,
            path: resolved.path,
            arithmetic,
            columns: resolved.columns,
            transmitModel,
            compound,
          },
          display,
        },
      },
      steps:
        passes > 1
          ? this.#stepsOfPasses(offer, resolved, passes)
          : this.#steps(
              offer === this.#path?.offer && !this.#passes
                ? this.#path
                : offer.make(this.#workspace, this.#info),
              resolved,
              division,
            ),
      elsewhere: division,
      employ: () => this.#employ(pipeline, resolved, offer, division),
    };
  }

  /** The path's steps; another path begins from its first one. The whole image and the envelope of RF stand behind the last. */
  #steps(path: ChannelPath, resolved: ResolvedChannels, division: Division | undefined): Step[] {
    const place = division?.base === undefined ? undefined : { base: division.base, filled: false };
    const part = division ? { ...resolved, rows: division.rows[0] } : resolved;
    return partSteps(this.#workspace, path, part, place).map((step) => ({
      ...step,
      build: () => {
        this.#path = path;
        this.#passes = undefined;
        step.build();
        if (step.name === "sum") this.#finish(resolved, division);
      },
    }));
  }

  /** The steps of a plan that makes its rows in several passes: what they have in common, then room for the largest of them. */
  #stepsOfPasses(offer: PathOffer, resolved: ResolvedChannels, passes: number): Step[] {
    const workspace = this.#workspace;
    const known = this.#passes?.length === passes && this.#path.offer === offer && this.#beside;
    const beside = known || workspace.beside();
    const path = known ? this.#path : offer.make(beside, this.#info);
    const { rows } = scanSize(resolved.scan);
    const ranges = Array.from({ length: passes }, (_, i) => ({
      first: Math.floor((rows * i) / passes),
      end: Math.floor((rows * (i + 1)) / passes),
    }));
    const common = path.steps(resolved).filter((step) => step.common);
    const own = (range: RowRange) => path.steps({ ...resolved, rows: range }).slice(common.length);
    const keyOf = (steps: readonly Step[]) =>
      `${passes} passes, ${path.offer.name} ${steps.map(({ key }) => key)}`;
    return [
      {
        name: "signal",
        key: keyOf(common),
        build: () => {
          this.#path = path;
          this.#beside = beside;
          beside.rewind(0);
          for (const { build } of common) build();
          this.#commonEnd = beside.mark;
          workspace.take(beside.mark - workspace.mark, 1, "The channel data");
          workspace.fill(() => beside.commit());
        },
      },
      {
        name: "sum",
        key: keyOf(path.steps(resolved)),
        build: () => {
          const start = this.#commonEnd;
          const buildTables = (range: RowRange) => {
            beside.rewind(start);
            for (const { build } of own(range)) build();
          };
          // What a part takes depends on its depths, not on their number alone.
          let end = start;
          for (const range of ranges) {
            beside.layOutOnly(() => buildTables(range));
            end = Math.max(end, beside.mark);
          }
          workspace.take(end - start, 1, "The tables of one pass");
          this.#finish(resolved, { rows: ranges, assignments: [], uses: [], ownMemoryBytes: 0 });
          this.#passes = ranges.map((range, i) => () => {
            buildTables(range);
            beside.commit();
            path.sum();
            this.#gather(i, beside.u8(path.image.offset, imageBytes(path.image, path.images)));
          });
        },
      },
    ];
  }

  #finish(resolved: ResolvedChannels, division: Division | undefined): void {
    const { image, images } = this.#path;
    this.#whole = undefined;
    if (division) {
      const { rows, planes } = scanSize(resolved.scan);
      const whole = { ...image, rows: rows * planes };
      const offset = this.#workspace.take(imageBytes(whole, images), 1, "The gathered image");
      this.#whole = { ...whole, offset };
    }
    // Incoherent sums are envelopes already.
    this.#detector =
      resolved.signal === "rf" && resolved.compound === "coherent"
        ? new RfDetector(this.#workspace, this.#shown(resolved.scan))
        : undefined;
    this.#built = resolved;
    this.#division = division;
  }

  get #image(): ComplexImage {
    return this.#whole ?? this.#path.image;
  }

  /** Shares the rows out, and lays every other thread's part out without memory, to know where and how large it is. */
  #divide(offer: PathOffer, resolved: ResolvedChannels): Division {
    const { kernels, team } = this.#workspace;
    const { count, memory } = this.#threads;
    const rows = splitRows(this.#info, resolved, count, offer.cost(this.#info, resolved, kernels));
    const assignments: Assignment[] = [];
    const measure = () => {
      const workspace = Workspace.measuring(kernels, team);
      return { workspace, path: offer.make(workspace, this.#info) };
    };
    if (memory === "shared") {
      const { workspace, path } = measure();
      const common = path.steps(resolved).filter((step) => step.common);
      for (const { build } of common) build();
      const commonUses = workspace.uses;
      for (const range of rows.slice(1)) {
        const base = workspace.mark;
        for (const { build } of path.steps({ ...resolved, rows: range }).slice(common.length)) build();
        const { image, images } = path;
        assignments.push({ rows: range, base, imageBytes: imageBytes(image, images), bytes: 0 });
      }
      const uses = less(workspace.uses, commonUses);
      return { rows, assignments, base: workspace.mark, uses, ownMemoryBytes: 0 };
    }
    const uses: MemoryUse[] = [];
    let ownMemoryBytes = 0;
    for (const range of rows.slice(1)) {
      const { workspace, path } = measure();
      for (const { build } of path.steps({ ...resolved, rows: range })) build();
      const { image, images } = path;
      const bytes = workspace.mark;
      assignments.push({ rows: range, base: 0, imageBytes: imageBytes(image, images), bytes });
      uses.push(...workspace.uses);
      ownMemoryBytes += bytes;
    }
    return { rows, assignments, uses, ownMemoryBytes };
  }

  #employ(
    pipeline: Pipeline,
    resolved: ResolvedChannels,
    { name }: PathOffer,
    division: Division | undefined,
  ): void {
    if (!this.#crew || !division || !this.#whole) return;
    const { offset, rows } = this.#whole;
    const task = JSON.stringify([name, { ...resolved, rows: 0 }, division.assignments, offset]);
    if (task === this.#employed) return;
    this.#employed = task;
    this.#crew.employ(this.#info, pipeline, division.assignments, this.#workspace.core, { offset, rows });
  }

  async ready(): Promise<void> {
    try {
      await this.#crew?.ready();
    } catch (error) {
      this.#employed = "";
      throw error;
    }
  }

  /** The part of the image that pictures show: all of it, or the plane of a volume that is nearest to y = 0. */
  #shown(scan: Scan | Volume): ComplexImage {
    const image = this.#image;
    if (scan.kind !== "volume") return image;
    const { offset, rows, columns, strideBytes } = image;
    const { count } = scan.y;
    const step = axisStep(scan.y);
    const plane = step > 0 ? Math.min(count - 1, Math.max(0, Math.round(-scan.y.min / step))) : 0;
    return {
      offset: offset + plane * strideBytes,
      rows: rows / count,
      columns,
      strideBytes: count * strideBytes,
    };
  }

  get pictureSource(): PictureSource {
    const { scan } = this.#built;
    return {
      image: this.#detector?.image ?? this.#shown(scan),
      geometry: {
        kind: "grid",
        scan: scan.kind === "volume" ? { kind: "linear", x: scan.x, z: scan.z } : scan,
      },
    };
  }

  /** What summing many frames at once needs, or why that cannot be. */
  get frameSum(): FrameSum | string {
    return this.#passes ? "the tables of all rows do not fit at once" : this.#path.frameSum;
  }

  get path(): string {
    return this.#path.words;
  }

  get stack(): number | undefined {
    return this.#built.compound === "none" ? this.#path.images : undefined;
  }

  readRows(frame: Frame): SignalRows {
    const path = this.#path;
    const rows = path.filtered;
    if (!rows)
      throw new SondeError(
        "bad-option",
        `beamform.path is "${path.offer.name}", which never holds all filtered rows at once: choose "depth"`,
      );
    path.load(frame);
    path.prepare?.(WHOLE);
    return {
      rows,
      groups: this.#built.transmits.length,
      rowsPerGroup: elementCount(this.#info.probe),
    };
  }

  async compute(frame: Frame): Promise<ComplexImage> {
    const path = this.#path;
    const crew = this.#crew;
    if (crew?.shared && this.#division && !this.#passes) {
      await this.#computeTogether(crew, path, frame);
      return this.#image;
    }
    path.load(frame);
    if (this.#passes) {
      path.prepare?.(WHOLE);
      for (const pass of this.#passes) pass();
    } else if (!crew || !this.#division) {
      path.prepare?.(WHOLE);
      path.sum();
    } else await this.#computeApart(crew, path, frame);
    return this.#image;
  }

  async #computeTogether(crew: Crew, path: ChannelPath, frame: Frame): Promise<void> {
    let joined = false;
    const join = () => {
      crew.join();
      joined = true;
    };
    try {
      path.load(frame, join);
      if (!joined) join();
      if (path.prepare) {
        path.prepare({ index: 0, count: crew.threads });
        await crew.meet();
      }
      path.sum();
      this.#gather(0, this.#workspace.u8(path.image.offset, imageBytes(path.image, path.images)));
      await crew.meet();
    } catch (error) {
      // The others wait for this thread, which will not come. A frame that is refused is so before anybody joins.
      if (joined) crew.dismiss();
      throw error;
    }
  }

  async #computeApart(crew: Crew, path: ChannelPath, frame: Frame): Promise<void> {
    const others = crew.run(frame, (helper, images) => this.#gather(helper + 1, images));
    try {
      path.prepare?.(WHOLE);
      path.sum();
      this.#gather(0, this.#workspace.u8(path.image.offset, imageBytes(path.image, path.images)));
    } finally {
      // Whatever becomes of this part, nobody writes into the memory afterwards.
      await others;
    }
  }

  /** Puts a part's images where they belong in the whole ones. */
  #gather(thread: number, images: Uint8Array<ArrayBuffer>): void {
    if (!this.#whole || !this.#division) return;
    const { offset, rows, strideBytes } = this.#whole;
    const range = imageRows(this.#division.rows[thread], this.#built.scan);
    const part = { ...this.#whole, rows: range.end - range.first };
    const whole = this.#workspace.u8(offset, this.#path.images * rows * strideBytes);
    for (const { from, to, bytes } of placesOf(part, this.#path.images, range, rows))
      whole.set(images.subarray(from, from + bytes), to);
  }

  async computeForPicture(frame: Frame): Promise<void> {
    if (this.stack !== undefined)
      throw new SondeError(
        "bad-option",
        'beamform.compound is "none", which makes one image a transmit: a picture needs "coherent" or "incoherent"',
      );
    const { scan, signal, soundSpeedMps, centerFrequencyHz } = this.#built;
    const stepM = axisStep(scan.kind === "sector" ? scan.range : scan.z);
    const coarsestM = soundSpeedMps / (5 * centerFrequencyHz);
    if (signal === "rf" && stepM > coarsestM)
      throw new SondeError(
        "bad-option",
        `scan steps ${(1e3 * stepM).toFixed(3)} mm in depth, too coarse for the envelope of real RF: at most ${(1e3 * coarsestM).toFixed(3)} mm, or signal "analytic"`,
      );
    await this.compute(frame);
    this.#detector?.run();
  }
}

/** Uses without those that others have counted already. */
function less(uses: readonly MemoryUse[], counted: readonly MemoryUse[]): MemoryUse[] {
  const known = new Map(counted.map(({ what, bytes }) => [what, bytes]));
  return uses
    .map(({ what, bytes }) => ({ what, bytes: bytes - (known.get(what) ?? 0) }))
    .filter(({ bytes }) => bytes > 0);
}
