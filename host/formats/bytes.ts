/** Bytes from where they are: a Blob or an address; bounded, with progress, and stoppable. */
import { SondeError } from "../errors.ts";
import type { FileBytes } from "./file.ts";
import type { OpenOptions } from "./options.ts";
import { quote } from "./quote.ts";

/** A file that describes a recording has a few lines. */
const LARGEST_DESCRIPTION_BYTES = 2 ** 20;

type Watch = Pick<OpenOptions, "onProgress" | "signal">;

/** @throws SondeError `out-of-memory` */
export function refuseLarge(name: string, size: number, maxBytes: number): void {
  if (size > maxBytes)
    throw new SondeError(
      "out-of-memory",
      `${quote(name)} has ${size} bytes, over the limit of ${maxBytes}; raise maxBytes to open it.`,
      { fields: { size, maxBytes } },
    );
}

/** All bytes of a stream, at most `maxBytes`; `total` is for progress only. */
async function drain(
  stream: ReadableStream<Uint8Array>,
  name: string,
  total: number | undefined,
  maxBytes: number,
  { onProgress, signal }: Watch,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { value } = await reader.read();
      if (!value) break;
      loaded += value.length;
      refuseLarge(name, loaded, maxBytes);
      chunks.push(value);
      onProgress?.(loaded, total);
    }
  } finally {
    reader.cancel().catch(() => undefined); // nothing more is wanted of it
  }
  const bytes = new Uint8Array(loaded);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

export async function readBlob(blob: Blob, maxBytes: number, watch: Watch): Promise<FileBytes> {
  const name = "name" in blob && typeof blob.name === "string" ? blob.name : "the file";
  refuseLarge(name, blob.size, maxBytes);
  try {
    return { name, bytes: await drain(blob.stream(), name, blob.size, maxBytes, watch) };
  } catch (cause) {
    // A file that was changed or removed after it was chosen.
    if (cause instanceof DOMException && cause.name !== "AbortError")
      throw new SondeError("not-found", `${quote(name)} can no longer be read; choose it again.`, { cause });
    throw cause;
  }
}

/** Last part of an address. */
function nameOf(address: string): string {
  if (/^(data|blob):/i.test(address)) return "the file";
  const path = address.replace(/[?#].*$/s, "");
  const last = path.slice(path.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(last) || "the file";
  } catch {
    return last; // a stray percent sign is part of the name
  }
}

/**
 * Files that the server says describe this one (RFC 8288: `Link: <settings.txt>; rel="describedby"`), from the same origin, by
 * their names. Addresses are never guessed.
 */
function describedBy(response: Response, watch: Watch): OpenOptions["related"] {
  const links = new Map<string, URL>();
  for (const [, target] of (response.headers.get("link") ?? "").matchAll(
    /<([^<>]*)>\s*;\s*rel="?describedby"?/gi,
  )) {
    const url = URL.canParse(target, response.url) ? new URL(target, response.url) : undefined;
    if (url && url.origin === new URL(response.url).origin) links.set(nameOf(url.href), url);
  }
  if (links.size === 0) return undefined;
  return async (name) => {
    const url = links.get(name);
    if (!url) return undefined;
    const answer = await readUrl(url, LARGEST_DESCRIPTION_BYTES, { signal: watch.signal });
    return answer.file.bytes;
  };
}

export async function readUrl(
  input: string | URL,
  maxBytes: number,
  watch: Watch,
): Promise<{ file: FileBytes; related?: OpenOptions["related"] }> {
  const address = String(input);
  const name = nameOf(address);
  let response: Response;
  try {
    response = await fetch(input, watch.signal ? { signal: watch.signal } : {});
  } catch (cause) {
    watch.signal?.throwIfAborted();
    throw new SondeError(
      "not-found",
      `${quote(address, 200)} cannot be reached; check the address, the network and that the server allows this page (CORS).`,
      { cause },
    );
  }
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new SondeError(
      "not-found",
      `${quote(address, 200)} answers ${response.status}; check the address.`,
      {
        fields: { status: response.status },
      },
    );
  }
  // With a content encoding the length is that of the compressed bytes.
  const stated = response.headers.get("content-encoding") ? null : response.headers.get("content-length");
  const total = stated === null ? undefined : Number(stated);
  if (total !== undefined && total > maxBytes) {
    await response.body.cancel();
    refuseLarge(name, total, maxBytes);
  }
  try {
    const bytes = await drain(response.body, name, total, maxBytes, watch);
    return { file: { name, bytes }, related: describedBy(response, watch) };
  } catch (cause) {
    watch.signal?.throwIfAborted();
    if (!(cause instanceof TypeError)) throw cause;
    throw new SondeError(
      "not-found",
      `The connection broke while reading ${quote(address, 200)}; try again.`,
      {
        cause,
      },
    );
  }
}
