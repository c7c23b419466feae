/** Freeze or run, and the stored frames: step, play, choose. Always there, so that nothing jumps. */
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Actions } from "../actions.ts";
import type { Commands } from "../commands.ts";
import type { Messages } from "../languages/english.ts";
import { canScrub, clipOf, isOver, type ViewerState } from "../store.ts";
import { button } from "./button.ts";
import { FREEZE, NEXT, PAUSE, PLAY, PREVIOUS, RUN, SETTINGS } from "./icons.ts";

/** Recordings shorter than this have their times in milliseconds (s). */
const SHORT_S = 0.25;

/** A moment of a recording that is so long (s). */
export function momentText(seconds: number, recordedS: number, { at, atMilliseconds }: Messages): string {
  return (recordedS < SHORT_S ? atMilliseconds : at)(seconds);
}

/** When the stored frame on the screen was: in its recording, or before the newest one of a live source; empty: nobody says. */
export function timeText(
  { session, storedS, positionS }: Pick<ViewerState, "session" | "storedS" | "positionS">,
  messages: Messages,
): string {
  if (!Number.isFinite(positionS)) return "";
  if (session?.live) return messages.behind(positionS - storedS);
  return momentText(positionS, storedS, messages);
}

/** Which frame is shown and when it was; while live, how much is stored. */
function placeText(state: ViewerState, messages: Messages): TemplateResult | typeof nothing {
  const { session, frameCount, firstFrame, position } = state;
  if (!session) return nothing;
  if (!canScrub(state)) return html`<span class="stored"></span>`;
  const time = timeText(state, messages);
  return html`<span>${messages.position(position - firstFrame + 1, frameCount)}</span>
    ${time ? html`<span>${time}</span>` : nothing}`;
}

/** Where the part that plays lies on the scrub bar: its thumb's middle goes from one half thumb to the other. */
function trimMark(state: ViewerState): TemplateResult | typeof nothing {
  const { trim, firstFrame, frameCount } = state;
  if (!trim || frameCount < 2) return nothing;
  const { first, last } = clipOf(state);
  const from = (first - firstFrame) / (frameCount - 1);
  const to = (last - firstFrame) / (frameCount - 1);
  return html`<svg part="trim" class="trim" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
    <rect x=${from} width=${Math.max(0.004, to - from)} height="1" />
  </svg>`;
}

function mainButton(
  state: ViewerState,
  commands: Commands,
  actions: Actions,
  messages: Messages,
): TemplateResult {
  const { session, frozen } = state;
  if (isOver(state)) {
    return button({
      label: messages.reconnect,
      icon: RUN,
      onClick: () => commands.retry(),
      part: "freeze",
      text: true,
      disabled: state.loading !== null,
    });
  }
  return button({
    label: frozen ? messages.run : messages.freeze,
    icon: frozen ? RUN : FREEZE,
    onClick: () => commands.setFrozen(!frozen),
    part: "freeze",
    text: true,
    disabled: !session?.live,
    key: actions.hint("toggle"),
  });
}

export function cineBar(
  state: ViewerState,
  commands: Commands,
  actions: Actions,
  messages: Messages,
): TemplateResult {
  const { session, firstFrame, frameCount, cursor, position, playing } = state;
  const idle = !canScrub(state) || frameCount < 2;
  const last = firstFrame + Math.max(0, frameCount - 1);
  // While live the newest frame is shown: the far end.
  const value = canScrub(state) ? cursor : last;
  // Time runs from left to right in every language.
  return html`<div part="cine" class="cine" dir="ltr" role="group" aria-label=${messages.cine}>
    ${session && !session.live ? nothing : mainButton(state, commands, actions, messages)}
    <span class="transport">
      ${button({
        label: messages.previousFrame,
        icon: PREVIOUS,
        onClick: () => commands.step(-1),
        disabled: idle,
        key: actions.hint("previous"),
      })}
      ${button({
        label: playing ? messages.pause : messages.play,
        icon: playing ? PAUSE : PLAY,
        onClick: () => commands.togglePlay(),
        part: "play",
        disabled: idle,
        key: session && !session.live ? actions.hint("toggle") : undefined,
      })}
      ${button({
        label: messages.nextFrame,
        icon: NEXT,
        onClick: () => commands.step(1),
        disabled: idle,
        key: actions.hint("next"),
      })}
    </span>
    <span class="track">
    ${trimMark(state)}
    <input
      part="scrub"
      class="scrub"
      type="range"
      min=${firstFrame}
      max=${last}
      step="1"
      .value=${live(String(value))}
      ?disabled=${idle}
      aria-label=${messages.frames}
      aria-valuetext=${messages.positionSpoken(position - firstFrame + 1, frameCount)}
      @input=${(event: Event) => commands.show((event.target as HTMLInputElement).valueAsNumber)}
    />
    </span>
    <span part="place" class="place">${placeText(state, messages)}</span>
    ${button({
      label: messages.settings,
      icon: SETTINGS,
      onClick: () => commands.toggleSettings(),
      part: "settings-toggle",
      expanded: state.settingsOpen,
    })}
  </div>`;
}
