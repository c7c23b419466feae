/** The imagers of data that were beamformed elsewhere, loaded with the first of them. This file lists. */
export { BeamformedImager } from "./beamformed-imager.ts";
export { LineImager } from "./line-imager.ts";
