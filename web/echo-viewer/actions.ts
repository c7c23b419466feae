/**
 * Everything a key can do: each action once, with its name for people and its keys. The keyboard, the list of keys and the
 * tooltips read this; features add theirs.
 */
import type { Store, ViewerState } from "./store.ts";

export interface Action {
  /** Stable, for `hotkeys`: `toggle`, `measure.distance`; what stands before the point is the group it is listed under. */
  readonly id: string;
  /** Keys as `keyOf` spells them, unless a page or person chose others. */
  readonly keys: readonly string[];
  /** What it does, for the list of keys. */
  label(state: ViewerState): string;
  /** A promise: done when that is, as where a feature is to be loaded first. */
  run(): void | Promise<void>;
  /** Its key does not wait for what the keys before it load. */
  urgent?(state: ViewerState): boolean;
}

/** Actions that are listed together. */
export interface ActionGroup {
  /** Its name; absent: the viewer's own. */
  label: ((state: ViewerState) => string) | undefined;
  actions: readonly Action[];
}

/** Longest that keys wait for one before them (ms). */
const LONGEST_WAIT_MS = 1500;

function groupOf(id: string): string {
  return id.includes(".") ? id.split(".")[0] : "";
}

/** First keys of actions, as `aria-keyshortcuts` spells them and as people do. */
type Hint = readonly [aria: string, shown: string];

export class Actions {
  readonly #store: Store;
  readonly #actions = new Map<string, Action>();
  readonly #groups = new Map<string, ActionGroup["label"]>();
  /** What follows from the keys in force, in one language: every render asks for all of it. */
  #found = new Map<string, unknown>();
  #foundFor: readonly unknown[] = [];
  /** Actions of keys that wait for the one before them; undefined: none waits. */
  #waiting: Action[] | undefined;

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
    this.#found.clear();
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

  /** What `find` finds, once until something changes that it may follow from. */
  #once<Found>(what: string, find: () => Found): Found {
    const { hotkeys, keysOff, language } = this.#store.state;
    const [keys, off, words] = this.#foundFor;
    if (keys !== hotkeys || off !== keysOff || words !== language) {
      this.#foundFor = [hotkeys, keysOff, language];
      this.#found.clear();
    }
    if (!this.#found.has(what)) this.#found.set(what, find());
    return this.#found.get(what) as Found;
  }

  /** The keys in force; none when keys are off. Those that another action was given are no longer its own. */
  keysOf({ id, keys }: Action): readonly string[] {
    return this.#once(`keys ${id}`, () => {
      const { hotkeys, keysOff } = this.#store.state;
      if (keysOff) return [];
      const isGiven = (key: string): boolean =>
        Object.entries(hotkeys).some(([other, others]) => this.#actions.has(other) && others.includes(key));
      return hotkeys[id] ?? keys.filter((key) => !isGiven(key));
    });
  }

  /** `aria-keyshortcuts` of the viewer; empty: none. */
  get shortcuts(): string {
    return this.#once("", () => ariaKeys(this.all.flatMap((action) => this.keysOf(action))));
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
    return this.#once(`hint ${ids}`, () => {
      const keys = ids.flatMap((id) => {
        const action = this.#actions.get(id);
        return action ? this.keysOf(action).slice(0, 1) : [];
      });
      if (!keys.length) return undefined;
      const { keyNames } = this.#store.state.language.messages;
      return [ariaKeys(keys), keys.map((key) => keyText(key, keyNames)).join(" ")];
    });
  }

  run(id: string): void | Promise<void> {
    return this.#actions.get(id)?.run();
  }

  /**
   * Runs the action of a key, after those of the keys before it: one that waits for its feature must find the frame and the settings
   * that there were when it was pressed. None waits longer than until `untilMs`; what is urgent never does.
   */
  press(action: Action, untilMs = performance.now() + LONGEST_WAIT_MS): void {
    if (this.#waiting && !action.urgent?.(this.#store.state)) {
      this.#waiting.push(action);
      return;
    }
    const done = action.run();
    const restMs = untilMs - performance.now();
    if (!done || this.#waiting || restMs <= 0) return;
    const waiting: Action[] = [];
    this.#waiting = waiting;
    const goOn = (): void => {
      if (this.#waiting !== waiting) return;
      clearTimeout(timer);
      this.#waiting = undefined;
      for (const next of waiting) this.press(next, untilMs);
    };
    const timer = setTimeout(goOn, restMs);
    done.then(goOn, goOn);
  }

  /** Keys wait for one before them. */
  get waits(): boolean {
    return this.#waiting !== undefined;
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
