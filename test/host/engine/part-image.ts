/** Rows of a path's picture, made as one thread makes its part. */
import * as assert from "uvu/assert";
import { pureCore } from "../../../host/core/binding.ts";
import type { PathOffer } from "../../../host/engine/paths/path.ts";
import { loadWalking } from "../../../host/engine/paths/steered/in-step.ts";
import { resolveChannels } from "../../../host/engine/resolve.ts";
import { WHOLE } from "../../../host/engine/share.ts";
import { Workspace } from "../../../host/engine/workspace.ts";
import type { ChannelData, Frame, Pipeline } from "../../../host/index.ts";

/** Rows [first, end): complex numbers, [row][column]. */
export async function partImage(
  offer: PathOffer,
  info: ChannelData,
  frame: Frame,
  pipeline: Pipeline,
  first: number,
  end: number,
): Promise<Float32Array> {
  await Promise.all([pureCore(), loadWalking(info)]);
  const workspace = await Workspace.create(2 ** 28);
  const resolved = { ...resolveChannels(info, pipeline, workspace.kernels), rows: { first, end } };
  assert.is(offer.refusal(info, resolved, workspace.kernels), undefined);
  const path = offer.make(workspace, info);
  for (const { build } of path.steps(resolved)) build();
  path.load(frame);
  path.prepare?.(WHOLE);
  path.sum();
  const { offset, rows, columns, strideBytes } = path.image;
  const values = new Float32Array(2 * rows * columns);
  for (let r = 0; r < rows; r++)
    values.set(workspace.f32(offset + r * strideBytes, 2 * columns), 2 * r * columns);
  return values;
}
