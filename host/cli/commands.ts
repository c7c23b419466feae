/** info, beamform, image, convert: one function a command. Each returns what --json prints. */
import { createEngine, DEFAULT_MEMORY_LIMIT_BYTES } from "../engine/engine.ts";
import { LocalPlan } from "../engine/plan.ts";
import type { Plan } from "../engine/types.ts";
import { SondeError } from "../errors.ts";
import { npyHeader } from "../formats/npy.ts";
import { encodePng } from "../formats/png.ts";
import type { Image } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";
import { checkEngineOptions, toPipeline, UsageError, type Values } from "./arguments.ts";
import { eachFrame, frameRange, openInput } from "./input.ts";
import { bytesOf, writeWhole } from "./output.ts";
import { describe, type Summary, summarize } from "./summary.ts";

type Report = Record<string, unknown>;

function need(path: string | undefined, option: string, extensions: readonly string[]): string {
  if (!path) throw new UsageError(`${option} is missing`);
  if (!extensions.some((extension) => path.toLowerCase().endsWith(extension)))
    throw new UsageError(`${path}: the output must end in ${extensions.join(" or ")}`);
  return path;
}

/** `sonde info FILE` */
export async function info(file: string, values: Values): Promise<Report> {
  const source = await openInput(file, values);
  try {
    const summary: Summary = await summarize(source);
    if (!values.json) console.log(describe(summary));
    return { ...summary };
  } finally {
    source.close();
  }
}

/** `sonde beamform FILE -o OUT.npy` */
export async function beamform(file: string, values: Values): Promise<Report> {
  const path = need(values.output, "-o OUT.npy", [".npy"]);
  checkEngineOptions(values);
  const source = await openInput(file, values);
  try {
    const frames = frameRange(source, values);
    const engine = await createEngine();
    const plan = await engine.plan(source.info, toPipeline(values, source, { window: "boxcar" }));
    let shape: readonly number[] = [];
    await writeWhole(path, (out) =>
      eachFrame(source, frames, `Beamforming ${file}`, async (frame, position) => {
        const result = await plan.beamform(frame);
        if (position === 0) {
          shape = [frames.end - frames.start, ...result.shape];
          await out.write(npyHeader("<c8", shape));
        }
        await out.write(bytesOf(result.values));
      }),
    );
    plan.close();
    return { output: path, shape, dtype: "complex64", plan: plan.report };
  } finally {
    source.close();
  }
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

/** A rectangle that nobody asked for pixel by pixel is shown in true proportions. */
async function useSquarePixels(plan: Plan, pipeline: Pipeline): Promise<void> {
  const { scan, pipeline: resolved } = plan.report;
  if (pipeline.scan || pipeline.display?.grid || scan?.kind !== "linear") return;
  const rows = resolved.display?.heightPx ?? scan.z.count;
  const pitch = (scan.z.max - scan.z.min) / (rows - 1);
  const x = { ...scan.x, count: Math.max(2, Math.round((scan.x.max - scan.x.min) / pitch) + 1) };
  await plan.update({
    ...pipeline,
    display: { ...pipeline.display, grid: { kind: "linear", x, z: { ...scan.z, count: rows } } },
  });
}

/** `sonde image FILE -o OUT.png|OUT.npy` */
export async function image(file: string, values: Values): Promise<Report> {
  const path = need(values.output, "-o OUT.png", [".png", ".npy"]);
  checkEngineOptions(values);
  const source = await openInput(file, values);
  try {
    const frames = frameRange(source, values, { start: 0, end: 1 });
    const engine = await createEngine();
    const pipeline = toPipeline(values, source);
    const plan = await engine.plan(source.info, pipeline);
    await useSquarePixels(plan, pipeline);
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
    plan.close();
    return { outputs, plan: plan.report };
  } finally {
    source.close();
  }
}

/** `sonde convert FILE OUT.npy` */
export async function convert(file: string, output: string | undefined, values: Values): Promise<Report> {
  const path = need(output ?? values.output, "OUT.npy", [".npy"]);
  checkEngineOptions(values);
  const source = await openInput(file, values);
  try {
    if (source.info.kind === "beamformed")
      throw new SondeError(
        "missing-data",
        `${source.info.name} is beamformed already: it holds no channel data or lines to convert`,
      );
    const frames = frameRange(source, values);
    const pipeline = toPipeline(values, source);
    // The data themselves, without the prefilter that "auto" interpolation wants.
    const plan = await LocalPlan.create(
      source.info,
      { ...pipeline, beamform: { ...pipeline.beamform, interpolation: "linear" } },
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
    return { output: path, shape, dtype: "complex64" };
  } finally {
    source.close();
  }
}
