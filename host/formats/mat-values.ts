/** Looks into MAT variables: numbers by name, wherever the author put them. */
import { SondeError } from "../errors.ts";
import type { SampleArray } from "../model.ts";
import type { MatNumbers, MatNumeric, MatValue } from "./mat5.ts";
import { quote } from "./quote.ts";

/** Variables, and the fields of a 1 x 1 struct, by name without regard to case (as MUST looks them up). */
export class Names {
  readonly #values = new Map<string, MatValue>();

  /** Earlier entries win. */
  add(entries: Iterable<readonly [string, MatValue | undefined]>): void {
    for (const [name, value] of entries) {
      const key = name.toLowerCase();
      if (value && !this.#values.has(key)) this.#values.set(key, value);
    }
  }

  get(name: string): MatValue | undefined {
    return this.#values.get(name.toLowerCase());
  }

  /** Real numbers as doubles (integer classes would overflow in products), or undefined when absent or empty. */
  numbers(name: string): Float64Array | undefined {
    const value = this.get(name);
    if (value?.kind !== "numeric" || value.real.length === 0) return undefined;
    return Float64Array.from(value.real as ArrayLike<number | bigint>, Number);
  }

  /**
   * One number between `least` and `most`, or undefined when absent.
   * @throws SondeError `corrupt-file` when outside
   */
  scalar(name: string, least: number, most: number): number | undefined {
    const value = this.numbers(name)?.[0];
    if (value === undefined) return undefined;
    if (!(value >= least && value <= most))
      throw new SondeError(
        "corrupt-file",
        `${quote(name)} is ${value}, expected ${least} to ${most}; correct it in the MAT file.`,
        { fields: { name, value } },
      );
    return value;
  }
}

/** Echoes as samples Sonde takes: the narrow integer types stay, everything else becomes float32. */
export function toSamples(real: MatNumbers): SampleArray {
  if (
    real instanceof Int8Array ||
    real instanceof Uint8Array ||
    real instanceof Int16Array ||
    real instanceof Uint16Array ||
    real instanceof Int32Array ||
    real instanceof Float32Array
  )
    return real;
  // Large recordings are doubles: without a call for each of them, hundreds of milliseconds less.
  if (real instanceof Float64Array) return new Float32Array(real);
  return Float32Array.from(real as ArrayLike<number | bigint>, Number);
}

/** I and Q interleaved. */
export function interleave(value: MatNumeric): Float32Array {
  const out = new Float32Array(2 * value.real.length);
  for (let k = 0; k < value.real.length; k++) {
    out[2 * k] = Number(value.real[k]);
    out[2 * k + 1] = value.imaginary ? Number(value.imaginary[k]) : 0;
  }
  return out;
}
