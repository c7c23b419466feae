/** Starting and ending a recording, and what is stored. */
import { html, nothing, type TemplateResult } from "lit";
import type { ViewerState } from "../../store.ts";
import { MOST_BYTES, MOST_SECONDS, type RecordControl } from "./record.ts";
import type { StoredRecording } from "./recordings.ts";
import type { english } from "./texts.ts";

type Words = typeof english;

function row(
  recording: StoredRecording,
  control: RecordControl,
  words: Words,
  running: boolean,
  tag: string,
): TemplateResult {
  const { name, startedMs, bytes, done } = recording;
  const press = (label: string, act: () => void) =>
    html`<button type="button" part="button" class="plain" ?disabled=${running} aria-label="${label}: ${name}" @click=${act}>
      ${label}
    </button>`;
  return html`<li>
    <span dir="auto">${name}</span> <small>${new Date(startedMs).toLocaleString(tag, { numberingSystem: "latn" })}, ${words.size(bytes)}</small>
    ${done ? nothing : html`<small>${words.cutShort}</small>`}
    <div class="device-buttons">
      ${press(words.show, () => void control.show(recording))} ${press(words.save, () => void control.save(recording))}
      ${press(words.delete, () => void control.delete(recording))}
    </div>
  </li>`;
}

export function recordPanel(
  state: ViewerState,
  control: RecordControl,
  words: Words,
): TemplateResult | typeof nothing {
  const { session, features } = state;
  const recordings = features.device?.recordings ?? [];
  const status = features.device?.recording ?? null;
  if (!session?.live && !recordings.length) return nothing;
  return html`<h3>${words.record}</h3>
    ${
      session?.live
        ? html`<button
              type="button"
              part="button"
              class="plain record"
              aria-pressed=${String(status !== null)}
              @click=${() => void (status ? control.stop() : control.start())}
            >
              ${status ? words.endRecording : words.startRecording}
            </button>
            <p class="hint">
              ${
                status
                  ? words.recorded(status.seconds, status.bytes, status.frames, status.dropped)
                  : words.recordHint(MOST_SECONDS, MOST_BYTES)
              }
            </p>`
        : nothing
    }
    ${
      recordings.length
        ? html`<ul class="device-recordings" aria-label=${words.recordings}>
            ${recordings.map((one) => row(one, control, words, status !== null && !one.done, state.language.tag))}
          </ul>`
        : nothing
    }`;
}
