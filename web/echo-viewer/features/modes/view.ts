/** The elements over the panes: what each shows and how old it is, and buttons for what it may show. */
import { html, nothing, type TemplateResult } from "lit";
import { button } from "../../controls/button.ts";
import { momentText } from "../../controls/cine-bar.ts";
import { CLOSE, PAUSE, PLAY } from "../../controls/icons.ts";
import { nameOf } from "../../patient.ts";
import { type Phase, phaseOf, type ViewerState } from "../../store.ts";
import type { Texts } from "./english.ts";
import { EDIT, KEEP, KEEP_CLIP, SECOND, ZOOM_IN, ZOOM_OUT } from "./icons.ts";
import type { ModesCommands } from "./modes-commands.ts";
import { PANE_IDS } from "./panes.ts";
import { modesOf, type Slot } from "./state.ts";

/** What stands on a pane's badge; `phase` colours it. A stored frame is never live, whatever the stream does. */
export interface PaneBadge {
  phase: Phase;
  text: string;
}

export function badgeOf(slot: Slot, state: ViewerState, texts: Texts): PaneBadge | null {
  if (slot.kind === "empty") return null;
  if (slot.kind === "stored") return { phase: "frozen", text: slot.playing ? texts.replay : texts.stored };
  const phase = phaseOf(state);
  // The main picture is young; this one may not be.
  if (phase === "live" && !slot.fresh) return { phase: "delayed", text: texts.delayed };
  return { phase, text: state.language.messages.badge[phase] };
}

/** When the shown frame was, and of which source where another one is open by now. */
export function storedFrom(slot: Slot & { kind: "stored" }, state: ViewerState, texts: Texts): string {
  return `${storedTime(slot, state, texts)}  ${storedSource(slot, state)}`.trim();
}

/** Where another source is open by now: the one that was. */
function storedSource(slot: Slot & { kind: "stored" }, state: ViewerState): string {
  // A device that is connected anew is the same one. Names tell, not what privacy shows of them.
  const elsewhere = state.session !== null && state.session.info.name !== slot.source.name;
  return elsewhere ? nameOf(slot.source, state.privacy) : "";
}

function storedHeading(slot: Slot & { kind: "stored" }, state: ViewerState, texts: Texts): TemplateResult {
  const source = storedSource(slot, state);
  return html`<span class="pane-time">${storedTime(slot, state, texts)}</span>
    ${source ? html`<span class="pane-source" title=${source}>${source}</span>` : nothing}`;
}

/** On the clock on the wall, or in the recording. */
function storedTime(slot: Slot & { kind: "stored" }, state: ViewerState, texts: Texts): string {
  if (!Number.isFinite(slot.timeS)) return "";
  if (!slot.fromLive) return texts.storedAt(momentText(slot.timeS, slot.recordedS, state.language.messages));
  return new Date(slot.timeS * 1000).toLocaleTimeString(state.language.tag, {
    hour12: false,
    numberingSystem: "latn",
  });
}

/** What else there is to say of it. */
function note(slot: Slot, texts: Texts): string {
  if (slot.kind === "stored") return slot.frames > 1 ? texts.storedFrame(slot.shown + 1, slot.frames) : "";
  if (slot.kind === "empty") return texts.empty;
  return slot.refused ?? (slot.dropped ? texts.skipped(slot.dropped) : texts.second);
}

function tools(
  pane: number,
  slot: Slot,
  linked: boolean,
  commands: ModesCommands,
  texts: Texts,
): TemplateResult {
  const tool = (label: string, icon: TemplateResult, onClick: () => void, part: string) =>
    button({ label, icon, onClick, part });
  return html`<span class="pane-tools">
    ${
      slot.kind === "empty" || linked
        ? nothing
        : html`${tool(texts.zoomOut, ZOOM_OUT, () => commands.zoom(pane, -1), "pane-zoom-out")}
          ${tool(texts.zoomIn, ZOOM_IN, () => commands.zoom(pane, 1), "pane-zoom-in")}`
    }
    ${
      slot.kind === "stored" && slot.frames > 1
        ? tool(
            slot.playing ? texts.pauseClip : texts.playClip,
            slot.playing ? PAUSE : PLAY,
            () => commands.togglePlay(pane),
            "pane-play",
          )
        : nothing
    }
    ${slot.kind === "stored" ? tool(texts.keepHere, KEEP, () => commands.keep(pane, false), "pane-keep") : nothing}
    ${slot.kind === "pipeline" ? tool(texts.edit, EDIT, () => commands.edit(), "pane-edit") : nothing}
    ${slot.kind === "empty" ? nothing : tool(texts.clear, CLOSE, () => commands.empty(pane), "pane-clear")}
  </span>`;
}

function offers(pane: number, commands: ModesCommands, texts: Texts, canKeep: boolean): TemplateResult {
  const offer = (label: string, icon: TemplateResult, onClick: () => void, part: string) =>
    button({ label, icon, onClick, part, text: true, disabled: !canKeep });
  return html`<div class="pane-offers">
    ${offer(texts.keepPicture, KEEP, () => commands.keep(pane, false), "pane-keep")}
    ${offer(texts.keepClip, KEEP_CLIP, () => commands.keep(pane, true), "pane-keep-clip")}
    ${offer(texts.second, SECOND, () => commands.second(pane), "pane-second")}
  </div>`;
}

function pane(n: number, state: ViewerState, commands: ModesCommands, texts: Texts): TemplateResult {
  const { split, slots, active, linked } = modesOf(state);
  const slot = n === 0 ? null : slots[n - 1];
  const phase = phaseOf(state);
  const badge = slot ? badgeOf(slot, state, texts) : { phase, text: state.language.messages.badge[phase] };
  return html`<div
    class="pane"
    part="pane"
    data-pane=${PANE_IDS[n]}
    data-kind=${slot?.kind ?? "main"}
    ?data-active=${active === n}
    role="group"
    aria-label=${texts.paneOf(n + 1, split)}
    aria-current=${active === n ? "true" : nothing}
    @focusin=${() => commands.activate(n)}
  >
    <div class="pane-head">
      ${badge ? html`<span part="pane-badge" class="badge pane-badge" data-phase=${badge.phase}>${badge.text}</span>` : nothing}
      ${slot?.kind === "stored" ? storedHeading(slot, state, texts) : nothing}
      <span class="pane-note" ?data-refused=${slot?.kind === "pipeline" && slot.refused !== null} dir="auto"
        >${slot ? note(slot, texts) : nothing}</span
      >
      ${slot ? tools(n, slot, linked, commands, texts) : nothing}
    </div>
    ${slot?.kind === "empty" ? offers(n, commands, texts, state.image !== null) : nothing}
  </div>`;
}

/** The headings of all panes, and what the strip or plot is called. */
export function panesView(
  state: ViewerState,
  commands: ModesCommands,
  texts: Texts,
  stripName: string | null,
  stripNote: string | null,
): TemplateResult {
  const { split, mode, progress } = modesOf(state);
  return html`${
    mode === "b"
      ? nothing
      : html`<div class="strip" part="strip" data-pane="strip" role="group" aria-label=${stripName ?? ""}>
          <span class="strip-name" aria-hidden="true">${texts.modes[mode]}</span>
          ${stripNote === null ? nothing : html`<span class="strip-note">${stripNote}</span>`}
          ${
            progress === null
              ? nothing
              : html`<progress class="strip-progress" max="1" value=${progress} aria-label=${texts.computing}></progress>`
          }
        </div>`
  }${split === 1 ? nothing : Array.from({ length: split }, (_, n) => pane(n, state, commands, texts))}`;
}
