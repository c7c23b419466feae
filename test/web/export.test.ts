/** What the viewer gives away, decoded by others: node's zlib, the browser's own players, a reader of GIF blocks, HDF5. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  type ChannelData,
  createEngine,
  open,
  type Pipeline,
  pipelineOfPng,
  toSonde,
  toUff,
} from "../../host/index.ts";
import { simulatedRecording } from "../../host/simulate/index.ts";
import { captionsOf, dateOf } from "../../web/echo-viewer/features/export/captions.ts";
import { fileNameOf } from "../../web/echo-viewer/features/export/deliver.ts";
import { EXPORT_KINDS } from "../../web/echo-viewer/features/export/kinds.ts";
import { pipelineOf as askedOf, type FullView } from "../../web/echo-viewer/pipeline.ts";
import { NO_SESSION, type Session, Store, type ViewerState } from "../../web/echo-viewer/store.ts";
import { decodePng } from "../host/formats/decode-png.ts";
import { makeScene } from "../synthetic.ts";
import {
  barriers,
  bytesOf,
  closeBrowser,
  onStage,
  type Stage,
  textOf,
  textOfBytes,
  waitForPhase,
} from "./browser.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

type Page = Stage["page"];

const PROBE = '<echo-viewer probe="simulated:phased"></echo-viewer>';

/** Its pictures take a tenth of the time to make: for exports that make many of them, and where nothing depends on their shape. */
const QUICK = '<echo-viewer probe="simulated:linear"></echo-viewer>';

/** Frozen, with so many frames stored. */
async function freeze(page: Page, frames = 6): Promise<void> {
  // On a busy machine the picture may be late.
  await waitForPhase(page, "live", "delayed", "no-signal");
  // Stored frames are told while live twice a second.
  await page.waitForTimeout(150 * frames);
  await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
  await waitForPhase(page, "frozen");
  await page.waitForFunction(() => document.querySelector("echo-viewer")!.image !== null);
}

/** Presses a button of the drawer, and gives the file that is saved. */
async function saved(page: Page, kind: string): Promise<{ name: string; bytes: Uint8Array<ArrayBuffer> }> {
  const [download] = await Promise.all([
    page.waitForEvent("download", { timeout: 60_000 }),
    page.locator(`echo-viewer button.plain[part~=export-${kind}]`).click(),
  ]);
  const bytes = Uint8Array.from(readFileSync(await download.path()));
  return { name: download.suggestedFilename(), bytes };
}

async function openDrawer(page: Page): Promise<void> {
  await page.locator("echo-viewer [part~=rail-export]").click();
  await page.locator("echo-viewer [part~=export-picture]").waitFor();
}

test("the picture alone is the pixels on the screen, with their size and the pipeline that made them", async () => {
  await onStage({ body: PROBE }, async ({ page }) => {
    await freeze(page);
    await openDrawer(page);
    const { name, bytes } = await saved(page, "plain");
    assert.match(name, /^Simulated-phased-array-64-elements-\d{8}-\d{6}\.png$/);
    const png = decodePng(bytes);
    const image = await page.evaluate(() => {
      const { width, height, pixels, regions } = document.querySelector("echo-viewer")!.image!;
      return { width, height, text: toText(pixels), deltaXM: regions[0].deltaXM };
    });
    const pixels = bytesOf(image.text);
    assert.equal([png.width, png.height], [image.width, image.height]);
    let worst = 0;
    for (let k = 0; k < png.width * png.height; k++) {
      const [grey, alpha] = [pixels[4 * k], pixels[4 * k + 3]];
      worst = Math.max(worst, Math.abs(png.values[k * png.channels] - (alpha ? grey : 0)));
    }
    assert.is(worst, 0);
    assert.is(png.pixelsPerMeter?.[0], Math.round(1 / image.deltaXM));
    assert.is(png.text["Comment"], "Not for diagnostic use");
    const pipeline = await pipelineOfPng(bytes);
    assert.is(pipeline?.display?.dynamicRangeDb, 50);
    assert.ok(pipeline?.scan);
  });
});

test("a picture is dated by when it came, a recording by when it began, and else it says that this is the export's date", () => {
  const texts = { date: (when: Date) => when.toISOString(), exported: (when: string) => `exported ${when}` };
  const now = Date.UTC(2026, 10, 29, 12);
  const at = (session: unknown, cameMs?: number) =>
    dateOf({ session: session as Session }, texts, cameMs, now);
  assert.is(at({ live: true, source: {} }, now - 60_000), new Date(now - 60_000).toISOString());
  const started = "2026-11-01T08:30:00.000Z";
  assert.is(at({ live: false, source: { session: { started } } }), started);
  for (const session of [undefined, { started: "some day" }])
    assert.is(at({ live: false, source: { session } }), "exported 2026-11-29T12:00:00.000Z");
});

test("a file keeps the letters of its source's name, whatever marks they have", () => {
  const when = new Date(2026, 10, 29, 13, 5, 1);
  const named = (name: string): string => {
    const info = { kind: "beamformed", name, format: "NPY", warnings: [] };
    const session = { info, live: false, plan: { report: {} }, source: {} } as unknown as Session;
    return fileNameOf({ ...new Store().state, session }, "picture", when).replace("-20261129-130501.png", "");
  };
  assert.is(named("Échographie du cœur.uff"), "Échographie-du-cœur");
  // As a disk may have it: letter and accent apart.
  assert.is(named("E\u0301chographie.uff"), "Échographie");
  assert.is(named("हिन्दी.npy"), "हिन्दी");
  assert.is(named("❤️ heart/❤️ a_b.npy"), "a-b");
  assert.is(named("❤️"), "ultrasound");
});

test("captions say what the state says: who may be told, how the picture lies, and that it has fewer rows", () => {
  const info = { kind: "beamformed", name: "Meier_Anna.dcm", format: "DICOM", warnings: [] };
  const session = { info, live: true, plan: { report: {} }, source: {} } as unknown as Session;
  const state: ViewerState = {
    ...new Store().state,
    ...NO_SESSION,
    session,
    signal: "fresh",
    scale: 0.5,
    sessionPatient: { name: "Meier, Anna", sex: "F" },
    view: { zoom: 2, centre: [0.5, 0.5], flipX: true, flipY: false, quarterTurns: 1 },
  };
  const said = captionsOf(state, "today", null);
  assert.equal([said.patient, said.source], ["Meier, Anna  F", "Meier_Anna.dcm"]);
  assert.equal(said.badges, ["LIVE", "COARSER"]);
  assert.equal(said.parameters.slice(0, 2), ["Flipped, turned 90°", "2.0×"]);
  const hidden = captionsOf({ ...state, privacy: true }, "today", null);
  assert.equal([hidden.patient, hidden.source], ["Patient hidden  F", "DICOM"]);
  assert.equal(captionsOf({ ...state, signal: "late" }, "", null).badges, ["DELAYED", "COARSER"]);
  for (const over of [{ frozen: true }, { signal: "ended" }] as const)
    assert.not.ok(captionsOf({ ...state, ...over }, "", null).badges.includes("COARSER"));
  const full = {
    kind: "scan",
    scan: { kind: "linear", x: { min: 0, max: 1, count: 200 }, z: { min: 0, max: 1, count: 400 } },
  };
  const rows = (change: Partial<ViewerState>): unknown =>
    (askedOf({ ...state, ...change }, full as FullView, true).scan as { z: { count: number } } | undefined)?.z
      .count;
  assert.equal([rows({}), rows({ signal: "late" })], [200, 200]);
  assert.equal([rows({ signal: "ended" }), rows({ signal: "lost" })], [undefined, undefined], "all of them");
});

test("in Arabic each caption of a picture reads by itself: no word stands at another's number", async () => {
  await onStage(
    { body: PROBE.replace("<echo-viewer", '<echo-viewer lang="ar" gain="9"') },
    async ({ page }) => {
      await freeze(page);
      const texts = await page.evaluate(async () => {
        const written: string[] = [];
        const { fillText } = CanvasRenderingContext2D.prototype;
        CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
          if (!this.canvas.isConnected) written.push(text);
          fillText.call(this, text, ...place);
        };
        await document.querySelector("echo-viewer")!.exportAs("picture");
        return written;
      });
      const arabic = texts.filter((text) => /\p{Script=Arabic}/u.test(text));
      assert.ok(arabic.some((text) => text.includes("9 dB")));
      for (const text of arabic) {
        // Nothing but room stands outside Unicode's isolates, and none of the outer ones holds two figures.
        let depth = 0;
        let isolate = "";
        for (const letter of text) {
          if (/[\u2066-\u2068]/.test(letter) && depth++ === 0) isolate = "";
          if (depth === 0) assert.match(letter, /\s/, text);
          isolate += letter;
          if (letter === "\u2069" && --depth === 0)
            assert.ok((isolate.match(/dB/g) ?? []).length < 2, isolate);
        }
      }
    },
  );
});

/** A stored frame as it is shown: its time of acquisition (s), and a number that differs when its pixels do (FNV-1a). */
interface Shown {
  timeS: number;
  hash: number;
}

/** The stored frames in their order, by stepping through them. */
function storedPictures(page: Page): Promise<Shown[]> {
  return page.evaluate(async () => {
    const viewer = document.querySelector("echo-viewer")!;
    const pictures = new Map<number, Shown>();
    const note = (): boolean => {
      const { frameIndex, frameTimeS = Number.NaN, pixels } = viewer.image!;
      const isNew = !pictures.has(frameIndex);
      let hash = 0x811c9dc5;
      for (const byte of pixels) hash = Math.imul(hash ^ byte, 0x01000193);
      pictures.set(frameIndex, { timeS: frameTimeS, hash: hash >>> 0 });
      return isNew;
    };
    // A frame may be painted twice, as when it gets all its rows: only one that was not seen before counts.
    const shown = (patienceMs: number) =>
      new Promise<boolean>((resolve) => {
        const done = (isNew: boolean) => {
          clearTimeout(timer);
          viewer.removeEventListener("echo-frame", seen);
          resolve(isNew);
        };
        const timer = setTimeout(done, patienceMs, false);
        const seen = () => {
          if (note()) done(true);
        };
        viewer.addEventListener("echo-frame", seen);
      });
    const first = shown(10_000);
    viewer.step(-10_000);
    await first;
    // A frame of before the freeze may still come: what is on the screen is the first one when none came for a while.
    while (await shown(1000));
    pictures.clear();
    note();
    const place = viewer.shadowRoot!.querySelector(".place")!.textContent;
    const stored = Number(/\/\s*(\d+)/.exec(place ?? "")?.[1]);
    // A busy machine takes its time for one.
    for (let next = true; next && pictures.size < stored; ) {
      const waiting = shown(15_000);
      viewer.step(1);
      next = await waiting;
    }
    return [...pictures].sort(([a], [b]) => a - b).map(([, picture]) => picture);
  });
}

/** Times of acquisition of the stored frames, from the first (s). */
async function storedTimes(page: Page): Promise<number[]> {
  const pictures = await storedPictures(page);
  return pictures.map(({ timeS }) => timeS - pictures[0].timeS);
}

for (const kind of ["webm", "mp4"] as const)
  test(`${kind} plays in the browser with the frames' own times`, async () => {
    await onStage({ body: QUICK }, async ({ page }) => {
      await freeze(page, 3);
      const times = await storedTimes(page);
      const [, stored] = /\/ (\d+)/.exec(await textOf(page, ".place")) ?? [];
      assert.is(times.length, Number(stored), "every stored frame");
      const made = await page.evaluate(async (container) => {
        const blob = await document
          .querySelector("echo-viewer")!
          .toBlob(container)
          .catch((error: Error) => error.message);
        if (typeof blob === "string") return blob;
        return { type: blob.type, text: toText(new Uint8Array(await blob.arrayBuffer())) };
      }, kind);
      if (typeof made === "string") {
        assert.match(made, /cannot encode/);
        console.log(`skipped: this browser makes no ${kind}`);
        return;
      }
      const { type, text } = made;
      const bytes = bytesOf(text);
      assert.is(type, `video/${kind}`);
      if (kind === "webm") assert.equal([...bytes.slice(0, 4)], [0x1a, 0x45, 0xdf, 0xa3]);
      else assert.is(String.fromCharCode(...bytes.slice(4, 8)), "ftyp");
      // A page without a policy plays it.
      const player = await page.context().newPage();
      await player.evaluate("globalThis.__name = (named) => named");
      const played = await player.evaluate(
        async ([data, mediaType, wanted]) => {
          const video = document.createElement("video");
          video.muted = true;
          video.src = URL.createObjectURL(
            new Blob([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))], { type: mediaType }),
          );
          document.body.append(video);
          await new Promise((resolve, reject) => {
            video.onloadeddata = resolve;
            video.onerror = () => reject(new Error(video.error?.message));
          });
          const seen: number[] = [];
          const watch = (_: number, { mediaTime }: { mediaTime: number }) => {
            seen.push(mediaTime);
            video.requestVideoFrameCallback(watch);
          };
          video.requestVideoFrameCallback(watch);
          // A busy machine leaves pictures out: more slowly, once more.
          for (const rate of [0.25, 0.0625]) {
            if (seen.length > wanted) break;
            video.playbackRate = rate;
            await video.play();
            await new Promise((resolve) => {
              video.onended = resolve;
            });
          }
          const { videoWidth, videoHeight, duration } = video;
          return { videoWidth, videoHeight, duration, seen };
        },
        [text, type, times.length / 3] as const,
      );
      const { videoWidth, videoHeight, duration, seen } = played;
      assert.ok(
        videoWidth % 2 === 0 && videoHeight % 2 === 0 && videoHeight >= 480,
        `${videoWidth} x ${videoHeight}`,
      );
      console.log(
        `${kind}: ${bytes.length} bytes, ${times.length} frames over ${times[times.length - 1].toFixed(3)} s, plays ${duration} s, ${seen.length} pictures seen`,
      );
      assert.ok(seen.length > times.length / 3, `${seen.length} pictures seen`);
      // The last picture is shown as long as the others are on average.
      const lastS = times[times.length - 1];
      assert.ok(Math.abs(duration - lastS - lastS / (times.length - 1)) < 0.002, `lasts ${duration} s`);
      // Files count milliseconds at the least.
      for (const time of seen)
        assert.ok(
          times.some((one) => Math.abs(one - time) < 0.002),
          `a picture at ${time} s; frames were taken at ${times.join(", ")}`,
        );
    });
  });

test("a film whose pictures do not come in their order is refused, never made without them", () =>
  onStage({ body: QUICK }, async ({ page }) => {
    await freeze(page, 3);
    const made = await page.evaluate(async () => {
      if (!globalThis.VideoEncoder) return "no encoder";
      // As encoders do that let a picture refer to a later one.
      globalThis.VideoEncoder = class extends VideoEncoder {
        constructor({ output, error }: VideoEncoderInit) {
          const waiting: Parameters<EncodedVideoChunkOutputCallback>[] = [];
          super({
            error,
            output: (...args) => {
              waiting.push(args);
              if (waiting.length === 3) for (const k of [0, 2, 1]) output(...waiting[k]);
              else if (waiting.length > 3) output(...args);
            },
          });
        }
      };
      return document
        .querySelector("echo-viewer")!
        .toBlob("mp4")
        .then(
          ({ size }) => `${size} bytes`,
          (error: Error) => error.message,
        );
    });
    if (/no encoder|cannot encode/.test(made)) console.log("skipped: this browser makes no mp4");
    else assert.match(made, /monotonically/);
  }));

/** Delays (1/100 s) and number of pictures of a GIF, by walking its blocks. */
function readGif(bytes: Uint8Array): { width: number; height: number; delays: number[]; pictures: number } {
  const view = new DataView(bytes.buffer);
  const table = (flags: number) => (flags & 128 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  const delays: number[] = [];
  let pictures = 0;
  let at = 13 + table(bytes[10]);
  const skipBlocks = () => {
    while (bytes[at]) at += bytes[at] + 1;
    at++;
  };
  for (;;) {
    const kind = bytes[at];
    if (kind === 0x3b) break;
    if (kind === 0x21) {
      if (bytes[at + 1] === 0xf9) delays.push(view.getUint16(at + 4, true));
      at += 2;
    } else if (kind === 0x2c) {
      pictures++;
      at += 10 + table(bytes[at + 9]) + 1;
    } else throw new Error(`block ${kind} at ${at}`);
    skipBlocks();
  }
  return { width: view.getUint16(6, true), height: view.getUint16(8, true), delays, pictures };
}

test("a GIF has every stored frame for as long as it lasted", async () => {
  await onStage({ body: QUICK }, async ({ page }) => {
    await freeze(page, 3);
    await openDrawer(page);
    const hint = await textOf(page, ".drawer .hint");
    const { name, bytes } = await saved(page, "gif");
    assert.match(name, /\.gif$/);
    assert.is(new TextDecoder().decode(bytes.subarray(0, 6)), "GIF89a");
    const gif = readGif(bytes);
    assert.is(`${gif.pictures} frames`, hint);
    assert.is(gif.delays.length, gif.pictures);
    // A grey picture is grey, also at the brightness of its coloured words.
    const colours = Array.from({ length: 256 }, (_, i) => [...bytes.subarray(13 + 3 * i, 16 + 3 * i)]);
    const greys = Array.from({ length: 256 }, (_, i) => [i, i, i]);
    assert.equal(colours, greys);
    // The browser agrees.
    const size = await page.evaluate(async (data) => {
      const bitmap = await createImageBitmap(new Blob([fromText(data)], { type: "image/gif" }));
      return [bitmap.width, bitmap.height];
    }, textOfBytes(bytes));
    assert.equal(size, [gif.width, gif.height]);
    for (const delay of gif.delays) assert.ok(delay >= 2 && delay < 100, `${delay}`);
  });
});

test("raw frames come out as UFF with the probe and the samples as they were stored", async () => {
  await onStage({ body: PROBE }, async ({ page }) => {
    await freeze(page, 3);
    await openDrawer(page);
    const hint = await textOf(page, ".drawer .hint");
    const { bytes } = await saved(page, "uff");
    const source = await open({ name: "export.uff", bytes });
    const info = source.info as ChannelData;
    assert.is(`${info.frameCount} frames`, hint);
    assert.is(info.probe.kind, "phased");
    assert.is(info.sequence.length, 3);
    const { samples } = await source.frame(0);
    assert.ok(samples.some((value) => value !== 0) && samples.every(Number.isInteger));
    source.close();
  });
});

/** What is black and white does not depend on which frames came before: pictures of one frame can be compared. */
const PINNED: Pipeline = { display: { reference: 2000 } };

const pin = (page: Page) =>
  page.evaluate((pipeline) => {
    document.querySelector("echo-viewer")!.pipeline = pipeline;
  }, PINNED);

/** Presses the button of the recording, and opens what is saved in the same viewer. */
async function savedAndOpened(page: Page, name: string): Promise<Awaited<ReturnType<typeof saved>>> {
  await page.evaluate(() => {
    document
      .querySelector("echo-viewer")!
      .addEventListener("echo-export", ({ detail }) => Reflect.set(globalThis, "exported", detail.blob), {
        once: true,
      });
  });
  const recording = await saved(page, "sonde");
  await page.evaluate(async (called) => {
    const viewer = document.querySelector("echo-viewer")!;
    const loaded = new Promise((resolve) => viewer.addEventListener("echo-load", resolve, { once: true }));
    viewer.openFile(new File([Reflect.get(globalThis, "exported") as Blob], called));
    await loaded;
  }, name);
  await waitForPhase(page, "file");
  return recording;
}

/** Runs the command in a folder with these files. @returns what it wrote on standard output */
async function withFiles<Result>(
  files: Readonly<Record<string, Uint8Array>>,
  act: (sonde: (...words: string[]) => string, folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "sonde-export-"));
  try {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    const sonde = (...words: string[]) =>
      execFileSync(process.execPath, [CLI, ...words], { cwd: folder, encoding: "utf8" });
    return await act(sonde, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("a live probe's stored frames come out as a recording: opened again, the same frames at the same times", async () => {
  await onStage({ body: PROBE, width: 640, height: 520 }, async ({ page }) => {
    await pin(page);
    await freeze(page, 6);
    const live = await storedPictures(page);
    assert.ok(live.length >= 3, `${live.length} frames are stored`);
    assert.is(new Set(live.map(({ hash }) => hash)).size, live.length, "the probe moves");
    await openDrawer(page);
    const newest = decodePng((await saved(page, "plain")).bytes);
    const { name, bytes } = await savedAndOpened(page, "live.sonde");
    assert.match(name, /^Simulated-phased-array-64-elements-\d{8}-\d{6}\.sonde$/);
    assert.equal(await storedPictures(page), live);

    await withFiles({ [name]: bytes }, async (sonde) => {
      const said = JSON.parse(sonde("info", name, "--json")) as Record<string, unknown>;
      assert.is(said["frames"], live.length);
      sonde("image", name, "-o", "last.png", "--frames", `${live.length - 1}:${live.length}`);
    });
    // The engine in Node makes the viewer's pixels of it.
    const source = await open({ name, bytes });
    const engine = await createEngine({ threads: 1 });
    const plan = await engine.plan(source.info, PINNED);
    const image = await plan.run(await source.frame(live.length - 1));
    assert.equal([newest.width, newest.height], [image.width, image.height]);
    for (let k = 0; k < image.width * image.height; k++)
      if (image.pixels[4 * k + 3] && newest.values[k * newest.channels] !== image.pixels[4 * k])
        assert.unreachable(`pixel ${k} is ${newest.values[k * newest.channels]}, not ${image.pixels[4 * k]}`);
    engine.close();
    source.close();
  });
});

test("of a file the part that plays comes out, with its own times and the command's same pictures", async () => {
  const made = await simulatedRecording({ array: "linear" }, 5);
  const uff = await toUff(made.info, made.frames());
  await onStage(
    { body: '<echo-viewer src="/five.uff"></echo-viewer>', extra: { "/five.uff": uff } },
    async ({ page }) => {
      await waitForPhase(page, "file");
      await pin(page);
      const all = await storedPictures(page);
      assert.is(all.length, 5);
      await page.evaluate(() => document.querySelector("echo-viewer")!.trim({ first: 1, last: 3 }));
      await openDrawer(page);
      const { bytes } = await savedAndOpened(page, "part.sonde");
      const part = await storedPictures(page);
      assert.equal(
        part.map(({ hash }) => hash),
        all.slice(1, 4).map(({ hash }) => hash),
      );
      await withFiles({ "five.uff": uff, "part.sonde": bytes }, async (sonde, folder) => {
        const said = JSON.parse(sonde("info", "part.sonde", "--json")) as Record<string, unknown>;
        assert.is(said["frames"], 3);
        sonde("image", "five.uff", "-o", "whole.png", "--frames", "2:3");
        sonde("image", "part.sonde", "-o", "part.png", "--frames", "1:2");
        const [whole, again] = ["whole.png", "part.png"].map((file) =>
          decodePng(Uint8Array.from(readFileSync(join(folder, file)))),
        );
        assert.is(Buffer.compare(again.values, whole.values), 0);
      });
    },
  );
});

test("lines have a recording and no UFF, which says why", async () => {
  const { info, frame } = makeScene("lines");
  const frames = [0, 1, 2].map((index) => ({
    ...frame,
    index,
    timeS: 1 + index / 10,
    samples: frame.samples.map((value) => value + 50 * index),
    ...(index === 1 ? { missingLines: Uint8Array.of(0b1000, 0) } : {}),
  }));
  const given = new Uint8Array(await (await toSonde(info, frames)).arrayBuffer());
  await onStage({ extra: { "/lines.sonde": given } }, async ({ page }) => {
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.src = "/lines.sonde";
    });
    await waitForPhase(page, "file");
    await openDrawer(page);
    const uff = page.locator("echo-viewer [part~=export-uff]");
    assert.ok(await uff.isDisabled());
    assert.is(
      await uff.getAttribute("title"),
      "UFF holds channel data; these are lines or an image: export the raw recording.",
    );
    const { bytes } = await saved(page, "sonde");
    const source = await open({ name: "again.sonde", bytes });
    assert.is(source.info.frameCount, 3);
    for (const one of frames) {
      const { samples, timeS, missingLines } = await source.frame(one.index);
      assert.equal(
        { samples, timeS, missingLines },
        {
          samples: one.samples,
          timeS: one.timeS,
          missingLines: "missingLines" in one ? one.missingLines : undefined,
        },
      );
    }
    source.close();
  });
});

test("a viewer that hides the patient leaves the source's name out of the recording", async () => {
  await onStage({ body: QUICK.replace("probe", "privacy probe") }, async ({ page }) => {
    await freeze(page, 2);
    await openDrawer(page);
    const { bytes } = await saved(page, "sonde");
    const source = await open({ name: "hidden.sonde", bytes });
    assert.not.match(source.info.name, /64 elements/);
    source.close();
  });
});

test("a picture that is dropped brings its settings, which can be undone", async () => {
  await onStage({ body: QUICK }, async ({ page }) => {
    await freeze(page);
    await page.evaluate(() => {
      const viewer = document.querySelector("echo-viewer")!;
      viewer.gain = -12;
      viewer.dynamicRange = 70;
    });
    await page.locator("echo-viewer [part=reprocessed]").waitFor();
    await page.waitForTimeout(300);
    await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      const blob = await viewer.toBlob();
      Reflect.set(globalThis, "kept", blob);
      viewer.gain = 20;
      viewer.dynamicRange = 30;
    });
    await page.evaluate(() => {
      const viewer = document.querySelector("echo-viewer")!;
      const changes: string[] = [];
      Object.assign(globalThis, { changes });
      viewer.addEventListener("echo-change", ({ detail }) => changes.push(String(detail.gain)));
      const transfer = new DataTransfer();
      transfer.items.add(
        new File([Reflect.get(globalThis, "kept") as Blob], "before.png", { type: "image/png" }),
      );
      viewer.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer }));
    });
    await page.locator("echo-viewer [part=restored]").waitFor();
    assert.match(await textOf(page, "[part=restored]"), /The settings of before.png are in force/);
    const gains = () =>
      page.evaluate(() => {
        const { gain, dynamicRange } = document.querySelector("echo-viewer")!;
        return [gain, dynamicRange];
      });
    assert.equal(await gains(), [-12, 70]);
    assert.equal(await barriers(page), []);
    // The note is closed, and the drawer still has the way back.
    await page.locator("echo-viewer [part~=restored-close]").click();
    assert.is(await page.locator("echo-viewer [part=restored]").count(), 0);
    await openDrawer(page);
    assert.match(await textOf(page, ".drawer [part=restored]"), /The settings of before.png are in force/);
    assert.equal(await barriers(page), []);
    await page.locator("echo-viewer [part~=restored-undo]").click();
    assert.equal(await gains(), [20, 30]);
    assert.is(await page.locator("echo-viewer [part=restored]").count(), 0);
    assert.equal(await page.evaluate(() => Reflect.get(globalThis, "changes")), ["-12", "20"]);
    assert.is(await page.locator("echo-viewer [part=error]").count(), 0);
  });
});

test("a picture that is opened lies as it lay, one of its pixels alone as recorded; settings alone turn nothing", async () => {
  await onStage({ body: QUICK }, async ({ page }) => {
    await freeze(page);
    await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      viewer.flip = "left-right";
      viewer.rotate = 90;
      for (const kind of ["picture", "plain", "pipeline"] as const)
        Reflect.set(globalThis, kind, await viewer.toBlob(kind));
      viewer.flip = "top-bottom";
      viewer.rotate = 180;
    });
    const open = (kind: string) =>
      page.evaluate((name) => {
        const blob = Reflect.get(globalThis, name) as Blob;
        const file = new File([blob], name, { type: blob.type });
        document.querySelector("echo-viewer")!.openFile(file);
      }, kind);
    const lies = async (flip: string, rotate: number) => {
      await page.waitForFunction(
        (wanted) => {
          const viewer = document.querySelector("echo-viewer")!;
          return `${viewer.flip} ${viewer.rotate}` === wanted;
        },
        `${flip} ${rotate}`,
        { timeout: 5000 },
      );
    };
    const undo = () => page.locator("echo-viewer [part~=restored-undo]").click();
    await open("picture");
    await lies("left-right", 90);
    assert.equal(await page.locator("echo-viewer [part~=turned]").count(), 1, "it is said");
    await undo();
    await lies("top-bottom", 180);
    await open("plain");
    await lies("", 0);
    await open("picture");
    await lies("left-right", 90);
    await undo();
    await lies("top-bottom", 180);
    await open("pipeline");
    await page.locator("echo-viewer [part=restored]").waitFor();
    await lies("top-bottom", 180);
    await undo();
    // What a person turned since stays.
    await open("picture");
    await lies("left-right", 90);
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.rotate = 270;
    });
    await undo();
    await lies("left-right", 270);
    // Another source is shown as before the picture.
    await open("picture");
    await lies("left-right", 90);
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.probe = "simulated:convex";
    });
    await lies("left-right", 270);
  });
});

test("a picture whose depth a preset bounds is as deep when it is opened, without the preset", async () => {
  await onStage({ body: QUICK }, async ({ page }) => {
    await freeze(page);
    const ask = (preset: object) =>
      page.evaluate((asked) => {
        document.querySelector("echo-viewer")!.preset = JSON.stringify(asked);
      }, preset);
    const deep = (mm: number) =>
      page.waitForFunction((wanted) => {
        const { regions, height } = document.querySelector("echo-viewer")!.image!;
        return Math.abs(1000 * (regions[0].originZM + regions[0].deltaZM * height) - wanted) < 0.5;
      }, mm);
    await ask({ name: "Shallow", depthM: { start: 0.02, min: 0.01, max: 0.025 } });
    await deep(20);
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.depth = null;
    });
    await deep(25);
    await page.evaluate(async () => {
      Reflect.set(globalThis, "kept", await document.querySelector("echo-viewer")!.toBlob());
    });
    await ask({ name: "Deep" });
    await deep(38.7);
    await page.evaluate(() => {
      const file = new File([Reflect.get(globalThis, "kept") as Blob], "kept.png", { type: "image/png" });
      document.querySelector("echo-viewer")!.openFile(file);
    });
    await deep(25);
  });
});

test("where the patient is hidden, no file that is opened is told by its name", async () => {
  await onStage({ body: PROBE.replace("probe", "privacy probe") }, async ({ page }) => {
    await waitForPhase(page, "live");
    const drop = (text: string, type: string) =>
      page.evaluate(
        ([content, mime]) => {
          const file = new File([content], `Example-Ada.${mime.split("/")[1]}`, { type: mime });
          document.querySelector("echo-viewer")!.openFile(file);
        },
        [text, type],
      );
    const told = (): Promise<string> =>
      page.evaluate(() => {
        const root = document.querySelector("echo-viewer")!.shadowRoot!;
        const names = [...root.querySelectorAll("[aria-label]")].map(({ ariaLabel }) => ariaLabel);
        return root.querySelector(".base")!.textContent + names.join(" ");
      });
    await drop('{ "display": { "gainDb": 3 } }', "application/json");
    await page.locator("echo-viewer [part=restored]").waitFor();
    await page.waitForTimeout(600);
    assert.not.match(await told(), /Ada/);
    await page.locator("echo-viewer [part~=restored-close]").click();
    await openDrawer(page);
    await page.locator("echo-viewer .drawer [part=restored]").waitFor();
    assert.not.match(await told(), /Ada/);
    await drop('{ "nothing": 1 }', "application/json");
    await page.locator("echo-viewer .error").waitFor();
    assert.not.match(await told(), /Ada/);
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.privacy = false;
    });
    await page.locator("echo-viewer .drawer [part=restored]", { hasText: "Example-Ada.json" }).waitFor();
  });
});

test("what the viewer saved as JSON is opened again: settings and presets with the way back, measurements as a step", async () => {
  await onStage({ body: QUICK }, async ({ page, expectError }) => {
    await freeze(page);
    const drop = (name: string, text: string, type = "application/json") =>
      page.evaluate(
        ([title, content, mime]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([content], title, { type: mime }));
          document
            .querySelector("echo-viewer")!
            .dispatchEvent(new DragEvent("drop", { dataTransfer: transfer }));
        },
        [name, text, type],
      );
    const look = () =>
      page.evaluate(() => {
        const { gain, dynamicRange, greyMap, measurements } = document.querySelector("echo-viewer")!;
        const ids = measurements.measurements.map(({ id, name }) => `${id} ${name}`);
        return { gain, dynamicRange, greyMap, ids };
      });
    const said = async (name: string) => {
      await page.locator("echo-viewer [part=restored]").waitFor();
      assert.match(await textOf(page, "[part=restored]"), new RegExp(`The settings of ${name} are in force`));
    };
    // The pipeline of the viewer's own export.
    const pipeline = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      viewer.greyMap = "warm";
      viewer.gain = 4;
      // The picture is made again with them.
      while (JSON.parse(await (await viewer.toBlob("pipeline")).text()).display.greyMap !== "warm")
        await new Promise((resolve) => setTimeout(resolve, 50));
      const text = await (await viewer.toBlob("pipeline")).text();
      viewer.greyMap = "gray";
      viewer.gain = 0;
      return text;
    });
    await drop("liver.json", pipeline);
    await said("liver.json");
    assert.is((await look()).greyMap, "warm");
    await page.locator("echo-viewer [part~=restored-undo]").click();
    assert.is((await look()).greyMap, "gray");
    // A preset, as the imaging drawer saves it; no type, as some systems give files.
    await drop("mine.JSON", JSON.stringify({ name: "Mine", gainDb: -9, dynamicRangeDb: 70 }), "");
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.gain === -9);
    assert.is((await look()).dynamicRange, 70);
    const chosen = page.locator("echo-viewer select.preset option:checked");
    assert.match(await chosen.textContent().then(String), /^Mine$/);
    await page.locator("echo-viewer .imaging").getByRole("button", { name: "Undo" }).click();
    assert.is((await look()).gain, 0);
    // Measurements come to those there are, numbered on, in one step.
    const point = (x: number, y: number) => ({ space: "tissue", region: 0, x, y });
    const distance = (id: number, name: string) => ({
      kind: "distance",
      id,
      name,
      locked: false,
      frame: null,
      pane: "main",
      points: [point(0, 0.02), point(0.01 * id, 0.02)],
    });
    const doc = JSON.stringify({
      format: "sonde-measurements",
      version: 1,
      measurements: [
        distance(1, "a"),
        distance(2, "b"),
        distance(3, "c"),
        { kind: "volume", id: 4, name: "v", locked: false, frame: null, pane: "main", of: [1, 2, 3] },
      ],
    });
    await drop("one-measurements.json", doc);
    await page.waitForFunction(
      () => document.querySelector("echo-viewer")!.measurements.measurements.length === 4,
    );
    assert.equal((await look()).ids, ["1 a", "2 b", "3 c", "4 v"]);
    await page.locator("echo-viewer .measure").waitFor();
    await drop("one-measurements.json", doc);
    await page.waitForFunction(
      () => document.querySelector("echo-viewer")!.measurements.measurements.length === 8,
    );
    assert.equal((await look()).ids.slice(4), ["5 a", "6 b", "7 c", "8 v"]);
    const volumes = await page.evaluate(() =>
      document
        .querySelector("echo-viewer")!
        .measurements.measurements.filter(({ kind }) => kind === "volume")
        .map(({ values }) => values?.[0].value),
    );
    assert.is(volumes[0], volumes[1]);
    await page.locator("echo-viewer .measure").getByRole("button", { name: "Undo" }).click();
    assert.is((await look()).ids.length, 4);
    // Nothing is lost to what is none of these.
    for (const [text, sentence] of [
      ["[1, 2]", /other\.json is nothing that Sonde saves as JSON/],
      ["{", /is nothing that Sonde saves as JSON/],
      ["{}", /is nothing that Sonde saves as JSON/],
      ['{"pixels":3}', /is nothing that Sonde saves as JSON/],
      ['{"name":"x","gainDb":"loud"}', /gainDb of the preset is "loud"/],
      ['{"format":"sonde-measurements","version":2}', /version/],
    ] as const) {
      expectError(sentence);
      await drop("other.json", text);
      await page.locator("echo-viewer [part=error]").waitFor();
      assert.match(await textOf(page, "[part=error]"), sentence);
      await page.locator("echo-viewer .dismiss").click();
      assert.is((await look()).ids.length, 4);
    }
    assert.ok(await page.evaluate(() => document.querySelector("echo-viewer")!.image !== null));
  });
});

test("of files opened one right after the other none is lost, and the last settings are in force", async () => {
  await onStage({ body: QUICK }, async ({ page, expectError }) => {
    await freeze(page);
    const drop = (...files: readonly object[]) =>
      page.evaluate(
        (texts) => {
          for (const text of texts) {
            const transfer = new DataTransfer();
            transfer.items.add(new File([text], "some.json", { type: "application/json" }));
            document
              .querySelector("echo-viewer")!
              .dispatchEvent(new DragEvent("drop", { dataTransfer: transfer }));
          }
        },
        files.map((file) => JSON.stringify(file)),
      );
    const point = (x: number) => ({ space: "tissue", region: 0, x, y: 0.02 });
    const doc = (count: number, first = 1) => ({
      format: "sonde-measurements",
      version: 1,
      measurements: Array.from({ length: count }, (_, i) => ({
        kind: "distance",
        id: first + i,
        name: "",
        locked: false,
        frame: null,
        pane: "main",
        points: [point(0), point(0.01)],
      })),
    });
    const ids = () =>
      page.evaluate(() =>
        document.querySelector("echo-viewer")!.measurements.measurements.map(({ id }) => id),
      );
    // Before the features that take them are there.
    await drop({ name: "M", gainDb: -9, dynamicRangeDb: 70 }, { display: { greyMap: "warm" } });
    await page.locator("echo-viewer [part=restored]").waitFor();
    await page.waitForTimeout(600);
    const look = await page.evaluate(() => {
      const { gain, greyMap } = document.querySelector("echo-viewer")!;
      return { gain, greyMap };
    });
    assert.equal(look, { gain: 0, greyMap: "warm" });
    await drop(doc(2), doc(1, Number.MAX_SAFE_INTEGER));
    await page.waitForFunction(
      () => document.querySelector("echo-viewer")!.measurements.measurements.length === 3,
    );
    assert.equal(await ids(), [1, 2, 3], "they are numbered on");
    // No more than can be read again.
    expectError(/at most 1000/);
    await drop(doc(998));
    await page.locator("echo-viewer [part=error]").waitFor();
    assert.match(await textOf(page, "[part=error]"), /there may be at most 1000, not 1001/);
    assert.is((await ids()).length, 3);
  });
});

test("another probe makes a picture's settings its own, and another source is shown as before them", async () => {
  await onStage({ body: PROBE }, async ({ page }) => {
    await freeze(page);
    const look = () =>
      page.evaluate(async () => {
        const viewer = document.querySelector("echo-viewer")!;
        const report = JSON.parse(await (await viewer.toBlob("pipeline")).text()) as Pipeline;
        const { depth, gain, pipeline } = viewer;
        return { scan: report.scan, depth, gain, asked: Object.keys(pipeline) };
      });
    await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      viewer.depth = 60;
      viewer.gain = 12;
      await new Promise((resolve) => setTimeout(resolve, 500));
      Object.assign(globalThis, { kept: await viewer.toBlob() });
      viewer.depth = viewer.gain = null;
      viewer.probe = "simulated:convex";
      viewer.run();
    });
    const convex = async () => {
      await page.waitForFunction(() => {
        const { info, phase } = document.querySelector("echo-viewer")!;
        return phase === "live" && info?.kind === "channels" && info.probe.kind === "convex";
      });
      return look();
    };
    const before = await convex();
    const open = () =>
      page.evaluate(() => {
        const kept = Reflect.get(globalThis, "kept") as Blob;
        document
          .querySelector("echo-viewer")!
          .openFile(new File([kept], "phased.png", { type: "image/png" }));
      });
    await open();
    await page.locator("echo-viewer [part=restored]").waitFor();
    await page.waitForTimeout(500);
    const restored = await look();
    assert.equal([restored.depth, restored.gain], [60, 12]);
    if (restored.scan?.kind !== "sector" || before.scan?.kind !== "sector") throw new Error("no sectors");
    assert.equal(restored.scan.apex, before.scan.apex, "the sector is this probe's");
    assert.equal(restored.scan.angle, before.scan.angle);
    assert.ok(restored.scan.range.max < before.scan.range.max);
    // Another depth can be chosen.
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.depth = 90;
    });
    await page.waitForTimeout(500);
    const deeper = await look();
    if (deeper.scan?.kind !== "sector") throw new Error("no sector");
    assert.ok(deeper.scan.range.max > restored.scan.range.max + 0.02);
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.probe = "simulated";
    });
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.phase === "live");
    assert.is(await page.locator("echo-viewer [part=restored]").count(), 0);
    const { depth, gain, asked } = await look();
    // What the picture put in force goes; what was chosen since stays.
    assert.equal({ depth, gain, asked }, { depth: 90, gain: 0, asked: [] });
  });
});

test("a viewer that is not shown gives its picture all the same", async () => {
  await onStage({ body: QUICK }, async ({ page }) => {
    await freeze(page);
    const size = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      viewer.style.display = "none";
      await new Promise((resolve) => setTimeout(resolve, 100));
      const { width, height } = await createImageBitmap(await viewer.toBlob());
      return { width, height, own: viewer.image!.width };
    });
    assert.ok(size.width >= size.own && size.height > 200, JSON.stringify(size));
  });
});

test("a pasted picture does the same; one without settings says so, and a damaged one", async () => {
  await onStage({ body: QUICK }, async ({ page }) => {
    await freeze(page);
    const paste = (make: string) =>
      page.evaluate(async (how) => {
        const viewer = document.querySelector("echo-viewer")!;
        const blob = await viewer.toBlob("plain");
        const canvas = new OffscreenCanvas(4, 4);
        canvas.getContext("2d")!.fillRect(0, 0, 4, 4);
        const given =
          how === "ours"
            ? blob
            : how === "other"
              ? await canvas.convertToBlob()
              : blob.slice(0, blob.size / 2);
        const clipboardData = new DataTransfer();
        clipboardData.items.add(new File([given], `${how}.png`, { type: "image/png" }));
        viewer.dispatchEvent(new ClipboardEvent("paste", { clipboardData }));
      }, make);
    await paste("ours");
    await page.locator("echo-viewer [part=restored]").waitFor();
    await page.locator("echo-viewer [part~=restored-close]").click();
    await paste("other");
    await page.locator("echo-viewer [part=error]").waitFor();
    assert.match(await textOf(page, "[part=error]"), /other.png carries no settings/);
    await page.keyboard.press("Escape");
  });
});

test("a page can object to an export, or take it over; errors reach who asked", async () => {
  await onStage({ body: QUICK }, async ({ page }) => {
    await freeze(page);
    const seen = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      const log: string[] = [];
      const object = (event: Event) => event.preventDefault();
      viewer.addEventListener("echo-before-export", object, { once: true });
      log.push(String(await viewer.exportAs("pipeline")));
      viewer.addEventListener("echo-export", (event) => {
        event.preventDefault();
        log.push(`${event.detail.kind} ${event.detail.name.replace(/\d+/g, "0")} ${event.detail.blob.type}`);
      });
      const blob = await viewer.exportAs("pipeline");
      log.push(Object.keys(JSON.parse((await blob?.text()) ?? "{}") as object).join());
      log.push(await viewer.exportAs("bmp" as "gif").then(String, (error: Error) => error.message));
      const [first, second] = await Promise.allSettled([viewer.toBlob("gif"), viewer.toBlob("plain")]);
      log.push(`${first.status} ${second.status === "rejected" ? (second.reason as Error).message : "made"}`);
      viewer.run();
      log.push(await viewer.toBlob("webm").then(String, (error: Error) => error.message));
      return log;
    });
    assert.is(seen[0], "null");
    assert.match(seen[1], /^pipeline Simulated-linear-array-0-elements-0-0.json application\/json/);
    assert.match(seen[2], /display/);
    assert.match(seen[3], /There is no export "bmp"/);
    assert.match(seen[4], /fulfilled Another export is under way/);
    assert.match(seen[5], /Freeze to export/);
  });
});

test("long work shows its progress and can be cancelled, by key as well", async () => {
  await onStage({ body: PROBE }, async ({ page }) => {
    await freeze(page, 30);
    await openDrawer(page);
    await page.locator("echo-viewer [part~=export-gif]").click();
    await page.locator("echo-viewer [part~=export-cancel]").waitFor({ timeout: 10_000 });
    assert.equal(await barriers(page), []);
    await page.locator("echo-viewer [part~=export-cancel]").press("Enter");
    await page.locator("echo-viewer [part~=export-cancel]").waitFor({ state: "detached" });
    await page.waitForFunction(() =>
      /cancelled/.test(
        document.querySelector("echo-viewer")!.shadowRoot!.querySelector(".said[role=status]")!.textContent ??
          "",
      ),
    );
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator("echo-viewer .base").press("s"),
    ]);
    assert.match(download.suggestedFilename(), /\.png$/);
  });
});

test("by touch every entry of the drawer works with one tap", async () => {
  const options = { body: QUICK, width: 420, height: 800, person: { hasTouch: true, isMobile: true } };
  await onStage(options, async ({ page, address }) => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: address });
    await freeze(page, 2);
    await page.evaluate(() => {
      const made: Record<string, number> = {};
      Object.assign(window, { made });
      window.print = () => undefined;
      document.querySelector("echo-viewer")!.addEventListener("echo-export", ({ detail }) => {
        made[detail.kind] = detail.blob.size;
      });
    });
    await page.locator("echo-viewer [part~=rail-export]").tap();
    for (const kind of EXPORT_KINDS) {
      const entry = page.locator(`echo-viewer button.plain[part~=export-${kind}]`);
      await entry.scrollIntoViewIfNeeded();
      await page.waitForFunction((part) => {
        const root = document.querySelector("echo-viewer")!.shadowRoot!;
        const button = root.querySelector<HTMLButtonElement>(`button.plain[part~=${part}]`)!;
        return !button.disabled || !/Making/.test(root.textContent ?? "");
      }, `export-${kind}`);
      if (await entry.isDisabled()) {
        assert.match((await entry.getAttribute("title")) ?? "", /cannot encode/, kind);
        continue;
      }
      await entry.tap();
      await page.waitForFunction((name) => name in (window as unknown as { made: object }).made, kind, {
        timeout: 60_000,
      });
    }
    const made = await page.evaluate(() => (window as unknown as { made: Record<string, number> }).made);
    for (const [kind, size] of Object.entries(made)) assert.ok(size > 100, `${kind}: ${size} bytes`);
    assert.is(await page.locator("echo-viewer [part=error]").count(), 0);
  });
});

test("what is printed is told in the viewer's language to those who do not see it", async () => {
  await onStage({ body: QUICK.replace(">", ' lang="fr">') }, async ({ page }) => {
    await freeze(page);
    const told = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      const seen: string[] = [];
      window.print = () => {
        const image = document.querySelector<HTMLImageElement>(".echo-print img")!;
        seen.push(image.lang, image.alt);
      };
      await viewer.exportAs("print");
      viewer.privacy = true;
      await viewer.exportAs("print");
      return seen;
    });
    assert.match(
      told.join("; "),
      /^fr; Image d’échographie, figé, .*, profondeur .*; fr; Image d’échographie/,
    );
  });
});

test("a film that is being made when the patient is hidden is given up: its first pictures have the name", async () => {
  await onStage({ body: QUICK.replace(">", ` banner='{"name":"Ada"}'>`) }, async ({ page }) => {
    await freeze(page);
    const outcome = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      for (const { prototype } of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
        const { getImageData } = prototype;
        prototype.getImageData = function (...box: Parameters<typeof getImageData>) {
          // Its first picture is drawn.
          viewer.privacy = true;
          return getImageData.apply(this, box);
        };
      }
      const given = await viewer.toBlob("gif").then(String, (error) => error.code);
      return [given, (await viewer.toBlob("gif")).type];
    });
    assert.equal(outcome, ["aborted", "image/gif"]);
  });
});

test("only the picture is printed, and the page is as it was afterwards", async () => {
  await onStage({ body: `<p id="other">other</p>${QUICK}` }, async ({ page }) => {
    await freeze(page);
    const printed = await page.evaluate(async () => {
      const seen: unknown[] = [];
      window.print = () => {
        const paper = document.querySelector<HTMLElement>(".echo-print")!;
        const image = paper.querySelector("img")!;
        seen.push(paper.textContent, image.naturalWidth > 300, document.adoptedStyleSheets.length);
      };
      await document.querySelector("echo-viewer")!.exportAs("print");
      seen.push(document.querySelector(".echo-print") === null, document.adoptedStyleSheets.length);
      return seen;
    });
    assert.equal(printed.slice(1), [true, 1, true, 0]);
    assert.match(String(printed[0]), /Simulated linear array/);
  });
});

test("the picture goes to the clipboard as PNG", async () => {
  await onStage({ body: QUICK }, async ({ page, address }) => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: address });
    await freeze(page);
    await openDrawer(page);
    await page.locator("echo-viewer [part~=export-copy]").click();
    await page.waitForFunction(() =>
      /clipboard/.test(
        document.querySelector("echo-viewer")!.shadowRoot!.querySelector("[role=status]")!.textContent ?? "",
      ),
    );
    const types = await page.evaluate(async () =>
      (await navigator.clipboard.read()).flatMap(({ types }) => types),
    );
    assert.ok(types.includes("image/png"), types.join());
  });
});

test.after(closeBrowser);
test.run();
