/**
 * The drawer of the view: zoom, move, flip, turn, full screen, privacy with buttons, so that nothing needs a drag or two fingers.
 * What they do is always loaded: `controllers/view.ts`.
 */
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { button } from "../../controls/button.ts";
import { textsOf } from "../../languages/language.ts";
import { patientOf } from "../../patient.ts";
import type { ViewerState } from "../../store.ts";
import { isChanged, isZoomed, ZOOM_LIMITS } from "../../view.ts";
import type { Feature, Viewer } from "../feature.ts";
import {
  DOWN,
  FLIP_LEFT_RIGHT,
  FLIP_TOP_BOTTOM,
  HIDE,
  LEFT,
  RECORDED,
  RIGHT,
  TURN,
  TURN_BACK,
  UP,
  WHOLE,
  ZOOM_IN,
  ZOOM_OUT,
} from "./icons.ts";
import { styles } from "./styles.ts";
import { english } from "./texts.ts";

/** The zoom slider counts doublings, so that each step looks alike. */
const SLIDER_STEPS = 100;

export function create(viewer: Viewer): Feature {
  const { actions, view } = viewer;

  /** A button of an action: its name and keys are the action's. */
  const does = (
    state: ViewerState,
    id: string,
    icon: TemplateResult,
    { disabled, pressed, part }: { disabled?: boolean; pressed?: boolean; part?: string } = {},
  ): TemplateResult => {
    const action = actions.get(id);
    if (!action) return html``;
    return button({
      label: action.label(state),
      icon,
      onClick: () => action.run(),
      key: actions.hint(id),
      part,
      disabled,
      pressed,
    });
  };

  const drawer = (state: ViewerState): TemplateResult => {
    const texts = textsOf(state.language, "view", english);
    const { messages } = state.language;
    const { zoom } = state.view;
    const none = state.image === null;
    const still = none || !isZoomed(state.view);
    // What a person sees flipped: after a quarter turn left and right are the recorded top and bottom.
    const lying = state.view.quarterTurns % 2 === 1;
    const { flipX, flipY } = state.view;
    const doublings = Math.log2(ZOOM_LIMITS[1]);
    return html`<div class="view">
      <div role="group" aria-label=${texts.zoom}>
        <span>${texts.zoom}</span>
        <div class="zooming" role="group" aria-label=${texts.zoom}>
          ${does(state, "view.zoom-out", ZOOM_OUT, { disabled: still })}
          <input
            type="range"
            min="0"
            max=${SLIDER_STEPS}
            step="1"
            .value=${live(String(Math.round((Math.log2(zoom) / doublings) * SLIDER_STEPS)))}
            ?disabled=${none}
            aria-label=${texts.zoom}
            aria-valuetext=${messages.zoomSpoken(zoom)}
            @input=${(event: Event) =>
              view.zoomTo(
                2 ** (((event.target as HTMLInputElement).valueAsNumber / SLIDER_STEPS) * doublings),
              )}
          />
          ${does(state, "view.zoom-in", ZOOM_IN, { disabled: none || zoom >= ZOOM_LIMITS[1] })}
          <output>${messages.zoom(zoom)}</output>
        </div>
      </div>
      <div class="pad" role="group" aria-label=${texts.move}>
        <span dir=${state.language.direction}>${texts.move}</span>
        ${does(state, "view.up", UP, { part: "up", disabled: still })}
        ${does(state, "view.left", LEFT, { part: "left", disabled: still })}
        ${does(state, "view.whole", WHOLE, { part: "whole", disabled: still })}
        ${does(state, "view.right", RIGHT, { part: "right", disabled: still })}
        ${does(state, "view.down", DOWN, { part: "down", disabled: still })}
      </div>
      <div role="group" aria-label=${texts.lie}>
        <span>${texts.lie}</span>
        ${does(state, "view.flip-left-right", FLIP_LEFT_RIGHT, { pressed: lying ? flipY : flipX })}
        ${does(state, "view.flip-top-bottom", FLIP_TOP_BOTTOM, { pressed: lying ? flipX : flipY })}
        ${does(state, "view.turn-back", TURN_BACK)} ${does(state, "view.turn", TURN)}
        ${button({
          label: texts.recorded,
          icon: RECORDED,
          text: true,
          onClick: () => view.reset(),
          part: "recorded",
          disabled: !isChanged(state.view) && still,
        })}
      </div>
      ${
        patientOf(state)
          ? html`<div role="group" aria-label=${messages.patient}>
              <span>${messages.patient}</span>
              ${does(state, "view.privacy", HIDE, { pressed: state.privacy, part: "privacy" })}
            </div>`
          : nothing
      }
      <p>${texts.hint}</p>
    </div>`;
  };

  return { styles, drawer };
}
