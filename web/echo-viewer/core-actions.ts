/** The actions of the viewer itself; `messages.actions` names them. */
import type { Action } from "./actions.ts";
import type { Commands } from "./commands.ts";
import type { Messages } from "./languages/english.ts";

export function coreActions(commands: Commands): readonly Action[] {
  const action = (id: keyof Messages["actions"], key: string, run: () => void): Action => ({
    id,
    keys: [key],
    label: ({ language }) => language.messages.actions[id],
    run,
  });
  return [
    action("toggle", " ", () => commands.toggle()),
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
  ];
}
