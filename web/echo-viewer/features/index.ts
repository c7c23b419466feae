/** The features of the viewer, in the order of their buttons. */
import type { FeatureEntry } from "./feature.ts";
import { measure } from "./measure/entry.ts";

export const FEATURES: readonly FeatureEntry[] = [{ ...measure, load: () => import("./measure/index.ts") }];
