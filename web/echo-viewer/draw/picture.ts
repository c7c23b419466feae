/** Puts an image on a canvas at its physical shape, as the view has it; transparent where the image is. */
import type { Image } from "../../../host/index.ts";
import type { Mapping } from "./mapping.ts";

/** Has what is drawn next lie as a mapping says, on a canvas of so many device pixels per CSS pixel. */
type Laying = (context: CanvasRenderingContext2D, scale: number) => void;

function layingOf({ room, matrix: [a, b, c, d, e, f], box }: Mapping): Laying {
  const zoomed = box.width > room.width + 1 || box.height > room.height + 1;
  return (context, scale) => {
    context.setTransform(scale, 0, 0, scale, 0, 0);
    // Beyond its room a zoomed picture is cut off; one that fits keeps its edges' half pixels.
    if (zoomed) {
      context.beginPath();
      context.rect(room.x, room.y, room.width, room.height);
      context.clip();
    }
    context.transform(a, b, c, d, e, f);
  };
}

/** Keeps the pixels at their own size, so that a resized stage can be painted again without the image. */
export class Picture {
  readonly #bitmap = document.createElement("canvas");
  readonly #context = this.#bitmap.getContext("2d");
  /** How it was drawn last: live frames lie where those before them did. */
  #mapping: Mapping | undefined;
  #lay: Laying | undefined;

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
    if (mapping !== this.#mapping) this.#lay = layingOf(mapping);
    this.#mapping = mapping;
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.save();
    this.#lay?.(context, scale);
    context.drawImage(this.#bitmap, 0, 0);
    context.restore();
  }

  /** Gives the pixels' memory back. */
  clear(): void {
    this.#bitmap.width = 0;
    this.#bitmap.height = 0;
  }
}
