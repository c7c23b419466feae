/** Above the picture: what it is (live, frozen, ...), where it comes from, what can be opened. */
import { html, nothing, type TemplateResult } from "lit";
import type { Actions } from "../actions.ts";
import type { Commands } from "../commands.ts";
import type { FullScreenController } from "../controllers/full-screen.ts";
import type { Messages } from "../languages/english.ts";
import { sourceOf } from "../patient.ts";
import { isCoarser } from "../pipeline.ts";
import { phaseOf, type ViewerState } from "../store.ts";
import { button } from "./button.ts";
import { FULL_SCREEN, KEYS, OPEN, SMALL_SCREEN, WARNING } from "./icons.ts";

export function statusBar(
  state: ViewerState,
  commands: Commands,
  actions: Actions,
  messages: Messages,
  pickFile: () => void,
  fullScreen: FullScreenController,
): TemplateResult {
  const phase = phaseOf(state);
  const info = state.session?.info;
  const source = sourceOf(state);
  const warningCount = info?.warnings.length ?? 0;
  return html`<header part="status" class="status">
    <span part="badge" class="badge" data-phase=${phase}>${messages.badge[phase]}</span>
    ${
      state.reprocessed
        ? html`<span part="reprocessed" class="chip" title=${messages.reprocessedHint}>${messages.reprocessed}</span>`
        : nothing
    }
    ${
      isCoarser(state)
        ? html`<span part="coarser" class="chip quiet" title=${messages.coarserHint(Math.round(100 * state.scale))}
            >${messages.coarser}</span
          >`
        : nothing
    }
    ${
      state.link?.state === "reconnecting"
        ? html`<span part="reconnecting" class="chip">${messages.reconnecting}</span>`
        : nothing
    }
    ${
      state.features.device?.recording
        ? html`<span part="recording" class="chip recording">${messages.recording}</span>`
        : nothing
    }
    <span class="source" dir="auto">${info ? html`${source}${source === info.format ? nothing : html` <small>${info.format}</small>`}` : nothing}</span>
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
        key: actions.hint("keys"),
        expanded: state.shortcutsOpen,
      })}
      ${button({
        label: state.filled ? messages.leaveFullScreen : messages.fullScreen,
        icon: state.filled ? SMALL_SCREEN : FULL_SCREEN,
        onClick: () => void fullScreen.toggle(),
        part: "full-screen",
        key: actions.hint("view.full-screen"),
      })}
    </span>
  </header>`;
}
