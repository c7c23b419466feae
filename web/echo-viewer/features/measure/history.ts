/** What was, is, and would be again: undo and redo over values that never change. */

export interface History<Value> {
  readonly past: readonly Value[];
  readonly present: Value;
  readonly future: readonly Value[];
}

/** Steps that can be undone. */
export const DEPTH = 200;

export function begin<Value>(present: Value): History<Value> {
  return { past: [], present, future: [] };
}

export function commit<Value>({ past, present }: History<Value>, next: Value): History<Value> {
  return { past: [...past, present].slice(-DEPTH), present: next, future: [] };
}

/** @returns the same history where there is nothing to undo. */
export function undo<Value>(history: History<Value>): History<Value> {
  const { past, present, future } = history;
  if (!past.length) return history;
  return { past: past.slice(0, -1), present: past[past.length - 1], future: [present, ...future] };
}

/** @returns the same history where there is nothing to do again. */
export function redo<Value>(history: History<Value>): History<Value> {
  const { past, present, future } = history;
  if (!future.length) return history;
  return { past: [...past, present], present: future[0], future: future.slice(1) };
}

/** Every value there is, changed. */
export function mapped<Value>(history: History<Value>, change: (value: Value) => Value): History<Value> {
  const { past, present, future } = history;
  return { past: past.map(change), present: change(present), future: future.map(change) };
}
