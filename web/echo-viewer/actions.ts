/**
 * Everything a key can do: each action once, with its name for people and its keys. The keyboard, the list of keys and the
 * tooltips read this; features add theirs.
 */
import type { Language } from "./languages/language.ts";
import type { Hotkeys, Store, ViewerState } from "./store.ts";

export interface Action {
  /** Stable, for `hotkeys`: `toggle`, `measure.distance`; what stands before the point is the group it is listed under. */
  readonly id: string;
  /** Keys as `keyOf` spells them, unless a page or person chose others. */
  readonly keys: readonly string[];
  /** What it does, for the list of keys. */
  label(state: ViewerState): string;
  run(): void;
}

/** Actions that are listed together. */
export interface ActionGroup {
  /** Its name; absent: the viewer's own. */
  label: ((state: ViewerState) => string) | undefined;
  actions: readonly Action[];
}

function groupOf(id: string): string {
  return id.includes(".") ? id.split(".")[0] : "";
}

/** The keys in force, by the ids of actions, and what they follow from. */
interface KeysInForce {
  hotkeys: Hotkeys;
  keysOff: boolean;
  /** Keys that some action was given. */
  given: ReadonlySet<string>;
  byId: Map<string, readonly string[]>;
  /** All of them, as `aria-keyshortcuts` spells them. */
  aria?: string;
  /** Those of buttons, by the ids of their actions, in one language. */
  hints: Map<string, Hint | undefined>;
  language: Language;
}

/** First keys of actions, as `aria-keyshortcuts` spells them and as people do. */
type Hint = readonly [aria: string, shown: string];

const NO_KEYS: readonly string[] = [];

export class Actions {
  readonly #store: Store;
  readonly #actions = new Map<string, Action>();
  readonly #groups = new Map<string, ActionGroup["label"]>();
  /** Every render asks for all keys: they are found once, until something changes. */
  #inForce: KeysInForce | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Later actions of the same id take the place of earlier ones: a feature's own, of the one that loads it. `label`: the name of
   * what they are listed under.
   */
  add(actions: readonly Action[], label?: ActionGroup["label"]): void {
    for (const action of actions) {
      this.#actions.set(action.id, action);
      if (label && groupOf(action.id)) this.#groups.set(groupOf(action.id), label);
    }
    this.#inForce = undefined;
  }

  /** All actions by what they are listed under; the viewer's own first. */
  get groups(): readonly ActionGroup[] {
    const names = [...new Set(this.all.map(({ id }) => groupOf(id)))];
    return names.map((name) => ({
      label: this.#groups.get(name),
      actions: this.all.filter(({ id }) => groupOf(id) === name),
    }));
  }

  get all(): readonly Action[] {
    return [...this.#actions.values()];
  }

  #keys(): KeysInForce {
    const { hotkeys, keysOff, language } = this.#store.state;
    const known = this.#inForce;
    if (known?.hotkeys === hotkeys && known.keysOff === keysOff && known.language === language) return known;
    const given = Object.keys(hotkeys).flatMap((id) => (this.#actions.has(id) ? hotkeys[id] : NO_KEYS));
    this.#inForce = {
      hotkeys,
      keysOff,
      language,
      given: new Set(given),
      byId: new Map(),
      hints: new Map(),
    };
    return this.#inForce;
  }

  /** The keys in force; none when keys are off. Those that another action was given are no longer its own. */
  keysOf({ id, keys }: Action): readonly string[] {
    const { hotkeys, keysOff, given, byId } = this.#keys();
    if (keysOff) return NO_KEYS;
    let found = byId.get(id);
    if (!found) {
      found = hotkeys[id] ?? keys.filter((key) => !given.has(key));
      byId.set(id, found);
    }
    return found;
  }

  /** `aria-keyshortcuts` of the viewer; empty: none. */
  get shortcuts(): string {
    const inForce = this.#keys();
    inForce.aria ??= ariaKeys(this.all.flatMap((action) => this.keysOf(action)));
    return inForce.aria;
  }

  /** The action of a key. A key that was chosen goes before one by default. */
  byKey(key: string): Action | undefined {
    const { hotkeys } = this.#store.state;
    const hit = this.all.filter((action) => this.keysOf(action).includes(key));
    return hit.find(({ id }) => hotkeys[id]) ?? hit[0];
  }

  get(id: string): Action | undefined {
    return this.#actions.get(id);
  }

  /** The keys to name beside a button of these actions; undefined where there are none. */
  hint(...ids: readonly string[]): Hint | undefined {
    const { hints } = this.#keys();
    const name = ids.join();
    if (!hints.has(name)) hints.set(name, this.#hintOf(ids));
    return hints.get(name);
  }

  #hintOf(ids: readonly string[]): Hint | undefined {
    const keys = ids.flatMap((id) => {
      const action = this.#actions.get(id);
      return action ? this.keysOf(action).slice(0, 1) : [];
    });
    if (!keys.length) return undefined;
    const { keyNames } = this.#store.state.language.messages;
    return [ariaKeys(keys), keys.map((key) => keyText(key, keyNames)).join(" ")];
  }

  run(id: string): void {
    this.#actions.get(id)?.run();
  }
}

/**
 * A key as actions spell it: `KeyboardEvent.key`, with the modifiers that do not show in it before it: `Shift+ArrowLeft`,
 * `Ctrl+z`, but `D` and `?`. Undefined while only modifiers are down.
 */
export function keyOf(event: KeyboardEvent): string | undefined {
  const { key } = event;
  if (/^(?:Shift|Control|Alt|AltGraph|Meta|CapsLock|Dead|Process|Unidentified)$/.test(key)) return undefined;
  // Characters on the third level of a keyboard come with Ctrl and Alt in some systems.
  const third = event.getModifierState("AltGraph");
  return [
    event.ctrlKey && !third && "Ctrl",
    event.metaKey && "Meta",
    event.altKey && !third && "Alt",
    event.shiftKey && key.length > 1 && "Shift",
    key,
  ]
    .filter(Boolean)
    .join("+");
}

/** A key as people read it. */
export function keyText(key: string, names: Readonly<Record<string, string>>): string {
  const parts = key.split(/(?<=.)\+/);
  return parts.map((part) => names[part] ?? part).join("+");
}

/** `aria-keyshortcuts` of keys: capitals are typed with Shift. */
function ariaKeys(keys: readonly string[]): string {
  const spelled = (key: string): string => {
    if (key === " ") return "Space";
    if (key === "+") return "Plus";
    return /^[A-Z]$/.test(key) ? `Shift+${key}` : key.replace(/^Ctrl\b/, "Control");
  };
  return keys.map(spelled).join(" ");
}
