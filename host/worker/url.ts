/** Where the worker's script is. */

/** Set by the build of the single file, which is its own worker. */
declare const SONDE_SINGLE_FILE: boolean | undefined;

/**
 * The script that runs engines and simulated probes off the page's thread: beside the built modules, the file itself in the
 * single-file build, and the last build when running from source.
 */
export function workerUrl(): URL {
  if (typeof SONDE_SINGLE_FILE !== "undefined") return new URL(import.meta.url);
  const fromSource = import.meta.url.endsWith(".ts");
  return new URL(fromSource ? "../../dist/sonde-worker.js" : "./sonde-worker.js", import.meta.url);
}
