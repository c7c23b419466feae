/** What lies over the picture when it must: progress, errors, the list of keys, and hints where there is no picture. */
import { html, nothing, type TemplateResult } from "lit";
import type { Commands } from "../commands.ts";
import type { Messages } from "../languages/english.ts";
import { withoutNames } from "../patient.ts";
import { phaseOf, type ViewerState } from "../store.ts";
import { button } from "./button.ts";
import { CLOSE, OPEN, WARNING } from "./icons.ts";

export function progress(state: ViewerState, messages: Messages): TemplateResult | typeof nothing {
  const { loading, slowWork } = state;
  if (!loading?.long && !slowWork) return nothing;
  const label = !loading?.long
    ? messages.working
    : state.privacy
      ? messages.loading
      : messages.loadingName(loading.name);
  return html`<div part="progress" class="progress">
    <span>${label}</span>
    <progress max="1" value=${loading?.fraction ?? nothing} aria-label=${label}></progress>
  </div>`;
}

export function errorPanel(state: ViewerState, commands: Commands, messages: Messages): TemplateResult {
  const { error, privacy } = state;
  // The region is always there: an alert is read out when something appears in it.
  return html`<div class="alert" role="alert">${
    error
      ? html`<div part="error" class="error">
          ${WARNING}
          <div class="error-text">
            <strong>${messages.failed}</strong>
            <p dir="auto">${privacy ? withoutNames(error.error.message, error.request) : error.error.message}</p>
            ${error.kept ? html`<p>${messages.keptImage}</p>` : nothing}
            <slot name="error"></slot>
            <div class="error-actions">
              ${
                error.request
                  ? html`<button type="button" part="button" class="retry" @click=${() => commands.retry()}>
                      ${messages.retry}
                    </button>`
                  : nothing
              }
              <button type="button" part="button" class="dismiss" @click=${() => commands.dismissError()}>
                ${messages.close}
              </button>
            </div>
          </div>
        </div>`
      : nothing
  }</div>`;
}

/** What the source says is missing or odd: a length that was assumed must not pass for one that was measured. */
export function warnings(
  state: ViewerState,
  commands: Commands,
  messages: Messages,
): TemplateResult | typeof nothing {
  const sentences = state.session?.info.warnings ?? [];
  if (!state.warningsOpen || !sentences.length) return nothing;
  return html`<section part="warnings" class="warnings" role="group" aria-label=${messages.warningsTitle}>
    <h2>${messages.warningsTitle}</h2>
    ${button({ label: messages.close, icon: CLOSE, onClick: () => commands.toggleWarnings(), part: "close" })}
    ${sentences.map((sentence) => html`<p dir="auto">${sentence}</p>`)}
  </section>`;
}

/** Words across the picture that nobody can miss. */
export function signalBanner(state: ViewerState, messages: Messages): TemplateResult | typeof nothing {
  const phase = phaseOf(state);
  if (phase !== "no-signal" && phase !== "delayed" && phase !== "ended") return nothing;
  return html`<div part="banner" class="banner" aria-hidden="true">${messages.badge[phase]}</div>`;
}

export function emptyHint(
  state: ViewerState,
  messages: Messages,
  pickFile: () => void,
): TemplateResult | typeof nothing {
  if (phaseOf(state) !== "idle") return nothing;
  return html`<button type="button" part="empty" class="empty" @click=${pickFile}>
    ${OPEN}<span>${messages.empty}</span>
  </button>`;
}
