/** One core for private and for shared memory. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createCore, joinCore } from "../../../host/core/binding.ts";
import { coreBytes, MEMORY_FLAGS_AT } from "../../../host/core/bytes.ts";

const built = new Uint8Array(
  readFileSync(fileURLToPath(new URL("../../../dist/core/core.wasm", import.meta.url))),
);

test("the host carries the core that was built", async () => {
  assert.equal(await coreBytes(), built);
});

test("one bit makes the core take shared memory, and shared memory only", async () => {
  const shared = built.slice();
  shared[MEMORY_FLAGS_AT] = 3;
  assert.is(built[MEMORY_FLAGS_AT], 1);
  for (const [bytes, fits] of [
    [built, false],
    [shared, true],
  ] as const) {
    const module = new WebAssembly.Module(bytes);
    assert.equal(WebAssembly.Module.imports(module), [{ module: "env", name: "memory", kind: "memory" }]);
    for (const kind of [false, true]) {
      const memory = new WebAssembly.Memory({ initial: 2, maximum: 32768, shared: kind });
      const make = () => new WebAssembly.Instance(module, { env: { memory } });
      if (kind === fits) make();
      else assert.throws(make, /memory/);
    }
  }
});

test("an instance that joins a memory sees what is there, and keeps settings of its own", async () => {
  const first = await createCore(1e6, true);
  const offset = first.kernels.heapBase();
  new Float32Array(first.memory.buffer, offset, 4).set([3, 4, 0, 0]);
  const second = await joinCore(first.module, first.memory);
  assert.is(second.kernels.peakMagnitude(offset, 1, 2, 16), first.kernels.peakMagnitude(offset, 1, 2, 16));
  assert.is(second.kernels.peakMagnitude(offset, 1, 2, 16), 5);
});

test("while V8 makes a core in the background Node has something to wait for, and nothing after", async () => {
  // Without, Node may stop its event loop while V8 waits for it: one start in seventeen of a loaded machine never went on.
  const timers = () => process.getActiveResourcesInfo().filter((what) => what === "Timeout").length;
  const before = timers();
  const during: number[] = [];
  const { compile, instantiate } = WebAssembly;
  const told =
    <Making extends (...input: never[]) => unknown>(make: Making) =>
    (...input: Parameters<Making>) => {
      queueMicrotask(() => during.push(timers() - before));
      return make(...input);
    };
  Object.assign(WebAssembly, { compile: told(compile), instantiate: told(instantiate) });
  try {
    await createCore(0);
  } finally {
    Object.assign(WebAssembly, { compile, instantiate });
  }
  assert.equal(during, [1, 1]);
  assert.is(timers(), before);
});

test.run();
