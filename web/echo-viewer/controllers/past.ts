/**
 * Which frames come before a stored one that is shown with persistence, so that it looks as it did live:
 *
 *   share of frame m in the picture of frame n   p^(n - m), p: persistence
 *
 * Frames whose share a float32 cannot hold beside the newest one are left out; they change no byte of the picture.
 */

const LEAST_SHARE = 2 ** -24;

/** Most frames that are gone through for one picture: at the greatest persistence, 0.95, what is before them has a share of 0.14 %. */
const MOST_FRAMES = 128;

/**
 * Numbers of frames, ascending; none without persistence.
 * @param first the oldest stored one
 * @param seen what the plan was when a frame was shown and averaged; falsy: it was not. Another plan began with nothing.
 */
export function framesBefore(
  number: number,
  first: number,
  persistence: number,
  seen: (number: number) => unknown,
): number[] {
  // The logarithm of 0 is minus infinity: a reach of 0.
  const reach = Math.min(MOST_FRAMES, Math.ceil(Math.log(LEAST_SHARE) / Math.log(persistence)));
  const before: number[] = [];
  let plan = seen(number);
  for (let n = number - 1; n >= first && n >= number - reach; n--) {
    const other = seen(n);
    plan ||= other;
    if (other && other === plan) before.unshift(n);
  }
  return before;
}
