/** Puts an image on a canvas at its physical shape; never mirrored, transparent where the image is. */
import type { Image } from "../../../host/index.ts";
import type { Box } from "./layout.ts";

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
  draw(context: CanvasRenderingContext2D, box: Box, scale: number): void {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(this.#bitmap, box.x * scale, box.y * scale, box.width * scale, box.height * scale);
  }

  /** Gives the pixels' memory back. */
  clear(): void {
    this.#bitmap.width = 0;
    this.#bitmap.height = 0;
  }
}
