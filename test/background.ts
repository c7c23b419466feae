/** Commands of `sonde` that run until they are stopped, and a cable between two ends of TCP that can be pulled. */
import { type ChildProcess, spawn } from "node:child_process";
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from "node:net";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

export interface Background {
  /** What the pattern found in what it said. */
  readonly found: RegExpExecArray;
  readonly child: ChildProcess;
  /** Everything it said up to now. */
  said(): string;
  stop(): Promise<void>;
}

/** Starts `sonde WORDS...` and waits until it says what the pattern looks for. */
export function background(words: readonly string[], pattern: RegExp): Promise<Background> {
  const child = spawn(process.execPath, [cli, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  const stop = () =>
    new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) resolve();
      else child.once("exit", () => resolve()).kill("SIGKILL");
    });
  process.once("exit", () => child.kill("SIGKILL"));
  return new Promise((resolve, reject) => {
    const hear = (data: Buffer) => {
      text += String(data);
      const found = pattern.exec(text);
      if (found) resolve({ found, child, said: () => text, stop });
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("exit", (code) => reject(new Error(`sonde ${words.join(" ")} ended with ${code}: ${text}`)));
  });
}

/** Stands between a device and whoever connects to it. */
export class Cable {
  readonly #toPort: number;
  #port = 0;
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();

  constructor(toPort: number) {
    this.#toPort = toPort;
  }

  get port(): number {
    return this.#port;
  }

  /** Puts it in, at the same port each time. */
  plug(): Promise<void> {
    const server = createServer((near) => {
      const far = createConnection({ port: this.#toPort, host: "127.0.0.1" });
      for (const [one, other] of [
        [near, far],
        [far, near],
      ]) {
        this.#sockets.add(one);
        one.on("error", () => one.destroy());
        one.on("close", () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      }
      near.pipe(far);
      far.pipe(near);
    });
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once("error", reject).listen(this.#port, "127.0.0.1", () => {
        this.#port = (server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  /** Connections break, new ones are refused. */
  async pull(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  }
}
