/**
 * Takes the frames of a live source as they come, while they are wanted: not frozen, seen, and the stream not over.
 * Every frame is stored for the cine; the newest goes to the renderer.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { isSondeError } from "../../../host/index.ts";
import { holds, isOver, type Session, type Store, type ViewerState } from "../store.ts";
import type { CineController } from "./cine.ts";
import type { FreshnessController } from "./freshness.ts";
import { isLinked } from "./link.ts";
import type { OutputController } from "./output.ts";
import { asSondeError } from "./renderer.ts";
import type { SessionController } from "./session.ts";

/** What the live loop works with. */
export interface LiveParts {
  store: Store;
  session: SessionController;
  cine: CineController;
  freshness: FreshnessController;
  output: OutputController;
}

export class LiveController implements ReactiveController {
  readonly #parts: LiveParts;
  /** Not the host's `isConnected`: that is true again while a moved element hears that it was disconnected. */
  #connected = false;
  #running: { session: Session; abort: AbortController } | undefined;
  /** What is stored was frozen, and nothing came since: it stays until something does, for the device may be away. */
  #held = false;

  constructor(host: ReactiveControllerHost, parts: LiveParts) {
    this.#parts = parts;
    host.addController(this);
    parts.store.subscribe((state) => this.#follow(state));
  }

  hostConnected(): void {
    this.#connected = true;
    this.#follow(this.#parts.store.state);
  }

  hostDisconnected(): void {
    this.#connected = false;
    this.#stop();
  }

  /** The source whose frames are wanted now. */
  #wanted(state: ViewerState): Session | null {
    const { session, visible } = state;
    if (!session?.live || !visible || !this.#connected || isOver(state)) return null;
    return holds(state) ? null : session;
  }

  #follow(state: ViewerState): void {
    if (holds(state)) this.#held = true;
    const wanted = this.#wanted(state);
    if (wanted === (this.#running?.session ?? null)) return;
    this.#stop();
    // Stopping tells the store, which may have begun already.
    if (!wanted || this.#running) return;
    const abort = new AbortController();
    this.#running = { session: wanted, abort };
    void this.#run(wanted, abort.signal);
  }

  #stop(): void {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    running.abort.abort();
    this.#parts.freshness.stopped();
    this.#parts.cine.publish();
  }

  async #run(session: Session, signal: AbortSignal): Promise<void> {
    const { store, session: sessions, cine, freshness, output } = this.#parts;
    // A device may have changed its geometry while nobody took its frames: they must not go through a plan of the old one.
    if (isLinked(session.source) && session.source.info !== session.info) {
      await sessions.reconfigure(session);
      return;
    }
    if (!this.#held) cine.clear();
    freshness.started();
    try {
      for await (const frame of session.source.frames({ signal })) {
        if (signal.aborted) return;
        if (this.#held) cine.clear();
        this.#held = false;
        const now = performance.now();
        freshness.arrived(now);
        // A frame that waited on its way is as old as that: its picture may be live only while it is young.
        const arrivedAtMs = frame.receivedAtMs ?? now;
        output.arrived(frame.outputIndices, frame.timeS, arrivedAtMs);
        const position = cine.add(frame, arrivedAtMs, now);
        sessions.renderer?.submit({ frame, arrivedAtMs, position });
      }
      if (!signal.aborted) store.update({ signal: "ended" });
    } catch (error) {
      if (signal.aborted) return;
      if (isSondeError(error, "device-lost") && error.fields["reason"] === "reconfigured") {
        await sessions.reconfigure(session);
        return;
      }
      store.update({ signal: "lost" });
      sessions.fail(asSondeError(error, store.state.language.messages.errors.unexpected), sessions.request);
    }
  }
}
