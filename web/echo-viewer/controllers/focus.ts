/**
 * Focus goes into a panel that a person opens, and back to where it came from when the panel closes. A control that goes away
 * while it has the focus leaves it in its panel, or in the viewer.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Store } from "../store.ts";

/** What takes the focus when it opens. */
const PANELS = ["shortcuts", "drawer", "warnings"] as const;
const ANY_PANEL = PANELS.map((name) => `.${name}`).join();

export class FocusController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #store: Store;
  /** Panels that are open, and what had the focus before. */
  readonly #panels = new Map<string, { key: string; from: Element | null }>();
  /** What had the focus before the viewer is rendered, and the panel it stood in. */
  #focused: Element | null = null;
  #around: Element | null = null;

  constructor(host: ReactiveControllerHost & HTMLElement, store: Store) {
    this.#host = host;
    this.#store = store;
    host.addController(this);
  }

  get #active(): Element | null {
    return this.#host.shadowRoot?.activeElement ?? null;
  }

  #find(selector: string): HTMLElement | null {
    return this.#host.shadowRoot?.querySelector<HTMLElement>(selector) ?? null;
  }

  hostUpdate(): void {
    this.#focused = this.#active;
    this.#around = this.#focused?.closest(ANY_PANEL) ?? null;
  }

  hostUpdated(): void {
    const base = this.#find(".base");
    for (const name of PANELS) {
      const panel = this.#find(`.${name}`);
      // Another feature's drawer is another panel.
      const key = panel ? (panel.dataset.feature ?? name) : undefined;
      const before = this.#panels.get(name);
      if (key === before?.key) continue;
      if (panel && key) {
        this.#panels.set(name, { key, from: before?.from ?? this.#focused });
        panel.querySelector<HTMLElement>(".close")?.focus();
      } else {
        this.#panels.delete(name);
        const active = this.#active;
        const from = before?.from;
        if (this.#focused && (!active || active === base) && from?.isConnected && from.checkVisibility())
          (from as HTMLElement).focus();
      }
    }
    const active = this.#active;
    const gone = !active?.checkVisibility() || active.matches(":disabled");
    const near = this.#around?.isConnected ? this.#around.querySelector<HTMLElement>(".close") : null;
    if (this.#focused && gone) (near ?? base)?.focus();
    this.#focused = this.#around = null;
  }

  /** A drawer that is a sheet over the controls goes when the focus goes to what lies under it. */
  readonly onFocusIn = (event: FocusEvent): void => {
    const sheet = this.#find(".drawer");
    const target = event.target as HTMLElement;
    if (!sheet || sheet.contains(target) || target.matches(".base")) return;
    const [over, under] = [sheet.getBoundingClientRect(), target.getBoundingClientRect()];
    const [x, y] = [(under.left + under.right) / 2, (under.top + under.bottom) / 2];
    if (x > over.left && x < over.right && y > over.top && y < over.bottom)
      this.#store.update({ drawer: null });
  };
}
