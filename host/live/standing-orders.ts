/**
 * What a person set going on a device and has not told to stop, and the stop that is owed for it: over a link that came back, when
 * the page goes out of sight, and when the source is closed.
 */
import { isSondeError } from "../errors.ts";
import type { Order, Protocol } from "./protocol.ts";

/** Nothing is going. */
const NOTHING: readonly Order[] = [];

/** An order that is on its way. */
export interface OrderUnderWay {
  sent(): void;
  /** It was not sent, or is not known to have been. */
  failed(error: unknown): void;
}

export class StandingOrders {
  readonly #protocol: Protocol;
  readonly #onHidden: () => void;
  #going = NOTHING;
  /** It was told to stop over a link that may have been dead already without anybody knowing. */
  #perhapsDeaf = false;
  readonly #onEvent = ({ type, target }: Event) => {
    const { visibilityState } = (target ?? {}) as { visibilityState?: string };
    if (type !== "visibilitychange" || visibilityState === "hidden") this.#onHidden();
  };

  /** `onHidden`: while something is going, the page went out of sight. */
  constructor(protocol: Protocol, onHidden: () => void) {
    this.#protocol = protocol;
    this.#onHidden = onHidden;
  }

  get going(): readonly Order[] {
    return this.#going;
  }

  /** Takes note of an order before it is sent: it may arrive though the sending is told to have failed. */
  giving(order: Order): OrderUnderWay {
    const before = this.#going;
    const starts = this.#protocol.starts?.(order) ?? order.kind === "start";
    if (starts) this.#set([...before.filter((one) => !replaces(order, one)), order]);
    return {
      sent: () => {
        if (order.kind === "stop") {
          this.#perhapsDeaf = true;
          // What was started while it was on its way goes on.
          this.#set(this.#going.filter((one) => !before.includes(one)));
        } else if (!starts) this.#set(this.#going.filter((one) => !replaces(order, one)));
      },
      failed: (error) => {
        // It was not sent at all.
        if (starts && isSondeError(error, "bad-option")) this.#set(before);
      },
    };
  }

  /** The order that ends what a person started; undefined: nothing goes, or the device has no stop, and its own limits must end it. */
  stopBytes(): Uint8Array | undefined {
    if (!this.#going.length && !this.#perhapsDeaf) return undefined;
    try {
      return this.#protocol.encode?.({ kind: "stop" });
    } catch (error) {
      if (!isSondeError(error)) throw error;
      this.settle();
      return undefined;
    }
  }

  /** Nothing is owed any more. */
  settle(): void {
    this.#set(NOTHING);
    this.#perhapsDeaf = false;
  }

  #set(going: readonly Order[]): void {
    const changed = going.length > 0 !== this.#going.length > 0;
    this.#going = going;
    if (!changed || typeof globalThis.addEventListener !== "function") return;
    // Captured on its way down: `freeze` does not come to the page's global object itself.
    for (const type of ["pagehide", "freeze", "visibilitychange"])
      if (going.length) globalThis.addEventListener(type, this.#onEvent, { capture: true });
      else globalThis.removeEventListener(type, this.#onEvent, { capture: true });
  }
}

/** Whether one order takes the place of another that was given before. */
function replaces(order: Order, earlier: Order): boolean {
  if (order.kind !== "set" || earlier.kind !== "set") return order.kind === earlier.kind;
  return order.control === earlier.control;
}
