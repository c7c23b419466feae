/** What becomes of the rounds, on a stage that only says how long they took. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { conduct } from "../../bench/conductor.ts";
import type { Stage } from "../../bench/stage.ts";

/** A stage on which each contender takes these times in turn, over and over (ms). */
function stageOf(times: Record<string, readonly number[]>): Stage {
  const counts: Record<string, number> = {};
  const unused = () => Promise.reject(new Error("not asked for here"));
  return {
    prepare: async () => ({
      title: "",
      data: "",
      points: { inAperture: 1, nominal: 1 },
      soundS: 1,
      variants: Object.keys(times).map((name) => ({ name })),
    }),
    run: async (name) => {
      counts[name] = (counts[name] ?? -1) + 1;
      return { wallMs: times[name][counts[name] % times[name].length] };
    },
    prepareKernel: unused,
    runKernel: unused,
    live: unused,
  };
}

test("a run that a coarse clock does not show is no reason to measure no more of them", async () => {
  const { results, skipped } = await conduct(stageOf({ often: [0, 0, 1, 1, 1], never: [0] }), {
    only: ["W1"],
    where: "page",
    rounds: 3,
    withoutJs: true,
  });
  assert.equal(
    results.map(({ variant, medianMs, rounds }) => [variant, medianMs, rounds]),
    [["often", 1, 3]],
  );
  assert.equal(skipped, [{ workload: "W1", variant: "never", why: "shorter than this clock shows" }]);
});

test.run();
