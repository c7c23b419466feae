/** The features of the viewer, in the order of their buttons. */
import { CINE } from "../controls/icons.ts";
import type { FeatureEntry } from "./feature.ts";

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
];
