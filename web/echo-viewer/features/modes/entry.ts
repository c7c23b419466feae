/** What there is of the modes before they are wanted: a button and keys. */
import { html } from "lit";
import type { FeatureEntry } from "../feature.ts";
import { modesOf } from "./state.ts";

/** Keys of the actions: w as a wave, j as a line; numbers of pictures. */
export const MODE_KEYS = {
  "modes.b": ["b"],
  "modes.m": ["w"],
  "modes.a": ["a"],
  "modes.line": ["j"],
  "modes.split-1": ["1"],
  "modes.split-2": ["2"],
  "modes.split-4": ["4"],
  "modes.next": ["n"],
  "modes.keep": ["K"],
} as const;

export const MODES_ENTRY: Omit<FeatureEntry, "load"> = {
  id: "modes",
  icon: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path class="line" d="M2.5 3h15v5.5h-15zM2.5 14.5c1.5-4 2.5-4 3.8 0s2.4 4 3.8 0 2.4-4 3.7 0 2.3 3.4 3.7 0"/></svg>`,
  label: ({ language }) => language.messages.features.modes,
  keys: Object.fromEntries(Object.entries(MODE_KEYS).map(([id, keys]) => [id, { keys }])),
  wanted: (state) => modesOf(state).mode !== "b" || modesOf(state).split !== 1,
};
