/** Keys, while the viewer or something in it has the focus. A control's own keys stay the control's. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Commands } from "../commands.ts";

/** For `aria-keyshortcuts`. */
export const KEY_SHORTCUTS = "Space ArrowLeft ArrowRight ArrowUp ArrowDown Home End [ ] d Shift+D ?";

const RANGE_KEYS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);

/** The focused element uses this key itself. */
function isTaken(target: EventTarget | undefined, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && target.type === "range") return RANGE_KEYS.has(key);
  if (target.matches("input, textarea, select") || target.isContentEditable) return true;
  return target.matches("button, a, summary, [role=button]") && (key === " " || key === "Enter");
}

export class KeyboardController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #actions: Readonly<Record<string, () => void>>;
  readonly #commands: Commands;

  constructor(host: ReactiveControllerHost & HTMLElement, commands: Commands) {
    this.#host = host;
    this.#commands = commands;
    this.#actions = {
      " ": () => commands.toggle(),
      ArrowLeft: () => commands.step(-1),
      ArrowRight: () => commands.step(1),
      Home: () => commands.showEnd("first"),
      End: () => commands.showEnd("last"),
      ArrowUp: () => commands.changeGain(1),
      ArrowDown: () => commands.changeGain(-1),
      "[": () => commands.changeDynamicRange(-5),
      "]": () => commands.changeDynamicRange(5),
      d: () => commands.changeDepth(-1),
      D: () => commands.changeDepth(1),
      "?": () => commands.toggleShortcuts(),
    };
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.addEventListener("keydown", this.#onKeyDown);
  }

  hostDisconnected(): void {
    this.#host.removeEventListener("keydown", this.#onKeyDown);
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (this.#commands.escape()) event.preventDefault();
      return;
    }
    const action = this.#actions[event.key];
    if (!action || isTaken(event.composedPath()[0], event.key)) return;
    event.preventDefault();
    action();
  };
}
