/** Keys, while the viewer or something in it has the focus. A control's own keys stay the control's. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Actions } from "../actions.ts";
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

export class KeyboardController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #parts: KeyboardParts;

  constructor(host: ReactiveControllerHost & HTMLElement, parts: KeyboardParts) {
    this.#host = host;
    this.#parts = parts;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.addEventListener("keydown", this.#onKeyDown);
  }

  hostDisconnected(): void {
    this.#host.removeEventListener("keydown", this.#onKeyDown);
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const { actions, commands, toolKey } = this.#parts;
    if (event.defaultPrevented) return;
    const taken = isTaken(event.composedPath()[0], event.key);
    if (!taken && toolKey(event)) {
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (commands.escape()) event.preventDefault();
      return;
    }
    const action = taken ? undefined : actions.byKey(event.key);
    if (!action) return;
    event.preventDefault();
    action.run();
  };
}
