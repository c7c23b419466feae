/**
 * Runs the workloads on a stage and, between its rounds, the native peers; every contender once a round, so that whatever slows
 * the machine down slows all of them.
 */
import { KERNELS } from "./kernels/index.ts";
import { LIVE_ARRAYS, liveResults } from "./live.ts";
import type { Ratio, Reference, Result, Skipped } from "./report.ts";
import { type Contender, JS, LINEAR_PROMISE, type Stage, type Timing } from "./stage.ts";
import { median, pairedRatio, spread } from "./statistics.ts";
import { WORKLOADS, type WorkloadName } from "./workloads.ts";

/** A native peer, as far as its rounds go. */
export interface NativePeer {
  name: string;
  kind: "c" | "cSimd" | "cSteered" | "python";
  arithmetic: "int16" | "float32";
  errorToSinc?: number;
  errorToLinear?: number;
  /** How long its first run took, the one that was checked (ms). */
  firstMs?: number;
  run(): Promise<Timing>;
}

/** Native peers of everything, where there are any. */
export interface Natives {
  peersFor(name: WorkloadName): Promise<{
    peers: NativePeer[];
    missing: readonly { name: string; why: string }[];
    close(): void;
  }>;
  fftw(): Promise<{ run(length: string): Promise<Timing>; close(): void } | undefined>;
}

export interface Plan {
  /** Names from `WORKLOADS` and `KERNELS`. */
  only: readonly string[];
  where: "node" | "page";
  /** Rounds of a workload, and of a kernel. */
  rounds: number;
  /** The straightforward JavaScript takes seconds: leave it out. */
  withoutJs?: boolean;
  natives?: Natives;
  /** MUST's PWI_disk.mat, where it is at hand. */
  disk?: Blob;
  /** Told what goes on, and how much of it is done (0 to 1). */
  progress?(what: string, share: number): void;
  /** Asked between rounds: stop early. */
  stopped?(): boolean;
}

/** What was measured so far. */
export interface Findings {
  results: Result[];
  references: Reference[];
  skipped: Skipped[];
}

/** A contender that takes longer than this does not run in every round. */
const SLOW_MS = 1500;

interface Series {
  timings: (Timing | undefined)[];
  /** Runs in every n-th round. */
  every: number;
  run(): Promise<Timing>;
}

type Figure = keyof Timing;

const figures = ({ timings }: Series, figure: Figure) => timings.map((timing) => timing?.[figure]);
const walls = (series: Series) => figures(series, "wallMs");
const defined = (values: readonly (number | undefined)[]) =>
  values.filter((value): value is number => value !== undefined);

/**
 * Two runs to let compilers settle, and to learn how long one takes; none where the first one (`firstMs`) was slow already.
 */
async function warmUp(run: () => Promise<Timing>, firstMs = 0): Promise<Series> {
  let wallMs = firstMs;
  if (wallMs < SLOW_MS) wallMs = (await run()).wallMs;
  if (wallMs < SLOW_MS) wallMs = Math.min(wallMs, (await run()).wallMs);
  // A coarse clock may show none of a short run.
  return { timings: [], every: Math.max(1, Math.ceil(wallMs / SLOW_MS)), run };
}

function cpuOf({ timings }: Series): number | undefined {
  const values = defined(timings.map((timing) => timing?.cpuMs));
  return values.length > 0 ? median(values) : undefined;
}

/** Times every series once a round. */
async function interleave(
  series: readonly Series[],
  rounds: number,
  { stopped }: Plan,
  tick: (round: number) => void,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const one of series) {
      if (stopped?.()) return;
      one.timings.push(round % one.every === 0 ? await one.run() : undefined);
    }
    tick(round + 1);
  }
}

const fastest = (series: readonly Series[]) =>
  [...series].sort((a, b) => median(defined(walls(a))) - median(defined(walls(b))))[0];

/**
 * The peers a variant is compared with. Ours in int16 meets the fastest there is, ours in float32 the fastest in float32; the
 * pre-steered one of the same arithmetic, of variants that choose their own the faster one.
 */
function ratiosOf(
  ours: Series,
  { arithmetic }: Contender,
  js: Series | undefined,
  natives: readonly { peer: NativePeer; series: Series }[],
  figure: Figure,
): Ratio {
  const ratio = (theirs: Series) => pairedRatio(figures(ours, figure), figures(theirs, figure)) ?? null;
  const against = (kind: NativePeer["kind"], fits: (peer: NativePeer) => boolean) => {
    const some = natives.filter(({ peer }) => peer.kind === kind && fits(peer)).map(({ series }) => series);
    return some.length > 0 ? ratio(fastest(some)) : null;
  };
  return {
    js: js ? ratio(js) : null,
    c: against("c", () => true),
    cSimd: against("cSimd", (peer) => arithmetic === "int16" || peer.arithmetic === "float32"),
    cSteered: against("cSteered", (peer) => arithmetic === undefined || peer.arithmetic === arithmetic),
  };
}

/** Against our own path for every geometry: with the same promise, or the one with linear interpolation. */
function depthRatio(
  { contender, series }: { contender: Contender; series: Series },
  all: readonly { contender: Contender; series: Series }[],
): number | null {
  if (contender.generic) return null;
  const generic = all.filter((one) => one.contender.generic);
  const peer =
    generic.find((one) => one.contender.promise === contender.promise) ??
    generic.find((one) => one.contender.promise === LINEAR_PROMISE);
  return (peer && pairedRatio(walls(series), walls(peer.series))) ?? null;
}

function referenceOf(workload: string, name: string, series: Series, errors: Partial<Contender>): Reference {
  const times = defined(walls(series));
  const { errorToSinc, errorToLinear } = errors;
  return {
    workload,
    name,
    medianMs: median(times),
    spread: spread(times),
    cpuMs: cpuOf(series),
    rounds: times.length,
    errorToSinc,
    errorToLinear,
  };
}

async function measureWorkload(
  stage: Stage,
  name: WorkloadName,
  plan: Plan,
  findings: Findings,
  tick: (what: string, share: number) => void,
): Promise<void> {
  tick(`${name}: data, plans, checks`, 0);
  const prepared = await stage.prepare(name, !plan.withoutJs, plan.disk);
  const native = await plan.natives?.peersFor(name);
  try {
    for (const { name: variant, why } of native?.missing ?? [])
      findings.skipped.push({ workload: name, variant, why });
    const ours: { contender: Contender; series: Series }[] = [];
    for (const contender of prepared.variants) {
      if (contender.refused)
        findings.skipped.push({ workload: name, variant: contender.name, why: contender.refused });
      else ours.push({ contender, series: await warmUp(() => stage.run(contender.name)) });
    }
    if (prepared.js?.refused)
      findings.skipped.push({ workload: name, variant: JS, why: prepared.js.refused });
    const js =
      prepared.js && !prepared.js.refused
        ? await warmUp(() => stage.run(JS), prepared.js?.firstMs)
        : undefined;
    const natives: { peer: NativePeer; series: Series }[] = [];
    for (const peer of native?.peers ?? [])
      natives.push({ peer, series: await warmUp(() => peer.run(), peer.firstMs) });

    const everyone = [...ours, ...natives].map(({ series }) => series);
    if (js) everyone.push(js);
    await interleave(everyone, plan.rounds, plan, (round) =>
      tick(`${name}: round ${round}`, round / plan.rounds),
    );

    for (const { contender, series } of ours) {
      const times = defined(walls(series));
      if (times.length === 0) continue;
      const medianMs = median(times);
      if (medianMs === 0) {
        findings.skipped.push({
          workload: name,
          variant: contender.name,
          why: "shorter than this clock shows",
        });
        continue;
      }
      findings.results.push({
        workload: name,
        variant: contender.name,
        where: plan.where,
        medianMs,
        spread: spread(times),
        pointsPerS: prepared.points.inAperture / (medianMs / 1e3),
        ratio: ratiosOf(series, contender, js, natives, "wallMs"),
        cpuRatio: cpuOf(series) === undefined ? undefined : ratiosOf(series, contender, js, natives, "cpuMs"),
        depthRatio: depthRatio({ contender, series }, ours),
        nominalPointsPerS: prepared.points.nominal / (medianMs / 1e3),
        timesSound: prepared.soundS / (medianMs / 1e3),
        cpuMs: cpuOf(series),
        rounds: times.length,
        errorToSinc: contender.errorToSinc,
        errorToLinear: contender.errorToLinear,
        promise: contender.promise,
        path: contender.path,
        memoryBytes: contender.memoryBytes,
      });
    }
    if (js && js.timings.length > 0) findings.references.push(referenceOf(name, JS, js, prepared.js ?? {}));
    for (const { peer, series } of natives)
      if (series.timings.length > 0) findings.references.push(referenceOf(name, peer.name, series, peer));
  } finally {
    native?.close();
  }
}

async function measureKernel(
  stage: Stage,
  name: string,
  plan: Plan,
  findings: Findings,
  tick: (what: string, share: number) => void,
): Promise<void> {
  const { cases } = await stage.prepareKernel(name);
  const fftw = name === "fft" ? await plan.natives?.fftw() : undefined;
  try {
    for (const [i, { variant, points, js: hasJs }] of cases.entries()) {
      const series = (run: () => Promise<Timing>): Series => ({ timings: [], every: 1, run });
      const call = (what: "wasm" | "js") =>
        series(async () => ({ wallMs: await stage.runKernel(variant, what) }));
      const ours = call("wasm");
      const js = hasJs ? call("js") : undefined;
      const c = fftw ? series(() => fftw.run(variant)) : undefined;
      const everyone = [ours, js, c].filter((one): one is Series => one !== undefined);
      await interleave(everyone, plan.rounds, plan, (round) =>
        tick(`${name} ${variant}`, (i + round / plan.rounds) / cases.length),
      );
      const times = defined(walls(ours));
      if (times.length === 0) return;
      const medianMs = median(times);
      findings.results.push({
        workload: name,
        variant,
        where: plan.where,
        medianMs,
        spread: spread(times),
        pointsPerS: points / (medianMs / 1e3),
        ratio: {
          js: js ? (pairedRatio(walls(ours), walls(js)) ?? null) : null,
          c: c ? (pairedRatio(walls(ours), walls(c)) ?? null) : null,
          cSimd: null,
          cSteered: null,
        },
        rounds: times.length,
      });
      if (js) findings.references.push(referenceOf(name, `${variant}, JavaScript`, js, {}));
      if (c) findings.references.push(referenceOf(name, `${variant}, FFTW`, c, {}));
    }
  } finally {
    fftw?.close();
  }
}

const isWorkload = (name: string): name is WorkloadName => (WORKLOADS as readonly string[]).includes(name);

/** Everything that `--only` can name. */
export const MEASURED: readonly string[] = [...WORKLOADS, ...KERNELS, "live"];

/** Measures what the plan asks for. Stopped early, what there is so far. */
export async function conduct(stage: Stage, plan: Plan): Promise<Findings> {
  const findings: Findings = { results: [], references: [], skipped: [] };
  for (const [i, name] of plan.only.entries()) {
    if (plan.stopped?.()) break;
    const tick = (what: string, share: number) => plan.progress?.(what, (i + share) / plan.only.length);
    if (isWorkload(name)) await measureWorkload(stage, name, plan, findings, tick);
    else if (KERNELS.includes(name)) await measureKernel(stage, name, plan, findings, tick);
    else if (name === "live")
      for (const [k, array] of LIVE_ARRAYS.entries()) {
        if (plan.stopped?.()) break;
        tick(`live ${array}`, k / LIVE_ARRAYS.length);
        findings.results.push(...liveResults(array, plan.where, await stage.live(array, plan.rounds)));
      }
  }
  return findings;
}
