/** Makes what is exported, one thing at a time, with progress and a way to stop. */
import {
  greyPalette,
  type Image,
  isSondeError,
  type Pipeline,
  SondeError,
  type SondeFrame,
  toPng,
  toSonde,
  toUff,
} from "../../../../host/index.ts";
import { besideOf } from "../../beside.ts";
import { asSondeError } from "../../controllers/renderer.ts";
import { descriptionOf } from "../../description.ts";
import { MAIN_PANE, mainRegion, pictureRoom } from "../../draw/layout.ts";
import { mappingOf } from "../../draw/mapping.ts";
import type { Ink } from "../../draw/overlay.ts";
import { emit } from "../../events.ts";
import { textsOf } from "../../languages/language.ts";
import { canScrub, clipOf, greyMapOf, type Session, type ViewerState } from "../../store.ts";
import { type Lie, WHOLE_VIEW } from "../../view.ts";
import { ExtraPlan } from "../extra-plan.ts";
import type { FilmedPane, WholeViewer } from "../feature.ts";
import { captionsOf, dateOf } from "./captions.ts";
import { Composer, type Composition, composedSize, filmStage } from "./compose.ts";
import { copy, fileNameOf, print, save } from "./deliver.ts";
import { type Film, filmScale } from "./film.ts";
import { makeGif } from "./gif.ts";
import { EXPORT_KINDS, type ExportKind, type ExportState, FILES, NO_EXPORT } from "./kinds.ts";
import { askedSettings, SETTINGS_TEXT } from "./settings.ts";
import { type ExportTexts, english } from "./texts.ts";
import { encoderFor, makeVideo } from "./video.ts";

/** Work shorter than this shows no progress (ms). */
const LONG_MS = 300;

/** Size and rate that are asked about when nothing else is known. */
const NOMINAL = { width: 640, height: 480 };
const NOMINAL_RATE_HZ = 25;

/** How long the newest picture of a film is shown when there is no other to compare with (s). */
const LONE_FRAME_S = 1;

const PIPELINE_TEXT = "sonde:pipeline";
/** Which of the stored frames it is. */
type Place = Parameters<typeof captionsOf>[2];

export class Exporter {
  readonly #viewer: WholeViewer;
  #stop: AbortController | undefined;

  constructor(viewer: WholeViewer) {
    this.#viewer = viewer;
    viewer.store.updateFeature("export", NO_EXPORT);
    void this.#findEncoders();
  }

  get #state(): ViewerState {
    return this.#viewer.store.state;
  }

  get #texts(): ExportTexts {
    return textsOf(this.#state.language, "export", english);
  }

  #update(change: Partial<ExportState>): void {
    this.#viewer.store.updateFeature("export", change);
  }

  async #findEncoders(): Promise<void> {
    const [webm, mp4] = await Promise.all(
      (["webm", "mp4"] as const).map((container) => encoderFor(container, NOMINAL, NOMINAL_RATE_HZ)),
    );
    this.#update({ videos: { webm: webm !== undefined, mp4: mp4 !== undefined } });
  }

  /**
   * Makes what is asked for, without saving it.
   * @throws SondeError `bad-option`, `missing-data`, `unsupported-platform`, `aborted`, `out-of-memory`
   */
  async toBlob(kind: ExportKind): Promise<Blob> {
    this.#require(kind);
    if (this.#stop) throw new SondeError("bad-option", this.#texts.busy, { fields: { kind } });
    const stop = new AbortController();
    this.#stop = stop;
    this.#update({ job: { kind, fraction: null, long: false } });
    const timer = setTimeout(() => this.#progress({ long: true }), LONG_MS);
    // What is in it already, and its name, tell of the patient.
    const unwatch = this.#viewer.store.subscribe((state, previous) => {
      if (state.privacy && !previous.privacy) stop.abort();
    });
    try {
      const blob = await this.#make(kind, stop.signal);
      if (stop.signal.aborted) throw new SondeError("aborted", this.#texts.cancelled);
      return blob;
    } finally {
      clearTimeout(timer);
      unwatch();
      this.#stop = undefined;
      this.#update({ job: null });
    }
  }

  /**
   * Exports as the buttons do: asks `echo-before-export`, makes it, tells `echo-export`, saves it.
   * @returns null when the page objected
   * @throws as `toBlob`
   */
  async exportAs(kind: ExportKind): Promise<Blob | null> {
    this.#require(kind);
    const { host } = this.#viewer;
    const when = new Date();
    const offered = fileNameOf(this.#state, kind, when);
    if (!emit(host, "echo-before-export", { kind, name: offered })) return null;
    // The page may have hidden the patient while it was asked.
    const name = fileNameOf(this.#state, kind, when);
    const alternative = { text: descriptionOf(this.#state), lang: this.#state.language.tag };
    const made = this.toBlob(kind);
    // The clipboard is asked while the click is being answered, and waits for the picture.
    const copied = kind === "copy" ? this.#copied(made) : undefined;
    const blob = await made;
    await copied;
    if (!emit(host, "echo-export", { kind, name, blob })) return blob;
    if (kind === "print") {
      const { info } = this.#state.session ?? {};
      const notes = info && !this.#state.privacy ? [info.name] : [];
      await print(blob, alternative, notes);
    } else if (kind !== "copy") {
      save(blob, name);
      this.#viewer.announce(this.#texts.saved(name));
    }
    return blob;
  }

  #require(kind: ExportKind): void {
    if (!EXPORT_KINDS.includes(kind))
      throw new SondeError("bad-option", this.#texts.unknownKind(String(kind), EXPORT_KINDS), {
        fields: { kind: String(kind) },
      });
  }

  async #copied(picture: Promise<Blob>): Promise<void> {
    try {
      await copy(picture);
    } catch (cause) {
      // What went wrong with the picture itself is told by whoever made it.
      await picture;
      throw new SondeError("unsupported-platform", this.#texts.noClipboard, { cause });
    }
    this.#viewer.announce(this.#texts.copied);
  }

  /** What a button or key does: errors are shown to the person. */
  press(kind: ExportKind): void {
    this.exportAs(kind).catch((error: unknown) => {
      const viewer = this.#viewer;
      if (isSondeError(error, "aborted")) viewer.announce(this.#texts.cancelled);
      else viewer.session.fail(asSondeError(error, this.#state.language.messages.errors.unexpected));
    });
  }

  /** Stops what is being made. */
  cancel(): void {
    this.#stop?.abort();
  }

  /** Why something cannot be exported now; undefined: it can. */
  obstacle(kind: ExportKind, state: ViewerState): string | undefined {
    const texts = this.#texts;
    if (!state.session || !state.image) return texts.needsPicture;
    const { videos } = state.features.export ?? NO_EXPORT;
    const film = kind === "webm" || kind === "mp4" || kind === "gif";
    if ((film || kind === "sonde" || kind === "uff") && !canScrub(state)) return texts.needsFreeze;
    if ((kind === "webm" || kind === "mp4") && videos && !videos[kind]) return texts.noEncoder(kind);
    if (kind === "uff" && state.session.info.kind !== "channels") return texts.noRaw;
    return undefined;
  }

  async #make(kind: ExportKind, signal: AbortSignal): Promise<Blob> {
    const obstacle = this.obstacle(kind, this.#state);
    const { session } = this.#state;
    if (obstacle || !session)
      throw new SondeError("missing-data", obstacle ?? this.#texts.needsPicture, { fields: { kind } });
    const [, type] = FILES[kind];
    switch (kind) {
      case "picture":
      case "copy":
      case "print":
        return new Blob([await this.#picture(session)], { type });
      case "plain":
        return new Blob([await this.#plain(session)], { type });
      case "pipeline":
        return new Blob([`${JSON.stringify(session.plan.report.pipeline, null, 2)}\n`], { type });
      case "sonde":
      case "uff":
        return new Blob([await this.#raw(kind, session, signal)], { type });
      case "gif":
        return this.#withFilm(
          session,
          signal,
          (film) => makeGif(film, greyPalette(greyMapOf(this.#state))),
          true,
        );
      case "webm":
      case "mp4": {
        const video = await this.#withFilm(session, signal, (film, size, rateHz) =>
          makeVideo(kind, film, size, rateHz),
        );
        if (!video)
          throw new SondeError("unsupported-platform", this.#texts.noEncoder(kind), { fields: { kind } });
        return video;
      }
    }
  }

  /** Text that a picture carries with it. */
  #pngText({ plan, info }: Session, lie: Lie): Record<string, string> {
    return {
      Software: "Sonde",
      ...(this.#state.privacy ? {} : { Source: info.name }),
      [PIPELINE_TEXT]: JSON.stringify(plan.report.pipeline),
      [SETTINGS_TEXT]: JSON.stringify(askedSettings(this.#state, lie)),
      Comment: this.#state.language.messages.notice,
    };
  }

  /** The picture's own pixels. */
  #plain(session: Session): Promise<Uint8Array<ArrayBuffer>> {
    const image = this.#state.image!;
    const region = mainRegion(image);
    const perMetre = (delta: number | undefined) => (delta ? Math.round(1 / Math.abs(delta)) : 0);
    const [x, y] = [perMetre(region?.deltaXM), perMetre(region?.deltaZM)];
    // The next live picture takes this one's buffer.
    const pixels = image.pixels.slice();
    return toPng(
      { ...image, pixels },
      {
        // Whatever the viewer does with it, these pixels lie as they were recorded.
        text: this.#pngText(session, WHOLE_VIEW),
        ...(x > 0 && y > 0 ? { pixelsPerMeter: [x, y] } : {}),
      },
    );
  }

  /** The picture as shown, and the words it needs. */
  #picture(session: Session): Promise<Uint8Array<ArrayBuffer>> {
    const composer = new Composer(true);
    try {
      const state = this.#state;
      const image = state.image!;
      const frame = canScrub(state)
        ? {
            number: state.position - state.firstFrame,
            count: state.frameCount,
            timeS: state.positionS,
          }
        : null;
      const { width, height } = this.#viewer.stageSize();
      const isSeen = width > 0 && height > 0;
      composer.draw(
        isSeen ? this.#onStage(state, image, frame) : this.#unseen(state, image, frame),
        devicePixelRatio,
      );
      const pixels = composer.pixels();
      return toPng({ ...image, ...pixels }, { text: this.#pngText(session, state.view) });
    } finally {
      composer.close();
    }
  }

  /** As it lies on the stage. */
  #onStage(state: ViewerState, image: Image, frame: Place): Composition {
    const viewer = this.#viewer;
    const [main] = viewer.panes();
    const panes = viewer.ownPanes();
    return {
      ...this.#composition(state, image, viewer.stageSize(), frame),
      mapping: viewer.mapping() ?? undefined,
      panes,
      shared: panes.some(({ caption }) => caption) ? main?.area : undefined,
      drawMarks: (context, ink) => this.#drawMarks(context, ink, state),
    };
  }

  /** The main picture of a viewer that is not shown, as large as its own pixels. */
  #unseen(state: ViewerState, image: Image, frame: Place): Composition {
    const stage = filmStage(image, state.view);
    const mapping = mappingOf(pictureRoom(stage.width, stage.height), image, state.view);
    const drawMarks: Composition["drawMarks"] = (context, ink) =>
      this.#viewer.drawMarks({ pane: MAIN_PANE, context, image, mapping, ink, state, ...stage, kept: true });
    return { ...this.#composition(state, image, stage, frame), mapping, drawMarks };
  }

  /** Marks of all panes, without what is only for working. */
  #drawMarks(context: CanvasRenderingContext2D, ink: Ink, state: ViewerState): void {
    const viewer = this.#viewer;
    const { width, height } = viewer.stageSize();
    for (const { id, image, mapping } of viewer.panes())
      viewer.drawMarks({ pane: id, context, image, mapping, ink, state, width, height, kept: true });
  }

  #composition(
    state: ViewerState,
    image: Image,
    stage: Composition["stage"],
    frame: Place,
    cameMs = this.#viewer.cine.stored(state.position)?.onMs,
  ): Composition {
    return {
      image,
      stage,
      view: state.view,
      captions: captionsOf(state, dateOf(state, this.#texts, cameMs, Date.now()), frame),
      beside: besideOf(state),
    };
  }

  /** The frames of the part that plays, and the rate they come at. */
  #stored(session: Session) {
    const state = this.#state;
    const { first, last } = clipOf(state);
    const frames = this.#viewer.cine.framesOf(first, last);
    const spanS = frames[frames.length - 1].playS - frames[0].playS;
    const periodS = frames.length > 1 && spanS > 0 ? spanS / (frames.length - 1) : LONE_FRAME_S;
    const check = (signal: AbortSignal): void => {
      if (signal.aborted) throw new SondeError("aborted", this.#texts.cancelled);
      if (this.#state.session !== session) throw new SondeError("aborted", this.#texts.cancelled);
    };
    return { state, frames, first, periodS, check };
  }

  #raw(kind: "sonde" | "uff", session: Session, signal: AbortSignal): Promise<BlobPart> {
    const { frames, check } = this.#stored(session);
    async function* raw(): AsyncGenerator<SondeFrame> {
      for (const { frame, arrivalS } of frames) {
        check(signal);
        yield { ...(await frame()), arrivalS };
      }
    }
    const { info } = session;
    const options = {
      signal,
      ...(this.#state.privacy ? { name: info.format } : {}),
      onProgress: (done: number) => this.#progress({ fraction: done / frames.length }),
    };
    return kind === "sonde"
      ? toSonde(info, raw(), options)
      : toUff(info, raw(), { ...options, frameCount: frames.length });
  }

  /** Lets `use` have the stored frames as pictures, each at its own time. */
  async #withFilm<T>(
    session: Session,
    signal: AbortSignal,
    use: (film: Film, size: { width: number; height: number }, rateHz: number) => Promise<T>,
    readBack = false,
  ): Promise<T> {
    const { state, frames, first, periodS, check } = this.#stored(session);
    const composer = new Composer(readBack);
    const exporter = this;
    const image = state.image!;
    const view = state.view;
    // A stage that is shared is filmed as it is divided now, whatever becomes of it meanwhile.
    // One that is not seen has room for the picture alone.
    const seen = this.#viewer.stageSize().width > 0;
    const panes: readonly FilmedPane[] = seen ? this.#viewer.ownPanes().map((pane) => pane.film()) : [];
    const [main] = this.#viewer.panes();
    const room = panes.length ? this.#viewer.mapping()?.room : undefined;
    const stage = panes.length ? this.#viewer.stageSize() : filmStage(image, view);
    // As sharp as on this screen; the picture alone has its own pixels.
    const sharpness = panes.length ? devicePixelRatio : 1;
    const shared = panes.some(({ caption }) => caption) ? main?.area : undefined;
    const { applied } = this.#viewer.session;
    const held = applied.display?.reference === "hold";
    // Black and white are where the picture on the screen has them.
    const pipeline: Pipeline = held
      ? { ...applied, display: { ...applied.display, reference: image.referenceAmplitude } }
      : applied;
    // Its own plan: the session's remembers frames, and the picture goes on under a film.
    const plan = new ExtraPlan(session.info, this.#viewer.session.lease());
    const shown = (): ViewerState => {
      const { patient, privacy } = this.#state;
      // Whose frames they are is settled, and so is whether there is a line for it: all pictures of a film have one size.
      const whose = state.sessionPatient;
      return { ...state, sessionPatient: whose && (patient ? whose : {}), privacy };
    };
    // Live frames that leave the memory meanwhile are kept: all at once.
    const ways = this.#viewer.cine.ways(frames.map((_, k) => first + k));
    const draw = async (k: number): Promise<void> => {
      const way = (await ways)[k];
      const { timeS, reprocessed } = frames[k];
      const frame = await frames[k].frame();
      if (way) await plan.goThrough(way, pipeline, () => !signal.aborted);
      check(signal);
      const made = await plan.run(frame, pipeline);
      const [position, now] = [first + k, shown()];
      const shot = {
        frame,
        image: made,
        state: { ...now, image: made, position, cursor: position, positionS: timeS, reprocessed },
      };
      for (const pane of panes) await pane.show(shot);
      check(signal);
      const place = { number: position - state.firstFrame, count: state.frameCount, timeS };
      const mapping = room && mappingOf(room, made, view);
      const composition: Composition = {
        ...exporter.#composition(
          { ...now, arrivedAtMs: 1000 * (frames[k].arrivalS ?? 0) },
          made,
          stage,
          place,
        ),
        panes,
        shared,
        mapping,
        drawMarks: (context) => {
          for (const pane of panes) if (mapping) pane.drawOnMain?.(context, mapping);
        },
      };
      composer.draw(composition, filmScale(composedSize(composition), sharpness), true);
    };
    async function* film() {
      for (let k = 0; k < frames.length; k++) {
        check(signal);
        await draw(k);
        const timeS = frames[k].playS - frames[0].playS;
        const durationS = k + 1 < frames.length ? frames[k + 1].playS - frames[k].playS : periodS;
        yield { canvas: composer.canvas, timeS, durationS };
        exporter.#progress({ fraction: (k + 1) / frames.length });
      }
    }
    try {
      await draw(0);
      const { width, height } = composer.canvas;
      return await use(film(), { width, height }, 1 / periodS);
    } finally {
      plan.close();
      for (const pane of panes) pane.close();
      composer.close();
    }
  }

  #progress(change: Partial<NonNullable<ExportState["job"]>>): void {
    const job = this.#state.features.export?.job;
    if (job) this.#update({ job: { ...job, ...change } });
  }
}
