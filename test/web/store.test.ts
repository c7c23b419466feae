/** Who listens to the state of a viewer hears of every transition once, whatever others do meanwhile. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Store } from "../../web/echo-viewer/store.ts";

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

test.run();
