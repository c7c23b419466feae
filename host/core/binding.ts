/**
 * The one module that knows the core: instantiates the WASM and gives typed access to its memory.
 * Everything else in host/ works with byte offsets that an `Arena` hands out.
 */
import { SondeError } from "../errors.ts";
import { coreBytes, MEMORY_FLAGS_AT } from "./bytes.ts";
import type * as CoreExports from "./exports.d.ts";

export type Kernels = typeof CoreExports;

/** An instance of the core over a memory. */
export interface Core {
  readonly kernels: Kernels;
  readonly memory: WebAssembly.Memory;
  /** What it was made from: another thread makes its own instance of it, without compiling again. */
  readonly module: WebAssembly.Module;
}

const PAGE_BYTES = 65536;
/** The most memory the core can address: its own maximum (asconfig.json). */
const MOST_PAGES = 32768;
/** Memory comes in pages of this size from most systems: one write makes each real. */
const TOUCH_BYTES = 4096;

/**
 * The bit that makes the core import shared memory (threads proposal). Nothing else differs between a build for shared and one for
 * private memory as long as no kernel uses atomic instructions: plain loads, stores, fills and data segments mean the same on either.
 * None does: threads write to disjoint places, and the host makes them wait for one another (engine/threads/meeting.ts).
 */
const SHARED = 2;

/**
 * What V8 makes in the background, with a timer running. With nothing else to wait for, Node stops its event loop until the background
 * is done; code that is optimized there meanwhile may need the loop for a garbage collection, and both wait for ever (nodejs/node#54918).
 */
async function inBackground<Made>(made: Promise<Made>): Promise<Made> {
  const timer = setInterval(() => {}, 1000);
  try {
    return await made;
  } finally {
    clearInterval(timer);
  }
}

/** One compilation per thread and kind of memory. */
const compiled = new Map<boolean, Promise<WebAssembly.Module>>();

async function compileNow(shared: boolean): Promise<WebAssembly.Module> {
  try {
    const bytes = await coreBytes();
    if (shared) bytes[MEMORY_FLAGS_AT] |= SHARED;
    return await inBackground(WebAssembly.compile(bytes));
  } catch (cause) {
    compiled.delete(shared);
    throw new SondeError(
      "unsupported-platform",
      `The WASM core could not be compiled (${cause instanceof Error ? cause.message : cause}): Sonde needs a browser with WASM SIMD ` +
        "and a content security policy that allows 'wasm-unsafe-eval'",
      { cause },
    );
  }
}

function compile(shared: boolean): Promise<WebAssembly.Module> {
  const known = compiled.get(shared) ?? compileNow(shared);
  compiled.set(shared, known);
  return known;
}

function outOfMemory(bytes: number, cause: unknown): SondeError {
  return new SondeError(
    "out-of-memory",
    `${Math.round(bytes / 1e6)} MB for the plan could not be had: use a smaller grid or fewer transmits`,
    { cause, fields: { bytes } },
  );
}

/** An instance of a compiled core over a memory that exists, perhaps made by another thread. */
export async function joinCore(module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<Core> {
  const instance = await inBackground(
    WebAssembly.instantiate(module, {
      env: {
        memory,
        abort: () => {
          throw new SondeError("internal", "The WASM core aborted");
        },
      },
    }),
  );
  return { kernels: instance.exports as unknown as Kernels, memory, module };
}

/** Browsers give the memories of closed plans back some time after: where there is no room, there may be a moment later (ms). */
const PAUSES_MS = [50, 250];

async function newMemory(bytes: number, shared: boolean): Promise<WebAssembly.Memory> {
  const initial = Math.ceil(bytes / PAGE_BYTES) + 1;
  for (let attempt = 0; ; attempt++)
    try {
      return new WebAssembly.Memory({ initial, maximum: MOST_PAGES, shared });
    } catch (cause) {
      if (attempt === PAUSES_MS.length) throw outOfMemory(bytes, cause);
      await new Promise((resolve) => setTimeout(resolve, PAUSES_MS[attempt]));
    }
}

/**
 * An instance with a memory of its own of at least `bytes`. `shared`: a memory that other threads may join.
 * @throws SondeError `out-of-memory`, `unsupported-platform`
 */
export async function createCore(bytes: number, shared = false): Promise<Core> {
  const module = await compile(shared);
  const memory = await newMemory(bytes, shared);
  touch(memory, 0);
  return joinCore(module, memory);
}

let pure: Promise<Core> | undefined;
let readyPure: Core | undefined;

/** An instance for the core's pure functions (sines, sizes): one per thread, with hardly any memory. */
export function pureCore(): Promise<Core> {
  pure ??= createCore(0).then(
    (core) => {
      readyPure = core;
      return core;
    },
    (error) => {
      pure = undefined;
      throw error;
    },
  );
  return pure;
}

/** The same, once it was waited for. @throws SondeError `internal` before */
export function readyPureCore(): Core {
  if (!readyPure) throw new SondeError("internal", "The pure core was used before it was there");
  return readyPure;
}

/** Makes a memory at least `bytes` large. @throws SondeError `out-of-memory` */
export function enlarge(memory: WebAssembly.Memory, bytes: number): void {
  const before = memory.buffer.byteLength;
  if (bytes <= before) return;
  try {
    memory.grow(Math.ceil((bytes - before) / PAGE_BYTES));
  } catch (cause) {
    throw outOfMemory(bytes, cause);
  }
  touch(memory, before);
}

/** The first write to a page costs 0.5 ms a megabyte (`bench/`): now, and not in the first frame. */
function touch(memory: WebAssembly.Memory, from: number): void {
  const bytes = new Uint8Array(memory.buffer);
  for (let at = from; at < bytes.length; at += TOUCH_BYTES) bytes[at] = 0;
}
