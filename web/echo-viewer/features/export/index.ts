/** Gives pictures, films and data away, and takes the settings of a picture back. */
import { html, nothing, type TemplateResult } from "lit";
import { textsOf } from "../../languages/language.ts";
import { canScrub, clipOf, type ViewerState } from "../../store.ts";
import type { Feature, WholeViewer } from "../feature.ts";
import { Exporter } from "./exporter.ts";
import { type ExportKind, NO_EXPORT } from "./kinds.ts";
import { Restorer, shownName } from "./restorer.ts";
import { styles } from "./styles.ts";
import { english } from "./texts.ts";

const texts = (state: ViewerState) => textsOf(state.language, "export", english);

const GROUPS = {
  picture: ["picture", "plain", "copy", "print"],
  frames: ["webm", "mp4", "gif"],
  data: ["sonde", "uff", "pipeline"],
} as const satisfies Record<string, readonly ExportKind[]>;

function job(state: ViewerState, exporter: Exporter): TemplateResult | typeof nothing {
  const { job: made } = state.features.export ?? NO_EXPORT;
  if (!made?.long) return nothing;
  const words = texts(state);
  return html`<div part="export-progress" class="export-job" role="group" aria-label=${words.working(words.kinds[made.kind])}>
    <label>${words.working(words.kinds[made.kind])}
      <progress max="1" value=${made.fraction ?? nothing}></progress></label>
    <button type="button" part="button export-cancel" class="plain" @click=${() => exporter.cancel()}>
      ${words.cancel}
    </button>
  </div>`;
}

function drawer(state: ViewerState, exporter: Exporter, restorer: Restorer): TemplateResult {
  const words = texts(state);
  const { job: made, videos } = state.features.export ?? NO_EXPORT;
  const { first, last } = clipOf(state);
  const hints = {
    picture: state.image ? "" : words.needsPicture,
    frames: canScrub(state)
      ? `${words.frames(last - first + 1)}${videos && !videos.webm && !videos.mp4 ? `. ${words.noVideo}` : ""}`
      : words.needsFreeze,
    data: "",
  };
  return html`${Object.entries(GROUPS).map(([group, kinds]) => {
    const name = words.groups[group as keyof typeof GROUPS];
    const hint = hints[group as keyof typeof GROUPS];
    return html`<div class="choice" role="group" aria-label=${name}>
      <span class="legend">${name}</span>
      <div class="export-kinds">
        ${kinds.map((kind) => {
          const obstacle = exporter.obstacle(kind, state);
          return html`<button
            type="button"
            part="button export-${kind}"
            class="plain"
            title=${obstacle ?? words.kinds[kind]}
            ?disabled=${obstacle !== undefined || made !== null}
            @click=${() => exporter.press(kind)}
          >
            ${words.kinds[kind]}
          </button>`;
        })}
      </div>
      ${hint ? html`<p class="hint">${hint}</p>` : nothing}
    </div>`;
  })}
  ${job(state, exporter)} ${closedNote(state, restorer)}`;
}

/** The same in the drawer, once the note is closed: there is a way back as long as they are in force. */
function closedNote(state: ViewerState, restorer: Restorer): TemplateResult | typeof nothing {
  const { restored } = state.features.export ?? NO_EXPORT;
  if (!restored?.closed) return nothing;
  const words = texts(state);
  return html`<div part="restored" class="restored">
    <p class="hint">${words.restored(shownName(restored.name, state))}</p>
    <button type="button" part="button restored-undo" class="plain" @click=${() => restorer.undo()}>${words.undo}</button>
  </div>`;
}

/** What is being made while its drawer is closed. */
function notes(state: ViewerState, exporter: Exporter, restorer: Restorer): TemplateResult {
  const made = state.drawer === "export" ? nothing : job(state, exporter);
  return html`${made === nothing ? nothing : html`<div class="note">${made}</div>`}${settingsNote(state, restorer)}`;
}

/** Says that a picture's settings are in force, whatever drawer is open. */
function settingsNote(state: ViewerState, restorer: Restorer): TemplateResult | typeof nothing {
  const { restored } = state.features.export ?? NO_EXPORT;
  if (!restored || restored.closed) return nothing;
  const words = texts(state);
  const { messages } = state.language;
  const said = words.restored(shownName(restored.name, state));
  return html`<div part="restored" class="note" role="group" aria-label=${said}>
    <span>${said}</span>
    <button type="button" part="button restored-undo" @click=${() => restorer.undo()}>${words.undo}</button>
    <button type="button" part="button restored-close" @click=${() => restorer.dismiss()}>${messages.close}</button>
  </div>`;
}

export function create(viewer: WholeViewer): Feature {
  const exporter = new Exporter(viewer);
  const restorer = new Restorer(viewer);
  const action = (kind: ExportKind, key: string) => ({
    id: `export.${kind}`,
    keys: [key],
    label: (state: ViewerState) => texts(state).kinds[kind],
    run: () => exporter.press(kind),
  });
  return {
    styles,
    drawer: (state) => drawer(state, exporter, restorer),
    note: (state) => notes(state, exporter, restorer),
    actions: [action("picture", "s"), action("copy", "c"), action("print", "p")],
    open: (file) => void restorer.open(file),
    api: exporter,
  };
}
