/** Icons of the imaging drawer, 20 units square. */
import { html, svg, type TemplateResult } from "lit";

function icon(path: string): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">${svg`<path class="line" d=${path} />`}</svg>`;
}

export const UNDO = icon("M7.5 4 3.5 8l4 4M4 8h8a4.2 4.2 0 0 1 0 8.4H7.5");
export const REDO = icon("m12.5 4 4 4-4 4M16 8H8a4.2 4.2 0 0 0 0 8.4h4.5");
export const RESET = icon("M4.2 6.4A7 7 0 1 1 3 10M3.6 2.6v4.2h4.2");
