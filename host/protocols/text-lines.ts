/** Lines of text from bytes, bounded: what is too long, or no text, is none. */

export class TextLines {
  readonly #most: number;
  #letters: number[] = [];
  #bad = false;

  /** `most`: letters of the longest line. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Bytes held: letters are kept as small numbers. */
  get heldBytes(): number {
    return 8 * this.#letters.length;
  }

  /** Forgets the line that has begun. */
  clear(): void {
    this.#letters = [];
    this.#bad = false;
  }

  /** The lines that these bytes complete, without their ends. */
  push(bytes: Uint8Array): string[] {
    const lines: string[] = [];
    for (const byte of bytes) {
      if (byte === 10) {
        if (!this.#bad && this.#letters.length > 0) lines.push(latin1(this.#letters));
        this.clear();
      } else if (byte === 13) continue;
      else if (this.#bad) continue;
      else if (byte < 32 || byte > 126 || this.#letters.length >= this.#most) {
        this.clear();
        this.#bad = true;
      } else this.#letters.push(byte);
    }
    return lines;
  }
}

function latin1(codes: readonly number[]): string {
  let text = "";
  for (let at = 0; at < codes.length; at += 4096) text += String.fromCharCode(...codes.slice(at, at + 4096));
  return text;
}

/** 10-bit samples as hex digits, 1 to 4 each, separated by commas; undefined when a value is none. */
export function hexSamples(text: string, most: number): Uint16Array<ArrayBuffer> | undefined {
  const samples = new Uint16Array(most);
  let count = 0;
  let digits = 0;
  let value = 0;
  for (let k = 0; k <= text.length; k++) {
    const code = k < text.length ? text.charCodeAt(k) : 44;
    if (code === 44) {
      if (digits === 0 && k === text.length) break; // a comma after the last one
      if (digits === 0 || digits > 4 || count === most) return undefined;
      samples[count++] = value;
      digits = 0;
      value = 0;
      continue;
    }
    const digit =
      code >= 48 && code <= 57
        ? code - 48
        : code >= 65 && code <= 70
          ? code - 55
          : code >= 97 && code <= 102
            ? code - 87
            : -1;
    if (digit < 0) return undefined;
    value = 16 * value + digit;
    digits++;
    if (digits > 4) return undefined;
  }
  return samples.slice(0, count);
}
