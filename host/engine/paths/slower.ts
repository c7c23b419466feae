/** The paths behind the steered one, fastest first: loaded for the first picture that it cannot serve. This file lists. */
export { DEPTH } from "./depth.ts";
export { LATERAL } from "./lateral.ts";
