/** The drawer of the modes: mode, line, strip, split, and the pipelines of panes. */
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { choice } from "../../controls/choice.ts";
import { dynamicRangeOf, type ViewerState } from "../../store.ts";
import type { Texts } from "./english.ts";
import { FREE_TOOL, LINE_TOOL } from "./line-tool.ts";
import type { ModesCommands } from "./modes-commands.ts";
import { canSlope } from "./plane.ts";
import { courseOf } from "./reader.ts";
import { MODES, modesOf, SIGNALS, type Slot, SPEEDS, SPLITS, type Speed, type Sweep } from "./state.ts";

function check(
  label: string,
  part: string,
  checked: boolean,
  onChange: (checked: boolean) => void,
): TemplateResult {
  return html`<label class="check" part=${part}>
    <input
      type="checkbox"
      .checked=${live(checked)}
      @change=${(event: Event) => onChange((event.target as HTMLInputElement).checked)}
    />
    <span>${label}</span>
  </label>`;
}

function plain(
  label: string,
  part: string,
  pressed: boolean | null,
  onClick: (event: Event) => void,
): TemplateResult {
  return html`<button
    type="button"
    part="button"
    class="plain ${part}"
    aria-pressed=${pressed === null ? nothing : String(pressed)}
    @click=${onClick}
  >
    ${label}
  </button>`;
}

function lineFields(state: ViewerState, commands: ModesCommands, texts: Texts): TemplateResult {
  const straight = state.image !== null && !canSlope(courseOf(state, state.image).plane);
  return html`<div class="field" role="group" aria-label=${texts.line}>
    <span class="field-label" aria-hidden="true">${texts.line}</span>
    <span class="row">
      ${plain(texts.placeLine, "place-line", state.tool === LINE_TOOL, () => commands.placeLine())}
      ${straight ? nothing : plain(texts.drawLine, "draw-line", state.tool === FREE_TOOL, () => commands.drawLine())}
      ${plain(texts.resetLine, "reset-line", null, () => commands.resetLine())}
    </span>
  </div>`;
}

function stripFields(state: ViewerState, commands: ModesCommands, texts: Texts): TemplateResult {
  const { speed, sweep } = modesOf(state);
  const rate = state.session?.info.frameRateHz;
  return html`<label class="field">
      <span class="field-label">${texts.speed}</span>
      <select
        part="speed"
        .value=${live(speed)}
        @change=${(event: Event) => commands.set({ speed: (event.target as HTMLSelectElement).value as Speed })}
      >
        ${SPEEDS.map((one) => html`<option value=${one} ?selected=${one === speed}>${one}</option>`)}
      </select>
    </label>
    ${choice<Sweep>({
      label: texts.sweep,
      name: "sweep",
      value: sweep,
      options: (["scroll", "bar"] as const).map((value) => ({ value, text: texts.sweeps[value] })),
      onChange: (value) => commands.set({ sweep: value }),
    })}
    <p class="hint">${rate ? texts.rate(rate) : state.session?.live ? texts.rateUnknown : texts.noStrip}</p>`;
}

function aLineFields(state: ViewerState, commands: ModesCommands, texts: Texts): TemplateResult {
  const { signal, peakHold } = modesOf(state);
  return html`${choice({
    label: texts.signal,
    name: "signal",
    value: signal,
    options: SIGNALS.map((value) => ({ value, text: texts.signals[value] })),
    onChange: (value) => commands.set({ signal: value }),
  })}
  ${check(texts.peakHold, "peak-hold", peakHold, (value) => commands.set({ peakHold: value }))}
  ${signal === "rf" ? nothing : html`<p class="hint">${texts.aLineRange(dynamicRangeOf(state))}</p>`}`;
}

/** Reads the field beside the button as a pipeline. */
function applyFrom(event: Event, pane: number, commands: ModesCommands, texts: Texts): void {
  const field = (event.target as HTMLElement).closest(".pipeline")?.querySelector("textarea");
  if (!field) return;
  let value: unknown;
  try {
    value = JSON.parse(field.value);
  } catch {
    value = undefined;
  }
  const object = typeof value === "object" && value !== null && !Array.isArray(value);
  field.setCustomValidity(object ? "" : texts.notJson);
  field.reportValidity();
  if (object) commands.process(pane, value as Parameters<ModesCommands["process"]>[1]);
}

function pipelineField(
  pane: number,
  slot: Slot & { kind: "pipeline" },
  commands: ModesCommands,
  texts: Texts,
): TemplateResult {
  const id = `pipeline-${pane}`;
  return html`<div class="pipeline">
    <label for=${id}>${texts.pane(pane + 1)}: ${texts.pipeline}</label>
    <textarea id=${id} part="pipeline" dir="ltr" rows="6" spellcheck="false" .value=${JSON.stringify(slot.pipeline, null, 1)}></textarea>
    <p class="refused" role="alert">${slot.refused}</p>
    <span class="row">
      ${plain(texts.apply, "apply", null, (event) => applyFrom(event, pane, commands, texts))}
      ${plain(texts.copySettings, "copy-settings", null, () => commands.second(pane))}
    </span>
  </div>`;
}

export function drawerView(state: ViewerState, commands: ModesCommands, texts: Texts): TemplateResult {
  const { mode, split, slots, linked } = modesOf(state);
  return html`<div class="modes">
    ${choice({
      label: texts.mode,
      name: "mode",
      value: mode,
      options: MODES.map((value) => ({ value, text: texts.modes[value], spoken: texts.modeNames[value] })),
      onChange: (value) => commands.setMode(value),
    })}
    ${mode === "b" ? nothing : lineFields(state, commands, texts)}
    ${mode === "m" ? stripFields(state, commands, texts) : nothing}
    ${mode === "a" ? aLineFields(state, commands, texts) : nothing}
    ${choice({
      label: texts.split,
      name: "split",
      value: split,
      options: SPLITS.map((value) => ({ value, text: texts.splits[value], spoken: texts.splitNames(value) })),
      onChange: (value) => commands.setSplit(value),
    })}
    ${split === 1 ? nothing : check(texts.linked, "linked", linked, (value) => commands.set({ linked: value }))}
    ${slots
      .slice(0, split - 1)
      .map((slot, i) => (slot.kind === "pipeline" ? pipelineField(i + 1, slot, commands, texts) : nothing))}
  </div>`;
}
