/**
 * Persistence: each frame's levels are averaged with those of the frames before, by the recursive filter of one pole that scanners have
 * (the recursive stage of Wright et al., US patent 5595179, 1997):
 *
 *   y_n = x_n + k (y_m - x_n),   k = p^(n - m),   y_n = x_n where there is no y_m to go on from
 *
 * x: levels in dB between -range and 0, on the data's own grid, behind the filter against speckle. m: the frame that was pictured before;
 * n - m is 1, or up to `FARTHEST` where frames were left out. Levels and not amplitudes: an echo that has gone fades by the same share of
 * its grey from frame to frame, and is gone after as many frames whether it was bright or dim. Averaged amplitudes would let a bright
 * echo stand for 5.75 dB / -20 log10(p) times longer, as a trail.
 */

import { SondeError } from "../errors.ts";
import type { Frame } from "../model.ts";
import type { Compressed } from "./speckle.ts";
import type { Past } from "./types.ts";
import type { Workspace } from "./workspace.ts";

/** Frames that may lie between two that are averaged, their own step included: what a busy device leaves out of a live stream. */
const FARTHEST = 4;

/** One picture's past, on the grid of its levels. */
export class Persistence {
  readonly #workspace: Workspace;
  readonly #of: Compressed;
  /** y of the frame before the latest, and of the latest. */
  #before: number;
  #latest: number;
  #place = Number.NaN;
  /** From the frame before the latest to the latest; 0: it went on from nothing. */
  #gap = 0;
  #missingBefore: Uint8Array | undefined;
  #missing: Uint8Array | undefined;

  constructor(workspace: Workspace, of: Compressed) {
    this.#workspace = workspace;
    this.#of = of;
    const take = () => workspace.take(of.rows * of.columns, 4, "The frames before");
    this.#before = take();
    this.#latest = take();
  }

  /** The next frame goes on from nothing. */
  forget(): void {
    this.#place = Number.NaN;
  }

  /** Undefined: the next frame goes on from nothing. */
  get past(): Past | undefined {
    if (Number.isNaN(this.#place)) return undefined;
    const { rows, columns } = this.#of;
    const missingLines = this.#missing?.slice();
    return {
      place: this.#place,
      levels: this.#workspace.f32(this.#latest, rows * columns).slice(),
      ...(missingLines && { missingLines }),
    };
  }

  /** The next frame goes on from this one. */
  resume({ place, levels, missingLines }: Past): void {
    const { rows, columns } = this.#of;
    if (levels.length !== rows * columns)
      throw new SondeError(
        "bad-option",
        `past has ${levels.length} levels where this plan's pictures have ${rows} x ${columns}: take one of this plan, as it is now`,
        { fields: { option: "past.levels", value: `${levels.length} levels` } },
      );
    this.#workspace.f32(this.#latest, rows * columns).set(levels);
    this.#place = place;
    this.#missing = missingLines?.slice();
    // The same frame again has nothing to go on from: what was before it is not known.
    this.#gap = 0;
  }

  /**
   * Averages the levels in place. A frame that is shown again goes on from the same past as the first time: its picture is the same.
   * `missingLines`: rows that did not arrive; they go on from nothing when they do.
   */
  average(
    persistence: number,
    { index, sequence, missingLines }: Pick<Frame, "index" | "sequence" | "missingLines">,
  ): void {
    const place = sequence ?? index;
    const { rows, columns, levels } = this.#of;
    const step = place - this.#place;
    if (step !== 0) {
      this.#gap = step > 0 && step <= FARTHEST ? step : 0;
      [this.#before, this.#latest] = [this.#latest, this.#before];
      this.#missingBefore = this.#missing;
    }
    this.#place = place;
    this.#missing = missingLines?.slice();
    const of = this.#workspace.f32(levels, rows * columns);
    if (this.#gap > 0) {
      let share = persistence;
      for (let i = 1; i < this.#gap; i++) share *= persistence;
      const past = this.#workspace.f32(this.#before, rows * columns);
      const missing = this.#missingBefore;
      if (missing)
        for (let i = 0; i < rows; i++)
          if ((missing[i >> 3] >> (i & 7)) & 1)
            past.set(of.subarray(i * columns, (i + 1) * columns), i * columns);
      this.#workspace.kernels.blend(levels, rows, columns, this.#before, 4 * columns, share);
    }
    this.#workspace.f32(this.#latest, rows * columns).set(of);
  }
}
