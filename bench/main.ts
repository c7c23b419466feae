/**
 * The bench from a command line: `npm run bench`, and `sonde bench`, which imports this file's build.
 *
 *   [--only W1,W2,fft] [--where node|page] [--quick] [--json]
 *   compare A.json B.json ...
 */
import { readFile, stat } from "node:fs/promises";
import { arch, cpus, platform, release, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { SondeError } from "../host/index.ts";
import { conduct, type Findings, MEASURED, type Natives } from "./conductor.ts";
import { nodeClock } from "./node-clock.ts";
import { NativeBench } from "./peers.ts";
import { LARGEST_REPORT_BYTES, parseReport, type Report, tooLarge } from "./report.ts";
import { LocalStage } from "./stage.ts";
import { describeComparison, describeReport } from "./table.ts";
import { makeWorkload } from "./workloads.ts";

/** Wrong words on the command line. */
export class BenchUsageError extends Error {}

const ROUNDS = 9;
const QUICK_ROUNDS = 3;

declare const SONDE_VERSION: string | undefined;

const NOTES = [
  "Times are wall-clock milliseconds, on one thread where no number of threads is named, medians of interleaved rounds; spread is the interquartile range.",
  "A ratio is our time divided by the peer's, the median over rounds; below 1 we are faster. Copying samples in and the picture out is included.",
];

interface Asked {
  only: string[];
  where: "node" | "page";
  rounds: number;
  json: boolean;
}

function parse(words: readonly string[]): Asked {
  let values: { only?: string; where?: string; quick?: boolean; json?: boolean };
  try {
    ({ values } = parseArgs({
      args: [...words],
      options: {
        only: { type: "string" },
        where: { type: "string" },
        quick: { type: "boolean" },
        json: { type: "boolean" },
      },
      strict: true,
    }));
  } catch (cause) {
    throw new BenchUsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
  const only = values.only === undefined ? [...MEASURED] : values.only.split(",").map((word) => word.trim());
  for (const word of only)
    if (!MEASURED.includes(word))
      throw new BenchUsageError(`--only ${word}: nothing is called that; there are ${MEASURED.join(", ")}`);
  const { where = "node" } = values;
  if (where !== "node" && where !== "page")
    throw new BenchUsageError(`--where ${where}: it must be node or page`);
  return {
    only: [...new Set(only)],
    where,
    rounds: values.quick ? QUICK_ROUNDS : ROUNDS,
    json: values.json ?? false,
  };
}

function deviceName(): string {
  const all = cpus();
  const model = all[0]?.model.replace(/\s+/g, " ").trim() || "unknown processor";
  return `${model}, ${all.length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()} ${release().split("-")[0]} ${arch()}`;
}

async function sondeVersion(): Promise<string> {
  if (typeof SONDE_VERSION !== "undefined") return SONDE_VERSION;
  const text = await readFile(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** MUST's rotating disk, where the reference data are. */
async function findDisk(): Promise<Blob | undefined> {
  const folder = process.env["SONDE_SHARED"] ?? fileURLToPath(new URL("../../shared/", import.meta.url));
  const path = `${folder.replace(/\/?$/, "/")}data/must/PWI_disk.mat`;
  return readFile(path).then(
    (bytes) => new Blob([new Uint8Array(bytes)]),
    () => undefined,
  );
}

async function compare(files: readonly string[]): Promise<string> {
  if (files.length === 0) throw new BenchUsageError("compare needs reports: bench compare A.json B.json ...");
  const option = files.find((file) => file.startsWith("--"));
  if (option)
    throw new BenchUsageError(`${option}: compare takes reports alone, bench compare A.json B.json ...`);
  const reports: Report[] = [];
  for (const file of files) {
    const unreadable = (cause: Error) => {
      throw new SondeError("not-found", `${file} cannot be read: ${cause.message}`, { cause });
    };
    const { size } = await stat(file).catch(unreadable);
    if (size > LARGEST_REPORT_BYTES) throw tooLarge(file, size);
    // Without the mark that some editors and shells put in front.
    const text = new TextDecoder().decode(await readFile(file).catch(unreadable));
    reports.push(parseReport(text, file));
  }
  return describeComparison(reports, files);
}

async function measure({ only, where, rounds }: Asked, progress: (what: string) => void): Promise<Report> {
  progress("building native peers");
  const native = await NativeBench.create();
  const disk = only.includes("W5") ? await findDisk() : undefined;
  const natives: Natives = {
    peersFor: async (name) => native.peersFor(await makeWorkload(name, disk)),
    fftw: () => native.fftw(),
  };
  const plan = { only, where, rounds, natives, disk, progress: (what: string) => progress(what) };
  let engine = `Node ${process.versions.node} (V8 ${process.versions.v8})`;
  let findings: Findings | undefined;
  try {
    if (where === "page") {
      const { withPageStage } = await import("./page-stage.ts");
      await withPageStage(disk, async (stage, name) => {
        engine = name;
        findings = await conduct(stage, plan);
      });
    } else findings = await conduct(new LocalStage(nodeClock), plan);
  } finally {
    native.close();
  }
  const { results = [], references = [], skipped = [] } = findings ?? {};
  return {
    device: deviceName(),
    engine,
    versions: {
      sonde: await sondeVersion(),
      node: process.versions.node,
      ...(native.compiler && { compiler: native.compiler }),
    },
    results,
    references,
    skipped: [
      ...native.missing.map(({ name, why }) => ({ workload: "all", variant: name, why })),
      ...skipped,
    ],
    notes: NOTES,
  };
}

/** Runs the command; returns what to print. @throws BenchUsageError, SondeError */
export async function bench(words: readonly string[]): Promise<string> {
  const [first, ...rest] = words;
  if (first === "compare") return compare(rest);
  const asked = parse(words);
  const report = await measure(asked, (what) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${what}`);
  });
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  return asked.json ? JSON.stringify(report) : describeReport(report);
}
