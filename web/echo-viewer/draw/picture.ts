/** Puts an image on a canvas at its physical shape, as the view has it; transparent where the image is. */
import type { Image } from "../../../host/index.ts";
import type { Mapping } from "./mapping.ts";

/** Keeps the pixels at their own size, so that a resized stage can be painted again without the image. */
export class Picture {
  readonly #bitmap = document.createElement("canvas");
  readonly #context = this.#bitmap.getContext("2d");

  /** Takes a copy of the pixels. */
  load(image: Image): void {
    if (this.#bitmap.width !== image.width || this.#bitmap.height !== image.height) {
      this.#bitmap.width = image.width;
      this.#bitmap.height = image.height;
    }
    this.#context?.putImageData(new ImageData(image.pixels, image.width, image.height), 0, 0);
  }

  /** @param scale device pixels per CSS pixel. */
  draw(context: CanvasRenderingContext2D, { room, matrix, box }: Mapping, scale: number): void {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.save();
    // Beyond its room a zoomed picture is cut off; one that fits keeps its edges' half pixels.
    if (box.width > room.width + 1 || box.height > room.height + 1) {
      context.beginPath();
      context.rect(room.x * scale, room.y * scale, room.width * scale, room.height * scale);
      context.clip();
    }
    const [a, b, c, d, e, f] = matrix;
    context.setTransform(a * scale, b * scale, c * scale, d * scale, e * scale, f * scale);
    context.drawImage(this.#bitmap, 0, 0);
    context.restore();
  }

  /** Gives the pixels' memory back. */
  clear(): void {
    this.#bitmap.width = 0;
    this.#bitmap.height = 0;
  }
}
