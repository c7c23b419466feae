/**
 * Everything that open.ts and export.ts load when there is something to read or write, as one module: the single file for script tags finds it in
 * `readers.js` beside it. This file lists; it does not compute.
 */
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
export { encodeUff } from "./uff-writer.ts";
