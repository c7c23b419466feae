/** The viewer's elements: status and examination above, the stage, the controls beside and below it, the notice. */
import { html, nothing, type TemplateResult } from "lit";
import type { Actions } from "./actions.ts";
import type { Commands } from "./commands.ts";
import type { Features } from "./controllers/features.ts";
import type { FullScreenController } from "./controllers/full-screen.ts";
import { cineBar } from "./controls/cine-bar.ts";
import { exam } from "./controls/exam.ts";
import { emptyHint, errorPanel, progress, signalBanner, warnings } from "./controls/panels.ts";
import { drawer, rail } from "./controls/rail.ts";
import { settings } from "./controls/settings.ts";
import { statusBar } from "./controls/status-bar.ts";
import { descriptionOf } from "./description.ts";
import { phaseOf, type ViewerState } from "./store.ts";
import { isZoomed } from "./view.ts";

/** What the elements call, and what of the page's wishes is not in the state. */
export interface TemplateParts {
  label: string | null;
  /** Neither buttons nor sliders. */
  hidden: boolean;
  commands: Commands;
  actions: Actions;
  features: Features;
  fullScreen: FullScreenController;
  pickFile(): void;
  picked(event: Event): void;
  onFocusIn(event: FocusEvent): void;
}

export function template(state: ViewerState, parts: TemplateParts): TemplateResult {
  const { label, hidden, commands, actions, features, fullScreen, pickFile, picked, onFocusIn } = parts;
  const { direction, tag, messages } = state.language;
  return html`<div
      part="base"
      class="base"
      role="group"
      lang=${tag}
      dir=${direction}
      tabindex="0"
      aria-label=${label || messages.viewer}
      aria-keyshortcuts=${actions.shortcuts || nothing}
      aria-busy=${state.loading ? "true" : "false"}
      data-controls=${hidden ? "none" : "all"}
      @focusin=${onFocusIn}
    >
      ${statusBar(state, commands, actions, messages, pickFile, fullScreen)}
      ${exam(state, messages)}
      <div part="stage" class="stage" data-phase=${phaseOf(state)} data-tool=${state.tool ?? nothing} ?data-held=${isZoomed(state.view) || state.tool !== null}>
        <canvas part="picture" class="picture" role="img" aria-label=${descriptionOf(state)}></canvas>
        <canvas part="scale" class="overlay" aria-hidden="true"></canvas>
        <canvas part="marks" class="marks" aria-hidden="true"></canvas>
        ${state.image ? nothing : html`<div class="layer poster"><slot name="poster"></slot></div>`}
        ${features.over(state, "overlay")}
        <div class="layer"><slot name="overlay"></slot></div>
        <div class="panels" dir=${direction}>
        ${signalBanner(state, messages)} ${emptyHint(state, messages, pickFile)} ${progress(state, messages)}
        ${warnings(state, commands, messages)}
        <div class="notes">${features.over(state, "note")}${errorPanel(state, commands, messages)}</div>
        ${state.dragging ? html`<div class="drop" dir="auto">${messages.drop}</div>` : nothing}
        </div>
      </div>
      ${
        hidden
          ? nothing
          : html`${rail(state, commands, features)}${drawer(state, commands, features)}${cineBar(state, commands, actions, messages)}
            ${settings(state, commands, actions, messages)}`
      }
      <footer part="notice" class="notice">${messages.notice}</footer>
      <input type="file" hidden @change=${picked} />
      <div class="said" role="status">${state.announcement}</div>
      <div class="tip" aria-hidden="true" hidden></div>
    </div>`;
}
