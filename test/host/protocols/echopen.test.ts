/** echOpen's TCP protocols, live. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSondeError } from "../../../host/errors.ts";
import { rotationLines } from "../../../host/geometry/echopen.ts";
import type { Frame, LineData } from "../../../host/model.ts";
import { open } from "../../../host/open.ts";
import { SweepAssembler } from "../../../host/protocols/echopen-sweeps.ts";
import { protocolOf, writerOf } from "../../../host/protocols/index.ts";
import { sameNumbers } from "../../same-numbers.ts";
import { sharedData } from "../../shared.ts";
import { concat, e2File, e3File, random } from "../formats/make.ts";
import { eventsOf, framesOf, infosOf, lostOf, sameForAnyChunks, skippedOf } from "./streams.ts";

if (sharedData) {
  const folder = `${sharedData}echopen/`;
  for (const [id, name] of [
    ["echopen-e2", "e2_tcp7538_mode0_5frames.bin"],
    ["echopen-e2", "e2_tcp7538_mode1_2frames.bin"],
    ["echopen-e3", "e3_tcp7538_2frames.bin"],
  ])
    test(`${name} gives live what it gives as a file`, async () => {
      const source = await open(folder + name);
      const events = sameForAnyChunks(await protocolOf(id), new Uint8Array(readFileSync(folder + name)));
      const frames = framesOf(events);
      assert.is(frames.length, source.info.frameCount);
      for (const frame of frames) sameNumbers(frame.samples, (await source.frame(frame.index)).samples);
      const [info] = infosOf(events) as LineData[];
      assert.equal({ ...info, name, frameCount: frames.length }, source.info);
      assert.is(lostOf(events, "lines"), 0);
      assert.is(skippedOf(events), 0);
    });

  test("a damaged stream that is joined in the middle tells what is missing", async () => {
    const bytes = new Uint8Array(readFileSync(`${folder}e2_damaged_midstart_gap_lostbyte.bin`));
    const settings = readFileSync(`${folder}settings.txt`, "utf8");
    const events = sameForAnyChunks(await protocolOf("echopen-e2", { settings }), bytes);
    assert.is(framesOf(events).length, 2);
    // Lines 1, 21-25 and 41 of the way up; 58 to 1 of the way down, where the recording ends.
    assert.is(lostOf(events, "lines"), 7 + 58);
    assert.equal(events[1], { kind: "skipped", bytes: 1880, offset: 0 });
  });
}

test("what a simulated probe of 2017 or 2019 says is understood", async () => {
  const next = random(3);
  for (const [id, rateHz, signal] of [
    ["echopen-e2", 15.625e6, "rf"],
    ["echopen-e2", 15.625e6, "envelope"],
    ["echopen-e3", 0.8e6, "rf"],
  ] as const) {
    const info: LineData = {
      kind: "lines",
      name: "probe",
      format: "test",
      signal,
      frameCount: null,
      soundSpeedMps: 1480,
      warnings: [],
      lines: rotationLines(32, (57 * Math.PI) / 180, 0.02, 1480 / (2 * rateHz)),
      sampleCount: 200,
      sampleRateHz: rateHz,
    };
    const frames: Frame[] = [0, 1, 2].map((index) => ({
      index,
      samples: Int16Array.from({ length: 32 * 200 }, () => Math.floor(next() * 180)),
    }));
    const writer = await writerOf(id, info);
    const bytes = concat(...writer.start(), ...frames.flatMap((frame) => writer.frame(frame)));
    const events = sameForAnyChunks(await protocolOf(id, { samples: signal }), bytes);
    const [said] = infosOf(events) as LineData[];
    assert.is(said.signal, signal);
    const headers = events.flatMap((event) => (event.kind === "message" ? [event.content] : []));
    assert.is(headers.length, 1);
    const { lines, sectorDeg } = headers[0] as Record<string, number>;
    assert.equal([lines, Math.round(sectorDeg)], [32, 57]);
    said.lines.forEach((value, k) => {
      assert.ok(Math.abs(value - info.lines[k]) < 1e-6, `${id}: ${k}`);
    });
    const { sampleCount } = said;
    for (const frame of framesOf(events))
      for (let line = 0; line < 32; line++)
        assert.equal(
          Array.from(frame.samples.subarray(line * sampleCount, line * sampleCount + 200)),
          Array.from(frames[frame.index].samples.subarray(line * 200, line * 200 + 200)),
        );
    assert.is(framesOf(events).length, 3);
  }
});

test("a line that comes twice is one line, in the middle of a sweep and at its ends", () => {
  const assembler = new SweepAssembler(4);
  const numbers = [1, 2, 2, 3, 4, 4, 4, 3, 3, 3, 2, 1, 1, 1, 2, 3, 4, 4];
  const sweeps = numbers.flatMap((line, k) => {
    const sweep = assembler.push({ kind: "line", line, samples: Int16Array.of(k) });
    return sweep ? [sweep.map((samples) => samples?.[0])] : [];
  });
  // The first of equal lines is taken.
  assert.equal(sweeps, [
    [0, 1, 3, 4],
    [11, 10, 7, 5],
    [12, 14, 15, 16],
  ]);
});

test("a sweep that turns behind a gap is whole", () => {
  const assembler = new SweepAssembler(6);
  // The last line of the way up is all that came of it.
  const numbers = [6, 5, 4, 6, 6, 5, 4, 3, 2, 1];
  const last = numbers.flatMap((line, k) => {
    const sweep = assembler.push({ kind: "line", line, samples: Int16Array.of(k) });
    return sweep ? [sweep.map((samples) => samples?.[0])] : [];
  });
  assert.equal(last[last.length - 1], [9, 8, 7, 6, 5, 4]);
});

test("a header that leads to no lines ends the link instead of waiting for ever", async () => {
  const file = e2File(3000);
  file[1]++; // another line length
  const parser = (await protocolOf("echopen-e2")).parser();
  assert.is(parser.push(file)[0].kind, "acquisition", "what came before the failure is given");
  try {
    parser.push(new Uint8Array(1));
    assert.unreachable();
  } catch (error) {
    assert.ok(isSondeError(error, "corrupt-file"), String(error));
    assert.match(error.message, /hold no echOpen lines of \d+ samples/);
  }
});

test("a header may not ask for more memory than a frame can need", async () => {
  const file = e3File("PROBE_V1__5MHZ", 10);
  const view = new DataView(file.buffer);
  view.setFloat32(8, 1);
  view.setFloat32(4, 900);
  view.setInt16(12, 4000);
  try {
    eventsOf(await protocolOf("echopen-e3"), [file]);
    assert.unreachable();
  } catch (error) {
    assert.ok(isSondeError(error, "corrupt-file"), String(error));
    assert.match(error.message, /4000 lines of 16384 samples/);
  }
});

test.run();
