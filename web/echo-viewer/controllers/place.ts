/** Where the pointer is. */
import type { Point } from "../draw/mapping.ts";

/** The place of an event on the stage (CSS px of the stage itself, whatever the page scales the viewer by). */
export function placeOn(
  stage: HTMLElement,
  { clientX, clientY }: { clientX: number; clientY: number },
): Point {
  const { left, top, width, height } = stage.getBoundingClientRect();
  return {
    x: (clientX - left) * (stage.offsetWidth / width || 1),
    y: (clientY - top) * (stage.offsetHeight / height || 1),
  };
}
