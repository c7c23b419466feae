/** The drawer: tools, what was measured, and what can be done with it. */
import { html, nothing, svg, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { MeasureTexts } from "./english.ts";
import {
  BACK,
  CROSS,
  DELETE,
  DONE,
  FRAMES,
  LEFT,
  LOCK,
  REDO,
  RIGHT,
  SAVE,
  SELECT,
  SHOW,
  TOOL_ICONS,
  UNDO,
} from "./icons.ts";
import { GONE, type Item, type ItemKind, MARKS, type MarkName, POINTS } from "./item.ts";
import { PICTOGRAMS } from "./marks.ts";
import type { Draft } from "./state.ts";
import type { Result } from "./values.ts";

/** What the pointer does. */
export type ToolName = ItemKind | "two-planes" | "select";

export const MEASURE_TOOLS = ["distance", "ellipse", "trace", "angle", "volume", "two-planes"] as const;
export const TIME_TOOLS = ["time", "slope", "heart-rate"] as const;
export const NOTE_TOOLS = ["text", "arrow", "body-mark"] as const;

/** What the drawer and the bar can have done. */
export interface Doings {
  choose(tool: ToolName | null): void;
  undo(): void;
  redo(): void;
  clear(): void;
  select(item: Item): void;
  change(item: Item): void;
  remove(item: Item): void;
  showFrame(item: Item): void;
  putMark(mark: MarkName): void;
  setText(text: string): void;
  removePoint(): void;
  finish(): void;
  save(as: "json" | "csv"): void;
}

/** What they show. */
export interface Contents {
  readonly texts: MeasureTexts;
  readonly tool: ToolName | null;
  readonly items: readonly { readonly item: Item; readonly result: Result; readonly lost: boolean }[];
  readonly selected: number | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** There is a picture with time across. */
  readonly timed: boolean;
  /** Number of the frame shown, where frames can be chosen. */
  readonly frame: number | null;
  readonly firstFrame: number;
  keyOf(tool: ToolName): string | undefined;
}

function iconButton(
  label: string,
  icon: TemplateResult,
  act: () => void,
  { disabled = false, pressed }: { disabled?: boolean; pressed?: boolean } = {},
): TemplateResult {
  return html`<button
    type="button"
    part="button"
    title=${label}
    aria-label=${label}
    aria-pressed=${pressed === undefined ? nothing : String(pressed)}
    ?disabled=${disabled}
    @click=${act}
  >${icon}</button>`;
}

export function toolLabel(tool: ToolName, texts: MeasureTexts): string {
  if (tool === "select") return texts.select;
  return tool === "two-planes" ? texts.twoPlanes : texts.kinds[tool];
}

function toolButton(
  tool: ToolName,
  { texts, tool: chosen, keyOf }: Contents,
  doings: Doings,
): TemplateResult {
  const label = toolLabel(tool, texts);
  const key = keyOf(tool);
  return html`<button
    type="button"
    part="button"
    data-tool=${tool}
    title=${key ? `${label} (${key})` : label}
    aria-pressed=${String(chosen === tool)}
    @click=${() => doings.choose(chosen === tool ? null : tool)}
  >${tool === "select" ? SELECT : TOOL_ICONS[tool]}<span>${label}</span></button>`;
}

/** Left when the focus leaves it or with Enter; Escape leaves the name as it was. */
function nameKey(event: KeyboardEvent, before: string): void {
  const input = event.target as HTMLInputElement;
  if (event.key === "Escape") input.value = before;
  else if (event.key !== "Enter") return;
  event.preventDefault();
  input.blur();
}

function edit(item: Item, contents: Contents, doings: Doings): TemplateResult {
  const { texts, frame, firstFrame } = contents;
  const elsewhere = item.frame !== null && item.frame !== GONE && item.frame !== frame;
  const bound = item.kind !== "volume" && item.frame !== GONE && (item.frame !== null || frame !== null);
  const label = item.kind === "text" ? texts.text : texts.name;
  return html`<div class="edit">
    ${
      item.kind === "body-mark"
        ? html`${iconButton(texts.turnLeft, LEFT, () =>
            doings.change({ ...item, angleRad: item.angleRad - Math.PI / 12 }),
          )}${iconButton(texts.turnRight, RIGHT, () => doings.change({ ...item, angleRad: item.angleRad + Math.PI / 12 }))}`
        : html`<input
            type="text"
            aria-label=${label}
            placeholder=${label}
            maxlength="200"
            .value=${live(item.name)}
            @keydown=${(event: KeyboardEvent) => nameKey(event, item.name)}
            @change=${(event: Event) => {
              const name = (event.target as HTMLInputElement).value.trim();
              if (name !== item.name && (name || item.kind !== "text")) doings.change({ ...item, name });
            }}
          />`
    }
    ${
      item.kind === "heart-rate"
        ? html`<input
            type="number"
            min="1"
            max="20"
            aria-label=${texts.beats}
            title=${texts.beats}
            .value=${live(String(item.beats ?? 1))}
            @change=${(event: Event) => {
              const beats = Math.round((event.target as HTMLInputElement).valueAsNumber);
              if (beats >= 1 && beats <= 20) doings.change({ ...item, beats });
            }}
          />`
        : nothing
    }
    ${elsewhere ? iconButton(texts.showFrame(item.frame! - firstFrame + 1), SHOW, () => doings.showFrame(item)) : nothing}
    ${
      bound
        ? iconButton(
            texts.everyFrame,
            FRAMES,
            () => doings.change({ ...item, frame: item.frame === null ? frame : null }),
            { pressed: item.frame === null },
          )
        : nothing
    }
    ${iconButton(texts.lock, LOCK, () => doings.change({ ...item, locked: !item.locked }), { pressed: item.locked })}
    ${iconButton(texts.delete, DELETE, () => doings.remove(item), { disabled: item.locked })}
  </div>`;
}

/** Name of an item: its own, or that of its kind. */
export function nameOf(item: Item, texts: MeasureTexts): string {
  if (item.name) return item.name;
  return item.kind === "body-mark" ? texts.marks[item.mark] : texts.kinds[item.kind];
}

function row(
  { item, result, lost }: Contents["items"][number],
  contents: Contents,
  doings: Doings,
): TemplateResult {
  const { texts, selected, frame } = contents;
  const chosen = item.id === selected;
  const notes = [
    ...(result.why ? [texts.why[result.why]] : []),
    ...(item.frame === GONE ? [texts.frameGone] : lost ? [texts.pictureGone] : []),
    ...(item.frame !== null && item.frame !== GONE && item.frame !== frame
      ? [texts.showFrame(item.frame - contents.firstFrame + 1)]
      : []),
  ];
  return html`<li ?data-selected=${chosen}>
    <button type="button" class="item" aria-expanded=${String(chosen)} @click=${() => doings.select(item)}>
      <b>${item.id}</b><span>${nameOf(item, texts)}</span>
      <span class="values">${result.values.map((value) => html`<span>${texts.value(value)}</span>`)}</span>
      ${notes.map((note) => html`<small>${note}</small>`)}
    </button>
    ${chosen ? edit(item, contents, doings) : nothing}
  </li>`;
}

function marks({ texts }: Contents, doings: Doings): TemplateResult {
  return html`<div class="measure-tools marks-list" role="group" aria-label=${texts.kinds["body-mark"]}>
    ${MARKS.map(
      (
        mark,
      ) => html`<button type="button" part="button" data-mark=${mark} @click=${() => doings.putMark(mark)}>
        <svg viewBox="0 0 100 100" aria-hidden="true">${svg`<path d=${PICTOGRAMS[mark]}/>`}</svg>${texts.marks[mark]}
      </button>`,
    )}
  </div>`;
}

export function drawer(contents: Contents, doings: Doings): TemplateResult {
  const { texts, tool, items, canUndo, canRedo, timed } = contents;
  const group = (title: string, tools: readonly ToolName[]): TemplateResult =>
    html`<h3>${title}</h3>
      <div class="measure-tools" role="group" aria-label=${title}>
        ${tools.map((name) => toolButton(name, contents, doings))}
      </div>`;
  return html`<div class="measure">
    ${group(texts.groups.measure, MEASURE_TOOLS)} ${timed ? group(texts.groups.time, TIME_TOOLS) : nothing}
    ${group(texts.groups.note, NOTE_TOOLS)} ${tool === "body-mark" ? marks(contents, doings) : nothing}
    <div class="measure-row">
      ${iconButton(texts.select, SELECT, () => doings.choose(tool === "select" ? null : "select"), { pressed: tool === "select" })}
      ${iconButton(texts.undo, UNDO, doings.undo, { disabled: !canUndo })}
      ${iconButton(texts.redo, REDO, doings.redo, { disabled: !canRedo })}
      <span class="end"></span>
      ${iconButton(texts.clear, DELETE, doings.clear, { disabled: !items.some(({ item }) => !item.locked) })}
    </div>
    ${
      items.length
        ? html`<ol aria-label=${texts.list}>${items.map((entry) => row(entry, contents, doings))}</ol>
            <div class="measure-row">
              <button type="button" part="button" class="save-csv" @click=${() => doings.save("csv")}>${SAVE}${texts.csv}</button>
              <button type="button" part="button" class="save-json" @click=${() => doings.save("json")}>${SAVE}${texts.json}</button>
            </div>`
        : html`<p class="none">${texts.empty}</p>`
    }
  </div>`;
}

/** Over the picture while a tool is chosen: what to do next, and buttons for what keys do. */
export function bar(
  { texts, tool }: Contents,
  draft: Draft | null,
  progress: { number: number; count: number } | null,
  { direction, drawerOpen }: { direction: "ltr" | "rtl"; drawerOpen: boolean },
  doings: Doings,
): TemplateResult | typeof nothing {
  if (tool === null) return nothing;
  const label = toolLabel(tool, texts);
  const typing = tool === "text" && draft !== null;
  const count = draft?.points.length ?? 0;
  const kind = tool === "volume" ? "distance" : tool === "two-planes" ? "ellipse" : tool;
  const hints = kind === "select" || kind === "body-mark" ? [texts.selectHint] : texts.hints[kind];
  const hint = hints[Math.min(count, hints.length - 1)];
  // The drawer says it already.
  if (hints.length === 1 && drawerOpen) return nothing;
  const canFinish = kind !== "select" && kind !== "body-mark" && POINTS[kind] === 0 && count > 2;
  return html`<div class="measure-bar" part="measure-bar" role="group" aria-label=${label} dir=${direction}>
    ${
      typing
        ? html`<form
              @submit=${(event: SubmitEvent) => {
                event.preventDefault();
                doings.setText((event.target as HTMLFormElement).querySelector("input")!.value);
              }}
            >
              <input
                type="text"
                maxlength="200"
                aria-label=${texts.text}
                placeholder=${texts.text}
                @keydown=${(event: KeyboardEvent) => {
                  if (event.key !== "Escape") return;
                  event.preventDefault();
                  doings.setText("");
                }}
              /><button type="submit" part="button" title=${texts.set} aria-label=${texts.set}>${DONE}</button>
            </form>`
        : html`<p><b>${label}${progress ? ` ${texts.part(progress.number, progress.count)}` : ""}</b> ${hint}</p>`
    }
    ${count && !typing ? iconButton(texts.removePoint, BACK, doings.removePoint) : nothing}
    ${canFinish ? iconButton(texts.finish, DONE, doings.finish) : nothing}
    ${iconButton(texts.done, CROSS, () => doings.choose(null))}
  </div>`;
}
