/** What a person or a page can ask of the modes. Buttons and keys all end here. */
import type { Pipeline } from "../../../../host/index.ts";
import type { Viewer } from "../feature.ts";
import type { Texts } from "./english.ts";
import { FREE_TOOL, LINE_TOOL } from "./line-tool.ts";
import type { Panes } from "./panes.ts";
import { type Mode, type ModesState, modesOf, type Split } from "./state.ts";
import { badgeOf, storedFrom } from "./view.ts";

export class ModesCommands {
  readonly #viewer: Viewer;
  readonly #panes: Panes;
  readonly #texts: () => Texts;

  constructor(viewer: Viewer, panes: Panes, texts: () => Texts) {
    this.#viewer = viewer;
    this.#panes = panes;
    this.#texts = texts;
  }

  get #state(): ModesState {
    return modesOf(this.#viewer.store.state);
  }

  setMode(mode: Mode): void {
    if (mode === this.#state.mode) return;
    this.set({ mode });
    this.#viewer.store.update({ tool: mode === "b" ? this.#otherTool() : LINE_TOOL });
    const texts = this.#texts();
    this.#viewer.announce(`${texts.modeNames[mode]}. ${mode === "b" ? "" : texts.placing}`);
  }

  set(change: Partial<ModesState>): void {
    this.#viewer.store.updateFeature("modes", change);
  }

  setSplit(split: Split): void {
    this.set({ split, active: Math.min(this.#state.active, split - 1) });
    this.#viewer.announce(this.#texts().splitNames(split));
  }

  placeLine(): void {
    if (this.#state.mode === "b") this.setMode("m");
    this.#viewer.store.update({ tool: LINE_TOOL });
    this.#viewer.announce(this.#texts().placing);
  }

  drawLine(): void {
    this.#viewer.store.update({ tool: FREE_TOOL });
    this.#viewer.announce(this.#texts().drawing);
  }

  resetLine(): void {
    this.set({ line: { kind: "beam", at: null } });
  }

  activate(pane: number): void {
    if (pane !== this.#state.active) this.set({ active: pane });
  }

  nextPane(): void {
    const { split, active, slots } = this.#state;
    if (split === 1) return;
    const next = (active + 1) % split;
    this.activate(next);
    const texts = this.#texts();
    const { state } = this.#viewer.store;
    const slot = next === 0 ? undefined : slots[next - 1];
    const badge = slot ? (badgeOf(slot, state, texts)?.text ?? texts.empty) : "";
    const time = slot?.kind === "stored" ? storedFrom(slot, state, texts) : "";
    this.#viewer.announce(`${texts.paneOf(next + 1, split)} ${badge} ${time}`.trim());
  }

  /** Keeps the picture in a pane; without one in the active one, or the first that is empty. A stage that is whole is split. */
  async keep(pane: number | null, clip: boolean): Promise<void> {
    if (this.#state.split === 1) this.setSplit(2);
    const { active, slots, split } = this.#state;
    const empty = slots.slice(0, split - 1).findIndex(({ kind }) => kind === "empty") + 1;
    const target = pane ?? (active || empty || 1);
    const texts = this.#texts();
    const kept = await this.#panes.keep(target, clip);
    this.#viewer.announce(kept ? texts.kept(target + 1) : texts.nothingToKeep);
  }

  /** A second pipeline begins as the one in force. */
  second(pane: number): void {
    this.#panes.process(pane, this.#viewer.session.applied);
    this.edit();
  }

  process(pane: number, pipeline: Pipeline): void {
    this.#panes.process(pane, pipeline);
  }

  /** Opens the drawer, where pipelines are edited. */
  edit(): void {
    if (this.#viewer.store.state.drawer !== "modes") this.#viewer.commands.toggleDrawer("modes");
  }

  empty(pane: number): void {
    this.#panes.empty(pane);
  }

  togglePlay(pane: number): void {
    this.#panes.togglePlay(pane);
  }

  zoom(pane: number, steps: number): void {
    this.#panes.zoom(pane, steps);
  }

  /** The tool in use, unless it is the line's. */
  #otherTool(): string | null {
    const { tool } = this.#viewer.store.state;
    return tool?.split(".")[0] === LINE_TOOL ? null : tool;
  }
}
