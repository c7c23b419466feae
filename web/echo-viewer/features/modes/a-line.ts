/** The A-line: amplitude along the line in the frame on the screen, as the picture has it or before detection. */
import type { Image } from "../../../../host/index.ts";
import { dynamicRangeOf, greyMapOf, type ViewerState } from "../../store.ts";
import { ExtraPlan } from "../extra-plan.ts";
import type { Viewer } from "../feature.ts";
import { type Course, courseOf, levelsOn } from "./reader.ts";
import { beamScan, columnTrace, gridTrace, nearestScanLine, signalPipeline, type Trace } from "./signal.ts";
import { modesOf, type Signal } from "./state.ts";

/** What is plotted. Levels and envelopes in dB, the carrier in parts of the reference amplitude. */
export interface Curve {
  readonly signal: Signal;
  /** The real part of baseband data, which is no RF. */
  readonly baseband: boolean;
  /** Metres, or picture pixels. */
  readonly calibrated: boolean;
  readonly depth: readonly [origin: number, step: number];
  /** NaN where there is nothing. */
  readonly values: Float32Array;
  readonly peaks: Float32Array | null;
  /** Least and greatest value of the axis. */
  readonly limits: readonly [number, number];
}

export class ALine {
  readonly #viewer: Viewer;
  #curve: Curve | null = null;
  #peaks: Float32Array | null = null;
  /** What the peaks were held for. */
  #peaksOf = "";
  #samples = new Float32Array(0);
  #plan: ExtraPlan | undefined;
  #busy = false;
  #again = false;
  /** The source has no signal before detection. */
  refused = false;

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
  }

  get curve(): Curve | null {
    return this.#curve;
  }

  follow(state: ViewerState, previous: ViewerState | undefined): void {
    const { image, session } = state;
    if (session !== previous?.session) this.close();
    if (!image || !session) return;
    const modes = modesOf(state);
    const before = previous && modesOf(previous);
    if (image === previous?.image && modes.line === before?.line && modes.signal === before?.signal) {
      if (modes.peakHold !== before?.peakHold) this.#peaks = null;
      return;
    }
    if (modes.signal !== before?.signal) this.refused = false;
    const course = courseOf(state, image);
    if (modes.signal === "level") this.#level(state, image, course);
    else void this.#beforeDetection();
  }

  close(): void {
    this.#plan?.close();
    this.#plan = undefined;
    this.#curve = null;
    this.#peaks = null;
    this.refused = false;
  }

  #level(state: ViewerState, image: Image, course: Course): void {
    if (this.#samples.length !== course.count) this.#samples = new Float32Array(course.count);
    levelsOn(course, image, greyMapOf(state), this.#samples);
    const range = dynamicRangeOf(state);
    const values = this.#samples.map((level) => (level / 255 - 1) * range);
    this.#publish("level", false, course.plane.calibrated, course.depth, values, [-range, 0], course.key);
  }

  /** Asks for the signal of the frame on the screen; while it is on its way, the newest request waits. */
  async #beforeDetection(): Promise<void> {
    this.#again = true;
    if (this.#busy) return;
    this.#busy = true;
    while (this.#again) {
      this.#again = false;
      try {
        await this.#once();
      } catch {
        // Images and detected lines have none; the view says so.
        this.refused = true;
        this.#curve = null;
        this.#viewer.host.requestUpdate();
      }
      this.#viewer.repaint();
    }
    this.#busy = false;
  }

  async #once(): Promise<void> {
    const { store, session: sessions, cine } = this.#viewer;
    const { state } = store;
    const { session, image, position } = state;
    const { line, signal, mode } = modesOf(state);
    const stored = cine.stored(position);
    if (!session || !image || !stored || mode !== "a" || signal === "level") return;
    const { info } = session;
    const course = courseOf(state, image);
    const scan = course.plane.calibrated ? beamScan(line, course.beams, info) : undefined;
    if (!this.#plan || this.#plan.closed) this.#plan = new ExtraPlan(info, sessions.lease());
    const extra = this.#plan;
    const { values, plan } = await extra.beamform(
      await stored.frame(),
      signalPipeline(sessions.applied, scan),
    );
    // Another source, mode or signal since: this answer is nobody's.
    const now = modesOf(store.state);
    if (extra.closed || now.mode !== "a" || now.signal !== signal) return;
    let trace: Trace;
    const grid = plan.report.scan;
    if (scan) {
      const [count] = values.shape;
      const [start, end] = course.beams.depth;
      const above = course.beams.kind === "sector" ? course.beams.apex[1] : 0;
      trace = columnTrace(values, 0, false, [start + above, (end - start) / (count - 1)]);
    } else if (grid) {
      trace = gridTrace(values, grid, course.ends, course.count, course.depth);
    } else if (info.kind === "lines") {
      const number = nearestScanLine(info, course.ends);
      const [, z0, angle, start, step] = info.lines.subarray(5 * number, 5 * number + 5);
      trace = columnTrace(values, number, true, [z0 * Math.cos(angle) + start, step]);
    } else throw new RangeError("no grid");
    const reference = image.referenceAmplitude || 1;
    const range = dynamicRangeOf(state);
    const key = `${signal} ${course.key}`;
    this.refused = false;
    if (signal === "envelope") {
      const levels = trace.envelope.map((value) => 20 * Math.log10(Math.max(value / reference, 1e-9)));
      this.#publish(signal, false, true, trace.depth, levels, [-range, 0], key);
    } else {
      const baseband = plan.report.pipeline.signal === "iq";
      const parts = trace.real.map((value) => value / reference);
      this.#publish(signal, baseband, true, trace.depth, parts, [-1, 1], key);
    }
  }

  #publish(
    signal: Signal,
    baseband: boolean,
    calibrated: boolean,
    depth: readonly [number, number],
    values: Float32Array,
    limits: readonly [number, number],
    key: string,
  ): void {
    const { peakHold } = modesOf(this.#viewer.store.state);
    let peaks: Float32Array | null = null;
    if (peakHold) {
      const held = this.#peaksOf === key && this.#peaks?.length === values.length ? this.#peaks : null;
      const size = (value: number): number => (signal === "rf" ? Math.abs(value) : value);
      peaks = values.map((value, i) => Math.max(size(value), held?.[i] ?? Number.NEGATIVE_INFINITY));
    }
    this.#peaks = peaks;
    this.#peaksOf = key;
    this.#curve = { signal, baseband, calibrated, depth, values, peaks, limits };
  }
}
