/** One thread's part of a picture: the path for some of its rows, built in a workspace of its own or in its place of a shared one. */
import { scanSize } from "../axis.ts";
import type { Step } from "../imager.ts";
import type { ChannelPath, ComplexImage } from "../paths/path.ts";
import type { ResolvedChannels } from "../resolve.ts";
import type { Workspace } from "../workspace.ts";
import type { RowRange } from "./split-rows.ts";

/** Where a part lies in a memory that it shares. */
export interface Place {
  /** First byte of what is its own. */
  base: number;
  /** Another thread fills what the parts have in common. */
  filled: boolean;
}

/** A path's steps for a part. Alone in its memory (no `place`), everything lies one behind another. */
export function partSteps(
  workspace: Workspace,
  path: ChannelPath,
  resolved: ResolvedChannels,
  place?: Place,
): Step[] {
  const steps = path.steps(resolved);
  const own = steps.findIndex(({ common }) => !common);
  return steps.map(({ name, key, common, build }, i) => ({
    name,
    key: `${path.offer.name} ${i === own ? (place?.base ?? "") : ""} ${key}`,
    build: () => {
      if (place && i === own) workspace.rewind(place.base);
      if (place?.filled && common) workspace.layOutOnly(build);
      else build();
    },
  }));
}

/** Rows of an image that depths of its scan are: planes lie behind one another in each depth of a volume. */
export function imageRows({ first, end }: RowRange, scan: ResolvedChannels["scan"]): RowRange {
  const { planes } = scanSize(scan);
  return { first: planes * first, end: planes * end };
}

/** Bytes that the images of a part take, behind one another. */
export function imageBytes({ rows, strideBytes }: ComplexImage, images: number): number {
  return images * rows * strideBytes;
}

/**
 * Rows of a part where they belong in the whole picture: for each of its images
 *
 *   from   | part's rows |                    from + (image) part's bytes
 *   to     | ... first rows | here | ... |    to + (image) whole bytes + first row
 */
export function placesOf(
  { rows, strideBytes }: ComplexImage,
  images: number,
  { first }: RowRange,
  wholeRows: number,
): { from: number; to: number; bytes: number }[] {
  return Array.from({ length: images }, (_, image) => ({
    from: image * rows * strideBytes,
    to: (image * wholeRows + first) * strideBytes,
    bytes: rows * strideBytes,
  }));
}
