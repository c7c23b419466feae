/** Takes back what viewers give away: the settings of pictures and files, presets, and measurements. */
import { jsonOfPng, pipelineOfPng, SondeError } from "../../../../host/index.ts";
import { asSondeError } from "../../controllers/renderer.ts";
import { textsOf } from "../../languages/language.ts";
import {
  requestOf,
  SETTINGS,
  type Settings,
  sameRequest,
  settingsOf,
  type ViewerState,
} from "../../store.ts";
import { type Lie, lieOf, sameLie } from "../../view.ts";
import type { WholeViewer } from "../feature.ts";
import { keptIn } from "./kept.ts";
import type { ExportState } from "./kinds.ts";
import { adjustedBack, chosenIn, lieIn, SETTINGS_TEXT, settingsIn } from "./settings.ts";
import { type ExportTexts, english } from "./texts.ts";

/** What is told of a file's name, which may be a patient's. */
export const shownName = (name: string, { privacy }: ViewerState): string => (privacy ? "…" : name);

export class Restorer {
  readonly #viewer: WholeViewer;

  constructor(viewer: WholeViewer) {
    this.#viewer = viewer;
    viewer.store.subscribe((state) => this.#followRestored(state));
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

  /** Takes back what a viewer gave away: the settings of a picture or of a file, which it remembers those before of, or measurements. */
  async open(file: File): Promise<void> {
    try {
      if (file.type !== "image/png" && !/\.png$/i.test(file.name)) {
        await this.#takeJson(file);
        return;
      }
      const pipeline = await pipelineOfPng(file);
      if (!pipeline)
        throw new SondeError("missing-data", this.#texts.noPipeline(shownName(file.name, this.#state)), {
          fields: { name: file.name },
        });
      // Damaged settings leave the pipeline.
      const said = await jsonOfPng(file, SETTINGS_TEXT).catch(() => undefined);
      this.#apply(settingsIn(said) ?? chosenIn(pipeline), file.name, lieIn(said));
    } catch (error) {
      const { session, store } = this.#viewer;
      session.fail(asSondeError(error, store.state.language.messages.errors.unexpected));
    }
  }

  async #takeJson(file: File): Promise<void> {
    const words = this.#texts;
    const kept = await keptIn(file, () => {
      const fields = { name: file.name };
      return new SondeError("unsupported-format", words.notKept(shownName(file.name, this.#state)), {
        fields,
      });
    });
    const { store } = this.#viewer;
    if ("settings" in kept) this.#apply(kept.settings, file.name);
    else if ("measurements" in kept)
      store.updateFeature("measure", {
        opened: [...(store.state.features.measure?.opened ?? []), kept.measurements],
      });
    else {
      store.updateFeature("imaging", { opened: kept.preset });
      store.update({ drawer: "imaging" });
    }
  }

  /** `lie`: how the picture lay, where its file says so. */
  #apply(settings: Settings, name: string, lie?: Lie): void {
    const { store, commands, view } = this.#viewer;
    const { state } = store;
    // What is opened last is in force: a preset that waits for its feature is not applied over it.
    if (state.features.imaging?.opened !== undefined) store.updateFeature("imaging", { opened: undefined });
    const old = state.features.export?.restored;
    const before = old?.before ?? { ...settingsOf(state), preset: state.preset };
    const applied = { ...settings, preset: null };
    const lies = lie ? { applied: lie, before: old?.lies?.before ?? lieOf(state.view) } : (old?.lies ?? null);
    this.#update({ restored: { name, applied, before, request: requestOf(state), lies, closed: false } });
    commands.choose(applied);
    if (lie) view.set(lie);
    this.#viewer.announce(this.#texts.restored(shownName(name, this.#state)));
  }

  /** Settings of a picture are for one source: another one is shown as before. */
  #followRestored(state: ViewerState): void {
    const restored = state.features.export?.restored;
    const request = requestOf(state);
    if (!restored || sameRequest(request, restored.request)) return;
    if (restored.request === null) this.#update({ restored: { ...restored, request } });
    else this.#putBack(restored);
  }

  /** Puts what there was before the picture's pipeline in force again. */
  undo(): void {
    const restored = this.#state.features.export?.restored;
    if (!restored) return;
    this.#putBack(restored);
    this.#viewer.announce(this.#texts.undone);
  }

  /** What is still as the picture had it goes back; what was chosen since stays. */
  #putBack({ applied, before, lies }: NonNullable<ExportState["restored"]>): void {
    const { store, commands, view } = this.#viewer;
    const { state } = store;
    this.#update({ restored: null });
    // The preset first: whoever applies it does so before what had been changed since.
    if (state.preset === applied.preset) store.update({ preset: before.preset });
    const still = SETTINGS.filter((key) => JSON.stringify(state[key]) === JSON.stringify(applied[key]));
    commands.choose({
      ...Object.fromEntries(still.map((key) => [key, before[key]])),
      adjusted: adjustedBack(state.adjusted, applied.adjusted, before.adjusted),
    });
    if (lies && sameLie(state.view, lies.applied)) view.set(lies.before);
  }

  /** Closes the note; the drawer goes on saying it. */
  dismiss(): void {
    const restored = this.#state.features.export?.restored;
    if (restored) this.#update({ restored: { ...restored, closed: true } });
  }
}
