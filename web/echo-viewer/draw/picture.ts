/** Puts an image on a canvas at its physical shape, as the view has it; transparent where the image is. */
import type { Image } from "../../../host/index.ts";
import type { Mapping } from "./mapping.ts";

/** Has what is drawn next lie as a mapping says, on a canvas of so many device pixels per CSS pixel. */
type Placing = (context: CanvasRenderingContext2D) => void;

function placingOf({ room, matrix, box }: Mapping, scale: number): Placing {
  const [a, b, c, d, e, f] = matrix.map((value) => value * scale);
  // Beyond its room a zoomed picture is cut off; one that fits keeps its edges' half pixels.
  const zoomed = box.width > room.width + 1 || box.height > room.height + 1;
  const seen = zoomed ? new Path2D() : undefined;
  seen?.rect(room.x * scale, room.y * scale, room.width * scale, room.height * scale);
  return (context) => {
    context.setTransform(1, 0, 0, 1, 0, 0);
    if (seen) context.clip(seen);
    context.setTransform(a, b, c, d, e, f);
  };
}

/** Keeps the pixels at their own size, so that a resized stage can be painted again without the image. */
export class Picture {
  readonly #bitmap = document.createElement("canvas");
  readonly #context = this.#bitmap.getContext("2d");
  /** Where it was drawn last: live frames lie where those before them did. */
  #mapping: Mapping | undefined;
  #scale = 1;
  #place: Placing | undefined;

  /** Takes a copy of the pixels. */
  load(image: Image): void {
    if (this.#bitmap.width !== image.width || this.#bitmap.height !== image.height) {
      this.#bitmap.width = image.width;
      this.#bitmap.height = image.height;
    }
    this.#context?.putImageData(new ImageData(image.pixels, image.width, image.height), 0, 0);
  }

  /** @param scale device pixels per CSS pixel. */
  draw(context: CanvasRenderingContext2D, mapping: Mapping, scale: number): void {
    if (this.#mapping !== mapping || this.#scale !== scale) this.#place = undefined;
    this.#mapping = mapping;
    this.#scale = scale;
    this.#place ??= placingOf(mapping, scale);
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.save();
    this.#place(context);
    context.drawImage(this.#bitmap, 0, 0);
    context.restore();
  }

  /** Gives the pixels' memory back. */
  clear(): void {
    this.#bitmap.width = 0;
    this.#bitmap.height = 0;
  }
}
