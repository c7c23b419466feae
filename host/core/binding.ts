/**
 * The one module that knows the core: instantiates the WASM and gives typed access to its memory.
 * Everything else in host/ works with byte offsets that an `Arena` hands out.
 */
import { SondeError } from "../errors.ts";
import { coreText } from "./bytes.ts";
import type * as CoreExports from "./exports.d.ts";

export type Kernels = typeof CoreExports;

/** An instance of the core with memory of its own. */
export interface Core {
  readonly kernels: Kernels;
  readonly memory: WebAssembly.Memory;
}

const PAGE_BYTES = 65536;
let compiled: Promise<WebAssembly.Module> | undefined;

/** The core's own bytes again. */
async function inflate(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const letters = atob(text);
  const deflated = new Uint8Array(letters.length);
  for (let i = 0; i < deflated.length; i++) deflated[i] = letters.charCodeAt(i);
  const inflated = new Blob([deflated]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(inflated).arrayBuffer());
}

/** Compiles once per thread, instantiates with at least `bytes` of memory. */
export async function createCore(bytes: number): Promise<Core> {
  compiled ??= inflate(coreText)
    .then((bytes) => WebAssembly.compile(bytes))
    .catch((cause) => {
      compiled = undefined;
      throw new SondeError(
        "unsupported-platform",
        `The WASM core could not be compiled (${cause instanceof Error ? cause.message : cause}): Sonde needs a browser with WASM SIMD ` +
          "and a content security policy that allows 'wasm-unsafe-eval'",
        { cause },
      );
    });
  const module = await compiled;
  const pages = Math.ceil(bytes / PAGE_BYTES) + 1;
  let memory: WebAssembly.Memory;
  try {
    memory = new WebAssembly.Memory({ initial: pages, maximum: 32768 });
  } catch (cause) {
    throw new SondeError(
      "out-of-memory",
      `${Math.round(bytes / 1e6)} MB for the plan could not be had: use a smaller grid or fewer transmits`,
      {
        cause,
        fields: { bytes },
      },
    );
  }
  const instance = await WebAssembly.instantiate(module, {
    env: {
      memory,
      abort: () => {
        throw new SondeError("internal", "The WASM core aborted");
      },
    },
  });
  return { kernels: instance.exports as unknown as Kernels, memory };
}
