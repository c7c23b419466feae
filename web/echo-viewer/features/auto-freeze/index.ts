/**
 * Freezes a live picture that nobody has used for as long as the page says, and says so before: a probe that was put down is not left
 * transmitting, and what stands in a waiting room does not go on all night.
 */
import { html, nothing } from "lit";
import { textsOf } from "../../languages/language.ts";
import { isOver, type Store, type ViewerState } from "../../store.ts";
import type { Feature, Viewer } from "../feature.ts";
import { styles } from "./styles.ts";
import { english, type Texts } from "./texts.ts";

export interface AutoFreezeState {
  /** Seconds until it freezes; null: it is not said yet. */
  leftS: number | null;
}

declare module "../../store.ts" {
  interface FeatureStates {
    "auto-freeze": AutoFreezeState;
  }
}

/** So long before it freezes it says so, at most half the time (s): enough to read it and to press something (WCAG 2.2.1). */
const NOTICE_S = 20;

/** What counts as use, anywhere on the page: a finger, a key, a mouse that is moved, a button that a screen reader or a voice presses. */
const USES = ["pointerdown", "pointermove", "wheel", "keydown", "click"] as const;

/**
 * Seconds that a live picture may go on unused; null: it stands, or may go on. Somebody waits for a source that is being opened, and the
 * freeze would be that one's; a recording of the stream would hear nothing more of the device.
 */
function allowedS(state: ViewerState): number | null {
  const { session, frozen, visible, loading, features, autoFreezeS } = state;
  if (!session?.live || frozen || !visible || isOver(state)) return null;
  return loading || features.device?.recording ? null : autoFreezeS;
}

class AutoFreeze {
  readonly #viewer: Viewer;
  readonly #store: Store;
  #usedAtMs = performance.now();
  #pointerAt = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
    this.#store = viewer.store;
    this.#store.subscribe((state, previous) => {
      if (allowedS(state) !== allowedS(previous)) this.#begin();
    });
    viewer.host.addController({
      hostConnected: () => this.#connect(),
      hostDisconnected: () => this.#disconnect(),
    });
  }

  #connect(): void {
    for (const name of USES) document.addEventListener(name, this.#onUse, { capture: true, passive: true });
    this.#begin();
  }

  #disconnect(): void {
    for (const name of USES) document.removeEventListener(name, this.#onUse, { capture: true });
    clearTimeout(this.#timer);
    this.#say(null);
  }

  readonly #onUse = (event: Event): void => {
    if (event.type === "pointermove") {
      // What moves below a mouse that lies still makes such events as well. Whoever is warned presses something.
      const { screenX, screenY } = event as PointerEvent;
      const at = `${screenX} ${screenY}`;
      const still = at === this.#pointerAt;
      this.#pointerAt = at;
      if (still || this.#leftS !== null) return;
    }
    // While nobody is warned the timer finds out by itself.
    if (this.#leftS === null) this.#usedAtMs = performance.now();
    else this.#begin();
  };

  get #leftS(): number | null {
    return this.#store.state.features["auto-freeze"]?.leftS ?? null;
  }

  #say(leftS: number | null): void {
    if (leftS !== this.#leftS) this.#store.updateFeature("auto-freeze", { leftS });
  }

  #begin(): void {
    this.#usedAtMs = performance.now();
    this.#look();
  }

  #look(): void {
    clearTimeout(this.#timer);
    const allowed = allowedS(this.#store.state);
    if (allowed === null) {
      this.#say(null);
      return;
    }
    const leftMs = allowed * 1000 - (performance.now() - this.#usedAtMs);
    if (leftMs <= 0) {
      this.#say(null);
      this.#viewer.commands.setFrozen(true);
      // The page may have objected.
      if (!this.#store.state.frozen) this.#begin();
      return;
    }
    const noticeMs = Math.min(NOTICE_S, allowed / 2) * 1000;
    const warns = leftMs <= noticeMs;
    const leftS = Math.ceil(leftMs / 1000);
    if (warns && this.#leftS === null) this.#viewer.announce(this.texts.notice(leftS));
    this.#say(warns ? leftS : null);
    this.#timer = setTimeout(() => this.#look(), warns ? leftMs - (leftS - 1) * 1000 : leftMs - noticeMs);
  }

  get texts(): Texts {
    return textsOf(this.#store.state.language, "auto-freeze", english);
  }
}

export function create(viewer: Viewer): Feature {
  const autoFreeze = new AutoFreeze(viewer);
  return {
    styles,
    note: ({ features }) => {
      const leftS = features["auto-freeze"]?.leftS ?? null;
      if (leftS === null) return nothing;
      const { notice, goOn } = autoFreeze.texts;
      // Any press is use: this one does nothing else.
      return html`<div part="auto-freeze" class="note auto-freeze">
        <span>${notice(leftS)}</span>
        <button type="button" part="button auto-freeze-go-on">${goOn}</button>
      </div>`;
    },
  };
}
