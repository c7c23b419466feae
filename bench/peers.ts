/**
 * Native peers: the C programs of native/, built with the machine's compiler into a temporary folder, FFTW and PyMUST where they
 * are installed. Each is a server on its standard streams that answers one request at a time, so that its rounds can stand
 * between ours.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { arch, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { elementCount, type Probe } from "../host/index.ts";
import { Checker, type Errors, notLinear, settingOf } from "./checker.ts";
import { FFT_LENGTHS, FFT_ROWS } from "./kernels/fft.ts";
import { gridSize } from "./reference/geometry.ts";
import type { Timing } from "./stage.ts";
import type { Workload } from "./workloads.ts";

const run = promisify(execFile);

/** Which of the report's ratios a peer stands for. */
export type PeerKind = "c" | "cSimd" | "cSteered";

/** Something native to compare with: one variant of one program. */
export interface Peer extends Partial<Errors> {
  name: string;
  kind: PeerKind | "python";
  arithmetic: "int16" | "float32";
  /** How long its first run took, the one that was checked (ms). */
  firstMs: number;
  run(): Promise<Timing>;
}

/** What a workload is compared with, and what is missing. */
export interface Peers {
  peers: Peer[];
  missing: { name: string; why: string }[];
  close(): void;
}

/** Where the C sources are: beside this module, or above dist/. */
const SOURCES = ["./native/", "../bench/native/"]
  .map((place) => fileURLToPath(new URL(place, import.meta.url)))
  .find((folder) => existsSync(join(folder, "workload.h")));

const BUILD_PATIENCE_MS = 60_000;
/** PyMUST builds its matrix before it is ready. */
const READY_PATIENCE_MS = 300_000;

/** Flags of the hand-tuned programs: AVX2 and no more, so that the figure means the same on every x86 machine. */
const TUNED = arch() === "x64" ? ["-O3", "-mavx2", "-mfma", "-mtune=native"] : ["-O3"];

interface Program {
  source: string;
  kind: PeerKind;
  flags: readonly string[];
}

const PROGRAMS: readonly Program[] = [
  { source: "straightforward.c", kind: "c", flags: ["-O3", "-march=native"] },
  { source: "per-point.c", kind: "cSimd", flags: TUNED },
  { source: "steered.c", kind: "cSteered", flags: TUNED },
];

function firstLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr || message).trim().split("\n")[0].slice(0, 200);
}

/** A program that answers a line with a line. */
class Server {
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #waiting: { resolve(line: string): void; reject(error: Error): void }[] = [];
  #stderr = "";

  constructor(command: string, words: readonly string[]) {
    this.#child = spawn(command, words, { stdio: ["pipe", "pipe", "pipe"] });
    this.#lines = createInterface({ input: this.#child.stdout! });
    this.#lines.on("line", (line) => this.#waiting.shift()?.resolve(line));
    this.#child.stderr!.on("data", (chunk) => (this.#stderr += chunk));
    const fail = (why: string) => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error(why));
    };
    this.#child.on("error", (error) => fail(error.message));
    this.#child.on("close", (code) => fail(this.#stderr.trim().split("\n").pop() || `ended with ${code}`));
    // A peer that died is told of by the request that finds it dead.
    this.#child.stdin!.on("error", () => undefined);
  }

  answer(patienceMs: number): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#child.exitCode !== null) {
        reject(new Error(this.#stderr.trim().split("\n").pop() || `ended with ${this.#child.exitCode}`));
        return;
      }
      const timer = setTimeout(() => {
        this.close();
        reject(new Error(`no answer within ${patienceMs / 1000} s`));
      }, patienceMs);
      const settle = () => clearTimeout(timer);
      this.#waiting.push({
        resolve: (line) => {
          settle();
          resolve(line);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
    });
  }

  ask(line: string): Promise<string> {
    const answer = this.answer(READY_PATIENCE_MS);
    this.#child.stdin!.write(`${line}\n`);
    return answer;
  }

  async run(variant: string): Promise<Timing> {
    const answer = await this.ask(`run ${variant}`);
    const [wallMs, cpuMs] = answer.split(" ").map(Number);
    if (!(wallMs > 0)) throw new Error(answer);
    return { wallMs, cpuMs };
  }

  close(): void {
    this.#lines.close();
    this.#child.kill("SIGKILL");
  }
}

/** Elements of a row along x: all of them, but for matrix arrays. */
function rowOf({ positionsM }: Probe): number {
  const n = positionsM.length / 3;
  let e = 1;
  while (e < n && positionsM[3 * e + 1] === positionsM[1]) e++;
  return e;
}

/** The lines of workload.h. */
function describe(workload: Workload, input: string): string {
  const { info, frames } = workload;
  const setting = settingOf(workload);
  const { scan } = setting;
  const [outer, inner] = scan.kind === "sector" ? [scan.range, scan.angle] : [scan.z, scan.x];
  const y = scan.kind === "volume" ? scan.y : { min: 0, max: 0, count: 2 };
  const { rows, columns } = gridSize(scan);
  const lines = Object.entries({
    elements: elementCount(info.probe),
    elementsx: rowOf(info.probe),
    transmits: info.sequence.length,
    samples: info.sampleCount,
    columns,
    columnsx: inner.count,
    rows,
    sector: scan.kind === "sector" ? 1 : 0,
    hann: setting.window === "hann" ? 1 : 0,
    signal: ["rf", "analytic", "iq"].indexOf(setting.signal),
    frames: frames.length,
    pitch: info.probe.pitchM ?? 0,
    rate: info.sampleRateHz,
    sound: info.soundSpeedMps,
    fnumber: setting.fNumber,
    carrier: info.modulationFrequencyHz,
    center: (info.centerFrequencyHz ?? 0) / info.sampleRateHz,
    columnmin: inner.min,
    columnstep: (inner.max - inner.min) / (inner.count - 1),
    ymin: y.min,
    ystep: (y.max - y.min) / (y.count - 1),
    rowmin: outer.min,
    rowstep: (outer.max - outer.min) / (outer.count - 1),
  }).map(([name, value]) => `${name} ${value}`);
  for (const { wave, startS, mixerStartS = startS } of info.sequence) {
    const times = `${startS} ${mixerStartS}`;
    if (wave.kind === "plane") {
      const { azimuthRad: azimuth, elevationRad: elevation = 0 } = wave;
      const flat = Math.cos(elevation);
      lines.push(
        `wave 0 ${Math.sin(azimuth) * flat} ${Math.cos(azimuth) * flat} ${Math.sin(elevation)} ${times}`,
      );
    } else if (wave.kind === "diverging") {
      const [x, sy, z] = wave.source;
      lines.push(`wave 1 ${x} ${z} ${sy} ${times}`);
    } else throw new Error(`no native peer for ${wave.kind} waves`);
  }
  return [...lines, `input ${input}`, ""].join("\n");
}

/** Builds the native programs, once; makes peers for workloads. */
export class NativeBench {
  readonly #folder = mkdtempSync(join(tmpdir(), "sonde-bench-"));
  readonly #built = new Map<string, string>();
  /** What could not be built, and why. */
  readonly missing: { name: string; why: string }[] = [];
  compiler: string | undefined;
  #python: string | undefined;

  private constructor() {
    process.on("exit", () => this.close());
  }

  static async create(): Promise<NativeBench> {
    const bench = new NativeBench();
    await bench.#findCompiler();
    await bench.#findPython();
    return bench;
  }

  async #findCompiler(): Promise<void> {
    if (!SOURCES) {
      this.missing.push({ name: "C", why: "no C sources: they are in Sonde's repository" });
      return;
    }
    for (const name of [process.env["CC"], "cc", "gcc", "clang"])
      if (name && !this.compiler)
        try {
          const { stdout } = await run(name, ["--version"], { timeout: BUILD_PATIENCE_MS });
          this.compiler = `${name}: ${stdout.split("\n")[0]}`;
          await this.#buildAll(name, SOURCES);
        } catch {
          // Not this one.
        }
    if (!this.compiler) this.missing.push({ name: "C", why: "no C compiler" });
  }

  async #buildAll(compiler: string, sources: string): Promise<void> {
    for (const { source, flags } of PROGRAMS) await this.#build(compiler, sources, source, flags, []);
    await this.#build(compiler, sources, "fftw.c", TUNED, ["-lfftw3f"]);
  }

  async #build(
    compiler: string,
    sources: string,
    source: string,
    flags: readonly string[],
    libraries: readonly string[],
  ): Promise<void> {
    const program = join(this.#folder, source.replace(".c", ""));
    const build = (some: readonly string[]) =>
      run(compiler, [...some, "-o", program, join(sources, source), ...libraries, "-lm"], {
        timeout: BUILD_PATIENCE_MS,
      });
    try {
      // Some compilers know no -march=native or -mtune=native.
      await build(flags).catch(() => build(flags.filter((flag) => !flag.endsWith("=native"))));
      this.#built.set(source, program);
    } catch (error) {
      const name = source === "fftw.c" ? "FFTW" : source;
      this.missing.push({ name, why: `could not be built (${firstLine(error)})` });
    }
  }

  async #findPython(): Promise<void> {
    try {
      await run("python3", ["-c", "import pymust"], { timeout: BUILD_PATIENCE_MS });
      this.#python = "python3";
    } catch {
      this.missing.push({ name: "PyMUST", why: "no PyMUST" });
    }
  }

  /** Peers of a workload, their pictures checked; those with a wrong picture are missing. */
  async peersFor(workload: Workload): Promise<Peers> {
    const servers: Server[] = [];
    const peers: Peer[] = [];
    const missing: Peers["missing"] = [];
    const input = join(this.#folder, `${workload.name}.samples`);
    const description = join(this.#folder, `${workload.name}.txt`);
    writeFileSync(
      input,
      Buffer.concat(
        workload.frames.map(({ samples }) =>
          Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength),
        ),
      ),
    );
    writeFileSync(description, describe(workload, input));
    const checker = new Checker(workload);
    const start = async (command: string, words: readonly string[], label: string, kind: Peer["kind"]) => {
      const server = new Server(command, words);
      servers.push(server);
      try {
        const [ready, ...variants] = (await server.answer(READY_PATIENCE_MS)).split(" ");
        if (ready !== "ready") throw new Error(`${label} is not ready`);
        for (const variant of variants) {
          const picture = join(this.#folder, "picture");
          const first = await server.run(variant);
          await server.ask(`dump ${picture}`);
          const bytes = await readFile(picture);
          const errors = checker.errors(
            new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4),
            workload.pipeline.signal === "rf" ? 1 : 2,
          );
          const name = variant === label ? label : `${label} ${variant}`;
          const wrong = kind === "cSteered" ? undefined : notLinear(errors);
          if (wrong) missing.push({ name, why: wrong });
          else
            peers.push({
              name,
              kind,
              arithmetic: variant.includes("int16") ? "int16" : "float32",
              ...errors,
              firstMs: first.wallMs,
              run: () => server.run(variant),
            });
        }
      } catch (error) {
        missing.push({ name: label, why: firstLine(error) });
      }
    };
    for (const { source, kind } of PROGRAMS) {
      const program = this.#built.get(source);
      if (program) await start(program, [description], source.replace(".c", ""), kind);
    }
    if (this.#python && SOURCES && workload.name === "W5")
      await start(this.#python, [join(SOURCES, "pymust.py"), description], "PyMUST", "python");
    return {
      peers,
      missing,
      close: () => {
        for (const server of servers) server.close();
        rmSync(input, { force: true });
      },
    };
  }

  /** FFTW, by length; undefined where it is missing. */
  async fftw(): Promise<{ run(length: string): Promise<Timing>; close(): void } | undefined> {
    const program = this.#built.get("fftw.c");
    if (!program) return undefined;
    const server = new Server(program, [String(FFT_ROWS), ...FFT_LENGTHS.map(String)]);
    await server.answer(READY_PATIENCE_MS);
    return { run: (length) => server.run(length), close: () => server.close() };
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
