/** The actions of the viewer itself; `messages.actions` names them. */
import type { Action } from "./actions.ts";
import type { Commands } from "./commands.ts";
import type { FullScreenController } from "./controllers/full-screen.ts";
import { PAN_STEP, type ViewController, ZOOM_STEP } from "./controllers/view.ts";
import type { Messages } from "./languages/english.ts";

export interface CoreParts {
  commands: Commands;
  view: ViewController;
  fullScreen: FullScreenController;
}

export function coreActions({ commands, view, fullScreen }: CoreParts): readonly Action[] {
  const action = (
    id: keyof Messages["actions"],
    keys: string | readonly string[],
    run: () => void,
  ): Action => ({
    id,
    keys: typeof keys === "string" ? [keys] : keys,
    label: ({ language }) => language.messages.actions[id],
    run,
  });
  const pan = (id: keyof Messages["actions"], arrow: string, right: number, down: number): Action =>
    action(id, [`Shift+Arrow${arrow}`, `Alt+Arrow${arrow}`], () =>
      view.pan(right * PAN_STEP, down * PAN_STEP),
    );
  return [
    // The picture freezes at once, whatever does not load.
    {
      ...action("toggle", " ", () => commands.toggle()),
      urgent: ({ session, frozen }) => Boolean(session?.live) && !frozen,
    },
    action("previous", "ArrowLeft", () => commands.step(-1)),
    action("next", "ArrowRight", () => commands.step(1)),
    action("first", "Home", () => commands.showEnd("first")),
    action("last", "End", () => commands.showEnd("last")),
    action("gain-up", "ArrowUp", () => commands.changeGain(1)),
    action("gain-down", "ArrowDown", () => commands.changeGain(-1)),
    action("range-down", "[", () => commands.changeDynamicRange(-5)),
    action("range-up", "]", () => commands.changeDynamicRange(5)),
    action("depth-less", "d", () => commands.changeDepth(-1)),
    action("depth-more", "D", () => commands.changeDepth(1)),
    action("keys", "?", () => commands.toggleShortcuts()),
    // "=" is "+" without Shift on many keyboards.
    action("view.zoom-in", ["+", "="], () => view.zoomBy(ZOOM_STEP)),
    action("view.zoom-out", "-", () => view.zoomBy(1 / ZOOM_STEP)),
    action("view.whole", "0", () => view.whole()),
    pan("view.left", "Left", -1, 0),
    pan("view.right", "Right", 1, 0),
    pan("view.up", "Up", 0, -1),
    pan("view.down", "Down", 0, 1),
    action("view.flip-left-right", "h", () => view.flip("left-right")),
    action("view.flip-top-bottom", "v", () => view.flip("top-bottom")),
    action("view.turn", "r", () => view.turn(1)),
    action("view.turn-back", "R", () => view.turn(-1)),
    action("view.full-screen", "f", () => void fullScreen.toggle()),
    action("view.privacy", "N", () => commands.togglePrivacy()),
  ];
}
