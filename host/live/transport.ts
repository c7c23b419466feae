/**
 * What carries bytes between a device and Sonde. A transport knows how to reach one device and nothing of what its bytes
 * mean; a `Protocol` knows what they mean and nothing of how they came. Any of the one goes with any of the other.
 */

/** Whether chunks are cut anywhere, or each is one whole datagram or message. */
export type Boundary = "stream" | "datagram";

/** What is known of the device at the other end, for people. */
export interface DeviceName {
  /** As the device or the operating system calls it, or its address. */
  name: string;
  /** `tcp`, `udp`, `serial`, `usb`, `websocket`, ... */
  via: string;
}

/** Whole chunks thrown away, oldest first. */
export interface Dropped {
  chunks: number;
  bytes: number;
}

/** An open way to a device. */
export interface Link {
  readonly device: DeviceName;
  readonly boundary: Boundary;
  /** What this end threw away because nobody took it in time; absent: nothing can be. Grows only. */
  readonly dropped?: Dropped;
  /** How long ago the bytes read last came from the device (ms), where a way on has told; absent: just now. */
  readonly ageMs?: number;
  /**
   * The bytes as they come; one reader. Ends when the other side ends in order or after `close()`.
   * @throws SondeError `device-lost` when the device goes away
   */
  chunks(): AsyncIterableIterator<Uint8Array>;
  /** Sends bytes to the device. @throws SondeError `device-lost`, `bad-option` where nothing can be sent */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the link; may be called more than once. Never rejects. */
  close(): Promise<void>;
}

/** A way to reach one device, again and again. */
export interface Transport {
  /** Its address or name, for people: `tcp://192.168.4.1:7538`. */
  readonly name: string;
  /** It can be opened a single time: a link of it is not closed for being silent. Absent: again and again. */
  readonly once?: boolean;
  /**
   * An error with the field `final` set says that trying again is no use.
   * @throws SondeError `not-found`, `device-lost`, `unsupported-platform`, `aborted`
   */
  open(signal?: AbortSignal): Promise<Link>;
}
