/** Lines of text from bytes, bounded: what is too long, or no text, is none. */

export class TextLines {
  readonly #most: number;
  /** The line that has begun. */
  #letters = new Uint8Array(256);
  #count = 0;
  #bad = false;

  /** `most`: letters of the longest line. */
  constructor(most: number) {
    this.#most = most;
  }

  get heldBytes(): number {
    return this.#letters.length;
  }

  /** Forgets the line that has begun. */
  clear(): void {
    this.#count = 0;
    this.#bad = false;
  }

  /** The lines that these bytes complete, without their ends. */
  push(bytes: Uint8Array): string[] {
    const lines: string[] = [];
    for (let at = 0; at < bytes.length; ) {
      const found = bytes.indexOf(10, at);
      const end = found < 0 ? bytes.length : found;
      this.#add(bytes.subarray(at, end));
      at = end + 1;
      if (found < 0) break;
      if (!this.#bad && this.#count > 0)
        lines.push(new TextDecoder().decode(this.#letters.subarray(0, this.#count)));
      this.clear();
    }
    return lines;
  }

  #add(bytes: Uint8Array): void {
    if (this.#count + bytes.length > this.#most) this.#bad = true;
    if (this.#bad) return;
    const needed = this.#count + bytes.length;
    if (needed > this.#letters.length) {
      const larger = new Uint8Array(Math.min(this.#most, 2 * needed));
      larger.set(this.#letters.subarray(0, this.#count));
      this.#letters = larger;
    }
    for (let k = 0; k < bytes.length; k++) {
      const byte = bytes[k];
      if (byte === 13) continue;
      if (byte < 32 || byte > 126) {
        this.#bad = true;
        return;
      }
      this.#letters[this.#count++] = byte;
    }
  }
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
