/** What echOpen's two TCP protocols share: a header once, then records. */
import { SondeError } from "../errors.ts";
import { type RecordEvent, RecordParser } from "./echopen-records.ts";
import {
  type EchopenFamily,
  type EchopenSettings,
  samplesPerLine,
  settingsFault,
} from "./echopen-settings.ts";

/** A header that is complete, or the number of bytes needed to say more. */
export type HeaderResult = { settings: EchopenSettings; bytes: number } | number;

export abstract class HeaderedParser {
  /** What the stream said, or was said to be; undefined until the header is complete. */
  settings: EchopenSettings | undefined;
  readonly #family: EchopenFamily;
  #head = new Uint8Array(0);
  #records: RecordParser | undefined;

  /** `known`: settings of a stream that is joined in the middle, without a header. */
  constructor(family: EchopenFamily, known: EchopenSettings | undefined) {
    this.#family = family;
    if (known) this.#start(known, false, 0);
  }

  /** Reads the header from the first bytes. @throws SondeError `corrupt-file` */
  protected abstract readHeader(bytes: Uint8Array): HeaderResult;

  #start(settings: EchopenSettings, trusted: boolean, offset: number): RecordParser {
    const fault = settingsFault(settings, this.#family);
    if (fault)
      throw new SondeError(
        "corrupt-file",
        `The echOpen header holds ${fault}; is it echOpen's other protocol, or another device's? Of data without a header, give the settings.`,
      );
    const layout = {
      lines: settings.lines,
      samples: samplesPerLine(settings, this.#family),
      mode: settings.mode,
    };
    this.settings = settings;
    this.#records = new RecordParser(layout, trusted, offset);
    return this.#records;
  }

  /** Bytes of the buffers. */
  get heldBytes(): number {
    return this.#head.length + (this.#records?.heldBytes ?? 0);
  }

  /** Takes a chunk of any size; gives the lines and gaps it completes. @throws SondeError `corrupt-file` */
  push(chunk: Uint8Array): RecordEvent[] {
    if (this.#records) return this.#records.push(chunk);
    let rest = chunk;
    for (;;) {
      const header = this.readHeader(this.#head);
      if (typeof header !== "number") {
        this.#head = new Uint8Array(0);
        return this.#start(header.settings, true, header.bytes).push(rest);
      }
      const missing = header - this.#head.length;
      const taken = rest.subarray(0, missing);
      const head = new Uint8Array(this.#head.length + taken.length);
      head.set(this.#head);
      head.set(taken, this.#head.length);
      this.#head = head;
      rest = rest.subarray(taken.length);
      if (taken.length < missing) return [];
    }
  }

  /** What is left when the stream is over. @throws SondeError `corrupt-file` when it ended inside the header */
  end(): RecordEvent[] {
    if (this.#records) return this.#records.end();
    throw new SondeError(
      "corrupt-file",
      `The echOpen stream ends inside its header, after ${this.#head.length} bytes; record it again.`,
    );
  }
}
