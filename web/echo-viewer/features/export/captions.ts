/** The words that are burnt into exported pictures: whose, what, when, how it was made, and that it is no diagnosis. */
import { depthOf, dynamicRangeOf, gainOf, phaseOf, type ViewerState } from "../../store.ts";

export interface Captions {
  /** Whose examination, as the viewer shows it; empty: it shows nothing. */
  patient: string;
  source: string;
  date: string;
  /** FROZEN, REPROCESSED: what the picture is. */
  badges: readonly string[];
  /** Depth, gain and the rest, and which frame. */
  parameters: readonly string[];
  notice: string;
}

/** What identifies the patient is hidden: then a file's name may not be told either. */
export function isPrivate(state: ViewerState & { readonly privacy?: boolean }): boolean {
  return state.privacy ?? false;
}

/** The source's name; where patients are hidden, what it is. */
export function sourceOf(state: ViewerState): string {
  const info = state.session?.info;
  if (!info) return "";
  return isPrivate(state) && info.format !== "simulated" ? info.format : info.name;
}

/** Texts of elements the viewer shows, without what is for assistive technology alone. */
function shownIn(root: ShadowRoot | null, selector: string): string[] {
  return Array.from(root?.querySelectorAll(selector) ?? [], (element) =>
    Array.from(element.childNodes, (node) =>
      node instanceof Element && node.classList.contains("said") ? "" : (node.textContent ?? ""),
    )
      .join("")
      .replace(/\s+/g, " ")
      .trim(),
  ).filter(Boolean);
}

/**
 * The captions of the picture on the screen.
 * @param frame which stored frame, and its time (s); absent while live
 */
export function captionsOf(
  state: ViewerState,
  root: ShadowRoot | null,
  date: string,
  frame: { number: number; count: number; timeS: number } | null,
): Captions {
  const { messages } = state.language;
  const phase = phaseOf(state);
  const depth = depthOf(state);
  const made = shownIn(root, "[part~=parameters] .made > span");
  const own = [
    ...(depth === null ? [] : [`${messages.depth} ${messages.centimetres(depth)}`]),
    `${messages.gain} ${messages.decibels(gainOf(state))}`,
    `${messages.dynamicRange} ${messages.range(dynamicRangeOf(state))}`,
  ];
  const parameters = made.length ? made : own;
  return {
    patient: shownIn(root, "[part~=patient] > span").join("  "),
    source: sourceOf(state),
    date,
    badges: [messages.badge[phase], ...(state.reprocessed ? [messages.reprocessed] : [])].map((text) =>
      text.toLocaleUpperCase(state.language.tag),
    ),
    parameters: [
      ...parameters,
      ...(frame
        ? [
            `${messages.frame} ${messages.position(frame.number + 1, frame.count)}`,
            ...(Number.isFinite(frame.timeS) ? [messages.at(frame.timeS)] : []),
          ]
        : []),
    ],
    notice: messages.notice,
  };
}
