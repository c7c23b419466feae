/** What a page loads, and how much of it: files of dist/, gzip -9, 1 kB = 1000 bytes; the bench's page is for those who open it. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { onStage, waitForPhase } from "../web/browser.ts";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

/** Files that are weighed together. */
export interface Budget {
  what: string;
  /** Names in dist/. */
  files: readonly string[];
  /** What it may weigh. */
  kB: number;
  /** What the design wants, where that is less. */
  wantedKB?: number;
}

/** A budget and what its files weigh. */
export interface Weighed extends Budget {
  plainKB: number;
  gzipKB: number;
}

/**
 * Over the design's 60 kB: 24 are the core and 55 the element with Lit, view, languages' English, scales, the doors to its features and
 * to its worker. The simulated probe takes 9 more, the steered path with its plan, checks and picture the rest: each says what it
 * refuses in a sentence of its own. Other threads and their code come behind that picture.
 */
const FIRST_PICTURE = { what: "page to first live picture", kB: 121.6, wantedKB: 60 };

const FILES: readonly Budget[] = [
  // Compressors of other versions may make some bytes more of it.
  { what: "the core", files: ["core/core.wasm"], kB: 24.1, wantedKB: 24 },
  { what: "the element, for file servers", files: ["cdn/echo-viewer.js"], kB: 55.4, wantedKB: 25 },
  { what: "single file for a script tag", files: ["echo-viewer.min.js"], kB: 135.3, wantedKB: 100 },
  { what: "beside it, for files and devices", files: ["readers.js"], kB: 67.3 },
  { what: "beside it, for devices", files: ["live.js"], kB: 44.2 },
  { what: "beside it: measuring", files: ["feature-measure.js"], kB: 23.2, wantedKB: 8 },
  { what: "beside it: modes", files: ["feature-modes.js"], kB: 28.5 },
  { what: "beside it: imaging", files: ["feature-imaging.js"], kB: 17 },
  { what: "beside it: export", files: ["feature-export.js"], kB: 36.7 },
  { what: "worker of the library", files: ["sonde-worker.js"], kB: 88.6, wantedKB: 40 },
  { what: "the bench's page", files: ["bench-page.js"], kB: 20 },
  { what: "the bench's worker", files: ["bench-worker.js"], kB: 140 },
];

function weigh(budget: Budget): Weighed {
  const contents = budget.files.map((file) => readFileSync(dist + file));
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0) / 1000;
  return {
    ...budget,
    plainKB: sum(contents.map(({ length }) => length)),
    gzipKB: sum(contents.map((content) => gzipSync(content, { level: 9 }).length)),
  };
}

const PAGE =
  '<!doctype html><html lang="en"><head><title>First picture</title><link rel="icon" href="data:,">' +
  '<script type="module" src="/dist/cdn/echo-viewer.js"></script>' +
  '<script type="module" src="/seen.js"></script></head>' +
  '<body><echo-viewer probe="simulated"></echo-viewer></body></html>';

/** Asks for a file of its own when the first picture is there: what the page asks for behind it is not counted. */
const SEEN = 'addEventListener("echo-frame", () => import("/end.js"), { once: true });';

/** What a browser asks for until `<echo-viewer probe="simulated">` is live. */
async function firstPictureFiles(): Promise<string[]> {
  const asked = new Set<string>();
  await onStage(
    {
      body: "/start.html",
      extra: {
        "/start.html": "<!doctype html><link rel=icon href=data:,>",
        "/page.html": PAGE,
        "/seen.js": SEEN,
        "/end.js": "",
      },
    },
    async ({ page, address }) => {
      let seen = false;
      page.context().on("request", (request) => {
        const { pathname } = new URL(request.url());
        seen ||= pathname === "/end.js";
        if (!seen && pathname.startsWith("/dist/")) asked.add(pathname.slice("/dist/".length));
      });
      await page.goto(`${address}/page.html`);
      await waitForPhase(page, "live");
    },
  );
  return [...asked];
}

/** Weighs everything; takes a browser. */
export async function weighAll(): Promise<Weighed[]> {
  return [weigh({ ...FIRST_PICTURE, files: await firstPictureFiles() }), ...FILES.map(weigh)];
}

/** One line a budget. */
export function report(all: readonly Weighed[]): string {
  const number = (kB: number | undefined) => (kB === undefined ? "" : kB.toFixed(1)).padStart(9);
  return [
    `${"kB".padEnd(34)} minified     gzip   budget   wanted`,
    ...all.map(
      ({ what, plainKB, gzipKB, kB, wantedKB }) =>
        `${what.padEnd(34)}${[plainKB, gzipKB, kB, wantedKB].map(number).join("")}${gzipKB > kB ? "  OVER" : ""}`,
    ),
  ].join("\n");
}
