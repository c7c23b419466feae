/**
 * Memory that a page and its engine's worker both see, in which the samples of frames change hands. They are copied once; a message
 * copies them out, allocates anew for every frame, and copies them in again.
 *
 *   frame -> copied into a free letter -> message with the letter -> answer -> the letter is free again
 */
import type { Frame } from "../model.ts";
import { canShareMemory } from "../worker/platform.ts";

/** By name, as what comes from another page's realm, or is a Node Buffer, has another constructor. */
const ARRAYS = { Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Float32Array };

/** Letters that are kept: one on its way while the next is written. */
const KEPT = 2;

/** A frame as it is sent, and what to call when the worker has answered. */
export interface Letter {
  frame: Frame;
  answered(): void;
}

export class Mailbox {
  #free: SharedArrayBuffer[] = [];

  /** Puts the samples into shared memory; undefined where there is none, or nothing that could be put there. */
  put(frame: Frame): Letter | undefined {
    const samples = frame?.samples;
    const Samples = ARRAYS[Object.prototype.toString.call(samples).slice(8, -1) as keyof typeof ARRAYS];
    if (!Samples || !canShareMemory() || samples.length === 0) return undefined;
    const { byteLength } = samples;
    const found = this.#free.pop();
    const memory = found?.byteLength === byteLength ? found : new SharedArrayBuffer(byteLength);
    // The types of the DOM know arrays over private memory only.
    const shared = new Samples(memory as unknown as ArrayBuffer);
    shared.set(samples);
    return {
      frame: { ...frame, samples: shared },
      answered: () => {
        if (this.#free.length < KEPT) this.#free.push(memory);
      },
    };
  }
}
