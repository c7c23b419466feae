/** Whether the frames of an ensemble follow each other at equal steps, as estimates of motion and clutter filters suppose. */
import { SondeError } from "../errors.ts";
import type { Frame } from "../model.ts";

const placeOf = ({ sequence, index }: Frame): number => sequence ?? index;

/** The longest run of equal steps: positions of its first and last frame. */
function longestRun(steps: readonly number[]): { first: number; last: number } {
  let best = { first: 0, last: 0 };
  for (let first = 0; first < steps.length; ) {
    let last = first + 1;
    while (last < steps.length && steps[last] === steps[first]) last++;
    if (last - first > best.last - best.first) best = { first, last };
    first = last;
  }
  return best;
}

/**
 * Frames of the device from one frame of an ensemble to the next. Frames that all have one number are taken to follow each other.
 * @throws SondeError `missing-data` where frames between them are missing
 */
export function stepOf(frames: readonly Frame[]): number {
  const steps = frames.slice(1).map((frame, i) => placeOf(frame) - placeOf(frames[i]));
  const [step = 1] = steps;
  const uneven = steps.findIndex((one) => one !== step);
  if (uneven < 0) return Math.abs(step) || 1;
  const { first, last } = longestRun(steps);
  const gap = steps.findIndex((one) => one !== steps[first]);
  throw new SondeError(
    "missing-data",
    `Between frame ${frames[gap].index} and frame ${frames[gap + 1].index} frames are missing, or their steps differ: motion is estimated from frames at equal steps. Frames ${frames[first].index} to ${frames[last].index} are.`,
    { fields: { first: frames[first].index, last: frames[last].index } },
  );
}
