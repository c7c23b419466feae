import { test } from "uvu";
import * as assert from "uvu/assert";
import { Lateness } from "../../../host/live/lateness.ts";

test("messages that waited are told from fresh ones, after a page stood still too, and clocks may drift", () => {
  const lateness = new Lateness();
  const drift = 1.0001;
  for (let ms = 0; ms < 300_000; ms += 100) {
    const late = lateness.of(ms * drift + 5000, ms + (ms % 7));
    assert.ok(late < 20, `${late} ms at ${ms}`);
  }
  // The page stood still for ten minutes: what came first is ten minutes old, what comes last is not.
  const late: number[] = [];
  for (let ms = 300_000; ms <= 900_000; ms += 10_000) late.push(lateness.of(ms * drift + 5000, 900_000));
  assert.ok(late[0] > 590_000 && late[0] < 610_000);
  assert.ok(late.at(-1)! < 100, `${late.at(-1)} ms`);
});

/** Messages every 50 ms from one time of the receiver's clock to another: how late the least and the most late of them are. */
function lateOf(lateness: Lateness, fromMs: number, untilMs: number, drift: number, delayMs: number) {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (let ms = fromMs; ms < untilMs; ms += 50) {
    const late = lateness.of(ms * (1 - drift) + 7000, ms + delayMs + (ms % 7));
    least = Math.min(least, late);
    most = Math.max(most, late);
  }
  return { least, most };
}

test("a clock that is 1 % wrong makes nothing late, and does not hide a delay that stays", () => {
  for (const drift of [-0.01, -0.001, 0, 0.001, 0.01]) {
    const lateness = new Lateness();
    const before = lateOf(lateness, 0, 600_000, drift, 0);
    assert.ok(before.most < 150, `${drift}: ${before.most} ms`);
    const delayed = lateOf(lateness, 600_000, 1_200_000, drift, 3000);
    assert.ok(delayed.least > 2500, `${drift}: ${delayed.least} ms`);
    const after = lateOf(lateness, 1_200_000, 1_300_000, drift, 0);
    assert.ok(after.most < 500, `${drift}: ${after.most} ms after it`);
  }
});

test("a first message that was late itself is forgiven with the first that was not", () => {
  const lateness = new Lateness();
  assert.is(lateness.of(0, 5000), 0);
  assert.is(lateness.of(5000, 5010), 0);
  assert.is(lateness.of(5050, 5090), 30);
  assert.is(lateness.of(11_000, 11_510), 500);
});

test("a backlog that grows by more than a clock drifts is told from a drift", () => {
  const lateness = new Lateness();
  lateOf(lateness, 0, 60_000, 0, 0);
  let late = 0;
  for (let ms = 0; ms < 60_000; ms += 50) late = lateness.of(67_000 + ms, 60_000 + 1.05 * ms);
  assert.ok(late > 2500, `${late} ms`);
});

test.run();
