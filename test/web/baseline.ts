/**
 * What is drawn on a canvas, against a committed picture, to the last pixel. Letters differ between machines, lines do not: the
 * pixels are compared without letters, and the letters as texts.
 */
import { existsSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as assert from "uvu/assert";
import { bytesOf, type Stage } from "./browser.ts";

/** What makes the viewer draw again: another size, or fewer controls. */
interface Look {
  /** The viewer fills the page. */
  full?: boolean;
  controls?: "none" | null;
}

export interface Drawing {
  /** Class of the canvas. */
  canvas: "overlay" | "marks";
  /** Texts on every canvas count, not only those on this one. */
  everyText?: boolean;
  /** Colour under what is transparent. Default: black. */
  ground?: string;
  /** The look before, that which is compared, and, where it is not to stay, that after it. */
  looks: readonly [before: Look, compared: Look, after?: Look];
}

interface Drawn {
  texts: string[];
  /** The picture for a new baseline, as text; empty where there is one. */
  png: string;
  /** Pixels with some green in them: those of lines on black. */
  lit: number;
  /** Pixels that are not those of the baseline; -1: it has another size. */
  different: number;
}

/** Draws a canvas again without letters; compares its pixels with those of a baseline, where one is given. */
export function drawn({ page }: Pick<Stage, "page">, drawing: Drawing, baseline?: string): Promise<Drawn> {
  return page.evaluate(
    async ({ drawing: { canvas: name, everyText, ground = "#000", looks }, path }) => {
      const viewer = document.querySelector("echo-viewer")!;
      const canvas = viewer.shadowRoot!.querySelector<HTMLCanvasElement>(`canvas.${name}`)!;
      const wear = async ({ full, controls }: Look): Promise<void> => {
        if (full !== undefined) viewer.classList.toggle("full", full);
        if (controls !== undefined) viewer.controls = controls;
        await new Promise((done) => setTimeout(done, 200));
      };
      const texts: string[] = [];
      const { fillText, strokeText } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.fillText = function (text) {
        if (everyText || this.canvas === canvas) texts.push(text);
      };
      CanvasRenderingContext2D.prototype.strokeText = () => undefined;
      const [before, compared, after] = looks;
      await wear(before);
      texts.length = 0;
      await wear(compared);
      Object.assign(CanvasRenderingContext2D.prototype, { fillText, strokeText });
      const { width, height } = canvas;
      const flat = (image: CanvasImageSource): OffscreenCanvas => {
        const copy = new OffscreenCanvas(width, height);
        const context = copy.getContext("2d", { willReadFrequently: true })!;
        context.fillStyle = ground;
        context.fillRect(0, 0, width, height);
        context.drawImage(image, 0, 0);
        return copy;
      };
      const pixels = (image: CanvasImageSource): Uint8ClampedArray =>
        flat(image).getContext("2d", { willReadFrequently: true })!.getImageData(0, 0, width, height).data;
      const now = pixels(canvas);
      let png = "";
      if (path === undefined) {
        const blob = await flat(canvas).convertToBlob({ type: "image/png" });
        png = toText(new Uint8Array(await blob.arrayBuffer()));
      }
      if (after) await wear(after);
      let lit = 0;
      for (let i = 0; i < now.length; i += 4) if (now[i + 1] > 60) lit++;
      if (path === undefined) return { texts, png, lit, different: 0 };
      const image = await createImageBitmap(await (await fetch(path)).blob());
      if (image.width !== width || image.height !== height) return { texts, png, lit, different: -1 };
      const wanted = pixels(image);
      let different = 0;
      for (let i = 0; i < now.length; i += 4)
        if (now[i] !== wanted[i] || now[i + 1] !== wanted[i + 1] || now[i + 2] !== wanted[i + 2]) different++;
      return { texts, png, lit, different };
    },
    { drawing, path: baseline },
  );
}

/** No pixel differs from `baselines/NAME.png`; gives the texts in the order in which they are drawn. */
export async function sameAsBaseline(
  stage: Pick<Stage, "page">,
  name: string,
  drawing: Drawing,
): Promise<string[]> {
  const path = fileURLToPath(new URL(`./baselines/${name}.png`, import.meta.url));
  const known = existsSync(path);
  const { texts, png, different } = await drawn(stage, drawing, known ? `/baselines/${name}.png` : undefined);
  if (!known) {
    // A new baseline is made on purpose, by deleting the old one.
    writeFileSync(path, bytesOf(png));
    assert.unreachable(`${path} is new: look at it, commit it, and run the test again`);
  }
  assert.is(different, 0, "pixels that differ");
  return texts;
}
