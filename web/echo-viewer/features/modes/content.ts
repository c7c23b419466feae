/** What a pane beside the main picture shows. */
import type { GreyMap, Image } from "../../../../host/index.ts";
import type { ViewerState } from "../../store.ts";
import type { Slot } from "./state.ts";

export interface Content {
  /** It follows the main picture: what it shows may be called live while it is young. */
  readonly live: boolean;
  readonly image: Image | null;
  readonly dynamicRangeDb: number;
  readonly greyMap: GreyMap;
  /** What people are told of it. */
  readonly slot: Slot;
  follow?(state: ViewerState, previous: ViewerState): void;
  close(): void;
}
