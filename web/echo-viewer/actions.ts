/**
 * Everything a key can do: each action once, with its name for people and its keys. The keyboard, the list of keys and the
 * tooltips read this; features add theirs.
 */
import type { Store, ViewerState } from "./store.ts";

export interface Action {
  /** Stable, for `hotkeys`: `toggle`, `measure.distance`. */
  readonly id: string;
  /** Keys as `KeyboardEvent.key` has them, unless a page or person chose others. */
  readonly keys: readonly string[];
  /** What it does, for the list of keys. */
  label(state: ViewerState): string;
  run(): void;
}

export class Actions {
  readonly #store: Store;
  readonly #actions = new Map<string, Action>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Later actions of the same id take the place of earlier ones: a feature's own, of the one that loads it. */
  add(actions: readonly Action[]): void {
    for (const action of actions) this.#actions.set(action.id, action);
  }

  get all(): readonly Action[] {
    return [...this.#actions.values()];
  }

  /** The keys in force; none when keys are off. */
  keysOf({ id, keys }: Action): readonly string[] {
    const { hotkeys } = this.#store.state;
    return hotkeys === null ? [] : (hotkeys[id] ?? keys);
  }

  /** The action of a key. A key that was chosen goes before one by default. */
  byKey(key: string): Action | undefined {
    const { hotkeys } = this.#store.state;
    const hit = this.all.filter((action) => this.keysOf(action).includes(key));
    return hit.find(({ id }) => hotkeys?.[id]) ?? hit[0];
  }

  run(id: string): void {
    this.#actions.get(id)?.run();
  }
}

/** `aria-keyshortcuts` of keys: capitals are typed with Shift. */
export function ariaKeys(keys: readonly string[]): string {
  const spelled = (key: string): string => {
    if (key === " ") return "Space";
    return /^[A-Z]$/.test(key) ? `Shift+${key}` : key;
  };
  return keys.map(spelled).join(" ");
}
