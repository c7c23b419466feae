/** Depth, gain and dynamic range. */
import { html, type TemplateResult } from "lit";
import type { Commands } from "../commands.ts";
import type { Messages } from "../languages/english.ts";
import {
  DYNAMIC_RANGE_LIMITS_DB,
  depthOf,
  dynamicRangeOf,
  GAIN_LIMITS_DB,
  gainOf,
  type ViewerState,
} from "../store.ts";
import { slider } from "./slider.ts";

export function settings(state: ViewerState, commands: Commands, messages: Messages): TemplateResult {
  const depth = depthOf(state);
  const limits = state.depthLimits;
  // Whole millimetres, one a key press. The last one stands for all there is, so that none is skipped or said twice.
  const leastMm = Math.floor((limits?.minM ?? 0) * 1000);
  const greatestMm = Math.ceil((limits?.maxM ?? 1) * 1000 - 0.5);
  const gain = gainOf(state);
  const range = dynamicRangeOf(state);
  return html`<div part="settings" class="settings" ?data-open=${state.settingsOpen} role="group" aria-label=${messages.settings}>
    ${slider({
      label: messages.depth,
      value: depth === limits?.maxM ? greatestMm : Math.round((depth ?? 0) * 1000),
      min: leastMm,
      max: greatestMm,
      step: 1,
      text: messages.centimetres(depth ?? 0),
      spoken: messages.centimetresSpoken(depth ?? 0),
      disabled: depth === null,
      part: "depth",
      keys: ["d Shift+D", "d D"],
      onInput: (value) => commands.setDepth(value >= greatestMm ? Number.POSITIVE_INFINITY : value / 1000),
    })}
    ${slider({
      label: messages.gain,
      value: gain,
      min: GAIN_LIMITS_DB[0],
      max: GAIN_LIMITS_DB[1],
      step: 1,
      text: messages.decibels(gain),
      spoken: messages.decibelsSpoken(gain),
      part: "gain",
      keys: ["ArrowUp ArrowDown", "↑ ↓"],
      onInput: (value) => commands.setGain(value),
    })}
    ${slider({
      label: messages.dynamicRange,
      value: range,
      min: DYNAMIC_RANGE_LIMITS_DB[0],
      max: DYNAMIC_RANGE_LIMITS_DB[1],
      step: 1,
      text: messages.range(range),
      spoken: messages.decibelsSpoken(range),
      part: "dynamic-range",
      keys: ["[ ]", "[ ]"],
      onInput: (value) => commands.setDynamicRange(value),
    })}
    <slot name="controls"></slot>
  </div>`;
}
