// The core's exports, by stage of the way of the data. This file lists; it does not compute.

export { apertures } from "./apodization";
export * from "./bilateral";
export * from "./compound";
export * from "./compress";
export * from "./das";
export * from "./delays";
export * from "./demodulate";
export * from "./fft";
export * from "./fir";
export * from "./grey-map";
export { ingestComplex, ingestReal, removeMean } from "./ingest";
export { cosTurns, sinTurns } from "./math";
export * from "./median";
export * from "./memory";
export { toPlane } from "./plane";
export * from "./raw-rows";
export { scanConvert, scanTable } from "./scan-convert";
export * from "./simulate";
export * from "./spectral";
export * from "./srad";
export * from "./steer";
export * from "./steered-sum";
export { tapsFloat, tapsSetup, tapsShort } from "./steered-taps";
export * from "./transpose";
