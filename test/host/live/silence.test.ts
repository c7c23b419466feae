import { test } from "uvu";
import * as assert from "uvu/assert";
import { Silence } from "../../../host/live/silence.ts";

const LOOK_MS = 100;
/** Looks at a silent link from a time on, a tenth of a second apart; tells when it was found dead. */
function deadAfter(silence: Silence, fromMs: number, looks: number): number | undefined {
  for (let k = 1; k <= looks; k++) if (silence.isDead(fromMs + k * LOOK_MS)) return k * LOOK_MS;
  return undefined;
}

function streaming(periodMs: number, frames: number): Silence {
  const silence = new Silence(500, () => periodMs);
  silence.connected(0);
  for (let k = 1; k <= frames; k++) {
    silence.bytes(k * periodMs, false);
    silence.frame(k * periodMs, false);
  }
  return silence;
}

test("half a second without bytes is silence; three periods of a slow device, but never more than a second", () => {
  for (const [periodMs, limitMs] of [
    [Number.NaN, 500],
    [20, 500],
    [250, 750],
    [900, 1000],
  ]) {
    const silence = new Silence(500, () => periodMs);
    silence.connected(0);
    silence.bytes(100, false);
    assert.not(silence.isSilent(100 + limitMs - 1), `${periodMs} ms a frame`);
    assert.ok(silence.isSilent(100 + limitMs), `${periodMs} ms a frame`);
  }
});

test("a frame that spans a silence is interrupted, the next one is not", () => {
  const silence = streaming(20, 3);
  silence.bytes(60 + 501, true);
  assert.ok(silence.interrupted);
  silence.frame(570, true);
  assert.not(silence.interrupted);
  silence.bytes(570 + 600, false);
  assert.not(silence.interrupted, "no frame was under way");
});

test("a stream that falls silent is dead after five seconds of looks, or three times its longest pause", () => {
  assert.is(deadAfter(streaming(20, 50), 1000, 200), 5000);
  const slow = streaming(20, 50);
  slow.bytes(1000 + 4000, false);
  assert.is(deadAfter(slow, 5000, 200), 12_100);
});

test("what was told to stop, or gave single frames, may be silent as long as it likes", () => {
  assert.is(deadAfter(streaming(20, 7), 140, 1000), undefined);
  const stopped = streaming(20, 50);
  stopped.ordered("stop");
  assert.is(deadAfter(stopped, 1000, 1000), undefined);
  stopped.ordered("set");
  assert.is(deadAfter(stopped, 1000, 1000), undefined, "a setting starts nothing");
  stopped.ordered("start");
  for (let k = 1; k <= 8; k++) stopped.frame(1000 + k, false);
  assert.ok(deadAfter(stopped, 1000, 1000));
});

test("a link whose frames are all late for half a minute of looks is behind", () => {
  const silence = streaming(20, 50);
  for (let k = 0; k < 1000; k++) assert.not(silence.isBehind());
  silence.frame(1020, true);
  for (let k = 1; k < 300; k++) assert.not(silence.isBehind(), `look ${k}`);
  assert.ok(silence.isBehind());
  silence.frame(1040, false);
  assert.not(silence.isBehind(), "one that is not late has no backlog before it");
  silence.frame(1060, true);
  for (let k = 1; k < 300; k++) silence.isBehind();
  silence.connected(2000);
  assert.not(silence.isBehind(), "nothing came over a new link");
});

test.run();
