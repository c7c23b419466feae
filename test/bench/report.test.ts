/** Reports: what is one, what is refused and with which words, how one travels in a link. */
import { deflateRawSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  fromFragment,
  LARGEST_REPORT_BYTES,
  parseReport,
  type Report,
  toFragment,
} from "../../bench/report.ts";
import { isSondeError } from "../../host/index.ts";
import { sampleReport } from "./sample-report.ts";

/** The refusal's sentence. */
function refusal(text: string): string {
  try {
    parseReport(text, "phone.json");
  } catch (error) {
    assert.ok(isSondeError(error, "corrupt-file"), String(error));
    return (error as Error).message;
  }
  throw new Error("accepted");
}

test("a report that was written is read again", () => {
  const report = sampleReport("a phone");
  assert.equal(parseReport(JSON.stringify(report), "phone.json"), report);
});

test("what is no report is refused with its name, the place, the value and the way out", () => {
  /** The sample with one field of something inside it changed. */
  const broken = (pick: (report: Report) => object, field: string | number, value: unknown) => {
    const report = sampleReport("a phone");
    Reflect.set(pick(report), field, value);
    return refusal(JSON.stringify(report));
  };
  for (const [message, ...words] of [
    [refusal("{"), "phone.json is no JSON"],
    [refusal("[1, 2]"), "the whole is [1,2]"],
    [refusal('{"device":3}'), "device is 3"],
    [broken((report) => report, "results", "none"), 'results is "none"'],
    [broken((report) => report, "versions", undefined), "versions is undefined"],
    [broken(({ results }) => results[1], "medianMs", -1), "results[1].medianMs is -1"],
    [broken(({ results }) => results[0], "spread", Number.NaN), "results[0].spread is null"],
    [broken(({ results }) => results[0], "workload", 7), "results[0].workload is 7"],
    [broken(({ results }) => results[0], "ratio", { js: 1 }), "results[0].ratio.c is undefined"],
    [broken(({ results }) => results, 2, null), "results[2] is null"],
  ]) {
    for (const word of words) assert.match(message, word);
    assert.match(message, "sonde bench --json");
    assert.ok(message.length < 300, message);
  }
});

test("a file that is too large is refused unread", () => {
  const message = refusal(`"${"x".repeat(LARGEST_REPORT_BYTES)}"`);
  assert.match(message, "phone.json is 4.0 MB");
});

test("a report travels in a link, and stays short there", async () => {
  const report = sampleReport("a phone with a µ in its name");
  const fragment = await toFragment(report);
  assert.match(fragment, /^[\w-]+$/);
  assert.ok(fragment.length < JSON.stringify(report).length, `${fragment.length} letters`);
  assert.equal(await fromFragment(fragment), report);
});

test("a damaged link is refused", async () => {
  const whole = await toFragment(sampleReport("a phone"));
  const noise = Buffer.from("no deflate stream at all").toString("base64url");
  const bomb = deflateRawSync(Buffer.alloc(50_000_000, 32)).toString("base64url");
  for (const [fragment, why] of [
    [whole.slice(0, -40), "damaged"],
    ["%%%", "damaged"],
    [noise, "damaged"],
    ["", "damaged"],
    [bomb, "at most 4 MB"],
  ]) {
    const error: unknown = await fromFragment(fragment).catch((reason) => reason);
    assert.ok(isSondeError(error, "corrupt-file"), fragment.slice(0, 20));
    assert.match((error as Error).message, why);
  }
});

test.run();
