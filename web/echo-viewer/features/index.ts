/** The features of the viewer, in the order of their buttons. */
import type { FeatureEntry } from "./feature.ts";

export const FEATURES: readonly FeatureEntry[] = [];
