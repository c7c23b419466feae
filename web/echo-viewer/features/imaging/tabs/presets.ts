/** Presets: saved, loaded, shared, forgotten. */
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Imaging } from "../imaging.ts";
import { NAME_LENGTH } from "../presets.ts";

export function presets(imaging: Imaging): TemplateResult {
  const { texts, state } = imaging;
  const press = (part: string, label: string, onClick: () => void, title = label, disabled = false) =>
    html`<button type="button" part="button ${part}" class="plain ${part}" title=${title} ?disabled=${disabled} @click=${onClick}>
      ${label}
    </button>`;
  const pick = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (file) void imaging.load(file);
    // The same file can be chosen again.
    input.value = "";
  };
  const choose = (event: Event): void => {
    const root = (event.target as HTMLElement).getRootNode() as ShadowRoot;
    root.querySelector<HTMLInputElement>(".imaging-file")?.click();
  };
  return html`<div class="imaging-row imaging-whole">
      <label class="imaging-field">
        <span>${texts.saveAs}</span>
        <input
          type="text"
          class="preset-name"
          maxlength=${NAME_LENGTH}
          placeholder=${texts.name}
          .value=${live(state.name)}
          @input=${(event: Event) => imaging.write((event.target as HTMLInputElement).value)}
          @keydown=${(event: KeyboardEvent) => {
            if (event.key === "Enter") imaging.save();
          }}
        />
      </label>
      ${press("preset-save", texts.save, () => imaging.save(), texts.saveHint, !state.name.trim())}
    </div>
    ${
      state.own.length
        ? html`<div class="imaging-presets imaging-whole">
            ${state.own.map(({ name }) => press("preset-delete", texts.remove(name), () => imaging.remove(name)))}
          </div>`
        : nothing
    }
    <div class="imaging-presets imaging-whole">
      <button type="button" part="button preset-load" class="plain preset-load" @click=${choose}>${texts.load}</button>
      ${press("preset-download", texts.download, () => imaging.download())}
      ${press("preset-share", texts.share, () => void imaging.share())}
    </div>
    <input type="file" class="imaging-file" accept=".json,application/json" hidden @change=${pick} />
    ${
      state.link === null
        ? nothing
        : html`<label class="imaging-field imaging-whole">
            <span>${texts.link}</span>
            <input
              type="text"
              class="preset-link"
              dir="ltr"
              readonly
              .value=${state.link}
              @focus=${(event: Event) => (event.target as HTMLInputElement).select()}
            />
          </label>`
    }`;
}
