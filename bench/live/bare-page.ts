/**
 * A page in a Chromium of its own that is only asked questions. Automation libraries have the browser report every message
 * of every WebSocket, encoded as text, to them: at 40 MB/s that costs a page more than its own work. Here nothing is reported.
 */
import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { WebSocket } from "ws";
import { BROWSER_FLAGS, locateBrowser, removeProfile } from "../browser.ts";

const START_PATIENCE_MS = 60_000;
const LOOK_MS = 100;

/** An answer in the Chrome DevTools protocol. */
interface Answer {
  id?: number;
  result?: Record<string, unknown>;
  error?: { message: string };
}

/** One connection of the Chrome DevTools protocol. */
class Debugger {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve(result: never): void; reject(error: Error): void }>();
  #next = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data) => {
      const { id, result, error } = JSON.parse(String(data)) as Answer;
      const call = id === undefined ? undefined : this.#waiting.get(id);
      if (id === undefined || !call) return;
      this.#waiting.delete(id);
      if (error) call.reject(new Error(error.message));
      else call.resolve(result as never);
    });
    const fail = () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("the browser has gone"));
      this.#waiting.clear();
    };
    socket.on("close", fail);
    socket.on("error", fail);
  }

  static async connect(address: string): Promise<Debugger> {
    const socket = new WebSocket(address, { maxPayload: 2 ** 28 });
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    return new Debugger(socket);
  }

  send<Result>(method: string, params: object = {}): Promise<Result> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  close(): void {
    this.#socket.close();
  }
}

/** The first thing that `look` gives within a minute. */
async function within<Value>(what: string, look: () => Promise<Value | undefined>): Promise<Value> {
  for (const start = performance.now(); performance.now() - start < START_PATIENCE_MS; await wait(LOOK_MS)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`${what} did not come within ${START_PATIENCE_MS / 1000} s`);
}

/** See the head of this file. */
export class BarePage {
  readonly #debugger: Debugger;
  readonly #quit: () => Promise<void>;

  private constructor(page: Debugger, quit: () => Promise<void>) {
    this.#debugger = page;
    this.#quit = quit;
  }

  /** Opens an address. @throws Error without a browser, or when it does not start */
  static async open(address: string, width: number, height: number): Promise<BarePage> {
    const program = locateBrowser();
    if (!program) throw new Error("no Chromium was found: install it, or set CHROME_PATH");
    const profile = mkdtempSync(join(tmpdir(), "sonde-bench-live-"));
    const browser = spawn(
      program,
      [
        ...BROWSER_FLAGS,
        "--headless=new",
        "--remote-debugging-port=0",
        `--window-size=${width},${height}`,
        `--user-data-dir=${profile}`,
        "about:blank",
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    const ended = new Promise<void>((done) => browser.once("close", () => done()));
    const quit = async () => {
      browser.kill();
      await ended;
      await removeProfile(profile);
    };
    try {
      const port = await new Promise<string>((resolve, reject) => {
        let said = "";
        browser.stderr.on("data", (text) => {
          said = (said + String(text)).slice(-4096);
          const found = /DevTools listening on ws:\/\/[^:]+:(\d+)\//.exec(said);
          if (found) resolve(found[1]);
        });
        browser.once("error", reject);
        browser.once("exit", (code) => reject(new Error(`${program} ended with ${code}: ${said}`)));
      });
      const target = await within("A page of the browser", async () => {
        const response = await fetch(`http://127.0.0.1:${port}/json/list`);
        const targets = (await response.json()) as { type: string; webSocketDebuggerUrl: string }[];
        return targets.find(({ type }) => type === "page")?.webSocketDebuggerUrl;
      });
      const page = new BarePage(await Debugger.connect(target), quit);
      await page.send("Page.navigate", { url: address });
      return page;
    } catch (error) {
      await quit();
      throw error;
    }
  }

  /** A command of the Chrome DevTools protocol. Do not enable what reports by itself. */
  send<Result>(method: string, params?: object): Promise<Result> {
    return this.#debugger.send(method, params);
  }

  /** What a function gives in the page, as JSON. It sees nothing from outside of itself. */
  async evaluate<Value>(work: string | (() => Value | Promise<Value>)): Promise<Value> {
    const { result, exceptionDetails } = await this.send<{
      result: { value: Value };
      exceptionDetails?: { text: string; exception?: { description?: string } };
    }>("Runtime.evaluate", {
      // tsx names the functions inside the functions that are sent to the page.
      expression: `globalThis.__name ??= (named) => named; (${work})()`,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Waits until a function gives true in the page. */
  async until(what: string, work: () => boolean): Promise<void> {
    await within(what, async () => (await this.evaluate(work)) || undefined);
  }

  async close(): Promise<void> {
    this.#debugger.close();
    await this.#quit();
  }
}
