/** Runs the built command line as a user would. */
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

/** A folder for outputs that is removed when the process ends. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sonde-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
