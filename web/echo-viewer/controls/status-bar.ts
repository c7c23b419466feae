/** Above the picture: what it is (live, frozen, ...), where it comes from, how fast it is, what can be opened. */
import { html, nothing, type TemplateResult } from "lit";
import type { Commands } from "../commands.ts";
import type { Messages } from "../languages/english.ts";
import { type Phase, phaseOf, type ViewerState } from "../store.ts";
import { button } from "./button.ts";
import { KEYS, OPEN, WARNING } from "./icons.ts";

/** The frame rate where frames follow each other, and nothing where the figure would be old. */
function rate(state: ViewerState, phase: Phase, messages: Messages): string {
  const moving = phase === "live" || phase === "delayed" || (phase === "file" && state.playing);
  return moving && Number.isFinite(state.frameRateHz) ? messages.frameRate(state.frameRateHz) : "";
}

export function statusBar(
  state: ViewerState,
  commands: Commands,
  messages: Messages,
  pickFile: () => void,
): TemplateResult {
  const phase = phaseOf(state);
  const info = state.session?.info;
  const warningCount = info?.warnings.length ?? 0;
  return html`<header part="status" class="status">
    <span part="badge" class="badge" data-phase=${phase}>${messages.badge[phase]}</span>
    ${
      state.reprocessed
        ? html`<span part="reprocessed" class="chip" title=${messages.reprocessedHint}>${messages.reprocessed}</span>`
        : nothing
    }
    ${
      state.scale < 1 && phase === "live"
        ? html`<span part="coarser" class="chip quiet" title=${messages.coarserHint(Math.round(100 * state.scale))}
            >${messages.coarser}</span
          >`
        : nothing
    }
    <span class="source" dir="auto">${info ? html`${info.name} <small>${info.format}</small>` : nothing}</span>
    <span part="frame-rate" class="rate" title=${state.dropped ? messages.dropped(state.dropped) : nothing}
      >${rate(state, phase, messages)}</span
    >
    <span class="tools">
      ${
        warningCount
          ? button({
              label: messages.warnings(warningCount),
              icon: WARNING,
              onClick: () => commands.toggleWarnings(),
              part: "warnings-toggle",
              expanded: state.warningsOpen,
            })
          : nothing
      }
      ${button({ label: messages.openFile, icon: OPEN, onClick: pickFile, part: "open" })}
      ${button({
        label: messages.shortcuts,
        icon: KEYS,
        onClick: () => commands.toggleShortcuts(),
        part: "keys",
        key: ["?", "?"],
        expanded: state.shortcutsOpen,
      })}
    </span>
  </header>`;
}
