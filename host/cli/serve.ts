/** `sonde serve`: the viewer's pages on a local address, and the file to show or the way to a probe. */
import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { basename, dirname, extname, join, normalize, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { SondeError } from "../errors.ts";
import { settingsNames } from "../formats/echopen-lookup.ts";
import { isOwnHost, urlsOf } from "./addresses.ts";
import { Bridge } from "./bridge.ts";
import { deviceOf } from "./device.ts";
import { simulatedArray } from "./input.ts";
import { number } from "./numbers.ts";
import { stopOrder } from "./stop-order.ts";
import type { Values } from "./words.ts";
import { UsageError } from "./wrong-usage.ts";

const DEFAULT_PORT = 8017;
const PORTS_TRIED = 20;

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".wasm": "application/wasm",
};

/** The strictest policy the element promises to work under; isolation lets threads share memory. */
const HEADERS = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; worker-src 'self'; img-src 'self' blob: data:; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
    "require-trusted-types-for 'script'; trusted-types lit-html echo-viewer sonde-bench",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cache-Control": "no-store",
};

interface Shown {
  /** Path of the file, when one is shown. */
  path?: string;
  /** Settings files beside it, which describe it (echOpen). */
  descriptions?: string[];
  /** Probe to show. */
  probe?: string;
  /** The way to a device. */
  bridge?: Bridge;
}

/** dist/, where the built pages are: this module is bundled into dist/cli.js. */
const dist = fileURLToPath(new URL("./", import.meta.url));

/** The path of a request, or undefined when it is none. */
function pathOf(url: string): string | undefined {
  try {
    return decodeURIComponent(new URL(url, "http://localhost").pathname);
  } catch (error) {
    if (error instanceof URIError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function fileFor(url: string, shown: Shown): string | undefined {
  const path = pathOf(url);
  if (path === undefined) return undefined;
  if (path.startsWith("/file/")) {
    const offered = shown.path ? [shown.path, ...(shown.descriptions ?? [])] : [];
    return offered.find((file) => path === `/file/${basename(file)}`);
  }
  const own = path.endsWith("/") ? `${path}index.html` : path;
  // The examples, and what they load of the library, lie as on a file server that offers dist/ alone.
  const [root, rest] = path.startsWith("/dist/")
    ? [dist, path.slice(6)]
    : /^\/(?:site|cdn|pages)\/|^\/(?!(?:page|cli|bench)\.js$)[\w.-]+\.js$/.test(path)
      ? [dist, own.slice(1)]
      : [join(dist, "pages"), own.slice(1)];
  const full = normalize(join(root, rest));
  return full.startsWith(root.endsWith(sep) ? root : root + sep) ? full : undefined;
}

/** A Link header's value (RFC 8288): where the page finds what the recording does not say itself. */
function describedBy(path: string): string {
  return `<${encodeURIComponent(basename(path))}>; rel="describedby"`;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

async function answer(request: IncomingMessage, response: ServerResponse, shown: Shown): Promise<void> {
  const send = (status: number, text: string, type = "text/plain; charset=utf-8") => {
    response.writeHead(status, { ...HEADERS, "Content-Type": type });
    response.end(request.method === "HEAD" ? undefined : text);
  };
  if (request.method !== "GET" && request.method !== "HEAD") return send(405, "Only GET");
  const asked = pathOf(request.url ?? "/");
  if (asked === "/site") {
    // What its pages load is named from within it.
    response.writeHead(301, { ...HEADERS, Location: "/site/" }).end();
    return;
  }
  if (asked === "/session.json")
    return send(
      200,
      JSON.stringify({
        src: shown.path ? `/file/${encodeURIComponent(basename(shown.path))}` : null,
        probe: shown.probe ?? null,
        ...(shown.bridge && { bridge: shown.bridge.session }),
      }),
      "application/json",
    );
  const path = fileFor(request.url ?? "/", shown);
  const found = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (path === undefined || !found?.isFile()) return send(404, "Not here");
  const links = path === shown.path ? (shown.descriptions ?? []).map(describedBy) : [];
  response.writeHead(200, {
    ...HEADERS,
    ...(links.length > 0 && { Link: links.join(", ") }),
    "Content-Type": TYPES[extname(path).toLowerCase()] ?? "application/octet-stream",
    "Content-Length": found.size,
  });
  if (request.method === "HEAD") response.end();
  else
    createReadStream(path)
      .on("error", () => response.destroy())
      .pipe(response);
}

function openBrowser(address: string): void {
  const command =
    process.platform === "darwin" ? "open" : process.platform === "win32" ? "explorer" : "xdg-open";
  // Without a desktop there is no browser to open; the address is printed all the same.
  spawn(command, [address], { stdio: "ignore", detached: true })
    .on("error", () => undefined)
    .unref();
}

/** Serves until stopped. */
export async function serve(what: string | undefined, values: Values): Promise<void> {
  const shown: Shown = {};
  // Node listens on addresses without the brackets they have in a URL.
  const host = (values.host ?? "127.0.0.1").replace(/^\[(.*)\]$/, "$1");
  // Node would listen to every network.
  if (!host) throw new UsageError('--host "": expected a name or an address');
  if (values.probe !== undefined) {
    if (what !== undefined) throw new UsageError(`${what}: either a file or --probe`);
    const { transport, protocol } = await deviceOf(values.probe, values);
    shown.bridge = new Bridge({
      transport,
      protocol: String(values.protocol),
      boundary: protocol.boundary,
      stop: protocol.encode?.({ kind: "stop" }),
      isOwnHost: (header) => isOwnHost(header, host),
      say: (line) => console.log(line),
    });
  } else if (values.protocol !== undefined)
    throw new UsageError("--protocol: it says what the bytes of --probe mean, which is missing");
  else if (what === undefined) shown.probe = "simulated";
  else if (simulatedArray(what)) shown.probe = what;
  else {
    if (!(await isFile(what)))
      throw new SondeError(
        "not-found",
        `${what} is no file: give a file, or simulated, simulated:phased, simulated:convex`,
      );
    shown.path = resolve(what);
    const beside = settingsNames(basename(what)).map((name) => join(dirname(resolve(what)), name));
    shown.descriptions = [];
    for (const path of beside) if (await isFile(path)) shown.descriptions.push(path);
  }
  const first = values.port === undefined ? DEFAULT_PORT : number("port", values.port);
  if (!(Number.isInteger(first) && first >= 0 && first < 65536))
    throw new UsageError(`--port ${values.port}: a number from 0 to 65535`);
  const server = createServer((request, response) => {
    if (!isOwnHost(request.headers.host, host)) {
      response.writeHead(403).end();
      return;
    }
    answer(request, response, shown).catch(() => response.destroy());
  });
  const { bridge } = shown;
  if (bridge) server.on("upgrade", (request, socket, head) => bridge.upgrade(request, socket, head));
  for (let port = first; ; port++) {
    const failure = await new Promise<NodeJS.ErrnoException | undefined>((done) => {
      server.once("error", done);
      server.listen(port, host, () => done(undefined));
    });
    server.removeAllListeners("error");
    if (!failure) break;
    const mayMove = failure.code === "EADDRINUSE" && values.port === undefined && port < first + PORTS_TRIED;
    if (!mayMove)
      throw new SondeError("not-found", `${host}:${port} cannot be served from: ${failure.message}`, {
        cause: failure,
      });
  }
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : first;
  const [nearest, ...others] = urlsOf(host, port);
  console.log(
    `Sonde shows ${shown.path ?? values.probe ?? `the ${shown.probe} probe`} on ${nearest} (Ctrl-C stops)`,
  );
  for (const url of others) console.log(`and on ${url}`);
  if (values.open) openBrowser(nearest);
  await stopOrder().promise;
  await bridge?.close();
  const closed = new Promise<void>((done) => server.close(() => done()));
  server.closeAllConnections();
  await closed;
}
