/**
 * HDF5 files from the outside: every access is a message to the HDF5 worker, one at a time. A file that crashes or
 * stalls the library gets `corrupt-file`; the worker is replaced, and other open files go on as if nothing had
 * happened.
 */
import { isSondeError, SondeError } from "../../errors.ts";
import type { FileBytes } from "../file.ts";
import type { DescribeOptions, Hdf5Node, NewGroup, Numbers, ReadOptions } from "./protocol.ts";
import { Session, type Task } from "./session.ts";
import type { Slab } from "./slab.ts";

/** An open HDF5 file. */
export interface Hdf5File {
  readonly name: string;
  /** @throws SondeError `corrupt-file`, `unsupported-format` */
  describe(path: string, options?: DescribeOptions): Promise<Hdf5Node>;
  /** @throws SondeError `corrupt-file`, `unsupported-format`, `out-of-memory` */
  read(options: ReadOptions): Promise<{ shape: number[]; values: Numbers }>;
  /** Gives back the worker's copy of the file. */
  close(): void;
}

let session: Session | undefined;
let queue: Promise<unknown> = Promise.resolve();
let nextFile = 0;

/** One request at a time, so that the file whose request is under way is the one that crashed. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const result = queue.then(work);
  queue = result.catch(() => undefined);
  return result;
}

function currentSession(): Session {
  if (!session || session.dead) session = new Session();
  return session;
}

/** Makes the worker forget a file. */
function letGo(file: number, byteLength: number): void {
  const drop = async () => {
    if (!session || session.dead || !session.openFiles.delete(file)) return;
    // Nobody needs it any more: a page without files keeps no worker.
    if (session.openFiles.size === 0) session.end();
    else await session.ask({ kind: "close", file }, byteLength);
  };
  // A worker that dies while it lets go of a file is replaced at the next request.
  inTurn(drop).catch(() => undefined);
}

class WorkerFile implements Hdf5File {
  readonly name: string;
  readonly #number = nextFile++;
  readonly #byteLength: number;
  #bytes: Uint8Array<ArrayBuffer> | undefined;
  /** Set once this file crashed the library: it is not tried again. */
  #broken: SondeError | undefined;

  constructor(file: FileBytes) {
    this.name = file.name;
    this.#bytes = file.bytes;
    this.#byteLength = file.bytes.length;
  }

  open(): Promise<void> {
    return inTurn(() => this.#ensureOpen(currentSession()));
  }

  describe(path: string, options: DescribeOptions = {}): Promise<Hdf5Node> {
    return this.#request({ kind: "describe", file: this.#number, path, options }) as Promise<Hdf5Node>;
  }

  read(options: ReadOptions): Promise<{ shape: number[]; values: Numbers }> {
    return this.#request({ kind: "read", file: this.#number, options }) as Promise<{
      shape: number[];
      values: Numbers;
    }>;
  }

  close(): void {
    this.#bytes = undefined;
    letGo(this.#number, this.#byteLength);
  }

  #request(task: Task): Promise<unknown> {
    return inTurn(async () => {
      const current = currentSession();
      await this.#ensureOpen(current);
      return this.#ask(current, task);
    });
  }

  async #ensureOpen(current: Session): Promise<void> {
    if (this.#broken) throw this.#broken;
    if (!this.#bytes) throw new SondeError("bad-option", `${this.name} was closed; open it again.`);
    if (current.openFiles.has(this.#number)) return;
    // A copy travels: the caller keeps its bytes, and a new worker can be given them again.
    const bytes = this.#bytes.slice();
    await this.#ask(current, { kind: "open", file: this.#number, name: this.name, bytes }, [bytes.buffer]);
    current.openFiles.add(this.#number);
  }

  async #ask(current: Session, task: Task, transfer?: readonly ArrayBuffer[]): Promise<unknown> {
    try {
      return await current.ask(task, this.#byteLength, transfer);
    } catch (error) {
      if (current.dead && isSondeError(error, "corrupt-file")) this.#broken = error;
      throw error;
    }
  }
}

/**
 * Opens an HDF5 file. The bytes are copied into the worker; do not change them while the file is open.
 * @throws SondeError `corrupt-file`, `unsupported-platform`
 */
export async function openHdf5File(file: FileBytes): Promise<Hdf5File> {
  const opened = new WorkerFile(file);
  await opened.open();
  return opened;
}

/** An HDF5 file being written in the worker. */
export class NewHdf5File {
  readonly #name: string;
  readonly #number = nextFile++;
  readonly #byteLength: number;
  #session: Session | undefined;

  /** `byteLength`: about how large it will be, for the worker's patience. Nothing happens before `create`. */
  constructor(name: string, byteLength: number) {
    this.#name = name;
    this.#byteLength = byteLength;
  }

  /** Makes the file and everything in it. @throws SondeError `unsupported-platform`, `out-of-memory` */
  create(root: NewGroup): Promise<void> {
    return inTurn(async () => {
      this.#session = currentSession();
      this.#session.openFiles.add(this.#number);
      await this.#ask({ kind: "create", file: this.#number, root });
    });
  }

  /** Writes one box of a dataset; `values` change hands. @throws SondeError `out-of-memory` */
  async fill(path: string, slab: Slab, values: Float32Array<ArrayBuffer>): Promise<void> {
    const task: Task = { kind: "fill", file: this.#number, path, slab, values };
    await inTurn(() => this.#ask(task, [values.buffer]));
  }

  /** The bytes of the file, which the worker forgets. @throws SondeError `out-of-memory` */
  async finish(): Promise<Uint8Array<ArrayBuffer>> {
    const answer = await inTurn(() => this.#ask({ kind: "finish", file: this.#number }));
    this.discard();
    return (answer as { values: Uint8Array<ArrayBuffer> }).values;
  }

  /** Forgets the file; harmless when there is none any more. */
  discard(): void {
    letGo(this.#number, this.#byteLength);
  }

  async #ask(task: Task, transfer?: readonly ArrayBuffer[]): Promise<unknown> {
    if (!this.#session || this.#session.dead)
      throw new SondeError(
        "aborted",
        `Writing ${this.#name} ended with the HDF5 worker, which another file crashed; write it again.`,
      );
    return this.#session.ask(task, this.#byteLength, transfer);
  }
}
