/** The icons of the modes, 20 units square. */
import { html, svg, type TemplateResult } from "lit";

function icon(content: TemplateResult): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">${content}</svg>`;
}

/** A picture that is taken into a tray. */
export const KEEP = icon(svg`<path class="line" d="M10 2.5v9M6.2 8 10 11.8 13.8 8M3 12.5V17h14v-4.5"/>`);
export const KEEP_CLIP = icon(
  svg`<path class="line" d="M10 2.5v7M6.8 6.6 10 9.8l3.2-3.2M2.5 12h15v5.5h-15zM6 12v5.5M10 12v5.5M14 12v5.5"/>`,
);
/** One source, two ways. */
export const SECOND = icon(
  svg`<path class="line" d="M2.5 10H7l3.5-5h7M7 10l3.5 5h7M15 2.5 17.5 5 15 7.5M15 12.5l2.5 2.5-2.5 2.5"/>`,
);
export const EDIT = icon(svg`<path class="line" d="M3 17l1-4L13.5 3.5l3 3L7 16zM11.5 5.5l3 3"/>`);
export const ZOOM_IN = icon(
  svg`<circle class="line" cx="8.5" cy="8.5" r="5.5"/><path class="line" d="M12.7 12.7 17.5 17.5M6 8.5h5M8.5 6v5"/>`,
);
export const ZOOM_OUT = icon(
  svg`<circle class="line" cx="8.5" cy="8.5" r="5.5"/><path class="line" d="M12.7 12.7 17.5 17.5M6 8.5h5"/>`,
);
