/** Who listens to the state of a viewer hears of every transition once, whatever others do meanwhile. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Image } from "../../host/index.ts";
import { type Session, Store } from "../../web/echo-viewer/store.ts";

test("a listener that changes the state makes nobody hear of a transition twice", () => {
  const store = new Store();
  const heard: Record<string, number[]> = { first: [], changing: [], last: [] };
  const listen = (name: string, act?: (speed: number) => void): void => {
    store.subscribe((state, previous) => {
      heard[name].push(previous.speed, state.speed);
      act?.(state.speed);
    });
  };
  listen("first");
  listen("changing", (speed) => {
    if (speed === 2) store.update({ speed: 3 });
  });
  listen("last");
  store.update({ speed: 2 });
  assert.equal(heard, { first: [1, 2, 2, 3], changing: [1, 2, 2, 3], last: [1, 3] });
  store.update({ speed: 3 });
  assert.is(heard["last"].length, 2, "what changes nothing is not told");
});

test("who comes later hears of what changes from then on, and who goes hears no more", () => {
  const store = new Store();
  store.update({ speed: 2 });
  const heard: number[] = [];
  const end = store.subscribe((state, previous) => heard.push(previous.speed, state.speed));
  store.update({ speed: 4 });
  end();
  store.update({ speed: 5 });
  assert.equal(heard, [2, 4]);
});

test("the next picture of a live source that runs is told to those who ask for it, and of every other to all", () => {
  const store = new Store();
  const session = (live: boolean) => ({ live }) as Session;
  const image = (frameIndex: number) => ({ frameIndex }) as Image;
  const heard: string[] = [];
  store.subscribe((state) => heard.push(`state ${state.position}`));
  store.onGoing((state, pictured) => heard.push(`${pictured ? "next" : "figures"} ${state.position}`));
  const shown = (position: number): readonly string[] => {
    heard.length = 0;
    store.show(image(position), position, position);
    assert.is(store.state.image?.frameIndex, position);
    assert.is(store.state.position, position);
    assert.is(store.state.arrivedAtMs, position);
    return [...heard];
  };
  store.update({ session: session(true), frameCount: 9 });
  assert.equal(shown(1), ["state 1"], "the first one ends what had no picture");
  assert.equal(shown(2), ["next 2"]);
  heard.length = 0;
  store.update({ frameRateHz: 25, frameCount: 10 });
  assert.equal(heard, ["figures 2"]);
  assert.is(store.state.frameCount, 10);
  store.update({ frameRateHz: 30, dropped: 1 });
  assert.equal(heard, ["figures 2", "state 2"], "more than figures");
  store.update({ frameCount: 0 });
  assert.equal(heard.slice(2), ["state 2"], "what lies on stored frames goes with them");
  store.update({ frozen: true });
  assert.equal(shown(3), ["state 3"], "what stands is chosen");
  store.update({ frozen: false });
  assert.equal(shown(4), ["next 4"]);
  store.update({ signal: "lost" });
  assert.equal(shown(5), ["state 5"]);
  store.update({ signal: "fresh", session: session(false) });
  assert.equal(shown(6), ["state 6"], "a recording's are chosen");
});

test.run();
