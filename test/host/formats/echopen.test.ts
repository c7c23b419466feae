import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSondeError } from "../../../host/errors.ts";
import { decodeNpy } from "../../../host/formats/npy.ts";
import { cartLines } from "../../../host/geometry/echopen.ts";
import type { LineData } from "../../../host/model.ts";
import { type OpenOptions, open } from "../../../host/open.ts";
import { E2Parser } from "../../../host/protocols/echopen-e2.ts";
import { E3Parser } from "../../../host/protocols/echopen-e3.ts";
import { E4RecordingSplitter } from "../../../host/protocols/echopen-e4.ts";
import type { RecordEvent } from "../../../host/protocols/echopen-records.ts";
import { parseSettings } from "../../../host/protocols/echopen-settings.ts";
import { sameNumbers } from "../../same-numbers.ts";
import { sharedData } from "../../shared.ts";
import {
  concat,
  cut,
  e2File,
  e3File,
  e4Datagram,
  echopenRecord,
  lengthPrefixed,
  random,
  SMALL_E2,
  sweepNumbers,
  textFilm,
} from "./make.ts";

interface Parser {
  push(chunk: Uint8Array): RecordEvent[];
  end(): RecordEvent[];
}

function parsed(parser: Parser, chunks: Iterable<Uint8Array>): RecordEvent[] {
  const events: RecordEvent[] = [];
  for (const chunk of chunks) events.push(...parser.push(chunk));
  events.push(...parser.end());
  return events;
}

/** The same events whole, byte by byte and in random chunks. */
function sameForAnyChunks(make: () => Parser, bytes: Uint8Array): RecordEvent[] {
  const whole = parsed(make(), [bytes]);
  assert.equal(
    parsed(
      make(),
      cut(bytes, () => 1),
    ),
    whole,
    "byte by byte",
  );
  for (const seed of [1, 2, 3]) {
    const next = random(seed);
    assert.equal(
      parsed(
        make(),
        cut(bytes, () => next() ** 3 * 8000),
      ),
      whole,
      `random chunks ${seed}`,
    );
  }
  return whole;
}

const lineNumbers = (events: readonly RecordEvent[]) =>
  events.flatMap((event) => (event.kind === "line" ? [event.line] : []));
const gaps = (events: readonly RecordEvent[]) => events.filter((event) => event.kind === "gap");

async function lines(name: string, bytes: Uint8Array<ArrayBuffer>, options: OpenOptions = {}) {
  const source = await open({ name, bytes }, options);
  if (source.info.kind !== "lines") throw new Error(source.info.kind);
  return { source, info: source.info as LineData, frame: await source.frame(0) };
}

const SMALL_SETTINGS = parseSettings(SMALL_E2.header.join("\n")).settings;

if (sharedData) {
  const folder = `${sharedData}echopen/`;
  const bytesOf = (name: string) => new Uint8Array(readFileSync(folder + name));
  const expected = JSON.parse(readFileSync(`${sharedData}probes/expected.json`, "utf8")).files;
  const opened = (name: string, options: OpenOptions = {}) => open(folder + name, options);
  const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);

  test("a recorded stream of 2017 gives every line, and the film's frames", async () => {
    const name = "e2_tcp7538_mode0_5frames.bin";
    const events = sameForAnyChunks(() => new E2Parser(), bytesOf(name));
    assert.is(lineNumbers(events).length, expected[`echopen/${name}`].lines);
    assert.equal(lineNumbers(events), sweepNumbers(64, 320));
    const stream = await opened(name);
    const film = await opened("rf_film_frames50-59_i16le_10x64x1689.bin");
    assert.is(stream.info.frameCount, 5);
    for (let index = 0; index < 5; index++)
      sameNumbers((await stream.frame(index)).samples, (await film.frame(index)).samples);
  });

  test("mode 1 is decoded, and its zero level taken off in the picture's samples", async () => {
    const name = "e2_tcp7538_mode1_2frames.bin";
    const first = parsed(new E2Parser(), [bytesOf(name)])[0];
    const wanted: number[] = expected[`echopen/${name}`].line1_first_8;
    assert.equal(first.kind === "line" && Array.from(first.samples.subarray(0, 8)), wanted);
    const source = await opened(name);
    assert.is(source.info.signal, "envelope");
    const { samples } = await source.frame(0);
    assert.equal(
      Array.from(samples.subarray(0, 8)),
      wanted.map((value) => Math.max(0, value - 71)),
    );
  });

  test("the damaged stream gives exactly the 63 intact lines", async () => {
    const name = "e2_damaged_midstart_gap_lostbyte.bin";
    const { settings } = parseSettings(readFileSync(`${folder}settings.txt`, "utf8"));
    const events = sameForAnyChunks(() => new E2Parser(settings), bytesOf(name));
    assert.equal(lineNumbers(events), expected[`echopen/${name}`].intact_line_numbers);
    assert.equal(
      gaps(events).map((gap) => gap.kind === "gap" && [gap.after, gap.before]),
      [
        [undefined, 2],
        [20, 26],
        [40, 42],
      ],
    );
    const first = gaps(events)[0];
    assert.is(first.kind === "gap" && first.bytes, 1880);

    const source = await opened(name);
    const [up, down] = [await source.frame(0), await source.frame(1)];
    const missing = (bits: Uint8Array | undefined, line: number) =>
      ((bits?.[(line - 1) >> 3] ?? 0) >> ((line - 1) & 7)) & 1;
    const lost = Array.from({ length: 64 }, (_, k) => k + 1).filter((line) => missing(up.missingLines, line));
    assert.equal(lost, [1, 21, 22, 23, 24, 25, 41]);
    assert.is(missing(down.missingLines, 58), 1);
    assert.is(missing(down.missingLines, 59), 0);
    assert.match(source.info.warnings.join(" "), /65 of 128 lines are missing \(frame 0: 1, 21-25, 41/);
    // What arrived is what the undamaged film holds.
    const film = await (await opened("rf_film_frames50-59_i16le_10x64x1689.bin")).frame(0);
    sameNumbers(up.samples.slice(1689, 20 * 1689), film.samples.slice(1689, 20 * 1689));
  });

  test("films and text have the values that were measured", async () => {
    for (const name of [
      "rf_film_frames50-59_i16le_10x64x1689.bin",
      "envelope_film_frames50-55_u16le_6x64x1689.bin",
      "hand.txt",
      "lounger_v1_3_5MHz_frame0.txt",
      "lounger_v1_5MHz_frame0.txt",
    ]) {
      const wanted = expected[`echopen/${name}`];
      const source = await opened(name);
      let total = 0;
      for await (const frame of source.frames()) {
        if (frame.index === 0) assert.equal(Array.from(frame.samples.subarray(0, 8)), wanted.first_8, name);
        total += sum(frame.samples);
      }
      assert.is(total, wanted.sum, name);
      assert.is(source.info.signal, /envelope|lounger/.test(name) ? "envelope" : "rf");
      assert.equal(source.info.warnings, [], name);
    }
  });

  test("hand.txt states its rate and its transducer", async () => {
    const { info } = await opened("hand.txt");
    assert.is(info.kind === "lines" && info.sampleRateHz, 15.625e6);
    assert.is(info.centerFrequencyHz, 3.5e6);
    assert.is(info.soundSpeedMps, 1480);
  });

  test("line tables of the lounger agree with the reference", async () => {
    for (const kind of ["3_5MHz", "5MHz"]) {
      const table = decodeNpy(
        new Uint8Array(readFileSync(`${sharedData}golden/echopen_lounger_${kind}_linetable.npy`)),
      );
      const { info } = await opened(`lounger_v1_${kind}_frame0.txt`);
      if (info.kind !== "lines") return assert.unreachable();
      assert.is(info.lines.length, 500);
      for (let line = 0; line < 100; line++) {
        const [x0, z0, angle, r0, dr] = info.lines.subarray(5 * line, 5 * line + 5);
        assert.ok(Math.abs(x0 * 1e3 - table.values[3 * line]) < 1e-3);
        assert.ok(Math.abs(z0 * 1e3 - table.values[3 * line + 1]) < 1e-3);
        assert.ok(Math.abs(-angle - table.values[3 * line + 2]) < 1e-3);
        assert.is(r0, 0);
        assert.ok(Math.abs(dr - 0.925e-3) < 1e-12);
      }
    }
  });

  test("the streams of 2019 carry the lounger's picture", async () => {
    const text = await opened("lounger_v1_3_5MHz_frame0.txt");
    const picture = (await text.frame(0)).samples;
    sameForAnyChunks(() => new E3Parser(), bytesOf("e3_tcp7538_2frames.bin"));
    const e3 = await opened("e3_tcp7538_2frames.bin");
    const e4 = await opened("e4_udp51000_2frames.lenprefixed.bin");
    for (const source of [e3, e4]) {
      assert.is(source.info.frameCount, 2);
      sameNumbers((await source.frame(0)).samples, picture);
      assert.is((await source.frame(0)).missingLines, undefined);
      assert.equal(
        source.info.kind === "lines" && source.info.lines,
        text.info.kind === "lines" && text.info.lines,
      );
    }
    assert.is((await opened("e4_udp51000_2frames.lenprefixed.bin", { samples: "rf" })).info.signal, "rf");
  });

  test("without its settings file a lounger text is refused, or placed by its name", async () => {
    const bytes = bytesOf("lounger_v1_5MHz_frame0.txt");
    const named = await lines("lounger_v1_5MHz_frame0.txt", bytes);
    assert.is(named.info.centerFrequencyHz, 5e6);
    assert.match(named.info.warnings.join(" "), /assumed/);
    try {
      await lines("frame.txt", bytes);
      assert.unreachable();
    } catch (error) {
      assert.ok(isSondeError(error, "missing-data"), String(error));
    }
    const given = await lines("frame.txt", bytes, {
      settings: readFileSync(`${folder}lounger_v1_5MHz_settings.txt`, "utf8"),
    });
    assert.equal(given.info.lines, named.info.lines);
  });
}

test("a sweep up and a sweep down are two frames in spatial order", async () => {
  const { info, source, frame } = await lines("x.bin", e2File(32));
  assert.is(info.frameCount, 2);
  assert.is(info.lines.length, 5 * 16);
  assert.is(frame.missingLines, undefined);
  const records = [...cut(e2File(32).subarray(6), () => 2 + 2 * SMALL_E2.samples)];
  const second = (await source.frame(1)).samples;
  // The 17th record is line 16 again.
  assert.equal(second.slice(15 * 42), new Int16Array(records[16].slice(2).buffer));
  assert.ok(Math.abs(info.lines[2] + (28.5 * Math.PI) / 180) < 1e-12);
  assert.is(info.lines[3], 0.01);
  assert.ok(Math.abs(info.lines[4] - 1480 / (2 * 15.625e6)) < 1e-15);
});

test("lost bytes cost one line, wherever they are and however the stream is cut", () => {
  for (const mode of [0, 1]) {
    const file = e2File(48, mode);
    const record = (2 - mode) * (1 + SMALL_E2.samples);
    for (const at of [6 + record * 20 + 11, 6 + record * 20 + 40]) {
      const damaged = concat(file.subarray(0, at), file.subarray(at + 1));
      const numbers = lineNumbers(sameForAnyChunks(() => new E2Parser(), damaged));
      const wanted = sweepNumbers(16, 48);
      wanted.splice(20, 1);
      assert.equal(numbers, wanted, `mode ${mode}, byte ${at}`);
    }
  }
});

test("a stream joined in the middle finds its first whole line", () => {
  for (const offset of [1, 17, 60, 85]) {
    const file = e2File(48).subarray(6 + offset);
    const events = sameForAnyChunks(() => new E2Parser(SMALL_SETTINGS), file);
    assert.equal(lineNumbers(events), sweepNumbers(16, 48).slice(1));
    assert.is(events[0].kind === "gap" && events[0].before, 2);
  }
});

test("a stream that ends inside a record keeps what was whole", () => {
  const events = sameForAnyChunks(() => new E2Parser(), e2File(10).subarray(0, 6 + 86 * 9 + 30));
  assert.equal(lineNumbers(events), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.is(gaps(events).length, 1);
});

test("noise is never locked to, and the parser keeps little", () => {
  const next = random(5);
  const noise = Uint8Array.from({ length: 200_000 }, () => Math.floor(next() * 256));
  const events = parsed(new E2Parser(SMALL_SETTINGS), [noise]);
  assert.is(lineNumbers(events).length, 0);
});

test("a header of 2019 is big-endian and its name is bounded", async () => {
  const { info, frame } = await lines("x.bin", e3File());
  assert.is(info.format, "echOpen E3");
  assert.is(info.centerFrequencyHz, 5e6);
  assert.is(info.frameCount, 2);
  assert.is(frame.missingLines, undefined);
  const refused = async (bytes: Uint8Array<ArrayBuffer>, words: RegExp) => {
    try {
      await lines("x.bin", bytes, { format: "echopen-e3" });
      assert.unreachable();
    } catch (error) {
      assert.ok(isSondeError(error), String(error));
      assert.match(error.message, words);
    }
  };
  await refused(e3File("A", 4, 2 ** 31 - 1), /name of 2147483647 letters/);
  await refused(e3File("PROBE_V1__8MHZ"), /PROBE_V1__8MHZ is mounted is not known/);
  const other = await lines("x.bin", e3File("ANOTHER"));
  assert.match(other.info.warnings.join(" "), /pure rotation/);
});

test("datagrams are placed by frame and line, late ones and a wrapping counter included", async () => {
  const datagrams: Uint8Array[] = [];
  for (const frame of [254, 255, 256])
    for (let line = 1; line <= 4; line++) datagrams.push(e4Datagram(frame, line));
  const late = datagrams.splice(3, 1);
  datagrams.splice(6, 0, ...late); // line 4 of the first frame comes during the second
  datagrams.splice(8, 1); // lost
  const file = lengthPrefixed(datagrams);
  const { source, info, frame } = await lines("x.bin", file, { settings: "10 180 100 4 57 0" });
  assert.is(info.frameCount, 3);
  assert.is(frame.missingLines, undefined);
  assert.equal(Array.from(frame.samples.subarray(27, 30)), [400, 401, 402]);
  const missing = [];
  for await (const one of source.frames()) missing.push(one.missingLines?.[0] ?? 0);
  assert.is(missing.filter((bits) => bits !== 0).length, 1);

  const whole = new E4RecordingSplitter().push(file);
  const splitter = new E4RecordingSplitter();
  assert.equal(
    [...cut(file, () => 1)].flatMap((chunk) => splitter.push(chunk)),
    whole,
  );
});

test("a malformed datagram is skipped and counted", async () => {
  const bad = e4Datagram(0, 2);
  bad[12] = 200;
  const { info } = await lines("x_e4.bin", lengthPrefixed([e4Datagram(0, 1), bad, e4Datagram(0, 3, 9, 1)]));
  assert.match(info.warnings.join(" "), /1 datagrams are malformed/);
  assert.match(info.warnings.join(" "), /1 lines of another channel/);
});

test("a film is read with the shape in its name, or with settings", async () => {
  const bytes = new Uint8Array(Int16Array.from({ length: 2 * 16 * 42 }, (_, k) => k - 500).buffer);
  const named = await lines("rf_film_i16le_2x16x42.bin", bytes);
  assert.is(named.info.frameCount, 2);
  assert.is(named.frame.samples[0], -500);
  assert.match(named.info.warnings.join(" "), /57 degrees are assumed/);
  const given = await lines("a.bin", bytes, {
    format: "echopen-film",
    settings: SMALL_E2.header.join("\n"),
    samples: "envelope",
  });
  assert.ok(given.frame.samples instanceof Uint16Array);
  assert.equal(given.info.warnings, []);
});

test("a ragged text film is refused with the row", async () => {
  const { info } = await lines("a.txt", textFilm(["1 2 3 4", "-5 6 7 8"]));
  assert.is(info.signal, "rf");
  const { frame } = await lines("a.txt", textFilm(["-32768 2 3 32767", "-5 6 7 8"]));
  assert.equal([frame.samples[0], frame.samples[3]], [-32768, 32767], "the least and the greatest");
  for (const [rows, words] of [
    [["1 2 3 4", "5 6 7"], /Row 2 has 3 values, row 1 has 4/],
    [["1 2 3 4", "5 6 7 1e9"], /"1e9" in row 2/],
    [["1 2 3 4", "5 6 7 99999"], /"99999" in row 2/],
    [["1 2 3 4", "5 6 7 32768"], /"32768" in row 2/],
    [["1 2 3 4", "5 6 7 -32769"], /"-32769" in row 2/],
  ] as const)
    try {
      await lines("a.txt", textFilm(rows));
      assert.unreachable();
    } catch (error) {
      assert.ok(isSondeError(error, "corrupt-file"), String(error));
      assert.match(error.message, words);
    }
});

test("a cart's beams seem to come from the pivot behind it", () => {
  const table = cartLines(5, 0.016, 0.01, 1e-3);
  assert.equal(Array.from(table.subarray(10, 15)), [0, 0, 0, 0, 1e-3]);
  assert.ok(Math.abs(table[0] + 0.008) < 1e-15);
  assert.ok(Math.abs(Math.tan(table[2]) + 0.8) < 1e-12);
});

test("settings that cannot be are refused", () => {
  for (const [text, words] of [
    ["80 160 0 64 57 0", /decimation 0/],
    ["80 70 8 64 57 0", /depths from 80 to 70/],
    ["80 160 8 64 57", /six numbers/],
    ["80 160 8 1e9 57 0", /1000000000 lines/],
  ] as const)
    try {
      parseSettings(text);
      assert.unreachable(text);
    } catch (error) {
      assert.ok(isSondeError(error, "bad-option"));
      assert.match(error.message, words);
    }
});

test("one record alone after a header is a line", () => {
  const events = parsed(new E2Parser(), [
    concat(Uint8Array.from(SMALL_E2.header), echopenRecord(3, 42, 0, random(1))),
  ]);
  assert.equal(lineNumbers(events), [3]);
});

test.run();
