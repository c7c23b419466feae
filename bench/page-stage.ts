/**
 * A stage in this machine's Chromium, driven from Node by local requests: Node serves the bench's page, the page asks for calls
 * and answers them, and native peers run in Node between its rounds.
 */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { SondeError } from "../host/index.ts";
import { BROWSER_FLAGS, locateBrowser, removeProfile } from "./browser.ts";
import type { Order } from "./page/driven.ts";
import { type Answer, remoteStage } from "./page/messages.ts";
import { engineName } from "./page/who.ts";
import type { Stage } from "./stage.ts";

const dist = ["./", "../dist/"]
  .map((place) => fileURLToPath(new URL(place, import.meta.url)))
  .find((folder) => normalize(folder).endsWith(`${sep}dist${sep}`))!;

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
};

/** As `sonde serve`: isolated, which also gives the page its finest clock. */
const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-store",
};

const START_PATIENCE_MS = 60_000;
/** A question that waits for an order is sent again after this long. */
const POLL_MS = 20_000;

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}

/** Runs `work` with a stage in a new page; gives the browser's name. @throws SondeError `unsupported-platform` without a browser, or with one that fails */
export async function withPageStage(
  disk: Blob | undefined,
  work: (stage: Stage, engine: string) => Promise<void>,
): Promise<void> {
  const program = locateBrowser();
  if (!program)
    throw new SondeError(
      "unsupported-platform",
      "No Chromium was found: install it or set CHROME_PATH to one, or measure with --where node",
    );
  const token = randomUUID();
  const orders: Order[] = [];
  let asking: ServerResponse | undefined;
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let hello: (engine: string) => void = () => undefined;
  let failed: (error: Error) => void = () => undefined;
  const started = new Promise<string>((resolve, reject) => {
    hello = resolve;
    failed = (error) => {
      reject(error);
      for (const call of waiting.values()) call.reject(error);
      waiting.clear();
    };
  });
  // Who awaits it hears of a failure; until then it is nobody's.
  started.catch(() => undefined);

  const json = (response: ServerResponse, value: unknown) => {
    response.writeHead(200, { ...HEADERS, "Content-Type": "application/json" });
    response.end(JSON.stringify(value));
  };
  const give = () => {
    if (!asking || orders.length === 0) return;
    const response = asking;
    asking = undefined;
    json(response, orders.shift());
  };
  const order = (next: Order) => {
    orders.push(next);
    give();
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname === `/${token}/next`) {
      hello(engineName(request.headers["user-agent"] ?? ""));
      asking = response;
      setTimeout(() => {
        if (asking !== response) return;
        asking = undefined;
        json(response, { wait: true } satisfies Order);
      }, POLL_MS).unref();
      return give();
    }
    if (pathname === `/${token}/done`) {
      const answer = JSON.parse(await bodyOf(request)) as Answer;
      const call = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ("error" in answer) call?.reject(new Error(answer.error));
      else call?.resolve(answer.result);
      return json(response, {});
    }
    if (pathname === `/${token}/disk` && disk) {
      response.writeHead(200, { ...HEADERS, "Content-Type": "application/octet-stream" });
      response.end(Buffer.from(await disk.arrayBuffer()));
      return;
    }
    const path = normalize(join(dist, pathname));
    const content = path.startsWith(dist) ? await readFile(path).catch(() => undefined) : undefined;
    response.writeHead(content ? 200 : 404, {
      ...HEADERS,
      "Content-Type": TYPES[extname(path)] ?? "text/plain",
    });
    response.end(content ?? "Not here");
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const profile = await mkdtemp(join(tmpdir(), "sonde-bench-page-"));
  const browser = spawn(
    program,
    [
      ...BROWSER_FLAGS,
      "--headless=new",
      "--disable-background-timer-throttling",
      "--disable-renderer-backgrounding",
      `--user-data-dir=${profile}`,
      `http://127.0.0.1:${port}/pages/bench.html?drive=${token}`,
    ],
    { stdio: "ignore" },
  );
  const ended = new Promise<void>((done) => browser.once("close", () => done()));
  browser.once("error", (error) =>
    failed(new SondeError("unsupported-platform", `${program} cannot be started: ${error.message}`)),
  );
  browser.once("exit", (code) =>
    failed(new SondeError("unsupported-platform", `${program} ended with ${code} before the bench did`)),
  );
  const timer = setTimeout(
    () =>
      failed(
        new SondeError(
          "unsupported-platform",
          `${program} did not open the bench's page within ${START_PATIENCE_MS / 1000} s`,
        ),
      ),
    START_PATIENCE_MS,
  );
  let next = 0;
  const stage = remoteStage(
    (method, words) =>
      new Promise((resolve, reject) => {
        const call = { id: next++, method, words: method === "prepare" ? words.slice(0, 2) : words };
        waiting.set(call.id, { resolve, reject });
        order({ call, disk: method === "prepare" && words[2] !== undefined });
      }),
  );
  try {
    const engine = await started;
    clearTimeout(timer);
    await work(stage, engine);
    order({ end: true });
  } finally {
    clearTimeout(timer);
    browser.kill();
    await ended;
    server.closeAllConnections();
    server.close();
    await removeProfile(profile);
  }
}
