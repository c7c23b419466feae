import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { SondeEncoder } from "../../host/protocols/sonde-encoder.ts";
import { makeWorkload } from "../workloads.ts";
import { BarePage } from "./bare-page.ts";
import { serve } from "./served.ts";

/** The way of W2 that its figures in the study are for. */
const WAY = "steered int16 at twice the sample rate, 2 threads";
/** What the first pictures cost, compiling and filling caches, is not measured (s). */
const WARM_UP_S = 3;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "20" },
    rate: { type: "string", default: "120" },
    json: { type: "boolean", default: false },
  },
});
const seconds = Number(values.seconds);
const rateHz = Number(values.rate);
if (!(seconds > 0) || !(rateHz > 0)) throw new Error("--seconds and --rate are numbers above 0");

const folder = mkdtempSync(join(tmpdir(), "sonde-frame-rate-"));
const recording = join(folder, "w2.sonde");
const { info, frames, variants } = await makeWorkload("W2");
const { pipeline } = variants.find(({ name }) => name === WAY)!;
const encoder = new SondeEncoder();
const { samples } = frames[0];
writeFileSync(
  recording,
  Buffer.concat([
    encoder.configuration({ ...info, frameRateHz: rateHz }),
    encoder.frame({ index: 0, timeS: 0, samples }),
    encoder.end(),
  ]),
);
const server = await serve(recording);

interface Watched {
  shown: number;
  /** When pictures came on the canvas. */
  atMs: number[];
  given: number;
  /** Of the plan. */
  report?: object;
}

const page = await BarePage.open(server.address, 1024, 768);
try {
  await page.until("The recording", () => document.querySelector("echo-viewer")?.phase === "file");
  await page.evaluate(`async () => {
    const viewer = document.querySelector("echo-viewer");
    const { open } = await import("/index.js");
    const stored = await open(viewer.src);
    const { samples } = await stored.frame(0);
    const watched = { shown: 0, atMs: [], given: 0 };
    Object.assign(window, { watched });
    viewer.pipeline = ${JSON.stringify(pipeline)};
    viewer.backend = {
      ...viewer.backend,
      connect: async () => ({
        info: { ...stored.info, frameCount: null },
        live: true,
        async *frames({ signal } = {}) {
          const startMs = performance.now();
          for (let index = 0; !signal?.aborted; index++) {
            await new Promise((done) => setTimeout(done, startMs + (index * 1000) / ${rateHz} - performance.now()));
            index = Math.max(index, Math.floor(((performance.now() - startMs) * ${rateHz}) / 1000));
            watched.given++;
            yield { index, samples };
          }
        },
        frame: () => Promise.reject(new Error("live")),
        close() {},
      }),
    };
    viewer.quality = "full";
    viewer.addEventListener("echo-load", ({ detail }) => {
      const { path, threads } = detail.report;
      watched.report = { path, threads };
    });
    viewer.src = null;
    viewer.probe = "w2";
    let last = -1;
    const look = () => {
      const { image } = viewer;
      if (image && image.frameIndex !== last) {
        last = image.frameIndex;
        watched.shown++;
        watched.atMs.push(performance.now());
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }`);
  await page.until("A live picture", () => document.querySelector("echo-viewer")?.phase === "live");
  await wait(WARM_UP_S * 1000);
  const count = () =>
    page.evaluate(() => {
      const { watched } = window as unknown as { watched: Watched };
      const viewer = document.querySelector("echo-viewer");
      const picture = viewer?.image;
      return {
        ...watched,
        atMs: watched.atMs.splice(0),
        size: `${picture?.width} x ${picture?.height}`,
      };
    });
  const before = await count();
  await wait(seconds * 1000);
  const after = await count();
  const gaps = after.atMs
    .slice(1)
    .map((at, i) => at - after.atMs[i])
    .sort((a, b) => a - b);
  const round = (value: number) => Math.round(value * 10) / 10;
  const report = {
    seconds,
    given: round((after.given - before.given) / seconds),
    shown: round((after.shown - before.shown) / seconds),
    gapMs: {
      median: round(gaps[gaps.length >> 1]),
      p99: round(gaps[Math.floor(0.99 * gaps.length)]),
    },
    size: after.size,
    plan: after.report,
  };
  console.log(values.json ? JSON.stringify(report) : JSON.stringify(report, null, 1));
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await page.close();
  server.process.kill();
  rmSync(folder, { recursive: true, force: true });
  process.exit();
}
