/** The icons of the list of keys. */
import { svg } from "lit";
import { icon } from "../../controls/icon.ts";

export const CLOSE = icon(svg`<path class="line" d="m5 5 10 10M15 5 5 15"/>`);
