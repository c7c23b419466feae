/** A button of the viewer: an icon, a label that may be hidden, a key that may do the same. */
import { html, nothing, type TemplateResult } from "lit";

export interface ButtonOptions {
  label: string;
  icon: TemplateResult;
  onClick: () => void;
  /** `::part` names beside `button`. */
  part?: string;
  /** Show the label beside the icon. */
  text?: boolean;
  disabled?: boolean;
  /** The key that does the same, as `aria-keyshortcuts` spells it, and as people do. */
  key?: readonly [aria: string, shown: string];
  /** For buttons that open something: whether it is open. */
  expanded?: boolean;
  /** For buttons that stay in or out. */
  pressed?: boolean;
}

export function button({
  label,
  icon,
  onClick,
  part,
  text,
  disabled,
  key,
  expanded,
  pressed,
}: ButtonOptions): TemplateResult {
  return html`<button
    type="button"
    part="button${part ? ` ${part}` : ""}"
    class=${part ?? ""}
    title=${key ? `${label} (${key[1]})` : label}
    aria-label=${text ? nothing : label}
    aria-keyshortcuts=${key?.[0] ?? nothing}
    aria-expanded=${expanded === undefined ? nothing : String(expanded)}
    aria-pressed=${pressed === undefined ? nothing : String(pressed)}
    ?disabled=${disabled ?? false}
    @click=${onClick}
  >${icon}${text ? html`<span>${label}</span>` : nothing}</button>`;
}
