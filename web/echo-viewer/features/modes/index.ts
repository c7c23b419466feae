/** Modes: M-mode strip and A-line along a line on the picture, and a stage split between live, stored and otherwise processed pictures. */
import type { TemplateResult } from "lit";
import type { Action } from "../../actions.ts";
import type { Box } from "../../draw/layout.ts";
import { textsOf } from "../../languages/language.ts";
import type { ViewerState } from "../../store.ts";
import type { Feature, OwnPane, Scene, Viewer } from "../feature.ts";
import { ALine } from "./a-line.ts";
import { APane } from "./a-pane.ts";
import { drawerView } from "./drawer.ts";
import { english, type Texts } from "./english.ts";
import { MODE_KEYS } from "./entry.ts";
import { type Division, divide, lyingAspect } from "./layout.ts";
import { drawCourse, LINE_COLOUR } from "./line-marks.ts";
import { LINE_TOOL, LineTool } from "./line-tool.ts";
import { ModesCommands } from "./modes-commands.ts";
import { PANE_IDS, Panes } from "./panes.ts";
import { planeOf } from "./plane.ts";
import { courseOf } from "./reader.ts";
import { modesOf, type Slot } from "./state.ts";
import { Strip } from "./strip.ts";
import { StripFilm } from "./strip-film.ts";
import { StripPane } from "./strip-pane.ts";
import { styles } from "./styles.ts";
import { badgeOf, panesView, storedFrom } from "./view.ts";

/** Height of a pane's heading (CSS px): for a mouse, for fingers. */
const HEAD_PX = 26;
const COARSE_HEAD_PX = 44;

class Modes implements Feature {
  readonly styles = styles;
  readonly actions: readonly Action[];
  readonly tool: LineTool;
  readonly #viewer: Viewer;
  readonly #panes: Panes;
  readonly #commands: ModesCommands;
  readonly #strip: Strip;
  readonly #stripPane: StripPane;
  readonly #aLine: ALine;
  readonly #aPane: APane;
  readonly #coarse = matchMedia("(pointer: coarse)");
  #division: Division | null = null;
  #connected = true;

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
    const texts = (): Texts => this.#texts;
    this.#panes = new Panes(viewer, (slot, state) => this.#captionOf(slot, state));
    this.#commands = new ModesCommands(viewer, this.#panes, texts);
    this.#strip = new Strip(viewer);
    this.#stripPane = new StripPane(
      () => viewer.store.state,
      this.#strip,
      texts,
      ({ area }) => new StripFilm(this.#strip, area, viewer.store.state, texts),
    );
    this.#aLine = new ALine(viewer);
    const label = (value: number): string => viewer.store.state.language.messages.tick(value);
    this.#aPane = new APane(this.#aLine, texts, label, () => this.#aLine.film());
    this.tool = new LineTool(viewer, {
      texts,
      strip: this.#stripPane,
      frameAt: (timeS) => this.#strip.frameAt(timeS),
      panes: {
        activate: (id) => this.#commands.activate(PANE_IDS.indexOf(id)),
        pan: (id, dx, dy) => this.#panes.pan(id, dx, dy),
      },
    });
    this.actions = this.#makeActions();
    viewer.store.subscribe((state, previous) => this.#changed(state, previous));
    viewer.store.onGoing((state, pictured) => pictured && this.#nextPicture(state));
    viewer.host.addController({
      hostUpdated: () => this.#place(),
      hostConnected: () => {
        this.#connected = true;
      },
      hostDisconnected: () => {
        this.#connected = false;
        // An element that is moved is connected again in the same task.
        queueMicrotask(() => {
          if (!this.#connected) this.#close();
        });
      },
    });
    if (modesOf(viewer.store.state).mode === "m") this.#strip.follow(viewer.store.state, undefined);
    if (modesOf(viewer.store.state).mode === "a") this.#aLine.follow(viewer.store.state, undefined);
  }

  get #texts(): Texts {
    return textsOf(this.#viewer.store.state.language, "modes", english);
  }

  drawer(state: ViewerState): TemplateResult {
    return drawerView(state, this.#commands, this.#texts);
  }

  overlay(state: ViewerState): TemplateResult {
    return panesView(state, this.#commands, this.#texts, this.#stripName(state), this.#stripNote(state));
  }

  draw({ context, image, mapping, state, kept = false }: Scene): void {
    if (modesOf(state).mode === "b") return;
    const chosen = !kept && state.tool?.split(".")[0] === LINE_TOOL;
    drawCourse(context, courseOf(state, image), mapping, chosen);
    const { first } = this.tool;
    if (kept || !first) return;
    const { x, y } = mapping.toStage(planeOf(image).toPicture(first));
    context.fillStyle = LINE_COLOUR;
    context.beginPath();
    context.arc(x, y, 4, 0, 2 * Math.PI);
    context.fill();
  }

  divide(stage: Box, state: ViewerState): Box {
    const { mode, split } = modesOf(state);
    if (mode === "b" && split === 1) {
      this.#division = null;
      return stage;
    }
    const division = divide(stage, mode, split, lyingAspect(state.image, state.view), this.#head);
    const before = this.#division?.main;
    this.#division = division;
    // A picture of another shape: the headings go with it, not with the next render. The other parts follow the main one's.
    const { width, height } = division.main;
    if (before && (before.width !== width || before.height !== height)) queueMicrotask(() => this.#place());
    if (division.strip) {
      this.#stripPane.area = this.#aPane.area = division.strip;
      if (mode === "m") this.#strip.resize(this.#stripPane.box.width);
    }
    for (const [i, area] of division.others.entries()) this.#panes.all[i].area = this.#below(area);
    return split === 1 ? division.main : this.#below(division.main);
  }

  panes(): readonly OwnPane[] {
    const { mode, split } = modesOf(this.#viewer.store.state);
    const beside = mode === "m" ? [this.#stripPane] : mode === "a" ? [this.#aPane] : [];
    return [...beside, ...this.#panes.all.slice(0, split - 1)];
  }

  /** What lies below a pane's heading. */
  #below({ x, y, width, height }: Box): Box {
    const head = Math.min(height, this.#head);
    return { x, y: y + head, width, height: height - head };
  }

  get #head(): number {
    return this.#coarse.matches ? COARSE_HEAD_PX : HEAD_PX;
  }

  /** Puts the elements where the panes are. */
  #place(): void {
    const root = this.#viewer.host.shadowRoot;
    if (!root) return;
    this.#divideNow();
    const division = this.#division;
    if (!division) return;
    const boxes: Readonly<Record<string, Box | null>> = {
      strip: division.strip,
      main: division.main,
      "pane-2": division.others[0] ?? null,
      "pane-3": division.others[1] ?? null,
      "pane-4": division.others[2] ?? null,
    };
    for (const element of root.querySelectorAll<HTMLElement>("[data-pane]")) {
      const box = boxes[element.dataset.pane ?? ""];
      if (!box) continue;
      const { style } = element;
      style.setProperty("left", `${box.x}px`);
      style.setProperty("top", `${box.y}px`);
      style.setProperty("width", `${box.width}px`);
      style.setProperty("height", `${box.height}px`);
      style.setProperty("--pane-head", `${this.#head}px`);
    }
  }

  #divideNow(): void {
    const { width, height } = this.#viewer.stageSize();
    if (width > 0 && height > 0) this.divide({ x: 0, y: 0, width, height }, this.#viewer.store.state);
  }

  /** What a pane's heading says, in one line. */
  #captionOf(slot: Slot, state: ViewerState): string {
    const texts = this.#texts;
    const badge = badgeOf(slot, state, texts);
    if (!badge) return "";
    const more = slot.kind === "stored" ? storedFrom(slot, state, texts) : texts.second;
    return `${badge.text.toLocaleUpperCase(state.language.tag)}  ${more}`.trim();
  }

  #stripName(state: ViewerState): string | null {
    const { mode } = modesOf(state);
    const texts = this.#texts;
    if (mode === "a") return texts.aLine;
    if (mode === "b") return null;
    return this.#strip.timed ? texts.strip(this.#strip.spanS) : texts.stripFrames;
  }

  /** Why the strip or plot lacks something. */
  #stripNote(state: ViewerState): string | null {
    const { mode } = modesOf(state);
    const texts = this.#texts;
    if (mode === "a" && this.#aLine.refused) return texts.noSignal;
    return mode === "m" && state.session && !this.#strip.timed ? texts.noStrip : null;
  }

  #changed(state: ViewerState, previous: ViewerState): void {
    const [now, before] = [modesOf(state), modesOf(previous)];
    if (now.mode !== before.mode) {
      if (now.mode !== "m") this.#strip.close();
      if (now.mode !== "a") this.#aLine.close();
    }
    const begins = now.mode !== before.mode ? undefined : previous;
    if (now.mode === "m") this.#strip.follow(state, begins);
    if (now.mode === "a") this.#aLine.follow(state, begins);
    this.#panes.follow(state, previous);
    if (state.tool !== previous.tool) {
      this.tool.forget();
      this.#viewer.redraw();
    }
    // A picture that stands is stepped through with the arrow keys.
    if (state.frozen && !previous.frozen && state.tool === LINE_TOOL)
      this.#viewer.store.update({ tool: null });
    const divided =
      now.mode !== before.mode ||
      now.split !== before.split ||
      (state.image === null) !== (previous.image === null) ||
      state.view.quarterTurns !== previous.view.quarterTurns;
    const shown = now !== before || state.cursor !== previous.cursor || state.frozen !== previous.frozen;
    if (divided || (shown && (now.mode !== "b" || now.split > 1))) this.#viewer.repaint();
    else if (now.mode === "a" && this.#aPane.axesChanged) this.#viewer.repaint();
  }

  #nextPicture(state: ViewerState): void {
    const { mode } = modesOf(state);
    if (mode === "m") this.#strip.follow(state, state, true);
    if (mode === "a") this.#aLine.follow(state, state, true);
    this.#panes.nextPicture();
    if (mode === "a" && this.#aPane.axesChanged) this.#viewer.repaint();
  }

  #close(): void {
    this.#strip.close();
    this.#aLine.close();
    this.#panes.close();
  }

  #makeActions(): readonly Action[] {
    const commands = this.#commands;
    const run: Readonly<Record<keyof Texts["actions"], () => void>> = {
      "modes.b": () => commands.setMode("b"),
      "modes.m": () => commands.setMode("m"),
      "modes.a": () => commands.setMode("a"),
      "modes.line": () => commands.placeLine(),
      "modes.split-1": () => commands.setSplit(1),
      "modes.split-2": () => commands.setSplit(2),
      "modes.split-4": () => commands.setSplit(4),
      "modes.next": () => commands.nextPane(),
      "modes.keep": () => void commands.keep(null, false),
    };
    return (Object.keys(run) as (keyof Texts["actions"])[]).map((id) => ({
      id,
      keys: MODE_KEYS[id],
      label: ({ language }) => textsOf(language, "modes", english).actions[id],
      run: run[id],
    }));
  }
}

export function create(viewer: Viewer): Feature {
  return new Modes(viewer);
}
