/** info, beamform, image, flow, convert: one function a command. Each returns what --json prints. */
import { adjustmentsOf } from "../adjustments.ts";
import { autoGain } from "../auto-gain.ts";
import { createEngine, DEFAULT_MEMORY_LIMIT_BYTES } from "../engine/engine.ts";
import { LocalPlan } from "../engine/plan.ts";
import type { Plan } from "../engine/types.ts";
import { isSondeError, SondeError } from "../errors.ts";
import { npyHeader } from "../formats/npy.ts";
import { encodePng } from "../formats/png.ts";
import type { Image, Scan } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";
import type { RecordingSession, Source } from "../source.ts";
import { checkVersion } from "./applicable.ts";
import { eachFrame, eachGroup, frameRange, withInput } from "./input.ts";
import { number } from "./numbers.ts";
import { bytesOf, notOver, writeWhole } from "./output.ts";
import { convertToUff } from "./recordings.ts";
import { giveSquarePixels } from "./square-pixels.ts";
import { describe, describeSession, summarize } from "./summary.ts";
import { toPipeline } from "./to-pipeline.ts";
import type { Values } from "./words.ts";
import { UsageError } from "./wrong-usage.ts";

/** What a command did, for --json. */
export interface Report {
  /** What is missing or odd about the input, in sentences. */
  warnings: readonly string[];
  [fact: string]: unknown;
}

function need(path: string | undefined, option: string, extensions: readonly string[]): string {
  if (!path) throw new UsageError(`${option} is missing`);
  if (!extensions.some((extension) => path.toLowerCase().endsWith(extension)))
    throw new UsageError(`${path}: the output must end in ${extensions.join(" or ")}`);
  return path;
}

/** `--threads auto|N`, N checked by the engine. */
function threadsOf({ threads }: Values): "auto" | number {
  return threads === undefined || threads === "auto" ? "auto" : number("threads", threads);
}

/** `sonde info FILE` */
export async function info(file: string, values: Values): Promise<Report> {
  try {
    return await withInput("info", file, values, async (source) => {
      const summary = await summarize(source);
      if (!values.json) console.log(describe(summary));
      return { ...summary };
    });
  } catch (error) {
    // A recording of poses or texts alone has no picture, but a session to tell of.
    const session = isSondeError(error, "missing-data") ? error.fields["session"] : undefined;
    if (!session) throw error;
    const told = { name: file, frames: 0, session: JSON.parse(String(session)) as RecordingSession };
    if (!values.json) console.log(describeSession(told));
    return { ...told, warnings: ["it holds no frame that can be shown"] };
  }
}

/** `sonde beamform FILE -o OUT.npy` */
export function beamform(file: string, values: Values): Promise<Report> {
  const path = need(values.output, "-o OUT.npy", [".npy"]);
  notOver(file, path);
  checkVersion(values);
  return withInput("beamform", file, values, async (source) => {
    const frames = frameRange(source, values);
    const engine = await createEngine({ threads: threadsOf(values) });
    const plan = await engine.plan(source.info, toPipeline(values, source.info, { window: "boxcar" }));
    let shape: readonly number[] = [];
    await writeWhole(path, (out) =>
      eachGroup(
        source,
        frames,
        plan.report.ensemble.framesAtOnce,
        `Beamforming ${file}`,
        async (group, position) => {
          const result = await plan.ensemble(group);
          if (position === 0) {
            shape = [frames.end - frames.start, ...result.shape.slice(1)];
            await out.write(npyHeader("<c8", shape));
          }
          await out.write(bytesOf(result.values));
        },
      ),
    );
    engine.close();
    return { output: path, shape, dtype: "complex64", plan: plan.report, warnings: source.info.warnings };
  });
}

/** Text that a picture carries with it. */
function pictureText(pipeline: unknown, name: string): Record<string, string> {
  return {
    Software: "Sonde",
    Source: name,
    "sonde:pipeline": JSON.stringify(pipeline),
    Comment: "For research and teaching, not for diagnosis",
  };
}

/** Pixels a metre across and down, from the calibrated region that fills the picture. */
function pixelsPerMeter(image: Image): readonly [number, number] | undefined {
  const [region] = image.regions;
  if (!region || !(region.deltaXM > 0) || !(region.deltaZM > 0)) return undefined;
  return [Math.round(1 / region.deltaXM), Math.round(1 / region.deltaZM)];
}

/** `--gain auto`: gain and time-gain compensation that suit one frame, for all. @returns what is to be told */
async function fitGain(plan: Plan, pipeline: Pipeline, source: Source, at: number): Promise<string[]> {
  const beside = at > 0 ? at - 1 : at + 1;
  const before = beside < (source.info.frameCount ?? 0) ? await source.frame(beside) : undefined;
  const tgc = adjustmentsOf(source.info, plan.report.pipeline).tgc.applies;
  const fitted = await autoGain(plan, pipeline, await source.frame(at), { tgc, ...(before && { before }) });
  if (!fitted) return [`--gain auto: frame ${at} has no echoes to fit the gain to`];
  await plan.update({ ...pipeline, display: { ...pipeline.display, ...fitted } });
  return [];
}

/** `sonde image FILE -o OUT.png|OUT.npy` */
export function image(file: string, values: Values): Promise<Report> {
  const path = need(values.output, "-o OUT.png", [".png", ".npy"]);
  notOver(file, path);
  checkVersion(values);
  return withInput("image", file, values, async (source) => {
    const frames = frameRange(source, values, { start: 0, end: 1 });
    if (values.persistence !== undefined && frames.end - frames.start < 2)
      throw new UsageError(
        `--persistence ${values.persistence}: it averages successive frames: add --frames A:B with at least two`,
      );
    const fits = values.gain === "auto";
    if (fits && values.tgc !== undefined)
      throw new UsageError(`--tgc ${values.tgc}: --gain auto finds it: leave one of them out`);
    const engine = await createEngine({ threads: threadsOf(values) });
    const asked = toPipeline(fits ? { ...values, gain: undefined } : values, source.info);
    const plan = await engine.plan(source.info, asked);
    const pipeline = await giveSquarePixels(plan, asked);
    const warnings = fits ? await fitGain(plan, pipeline, source, frames.start) : [];
    const outputs: string[] = [];
    if (path.toLowerCase().endsWith(".npy")) {
      outputs.push(path);
      await writeWhole(path, (out) =>
        eachFrame(source, frames, `Imaging ${file}`, async (frame, position) => {
          const result = await plan.decibels(frame);
          if (position === 0) await out.write(npyHeader("<f4", [frames.end - frames.start, ...result.shape]));
          await out.write(bytesOf(result.values));
        }),
      );
    } else
      await eachFrame(source, frames, `Imaging ${file}`, async (frame) => {
        const picture = await plan.run(frame);
        const png = await encodePng(picture, {
          text: pictureText(plan.report.pipeline, source.info.name),
          pixelsPerMeter: pixelsPerMeter(picture),
        });
        const name =
          frames.end - frames.start > 1
            ? path.replace(/(\.png)$/i, `-${String(frame.index).padStart(4, "0")}$1`)
            : path;
        await writeWhole(name, (out) => out.write(png));
        outputs.push(name);
      });
    engine.close();
    return { outputs, plan: plan.report, warnings: [...source.info.warnings, ...warnings] };
  });
}

/** `sonde flow FILE -o OUT.npy` */
export function flow(file: string, values: Values): Promise<Report> {
  const path = need(values.output, "-o OUT.npy", [".npy"]);
  notOver(file, path);
  checkVersion(values);
  return withInput("flow", file, values, async (source) => {
    const frames = frameRange(source, values);
    const count = frames.end - frames.start;
    const engine = await createEngine({ threads: threadsOf(values) });
    const plan = await engine.plan(source.info, toPipeline(values, source.info, { window: "boxcar" }));
    let facts: Record<string, unknown> = {};
    await writeWhole(path, (out) =>
      eachGroup(source, frames, count, `Flow of ${file}`, async (ensemble) => {
        const { shape, velocityMps, power, variance, nyquistMps, singularValues } = await plan.flow(ensemble);
        await out.write(npyHeader("<f4", [3, ...shape]));
        for (const plane of [velocityMps, power, variance]) await out.write(bytesOf(plane));
        facts = { shape: [3, ...shape], nyquistMps, singularValues: singularValues && [...singularValues] };
      }),
    );
    engine.close();
    const planes = ["velocityMps", "power", "variance"];
    const { warnings } = source.info;
    return { output: path, ...facts, dtype: "float32", planes, frames: count, plan: plan.report, warnings };
  });
}

/** One pixel a centimetre deep: what is converted is not imaged, so no table need be larger. */
const ONE_PIXEL: Scan = {
  kind: "linear",
  x: { min: 0, max: 0, count: 1 },
  z: { min: 0.01, max: 0.01, count: 1 },
};

/** `sonde convert FILE OUT.npy|OUT.uff` */
export function convert(file: string, output: string | undefined, values: Values): Promise<Report> {
  if (output !== undefined && values.output !== undefined)
    throw new UsageError(`--output ${values.output}: the output is ${output} already`);
  const path = need(output ?? values.output, "OUT.npy", [".npy", ".uff"]);
  notOver(file, path);
  checkVersion(values);
  return withInput("convert", file, values, async (source) => {
    if (path.toLowerCase().endsWith(".uff")) return convertToUff(file, path, source, values);
    if (source.info.kind === "beamformed")
      throw new SondeError(
        "missing-data",
        `${source.info.name} is beamformed already: it holds no channel data or lines to convert`,
      );
    const frames = frameRange(source, values);
    // The data themselves: "auto" interpolation would want them prefiltered.
    const plan = await LocalPlan.create(
      source.info,
      {
        ...toPipeline(values, source.info),
        scan: ONE_PIXEL,
        beamform: { interpolation: "linear", compound: "none" },
      },
      DEFAULT_MEMORY_LIMIT_BYTES,
    );
    let shape: readonly number[] = [];
    await writeWhole(path, (out) =>
      eachFrame(source, frames, `Converting ${file}`, async (frame, position) => {
        const result = await plan.channels(frame);
        if (position === 0) {
          shape = [
            frames.end - frames.start,
            ...(source.info.kind === "lines" ? result.shape.slice(1) : result.shape),
          ];
          await out.write(npyHeader("<c8", shape));
        }
        await out.write(bytesOf(result.values));
      }),
    );
    plan.close();
    return { output: path, shape, dtype: "complex64", warnings: source.info.warnings };
  });
}
