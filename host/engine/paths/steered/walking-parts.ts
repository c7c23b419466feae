/** What only focused transmits need of the steered path, loaded with the first of them. This file lists. */
export { walkingApertures } from "./walking.ts";
export { walkingFillings } from "./walking-fillings.ts";
export { heardCuts, walkingTaps } from "./walking-taps.ts";
