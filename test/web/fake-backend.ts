/**
 * An engine and sources that a test page controls: pictures with a known calibration, streams that stall when told.
 * Served to test pages as `/test/fake-backend.js`; imports types only.
 */
import type {
  Acquisition,
  Engine,
  Frame,
  Image,
  OutputIndices,
  Pipeline,
  Plan,
  Region,
  Source,
} from "../../host/index.ts";
import type { Backend } from "../../web/echo-viewer/backend.ts";

export interface FakeOptions {
  width?: number;
  height?: number;
  /** Calibration; null: none. Default: 40 mm wide, 60 mm deep from 0. */
  region?: Region | null;
  /** Several of them, in place of the one. */
  regions?: readonly Region[];
  /** Frames a second of live sources. */
  rateHz?: number;
  /** Time one picture takes (ms). */
  runMs?: number;
  /** The engine breaks at this picture. */
  runBreaksAt?: number;
  /** At this gain (dB) pictures are half as deep. */
  shallowAtDb?: number;
  /** Time one change of the pipeline takes (ms). */
  updateMs?: number;
  frameCount?: number;
  /** A live source closes in order, or breaks, after so many frames. */
  endsAfter?: number;
  breaksAfter?: number;
  /** Size of a raw frame (bytes). */
  frameBytes?: number;
  warnings?: readonly string[];
  /** Takes the place of what sources and plans say of themselves. */
  acquisition?: object;
  report?: object;
  /** The picture is a bright target on black that swings in depth with the frame's time. */
  target?: { depthM: number; swingM: number; cycleS: number };
  /** Live frames with these numbers never arrive. */
  loses?: { from: number; to: number };
  /**
   * `bands`: red changes at every centimetre along the array and green at every centimetre of depth, counted from the default region's
   * zero; blue is the quarter of the picture where element 0 and the least depth are.
   */
  pattern?: "wedge" | "bands";
  /** Width of the bands, in place of the centimetre (m). */
  bandM?: number;
  /** Acoustic output that live frames state, so many seconds old, in frames before this one. */
  output?: Omit<OutputIndices, "timeS"> & { ageS?: number; until?: number };
}

/** What happened, for tests to look at; `stalled` is for them to set. */
export interface FakeLog {
  engines: number;
  enginesClosed: number;
  plans: number;
  plansClosed: number;
  sourcesClosed: number;
  /** Live iterations now going on. */
  streaming: number;
  pipelines: Pipeline[];
  stalled: boolean;
}

function info(
  name: string,
  frameCount: number | null,
  rateHz: number,
  warnings: readonly string[],
): Acquisition {
  return {
    kind: "beamformed",
    signal: "envelope",
    name,
    format: "fake",
    frameCount,
    frameRateHz: rateHz,
    soundSpeedMps: 1540,
    warnings,
    rows: 1,
    columns: 1,
    transmitCount: 1,
  };
}

/** A grey wedge whose bright row moves with the frame, transparent at the two upper corners. */
function picture(
  frame: Frame,
  width: number,
  height: number,
  gainDb: number,
  regions: readonly Region[],
  { pattern, bandM = 0.01 }: Pick<FakeOptions, "pattern" | "bandM">,
): Image {
  const pixels = new Uint8ClampedArray(width * height * 4);
  const bright = (frame.index * 7) % height;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = (row * width + column) * 4;
      const level = row === bright ? 255 : (255 * column) / width + gainDb;
      pixels.fill(level, at, at + 3);
      pixels[at + 3] = Math.abs(column - width / 2) > row + width / 4 ? 0 : 255;
    }
  }
  if (pattern === "bands") {
    const [across, down] = [(width * bandM) / 0.04, (height * bandM) / 0.06];
    for (let at = 0; at < width * height; at++) {
      const [column, row] = [at % width, Math.floor(at / width)];
      const red = Math.floor(column / across) % 2;
      const green = Math.floor(row / down) % 2;
      const blue = column < width / 4 && row < height / 4;
      pixels.set([255 * red, 255 * green, blue ? 255 : 0, 255], at * 4);
    }
  }
  const { index: frameIndex, timeS: frameTimeS } = frame;
  return { width, height, pixels, regions, frameIndex, frameTimeS, referenceAmplitude: 1, elapsedMs: 0 };
}

/** A target at its depth, as wide as the picture, with a Gaussian profile of 1.5 rows. */
function swinging(frame: Frame, target: NonNullable<FakeOptions["target"]>, blank: Image): Image {
  const { depthM, swingM, cycleS } = target;
  const { width, height, pixels, regions } = blank;
  const depth = depthM + swingM * Math.sin((2 * Math.PI * (frame.timeS ?? 0)) / cycleS);
  const at = (depth - regions[0].originZM) / regions[0].deltaZM;
  for (let row = 0; row < height; row++) {
    const level = Math.round(255 * Math.exp(-((row - at) ** 2) / (2 * 1.5 ** 2)));
    for (let i = 4 * row * width; i < 4 * (row + 1) * width; i += 4)
      pixels.set([level, level, level, 255], i);
  }
  return blank;
}

export function fakeBackend(options: FakeOptions = {}): { backend: Backend; log: FakeLog } {
  const { width = 80, height = 120, rateHz = 25, runMs = 0, frameCount = 20, frameBytes = 100_000 } = options;
  const log: FakeLog = {
    engines: 0,
    enginesClosed: 0,
    plans: 0,
    plansClosed: 0,
    sourcesClosed: 0,
    streaming: 0,
    pipelines: [],
    stalled: false,
  };
  const region: Region | null =
    options.region === undefined
      ? {
          kind: "tissue",
          minX: 0,
          minY: 0,
          maxX: width - 1,
          maxY: height - 1,
          originXM: -0.02 + 0.02 / width,
          originZM: 0.03 / height,
          deltaXM: 0.04 / width,
          deltaZM: 0.06 / height,
        }
      : options.region;
  const regions = options.regions ?? (region ? [region] : []);
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  const plan = (_info: Acquisition, first: Pipeline = {}): Plan => {
    let pipeline = first;
    log.plans++;
    log.pipelines.push(first);
    return {
      where: "here",
      report: {
        imageWidth: width,
        imageHeight: height,
        pipeline: first,
        path: "fake",
        ensemble: { framesAtOnce: 1, path: "fake" },
        memoryBytes: 0,
        memory: [],
        threads: { count: 1, memory: "none", why: "one thread: nothing is computed" },
        passes: 1,
        rebuilt: [],
        ...options.report,
      },
      async update(next) {
        if (options.updateMs) await wait(options.updateMs);
        if ((next.display?.gainDb ?? 0) === 59)
          throw sondeError("bad-option", "gainDb is 59: it must not be 59 here.");
        log.pipelines.push(next);
        pipeline = next;
      },
      async run(frame) {
        if (runMs) await wait(runMs);
        if (frame.index === options.runBreaksAt) throw new RangeError("unreachable");
        const { gainDb = 0 } = pipeline.display ?? {};
        const shown =
          gainDb === options.shallowAtDb
            ? regions.map((one) => ({ ...one, deltaZM: one.deltaZM / 2 }))
            : regions;
        const made = picture(frame, width, height, gainDb, shown, options);
        return options.target ? swinging(frame, options.target, made) : made;
      },
      beamform: () => Promise.reject(new Error("not faked")),
      decibels: () => Promise.reject(new Error("not faked")),
      ensemble: () => Promise.reject(new Error("not faked")),
      flow: () => Promise.reject(new Error("not faked")),
      past: async () => undefined,
      resume: async () => undefined,
      close: () => {
        log.plansClosed++;
      },
    };
  };

  const engine = async (): Promise<Engine> => {
    log.engines++;
    return {
      where: "here",
      plan: async (...given) => plan(...given),
      close: () => {
        log.enginesClosed++;
      },
    };
  };

  const stated = (index: number): OutputIndices | undefined => {
    if (!options.output || index >= (options.output.until ?? Number.POSITIVE_INFINITY)) return undefined;
    const { ageS = 0, until: _, ...output } = options.output;
    return { ...output, timeS: index / rateHz - ageS };
  };
  const frameOf = (index: number): Frame => ({
    index,
    timeS: index / rateHz,
    outputIndices: stated(index),
    samples: new Int16Array(frameBytes / 2),
  });

  async function* stream(signal: AbortSignal | undefined): AsyncIterableIterator<Frame> {
    log.streaming++;
    try {
      for (let index = 0; !signal?.aborted; ) {
        await wait(1000 / rateHz);
        if (index === options.endsAfter) return;
        if (index === options.breaksAfter)
          throw sondeError("device-lost", "The probe was unplugged: plug it in again.");
        if (log.stalled || signal?.aborted) continue;
        const lost = options.loses && index >= options.loses.from && index < options.loses.to;
        if (lost) index++;
        else yield frameOf(index++);
      }
    } finally {
      log.streaming--;
    }
  }

  const source = (name: string, live: boolean): Source => ({
    info: {
      ...info(name, live ? null : frameCount, rateHz, options.warnings ?? []),
      ...options.acquisition,
    } as Acquisition,
    live,
    frames: (range) => stream(range?.signal),
    frame: async (index) => frameOf(index),
    close: () => {
      log.sourcesClosed++;
    },
  });

  return {
    log,
    backend: {
      createEngine: engine,
      async open(file) {
        const name = typeof file === "string" ? file : file.name;
        if (name.includes("never")) await new Promise(() => undefined);
        if (name.includes("slow")) await wait(1500);
        if (name.includes("bad"))
          throw sondeError("corrupt-file", `${name} ends at byte 12 of 400: copy it again.`);
        return source(name, false);
      },
      connect: async (probe) => source(String(probe), true),
    },
  };
}

function sondeError(code: string, message: string): Error {
  return Object.assign(new Error(message), { name: "SondeError", code, fields: {} });
}
