/** Where the script of engines and simulated probes is. */
import { ownWorker } from "./spawn.ts";

/** Set by the build of the single file, which is its own worker. */
declare const SONDE_SINGLE_FILE: boolean | undefined;

/** The worker that takes any of the roles; the single-file build itself where that is what runs. */
export function sondeWorkerUrl(): URL {
  if (typeof SONDE_SINGLE_FILE !== "undefined") return ownWorker(new URL(import.meta.url));
  // Written out, so that bundlers see the file and place it.
  return ownWorker(new URL("./sonde-worker.js", import.meta.url));
}
