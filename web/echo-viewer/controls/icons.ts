/** The viewer's icons, 20 units square, in the colour of the text around them. */
import { html, svg, type TemplateResult } from "lit";

function icon(content: TemplateResult): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">${content}</svg>`;
}

/** Six arms of a snow crystal. */
export const FREEZE =
  icon(svg`<path class="line" d="M10 2v16M3.1 6l13.8 8M16.9 6 3.1 14M7.6 3.2 10 5.4l2.4-2.2
M7.6 16.8l2.4-2.2 2.4 2.2M3 9.3l3.1-1-.6-3.2M17 9.3l-3.1-1 .6-3.2M3 10.7l3.1 1-.6 3.2M17 10.7l-3.1 1 .6 3.2"/>`);
/** A probe and its waves. */
export const RUN =
  icon(svg`<path d="M7 2h6v3.6H7z"/><path class="line" d="M6 9.2a6 6 0 0 0 8 0M4.2 12.4a9.4 9.4 0 0 0 11.6 0
M2.4 15.6a13 13 0 0 0 15.2 0"/>`);
export const PLAY = icon(svg`<path d="M5.5 3.2v13.6L17 10z"/>`);
export const PAUSE = icon(svg`<path d="M5 3.5h3.6v13H5zM11.4 3.5H15v13h-3.6z"/>`);
export const PREVIOUS = icon(svg`<path d="M14.5 4v12L6.8 10zM4.5 4h2v12h-2z"/>`);
export const NEXT = icon(svg`<path d="M5.5 4v12l7.7-6zM13.5 4h2v12h-2z"/>`);
export const SETTINGS =
  icon(svg`<path class="line" d="M2.5 5.5h6M13.5 5.5h4M2.5 14.5h3M10.5 14.5h7"/><circle class="line"
cx="11" cy="5.5" r="2.3"/><circle class="line" cx="8" cy="14.5" r="2.3"/>`);
export const OPEN = icon(svg`<path class="line" d="M2.5 16V4.5h5l1.8 2h6.2V9M2.5 16l2.6-7h12.6L15 16z"/>`);
export const KEYS =
  icon(svg`<rect class="line" x="1.8" y="5" width="16.4" height="10.5" rx="1.8"/><path class="line"
d="M5 8.4h.2M8.3 8.4h.2M11.6 8.4h.2M14.9 8.4h.2M6 12.2h8"/>`);
/** A strip of film. */
export const CINE = icon(
  svg`<rect class="line" x="2" y="4" width="16" height="12" rx="1.5"/><path class="line" d="M6 4v12M14 4v12M2 8h4M2 12h4M14 8h4M14 12h4"/>`,
);
export const CLOSE = icon(svg`<path class="line" d="m5 5 10 10M15 5 5 15"/>`);
export const WARNING = icon(svg`<path class="line" d="M10 3 18 17H2zM10 8v4.2M10 14.4v.3"/>`);
