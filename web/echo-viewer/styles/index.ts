/**
 * How the viewer looks: a dark, neutral frame round a black stage; the picture is the largest thing. Sizes follow the
 * element, not the window.
 */
import { controls } from "./controls.ts";
import { frame } from "./frame.ts";
import { panels } from "./panels.ts";
import { rail } from "./rail.ts";
import { sizes } from "./sizes.ts";
import { stage } from "./stage.ts";
import { status } from "./status.ts";

export const styles = [frame, status, stage, panels, controls, sizes, rail];
