/** A thread's part of work that several share: the `index`-th of `count`. */
export interface Share {
  index: number;
  count: number;
}

/** All of it. */
export const WHOLE: Share = { index: 0, count: 1 };
