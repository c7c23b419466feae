/** Measuring and annotating: puts the parts of this folder together. */
import type { TemplateResult } from "lit";
import type { Action } from "../../actions.ts";
import type { Box } from "../../draw/layout.ts";
import { textsOf } from "../../languages/language.ts";
import { sourceOf } from "../../patient.ts";
import type { ViewerState } from "../../store.ts";
import { canScrub } from "../../store.ts";
import type { Feature, Scene, Viewer } from "../feature.ts";
import {
  bar,
  type Contents,
  type Doings,
  drawer,
  MEASURE_TOOLS,
  NOTE_TOOLS,
  nameOf,
  TIME_TOOLS,
  type ToolName,
  toolLabel,
} from "./drawer.ts";
import { english, type MeasureTexts } from "./english.ts";
import { type Ground, groundsOf, isLost, liesOn, MAIN } from "./ground.ts";
import { type Desk, Handling } from "./handling.ts";
import { type Figure, type FigureKind, type Item, isNote, isOn, type MarkName, POINTS } from "./item.ts";
import { TOOL_KEYS } from "./keys.ts";
import { Measurements } from "./measurements.ts";
import { MeasurePainter } from "./painter.ts";
import { spokenResult } from "./result-text.ts";
import { fileName, saveFile } from "./save.ts";
import type { Anchor } from "./space.ts";
import type { Draft } from "./state.ts";
import { styles } from "./styles.ts";
import { toCsv } from "./table.ts";
import type { Value } from "./values.ts";

/** Tools that set several figures one after the other: of what, and how many. */
const SERIES = {
  volume: { kind: "distance", count: 3 },
  "two-planes": { kind: "ellipse", count: 2 },
} as const;

function isSeries(tool: string): tool is keyof typeof SERIES {
  return Object.hasOwn(SERIES, tool);
}

/** Room that the bar over the picture likes to have, and least that it can be read in (CSS px). */
const BAR_WIDTH_PX = 320;
const BAR_LEAST_PX = 160;
const BAR_EDGE_PX = 4;

/** When a browser has told all that it makes of a tap. */
const AFTER_TAP_MS = 80;

const TOOLS: readonly ToolName[] = ["select", ...MEASURE_TOOLS, ...TIME_TOOLS, ...NOTE_TOOLS];

class Measure implements Feature {
  readonly styles = styles;
  readonly actions: readonly Action[];
  readonly tool: Handling;
  readonly #viewer: Viewer;
  /** Where the bar over the picture lies on the stage. */
  #bar: Box | null = null;
  readonly #measurements: Measurements;
  readonly #painter: MeasurePainter;
  readonly #doings: Doings;

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
    this.#measurements = new Measurements(viewer);
    this.tool = new Handling(this.#desk());
    this.#painter = new MeasurePainter({
      viewer,
      measurements: this.#measurements,
      handling: this.tool,
      kind: () => this.#kind,
      texts: () => this.#texts,
      bar: () => this.#bar,
    });
    this.actions = this.#actions();
    this.#doings = {
      choose: (tool) => this.#choose(tool),
      undo: () => this.#undo(),
      redo: () => this.#redo(),
      clear: () => this.#clear(),
      select: (item) => this.#selectInList(item),
      change: (item) => this.#measurements.change(item),
      remove: (item) => this.#remove(item.id),
      showFrame: (item) => this.#showFrame(item),
      putMark: (mark) => this.#putMark(mark),
      setText: (text) => this.#setText(text),
      removePoint: () => this.#removePoint(),
      finish: () => this.#finish(),
      save: (as) => this.#save(as),
    };
    viewer.host.addController({
      hostUpdated: () => {
        const before = this.#bar;
        this.#placeBar();
        // The results give way to it.
        if (before?.y !== this.#bar?.y || before?.width !== this.#bar?.width) viewer.repaint();
      },
    });
    viewer.store.subscribe((state, previous) => this.#follow(state, previous));
    viewer.store.onGoing((_state, pictured) => {
      if (pictured && this.#isMarked) viewer.redraw();
    });
    this.#follow(viewer.store.state, { ...viewer.store.state, drawer: null });
  }

  get #texts(): MeasureTexts {
    return textsOf(this.#viewer.store.state.language, "measure", english);
  }

  /** The tool of this feature that is chosen. */
  get #chosen(): ToolName | null {
    const [feature, tool = "select"] = (this.#viewer.store.state.tool ?? "").split(".");
    return feature === "measure" && (TOOLS as readonly string[]).includes(tool) ? (tool as ToolName) : null;
  }

  drawer(state: ViewerState): TemplateResult {
    return drawer(this.#contents(state), this.#doings);
  }

  overlay(state: ViewerState): TemplateResult | symbol {
    const { series } = this.#measurements.state;
    const tool = this.#chosen;
    const progress =
      tool !== null && isSeries(tool) ? { number: series.length + 1, count: SERIES[tool].count } : null;
    const { direction } = state.language;
    return bar(
      this.#contents(state),
      this.#draft,
      progress,
      { direction, drawerOpen: state.drawer !== null },
      this.#doings,
    );
  }

  /** Keeps the bar off the depths beside the picture, where there is room. */
  #placeBar(): void {
    const bar = this.#viewer.host.shadowRoot?.querySelector<HTMLElement>(".measure-bar");
    const visible = bar && this.#viewer.mapping()?.visible;
    this.#bar = null;
    if (!visible) return;
    const end = visible.x + visible.width;
    const fits = end >= BAR_LEAST_PX;
    const left = fits ? Math.min(visible.x, end - BAR_WIDTH_PX) : 0;
    bar.style.setProperty("--bar-left", `${Math.max(BAR_EDGE_PX, left)}px`);
    bar.style.setProperty("--bar-right", `${fits ? this.#viewer.stageSize().width - end : 0}px`);
    const { offsetLeft: x, offsetTop: y, offsetWidth: width, offsetHeight: height } = bar;
    this.#bar = { x, y, width, height };
  }

  /** The figure being set, unless the picture that it was begun on shows something else now. */
  get #draft(): Draft | null {
    const { draft } = this.#measurements.state;
    if (!draft) return null;
    const shown =
      draft.pane === MAIN
        ? isOn(draft, this.#viewer.store.state.position)
        : groundsOf(this.#viewer).some((ground) => liesOn(draft, ground));
    return shown ? draft : null;
  }

  draw(scene: Scene): void {
    if (!scene.kept) this.#placeBar();
    this.#painter.draw(scene);
  }

  drawOnPane(scene: Scene): void {
    this.#painter.draw(scene);
  }

  #contents(state: ViewerState): Contents {
    const { history, selected } = this.#measurements.state;
    const { keysOf } = this.#viewer.actions;
    const grounds = groundsOf(this.#viewer);
    return {
      texts: this.#texts,
      tool: this.#chosen,
      items: history.present.map((item) => ({
        item,
        result: this.#measurements.resultOf(item),
        lost: isLost(item, grounds),
      })),
      selected,
      canUndo: history.past.length > 0,
      canRedo: history.future.length > 0,
      timed: this.#isTimed(),
      frame: canScrub(state) ? state.position : null,
      firstFrame: state.firstFrame,
      keyOf: (tool) => {
        const action = this.actions.find(({ id }) => id === `measure.${tool}`);
        return action && keysOf.call(this.#viewer.actions, action)[0];
      },
    };
  }

  /** There is time to be measured on some picture. */
  #isTimed(): boolean {
    return groundsOf(this.#viewer).some(({ image }) => image.regions.some(({ kind }) => kind === "m-mode"));
  }

  /** The figure that the chosen tool sets. */
  get #kind(): FigureKind | "select" | null {
    const tool = this.#chosen;
    if (tool === null) return null;
    if (isSeries(tool)) return SERIES[tool].kind;
    return tool === "body-mark" ? "select" : tool;
  }

  #actions(): readonly Action[] {
    const action = (id: string, keys: readonly string[], label: () => string, run: () => void): Action => ({
      id: `measure.${id}`,
      keys,
      label,
      run,
    });
    const tools = TOOLS.map((tool) =>
      action(
        tool,
        [TOOL_KEYS[tool]],
        () => toolLabel(tool, this.#texts),
        () => {
          this.#choose(tool);
          this.tool.aim();
        },
      ),
    );
    return [
      action(
        "open",
        ["m"],
        () => this.#texts.open,
        () => this.#viewer.commands.toggleDrawer("measure"),
      ),
      ...tools,
      action(
        "undo",
        ["Ctrl+z", "Meta+z"],
        () => this.#texts.undo,
        () => this.#undo(),
      ),
      action(
        "redo",
        ["Ctrl+Z", "Meta+Z", "Ctrl+y"],
        () => this.#texts.redo,
        () => this.#redo(),
      ),
      action(
        "delete",
        ["Delete"],
        () => this.#texts.delete,
        () => this.#remove(this.#measurements.state.selected),
      ),
      action(
        "next-handle",
        ["J"],
        () => this.#texts.nextHandle,
        () => this.#nextHandle(),
      ),
    ];
  }

  #desk(): Desk {
    const measurements = this.#measurements;
    return {
      tool: () => this.#kind,
      grounds: () => groundsOf(this.#viewer),
      items: () => measurements.items,
      selected: () => measurements.state.selected,
      draft: () => this.#draft,
      frame: () => this.#viewer.store.state.position,
      setPoint: (anchor, ground) => this.#setPoint(anchor, ground),
      beginOutline: () => this.#pause(),
      setOutline: (points, ground) => this.#setOutline(points, ground),
      finish: () => this.#finish(),
      removePoint: () => this.#removePoint(),
      giveUp: () => this.#giveUp(),
      select: (id) => measurements.select(id),
      change: (item) => measurements.change(item),
      redraw: () => this.#viewer.redraw(),
      say: (what, item) => this.#say(what, item),
    };
  }

  #follow(state: ViewerState, previous: ViewerState): void {
    const { features, image, tool, drawer: open } = state;
    if (open === "measure" && previous.drawer !== "measure" && tool === null)
      this.#viewer.store.update({ tool: "measure.select" });
    if (open !== "measure" && previous.drawer === "measure" && tool === "measure.select")
      this.#viewer.store.update({ tool: null });
    if (tool !== previous.tool) {
      this.tool.reset();
      if (features.measure?.draft) this.#measurements.update({ draft: null });
    }
    const measured = features.measure !== previous.features.measure;
    const repainted = image !== previous.image && this.#isMarked;
    if (measured || repainted || tool !== previous.tool) this.#viewer.redraw();
  }

  /** There is something of it on the picture, or in one beside it. */
  get #isMarked(): boolean {
    const { items, state } = this.#measurements;
    return items.length > 0 || state.draft !== null;
  }

  #choose(tool: ToolName | null): void {
    const { store } = this.#viewer;
    const texts = this.#texts;
    if (tool && (TIME_TOOLS as readonly string[]).includes(tool) && !this.#isTimed()) {
      this.#viewer.announce(texts.needsTime);
      return;
    }
    this.#measurements.update({ draft: null, series: [], ...(tool === "select" ? {} : { selected: null }) });
    store.update({ tool: tool && `measure.${tool}` });
    if (tool === null) return;
    if (tool === "body-mark") store.update({ drawer: "measure" });
    else if (this.#isSheet()) store.update({ drawer: null, tool: `measure.${tool}` });
    // Keys go to the picture from here on.
    this.#viewer.host.shadowRoot?.querySelector<HTMLElement>(".base")?.focus({ preventScroll: true });
    const kind = this.#kind;
    const hint = kind === null || kind === "select" ? texts.selectHint : texts.hints[kind][0];
    this.#viewer.announce(`${toolLabel(tool, texts)}. ${hint}.`);
  }

  /** The drawer stands below the picture or over it, in room that the picture needs, or beside it and leaves it less than it takes. */
  #isSheet(): boolean {
    const [stage, sheet] = [".stage", ".drawer"].map((part) =>
      this.#viewer.host.shadowRoot?.querySelector(part)?.getBoundingClientRect(),
    );
    return Boolean(stage && sheet && (sheet.top > stage.top + 1 || sheet.width > stage.width));
  }

  #setPoint(anchor: Anchor, ground: Ground): void {
    const kind = this.#kind;
    if (kind === null || kind === "select") return;
    const measurements = this.#measurements;
    if (!isNote({ kind })) this.#pause();
    const draft = this.#draft ?? {
      kind,
      pane: ground.id,
      content: ground.content,
      frame: this.#frameOf(kind, anchor, ground),
      points: [],
    };
    const points = [...draft.points, anchor];
    measurements.update({ draft: { ...draft, points } });
    if (kind === "text") this.#askText();
    else if (points.length === POINTS[kind]) this.#complete();
    else
      this.#viewer.announce(
        `${this.#texts.hints[kind][Math.min(points.length, this.#texts.hints[kind].length - 1)]}.`,
      );
  }

  /** What is measured stands still; a recording that plays would move on under it. */
  #pause(): void {
    const { store, cine } = this.#viewer;
    if (store.state.playing) cine.pause();
  }

  /** The frame that a figure begun here belongs to: notes, and what carries its own time, are on all. */
  #frameOf(kind: FigureKind, { space }: Anchor, { id, follows = id === MAIN }: Ground): number | null {
    return isNote({ kind }) || space === "m-mode" || !follows ? null : this.#measurements.frame;
  }

  #setOutline(points: readonly Anchor[], ground: Ground): void {
    const draft = this.#draft;
    if (points.length < 3) {
      this.#giveUp();
      return;
    }
    const frame = draft ? draft.frame : this.#frameOf("trace", points[0], ground);
    this.#measurements.update({
      draft: { kind: "trace", pane: ground.id, content: ground.content, frame, points },
    });
    this.#complete();
  }

  /** The figure being set becomes an item; the last of a series brings its volume. */
  #complete(name = ""): void {
    const measurements = this.#measurements;
    const { draft, series } = measurements.state;
    if (!draft) return;
    const { kind, pane, content, frame, points } = draft;
    const id = measurements.nextId;
    const figure: Figure = { id, kind, name, pane, content, frame, points, locked: false };
    const item: Figure = kind === "heart-rate" ? { ...figure, beats: 1 } : figure;
    const tool = this.#chosen;
    const parts = tool !== null && isSeries(tool) ? [...series, id] : [];
    const whole = tool !== null && isSeries(tool) && parts.length === SERIES[tool].count;
    measurements.update({ draft: null });
    if (whole) {
      const volume: Item = {
        id: id + 1,
        kind: "volume",
        name: "",
        pane: MAIN,
        frame: null,
        locked: false,
        of: parts,
      };
      measurements.add(item, volume);
    } else measurements.add(item);
    measurements.update({ series: whole ? [] : parts });
    const last = measurements.selected!;
    const result = measurements.resultOf(last);
    const said = result.values.length || result.why ? spokenResult(result, this.#texts) : "";
    this.#viewer.announce(
      this.#texts.added(`${nameOf(last, this.#texts)} ${isNote(last) ? "" : last.id}`.trim(), said),
    );
  }

  #askText(): void {
    const { host } = this.#viewer;
    const focus = (): void => host.shadowRoot?.querySelector<HTMLInputElement>(".measure-bar input")?.focus();
    void host.updateComplete.then(focus);
    // Behind a tap comes the press of a mouse that there is none of, and takes the focus to the picture.
    setTimeout(focus, AFTER_TAP_MS);
  }

  #setText(text: string): void {
    if (text.trim()) this.#complete(text.trim());
    else this.#giveUp();
    this.#viewer.host.shadowRoot?.querySelector<HTMLElement>(".base")?.focus({ preventScroll: true });
  }

  #finish(): boolean {
    const { draft } = this.#measurements.state;
    if (draft?.kind !== "trace" || draft.points.length < 3) return false;
    this.#complete();
    return true;
  }

  #removePoint(): boolean {
    const { draft } = this.#measurements.state;
    if (!draft) return false;
    const points = draft.points.slice(0, -1);
    this.#measurements.update({ draft: points.length ? { ...draft, points } : null });
    this.#viewer.announce(
      this.#texts.hints[draft.kind][Math.min(points.length, this.#texts.hints[draft.kind].length - 1)],
    );
    return true;
  }

  #giveUp(): boolean {
    if (!this.#measurements.state.draft) return false;
    this.#measurements.update({ draft: null });
    this.#viewer.announce(this.#texts.givenUp);
    return true;
  }

  #undo(): void {
    // A point that was set is undone before what was completed.
    if (this.#removePoint()) return;
    if (this.#measurements.undo()) this.#viewer.announce(this.#texts.undone);
  }

  #redo(): void {
    if (this.#measurements.redo()) this.#viewer.announce(this.#texts.redone);
  }

  #clear(): void {
    this.#measurements.clear();
    this.#viewer.announce(this.#texts.cleared);
  }

  #remove(id: number | null): void {
    const item = this.#measurements.byId(id);
    if (!item) return;
    const texts = this.#texts;
    const name = nameOf(item, texts);
    this.#viewer.announce(this.#measurements.remove(item.id) ? texts.deleted(name) : texts.locked(name));
  }

  /** In the list: what is chosen again is let go. */
  #selectInList(item: Item): void {
    const { state } = this.#measurements;
    this.#measurements.select(state.selected === item.id ? null : item.id);
  }

  #showFrame(item: Item): void {
    if (item.frame !== null) this.#viewer.commands.show(item.frame);
  }

  #putMark(mark: MarkName): void {
    const there = this.#measurements.items.find((item) => item.kind === "body-mark");
    if (there?.kind === "body-mark") this.#measurements.change({ ...there, mark });
    else
      this.#measurements.add({
        id: this.#measurements.nextId,
        kind: "body-mark",
        name: "",
        pane: MAIN,
        frame: null,
        locked: false,
        mark,
        at: [1, 1],
        probe: [0.5, 0.4],
        angleRad: Math.PI,
      });
    this.#viewer.announce(this.#texts.added(this.#texts.marks[mark], ""));
  }

  #nextHandle(): void {
    if (this.#chosen === null) this.#choose("select");
    this.tool.nextHandle();
  }

  #save(as: "json" | "csv"): void {
    const items = this.#measurements.items;
    const name = fileName(sourceOf(this.#viewer.store.state), as);
    if (as === "json")
      saveFile(name, "application/json", JSON.stringify(this.#measurements.saved(items), null, 2));
    else {
      const rows = items.map((item) => ({ item, result: this.#measurements.resultOf(item) }));
      // Counted as on the screen, from the oldest that is stored.
      const { firstFrame } = this.#viewer.store.state;
      const frame = ({ frame }: Item): string =>
        frame === null ? this.#texts.allFrames : frame < firstFrame ? "" : String(frame - firstFrame + 1);
      saveFile(name, "text/csv", toCsv(rows, this.#texts, frame));
    }
  }

  #say(what: Parameters<Desk["say"]>[0], item?: Item): void {
    const texts = this.#texts;
    const name = item ? nameOf(item, texts) : "";
    const said = {
      moved: () => this.#place(),
      held: () => texts.held(name),
      "put-down": () =>
        `${texts.putDown} ${item ? spokenResult(this.#measurements.resultOf(item), this.#texts) : ""}`,
      "given-up": () => texts.givenUp,
      nothing: () => texts.nothingThere,
      locked: () => texts.locked(name),
    };
    this.#viewer.announce(said[what]());
  }

  /** Where the crosshair is, and what the figure would measure there. */
  #place(): string {
    const anchor = this.tool.crossAnchor;
    if (!anchor) return "";
    const texts = this.#texts;
    const drafting = this.#painter.drafting;
    if (drafting) return spokenResult(this.#measurements.resultOf(drafting), this.#texts);
    const unit = anchor.space === "picture" ? "px" : "m";
    const across: Value = {
      quantity: "distance",
      value: anchor.x,
      unit: anchor.space === "m-mode" ? "s" : unit,
    };
    return texts.place(texts.value(across), texts.value({ quantity: "depth", value: anchor.y, unit }));
  }
}

export function create(viewer: Viewer): Feature {
  return new Measure(viewer);
}
