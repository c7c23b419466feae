/** Loads features when they are wanted, and asks those that are loaded for what they show and draw. */
import type { TemplateResult } from "lit";
import type { Feature, FeatureEntry, Scene, Viewer } from "../features/feature.ts";
import { FEATURES } from "../features/index.ts";
import type { ViewerState } from "../store.ts";
import { asSondeError } from "./renderer.ts";

export class Features {
  readonly #viewer: Viewer;
  readonly #loading = new Map<string, Promise<Feature>>();
  readonly #loaded = new Map<string, Feature>();

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
    for (const entry of FEATURES)
      viewer.actions.add(
        Object.entries(entry.keys ?? {}).map(([id, { keys, label }]) => ({
          id,
          keys,
          label: label ?? entry.label,
          run: () => void this.#runAction(entry.id, id),
        })),
      );
    viewer.store.subscribe((state) => this.#follow(state));
  }

  /** Buttons of the rail. */
  get entries(): readonly FeatureEntry[] {
    return FEATURES;
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
    const made = entry.load().then(({ create }) => {
      const feature = create(this.#viewer);
      this.#loaded.set(id, feature);
      if (feature.actions) this.#viewer.actions.add(feature.actions);
      const sheet = feature.styles?.styleSheet;
      const root = this.#viewer.host.shadowRoot;
      if (sheet && root) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
      this.#viewer.host.requestUpdate();
      this.#viewer.redraw();
      return feature;
    });
    this.#loading.set(id, made);
    made.catch((error) => {
      // The next press tries again.
      this.#loading.delete(id);
      const { session, store } = this.#viewer;
      if (store.state.drawer === id) store.update({ drawer: null });
      session.fail(asSondeError(error, store.state.language.messages.errors.unexpected));
    });
    return made;
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
      scene.context.save();
      this.#loaded.get(entry.id)?.draw?.(scene);
      scene.context.restore();
    }
  }

  get draws(): boolean {
    return [...this.#loaded.values()].some(({ draw }) => draw);
  }

  /** What lies over the picture. */
  overlays(state: ViewerState): readonly (TemplateResult | symbol)[] {
    return FEATURES.flatMap(({ id }) => {
      const content = this.#loaded.get(id)?.overlay?.(state);
      return content ? [content] : [];
    });
  }

  #follow(state: ViewerState): void {
    for (const entry of FEATURES) {
      if (this.#loading.has(entry.id)) continue;
      if (state.drawer === entry.id || state.shortcutsOpen || entry.wanted?.(state))
        this.load(entry.id).catch(() => undefined);
    }
  }

  async #runAction(featureId: string, actionId: string): Promise<void> {
    await this.load(featureId).catch(() => undefined);
    // The feature's own action has taken the place of the one that loads it.
    if (this.#loaded.has(featureId)) this.#viewer.actions.run(actionId);
  }
}
