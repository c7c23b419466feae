import { test } from "uvu";
import * as assert from "uvu/assert";
import { Kept } from "../../../../host/engine/paths/kept.ts";
import type { ChannelData } from "../../../../host/model.ts";

/** An acquisition of which nothing but itself is looked at. */
const acquisition = () => ({}) as ChannelData;

/** Keeps arrays of numbers, four numbers at most, and counts how many were made. */
function counting() {
  const kept = new Kept<number[]>(4, (made) => made.length);
  let made = 0;
  const of = (info: ChannelData, key: unknown, length = 1) =>
    kept.of(info, key, () => {
      made++;
      return Array.from({ length }, (_, i) => i);
    });
  return { of, made: () => made };
}

test("what was made for an acquisition and a key is made once", () => {
  const { of, made } = counting();
  const [one, other] = [acquisition(), acquisition()];
  const first = of(one, { fNumber: 1 });
  assert.is(of(one, { fNumber: 1 }), first);
  assert.is(made(), 1);
  assert.is.not(of(one, { fNumber: 2 }), first);
  assert.is.not(of(other, { fNumber: 1 }), first);
  assert.is(made(), 3);
});

test("no more is kept of an acquisition than was said, but for what weighs more alone", () => {
  const { of, made } = counting();
  const one = acquisition();
  of(one, 1, 2);
  of(one, 2, 2);
  of(one, 1, 2);
  assert.is(made(), 2, "both have room");
  of(one, 3, 1);
  of(one, 3, 1);
  assert.is(made(), 3);
  of(one, 1, 2);
  assert.is(made(), 4, "the third took the place of both");
  const heavy = of(one, 5, 9);
  assert.is(of(one, 5, 9), heavy);
  assert.is(made(), 5);
});

test.run();
