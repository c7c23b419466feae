/** What is drawn beside a picture, as the state has it: the picture and its place come to it. */
import { arrayCentreOf, focusDepthOf } from "./acquisition.ts";
import type { OverlayContent } from "./draw/overlay.ts";
import { dynamicRangeOf, greyMapOf, type ViewerState } from "./store.ts";

export type Beside = Omit<OverlayContent, "image" | "mapping">;

export function besideOf(state: ViewerState): Beside {
  const { session, language } = state;
  const { unit, tick } = language.messages;
  return {
    dynamicRangeDb: dynamicRangeOf(state),
    greyMap: greyMapOf(state),
    unit,
    label: tick,
    arrayCentreM: session ? arrayCentreOf(session.info) : undefined,
    focusM: session ? focusDepthOf(session.info) : undefined,
  };
}
