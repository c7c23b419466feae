/** Measuring, as it is before it is loaded: a button and its keys. */
import { html, svg } from "lit";
import { textsOf } from "../../languages/language.ts";
import type { ViewerState } from "../../store.ts";
import type { FeatureEntry } from "../feature.ts";
import type {} from "./state.ts";

/** Texts that are needed before the others; a language has them beside those in `english.ts`. */
export const entryTexts = {
  measure: "Measure",
  keys: {
    open: "Measure: open or close",
    distance: "Measure a distance",
    ellipse: "Measure an ellipse",
    trace: "Measure a traced outline",
    angle: "Measure an angle",
  },
};

export type MeasureEntryTexts = typeof entryTexts;

const texts = ({ language }: ViewerState): MeasureEntryTexts => textsOf(language, "measure", entryTexts);

const key = (id: keyof MeasureEntryTexts["keys"], letter: string) => ({
  [`measure.${id}`]: { keys: [letter], label: (state: ViewerState) => texts(state).keys[id] },
});

export const measure: Omit<FeatureEntry, "load"> = {
  id: "measure",
  // A pair of calipers' crosses and the dotted line between them.
  icon: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">${svg`<path class="line"
d="M5 11.5v6M2 14.5h6M15 2.5v6M12 5.5h6M8.3 11.7l.2-.2M10 10l.2-.2M11.7 8.3l.2-.2"/>`}</svg>`,
  label: (state) => texts(state).measure,
  keys: {
    ...key("open", "m"),
    ...key("distance", "L"),
    ...key("ellipse", "E"),
    ...key("trace", "O"),
    ...key("angle", "A"),
  },
  wanted: ({ features }) => features.measure?.given !== undefined,
};
