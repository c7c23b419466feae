/** A file in memory: what every reader starts from. */

export interface FileBytes {
  /** Name without folders; the only thing besides the bytes that a reader may look at. */
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}
