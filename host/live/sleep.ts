/** Waiting that can be stopped. */

/** Timers of more milliseconds are over at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Waits, 25 days at most; a stop ends the timer too. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (ms <= 0 || signal.aborted) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(ms, LONGEST_MS));
    signal.addEventListener("abort", done, { once: true });
  });
}
