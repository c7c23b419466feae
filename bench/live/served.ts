/** `sonde serve`, as built, for the benches of this folder. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What is served, and by whom. */
export interface Served {
  address: string;
  process: ChildProcess;
}

/** Runs `sonde serve WORDS` on a free port. @throws Error when it ends before it says where */
export function serve(...words: string[]): Promise<Served> {
  const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
  const server = spawn(process.execPath, [cli, "serve", ...words, "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    server.stdout.on("data", (text) => {
      const [address] = /http:\/\/localhost:\d+\//.exec(String(text)) ?? [];
      if (address) resolve({ address, process: server });
    });
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`sonde serve ended with ${code}: npm run build first`)));
  });
}
