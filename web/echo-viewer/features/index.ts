/** The features of the viewer, in the order of their buttons. */
import { CINE, MEASURE } from "../controls/icons.ts";
import type { FeatureEntry } from "./feature.ts";
import { KEYS } from "./measure/keys.ts";

export const FEATURES: readonly FeatureEntry[] = [
  {
    id: "cine",
    icon: CINE,
    label: ({ language }) => language.messages.features.cine,
    keys: {
      "cine.slower": { keys: ["<"] },
      "cine.faster": { keys: [">"] },
      "cine.start": { keys: ["i"] },
      "cine.end": { keys: ["o"] },
      "cine.repeat": { keys: ["l"] },
    },
    load: () => import("./cine/index.ts"),
  },
  {
    id: "measure",
    icon: MEASURE,
    label: ({ language }) => language.messages.features.measure,
    keys: KEYS,
    // A page gave measurements.
    wanted: ({ features }) => features.measure?.given !== undefined,
    load: () => import("./measure/index.ts"),
  },
];
