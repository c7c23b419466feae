/** Files appear whole or not at all, whatever ends the command. */
import { spawn, spawnSync } from "node:child_process";
import { lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { writeWhole } from "../../../host/cli/output.ts";
import { isSondeError } from "../../../host/index.ts";
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
    const partial = `${folder}/.sonde-${child.pid}-0.partial`;
    const bytes = () => statSync(partial, { throwIfNoEntry: false })?.size ?? 0;
    // The first of 300 frames is there.
    while (child.exitCode === null && bytes() < 1000) await new Promise((next) => setTimeout(next, 5));
    assert.is(child.exitCode, null, "still running");
    child.kill(signal);
    assert.is(await ended, exitCode);
    assert.equal(readdirSync(folder), ["sums.npy"]);
    assert.is(readFileSync(`${folder}/sums.npy`, "utf8"), "older");
  });

test("a link is followed, a long name is taken, and one that is too long is told as such", async () => {
  const folder = scratchFolder();
  writeFileSync(`${folder}/target.npy`, "older");
  symlinkSync("target.npy", `${folder}/link.npy`);
  await writeWhole(`${folder}/link.npy`, (file) => file.write(new Uint8Array(3)));
  assert.ok(lstatSync(`${folder}/link.npy`).isSymbolicLink());
  assert.is(statSync(`${folder}/target.npy`).size, 3);
  symlinkSync("missing.npy", `${folder}/dangling.npy`);
  await writeWhole(`${folder}/dangling.npy`, (file) => file.write(new Uint8Array(3)));
  assert.is(statSync(`${folder}/missing.npy`).size, 3);
  await writeWhole(`${folder}/${"n".repeat(251)}.npy`, (file) => file.write(new Uint8Array(3)));
  await writeWhole(`${folder}/${"n".repeat(300)}.npy`, (file) => file.write(new Uint8Array(3))).then(
    () => assert.unreachable(),
    (error: unknown) => {
      assert.ok(isSondeError(error, "not-found"));
      assert.match((error as Error).message, /cannot be written: ENAMETOOLONG/);
    },
  );
  assert.is(readdirSync(folder).length, 5);
});

test("a full disk under the output is one line; an output that nobody reads is silence", () => {
  const shell = (line: string) => spawnSync("sh", ["-c", line], { encoding: "utf8" });
  const command = `"${process.execPath}" "${cli}"`;
  const full = shell(`${command} info simulated > /dev/full`);
  assert.is(full.status, 1);
  assert.match(full.stderr, /^sonde: the output could not be written: ENOSPC[^\n]*\n$/);
  const closed = shell(`{ ${command} info simulated --json; echo "code $?" >&2; } | true`);
  assert.match(closed.stderr, /^code \d+\n$/);
});

test.run();
