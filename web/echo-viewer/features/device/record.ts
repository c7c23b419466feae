/**
 * Records the raw stream of a live source while it is shown or frozen. Frames are taken beside the viewer's own: freezing the picture
 * does not interrupt a recording.
 */
import {
  createRecorder,
  isSondeError,
  type Recorder,
  type RecorderStatus,
  SondeError,
} from "../../../../host/index.ts";
import { isLinked } from "../../controllers/link.ts";
import { textsOf } from "../../languages/language.ts";
import { isAnother, type Patient } from "../../patient.ts";
import type { Session } from "../../store.ts";
import type { Viewer } from "../feature.ts";
import { RecordingStore, type StoredRecording } from "./recordings.ts";
import { english } from "./texts.ts";

/** Bounds of a recording in a page. */
export const MOST_SECONDS = 600;
export const MOST_BYTES = 2 ** 29;
/** How often its figures are told (ms). */
const TELL_MS = 250;

interface Running {
  recorder: Recorder;
  session: Session;
  /** Whom it is of. */
  patient: Patient | null;
  stop: AbortController;
  unsubscribe: (() => void) | undefined;
  timer: ReturnType<typeof setInterval>;
}

export class RecordControl {
  readonly #viewer: Viewer;
  #store: Promise<RecordingStore> | undefined;
  #running: Running | undefined;
  /** A press of the button is being answered. */
  #starting = false;

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
    viewer.store.subscribe(({ session, sessionPatient }) => {
      const running = this.#running;
      if (!running) return;
      // No recording is of two sources, nor of two patients.
      const other = session?.source !== running.session.source;
      if (other || isAnother(running.patient, sessionPatient)) void this.stop();
    });
  }

  async start(): Promise<void> {
    const { session, sessionPatient: patient } = this.#viewer.store.state;
    if (this.#running || this.#starting || !session?.live) return;
    this.#starting = true;
    try {
      const store = await this.#open();
      const { recording, sink } = await store.create(session.info.name);
      // Another source may have been opened meanwhile.
      if (this.#viewer.store.state.session !== session) {
        await store.delete(recording);
        return;
      }
      const { source } = session;
      const recorder = createRecorder(sink, {
        maxSeconds: MOST_SECONDS,
        maxBytes: MOST_BYTES,
        about: isLinked(source)
          ? { device: source.link.device?.name ?? session.info.name, protocol: source.protocol.id }
          : { device: session.info.name },
      });
      const stop = new AbortController();
      // A device's frames come as events, all of them; a simulated probe's are iterated over.
      const unsubscribe = isLinked(source)
        ? source.subscribe((event) => {
            if (event.kind === "chunk" || event.kind === "reconfigured") return;
            recorder.add(event);
            if (recorder.status.state !== "recording") void this.stop();
          })
        : undefined;
      const timer = setInterval(() => this.#tell(recorder.status), TELL_MS);
      this.#running = { recorder, session, patient, stop, unsubscribe, timer };
      recorder.add({ kind: "acquisition", info: source.info });
      if (!unsubscribe) void this.#take(this.#running);
      this.#tell(recorder.status);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#starting = false;
    }
  }

  async stop(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    running.stop.abort();
    running.unsubscribe?.();
    clearInterval(running.timer);
    await running.recorder.close();
    const { status } = running.recorder;
    if (status.error) this.#fail(status.error);
    this.#tell(null);
    // Its figures change several times a second: only the last ones are said.
    const { seconds, bytes, frames, dropped } = status;
    const words = textsOf(this.#viewer.store.state.language, "device", english);
    this.#viewer.announce(words.recorded(seconds, bytes, frames, dropped));
    await this.list();
  }

  /** Reads anew what is stored. */
  async list(): Promise<void> {
    try {
      const recordings = await (await this.#open()).list();
      this.#viewer.store.updateFeature("device", { recordings });
    } catch (error) {
      // A page that may store nothing has no recordings, and hears why when it starts one.
      if (!isSondeError(error, "unsupported-platform")) this.#fail(error);
    }
  }

  /** Shows a recording. */
  async show(recording: StoredRecording): Promise<void> {
    await this.#with(recording, async (file) => this.#viewer.commands.openFile(file));
  }

  /** Saves a recording as a file. It stays stored until it is deleted. */
  async save(recording: StoredRecording): Promise<void> {
    await this.#with(recording, async (file) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = file.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    });
  }

  async delete(recording: StoredRecording): Promise<void> {
    try {
      await (await this.#open()).delete(recording);
    } catch (error) {
      this.#fail(error);
    }
    await this.list();
  }

  async #with(recording: StoredRecording, use: (file: File) => Promise<void>): Promise<void> {
    try {
      await use(await (await this.#open()).file(recording));
    } catch (error) {
      this.#fail(error);
    }
  }

  #open(): Promise<RecordingStore> {
    this.#store ??= RecordingStore.open();
    this.#store.catch(() => {
      this.#store = undefined;
    });
    return this.#store;
  }

  /** Frames as they come, until it is stopped or full. */
  async #take({ recorder, session, stop }: Running): Promise<void> {
    const { signal } = stop;
    try {
      for await (const frame of session.source.frames({ signal })) {
        recorder.add({ kind: "frame", frame });
        if (recorder.status.state !== "recording") break;
      }
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
    if (!signal.aborted) await this.stop();
  }

  #tell(status: RecorderStatus | null): void {
    this.#viewer.store.updateFeature("device", { recording: status });
  }

  #fail(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.#viewer.session.fail(
      isSondeError(error)
        ? error
        : new SondeError("not-found", `The recording failed (${why}).`, { cause: error }),
    );
  }
}
