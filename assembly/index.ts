// The core's exports, by stage of the way of the data. This file lists; it does not compute.

export { apertures } from "./apodization";
export * from "./clutter";
export * from "./compound";
export * from "./compress";
export * from "./das";
export * from "./das-frames";
export * from "./delays";
export * from "./demodulate";
export * from "./fft";
export * from "./fir";
export * from "./frame-lanes";
export * from "./grey-map";
export * from "./ingest";
export * from "./kasai";
export { cosTurns, sinTurns } from "./math";
export * from "./memory";
export * from "./scan-convert";
export * from "./simulate";
export { takeTile } from "./slow-time";
export * from "./smooth";
export * from "./spectral";
export * from "./transpose";
