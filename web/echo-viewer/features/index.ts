/** What there is of the features before they are wanted. */
import { CINE, DEVICE, EXPORT, IMAGING, MEASURE, VIEW } from "../controls/icons.ts";
import type { Messages } from "../languages/english.ts";
import type { ViewerState } from "../store.ts";
import type { FeatureEntry } from "./feature.ts";
import { KEYS } from "./measure/keys.ts";
import { MODES_ENTRY } from "./modes/entry.ts";

/** The name of the feature in the viewer's language. */
const named =
  (id: keyof Messages["features"]) =>
  ({ language }: ViewerState): string =>
    language.messages.features[id];

/** In the order of their buttons. */
export const FEATURES: readonly FeatureEntry[] = [
  {
    id: "imaging",
    icon: IMAGING,
    label: named("imaging"),
    keys: {
      "imaging.open": { keys: ["t"] },
      "imaging.grey-map": { keys: ["g"] },
      "imaging.auto-gain": { keys: ["A"] },
      "imaging.undo": { keys: ["u"] },
      "imaging.redo": { keys: ["U"] },
    },
    wanted: ({ preset }) => preset !== null,
    load: () => import("./imaging/index.ts"),
  },
  { ...MODES_ENTRY, load: () => import("./modes/index.ts") },
  {
    id: "measure",
    icon: MEASURE,
    label: named("measure"),
    keys: KEYS,
    // A page gave measurements, or a person opened a file of them.
    wanted: ({ features: { measure } }) => measure?.given !== undefined || measure?.opened !== undefined,
    load: () => import("./measure/index.ts"),
  },
  {
    id: "view",
    icon: VIEW,
    label: named("view"),
    load: () => import("./view/index.ts"),
  },
  {
    id: "cine",
    icon: CINE,
    label: named("cine"),
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
    label: named("export"),
    keys: {
      "export.picture": { keys: ["s"] },
      "export.copy": { keys: ["c"] },
      "export.print": { keys: ["p"] },
    },
    claims: ({ name, type }) => /^(image\/png|application\/json)$/.test(type) || /\.(png|json)$/i.test(name),
    load: () => import("./export/index.ts"),
  },
  {
    id: "device",
    icon: DEVICE,
    label: named("device"),
    load: () => import("./device/index.ts"),
  },
  {
    id: "auto-freeze",
    label: ({ language }) => language.messages.freeze,
    wanted: ({ autoFreezeS }) => autoFreezeS !== null,
    load: () => import("./auto-freeze/index.ts"),
  },
  {
    id: "keys",
    label: ({ language }) => language.messages.shortcuts,
    wanted: (state) => state.shortcutsOpen,
    load: () => import("./keys/index.ts"),
  },
];
