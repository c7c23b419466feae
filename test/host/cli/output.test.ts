/** Files appear whole or not at all, whatever ends the command. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { writeWhole } from "../../../host/cli/output.ts";
import { scratchFolder } from "../../command.ts";

const cli = fileURLToPath(new URL("../../../dist/cli.js", import.meta.url));

test("a failure in the middle of writing leaves no partial file, and an older result stays", async () => {
  const folder = scratchFolder();
  const path = `${folder}/older.npy`;
  writeFileSync(path, "older");
  await writeWhole(path, async (file) => {
    await file.write(new Uint8Array(1000));
    throw new Error("the disk of this test is full");
  }).then(
    () => assert.unreachable(),
    (error: Error) => assert.match(error.message, /disk of this test/),
  );
  assert.is(readFileSync(path, "utf8"), "older");
  assert.equal(readdirSync(folder), ["older.npy"]);
});

for (const [signal, exitCode] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  test(`${signal} in the middle of writing leaves nothing behind, and an older result stays`, async () => {
    const folder = scratchFolder();
    writeFileSync(`${folder}/sums.npy`, "older");
    const child = spawn(process.execPath, [cli, "beamform", "simulated", "-o", `${folder}/sums.npy`], {
      stdio: "ignore",
    });
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    const partial = `${folder}/sums.npy.partial-${child.pid}`;
    const bytes = () => statSync(partial, { throwIfNoEntry: false })?.size ?? 0;
    // The first of 300 frames is there.
    while (child.exitCode === null && bytes() < 1000) await new Promise((next) => setTimeout(next, 5));
    assert.is(child.exitCode, null, "still running");
    child.kill(signal);
    assert.is(await ended, exitCode);
    assert.equal(readdirSync(folder), ["sums.npy"]);
    assert.is(readFileSync(`${folder}/sums.npy`, "utf8"), "older");
  });

test.run();
