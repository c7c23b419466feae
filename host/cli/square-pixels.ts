/** A rectangle that nobody asked for pixel by pixel is shown in true proportions. */
import { LARGEST_SIDE } from "../engine/resolve.ts";
import type { Plan } from "../engine/types.ts";
import type { Scan } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";

type LinearScan = Extract<Scan, { kind: "linear" }>;

/** The same rectangle with square pixels: `rows` of them, fewer and coarser where they would not fit side by side. */
export function squarePixels(scan: LinearScan, rows: number): LinearScan {
  const width = scan.x.max - scan.x.min;
  const depth = scan.z.max - scan.z.min;
  const pitch = Math.max(depth / (rows - 1), width / (LARGEST_SIDE - 1));
  const count = (length: number) => Math.max(2, Math.round(length / pitch) + 1);
  return {
    kind: "linear",
    x: { ...scan.x, count: count(width) },
    z: { ...scan.z, count: count(depth) },
  };
}

/** @returns the pipeline, with the grid of square pixels where the plan was given one */
export async function giveSquarePixels(plan: Plan, pipeline: Pipeline): Promise<Pipeline> {
  const { scan, pipeline: resolved } = plan.report;
  if (pipeline.scan || pipeline.display?.grid || scan?.kind !== "linear") return pipeline;
  const grid = squarePixels(scan, resolved.display?.heightPx ?? scan.z.count);
  const squared = { ...pipeline, display: { ...pipeline.display, grid } };
  await plan.update(squared);
  return squared;
}
