/** Where the script of engines and simulated probes is. */
import { workerUrl } from "./spawn.ts";

/** Set by the build of the single file, which is its own worker. */
declare const SONDE_SINGLE_FILE: boolean | undefined;

/** The worker that takes either role; the single-file build itself where that is what runs. */
export function sondeWorkerUrl(): URL {
  if (typeof SONDE_SINGLE_FILE !== "undefined") return new URL(import.meta.url);
  return workerUrl("sonde-worker.js", import.meta.url);
}
