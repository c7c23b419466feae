/**
 * Everything that Sonde loads when there is something to read or write, as one module: the single file for script tags finds it in
 * `readers.js` beside it. This file lists; it does not compute.
 */
export { encodeNpy } from "./npy.ts";
export { openRecording } from "./open.ts";
