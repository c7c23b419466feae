/** `sonde probe simulate` as a user runs it, where a recording cannot be read on. */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { scratchFolder } from "../../command.ts";
import { sharedData } from "../../shared.ts";

const cli = fileURLToPath(new URL("../../../dist/cli.js", import.meta.url));

if (sharedData) {
  const data = sharedData;
  test("a frame that cannot be read ends the device with one line, whoever listens to it", async () => {
    const bytes = readFileSync(`${data}zea/must_pwi_disk_4frames_layout1_legacy.hdf5`);
    // Inside the third frame of four.
    const at = Math.floor(0.6 * bytes.length);
    bytes.fill(0x5a, at, at + 2000);
    const path = join(scratchFolder(), "damaged.hdf5");
    writeFileSync(path, bytes);
    const words = ["--protocol", "sonde", "--from", path, "--rate", "20", "--listen", "tcp://127.0.0.1:0"];
    const child = spawn(process.execPath, [cli, "probe", "simulate", ...words]);
    let said = "";
    child.stderr.on("data", (text) => (said += text));
    child.stdout.on("data", (text) => {
      const port = Number(/tcp:\/\/127\.0\.0\.1:(\d+)/.exec(String(text))?.[1]);
      for (let i = 0; i < 2; i++)
        connect(port, "127.0.0.1")
          .on("error", () => undefined)
          .resume();
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    assert.is(code, 1, said);
    assert.match(said, "Frame 2");
    assert.is(said.trim().split("\n").length, 1, said);
  });
}

test.run();
