/** A report made by hand, for tests. */
import type { Report, Result } from "../../bench/report.ts";

function result(workload: string, variant: string, medianMs: number): Result {
  return {
    workload,
    variant,
    where: "node",
    medianMs,
    spread: medianMs / 20,
    pointsPerS: 1e9 / medianMs,
    ratio: { js: 0.02, c: 0.1, cSimd: null, cSteered: null },
    timesSound: 0.5,
  };
}

/** `scale`: how many times slower than the first device. */
export function sampleReport(device: string, scale = 1): Report {
  return {
    device,
    engine: "Node 20.0.0",
    versions: { sonde: "0.1.0" },
    results: [
      result("W1", "steered", 80 * scale),
      result("W1", "linear", 400 * scale),
      result("fft", "1024", 0.02 * scale),
      ...(scale === 1 ? [result("fir", "49 taps", 1.5)] : []),
    ],
    references: [
      { workload: "W1", name: "straightforward C", medianMs: 4000, spread: 10, rounds: 3, errorToSinc: 0.2 },
    ],
    skipped: [{ workload: "W1", variant: "lateral", why: "refused: no such path" }],
  };
}
