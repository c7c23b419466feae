/** The features of the viewer, in the order of their buttons. */
import { VIEW } from "../controls/icons.ts";
import type { FeatureEntry } from "./feature.ts";

export const FEATURES: readonly FeatureEntry[] = [
  {
    id: "view",
    icon: VIEW,
    label: ({ language }) => language.messages.view,
    load: () => import("./view/index.ts"),
  },
  {
    id: "keys",
    label: ({ language }) => language.messages.shortcuts,
    wanted: (state) => state.shortcutsOpen,
    load: () => import("./keys/index.ts"),
  },
];
