/**
 * The lines above the picture: whose examination it is, how the picture was made, whether it lies otherwise than it was recorded,
 * and the acoustic output where the device states it.
 */
import { html, nothing, type TemplateResult } from "lit";
import { parametersOf } from "../acquisition.ts";
import type { Messages } from "../languages/english.ts";
import { patientOf, shownFields } from "../patient.ts";
import { OUTPUT_INDICES, type ViewerState } from "../store.ts";
import { isChanged, isZoomed } from "../view.ts";

/** What the other fields give way to. */
const TELLING = /^(name|id|birthDate|sex)$/;

function patient(state: ViewerState, messages: Messages): TemplateResult | typeof nothing {
  const whose = patientOf(state);
  if (!whose) return nothing;
  const fields = shownFields(whose, state.privacy);
  const shown = (telling: boolean) =>
    fields.flatMap(([field, text]) => {
      if (TELLING.test(field) !== telling) return [];
      const name = messages.patientFields[field];
      const said = field === "birthDate" || field === "date" ? messages.day(text) : text;
      return html`<span data-field=${field} title="${name}: ${said}" dir="auto"
        ><bdi class="said">${name}: </bdi>${said}</span>`;
    });
  return html`<div part="patient" class="patient" role="group" aria-label=${messages.patient}>
    ${state.privacy ? html`<span class="hidden-patient">${messages.patientHidden}</span>` : nothing}
    ${shown(true)}<div class="more">${shown(false)}</div>
  </div>`;
}

/** How the picture lies, where that is not as it was recorded. */
function turned({ view }: ViewerState, messages: Messages): TemplateResult | typeof nothing {
  const { flipX, flipY, quarterTurns, zoom } = view;
  return html`${
    isChanged(view)
      ? html`<span part="turned" class="turned" title=${messages.lies(flipX, flipY, quarterTurns * 90)}
          >${messages.turned(flipX || flipY, quarterTurns * 90)}</span
        >`
      : nothing
  }${isZoomed(view) ? html`<span part="zoom" class="zoom">${messages.zoom(zoom)}</span>` : nothing}`;
}

function indices({ output }: ViewerState, messages: Messages): TemplateResult | typeof nothing {
  if (!output) return nothing;
  // The mechanical index always has its place, each thermal one only when it was stated.
  const stated = OUTPUT_INDICES.filter((name) => name === "mi" || output[name] !== null);
  return html`<span part="indices" class="indices">${stated.map(
    (name) =>
      html`<span title=${messages.indices[name]}>${name.toUpperCase()} ${
        output[name] === null ? "–" : messages.tenths(output[name])
      }</span>`,
  )}</span>`;
}

export function exam(state: ViewerState, messages: Messages): TemplateResult {
  const made = parametersOf(state, messages);
  return html`<div part="exam" class="exam">
    ${patient(state, messages)}
    <div part="parameters" class="parameters">
      ${turned(state, messages)}
      <span class="made" title=${made.map((one) => one.join(": ")).join("\n")}
        >${made.map(([name, text]) => html`<span title=${name}>${text}</span>`)}</span>
      <span part="frame-rate" class="rate" title=${state.dropped ? messages.dropped(state.dropped) : nothing}></span>
      ${indices(state, messages)}
    </div>
  </div>`;
}
