/**
 * Everything that open.ts, export.ts and the list of protocols load when there is something to read or write, as one module: the single file for script tags finds it in
 * `readers.js` beside it. This file lists; it does not compute.
 */
export { echopenE2, echopenE3 } from "../protocols/echopen.ts";
export { echopenE4, echopenE4Control } from "../protocols/echopen-datagrams.ts";
export { openIgtLink } from "../protocols/openigtlink.ts";
export { p0rkProtocol } from "../protocols/p0rk.ts";
export { pic0rickProtocol } from "../protocols/pic0rick.ts";
export { sondeProtocol } from "../protocols/sonde.ts";
export { wulpusProtocol } from "../protocols/wulpus.ts";
export { readBlob, readUrl, refuseLarge } from "./bytes.ts";
export { openE4 } from "./echopen-datagrams.ts";
export { openFilm } from "./echopen-film.ts";
export { openE2, openE3 } from "./echopen-stream.ts";
export { openText } from "./echopen-text.ts";
export { openHdf5 } from "./hdf5/open.ts";
export { readLocalFile, siblingsOf } from "./local-file.ts";
export { openMat } from "./mat.ts";
export { encodeNpy, openNpy } from "./npy.ts";
export { encodePng } from "./png.ts";
export { MAX_PNG_BYTES, readPngPipeline } from "./png-text.ts";
export { recognise } from "./sniff.ts";
export { openSonde } from "./sonde.ts";
export { encodeUff } from "./uff-writer.ts";
