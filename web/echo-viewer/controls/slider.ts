/** A labelled native slider with its value beside it. */
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";

export interface SliderOptions {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  /** The value as it is read, with its unit, and as it is heard. */
  text: string;
  spoken: string;
  disabled?: boolean;
  /** `::part` name beside `slider`. */
  part: string;
  /** Keys that do the same, as `aria-keyshortcuts` spells them, and as people do. */
  keys?: readonly [aria: string, shown: string];
  onInput: (value: number) => void;
}

export function slider(options: SliderOptions): TemplateResult {
  const { label, value, min, max, step, text, spoken, disabled, part, keys, onInput } = options;
  return html`<label part="slider ${part}" class="slider" title=${keys ? `${label} (${keys[1]})` : label}>
    <span class="slider-label">${label}</span>
    <output class="slider-value">${disabled ? "–" : text}</output>
    <input
      type="range"
      min=${min}
      max=${max}
      step=${step}
      .value=${live(String(value))}
      aria-label=${label}
      aria-valuetext=${disabled ? nothing : spoken}
      aria-keyshortcuts=${keys?.[0] ?? nothing}
      ?disabled=${disabled ?? false}
      @input=${(event: Event) => onInput((event.target as HTMLInputElement).valueAsNumber)}
    />
  </label>`;
}
