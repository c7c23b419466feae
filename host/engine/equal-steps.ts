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

/** Samples that tell most frames apart at a glance, wherever a channel is dead. */
const GLANCES = 16;

function sameSamples({ samples: a }: Frame, { samples: b }: Frame): boolean {
  if (a.length !== b.length) return false;
  for (let k = 0; k < GLANCES; k++) {
    const i = Math.floor(((k + 0.5) / GLANCES) * a.length);
    if (a[i] !== b[i]) return false;
  }
  return (a as Float32Array).every((value, i) => value === b[i]);
}

/** Where frames go back, which would turn velocities round, or one comes again, as tissue at rest; where all have one number, samples tell. */
function misplaced(frames: readonly Frame[], steps: readonly number[]): number {
  return steps.some((step) => step !== 0)
    ? 1 + steps.findIndex((step) => step <= 0)
    : frames.findIndex((frame, i) => frames.slice(0, i).some((other) => sameSamples(other, frame)));
}

/**
 * Frames of the device from one frame of an ensemble to the next. Frames that all have one number are taken to follow each other.
 * @throws SondeError `missing-data` where frames between them are missing, `bad-option` where they are not in the order of acquisition,
 *   or one is there twice
 */
export function stepOf(frames: readonly Frame[]): number {
  const steps = frames.slice(1).map((frame, i) => placeOf(frame) - placeOf(frames[i]));
  const at = misplaced(frames, steps);
  if (at > 0)
    throw new SondeError(
      "bad-option",
      `Frame ${frames[at].index} is given after frame ${frames[at - 1].index}: give each frame once, in the order of acquisition`,
      { fields: { option: "frames", value: frames[at].index } },
    );
  const [step] = steps;
  if (steps.every((one) => one === step)) return step || 1;
  const { first, last } = longestRun(steps);
  const gap = steps.findIndex((one) => one !== steps[first]);
  throw new SondeError(
    "missing-data",
    `Between frame ${frames[gap].index} and frame ${frames[gap + 1].index} frames are missing, or their steps differ: motion is estimated from frames at equal steps. Frames ${frames[first].index} to ${frames[last].index} are.`,
    { fields: { first: frames[first].index, last: frames[last].index } },
  );
}
