// The core's exports, by stage of the way of the data. This file lists; it does not compute.
export * from "./memory";
