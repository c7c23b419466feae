/**
 * Everything that Sonde loads when there is something to read, write or connect, as one module: the single file for script tags finds it
 * in `readers.js` beside it. This file lists; it does not compute.
 */
export { echopenE2, echopenE3 } from "../protocols/echopen.ts";
export { echopenE4, echopenE4Control } from "../protocols/echopen-datagrams.ts";
export { openIgtLink } from "../protocols/openigtlink.ts";
export { checkProtocolOptions } from "../protocols/options.ts";
export { p0rkProtocol } from "../protocols/p0rk.ts";
export { pic0rickProtocol } from "../protocols/pic0rick.ts";
export { sondeProtocol } from "../protocols/sonde.ts";
export { wulpusProtocol } from "../protocols/wulpus.ts";
export { encodeNpy } from "./npy.ts";
export { openRecording } from "./open.ts";
export { encodePng } from "./png.ts";
export { PIPELINE_KEYWORD, readPngJson } from "./png-text.ts";
export { encodeSonde } from "./sonde-writer.ts";
export { encodeUff } from "./uff-writer.ts";
