/** The core's import section, rewritten for shared memory. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { withSharedMemory } from "../../../host/core/shared-import.ts";
import { isSondeError } from "../../../host/errors.ts";

const core = new Uint8Array(
  readFileSync(fileURLToPath(new URL("../../../dist/core/core.wasm", import.meta.url))),
);
const memory = (shared: boolean) => new WebAssembly.Memory({ initial: 2, maximum: 32768, shared });
const abort = () => {};

test("one bit makes the core take shared memory, and shared memory only", () => {
  const bytes = withSharedMemory(core);
  assert.is(bytes.length, core.length);
  assert.is(bytes.filter((byte, i) => byte !== core[i]).length, 1);
  const module = new WebAssembly.Module(bytes);
  assert.equal(WebAssembly.Module.imports(module), [{ module: "env", name: "memory", kind: "memory" }]);
  new WebAssembly.Instance(module, { env: { memory: memory(true), abort } });
  assert.throws(() => new WebAssembly.Instance(module, { env: { memory: memory(false), abort } }));
  const plain = new WebAssembly.Module(core);
  new WebAssembly.Instance(plain, { env: { memory: memory(false), abort } });
  assert.throws(() => new WebAssembly.Instance(plain, { env: { memory: memory(true), abort } }));
});

/** Where the flags of the memory stand. */
const flags = withSharedMemory(core).findIndex((byte, i) => byte !== core[i]);

function patched(...changes: [at: number, byte: number][]): Uint8Array<ArrayBuffer> {
  const bytes = core.slice();
  for (const [at, byte] of changes) bytes[at] = byte;
  return bytes;
}

const OTHERS: [what: string, bytes: Uint8Array<ArrayBuffer>, words: RegExp][] = [
  ["is shared already", withSharedMemory(core), /shared already/],
  ["has no maximum", patched([flags, 0]), /no maximum/],
  ["is a table", patched([flags - 1, 1]), /no memory/],
  ["ends in the import", core.slice(0, flags - 4), /too early/],
  ["ends before its sections", core.slice(0, 8), /there is none|too early/],
  ["has no imports", Uint8Array.of(...core.subarray(0, 8), 3, 1, 0), /there is none/],
];
for (const [what, bytes, words] of OTHERS)
  test(`a module that ${what} is refused`, () => {
    try {
      withSharedMemory(bytes);
    } catch (error) {
      assert.ok(isSondeError(error, "internal"));
      assert.match((error as Error).message, words);
      return;
    }
    assert.unreachable("it was taken");
  });

test.run();
