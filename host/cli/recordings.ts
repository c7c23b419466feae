/** convert to UFF, and simulate: commands that write channel data. Each returns what --json prints. */
import { SondeError } from "../errors.ts";
import { npyHeader } from "../formats/npy.ts";
import { encodeUff } from "../formats/uff-writer.ts";
import { type Acquisition, type ChannelData, elementCount, type Frame } from "../model.ts";
import { SIMULATED_ARRAYS, type SimulatedArray, simulatedRecording } from "../simulate/index.ts";
import type { Source } from "../source.ts";
import type { Report } from "./commands.ts";
import { frameRange } from "./input.ts";
import { indexList, number } from "./numbers.ts";
import { bytesOf, writeWhole } from "./output.ts";
import { progress } from "./progress.ts";
import type { Values } from "./words.ts";
import { UsageError } from "./wrong-usage.ts";

/** Options that change samples; a recording keeps them as they are. */
const PROCESSING = ["signal", "remove-mean", "band", "decimation"] as const;

/** The transmits of `--transmits` alone. @throws UsageError */
function someTransmits(info: Acquisition, values: Values): number[] | undefined {
  if (values.transmits === undefined || info.kind !== "channels") return undefined;
  const all = info.sequence.length;
  const chosen = indexList("transmits", values.transmits, all);
  for (const t of chosen)
    if (!(Number.isInteger(t) && t >= 0 && t < all))
      throw new UsageError(`--transmits ${values.transmits}: it must be an index from 0 to ${all - 1}`);
  return chosen;
}

/** Samples of a frame per transmit. */
const samplesPerTransmit = (info: ChannelData) =>
  elementCount(info.probe) * info.sampleCount * (info.signal === "iq" ? 2 : 1);

async function* framesOf(
  source: Source,
  { start, end }: { start: number; end: number },
  transmits: readonly number[] | undefined,
): AsyncGenerator<Frame> {
  for (let i = start; i < end; i++) {
    const frame = await source.frame(i);
    if (!transmits || source.info.kind !== "channels") {
      yield frame;
      continue;
    }
    const each = samplesPerTransmit(source.info);
    const samples = new Float32Array(transmits.length * each);
    for (const [k, t] of transmits.entries())
      samples.set(frame.samples.subarray(t * each, (t + 1) * each), k * each);
    yield { ...frame, samples };
  }
}

/** The frames as they are; `tell` is told of the first place where some are missing between two. */
async function* watchingGaps(
  frames: AsyncIterable<Frame>,
  tell: (before: Frame, behind: Frame) => void,
): AsyncGenerator<Frame> {
  const placeOf = ({ sequence, index }: Frame) => sequence ?? index;
  let last: Frame | undefined;
  let told = false;
  for await (const frame of frames) {
    if (last && !told && placeOf(frame) - placeOf(last) > 1) {
      tell(last, frame);
      told = true;
    }
    last = { ...frame, samples: new Float32Array(0) };
    yield frame;
  }
}

/** `sonde convert FILE OUT.uff`: the recording itself, no sample changed. */
export async function convertToUff(
  file: string,
  path: string,
  source: Source,
  values: Values,
): Promise<Report> {
  for (const name of PROCESSING)
    if (values[name] !== undefined)
      throw new UsageError(`--${name}: ${path} holds the samples as they were recorded`);
  const frames = frameRange(source, values);
  const transmits = someTransmits(source.info, values);
  let { info } = source;
  if (transmits && info.kind === "channels") {
    const { sequence } = info;
    info = { ...info, sequence: transmits.map((t) => sequence[t]) };
  }
  const warnings = [...source.info.warnings];
  const all = watchingGaps(framesOf(source, frames, transmits), (before, behind) => {
    warnings.push(
      `Between frame ${before.index} and frame ${behind.index} frames are missing, which UFF has no place for: no velocity is to be told from ${path} across them.`,
    );
  });
  const bar = progress(`Converting ${file}`);
  try {
    const bytes = await encodeUff(info, all, {
      frameCount: frames.end - frames.start,
      onProgress: (done, total) => bar.update(done, total),
    });
    await writeWhole(path, (out) => out.write(bytes));
  } finally {
    bar.done();
  }
  return { output: path, frames: frames.end - frames.start, warnings };
}

/** Frames of a simulated recording when --frames does not say. */
const DEFAULT_FRAMES = 25;

function wholeNumber(name: "frames" | "seed", text: string, least: number, most: number): number {
  const value = number(name, text);
  if (!(Number.isInteger(value) && value >= least && value <= most))
    throw new UsageError(`--${name} ${text}: it must be a whole number from ${least} to ${most}`);
  return value;
}

/** `sonde simulate linear|phased|convex -o OUT.uff|OUT.npy` */
export async function simulate(scene: string, values: Values): Promise<Report> {
  const array = SIMULATED_ARRAYS.find((known) => known === scene);
  if (!array) throw new UsageError(`${scene}: the scenes are ${SIMULATED_ARRAYS.join(", ")}`);
  const path = values.output;
  if (!path) throw new UsageError("-o OUT.uff is missing");
  if (!/\.(uff|npy)$/i.test(path)) throw new UsageError(`${path}: the output must end in .uff or .npy`);
  const count =
    values.frames === undefined ? DEFAULT_FRAMES : wholeNumber("frames", values.frames, 1, 100_000);
  const seed = values.seed === undefined ? undefined : wholeNumber("seed", values.seed, 0, 2 ** 32 - 1);
  return writeSimulated(array, path, count, seed);
}

async function writeSimulated(
  array: SimulatedArray,
  path: string,
  count: number,
  seed: number | undefined,
): Promise<Report> {
  const source = await simulatedRecording({ array, seed }, count);
  const { info } = source;
  if (info.kind !== "channels") throw new SondeError("internal", "a simulated probe gives channel data");
  const shape = [count, info.sequence.length, elementCount(info.probe), info.sampleCount];
  const bar = progress(`Simulating ${count} frames`);
  try {
    if (/\.npy$/i.test(path))
      await writeWhole(path, async (out) => {
        await out.write(npyHeader("<i2", shape));
        for (let i = 0; i < count; i++) {
          await out.write(bytesOf((await source.frame(i)).samples));
          bar.update(i + 1, count);
        }
      });
    else {
      const bytes = await encodeUff(info, source.frames(), {
        frameCount: count,
        onProgress: (done, total) => bar.update(done, total),
      });
      await writeWhole(path, (out) => out.write(bytes));
    }
  } finally {
    bar.done();
    source.close();
  }
  return { output: path, shape, warnings: [] };
}
