/** Clocks of a stage on Node's main thread: benchmark.js for kernels, processor time from the system. */
import { readFileSync } from "node:fs";
import benchmark from "benchmark";
import lodash from "lodash";
import platform from "platform";
import type { Clock } from "./stage.ts";
import { median } from "./statistics.ts";

/** benchmark.js with the packages it would look for at run time, so that it can be part of a single file. */
const Benchmark = benchmark.runInContext({ _: lodash, platform });

/** Time benchmark.js may take for one figure of one round (s). */
const SAMPLING_S = 0.1;
const MIN_SAMPLES = 3;

/** Linux counts nanoseconds that each thread ran; elsewhere only the process is counted, whose other threads compile. */
function threadMs(): number | undefined {
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e6;
  } catch {
    return undefined;
  }
}

export const nodeClock: Clock = {
  threadMs,
  perCall(work) {
    const bench = new Benchmark({ fn: work, maxTime: SAMPLING_S, minSamples: MIN_SAMPLES });
    bench.run({ async: false });
    if (bench.error) throw bench.error;
    return 1e3 * median(bench.stats.sample);
  },
};
