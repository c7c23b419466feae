/** The page's stage, in a worker: the page stays usable while JavaScript sums for seconds. */
import { type Clock, LocalStage } from "../stage.ts";
import { median } from "../statistics.ts";
import { answer, type Call } from "./messages.ts";

/** Shortest batch: a hundred times the coarsest clock of a page that is isolated, ten times that of one that is not (ms). */
const BATCH_MS = 10;
const BATCHES = 3;

/** No benchmark.js here: it compiles its loops from text, which a strict policy forbids. */
const clock: Clock = {
  threadMs: () => undefined,
  perCall(work) {
    const times: number[] = [];
    let calls = 1;
    while (times.length < BATCHES) {
      const started = performance.now();
      for (let i = 0; i < calls; i++) work();
      const tookMs = performance.now() - started;
      if (tookMs < BATCH_MS)
        calls = Math.ceil(calls * Math.min(10, 1.2 * (BATCH_MS / Math.max(tookMs, 0.1))));
      else times.push(tookMs / calls);
    }
    return median(times);
  },
};

const stage = new LocalStage(clock);

addEventListener("message", ({ data }: MessageEvent<Call>) => {
  void answer(stage, data).then((result) => postMessage(result));
});
