/**
 * Opens what the attributes or a dropped file ask for, once the viewer can be seen. The old source goes on until the
 * new one is ready; when the new one fails, the old one stays and the error says so.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import {
  type Engine,
  type Frame,
  type Image,
  isSondeError,
  type LiveSource,
  type Pipeline,
  type SondeError,
  type Source,
} from "../../../host/index.ts";
import {
  type Backend,
  DEFAULT_BACKEND,
  type EngineLease,
  type LoadOptions,
  leaseEngine,
} from "../backend.ts";
import { emit } from "../events.ts";
import type { Messages } from "../languages/english.ts";
import { isAnother, type Patient } from "../patient.ts";
import { depthLimitsOf, extentKey, type FullView, fullViewOf, pipelineOf, UNCUT } from "../pipeline.ts";
import { recordedTimes } from "../playback.ts";
import {
  askedPipeline,
  canScrub,
  choiceDiffers,
  NO_PICTURE,
  NO_SESSION,
  type Request,
  requestOf,
  type Session,
  type Settings,
  type Store,
  sameRequest,
  settingsOf,
  type ViewerState,
} from "../store.ts";
import { LONG_MS, working } from "./busy.ts";
import { asSondeError, type Job, Renderer } from "./renderer.ts";

/** What is at hand when a source and an engine are. */
interface Opened {
  source: Source;
  engine: Engine;
  lease: EngineLease;
  request: Request;
  /** Whom the page named when it asked. */
  patient: Patient | null;
  signal: AbortSignal;
}

function nameOf(request: Request): string {
  if (request.kind === "file") return request.file.name;
  if (request.kind === "device") return request.device.name;
  return request.kind === "src" ? request.src : request.probe;
}

function openRequest(backend: Backend, request: Request, options: LoadOptions): Promise<Source> {
  if (request.kind === "probe")
    return backend.connect(request.probe, { ...options, protocol: request.protocol });
  if (request.kind === "device") {
    const { target, protocol } = request.device;
    return backend.connect(target, { ...options, protocol });
  }
  return backend.open(request.kind === "file" ? request.file : request.src, options);
}

export class SessionController implements ReactiveController {
  /** Where sources and engines come from; a change takes effect with the next source. */
  backend: Backend = DEFAULT_BACKEND;
  /** Runs the plan of the session; absent without one. */
  renderer: Renderer | undefined;
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #store: Store;
  /** The request that is open, being opened, or failed. */
  #request: Request | null = null;
  /** The request whose source is open. */
  #open: Request | null = null;
  /** The last one the page named for it. */
  #named: Patient | null = null;
  #loading: AbortController | undefined;
  /** A new plan for the source that is open is being made. */
  #replanning: AbortController | undefined;
  #view: FullView = UNCUT;
  /** The page changed the pipeline: what depths there are is known again when the plan has taken it. */
  #viewUnknown = false;
  /** The controls go back to what is in force: nothing is to be applied. */
  restoring = false;
  /** The engine of the session. */
  #lease: EngineLease | undefined;
  /** The pipeline last given to the renderer, as text. */
  #applied = "";
  readonly #settingsOf = new WeakMap<Pipeline, Settings>();
  #scheduled = false;
  /** What was asked for when the picture was frozen last: a freeze holds for the source that it was meant for. */
  #frozenFor: Request | null = null;
  /** Ends the plan's work on a change. */
  #waiting: (() => undefined) | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement, store: Store) {
    this.#host = host;
    this.#store = store;
    host.addController(this);
    store.subscribe((state, previous) => this.#changed(state, previous));
  }

  get #messages(): Messages {
    return this.#store.state.language.messages;
  }

  hostConnected(): void {
    this.#schedule();
  }

  hostDisconnected(): void {
    // An element that is moved is disconnected and connected again in one task, and keeps its source.
    queueMicrotask(() => {
      if (!this.#host.isConnected) this.#end();
    });
  }

  /** What is open, being opened, or failed. */
  get request(): Request | null {
    return this.#request;
  }

  /** The pipeline that was last given to the plan, with what the controls say. */
  get applied(): Pipeline {
    return this.#applied ? (JSON.parse(this.#applied) as Pipeline) : {};
  }

  /** The engine for a plan beside the session's; it lives until every lease of it is released. */
  lease(): EngineLease {
    return leaseEngine(this.backend);
  }

  /** Opens once more what failed, or else what is asked for: a stream that has ended, a probe that was lost. */
  retry(): void {
    const request = this.#store.state.error?.request;
    this.#store.update({ error: null });
    this.#request = this.#frozenFor = null;
    if (request?.kind === "file") this.#store.update({ file: request.file, device: null });
    if (request?.kind === "device") this.#store.update({ device: request.device, file: null });
    this.#schedule();
  }

  /** The device has another geometry now: a new plan for the same source. */
  async reconfigure({ source }: Session): Promise<void> {
    const lease = this.#lease;
    const request = this.#open;
    if (!lease || !request) return;
    this.#replanning?.abort();
    const replanning = new AbortController();
    this.#replanning = replanning;
    const { signal } = replanning;
    try {
      const { sessionPatient: patient } = this.#store.state;
      await this.#start({ source, engine: await lease.engine, lease, request, patient, signal });
    } catch (error) {
      if (signal.aborted) return;
      this.#broken(
        asSondeError(error, (text) => this.#messages.errors.unexpected(text)),
        request,
      );
    }
  }

  /** Shows an error to people and programs. `request`: what can be tried again; `kept`: what was open before is open still. */
  fail(error: SondeError, request: Request | null = null, kept = false): void {
    this.#store.update({ error: { error, request, kept } });
    emit(this.#host, "echo-error", { error });
  }

  #changed(state: ViewerState, previous: ViewerState): void {
    // At the end of the task, as the request: pages set both in any order.
    if (state.frozen && !previous.frozen)
      queueMicrotask(() => {
        this.#frozenFor = requestOf(this.#store.state);
      });
    if (
      state.src !== previous.src ||
      state.probe !== previous.probe ||
      state.protocol !== previous.protocol ||
      state.file !== previous.file ||
      state.device !== previous.device ||
      state.patient !== previous.patient ||
      state.visible !== previous.visible
    )
      this.#schedule();
    if (this.restoring) return;
    if (choiceDiffers(state, previous)) {
      if (extentKey(askedPipeline(state)) !== extentKey(askedPipeline(previous))) this.#viewUnknown = true;
      this.#applyPipeline();
    } else if (
      state.scale !== previous.scale ||
      (canScrub(state) !== canScrub(previous) && state.scale !== 1)
    ) {
      this.#applyPipeline();
    }
  }

  /** Waits for the end of the task, so that attributes set together are one request. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (this.#host.isConnected) this.#follow();
    });
  }

  #follow(): void {
    const request = requestOf(this.#store.state);
    if (sameRequest(request, this.#open)) this.#name();
    if (sameRequest(request, this.#request)) return;
    if (!request) {
      this.#end();
      // What failed is not asked for any more.
      if (this.#store.state.error?.request) this.#store.update({ error: null });
    } else if (this.#store.state.visible) {
      this.#request = request;
      void this.#load(request);
    }
  }

  /**
   * Gives what is open to the patient the page names now. Nothing that was there for somebody else stays: a recording is opened anew, a
   * device goes on, with a plan that remembers no picture.
   */
  #name(): void {
    const { session, sessionPatient, patient } = this.#store.state;
    if (!session || patient === sessionPatient || this.#open?.kind === "file") return;
    const another = isAnother(this.#named, patient);
    this.#named = patient ?? this.#named;
    if (another && !session.live) {
      this.#end();
      return;
    }
    if (another) {
      this.#answered();
      this.renderer?.close();
      this.renderer = undefined;
    }
    this.#store.update({ ...(another ? NO_PICTURE : {}), sessionPatient: patient });
    if (another) void this.reconfigure(session);
  }

  async #load(request: Request): Promise<void> {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    const { signal } = loading;
    this.#store.update({ error: null, loading: { name: nameOf(request), fraction: null, long: false } });
    const timer = setTimeout(() => this.#progress({ long: true }), LONG_MS);
    const onProgress = (loaded: number, total: number | undefined): void => {
      if (!signal.aborted) this.#progress({ fraction: total ? Math.min(1, loaded / total) : null });
    };
    const { backend } = this;
    const { patient } = this.#store.state;
    let lease: EngineLease | undefined;
    let source: Source | undefined;
    try {
      lease = leaseEngine(backend);
      const onSource = (waiting: LiveSource): void => {
        if (!signal.aborted) this.#store.update({ waiting });
      };
      const options = { signal, onProgress, onSource };
      // Both start at once, and both are waited for: neither may be left behind when the other fails.
      const [opened, made] = await Promise.allSettled([openRequest(backend, request, options), lease.engine]);
      if (opened.status === "fulfilled") source = opened.value;
      else throw opened.reason;
      if (made.status === "rejected") throw made.reason;
      await this.#start({ source, engine: made.value, lease, request, patient, signal });
    } catch (error) {
      source?.close();
      if (isSondeError(error, "internal")) lease?.retire();
      lease?.release();
      if (!signal.aborted) this.#failed(error, request);
    } finally {
      clearTimeout(timer);
      if (this.#loading === loading) {
        this.#loading = undefined;
        this.#store.update({ loading: null, waiting: null });
      }
    }
  }

  /** Compiles the plan and lets the new source take the place of the old one. */
  async #start({ source, engine, lease, request, patient, signal }: Opened): Promise<void> {
    const { info, live } = source;
    // First without a depth: the scan the plan chooses is the full extent that a depth is cut from.
    const asked = this.#store.state;
    let pipeline = pipelineOf({ ...asked, depthM: null }, UNCUT, live);
    signal.throwIfAborted();
    const plan = await engine.plan(info, pipeline);
    let firstFrame: Frame | undefined;
    const view = fullViewOf(info, plan.report.scan, null);
    const depthLimits = depthLimitsOf(view);
    try {
      signal.throwIfAborted();
      const wanted = pipelineOf({ ...asked, depthLimits }, view, live);
      if (JSON.stringify(wanted) !== JSON.stringify(pipeline)) {
        await plan.update(wanted);
        pipeline = wanted;
        signal.throwIfAborted();
      }
      // What cannot be read takes no picture's place.
      if (!live && info.frameCount && asked.image) firstFrame = await source.frame(0);
      signal.throwIfAborted();
    } catch (error) {
      plan.close();
      throw error;
    }
    const { session: before } = this.#store.state;
    const first = !before;
    const kept = before?.source === source;
    this.#closeSession(kept);
    const session: Session = { source, plan, info, live, first: firstFrame };
    this.#view = view;
    this.#viewUnknown = extentKey(askedPipeline(this.#store.state)) !== extentKey(askedPipeline(asked));
    this.#lease = lease;
    this.#open = request;
    this.#remember(pipeline, asked);
    this.#applied = JSON.stringify(pipeline);
    this.renderer = new Renderer(
      plan,
      pipeline,
      {
        onImage: (image, job) => this.#show(image, job),
        onError: (error) => this.#broken(error, request),
        onUpdated: (taken) => this.#updated(session, taken),
        onRefused: (error, inForce) => this.#refused(error, inForce),
      },
      (text) => this.#messages.errors.unexpected(text),
    );
    const { state } = this.#store;
    // Named while it was opened, and still what the page asks for: the newest name is its own. A recording that was asked for somebody
    // else is opened anew.
    const own = sameRequest(requestOf(state), request) && (live || !isAnother(patient, state.patient));
    const asks = own ? state.patient : patient;
    const whose = kept ? state.sessionPatient : request.kind === "file" ? null : asks;
    this.#named = whose ?? (kept ? this.#named : patient);
    this.#store.update({
      ...NO_SESSION,
      session,
      sessionPatient: whose,
      depthLimits,
      loading: null,
      waiting: null,
      frozen: live && this.#store.state.frozen && (first || kept || sameRequest(this.#frozenFor, request)),
      frameCount: info.frameCount ?? 0,
      storedS: recordedTimes(source).acquiredS.at(-1) ?? Number.NaN,
    });
    // The controls may have moved while the plan was made.
    this.#applyPipeline();
    this.#schedule();
    emit(this.#host, "echo-load", { info, report: plan.report });
  }

  #show(image: Image, job: Job): void {
    const { state } = this.#store;
    if (!state.session) return;
    this.#store.show(image, job.position, job.arrivedAtMs);
    if (state.depthLimits || this.#view.kind !== "fixed") return;
    // Without a scan of its own, the first picture says how deep the data go.
    this.#view = fullViewOf(state.session.info, undefined, image);
    if (this.#view.kind === "fixed") return;
    this.#store.update({ depthLimits: depthLimitsOf(this.#view) });
    this.#applyPipeline();
  }

  #applyPipeline(): void {
    const { state } = this.#store;
    if (!this.renderer || !state.session) return;
    const view = this.#viewUnknown ? UNCUT : this.#view;
    const pipeline = pipelineOf(state, view, state.session.live);
    this.#remember(pipeline, state);
    const text = JSON.stringify(pipeline);
    if (text === this.#applied) return;
    this.#applied = text;
    this.#waiting ??= working(this.#store);
    this.renderer.update(pipeline);
  }

  /** The plan has taken or refused what it was given. */
  #answered(): void {
    this.#waiting = this.#waiting?.();
  }

  #updated({ plan, info }: Session, taken: Pipeline): void {
    this.#answered();
    // The next one has waited for this one, and takes its own time from now on.
    if (JSON.stringify(taken) !== this.#applied) this.#waiting = working(this.#store);
    if (this.#viewUnknown) {
      this.#viewUnknown = false;
      this.#view = fullViewOf(info, plan.report.scan, null);
      this.#store.update({ depthLimits: depthLimitsOf(this.#view) });
      this.#applyPipeline();
    }
    // Another change that is on its way tells when it is there.
    if (!this.#waiting) emit(this.#host, "echo-plan", { report: plan.report });
  }

  /** Notes the settings a pipeline was made from, for when a later one is refused. */
  #remember(made: Pipeline, state: ViewerState): void {
    this.#settingsOf.set(made, settingsOf(state));
  }

  /** The plan keeps its old pipeline, and the controls go back to it. */
  #refused(error: SondeError, inForce: Pipeline): void {
    this.#answered();
    this.#applied = JSON.stringify(inForce);
    this.#viewUnknown = false;
    this.restoring = true;
    this.#store.update({ ...this.#settingsOf.get(inForce) });
    this.restoring = false;
    this.fail(error);
  }

  #broken(error: SondeError, request: Request): void {
    if (error.code === "internal" || error.code === "out-of-memory") this.#lease?.retire();
    if (this.#store.state.session?.live) this.#store.update({ signal: "lost" });
    this.#store.update({ playing: false });
    this.fail(error, request);
  }

  #failed(error: unknown, request: Request): void {
    // A dropped file or a device that cannot be opened is forgotten: what was open stays what is asked for.
    if (request.kind === "file" || request.kind === "device") {
      const open = this.#open;
      const file = open?.kind === "file" ? open.file : null;
      const device = open?.kind === "device" ? open.device : null;
      this.#request = requestOf({ ...this.#store.state, file, device });
      this.#store.update({ file, device });
    }
    const kept = this.#store.state.image !== null;
    this.fail(asSondeError(error, this.#messages.errors.unexpected), request, kept);
  }

  #progress(change: { fraction?: number | null; long?: boolean }): void {
    const { loading } = this.#store.state;
    if (!loading) return;
    this.#store.update({ loading: { ...loading, ...change } });
    if (change.fraction !== undefined) emit(this.#host, "echo-progress", { fraction: change.fraction });
  }

  /** `keepSource`: a new plan of the same source takes over, with its engine. */
  #closeSession(keepSource = false): void {
    this.#answered();
    this.renderer?.close();
    this.renderer = undefined;
    if (!keepSource) {
      this.#replanning?.abort();
      this.#store.state.session?.source.close();
      this.#lease?.release();
    }
    this.#lease = undefined;
    this.#open = null;
    this.#view = UNCUT;
    this.#viewUnknown = false;
    this.#applied = "";
  }

  /** Nothing is open any more. */
  #end(): void {
    this.#request = null;
    this.#loading?.abort();
    this.#loading = undefined;
    this.#closeSession();
    this.#store.update({ ...NO_SESSION, frozen: this.#store.state.frozen, loading: null, waiting: null });
  }
}
