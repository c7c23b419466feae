// The core's exports, by stage of the way of the data. This file lists; it does not compute.

export { apertures, receiveSpans } from "./apodization";
export * from "./compound";
export * from "./compress";
export * from "./das";
export { dasLateral, dasLateralComplex, lateralRows, lateralTables } from "./das-lateral";
export * from "./delays";
export * from "./demodulate";
export * from "./fft";
export * from "./fir";
export * from "./grey-map";
export { ingestComplex, ingestReal, realParts, removeMean } from "./ingest";
export * from "./lateral-tables";
export { cosTurns, sinTurns } from "./math";
export * from "./memory";
export * from "./scan-convert";
export * from "./short-filter";
export * from "./simulate";
export * from "./spectral";
export * from "./transpose";
