/** A bar for work that takes longer than a moment. */
import type { Store } from "../store.ts";

/** From when on it is seen (ms). */
export const LONG_MS = 300;

/** Work begins: when it takes long there is a bar over the picture. @returns what ends it, in so far as it was not ended */
export function working(store: Store): () => undefined {
  let long = 0;
  const change = (by: number): void => {
    long += by;
    store.update({ slowWork: store.state.slowWork + by });
  };
  const timer = setTimeout(change, LONG_MS, 1);
  return () => {
    clearTimeout(timer);
    change(-long);
  };
}

/** Does the work, with a bar over the picture when it takes long. */
export async function showingWork<Result>(store: Store, work: () => Promise<Result>): Promise<Result> {
  const end = working(store);
  try {
    return await work();
  } finally {
    end();
  }
}
