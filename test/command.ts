/** Runs the command line: the built one as a user would, or its source within this process. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
  /** Processor time it took; what other programs took meanwhile does not count. */
  processorMs: number;
}

/** Has Node say at its end what processor time it took, where nothing else is written. */
const TELLING = `data:text/javascript,${encodeURIComponent(
  'import { writeSync } from "node:fs"; process.on("exit", () => { const { user, system } = process.cpuUsage(); writeSync(3, String((user + system) / 1000)); });',
)}`;

/** `sonde WORDS...` */
export function sonde(...words: string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", TELLING, cli, ...words], {
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    let told = "";
    child.stdout?.on("data", (chunk) => (stdout += chunk));
    child.stderr?.on("data", (chunk) => (stderr += chunk));
    child.stdio[3]?.on("data", (chunk) => (told += chunk));
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({ code: code ?? -1, stdout, stderr, processorMs: Number.parseFloat(told) }),
    );
  });
}

let runs = 0;

/**
 * `sonde WORDS...` within this process, from the source: for many commands that end at once, whose own process would cost twenty times as
 * much. One at a time.
 */
export async function sondeWithin(...words: string[]): Promise<Omit<Outcome, "processorMs">> {
  const { argv, stdout, stderr } = process;
  const said = { stdout: "", stderr: "" };
  const listeners = [stdout, stderr].map((stream) => stream.listeners("error"));
  const writes = [stdout.write, stderr.write];
  const hear = (name: "stdout" | "stderr") => (chunk: string | Uint8Array) => {
    said[name] += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
    return true;
  };
  process.argv = [argv[0], "sonde", ...words];
  [stdout.write, stderr.write] = [hear("stdout"), hear("stderr")];
  try {
    // The module is the command: it runs when it is evaluated, each time under another address.
    await import(`../host/cli/main.ts?run=${runs++}`);
    return { code: Number(process.exitCode), ...said };
  } finally {
    process.argv = argv;
    [stdout.write, stderr.write] = writes;
    process.exitCode = undefined;
    for (const [k, stream] of [stdout, stderr].entries())
      for (const listener of stream.listeners("error"))
        if (!listeners[k].includes(listener)) stream.off("error", listener as () => void);
  }
}

/** A folder for outputs that is removed when the process ends. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sonde-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
