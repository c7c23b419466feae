/** The texts of the cine drawer in English. */
import type { Repeat } from "../../playback.ts";

export const english = {
  title: "Cine",
  open: "Cine settings",
  speed: "Speed",
  times: (speed: number) => `${speed}×`,
  timesSpoken: (speed: number) => `${speed} times`,
  slower: "Play slower",
  faster: "Play faster",
  repeat: "At the end",
  repeats: { loop: "Loop", bounce: "Back and forth", once: "Stop" } satisfies Record<
    Repeat,
    string
  > as Record<Repeat, string>,
  nextRepeat: "Change what happens at the end",
  part: "Part that plays",
  start: "Start here",
  end: "End here",
  startHint: "The part begins at the frame shown",
  endHint: "The part ends at the frame shown",
  all: "All frames",
  frames: (first: number, last: number) => `Frames ${first} to ${last}`,
  needsFreeze: "Freeze to play what is stored.",
  memory: (storedS: number, capacityS: number) =>
    `${storedS.toFixed(1)} s stored; there is room for about ${capacityS.toFixed(0)} s. The oldest frames go first.`,
};
