/** What is used of gifenc 1.0.3, which brings no types. */
declare module "gifenc/dist/gifenc.esm.js" {
  export interface GifStream {
    /** `palette`: [r, g, b] by index; the first picture's is that of all that have none. `delay` in ms, kept as 1/100 s. */
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options: { palette?: number[][]; delay?: number },
    ): void;
    finish(): void;
    bytes(): Uint8Array;
    bytesView(): Uint8Array;
  }
  export function GIFEncoder(): GifStream;
  export function quantize(rgba: Uint8Array | Uint8ClampedArray, colours: number): number[][];
  export function applyPalette(rgba: Uint8Array | Uint8ClampedArray, palette: number[][]): Uint8Array;
}
