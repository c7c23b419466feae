/** The sentences in which transports fail: what could not be reached, what was lost, and what to do. */
import { SondeError } from "../errors.ts";
import { quote } from "../formats/quote.ts";

/** Text of any thrown value, on one short line. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return quote(text, 160).slice(1, -1);
}

/** Why a device went: unplugged, its transfers failed, the other side closed, it hung, nothing is known. */
export type LossReason = "unplugged" | "transfer" | "closed" | "taken" | "silent" | "late" | "error";

/** The device went away while it was in use. */
export function lost(device: string, reason: LossReason, why: string, cause?: unknown): SondeError {
  return new SondeError("device-lost", `${device} was lost: ${why}`, { cause, fields: { device, reason } });
}

/** The device could not be reached. `final`: trying again is no use. */
export function unreachable(device: string, why: string, cause?: unknown, final?: boolean): SondeError {
  return new SondeError("not-found", `${device} could not be reached: ${why}`, {
    cause,
    fields: { device, ...(final ? { final } : {}) },
  });
}

/** The caller stopped it. */
export function stopped(device: string): SondeError {
  return new SondeError("aborted", `Connecting to ${device} was stopped`, { fields: { device } });
}

/** There is no way to send. */
export function deaf(device: string): SondeError {
  return new SondeError("bad-option", `${device} takes no orders: nothing can be sent to it`, {
    fields: { device },
  });
}

/** The value, but no later than the signal says. `late` gets a value that came after all. */
export function unlessAborted<T>(
  value: Promise<T> | T,
  signal: AbortSignal | undefined,
  device: string,
  late: (value: T) => void = () => undefined,
): Promise<T> {
  const coming = Promise.resolve(value);
  if (!signal) return coming;
  return new Promise((resolve, reject) => {
    const stop = () => {
      reject(stopped(device));
      coming.then(late, () => undefined);
    };
    if (signal.aborted) {
      stop();
      return;
    }
    signal.addEventListener("abort", stop, { once: true });
    coming.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** Waits for a promise that may never settle, `ms` at most; its failure does not matter. */
export function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    work.then(done, done);
  });
}
