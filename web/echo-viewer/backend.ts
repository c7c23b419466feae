/**
 * The one door between the viewer and the engine: how a source is reached and how an engine is made. Engines are
 * shared by all viewers of a page that use the same backend, counted, and closed with the last of them.
 */
import {
  connect,
  createEngine,
  type Engine,
  type LiveSource,
  type LiveTarget,
  open,
  type Protocol,
  type SimulatedDescriptor,
  SondeError,
  type Source,
  simulated,
} from "../../host/index.ts";

/** How long work takes, and how to stop it. */
export interface LoadOptions {
  signal: AbortSignal;
  /** Bytes so far, and of how many when known. */
  onProgress(loaded: number, total: number | undefined): void;
  /** What a probe's bytes mean: the `protocol` attribute, or a protocol of the page's own. */
  protocol?: string | Protocol | null;
  /** Is given a device before it has said what it sends, so that a person can order it to. */
  onSource?(source: LiveSource): void;
}

/** Where sources and engines come from. A page may give its own, for example to show a probe of its own making. */
export interface Backend {
  createEngine(): Promise<Engine>;
  /** Opens a recording by address or by its bytes. */
  open(file: string | File, options: LoadOptions): Promise<Source>;
  /** Reaches a live probe by the value of the `probe` attribute, or a device that a person chose. */
  connect(probe: LiveTarget, options: LoadOptions): Promise<Source>;
}

const ARRAYS = ["linear", "phased", "convex"] as const;

/** Whether it is a word for a simulated probe, right or wrong, and no address. */
function isProbeName(probe: LiveTarget): probe is string {
  return typeof probe === "string" && !probe.includes("://");
}

/** The probe that an attribute names: `simulated`, `simulated:phased`, ... @throws SondeError `bad-option` */
export function probeOf(text: string): SimulatedDescriptor {
  const [kind, array = "linear", ...rest] = text.trim().split(":");
  const known = ARRAYS.find((name) => name === array);
  if (kind === "simulated" && known && !rest.length) return simulated({ array: known });
  const names = ARRAYS.map((name) => `simulated:${name}`).join(", ");
  throw new SondeError("bad-option", `There is no probe "${text}": choose one of ${names}.`, {
    fields: { probe: text },
  });
}

export const DEFAULT_BACKEND: Backend = {
  createEngine: () => createEngine(),
  open: (file, { signal, onProgress }) => open(file, { signal, onProgress }),
  connect: async (probe, { protocol, signal, onSource }) =>
    // Without a protocol a device is refused with the names of all there are.
    protocol || !isProbeName(probe)
      ? connect(probe, { protocol: protocol ?? "", signal, onSource })
      : connect(probeOf(probe)),
};

/** One viewer's use of the page's engine. */
export interface EngineLease {
  readonly engine: Promise<Engine>;
  /** Gives the use back; the last one closes the engine. */
  release(): void;
  /** Keeps others from taking an engine that has failed; the next lease makes a new one. */
  retire(): void;
}

interface Shared {
  engine: Promise<Engine>;
  users: number;
}

const pool = new Map<Backend, Shared>();

/** Takes the page's engine of a backend, made for its first user. */
export function leaseEngine(backend: Backend): EngineLease {
  let shared = pool.get(backend);
  if (!shared) {
    shared = { engine: backend.createEngine(), users: 0 };
    pool.set(backend, shared);
  }
  const taken = shared;
  taken.users++;
  let released = false;
  const retire = (): void => {
    if (pool.get(backend) === taken) pool.delete(backend);
  };
  return {
    engine: taken.engine,
    retire,
    release() {
      if (released) return;
      released = true;
      if (--taken.users > 0) return;
      retire();
      // An engine that could not be made has nothing to close, and its user has seen the error.
      taken.engine.then(
        (engine) => engine.close(),
        () => undefined,
      );
    },
  };
}
