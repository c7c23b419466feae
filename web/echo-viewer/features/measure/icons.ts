/** Icons of the tools, 20 units square, in the colour of the text around them. */
import { html, svg, type TemplateResult } from "lit";
import type { ItemKind } from "./item.ts";

function icon(path: string): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">${svg`<path class="line" d=${path}/>`}</svg>`;
}

export const SELECT = icon("M5 2.5v13l3.4-3 2.4 5 2-1-2.3-4.8 4.5-.4z");
export const TOOL_ICONS: Readonly<Record<ItemKind | "two-planes", TemplateResult>> = {
  distance: icon("M4 13v6M1 16h6M16 1v6M13 4h6M7 13l.4-.4M9.8 10.2l.4-.4M12.6 7.4l.4-.4"),
  ellipse: icon("M10 4.5c4.7 0 8 2.4 8 5.5s-3.3 5.5-8 5.5S2 13.1 2 10s3.3-5.5 8-5.5zM10 10h.1"),
  trace: icon("M4 8c1-4 6-6 9-4 2 1 1 3 3 5s1 6-3 7-5-2-7-2-3-3-2-6z"),
  angle: icon("M17 16.5H3L14 4M11 16.5c0-2.4-.8-4.2-2.4-5.6"),
  volume: icon(
    "M10 2.5c4 0 7 3.3 7 7.5s-3 7.5-7 7.5S3 14.2 3 10s3-7.5 7-7.5zM3 10c0 1.6 3 2.6 7 2.6s7-1 7-2.6M10 2.5v1M10 6v1",
  ),
  "two-planes": icon(
    "M7.5 4c3 0 5.5 2.3 5.5 6s-2.5 6-5.5 6S2 13.7 2 10s2.5-6 5.5-6zM14 4.5c2.3.6 4 2.8 4 5.5s-1.7 4.9-4 5.5",
  ),
  time: icon("M4 2.5v15M16 2.5v15M4 10h12M7 7.5 4.5 10 7 12.5M13 7.5l2.5 2.5-2.5 2.5"),
  slope: icon("M3 16 15 5M3 13v6M0 16h6M15 2v6M12 5h6"),
  "heart-rate": icon("M1.5 11h4l2-6 3.5 11 2.5-7 1 2h4"),
  text: icon("M4 4.5h12M10 4.5v12M7.5 16.5h5"),
  arrow: icon("M3.5 16.5 16 4M9 4h7v7"),
  "body-mark": icon("M10 2.5a2.2 2.2 0 1 0 .01 0zM10 7v6M4.5 9h11M10 13l-3 5M10 13l3 5"),
};
export const UNDO = icon("M7 4 3 8l4 4M3.5 8H12c6 0 6 8 0 8H8");
export const REDO = icon("m13 4 4 4-4 4M16.5 8H8c-6 0-6 8 0 8h4");
export const DELETE = icon("M3 5.5h14M8 5.5V3h4v2.5M5 5.5l1 12h8l1-12M8.5 9v5M11.5 9v5");
export const LOCK = icon("M4.5 9h11v8h-11zM7 9V6.5a3 3 0 0 1 6 0V9");
export const FRAMES = icon("M2.5 6.5h10v10h-10zM5.5 6.5v-3h12v10h-5");
export const SHOW = icon("M2 10c4-6.5 12-6.5 16 0-4 6.5-12 6.5-16 0zM10 7.6a2.4 2.4 0 1 0 .01 0z");
export const DONE = icon("m3.5 10.5 4.5 4.5 8.5-10");
export const BACK = icon("M7 4.5h11v11H7L2 10zM10 7.5l5 5M15 7.5l-5 5");
export const CROSS = icon("m5 5 10 10M15 5 5 15");
export const LEFT = icon("M5 4v5h5M5.3 8.7A6.5 6.5 0 1 1 4 13");
export const RIGHT = icon("M15 4v5h-5M14.7 8.7A6.5 6.5 0 1 0 16 13");
export const SAVE = icon("M10 3v9M6 8.5l4 4 4-4M3.5 16.5h13");
