/** The picture in words, for who does not see it: on the screen and on paper. */
import { depthSpan, mainRegion } from "./draw/layout.ts";
import { sourceOf } from "./patient.ts";
import { phaseOf, type ViewerState } from "./store.ts";

/** What the picture shows, in the viewer's language. */
export function descriptionOf(state: ViewerState): string {
  const { messages } = state.language;
  const { session, image } = state;
  if (!session || !image) return messages.noPicture;
  const region = mainRegion(image);
  const depth = region ? messages.pictureDepth(...depthSpan(region)) : messages.pictureUncalibrated;
  return messages.picture(messages.badge[phaseOf(state)], sourceOf(state)) + depth;
}
