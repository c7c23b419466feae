/** The icons of the view's drawer. */
import { svg } from "lit";
import { icon } from "../../controls/icon.ts";

export const ZOOM_IN = icon(svg`<path class="line" d="M10 4v12M4 10h12"/>`);
export const ZOOM_OUT = icon(svg`<path class="line" d="M4 10h12"/>`);
export const WHOLE = icon(svg`<path class="line" d="M3 4h14v12H3zM7 8h6v4H7z"/>`);
export const LEFT = icon(svg`<path class="line" d="m12 4-6 6 6 6"/>`);
export const RIGHT = icon(svg`<path class="line" d="m8 4 6 6-6 6"/>`);
export const UP = icon(svg`<path class="line" d="m4 12 6-6 6 6"/>`);
export const DOWN = icon(svg`<path class="line" d="m4 8 6 6 6-6"/>`);
export const FLIP_LEFT_RIGHT = icon(svg`<path class="line" d="M10 2v16M7 5.5v9L2 14.5zM13 5.5v9l5 0z"/>`);
export const FLIP_TOP_BOTTOM = icon(svg`<path class="line" d="M2 10h16M5.5 7h9V2zM5.5 13h9v5z"/>`);
export const TURN = icon(svg`<path class="line" d="M16 10a6 6 0 1 1-2-4.5M14.5 2v4h-4"/>`);
export const TURN_BACK = icon(svg`<path class="line" d="M4 10a6 6 0 1 0 2-4.5M5.5 2v4h4"/>`);
export const RECORDED = icon(svg`<path class="line" d="M4 4h12v12H4z"/><circle cx="6.8" cy="6.8" r="1.6"/>`);
export const HIDE = icon(
  svg`<path class="line" d="M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM4 16 16 4"/><circle class="line" cx="10" cy="10" r="2.2"/>`,
);
