import { test } from "uvu";
import * as assert from "uvu/assert";
import { ownWorker, spawnWorker } from "../../../host/worker/spawn.ts";

/** A Node worker made of this script. */
function script(code: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}

const ECHO = `
  import { parentPort } from "node:worker_threads";
  parentPort.on("message", (message) => parentPort.postMessage({ got: message }));`;

test("a worker's file lies beside a bundle, and in dist/ when the sources run", () => {
  assert.is(
    ownWorker(new URL("https://cdn.example/sonde@1/dist/a-worker.js")).href,
    "https://cdn.example/sonde@1/dist/a-worker.js",
  );
  assert.is(
    ownWorker(new URL("file:///repo/host/formats/hdf5/a-worker.js")).href,
    "file:///repo/dist/a-worker.js",
  );
});

test("messages travel both ways and buffers change hands", async () => {
  const worker = await spawnWorker(script(ECHO));
  const answer = new Promise<unknown>((resolve) => worker.onMessage(resolve));
  const bytes = Uint8Array.of(1, 2, 3);
  worker.keepAlive(true);
  worker.postMessage(bytes, [bytes.buffer]);
  assert.is(bytes.length, 0);
  assert.equal(await answer, { got: Uint8Array.of(1, 2, 3) });
  worker.terminate();
});

test("a worker that throws, ends or cannot be loaded reports one error", async () => {
  for (const [url, words] of [
    [script("throw new Error('broken');"), /broken/],
    [script("process.exit(3);"), /exit code 3/],
    [new URL("file:///nowhere/hdf5-worker.js"), /nowhere/],
  ] as const) {
    const worker = await spawnWorker(url);
    worker.keepAlive(true);
    const errors: Error[] = [];
    await new Promise<void>((resolve) =>
      worker.onError((error) => {
        errors.push(error);
        resolve();
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.is(errors.length, 1);
    assert.match(errors[0].message, words);
    worker.terminate();
  }
});

test("a terminated worker reports nothing", async () => {
  const worker = await spawnWorker(script(ECHO));
  let errors = 0;
  worker.onError(() => errors++);
  worker.terminate();
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.is(errors, 0);
});

test.run();
