/** An icon of the viewer: 20 units square, in the colour of the text around it. */
import { html, type TemplateResult } from "lit";

export function icon(content: TemplateResult): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">${content}</svg>`;
}
