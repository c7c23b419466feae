/** Where this code runs. */

/**
 * True in Node and what imitates it, on its main thread and in its workers; false in browsers' pages and workers, also where
 * a bundler put a `process` of its own, and in the pages of desktop shells that add Node to a browser.
 */
export function inNode(): boolean {
  const candidate: unknown = Reflect.get(globalThis, "process");
  // The shims that bundlers add are plain objects.
  return (
    Object.prototype.toString.call(candidate) === "[object process]" &&
    typeof (candidate as NodeJS.Process).versions?.node === "string" &&
    !("window" in globalThis) &&
    !("WorkerGlobalScope" in globalThis)
  );
}

/** Whether memory can be shared between threads here: always in Node, in pages that are cross-origin isolated. */
export function canShareMemory(): boolean {
  return typeof SharedArrayBuffer === "function" && Reflect.get(globalThis, "crossOriginIsolated") !== false;
}
