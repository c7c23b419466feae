/** A bar for work that takes longer than a moment. */
import type { Store } from "../store.ts";

/** From when on it is seen (ms). */
export const LONG_MS = 300;

/** Does the work, with a bar over the picture when it takes long. */
export async function showingWork<Result>(store: Store, work: () => Promise<Result>): Promise<Result> {
  const timer = setTimeout(() => store.update({ busy: true }), LONG_MS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    store.update({ busy: false });
  }
}
