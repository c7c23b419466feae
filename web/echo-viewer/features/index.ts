/** The features of the viewer, in the order of their buttons. */
import { CINE, EXPORT } from "../controls/icons.ts";
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
  {
    id: "export",
    icon: EXPORT,
    label: ({ language }) => language.messages.features.export,
    keys: {
      "export.picture": { keys: ["s"] },
      "export.copy": { keys: ["c"] },
      "export.print": { keys: ["p"] },
    },
    claims: ({ name, type }) => type === "image/png" || /\.png$/i.test(name),
    load: () => import("./export/index.ts"),
  },
];
