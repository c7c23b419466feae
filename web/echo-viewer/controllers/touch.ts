/** What only fingers need. */
import type { ReactiveControllerHost } from "lit";
import { SliderTouchController } from "./slider-touch.ts";
import type { TipController } from "./tip.ts";
import { TouchTipController } from "./touch-tip.ts";

/** Makes a viewer's controls work under fingers as they do under a mouse. */
export function forFingers(host: ReactiveControllerHost & HTMLElement, tip: TipController): void {
  new SliderTouchController(host);
  new TouchTipController(host, tip);
}
