/** The receive beam: aperture, window, speed of sound. */
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { type Pipeline, WINDOWS } from "../../../../../host/index.ts";
import { slider } from "../../../controls/slider.ts";
import { askedPipeline, type ViewerState } from "../../../store.ts";
import type { Imaging } from "../imaging.ts";
import { type Adjustments, absent } from "./absent.ts";

/** Greatest f-number that the slider reaches. */
const GREATEST_F_NUMBER = 6;
/** How far from that of the data a speed of sound can be chosen: from fat to muscle, and for water at any temperature. */
const SPEED_PART = 0.1;

/** A slider with a button that gives the choice back to the plan. */
function automatic(
  imaging: Imaging,
  name: string,
  isAuto: boolean,
  control: TemplateResult,
  onAuto: () => void,
): TemplateResult {
  const { texts } = imaging;
  return html`<div class="imaging-row">
    ${control}
    <button
      type="button"
      part="button"
      class="imaging-small"
      title=${texts.autoHint(name)}
      aria-label=${texts.autoHint(name)}
      aria-pressed=${isAuto ? "true" : "false"}
      @click=${onAuto}
    >${texts.auto}</button>
  </div>`;
}

function fNumber(state: ViewerState, imaging: Imaging, resolved: Pipeline): TemplateResult {
  const { texts, viewer } = imaging;
  const asked = askedPipeline(state).beamform?.fNumber ?? "auto";
  const used = resolved.beamform?.fNumber;
  const value = asked === "auto" ? (typeof used === "number" ? used : 0) : asked;
  const shown = Math.round(10 * value) / 10;
  return automatic(
    imaging,
    texts.fNumber,
    asked === "auto",
    slider({
      label: texts.fNumber,
      part: "f-number",
      value: shown,
      min: 0,
      max: GREATEST_F_NUMBER,
      step: 0.1,
      text: value > 0 ? texts.ratio(value) : texts.wholeAperture,
      spoken: value > 0 ? texts.ratio(value) : texts.wholeAperture,
      onInput: (chosen) => viewer.commands.adjust({ beamform: { fNumber: Math.round(10 * chosen) / 10 } }),
    }),
    () => viewer.commands.adjust({ beamform: { fNumber: undefined } }),
  );
}

function windowChoice(state: ViewerState, imaging: Imaging): TemplateResult {
  const { texts, viewer } = imaging;
  const asked = askedPipeline(state).beamform?.window ?? "hann";
  return html`<label class="imaging-field">
    <span>${texts.window}</span>
    <select
      part="window"
      @change=${(event: Event) => {
        const { value } = event.target as HTMLSelectElement;
        viewer.commands.adjust({ beamform: { window: WINDOWS.find((one) => one === value) } });
      }}
    >
      ${WINDOWS.map(
        (one) => html`<option value=${one} .selected=${live(one === asked)}>${texts.windows[one]}</option>`,
      )}
    </select>
  </label>`;
}

function soundSpeed(state: ViewerState, imaging: Imaging): TemplateResult | typeof nothing {
  const { texts, viewer } = imaging;
  const own = state.session?.info.soundSpeedMps;
  if (!own) return nothing;
  const asked = askedPipeline(state).soundSpeedMps;
  const value = asked ?? own;
  const round = (speed: number) => Math.round(speed / 5) * 5;
  return automatic(
    imaging,
    texts.soundSpeed,
    asked === undefined,
    slider({
      label: texts.soundSpeed,
      part: "sound-speed",
      value: Math.round(value),
      min: round(own * (1 - SPEED_PART)),
      max: round(own * (1 + SPEED_PART)),
      step: 5,
      text: texts.metresPerSecond(value),
      spoken: texts.metresPerSecondSpoken(value),
      onInput: (soundSpeedMps) => viewer.commands.adjust({ soundSpeedMps }),
    }),
    () => viewer.commands.adjust({ soundSpeedMps: undefined }),
  );
}

export function beam(state: ViewerState, imaging: Imaging, adjustments: Adjustments): TemplateResult {
  const resolved = state.session?.plan.report.pipeline ?? {};
  return html`${adjustments.fNumber.applies ? fNumber(state, imaging, resolved) : nothing}
    ${adjustments.window.applies ? windowChoice(state, imaging) : nothing}
    ${adjustments.soundSpeed.applies ? soundSpeed(state, imaging) : nothing}
    ${absent(imaging, adjustments, ["fNumber", "window", "soundSpeed"])}`;
}
