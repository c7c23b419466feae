/** The parts that the bench uses of packages without types of their own. */

declare module "fft.js" {
  /** Radix-4 transforms of powers of two. */
  export default class FFT {
    constructor(size: number);
    createComplexArray(): number[];
    transform(out: number[], input: readonly number[]): void;
  }
}

declare module "benchmark" {
  interface Benchmark {
    stats: { sample: number[] };
    run(options?: { async: boolean }): Benchmark;
    error?: unknown;
  }
  interface BenchmarkClass {
    new (options: {
      fn: () => void;
      /** Longest time to sample (s). */
      maxTime?: number;
      minSamples?: number;
    }): Benchmark;
    runInContext(context: { _: unknown; platform: unknown }): BenchmarkClass;
  }
  const benchmark: BenchmarkClass;
  export default benchmark;
}

declare module "lodash" {
  const lodash: unknown;
  export default lodash;
}

declare module "platform" {
  const platform: unknown;
  export default platform;
}
