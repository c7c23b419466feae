/** Where the script of engines and simulated probes is. */
import { ownWorker } from "./spawn.ts";

/** Set by the build of the single file, which is its own worker. */
declare const SONDE_SINGLE_FILE: boolean | undefined;

let running: URL | undefined;

/**
 * Told by the worker itself where its script is: a bundler may have given the file another name, which what is inside does not know. Its
 * address where it has one of its own: some bundlers write the source's place for `import.meta.url`.
 */
export function runsAsWorker(moduleUrl: string): void {
  const { href = "blob:" } = (globalThis.location as Location | undefined) ?? {};
  running = new URL(href.startsWith("blob:") ? moduleUrl : href);
}

/** The worker that takes any of the roles; the single-file build itself where that is what runs. */
export function sondeWorkerUrl(): URL {
  if (running) return ownWorker(running);
  if (typeof SONDE_SINGLE_FILE !== "undefined") return ownWorker(new URL(import.meta.url));
  // Written out, so that bundlers see the file and place it.
  return ownWorker(new URL("./sonde-worker.js", import.meta.url));
}
