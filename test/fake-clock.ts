/** Time that a test turns itself: timers and `performance.now()` of this process, as fast as the work between them allows. */

interface Timer {
  atMs: number;
  everyMs: number | undefined;
  call: () => void;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class FakeClock {
  nowMs = 0;
  #next = 1;
  readonly #timers = new Map<number, Timer>();
  readonly #real = { setTimeout, clearTimeout, setInterval, clearInterval, now: performance.now };

  /** Takes the place of the real clock until `restore`. */
  install(): this {
    const add = (call: () => void, ms = 0, everyMs?: number): number => {
      this.#timers.set(this.#next, { atMs: this.nowMs + Math.max(0, ms), everyMs, call });
      return this.#next++;
    };
    const remove = (id: number | undefined) => this.#timers.delete(id ?? 0);
    Object.assign(globalThis, {
      setTimeout: (call: (value?: unknown) => void, ms?: number, value?: unknown) =>
        add(() => call(value), ms),
      clearTimeout: remove,
      setInterval: (call: () => void, ms = 1) => add(call, ms, ms),
      clearInterval: remove,
    });
    performance.now = () => this.nowMs;
    return this;
  }

  restore(): void {
    const { now, ...timers } = this.#real;
    Object.assign(globalThis, timers);
    performance.now = now;
  }

  /** Turns the clock on, until the time or until the condition holds. */
  async advance(ms: number, until: () => boolean = () => false): Promise<void> {
    const endMs = this.nowMs + ms;
    for (;;) {
      // Work that is ready goes before the next timer.
      for (let k = 0; k < 3; k++) await turn();
      if (until()) return;
      let first: [number, Timer] | undefined;
      for (const entry of this.#timers) if (!first || entry[1].atMs < first[1].atMs) first = entry;
      if (!first || first[1].atMs > endMs) {
        this.nowMs = endMs;
        return;
      }
      const [id, timer] = first;
      this.nowMs = Math.max(this.nowMs, timer.atMs);
      if (timer.everyMs === undefined) this.#timers.delete(id);
      else timer.atMs += timer.everyMs;
      timer.call();
    }
  }

  /** Timers that wait. */
  get waiting(): number {
    return this.#timers.size;
  }
}
