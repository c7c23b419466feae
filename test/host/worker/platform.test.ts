import { runInNewContext } from "node:vm";
import { Worker } from "node:worker_threads";
import { buildSync } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inNode } from "../../../host/worker/platform.ts";

/** The function as a script that leaves its answer in `answer`. */
const script = `${
  buildSync({
    stdin: {
      contents: 'import { inNode } from "./host/worker/platform.ts"; globalThis.answer = inNode();',
      resolveDir: new URL("../../../", import.meta.url).pathname,
    },
    bundle: true,
    format: "iife",
    write: false,
  }).outputFiles[0].text
}; globalThis.answer`;

test("Node is Node, on its main thread and in its workers", async () => {
  assert.is(inNode(), true);
  const worker = new Worker(
    `const { parentPort } = require("node:worker_threads"); parentPort.postMessage(eval(${JSON.stringify(script)}));`,
    { eval: true },
  );
  assert.is(await new Promise((resolve) => worker.once("message", resolve)), true);
});

test("pages and browsers' workers are not, whatever process they have", () => {
  const shim = { env: {}, browser: true, versions: { node: "20.0.0" } };
  for (const [name, globals] of Object.entries({
    page: { window: {} },
    "page with a process of its bundler": { window: {}, process: shim },
    "worker with a process of its bundler": { WorkerGlobalScope: class {}, process: shim },
    "place with a process of its bundler": { process: shim },
    "page of a desktop shell": { window: {}, process },
    "worker of a desktop shell": { WorkerGlobalScope: class {}, process },
    "bare place": {},
  }))
    assert.is(runInNewContext(script, globals), false, name);
  assert.is(runInNewContext(script, { process }), true);
});

test.run();
