/** Keys, while the viewer or something in it has the focus. A control's own keys stay the control's. */
import { type Actions, keyOf } from "../actions.ts";
import type { Commands } from "../commands.ts";

const RANGE_KEYS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);

/** The focused element uses this key itself. */
function isTaken(target: EventTarget | undefined, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && target.type === "range") return RANGE_KEYS.has(key);
  if (target.matches("input, textarea, select") || target.isContentEditable) return true;
  return target.matches("button, a, summary, [role=button]") && (key === " " || key === "Enter");
}

/** What the keyboard works with. */
export interface KeyboardParts {
  actions: Actions;
  commands: Commands;
  /** The tool in use may take a key before the actions: Enter sets a point, Escape gives up. */
  toolKey(event: KeyboardEvent): boolean;
}

export class KeyboardController {
  readonly #parts: KeyboardParts;

  constructor(host: HTMLElement, parts: KeyboardParts) {
    this.#parts = parts;
    host.addEventListener("keydown", this.#onKeyDown);
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const { actions, commands, toolKey } = this.#parts;
    if (event.defaultPrevented) return;
    const taken = isTaken(event.composedPath()[0], event.key);
    if (!taken && toolKey(event)) {
      event.preventDefault();
      return;
    }
    const key = keyOf(event);
    if (key === "Escape") {
      if (commands.escape()) event.preventDefault();
      return;
    }
    const action = taken || key === undefined ? undefined : actions.byKey(key);
    if (!action) return;
    event.preventDefault();
    // A key that is held down while something loads asked for it once.
    if (!event.repeat || !actions.waits) actions.press(action);
  };
}
