/** Undo and redo against a model: a plain list of everything there was, and a place in it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  begin,
  commit,
  DEPTH,
  mapped,
  redo,
  undo,
} from "../../../web/echo-viewer/features/measure/history.ts";
import { seeded } from "./seeded.ts";

test("20,000 random commits, undos and redos give what a list with a place in it gives", () => {
  const random = seeded(11);
  let history = begin(0);
  let [states, place, lowest] = [[0], 0, 0];
  for (let n = 1; n <= 20_000; n++) {
    const choice = random();
    if (choice < 0.4) {
      history = commit(history, n);
      states = [...states.slice(0, place + 1), n];
      place++;
      lowest = Math.max(lowest, place - DEPTH);
    } else if (choice < 0.75) {
      const before = history;
      history = undo(history);
      if (place > lowest) place--;
      else assert.is(history, before, "nothing to undo");
    } else {
      const before = history;
      history = redo(history);
      if (place < states.length - 1) place++;
      else assert.is(history, before, "nothing to do again");
    }
    assert.is(history.present, states[place]);
    assert.is(history.past.length, place - lowest);
    assert.is(history.future.length, states.length - 1 - place);
  }
});

test("no more steps are kept than can be undone", () => {
  let history = begin(0);
  for (let n = 1; n <= 3 * DEPTH; n++) history = commit(history, n);
  for (let n = 0; n < 2 * DEPTH; n++) history = undo(history);
  assert.is(history.present, 2 * DEPTH);
});

test("a change of everything reaches what undo and redo bring back", () => {
  const history = mapped(undo(commit(commit(begin(1), 2), 3)), (value) => value * 10);
  assert.equal([history.past, history.present, history.future], [[10], 20, [30]]);
});

test.run();
