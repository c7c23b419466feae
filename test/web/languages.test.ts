/** The languages: complete, with numbers as their readers write them, and found by the tag a page gives. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { english as cine } from "../../web/echo-viewer/features/cine/texts.ts";
import { english as device } from "../../web/echo-viewer/features/device/texts.ts";
import { english } from "../../web/echo-viewer/languages/english.ts";
import {
  ENGLISH,
  languageOf,
  registerLanguage,
  type TextsModule,
  textsOf,
} from "../../web/echo-viewer/languages/language.ts";

const LANGUAGES = ["fr", "es", "ar"];

/** Paths of all texts in an object. */
function paths(texts: object, before = ""): string[] {
  return Object.entries(texts).flatMap(([name, value]) =>
    typeof value === "object" && value !== null ? paths(value, `${before}${name}.`) : [before + name],
  );
}

const missing = (texts: object, of: object): string[] => {
  const there = new Set(paths(texts));
  return paths(of).filter((path) => !there.has(path));
};

const features = fileURLToPath(new URL("../../web/echo-viewer/features/", import.meta.url));

for (const tag of LANGUAGES) {
  test(`every text of the viewer is there in ${tag}`, async () => {
    // Of the module itself: what it lacks, a loaded language has in English.
    const { create } = (await import(`../../web/echo-viewer/languages/${tag}.ts`)) as TextsModule;
    const { messages = {} } = create(tag);
    const { keyNames: _, ...texts } = messages;
    const { keyNames: __, ...wanted } = english;
    assert.equal(missing(texts, wanted), []);
    for (const path of ["notice", "freeze", "failed"] as const) assert.is.not(messages[path], english[path]);
  });

  test(`every text of every feature is there in ${tag}`, async () => {
    const language = await languageOf(tag);
    const lacking: string[] = [];
    for (const entry of readdirSync(features, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const files = readdirSync(features + entry.name);
      const file = ["texts.ts", "english.ts"].find((name) => files.includes(name));
      assert.ok(file, `${entry.name} has no texts of its own`);
      const { english: own } = (await import(`${features}${entry.name}/${file}`)) as { english: object };
      const texts = (language.features[entry.name] ?? {}) as object;
      lacking.push(...missing(texts, own).map((path) => `${entry.name}: ${path}`));
    }
    assert.equal(lacking, []);
  });
}

test("numbers are written as their readers write them", async () => {
  assert.is(ENGLISH.messages.centimetres(0.0425), "4.3 cm");
  assert.is((await languageOf("fr")).messages.centimetres(0.045), "4,5 cm");
  assert.is((await languageOf("fr")).messages.tick(0.5), "0,5");
  assert.is((await languageOf("fr")).messages.tick(3), "3");
  assert.is((await languageOf("es")).messages.tenths(0.8), "0,8");
  assert.is((await languageOf("es-MX")).messages.tenths(0.8), "0.8", "Mexico writes a point");
  for (const tag of ["ar", "ar-EG", "ar-SA"]) {
    const { messages } = await languageOf(tag);
    // Whatever digits a browser or a region has: 0 to 9 stand beside Latin units, in the calendar of records.
    assert.is(messages.tenths(0.8), "0.8", tag);
    assert.match(messages.tick(-1), /^\u200e?−1$/, tag);
    assert.match(messages.day("1815-12-10"), /1815/, tag);
  }
});

test("parts of decibels are not lost, and less than one is not zero", async () => {
  for (const [tag, gain, range] of [
    ["en", "−0.4 dB", "55.5 dB"],
    ["fr", "−0,4 dB", "55,5 dB"],
    ["es", "−0,4 dB", "55,5 dB"],
    ["ar", "\u2066−0.4 dB\u2069", "\u206655.5 dB\u2069"],
  ]) {
    const { messages } = await languageOf(tag);
    assert.equal([messages.decibels(-0.4), messages.range(55.5)], [gain, range], tag);
    assert.match(messages.decibelsSpoken(7.5), /^7[.,]5 /, tag);
  }
});

test("one frame is one in English", () => {
  assert.match(ENGLISH.messages.dropped(1), /^1 frame not/);
  assert.match(ENGLISH.messages.dropped(2), /^2 frames not/);
  const frames = [0, 1, 2].map((count) => device.recorded(1, 1e6, count, 0));
  assert.equal(frames, ["1 s, 1.0 MB, 0 frames", "1 s, 1.0 MB, 1 frame", "1 s, 1.0 MB, 2 frames"]);
});

test("speeds are written as numbers are", async () => {
  const times = async (tag: string): Promise<string> => {
    const { times, timesSpoken } = textsOf(await languageOf(tag), "cine", cine);
    return `${times(0.25)} ${timesSpoken(0.25)} ${times(2)}`;
  };
  assert.is(await times("en"), "0.25× 0.25 times 2×");
  assert.is(await times("fr"), "0,25× 0,25 fois 2×");
  assert.is(await times("es"), "0,25× 0,25 veces 2×");
  assert.is(
    await times("ar-EG"),
    "\u20660.25×\u2069 0.25 مرة \u20662×\u2069",
    "the sign stays behind the number",
  );
});

test("units have one script in Arabic, beside their number in its direction", async () => {
  const { messages, features } = await languageOf("ar");
  const { value } = features.measure as { value(value: { value: number; unit: string }): string };
  const { cm, s } = features.modes as { cm: string; s: string };
  const units = ["m", "m2", "m3", "s", "m/s", "1/min", "px", "px2"].map((unit) => value({ value: 1, unit }));
  const { at, centimetres, megahertz, frameRate, decibels } = messages;
  const own = [at(1), centimetres(0.01), megahertz(5e6), frameRate(25), decibels(-3)];
  for (const text of [...units, ...own]) assert.match(text, /^\u2066[^\p{Script=Arabic}]+\u2069$/u);
  assert.equal([messages.unit, cm, s], ["cm", "cm", "s"]);
});

test("a tag finds its language, a region its language's, and an unknown one English", async () => {
  assert.is((await languageOf("fr-CA")).messages.freeze, "Figer");
  assert.is((await languageOf("ar")).direction, "rtl");
  assert.is((await languageOf("FR")).messages.freeze, "Figer");
  assert.is(await languageOf("tlh"), ENGLISH);
  assert.is(await languageOf(""), ENGLISH);
});

test("a registered language may be incomplete, and its features find their texts", async () => {
  registerLanguage("nl", { messages: { freeze: "Stilzetten" }, features: { view: { zoom: "Vergroten" } } });
  const dutch = await languageOf("nl-BE");
  assert.is(dutch.messages.freeze, "Stilzetten");
  assert.is(dutch.messages.run, "Run");
  assert.equal(textsOf(dutch, "view", { zoom: "Zoom", move: "Move" }), { zoom: "Vergroten", move: "Move" });
});

test.run();
