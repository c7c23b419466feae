/** Films show the stage as it is divided: each of their pictures is, pixel for pixel, the exported picture of its frame. */
import { writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { toUff } from "../../host/index.ts";
import { simulatedRecording } from "../../host/simulate/index.ts";
import {
  bytesOf,
  closeBrowser,
  onStage,
  POLICY,
  pictureHash,
  type Stage,
  type StageOptions,
  waitForPhase,
} from "./browser.ts";

type Page = Stage["page"];

const FRAMES = 3;

/** Height of the words above the stage, which hold the time of the export (px). */
const ABOVE = 20;

/** Waits until the picture, of frame `index` if that is said, and all that is computed of it, is on the screen. */
async function settled(page: Page, index?: number): Promise<void> {
  await page.waitForFunction(async (wanted) => {
    const viewer = document.querySelector("echo-viewer")!;
    if (viewer.image === null || (wanted !== null && viewer.image.frameIndex !== wanted)) return false;
    // What the picture changes is painted with the next refresh, and what that begins with the one after it.
    for (let k = 0; k < 4; k++) await new Promise(requestAnimationFrame);
    return true;
  }, index ?? null);
  await page.waitForTimeout(300);
  await page.locator("echo-viewer .strip-progress").waitFor({ state: "detached" });
  // A strip is read in the background, which a busy machine does in its own time: what is drawn has come to rest.
  for (let last = Number.NaN, still = 0; still < 2; ) {
    await page.waitForTimeout(200);
    const now = await pictureHash(page);
    still = now === last ? still + 1 : 0;
    last = now;
  }
}

interface Compared {
  /** Pixels of each picture of the film that differ from the exported picture of its frame. */
  different: number[];
  /** Pixels in which two neighbouring pictures of the film differ, in the pane and in the rest of the stage. */
  moved: number[];
  size: number[];
  wanted: number[];
}

/** Exports the picture of each of these frames, the clip, then the film, and compares. */
async function compared(page: Page, clip = [0, 1, 2]): Promise<Compared> {
  await page.evaluate(() => {
    // What the encoder is given, before it is compressed.
    const filmed: ImageData[] = [];
    const pictures: ImageData[] = [];
    const Frame = VideoFrame;
    const pixelsOf = (source: HTMLCanvasElement | ImageBitmap): ImageData => {
      const canvas = new OffscreenCanvas(source.width, source.height);
      const context = canvas.getContext("2d", { willReadFrequently: true })!;
      context.drawImage(source, 0, 0);
      return context.getImageData(0, 0, source.width, source.height);
    };
    Object.assign(window, { filmed, pictures, pixelsOf });
    window.VideoFrame = class extends Frame {
      constructor(canvas: HTMLCanvasElement, init: VideoFrameInit) {
        super(canvas, init);
        filmed.push(pixelsOf(canvas));
      }
    } as typeof VideoFrame;
  });
  const exportFrame = async (k: number): Promise<void> => {
    await page.evaluate(
      (steps) => {
        for (const by of steps) document.querySelector("echo-viewer")!.step(by);
      },
      k ? [1] : [-100, clip[0]],
    );
    await settled(page, clip[k]);
    await page.evaluate(async (index) => {
      const { pictures, pixelsOf } = window as unknown as {
        pictures: ImageData[];
        pixelsOf(bitmap: ImageBitmap): ImageData;
      };
      const blob = await document.querySelector("echo-viewer")!.toBlob("picture");
      pictures[index] = pixelsOf(await createImageBitmap(blob));
    }, k);
  };
  const exportFrames = async (): Promise<void> => {
    for (const k of clip.keys()) await exportFrame(k);
  };
  await exportFrames();
  await page.evaluate(async () => {
    await document.querySelector("echo-viewer")!.toBlob("webm");
  });
  const first = await comparison(page);
  if (first.different.every((count) => count === 0)) return first;
  // A busy machine may have exported a picture before all of it was there: what counts is the picture at rest.
  await exportFrames();
  return comparison(page);
}

/** Compares what was filmed with what was exported. */
function comparison(page: Page): Promise<Compared> {
  return page.evaluate(
    async ([above]) => {
      const { filmed, pictures } = window as unknown as Record<"filmed" | "pictures", ImageData[]>;
      const differences = (a: ImageData, b: ImageData): number => {
        let count = 0;
        for (let y = above; y < Math.min(a.height, b.height); y++)
          for (let x = 0; x < Math.min(a.width, b.width); x++)
            if (
              [0, 1, 2].some(
                (part) => a.data[4 * (y * a.width + x) + part] !== b.data[4 * (y * b.width + x) + part],
              )
            )
              count++;
        return count;
      };
      return {
        different: pictures.map((picture, k) => differences(filmed[k], picture)),
        moved: filmed.slice(1).map((picture, k) => differences(picture, filmed[k])),
        size: [filmed.length, filmed[0].width, filmed[0].height],
        wanted: [pictures.length, pictures[0].width, pictures[0].height],
      };
    },
    [ABOVE] as const,
  );
}

/** The newest picture of the film, for a person to look at. */
async function keep(page: Page, name: string): Promise<void> {
  const folder = process.env["SONDE_KEEP"];
  if (!folder) return;
  const bytes = await page.evaluate(async () => {
    const { filmed } = window as unknown as { filmed: ImageData[] };
    const { width, height } = filmed[0];
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext("2d")!.putImageData(filmed[filmed.length - 1], 0, 0);
    return toText(new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer()));
  });
  writeFileSync(`${folder}/${name}.png`, bytesOf(bytes));
}

const recordings = new Map<number, Promise<Uint8Array>>();

/** So many simulated frames as a file, made once. */
function recordingOf(frames: number): Promise<Uint8Array> {
  const make = async () => {
    const made = await simulatedRecording({ array: "linear" }, frames);
    return toUff(made.info, made.frames());
  };
  const uff = recordings.get(frames) ?? make();
  recordings.set(frames, uff);
  return uff;
}

async function onRecording(
  attributes: string,
  act: (page: Page) => Promise<void>,
  {
    frames = FRAMES,
    ...screen
  }: Pick<StageOptions, "width" | "height" | "person" | "policy"> & { frames?: number } = {},
): Promise<void> {
  const uff = await recordingOf(frames);
  const pipeline = JSON.stringify({ display: { reference: 2000 } });
  await onStage(
    {
      body: `<echo-viewer src="/some.uff" pipeline='${pipeline}' zoom="1.25" flip="left-right" ${attributes}></echo-viewer>`,
      extra: { "/some.uff": uff },
      ...screen,
    },
    async ({ page }) => {
      await waitForPhase(page, "file");
      await settled(page);
      await act(page);
    },
  );
}

/** Pixels of a film as it is encoded. */
const sizeOfFilm = (page: Page, kind: "webm" | "mp4"): Promise<number[]> =>
  page.evaluate(async (wanted) => {
    const video = document.createElement("video");
    video.src = URL.createObjectURL(await document.querySelector("echo-viewer")!.toBlob(wanted));
    await new Promise((resolve, reject) => {
      video.onloadeddata = resolve;
      video.onerror = () => reject(new Error(video.error?.message));
    });
    return [video.videoWidth, video.videoHeight];
  }, kind);

function checked({ different, moved, size, wanted }: Compared): void {
  const even = (length: number) => 2 * Math.ceil(length / 2);
  assert.equal(size, [wanted[0], even(wanted[1]), even(wanted[2])]);
  assert.equal(different, Array(FRAMES).fill(0));
  assert.ok(
    moved.every((count) => count > 100),
    `frames differ from their neighbours in ${moved} pixels`,
  );
}

const applySecond = async (page: Page, display: object = {}): Promise<void> => {
  await page
    .locator('echo-viewer textarea[part="pipeline"]')
    .fill(JSON.stringify({ display: { gainDb: 12, reference: 2000, ...display } }));
  await page.locator("echo-viewer .apply").click();
  await settled(page);
};

const second = async (page: Page, pane: number, display: object = {}): Promise<void> => {
  await page.locator(`echo-viewer [data-pane="pane-${pane}"] .pane-second`).click();
  await applySecond(page, display);
};

test("with M-mode a film has the strip, its cursor at each frame, and the line", () =>
  onRecording('mode="m"', async (page) => {
    checked(await compared(page));
    await keep(page, "film-m");
  }));

test("with the A-line a film has each frame's curve, levels and signal before detection", () =>
  onRecording('mode="a"', async (page) => {
    checked(await compared(page));
    await page.evaluate(() => document.querySelector("echo-viewer")!.setAttribute("zoom", "1"));
    await page.locator("echo-viewer [part~=rail-modes]").click();
    await page.locator("echo-viewer .drawer").getByLabel("Envelope").click();
    await settled(page);
    checked(await compared(page));
    await keep(page, "film-a");
  }));

test("of a split stage a film has every picture: a kept one stands, a second pipeline's goes along", () =>
  onRecording('split="4"', async (page) => {
    await page.locator('echo-viewer [data-pane="pane-2"] .pane-keep').click();
    await page.locator('echo-viewer [data-pane="pane-2"] .pane-time').waitFor();
    await second(page, 3);
    checked(await compared(page));
    await keep(page, "film-split");
  }));

for (const stage of ['split="2"', 'mode="m"'])
  test(`with persistence a film of a part has each frame's own average: ${stage}`, () =>
    onRecording(
      `${stage} persistence="0.8"`,
      async (page) => {
        if (stage.startsWith("split")) await second(page, 2, { persistence: 0.6 });
        await page.evaluate(() => document.querySelector("echo-viewer")!.trim({ first: 3, last: 5 }));
        checked(await compared(page, [3, 4, 5]));
        await keep(page, `film-persistence-${stage.slice(0, 4)}`);
      },
      { frames: 6 },
    ));

test("a second pipeline that is refused leaves its pane empty, and the film is made", () =>
  onRecording('split="2"', async (page) => {
    await second(page, 2);
    const inPane = () =>
      page.evaluate(() => {
        const root = document.querySelector("echo-viewer")!.shadowRoot!;
        const stage = root.querySelector("canvas.picture")!.getBoundingClientRect();
        const pane = root.querySelector('[data-pane="pane-2"]')!.getBoundingClientRect();
        const { data, width } = pixelsOn("canvas.picture");
        const scale = width / stage.width;
        for (let y = Math.ceil(pane.top - stage.top); y < pane.bottom - stage.top; y++)
          for (let x = Math.ceil(pane.left - stage.left); x < pane.right - stage.left; x++)
            if (data[4 * (Math.floor(y * scale) * width + Math.floor(x * scale)) + 3] > 0) return true;
        return false;
      });
    assert.is(await inPane(), true);
    await applySecond(page, { persistence: 7 });
    assert.is(await inPane(), false, "a picture of another pipeline is none");
    checked(await compared(page));
    await applySecond(page);
    assert.is(await inPane(), true);
  }));

test("a film goes on as it began while a person scrubs, zooms and ends the split", () =>
  onRecording('split="2"', async (page) => {
    await second(page, 2);
    const first = await compared(page);
    checked(first);
    const same = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      const { filmed } = window as unknown as { filmed: ImageData[] };
      const before = filmed.splice(0);
      const film = viewer.toBlob("webm");
      while (!filmed.length) await new Promise((resolve) => setTimeout(resolve));
      viewer.step(-1);
      viewer.zoom = 3;
      viewer.split = 1;
      await film;
      return before.map(
        ({ width, data }, k) =>
          width === filmed[k].width && data.every((v, i) => i < 80 * width || v === filmed[k].data[i]),
      );
    });
    assert.equal(same, Array(FRAMES).fill(true));
  }));

test("a film is as sharp as a phone's screen", () =>
  onRecording('mode="m" class="full"', async (page) => checked(await compared(page)), {
    width: 360,
    height: 560,
    person: { deviceScaleFactor: 2 },
  }));

test("no film is larger than 1920 x 1088, lying or standing, and it keeps its shape", async () => {
  for (const [width, height] of [
    [1600, 700],
    [1000, 900],
    [600, 1200],
  ])
    await onRecording(
      'split="2" class="full"',
      async (page) => {
        const stage = await page.locator("echo-viewer canvas.overlay").boundingBox();
        const shape = stage!.width / (stage!.height + 60);
        for (const kind of ["webm", "mp4"] as const) {
          const [w, h] = await sizeOfFilm(page, kind);
          const [long, short] = [Math.max(w, h), Math.min(w, h)];
          const what = `${kind}: ${w} x ${h} of a stage of ${shape}`;
          assert.ok(long <= 1920 && short <= 1088, what);
          assert.ok(long === 1920 || short === 1088, `${what}: as large as it may be`);
          assert.ok(Math.abs(w / h / shape - 1) < 0.004, what);
        }
      },
      { width, height, person: { deviceScaleFactor: 3 }, policy: `${POLICY}; media-src blob:` },
    );
});

test.after(closeBrowser);
test.run();
