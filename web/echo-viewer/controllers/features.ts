/** Loads features when they are wanted, and asks those that are loaded for what they show and draw. */
import { nothing, type TemplateResult } from "lit";
import { loadModule, SondeError } from "../../../host/index.ts";
import { type Box, MAIN_PANE } from "../draw/layout.ts";
import type {
  Feature,
  FeatureApis,
  FeatureEntry,
  OwnPane,
  Scene,
  Viewer,
  WholeViewer,
} from "../features/feature.ts";
import { FEATURES } from "../features/index.ts";
import type { ViewerState } from "../store.ts";
import { showingWork } from "./busy.ts";
import { asSondeError } from "./renderer.ts";

const NO_PANES: readonly OwnPane[] = [];

export class Features {
  readonly #viewer: WholeViewer;
  readonly #loading = new Map<string, Promise<Feature>>();
  readonly #loaded = new Map<string, Feature>();
  /** Those that could not be loaded, which are tried again when they are asked for anew. */
  readonly #failed = new Set<string>();

  constructor(viewer: Viewer) {
    this.#viewer = { ...viewer, ownPanes: () => this.panes(), drawMarks: (scene) => this.draw(scene) };
    for (const entry of FEATURES)
      viewer.actions.add(
        Object.entries(entry.keys ?? {}).map(([id, { keys, label }]) => ({
          id,
          keys,
          label: label ?? entry.label,
          run: () => this.#runAction(entry.id, id),
        })),
        entry.label,
      );
    viewer.store.subscribe((state, previous) => this.#follow(state, previous));
  }

  /** Those with a button on the rail. */
  get entries(): readonly (FeatureEntry & { icon: TemplateResult })[] {
    return FEATURES.flatMap((entry) => (entry.icon ? [{ ...entry, icon: entry.icon }] : []));
  }

  /** The feature, if it is loaded. */
  loaded(id: string): Feature | undefined {
    return this.#loaded.get(id);
  }

  /** The feature, loaded if need be. @throws whatever loading it threw; the viewer has shown it */
  load(id: string): Promise<Feature> {
    const known = this.#loading.get(id);
    if (known) return known;
    const entry = FEATURES.find((one) => one.id === id);
    if (!entry) return Promise.reject(new Error(`there is no feature ${id}`));
    const arrived = showingWork(this.#viewer.store, () => loadModule(() => entry.load())).catch(
      (cause: unknown) => {
        const { state } = this.#viewer.store;
        const sentence = state.language.messages.errors.feature(entry.label(state));
        throw new SondeError("not-found", sentence, { cause, fields: { feature: id } });
      },
    );
    const made = arrived.then(({ create }) => {
      const feature = create(this.#viewer);
      this.#loaded.set(id, feature);
      if (feature.actions) this.#viewer.actions.add(feature.actions, entry.label);
      if (feature.styles) this.#viewer.sheets.add(feature.styles);
      this.#viewer.host.requestUpdate();
      this.#viewer.repaint();
      return feature;
    });
    this.#loading.set(id, made);
    made.catch((error) => {
      // The next press tries again.
      this.#loading.delete(id);
      this.#failed.add(id);
      const { session, store } = this.#viewer;
      if (store.state.drawer === id) store.update({ drawer: null });
      session.fail(asSondeError(error, store.state.language.messages.errors.unexpected));
    });
    return made;
  }

  /** What a feature offers to the element's methods, loaded if need be. */
  async api<Name extends keyof FeatureApis>(id: Name): Promise<FeatureApis[Name]> {
    return (await this.load(id)).api as FeatureApis[Name];
  }

  /** Gives a file to the feature that claims it, if one does. */
  takes(file: File): boolean {
    const entry = FEATURES.find(({ claims }) => claims?.(file));
    if (entry)
      this.load(entry.id).then(
        (feature) => feature.open?.(file),
        () => undefined,
      );
    return entry !== undefined;
  }

  /** The feature whose tool is chosen. */
  get chosen(): Feature | undefined {
    const { tool } = this.#viewer.store.state;
    return tool === null ? undefined : this.#loaded.get(tool.split(".")[0]);
  }

  /** All that are loaded, the one whose tool is chosen first. */
  get inOrder(): readonly Feature[] {
    const { chosen } = this;
    const others = [...this.#loaded.values()].filter((feature) => feature !== chosen);
    return chosen ? [chosen, ...others] : others;
  }

  draw(scene: Scene): void {
    for (const entry of FEATURES) {
      const feature = this.#loaded.get(entry.id);
      scene.context.save();
      if (scene.pane === MAIN_PANE) feature?.draw?.(scene);
      else feature?.drawOnPane?.(scene);
      scene.context.restore();
    }
  }

  /** What the features leave of the stage to the main picture. */
  divide(stage: Box): Box {
    const { state } = this.#viewer.store;
    let left = stage;
    // Several times a frame, as the others here that count: no function and no list for each.
    for (let i = 0; i < FEATURES.length; i++)
      left = this.#loaded.get(FEATURES[i].id)?.divide?.(left, state) ?? left;
    return left;
  }

  /** The pictures beside the main one. */
  panes(): readonly OwnPane[] {
    let all: readonly OwnPane[] = NO_PANES;
    for (let i = 0; i < FEATURES.length; i++) {
      const panes = this.#loaded.get(FEATURES[i].id)?.panes?.() ?? NO_PANES;
      if (panes.length) all = all.length ? [...all, ...panes] : panes;
    }
    return all;
  }

  /** What lies over the picture, wherever each puts it, or in the list of notes. */
  over(state: ViewerState, where: "overlay" | "note"): readonly (TemplateResult | symbol)[] {
    // A place for each, loaded or not: one that comes later would have the others built anew, and what had the focus lost.
    return FEATURES.map(({ id }) => this.#loaded.get(id)?.[where]?.(state) ?? nothing);
  }

  #follow(state: ViewerState, previous: ViewerState): void {
    for (const entry of FEATURES) {
      if (this.#loading.has(entry.id)) continue;
      const wanted = state.drawer === entry.id || state.shortcutsOpen || entry.wanted?.(state);
      const pressed = state.drawer === entry.id && previous.drawer !== entry.id;
      if (!wanted || pressed) this.#failed.delete(entry.id);
      if (wanted && !this.#failed.has(entry.id)) this.load(entry.id).catch(() => undefined);
    }
  }

  async #runAction(featureId: string, actionId: string): Promise<void> {
    await this.load(featureId).catch(() => undefined);
    // The feature's own action has taken the place of the one that loads it.
    if (this.#loaded.has(featureId)) await this.#viewer.actions.run(actionId);
  }
}
