/** The specification of Sonde's stream says what the code does. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { protocolOf } from "../../../host/protocols/index.ts";
import { SondeEncoder } from "../../../host/protocols/sonde-encoder.ts";
import { eventsOf, framesOf, infosOf } from "./streams.ts";

const text = readFileSync(new URL("../../../host/protocols/sonde-stream.md", import.meta.url), "utf8");

function block(language: string): string {
  const found = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(text);
  if (!found) throw new Error(`the specification has no ${language}`);
  return found[1];
}

/** The bytes of a dump: 16 a row, between its offset and its letters. */
const example = Uint8Array.from(
  block("hex")
    .split("\n")
    .flatMap((row) => row.slice(6, 54).trim().split(" "))
    .filter(Boolean),
  (pair) => Number.parseInt(pair, 16),
);

test("the worked example is a stream: one configuration, one frame, the end", async () => {
  const events = eventsOf(await protocolOf("sonde", { lines: 1 }), [example]);
  assert.is(events.length, 2);
  const [info] = infosOf(events);
  assert.is(info.name, "My probe");
  assert.equal(info.kind === "lines" && [...info.lines], [0, 0, 0, 0, 1.925e-5]);
  assert.equal(framesOf(events), [
    { index: 0, timeS: 0.5, samples: Int16Array.of(0, 100, -100, 250, -250, 60, -60, 0) },
  ]);
});

test("Sonde's own encoder makes the example's frame and end", async () => {
  const [info] = infosOf(eventsOf(await protocolOf("sonde", { lines: 1 }), [example]));
  const encoder = new SondeEncoder(1);
  encoder.configuration(info);
  const [frame] = framesOf(eventsOf(await protocolOf("sonde", { lines: 1 }), [example]));
  const made = [...encoder.frame(frame), ...encoder.end()];
  assert.equal(made, [...example.subarray(example.length - made.length)]);
});

test("the reference for device makers makes the example", () => {
  const run = spawnSync("python3", ["-c", block("python")]);
  if (run.error) {
    console.log("skipped: no python3");
    return;
  }
  assert.is(run.status, 0, String(run.stderr));
  assert.equal(new Uint8Array(run.stdout), example);
});

test("every field of the header is in the specification at its place", () => {
  for (const row of [
    "| 12 | u32 | stream |",
    "| 16 | u32 | sequence |",
    "| 24 | u64 | frame index |",
    "| 32 | f64 | time |",
    "| 40 | u32 | payload bytes |",
    "| 44 | u32 | first bytes |",
    "| 48 | u32 | payload CRC |",
    "| 52 | u32 | header CRC |",
  ])
    assert.ok(text.includes(row), row);
});

test.run();
