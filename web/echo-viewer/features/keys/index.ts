/**
 * The list of keys: every action with its keys, by feature. Pressing the button of an action and then a key gives it that key; an
 * action that had it loses it, and the list says so.
 */
import { html, nothing, type TemplateResult } from "lit";
import { type Action, keyOf, keyText } from "../../actions.ts";
import { button } from "../../controls/button.ts";
import { emit } from "../../events.ts";
import { rememberedHotkeys, rememberHotkeys } from "../../hotkeys.ts";
import { textsOf } from "../../languages/language.ts";
import type { Hotkeys, ViewerState } from "../../store.ts";
import type { Feature, Viewer } from "../feature.ts";
import { CLOSE } from "./icons.ts";
import { styles } from "./styles.ts";
import { english } from "./texts.ts";

export interface KeysState {
  /** The action whose next key is awaited. */
  assigning: string | null;
  /** What the last change did. */
  note: string;
}

declare module "../../store.ts" {
  interface FeatureStates {
    keys: KeysState;
  }
}

export function create(viewer: Viewer): Feature {
  const { actions, store, host } = viewer;
  const update = (change: Partial<KeysState>): void => store.updateFeature("keys", change);
  const texts = () => textsOf(store.state.language, "keys", english);
  const named = (key: string): string => keyText(key, store.state.language.messages.keyNames);
  const keysText = (action: Action): string => actions.keysOf(action).map(named).join(", ") || texts().none;

  /** Puts keys in force, tells the page, and remembers them where it asks for that. */
  const apply = (hotkeys: Hotkeys, note: string, remembered: Hotkeys | null): void => {
    store.update({ hotkeys });
    const kept = !host.hasAttribute("remember-hotkeys") || rememberHotkeys(remembered);
    update({ assigning: null, note: kept ? note : `${note}. ${texts().notRemembered}` });
    emit(host, "echo-hotkeys", { hotkeys });
  };

  const assign = (action: Action, key: string | null): void => {
    const { state } = store;
    // Another page of the site may have remembered others meanwhile.
    const others = host.hasAttribute("remember-hotkeys") ? rememberedHotkeys() : {};
    const hotkeys: Record<string, readonly string[]> = { ...state.hotkeys, ...others };
    const before = actions.all.filter(
      (one) => one.id !== action.id && key !== null && actions.keysOf(one).includes(key),
    );
    for (const one of before) hotkeys[one.id] = actions.keysOf(one).filter((other) => other !== key);
    hotkeys[action.id] = key === null ? [] : [key];
    const label = action.label(state);
    const shown = key === null ? texts().none : named(key);
    const note = before.length
      ? texts().taken(shown, label, before[0].label(state))
      : texts().given(shown, label);
    apply(hotkeys, note, hotkeys);
  };

  const begin = (action: Action, event: Event): void => {
    // Some browsers give a pressed button no focus, and the key would go elsewhere.
    (event.currentTarget as HTMLElement).focus();
    update({ assigning: action.id, note: texts().pressFor(action.label(store.state)) });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const { assigning } = store.state.features.keys ?? {};
    const action = assigning ? actions.get(assigning) : undefined;
    if (!action) return;
    if (event.key === "Tab") {
      update({ assigning: null, note: "" });
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    // The key that pressed the button may be held still.
    if (event.repeat) return;
    const key = keyOf(event);
    if (key === undefined) return;
    if (key === "Escape") update({ assigning: null, note: "" });
    else assign(action, key === "Delete" || key === "Backspace" ? null : key);
  };

  const row = (action: Action, state: ViewerState): TemplateResult => {
    const label = action.label(state);
    const awaited = state.features.keys?.assigning === action.id;
    return html`<div>
      <dt>
        <button
          type="button"
          part="button key"
          class="key"
          aria-label=${awaited ? texts().press : texts().change(label, keysText(action))}
          @click=${(event: Event) => begin(action, event)}
        >${awaited ? texts().press : actions.keysOf(action).map((key) => html`<kbd>${named(key)}</kbd>`)}</button>
      </dt>
      <dd>${label}</dd>
    </div>`;
  };

  const overlay = (state: ViewerState): TemplateResult | symbol => {
    if (!state.shortcutsOpen) return nothing;
    const { messages } = state.language;
    return html`<section
      part="shortcuts"
      class="shortcuts"
      role="dialog"
      dir=${state.language.direction}
      aria-label=${messages.shortcuts}
      @keydown=${onKeyDown}
    >
      <h2>${messages.shortcuts}</h2>
      ${button({
        label: messages.close,
        icon: CLOSE,
        onClick: () => viewer.commands.toggleShortcuts(),
        part: "close",
      })}
      ${state.keysOff ? html`<p>${texts().off}</p>` : nothing}
      ${actions.groups.map(
        ({ label, actions: members }) => html`<h3>${label?.(state) ?? texts().general}</h3>
          <dl>
            ${members.map((action) => row(action, state))}
            ${
              label
                ? nothing
                : html`<div><dt><span><kbd>${named("Escape")}</kbd></span></dt><dd>${messages.escape}</dd></div>`
            }
          </dl>`,
      )}
      ${
        state.hotkeys === state.pageHotkeys
          ? nothing
          : html`<button
              type="button"
              part="button reset"
              class="reset"
              @click=${() => apply(state.pageHotkeys, texts().wasReset, null)}
            >
              ${texts().reset}
            </button>`
      }
      <p class="key-note" role="status">${state.features.keys?.note ?? ""}</p>
    </section>`;
  };

  store.subscribe((state, previous) => {
    if (previous.shortcutsOpen && !state.shortcutsOpen) update({ assigning: null, note: "" });
  });

  return { styles, overlay };
}
