// The core's exports, by stage of the way of the data. This file lists; it does not compute.
export * from "./memory";
export * from "./simulate";
export { sinTurns, cosTurns } from "./math";
export * from "./fft";
export * from "./ingest";
export * from "./spectral";
export * from "./fir";
export * from "./demodulate";
export * from "./delays";
export { apertures } from "./apodization";
export * from "./das";
export * from "./compound";
export * from "./compress";
export * from "./scan-convert";
export * from "./grey-map";
export * from "./transpose";
