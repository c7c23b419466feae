/** What a pane beside the main picture shows. */
import type { Frame, GreyMap, Image } from "../../../../host/index.ts";
import type { Beside } from "../../beside.ts";
import type { ViewerState } from "../../store.ts";
import type { Slot } from "./state.ts";

/** What is drawn beside a picture of its source's array. */
export type ArrayPlace = Pick<Beside, "arrayCentreM" | "focusM">;

/** Its pictures of stored frames, beside what the screen shows. */
export interface ContentFilm {
  /** @param number its place among the stored frames; they come in the order of the clip */
  run(frame: Frame, number: number): Promise<Image>;
  close(): void;
}

let made = 0;

/** A number that no content before had. */
export const nextContent = (): number => ++made;

export interface Content {
  /** It follows the main picture: what it shows may be called live while it is young. */
  readonly live: boolean;
  /** Differs for every content, and for every stored frame of one: what was measured lies on this. */
  readonly key: string;
  readonly image: Image | null;
  readonly dynamicRangeDb: number;
  readonly greyMap: GreyMap;
  /** Where the array and the focus were when it was kept; absent: where they are now. */
  readonly array?: ArrayPlace;
  /** What people are told of it. */
  readonly slot: Slot;
  follow?(state: ViewerState, previous: ViewerState): void;
  /** The next picture of a live source is on the screen. */
  nextPicture?(): void;
  /** Absent, or none: in a film it stays what it is. */
  film?(): ContentFilm | undefined;
  close(): void;
}
