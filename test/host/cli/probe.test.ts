/** `sonde probe simulate` as a user runs it, where a recording cannot be read on. */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect as connectDevice, type LineData, toSonde } from "../../../host/index.ts";
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

test("a recording with frames missing is sent with their numbers left out, in every round", async () => {
  const info: LineData = {
    kind: "lines",
    name: "gap",
    format: "test",
    frameCount: null,
    signal: "envelope",
    soundSpeedMps: 1540,
    warnings: [],
    lines: Float64Array.of(0, 0, -0.1, 0.01, 3e-4, 0, 0, 0.1, 0.01, 3e-4),
    sampleCount: 16,
  };
  const frames = [0, 1, 5, 6].map((sequence, index) => ({
    index,
    sequence,
    samples: new Uint8Array(32).fill(10 * (index + 1)),
  }));
  const path = join(scratchFolder(), "gap.sonde");
  writeFileSync(path, new Uint8Array(await (await toSonde(info, frames)).arrayBuffer()));
  const words = ["--protocol", "sonde", "--from", path, "--rate", "40", "--listen", "tcp://127.0.0.1:0"];
  const child = spawn(process.execPath, [cli, "probe", "simulate", ...words]);
  try {
    const address = await new Promise<string>((resolve) =>
      child.stdout.on("data", (text) => resolve(/tcp:[\d.:/]+/.exec(String(text))?.[0] ?? "")),
    );
    const source = await connectDevice(address, { protocol: "sonde" });
    const seen: [place: number, value: number][] = [];
    for await (const { index, samples } of source.frames()) {
      seen.push([index, samples[0]]);
      if (seen.length === 12) break;
    }
    await source.close();
    for (const [place, value] of seen) assert.is([10, 20, 0, 0, 0, 30, 40][place % 7], value, String(seen));
  } finally {
    child.kill();
  }
});

test("a device of one frame in months sends one, and not all at once", async () => {
  const words = ["--protocol", "p0rk", "--rate", "1e-7", "--listen", "tcp://127.0.0.1:0"];
  const child = spawn(process.execPath, [cli, "probe", "simulate", ...words]);
  let said = "";
  child.stderr.on("data", (text) => (said += text));
  try {
    let bytes = 0;
    await new Promise<void>((resolve) =>
      child.stdout.on("data", (text) => {
        const port = Number(/tcp:\/\/127\.0\.0\.1:(\d+)/.exec(String(text))?.[1]);
        const came = (chunk: Buffer) => {
          // Others would come within milliseconds of the first.
          if (bytes === 0) setTimeout(resolve, 300);
          bytes += chunk.length;
        };
        connect(port, "127.0.0.1")
          .on("error", () => undefined)
          .on("data", came);
      }),
    );
    assert.ok(bytes > 0 && bytes < 10_000, `${bytes} bytes`);
    assert.is(said, "");
  } finally {
    child.kill();
  }
});

test.run();
