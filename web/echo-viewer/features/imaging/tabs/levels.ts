/** Gain by depth, and the levels between black and white. */
import { html, nothing, svg, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { depthSlider, dynamicRangeSlider, gainSlider } from "../../../controls/settings.ts";
import { askedPipeline, type ViewerState } from "../../../store.ts";
import type { Imaging } from "../imaging.ts";
import { depthOfPoint, POINTS, pointsOf, reachOf, spanOf } from "../tgc.ts";
import { type Adjustments, absent } from "./absent.ts";

function autoGain({ session, features }: ViewerState, imaging: Imaging): TemplateResult {
  const { texts, viewer } = imaging;
  const keys = viewer.actions.hint("imaging.auto-gain");
  return html`<button
    type="button"
    part="button auto-gain"
    class="imaging-small auto-gain"
    title=${keys ? `${texts.autoGain} (${keys[1]})` : texts.autoGain}
    aria-label=${texts.autoGain}
    aria-keyshortcuts=${keys?.[0] ?? nothing}
    aria-busy=${features.imaging?.fitting ? "true" : "false"}
    ?disabled=${!session}
    @click=${() => imaging.autoGain()}
  >${texts.auto}</button>`;
}

function tgc(state: ViewerState, imaging: Imaging): TemplateResult {
  const { texts } = imaging;
  const { messages } = state.language;
  const { session } = state;
  const points = pointsOf(askedPipeline(state).display?.tgcDb);
  const reach = reachOf(points);
  const span = session && spanOf(session.info, session.plan.report);
  const reset = (point: number) => (event: Event) => {
    event.preventDefault();
    imaging.setPoint(point, 0);
  };
  const line = points.map((db, i) => `${(50 * (1 + db / reach)).toFixed(2)},${i + 0.5}`).join(" ");
  return html`<section class="imaging-field" part="tgc" aria-label=${texts.tgc} role="group">
    <div class="tgc-head">
      <span>${texts.tgc}${span ? html` <small>${messages.unit}</small>` : nothing}</span>
      ${autoGain(state, imaging)}
      <button
        type="button"
        part="button tgc-neutral"
        class="imaging-small tgc-neutral"
        ?disabled=${points.every((db) => db === 0)}
        @click=${() => imaging.neutral()}
      >${texts.neutral}</button>
    </div>
    <div class="tgc" dir="ltr" @pointercancel=${() => imaging.release()}>
      <svg viewBox="0 0 100 ${POINTS}" preserveAspectRatio="none" aria-hidden="true">
        ${svg`<path class="zero" vector-effect="non-scaling-stroke" d="M50 0V${POINTS}" />
        <polyline vector-effect="non-scaling-stroke" points=${line} />`}
      </svg>
      ${points.map((db, i) => {
        const depth = span ? texts.centimetres(depthOfPoint(span, i)) : String(i + 1);
        return html`<label class="tgc-row" title=${texts.tgcHint}>
          <span aria-hidden="true">${depth}</span>
          <input
            type="range"
            min=${-reach}
            max=${reach}
            step="1"
            .value=${live(String(db))}
            aria-label=${span ? texts.tgcPointAt(depth) : texts.tgcPoint(i + 1, POINTS)}
            aria-valuetext=${messages.decibelsSpoken(db)}
            @input=${(event: Event) => imaging.setPoint(i, (event.target as HTMLInputElement).valueAsNumber)}
            @focus=${() => imaging.light(i)}
            @pointerdown=${() => imaging.hold(i)}
            @pointerup=${() => imaging.release()}
            @change=${() => imaging.release()}
            @dblclick=${reset(i)}
            @keydown=${(event: KeyboardEvent) => {
              if (["0", "Delete", "Backspace"].includes(event.key)) reset(i)(event);
            }}
          />
          <output>${db > 0 ? "+" : db < 0 ? "−" : ""}${Math.abs(db)}</output>
        </label>`;
      })}
    </div>
  </section>`;
}

export function levels(state: ViewerState, imaging: Imaging, adjustments: Adjustments): TemplateResult {
  const { commands, actions } = imaging.viewer;
  const { messages } = state.language;
  return html`<div class="imaging-field">
      ${gainSlider(state, commands, actions, messages)} ${dynamicRangeSlider(state, commands, actions, messages)}
      ${state.depthLimits ? depthSlider(state, commands, actions, messages) : nothing}
    </div>
    ${adjustments.tgc.applies ? tgc(state, imaging) : autoGain(state, imaging)} ${absent(imaging, adjustments, ["tgc"])}`;
}
