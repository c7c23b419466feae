/**
 * A real browser for the tests of `web/`: Debian's Chromium, a small server with the strictest policy the viewer
 * promises to work under, and a trap: an error on a page that no test expects fails the test.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type ConsoleMessage,
  chromium,
  type Page,
} from "playwright-core";
import { BROWSER_FLAGS, locateBrowser } from "../../bench/browser.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; " +
  "connect-src 'self'; worker-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html echo-viewer sonde-bench";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".png": "image/png",
};

/** Path of a Chromium; installs Debian's where there is none and this process may. */
export function findBrowser(): string {
  const found = locateBrowser();
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    execFileSync("apt-get", ["update", "-qq"], { stdio: "ignore" });
    execFileSync("apt-get", ["install", "-y", "-qq", "chromium"], { stdio: "ignore" });
    const installed = locateBrowser();
    if (installed) return installed;
  }
  throw new Error(
    "No Chromium was found: install it (Debian: apt-get install chromium) or set CHROME_PATH to one.",
  );
}

/**
 * Bytes on their way to and from a page, as text: the browser's protocol makes an object of each element of an array, hundreds of
 * bytes for each one. On every page there are `toText(bytes)` and `fromText(text)`, and `pixelsOn(selector)` of the first viewer's canvases.
 */
const ON_PAGE = `
globalThis.toText = (bytes) => {
  let text = "";
  for (let k = 0; k < bytes.length; k += 8192) text += String.fromCharCode(...bytes.subarray(k, k + 8192));
  return btoa(text);
};
globalThis.fromText = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
globalThis.pixelsOn = (selector) => {
  const canvas = document.querySelector("echo-viewer").shadowRoot.querySelector(selector);
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  copy.drawImage(canvas, 0, 0);
  return copy.getImageData(0, 0, canvas.width, canvas.height);
};`;

declare global {
  var toText: (bytes: Uint8Array | Uint8ClampedArray) => string;
  var fromText: (text: string) => Uint8Array<ArrayBuffer>;
  var pixelsOn: (selector: string) => ImageData;
}

/** The bytes of a text that a page made with `toText`. */
export const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "base64"));

/** A text for a page's `fromText`. */
export const textOfBytes = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** What a test may add to the server: a path and its content. */
export type Extra = Readonly<Record<string, string | Uint8Array>>;

function pageWith(body: string, attributes = ""): string {
  return (
    `<!doctype html><html lang="en" ${attributes}><head><meta charset="utf-8"><title>Test</title>` +
    '<link rel="icon" href="data:,"><link rel="stylesheet" href="/test/page.css">' +
    `<script type="module" src="/dist/echo-viewer.min.js"></script></head><body><main><h1>Test</h1>${body}</main></body></html>`
  );
}

const PAGE_CSS =
  "body { margin: 0; background: #fff } h1 { margin: 0; font-size: 12px } main { display: block } echo-viewer { width: 640px; height: 480px }" +
  " .small { width: 160px; height: 160px; float: left } .full { width: 100vw; height: 100vh }";

/** The answer for a path, or undefined. */
function contentOf(
  path: string,
  extra: Extra,
): [content: string | Uint8Array, extension: string] | undefined {
  if (path in extra) return [extra[path], extname(path)];
  if (path === "/test/page.css") return [PAGE_CSS, ".css"];
  if (path === "/test/fake-backend.js") {
    const source = readFileSync(`${here}fake-backend.ts`, "utf8");
    return [transformSync(source, { loader: "ts", format: "esm" }).code, ".js"];
  }
  if (path.startsWith("/baselines/") && existsSync(here + path.slice(1))) {
    return [readFileSync(here + path.slice(1)), ".png"];
  }
  const own = path.endsWith("/") ? `${path}index.html` : path;
  const above = /^\/(?:site|cdn)\/|^\/(?!(?:page|cli|bench)\.js$)[\w.-]+\.js$/.test(path);
  const file = dist + (path.startsWith("/dist/") ? path.slice(6) : above ? own.slice(1) : `pages${own}`);
  if (path.includes("..") || !existsSync(file) || !statSync(file).isFile()) return undefined;
  return [readFileSync(file), extname(file)];
}

function serve(extra: Extra, isolated: boolean, policy: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const answer = contentOf(path, extra);
    if (policy) response.setHeader("Content-Security-Policy", policy);
    if (isolated) {
      response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
      response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    }
    response.setHeader("Content-Type", TYPES[answer?.[1] ?? ".html"] ?? "application/octet-stream");
    response.statusCode = answer ? 200 : 404;
    response.end(answer?.[0] ?? "not found");
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

export interface Stage {
  readonly page: Page;
  readonly address: string;
  /** Errors of the page, or of what it loads, that a test expects: seen once, they are forgiven. */
  expectError(pattern: RegExp): void;
}

export interface StageOptions {
  /** Body of the page; default one viewer. A path (`/...`) opens that page instead, an address (`http://...`) that of another server. */
  body?: string;
  /** Attributes of the `html` element. */
  attributes?: string;
  width?: number;
  height?: number;
  extra?: Extra;
  /** What the person has: a touch screen, a fine one, forced colours, less motion. */
  person?: Pick<
    BrowserContextOptions,
    "hasTouch" | "isMobile" | "deviceScaleFactor" | "forcedColors" | "reducedMotion" | "colorScheme"
  >;
  /** Cross-origin isolated, so that threads may share memory. Default false. */
  isolated?: boolean;
  /** Content security policy of every answer. Default: the strictest. */
  policy?: string;
}

/** A page that takes longer hangs. Its file is ended after five minutes, and would not say which of its tests it was. */
const GUARD_MS = 200_000;

/** How the page's report of a broken policy begins. */
const VIOLATION = "policy violation: ";

let browser: Browser | undefined;

/** Ends the browser after the last test of a file. */
export async function closeBrowser(): Promise<void> {
  await browser?.close();
}

async function withinGuard(acted: Promise<void>): Promise<void> {
  const guard = new AbortController();
  const late = wait(GUARD_MS, undefined, { signal: guard.signal }).then(() => {
    throw new Error(`The page's test did not end within ${GUARD_MS / 1000} s: what does it wait for?`);
  });
  try {
    await Promise.race([acted, late]);
  } finally {
    guard.abort();
  }
}

interface Window {
  readonly context: BrowserContext;
  readonly page: Page;
}

/** The last test's, for the next one: to open another costs as much as a short test does in it. */
let kept: Window | undefined;

/** What a page finds where no test has asked for anything else. */
const PLAIN = { colorScheme: "light", reducedMotion: "no-preference", forcedColors: "none" } as const;

async function openWindow(person: StageOptions["person"]): Promise<Window> {
  browser ??= await chromium.launch({
    executablePath: findBrowser(),
    args: [...BROWSER_FLAGS],
  });
  const context = await browser.newContext({ deviceScaleFactor: 1, ...person });
  const page = await context.newPage();
  // tsx names the functions inside the functions that tests send to the page.
  await page.addInitScript({ content: "globalThis.__name = (named) => named;" });
  await page.addInitScript({ content: ON_PAGE });
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  return { context, page };
}

/** Leaves the page of a test that went well, and keeps its window unless more was changed there than can be taken back. */
async function leave({ context, page }: Window, keep: boolean): Promise<void> {
  if (!keep || kept || page.isClosed()) return context.close();
  await page.goto("about:blank");
  await page.mouse.move(0, 0);
  for (const other of context.pages()) if (other !== page) await other.close();
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.emulateMedia(PLAIN);
  await context.clearPermissions();
  kept = { context, page };
}

/** Opens a page, runs the test, and fails it for every console error, page error and policy violation. */
export async function onStage(options: StageOptions, act: (stage: Stage) => Promise<void>): Promise<void> {
  const {
    body = "<echo-viewer></echo-viewer>",
    attributes,
    width = 1000,
    height = 700,
    extra = {},
    isolated = false,
    person = {},
    policy = POLICY,
  } = options;
  const server = await serve({ "/page.html": pageWith(body, attributes), ...extra }, isolated, policy);
  const plain = !isolated && Object.keys(person).length === 0;
  const window = (plain && kept) || (await openWindow(person));
  if (plain) kept = undefined;
  const { context, page } = window;
  const errors: string[] = [];
  const violations: string[] = [];
  const expected: RegExp[] = [];
  const onConsole = (message: ConsoleMessage): void => {
    const violation = message.text().startsWith(VIOLATION);
    if (violation) violations.push(message.text());
    else if (message.type() === "error" || message.type() === "warning")
      errors.push(`${message.text()} ${message.location().url}`);
  };
  const onError = (error: Error): unknown => errors.push(String(error.stack ?? error));
  const onCrash = (): unknown => errors.push("the page crashed");
  // What is asked of the browser itself may outlast the page.
  let plainly = plain;
  const { newCDPSession } = context;
  context.newCDPSession = (of) => {
    plainly = false;
    return newCDPSession.call(context, of);
  };
  let well = false;
  try {
    page.setDefaultTimeout(15_000);
    page.on("console", onConsole);
    page.on("pageerror", onError);
    page.on("crash", onCrash);
    await page.setViewportSize({ width, height });
    const { port } = server.address() as AddressInfo;
    const address = `http://127.0.0.1:${port}`;
    await page.goto(
      body.startsWith("http://") ? body : address + (body.startsWith("/") ? body : "/page.html"),
    );
    await withinGuard(act({ page, address, expectError: (pattern) => expected.push(pattern) }));
    // No test can expect these.
    if (violations.length) throw new Error(`The page broke its policy:\n${violations.join("\n")}`);
    const surprises = errors.filter((error) => !expected.some((pattern) => pattern.test(error)));
    if (surprises.length) throw new Error(`The page reported errors:\n${surprises.join("\n")}`);
    well = true;
  } finally {
    page.off("console", onConsole);
    page.off("pageerror", onError);
    page.off("crash", onCrash);
    context.newCDPSession = newCDPSession;
    await leave(window, well && plainly);
    server.closeAllConnections();
    server.close();
  }
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Words that nobody can read, as their box has no room, and boxes in viewers that must be scrolled sideways, one line each. */
function withoutRoom(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    for (const viewer of document.querySelectorAll("echo-viewer"))
      for (const element of viewer.shadowRoot?.querySelectorAll<HTMLElement>("*") ?? []) {
        const { position, overflowX, display } = getComputedStyle(element);
        if (!element.checkVisibility({ visibilityProperty: true }) || display === "contents") continue;
        const name = `${element.localName}.${element.className}`;
        if (/auto|scroll/.test(overflowX) && element.scrollWidth > element.clientWidth + 1)
          faults.push(`${name}: ${element.scrollWidth} px in ${element.clientWidth}`);
        const words = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
        const text = words
          .map((node) => node.textContent?.trim())
          .join(" ")
          .trim();
        const { width, height } = element.getBoundingClientRect();
        // What only assistive technology reads is out of the flow.
        if (text && position !== "absolute" && (width < 2 || height < 2))
          faults.push(`${name}: ${width} x ${height} px for "${text}"`);
      }
    return faults;
  });
}

/** What axe finds wrong with the page, and what has no room, one line each. */
export async function barriers(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axeSource);
  const wrong = await page.evaluate(async () => {
    interface Violation {
      id: string;
      help: string;
      nodes: { html: string }[];
    }
    interface Axe {
      run(options: { resultTypes: string[] }): Promise<{ violations: Violation[] }>;
    }
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run({
      // What is right need not be described.
      resultTypes: ["violations"],
    });
    return violations.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(" | ")}`,
    );
  });
  return [...wrong, ...(await withoutRoom(page))];
}

/**
 * Listens for the viewer's next event of this name before it resolves, so that what is done then cannot come first: keys and touches
 * take another way into the page than what is evaluated there. What it resolves to waits for the event's detail.
 */
export async function nextEvent<Name extends "echo-view" | "echo-load">(
  page: Page,
  name: Name,
): Promise<() => Promise<HTMLElementEventMap[Name]["detail"]>> {
  const heard = await page.evaluateHandle((awaited) => {
    const details: unknown[] = [];
    const viewer = document.querySelector("echo-viewer")!;
    viewer.addEventListener(awaited, ({ detail }) => details.push(detail), { once: true });
    return details;
  }, name);
  return async () => {
    await page.waitForFunction((details) => details.length > 0, heard);
    return (await heard.evaluate((details) => details[0])) as HTMLElementEventMap[Name]["detail"];
  };
}

/** Waits until the viewer's badge has one of these words. */
export async function waitForPhase(page: Page, ...phases: string[]): Promise<void> {
  await page.waitForFunction(
    (wanted) => wanted.includes(document.querySelector("echo-viewer")?.phase ?? ""),
    phases,
  );
}

/** A number that differs when the picture does: FNV-1a over the canvas. */
export function pictureHash(page: Page): Promise<number> {
  return page.evaluate(() => {
    let hash = 0x811c9dc5;
    for (const byte of pixelsOn("canvas.picture").data) hash = Math.imul(hash ^ byte, 0x01000193);
    return hash >>> 0;
  });
}

/** Text of the first element that matches inside the viewer. */
export async function textOf(page: Page, selector: string): Promise<string> {
  return ((await page.locator(`echo-viewer ${selector}`).first().textContent()) ?? "")
    .replace(/\s+/g, " ")
    .trim();
}
