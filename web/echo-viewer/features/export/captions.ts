/** The words that are burnt into exported pictures: whose, what, when, how it was made, and that it is no diagnosis. */
import { parametersOf } from "../../acquisition.ts";
import { timeText } from "../../controls/cine-bar.ts";
import { patientLine, patientOf, sourceOf } from "../../patient.ts";
import { isCoarser } from "../../pipeline.ts";
import { phaseOf, type ViewerState } from "../../store.ts";
import { isChanged, isZoomed } from "../../view.ts";
import type { ExportTexts } from "./texts.ts";

export interface Captions {
  /** Whose examination, as the viewer shows it; empty: it shows nothing. */
  patient: string;
  source: string;
  date: string;
  /** FROZEN, REPROCESSED: what the picture is. */
  badges: readonly string[];
  /** How it lies, depth, gain and the rest, and which frame. */
  parameters: readonly string[];
  notice: string;
}

/**
 * When the picture was made: it came, or its recording began; where nobody says, when it is exported, in so many words.
 * @param cameMs, nowMs since 1970
 */
export function dateOf(
  { session }: Pick<ViewerState, "session">,
  { date, exported }: Pick<ExportTexts, "date" | "exported">,
  cameMs: number | undefined,
  nowMs: number,
): string {
  if (session?.live && cameMs !== undefined) return date(new Date(cameMs));
  const began = new Date(session?.source.session?.started ?? Number.NaN);
  return Number.isNaN(began.getTime()) ? exported(date(new Date(nowMs))) : date(began);
}

/**
 * The captions of the picture on the screen.
 * @param frame which stored frame, and its time after the oldest one (s); absent while live
 */
export function captionsOf(
  state: ViewerState,
  date: string,
  frame: { number: number; count: number; timeS: number } | null,
): Captions {
  const { language, view } = state;
  const { messages } = language;
  return {
    // A line of its own even where nothing of the patient may be told: films keep their size.
    patient: patientOf(state) ? patientLine(state, messages) || " " : "",
    source: sourceOf(state),
    date,
    badges: [
      messages.badge[phaseOf(state)],
      ...(state.reprocessed ? [messages.reprocessed] : []),
      ...(isCoarser(state) ? [messages.coarser] : []),
    ].map((text) => text.toLocaleUpperCase(language.tag)),
    parameters: [
      ...(isChanged(view) ? [messages.turned(view.flipX || view.flipY, view.quarterTurns * 90)] : []),
      ...(isZoomed(view) ? [messages.zoom(view.zoom)] : []),
      ...parametersOf(state, messages).map(([, text]) => text),
      ...(frame
        ? [
            `${messages.frame} ${messages.position(frame.number + 1, frame.count)}`,
            ...[timeText({ ...state, positionS: frame.timeS }, messages)].filter(Boolean),
          ]
        : []),
    ],
    notice: messages.notice,
  };
}
