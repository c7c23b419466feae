/** When a lost device is tried again: soon, less often after a minute, and not all pages at once. */

/** Wait before the first new try, doubled at every failure (ms), and its greatest value: soon, and after a minute. */
const RETRY_MS = 100;
const MOST_RETRY_MS = 500;
const MOST_LATE_RETRY_MS = 5000;
const SOON_MS = 60_000;
/** Part by which a wait is longer or shorter, so that many pages do not come back together. */
const JITTER = 0.2;

/**
 * Wait before the next try (ms).
 * @param failures tries that failed since frames last came, from 1
 * @param random from 0 to 1
 */
export function retryDelayMs(failures: number, lostForMs: number, random: number): number {
  const most = lostForMs < SOON_MS ? MOST_RETRY_MS : MOST_LATE_RETRY_MS;
  let wait = RETRY_MS;
  for (let k = 1; k < failures && wait < most; k++) wait *= 2;
  return Math.min(most, wait) * (1 + JITTER * (2 * random - 1));
}
