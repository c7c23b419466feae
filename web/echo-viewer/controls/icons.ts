/** The viewer's icons, 20 units square, in the colour of the text around them. */
import { svg } from "lit";
import { icon } from "./icon.ts";

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
/** A plug and its cable. */
export const DEVICE = icon(
  svg`<path class="line" d="M7 2v4M13 2v4M4.5 6h11v3a5.5 5.5 0 0 1-11 0zM10 14.5V18"/>`,
);
export const FULL_SCREEN = icon(
  svg`<path class="line" d="M3 7.5V3h4.5M12.5 3H17v4.5M17 12.5V17h-4.5M7.5 17H3v-4.5"/>`,
);
export const SMALL_SCREEN = icon(
  svg`<path class="line" d="M3 7.5h4.5V3M12.5 3v4.5H17M17 12.5h-4.5V17M7.5 17v-4.5H3"/>`,
);
/** A magnifier. */
export const VIEW = icon(
  svg`<circle class="line" cx="8.5" cy="8.5" r="5.5"/><path class="line" d="m12.6 12.6 5 5"/>`,
);
/** A strip of film. */
export const CINE = icon(
  svg`<rect class="line" x="2" y="4" width="16" height="12" rx="1.5"/><path class="line" d="M6 4v12M14 4v12M2 8h4M2 12h4M14 8h4M14 12h4"/>`,
);
/** Half light, half dark. */
export const IMAGING = icon(
  svg`<circle class="line" cx="10" cy="10" r="7.2"/><path d="M10 2.8a7.2 7.2 0 0 1 0 14.4z"/>`,
);
/** A sheet with an arrow out of it. */
export const EXPORT = icon(
  svg`<path class="line" d="M10 12.5V2.5M6.5 6 10 2.5 13.5 6M6 9H3.5v8.5h13V9H14"/>`,
);
export const CLOSE = icon(svg`<path class="line" d="m5 5 10 10M15 5 5 15"/>`);
export const WARNING = icon(svg`<path class="line" d="M10 3 18 17H2zM10 8v4.2M10 14.4v.3"/>`);
/** Two calipers' crosses and the dotted line between them. */
export const MEASURE = icon(
  svg`<path class="line" d="M5 11.5v6M2 14.5h6M15 2.5v6M12 5.5h6M8.3 11.7l.2-.2M10 10l.2-.2M11.7 8.3l.2-.2"/>`,
);
