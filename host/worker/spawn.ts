/**
 * Makes workers the same way everywhere: browser module workers and Node's worker_threads behind one interface.
 * A page that enforces Trusted Types must allow the policy `echo-viewer`; it passes nothing but Sonde's own workers.
 */
import { SondeError } from "../errors.ts";
import { nodeModule } from "./node.ts";
import { inNode } from "./platform.ts";

/** A worker, seen from the side that made it. */
export interface WorkerLike {
  /**
   * Sends a message; what is in `transfer` changes hands and cannot be used here any more.
   * @throws DataCloneError for what cannot be sent, as functions; then nothing was sent (see `cannotBeSent`)
   */
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  /** Sets what happens with each message; replaces the previous receiver. */
  onMessage(receive: (message: unknown) => void): void;
  /** Sets what happens when the worker fails to load, throws, or ends by itself. Called at most once. */
  onError(receive: (error: Error) => void): void;
  /**
   * Node: whether this worker keeps the process running (at first it does not). Hold it while an answer is awaited.
   * Browsers: no effect.
   */
  keepAlive(on: boolean): void;
  /** Ends the worker at once; no error is reported. */
  terminate(): void;
}

/** What a request rejects with when `postMessage` refused its message. */
export function cannotBeSent(what: string, cause: unknown): SondeError {
  const why = (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, " ").slice(0, 200);
  return new SondeError("bad-option", `${what} cannot be sent to a worker (${why}): give plain data`, {
    cause,
  });
}

const POLICY_NAME = "echo-viewer";

interface ScriptUrlPolicy {
  createScriptURL(url: string): unknown;
}

interface TrustedTypesLike {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptUrlPolicy;
}

/**
 * What the copies of this module in a page share: a policy of a name can be made once, and what lies beside the single file brings a
 * copy of its own.
 */
interface SharedTrust {
  /** Addresses of Sonde's own workers, and of the modules that import them. */
  readonly ownWorkers: Set<string>;
  policy?: ScriptUrlPolicy;
}

const TRUST = Symbol.for("sonde.trust");

function trust(): SharedTrust {
  const page = globalThis as { [TRUST]?: SharedTrust };
  if (!page[TRUST])
    Object.defineProperty(page, TRUST, { value: { ownWorkers: new Set(), policy: undefined } });
  return page[TRUST]!;
}

function requireOwnWorker(url: string): string {
  if (trust().ownWorkers.has(url)) return url;
  throw new SondeError("internal", `${url} is not one of Sonde's workers.`, { fields: { url } });
}

function trustedUrl(url: string): string {
  const factory = (globalThis as { trustedTypes?: TrustedTypesLike }).trustedTypes;
  if (!factory) return requireOwnWorker(url);
  const shared = trust();
  shared.policy ??= factory.createPolicy(POLICY_NAME, { createScriptURL: requireOwnWorker });
  // The DOM types know strings only; browsers take the TrustedScriptURL.
  return shared.policy.createScriptURL(url) as string;
}

/** Calls `report` for the first error only, and never after `stop()`. */
function onceUntilStopped() {
  let receive: ((error: Error) => void) | undefined;
  let early: Error | undefined;
  let done = false;
  return {
    listen(to: (error: Error) => void): void {
      receive = to;
      if (early) to(early);
    },
    report(error: Error): void {
      if (done) return;
      done = true;
      if (receive) receive(error);
      else early = error;
    },
    stop(): void {
      done = true;
    },
  };
}

function spawnInBrowser(url: URL): WorkerLike {
  // A worker's script must come from the page's own origin; a module that imports it may be made here. A sandboxed frame has the origin
  // "null", which nothing comes from, and Chromium starts no module of its blobs.
  const foreign = url.origin !== origin;
  let address = url.href;
  if (foreign) {
    requireOwnWorker(address);
    const module = `import ${JSON.stringify(address)};`;
    address =
      origin === "null"
        ? `data:text/javascript,${encodeURIComponent(module)}`
        : URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
    trust().ownWorkers.add(address);
  }
  const forgetBlob = () => {
    if (foreign && trust().ownWorkers.delete(address)) URL.revokeObjectURL(address);
  };
  const errors = onceUntilStopped();
  const worker = new Worker(trustedUrl(address), { type: "module" });
  let receive: (message: unknown) => void = () => {};
  worker.onmessage = (event) => {
    forgetBlob();
    receive(event.data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    forgetBlob();
    errors.report(new Error(event.message || `the worker ${url.href} could not be loaded`));
  };
  worker.onmessageerror = () => errors.report(new Error("a message of the worker could not be read"));
  return {
    postMessage: (message, transfer) => worker.postMessage(message, [...(transfer ?? [])]),
    onMessage: (to) => {
      receive = to;
    },
    onError: errors.listen,
    keepAlive: () => {},
    terminate: () => {
      errors.stop();
      forgetBlob();
      worker.terminate();
    },
  };
}

async function spawnInNode(url: URL): Promise<WorkerLike> {
  const { Worker: NodeWorker } = await nodeModule("worker_threads");
  const errors = onceUntilStopped();
  // Loaders given to this process (a TypeScript loader, say) are of no use to a built worker.
  const worker = new NodeWorker(url, { execArgv: [] });
  worker.unref();
  let receive: (message: unknown) => void = () => {};
  worker.on("message", (message) => receive(message));
  worker.on("error", (error) => errors.report(error));
  worker.on("messageerror", (error) => errors.report(error));
  worker.on("exit", (code) => errors.report(new Error(`the worker ended with exit code ${code}`)));
  return {
    postMessage: (message, transfer) => worker.postMessage(message, [...(transfer ?? [])]),
    onMessage: (to) => {
      receive = to;
    },
    onError: errors.listen,
    keepAlive: (on) => (on ? worker.ref() : worker.unref()),
    terminate: () => {
      errors.stop();
      void worker.terminate();
    },
  };
}

/**
 * Starts the worker whose built script is at `url`. Errors while loading come through `onError`.
 * @throws SondeError `unsupported-platform` where the page's rules forbid workers.
 */
export async function spawnWorker(url: URL): Promise<WorkerLike> {
  if (inNode()) return spawnInNode(url);
  try {
    return spawnInBrowser(url);
  } catch (cause) {
    throw new SondeError(
      "unsupported-platform",
      `The browser refused to start the worker ${url.href}; allow it in the page's Content-Security-Policy (worker-src, trusted-types ${POLICY_NAME}).`,
      { cause, fields: { url: url.href } },
    );
  }
}

/** Set by every build. */
declare const SONDE_BUILT: boolean | undefined;

/**
 * Takes a script as one of Sonde's workers, which alone may be started. `beside`: where it lies, seen from the module that names it;
 * bundlers give it other names. While the sources themselves run (tests) it is the one that was built into `dist/`.
 */
export function ownWorker(beside: URL): URL {
  const url = new URL(beside);
  if (typeof SONDE_BUILT === "undefined")
    url.href = url.href.replace(/(.*)\/host\/.*?([^/]+)$/, "$1/dist/$2");
  trust().ownWorkers.add(url.href);
  return url;
}
