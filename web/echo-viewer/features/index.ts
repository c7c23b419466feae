/** The features of the viewer, in the order of their buttons. */
import type { FeatureEntry } from "./feature.ts";
import { MODES_ENTRY } from "./modes/entry.ts";

export const FEATURES: readonly FeatureEntry[] = [{ ...MODES_ENTRY, load: () => import("./modes/index.ts") }];
