/** The imaging drawer: a line for the preset, then four tabs, so that a sheet on a phone leaves the picture in view. */
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { adjustmentsOf } from "../../../../host/index.ts";
import { button } from "../../controls/button.ts";
import { canScrub, type ViewerState } from "../../store.ts";
import { REDO, RESET, UNDO } from "./icons.ts";
import type { Imaging } from "./imaging.ts";
import { BUILT_IN, presetsBy } from "./presets.ts";
import { TABS, type Tab } from "./state.ts";
import type { Adjustments } from "./tabs/absent.ts";
import { beam } from "./tabs/beam.ts";
import { levels } from "./tabs/levels.ts";
import { look } from "./tabs/look.ts";
import { presets } from "./tabs/presets.ts";

/** Whether each part means something for what is open; nothing is said where nothing is open. */
function adjustmentsFor({ session }: ViewerState): Adjustments | null {
  return session && adjustmentsOf(session.info, session.plan.report.pipeline);
}

function presetSelect(state: ViewerState, imaging: Imaging): TemplateResult {
  const { texts, preset } = imaging;
  const { own } = imaging.state;
  const info = state.session?.info;
  const kind = info?.kind === "channels" ? info.probe.kind : undefined;
  const all = [...presetsBy(texts, own)];
  const { changed } = imaging;
  const option = (value: string, name: string, chosen: boolean) =>
    html`<option value=${value} .selected=${live(chosen)}>${chosen && changed ? texts.changed(name) : name}</option>`;
  const options = (of: typeof all) => of.map(([id, { name }]) => option(id, name, id === state.preset));
  const builtIn = all.filter(([id]) => Object.hasOwn(BUILT_IN, id));
  const suits = ([, { arrays }]: (typeof all)[number]) => !kind || !arrays || arrays.includes(kind);
  const others = builtIn.filter((entry) => !suits(entry));
  const mine = all.filter(([id]) => !Object.hasOwn(BUILT_IN, id));
  const foreign = preset && state.preset?.trimStart().startsWith("{");
  return html`<label class="imaging-field">
    <span>${texts.preset}</span>
    <select
      part="preset"
      class="preset"
      aria-label=${changed ? texts.presetChanged : texts.preset}
      @change=${(event: Event) => imaging.pick((event.target as HTMLSelectElement).value || null)}
    >
      ${option("", texts.noPreset, !preset)} ${options(builtIn.filter(suits))}
      ${foreign ? option(state.preset ?? "", preset.name, true) : nothing}
      ${mine.length ? html`<optgroup label=${texts.ownPresets}>${options(mine)}</optgroup>` : nothing}
      ${others.length ? html`<optgroup label=${texts.otherProbes}>${options(others)}</optgroup>` : nothing}
    </select>
  </label>`;
}

function tabs(imaging: Imaging): TemplateResult {
  const { texts, state } = imaging;
  const go = (event: KeyboardEvent): void => {
    const list = event.currentTarget as HTMLElement;
    const onward = getComputedStyle(list).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const at = TABS.indexOf(state.tab);
    const places: Record<string, number> = {
      ArrowLeft: at + (onward === "ArrowLeft" ? 1 : -1),
      ArrowRight: at + (onward === "ArrowRight" ? 1 : -1),
      Home: 0,
      End: TABS.length - 1,
    };
    if (!(event.key in places)) return;
    event.preventDefault();
    const next = (places[event.key] + TABS.length) % TABS.length;
    imaging.show(TABS[next]);
    list.querySelectorAll<HTMLElement>("[role=tab]")[next].focus();
  };
  return html`<div class="imaging-tabs" role="tablist" aria-label=${texts.open} @keydown=${go}>
    ${TABS.map(
      (tab: Tab) => html`<button
        type="button"
        role="tab"
        id="imaging-tab-${tab}"
        part="button"
        aria-selected=${tab === state.tab ? "true" : "false"}
        aria-controls="imaging-panel"
        tabindex=${tab === state.tab ? 0 : -1}
        @click=${() => imaging.show(tab)}
      >${texts.tabs[tab]}</button>`,
    )}
  </div>`;
}

export function drawer(state: ViewerState, imaging: Imaging): TemplateResult {
  const { texts } = imaging;
  const { tab, canUndo, canRedo } = imaging.state;
  const { actions } = imaging.viewer;
  const adjustments = adjustmentsFor(state);
  const content = {
    levels: adjustments && levels(state, imaging, adjustments),
    look: adjustments && look(state, imaging, adjustments),
    beam: adjustments && beam(state, imaging, adjustments),
    presets: presets(imaging),
  }[tab];
  return html`<div class="imaging">
    <div class="imaging-head">
      ${presetSelect(state, imaging)}
      ${button({
        label: texts.undoText,
        icon: UNDO,
        part: "imaging-undo",
        onClick: () => imaging.undo(),
        disabled: !canUndo,
        key: actions.hint("imaging.undo"),
      })}
      ${button({
        label: texts.redoText,
        icon: REDO,
        part: "imaging-redo",
        onClick: () => imaging.redo(),
        disabled: !canRedo,
        key: actions.hint("imaging.redo"),
      })}
      ${button({
        label: texts.reset,
        icon: RESET,
        part: "imaging-reset",
        onClick: () => imaging.reset(),
        disabled: !imaging.changed,
      })}
    </div>
    ${tabs(imaging)}
    <div class="imaging-panel" role="tabpanel" id="imaging-panel" aria-labelledby="imaging-tab-${tab}">
      ${content ?? html`<p class="hint">${texts.notOpen}</p>`}
    </div>
    ${canScrub(state) ? html`<p class="hint">${texts.stored}</p>` : nothing}
  </div>`;
}
