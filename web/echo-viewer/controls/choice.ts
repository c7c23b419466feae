/** A row of options of which one is chosen: native radio buttons, so that keys and assistive technology know them. */
import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";

export interface ChoiceOptions<Value extends string | number> {
  /** Name of the group: what is chosen. */
  label: string;
  /** Tells this group from others of the viewer. */
  name: string;
  value: Value;
  options: readonly { value: Value; text: string; spoken?: string }[];
  disabled?: boolean;
  onChange(value: Value): void;
}

export function choice<Value extends string | number>(options: ChoiceOptions<Value>): TemplateResult {
  const { label, name, value, options: all, disabled, onChange } = options;
  return html`<fieldset part="choice ${name}" class="choice" ?disabled=${disabled ?? false}>
    <legend>${label}</legend>
    <div>
      ${all.map(
        (one) => html`<label
          ><input
            type="radio"
            name=${name}
            .checked=${live(one.value === value)}
            aria-label=${one.spoken ?? one.text}
            @change=${() => onChange(one.value)}
          /><span aria-hidden="true">${one.text}</span></label
        >`,
      )}
    </div>
  </fieldset>`;
}
