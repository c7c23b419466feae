/** What there is of the modes before they are wanted: a button and keys. */
import { html } from "lit";
import { textsOf } from "../../languages/language.ts";
import type { ViewerState } from "../../store.ts";
import type { FeatureEntry } from "../feature.ts";
import { modesOf } from "./state.ts";

/** Keys of the actions, and their names until the feature's own texts are there. */
export const MODE_KEYS = {
  "modes.b": ["b"],
  "modes.m": ["M"],
  "modes.a": ["A"],
  "modes.line": ["l"],
  "modes.split": ["S"],
  "modes.next": ["n"],
  "modes.keep": ["K"],
} as const;

export const NAMES = {
  title: "Modes",
  actions: {
    "modes.b": "B-mode",
    "modes.m": "M-mode",
    "modes.a": "A-line",
    "modes.line": "Place the line",
    "modes.split": "Split the stage: 1, 2 or 4 pictures",
    "modes.next": "Go to the next picture",
    "modes.keep": "Keep the picture in the pane",
  },
};

const names = (state: ViewerState): typeof NAMES => textsOf(state.language, "modes", NAMES);

export const MODES_ENTRY: Omit<FeatureEntry, "load"> = {
  id: "modes",
  icon: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path class="line" d="M2.5 3h15v5.5h-15zM2.5 14.5c1.5-4 2.5-4 3.8 0s2.4 4 3.8 0 2.4-4 3.7 0 2.3 3.4 3.7 0"/></svg>`,
  label: (state) => names(state).title,
  keys: Object.fromEntries(
    (Object.keys(MODE_KEYS) as (keyof typeof MODE_KEYS)[]).map((id) => [
      id,
      { keys: MODE_KEYS[id], label: (state: ViewerState) => names(state).actions[id] },
    ]),
  ),
  wanted: (state) => modesOf(state).mode !== "b" || modesOf(state).split !== 1,
};
