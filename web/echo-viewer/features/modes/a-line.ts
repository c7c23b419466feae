/** The A-line: amplitude along the line in the frame on the screen, as the picture has it or before detection. */
import type { Image, Pipeline } from "../../../../host/index.ts";
import { dynamicRangeOf, greyMapOf, type ViewerState } from "../../store.ts";
import { ExtraPlan } from "../extra-plan.ts";
import type { Shot, Viewer } from "../feature.ts";
import { depthOf, lengthOf, lineIn } from "./plane.ts";
import { type Course, courseOf, levelsOn } from "./reader.ts";
import {
  beamScan,
  columnTrace,
  gridTrace,
  nearestScanLine,
  scanLineAcross,
  signalPipeline,
  type Trace,
  upTo,
} from "./signal.ts";
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

/** The curves of stored frames, beside what the screen shows. */
export interface CurveFilm {
  readonly curve: Curve | null;
  readonly course: Course | null;
  show(shot: Shot): Promise<void>;
  close(): void;
}

/** A curve without its peaks, and what peaks are held for. */
type Plotted = Omit<Curve, "peaks"> & { key: string };

/** What the picture shows along the line. */
function levelCurve(state: ViewerState, image: Image, course: Course): Plotted {
  const samples = new Float32Array(course.count);
  levelsOn(course, image, greyMapOf(state), samples);
  const range = dynamicRangeOf(state);
  return {
    signal: "level",
    baseband: false,
    calibrated: course.plane.deep,
    depth: course.depth,
    values: samples.map((level) => (level / 255 - 1) * range),
    limits: [-range, 0],
    key: course.key,
  };
}

/** Envelope or RF along the line. @throws RangeError for data that have neither, and what `beamform` throws */
async function signalCurve(
  extra: ExtraPlan,
  { frame, image, state }: Shot,
  applied: Pipeline,
): Promise<Plotted> {
  const { signal } = modesOf(state);
  const { info } = state.session!;
  // Compressed data have neither, envelopes no carrier.
  if (info.signal === "log" || (info.signal === "envelope" && signal === "rf"))
    throw new RangeError("detected");
  const course = courseOf(state, image);
  const line = lineIn(course.plane, modesOf(state).line);
  const scan = course.plane.calibrated ? beamScan(line, course.beams, info) : undefined;
  const { values, plan } = await extra.beamform(frame, signalPipeline(applied, scan, line, info));
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
    const { plane, ends } = course;
    const shownOn = state.session!.plan.report.scan;
    const number = plane.calibrated
      ? nearestScanLine(info, ends)
      : scanLineAcross(info, (ends[0][0] - 0.5) / Math.max(1, image.width - 1), shownOn);
    const [x0, z0, angle, start, step] = info.lines.subarray(5 * number, 5 * number + 5);
    const { soundSpeedMps = info.soundSpeedMps } = plan.report.pipeline;
    const sample = (k: number): number => {
      const along = start + (k * step * soundSpeedMps) / info.soundSpeedMps;
      return depthOf([x0 + along * Math.sin(angle), z0 + along * Math.cos(angle)], course.beams);
    };
    const whole = columnTrace(values, number, true, [sample(0), sample(1) - sample(0)]);
    // The picture may be cut at a depth.
    trace = line.kind === "beam" ? upTo(whole, course.start + lengthOf(ends)) : whole;
  } else throw new RangeError("no grid");
  const reference = image.referenceAmplitude || 1;
  const range = dynamicRangeOf(state);
  const key = `${signal} ${course.key}`;
  const about = { signal, calibrated: true, depth: trace.depth, key } as const;
  if (signal === "envelope") {
    const levels = trace.envelope.map((value) => 20 * Math.log10(Math.max(value / reference, 1e-9)));
    return { ...about, baseband: false, values: levels, limits: [-range, 0] };
  }
  const baseband = plan.report.pipeline.signal === "iq";
  return { ...about, baseband, values: trace.real.map((value) => value / reference), limits: [-1, 1] };
}

/** The greatest values so far, for as long as curves are of one line and signal. */
class PeakHold {
  #peaks: Float32Array | null = null;
  #key = "";

  /** @returns the curve with its peaks, where they are wanted */
  hold({ key, ...curve }: Plotted, wanted: boolean): Curve {
    const { signal, values } = curve;
    let peaks: Float32Array | null = null;
    if (wanted) {
      const held = this.#key === key && this.#peaks?.length === values.length ? this.#peaks : null;
      const size = (value: number): number => (signal === "rf" ? Math.abs(value) : value);
      peaks = values.map((value, i) => Math.max(size(value), held?.[i] ?? Number.NEGATIVE_INFINITY));
    }
    this.#peaks = peaks;
    this.#key = key;
    return { ...curve, peaks };
  }

  forget(): void {
    this.#peaks = null;
  }
}

export class ALine {
  readonly #viewer: Viewer;
  #curve: Curve | null = null;
  readonly #peaks = new PeakHold();
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

  /** As the strip's. */
  follow(state: ViewerState, previous: ViewerState | undefined, next = false): void {
    const { image, session } = state;
    // Without a picture, what is drawn is nobody's.
    if (!image || session !== previous?.session) this.close();
    if (!image || !session) return;
    const modes = modesOf(state);
    const before = previous && modesOf(previous);
    const same = !next && image === previous?.image;
    if (same && modes.line === before?.line && modes.signal === before?.signal) {
      if (modes.peakHold !== before?.peakHold) this.#peaks.forget();
      return;
    }
    if (modes.signal !== before?.signal) this.refused = false;
    if (modes.signal === "level") this.#publish(levelCurve(state, image, courseOf(state, image)));
    else void this.#beforeDetection();
  }

  close(): void {
    this.#plan?.close();
    this.#plan = undefined;
    this.#curve = null;
    this.#peaks.forget();
    this.refused = false;
  }

  film(): CurveFilm {
    const { session: sessions, store } = this.#viewer;
    const peaks = new PeakHold();
    const { applied } = sessions;
    const extra = new ExtraPlan(store.state.session!.info, sessions.lease());
    const film = {
      curve: null as Curve | null,
      course: null as Course | null,
      show: async (shot: Shot): Promise<void> => {
        const { state, image } = shot;
        const { signal, peakHold } = modesOf(state);
        film.course = courseOf(state, image);
        // Where there is no signal the plot is empty on the screen as well.
        const plotted =
          signal === "level"
            ? levelCurve(state, image, film.course)
            : await signalCurve(extra, shot, applied).catch(() => null);
        film.curve = plotted && peaks.hold(plotted, peakHold);
      },
      close: () => extra.close(),
    };
    return film;
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
    const { signal, mode } = modesOf(state);
    const stored = cine.stored(position);
    if (!session || !image || !stored || mode !== "a" || signal === "level") return;
    if (!this.#plan || this.#plan.closed) this.#plan = new ExtraPlan(session.info, sessions.lease());
    const extra = this.#plan;
    const shot = { frame: await stored.frame(), image, state };
    const plotted = await signalCurve(extra, shot, sessions.applied);
    // Another source, mode or signal since: this answer is nobody's.
    const now = modesOf(store.state);
    if (extra.closed || now.mode !== "a" || now.signal !== signal) return;
    this.refused = false;
    this.#publish(plotted);
  }

  #publish(plotted: Plotted): void {
    this.#curve = this.#peaks.hold(plotted, modesOf(this.#viewer.store.state).peakHold);
  }
}
