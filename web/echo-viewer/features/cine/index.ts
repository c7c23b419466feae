/** How stored frames play: speed, what happens at the end, which part; and how much fits into memory. */
import { html, nothing, type TemplateResult } from "lit";
import { choice } from "../../controls/choice.ts";
import { textsOf } from "../../languages/language.ts";
import { REPEATS, SPEEDS } from "../../playback.ts";
import { canScrub, clipOf, type ViewerState } from "../../store.ts";
import type { Feature, Viewer } from "../feature.ts";
import { english } from "./texts.ts";

const texts = (state: ViewerState) => textsOf(state.language, "cine", english);

function drawer(state: ViewerState, { commands }: Viewer): TemplateResult {
  const words = texts(state);
  const { speed, repeat, trim, firstFrame, storedS, capacityS } = state;
  const idle = !canScrub(state);
  const { first, last } = clipOf(state);
  const press = (label: string, hint: string, onClick: () => void, disabled = idle) =>
    html`<button type="button" part="button" class="plain" title=${hint} ?disabled=${disabled} @click=${onClick}>
      ${label}
    </button>`;
  return html`${choice({
    label: words.speed,
    name: "speed",
    value: speed,
    options: SPEEDS.map((value) => ({ value, text: words.times(value), spoken: words.timesSpoken(value) })),
    onChange: (value) => commands.setSpeed(value),
  })}
  ${choice({
    label: words.repeat,
    name: "repeat",
    value: repeat,
    options: REPEATS.map((value) => ({ value, text: words.repeats[value] })),
    onChange: (value) => commands.setRepeat(value),
  })}
  <div class="choice" role="group" aria-label=${words.part}>
    <span class="legend">${words.part}</span>
    <div>
      ${press(words.start, words.startHint, () => commands.trimAt("first"))}
      ${press(words.end, words.endHint, () => commands.trimAt("last"))}
      ${press(words.all, words.all, () => commands.setTrim(null), idle || !trim)}
    </div>
    <p class="hint">
      ${idle ? words.needsFreeze : words.frames(first - firstFrame + 1, last - firstFrame + 1)}
    </p>
  </div>
  ${Number.isFinite(capacityS) ? html`<p class="hint">${words.memory(storedS, capacityS)}</p>` : nothing}`;
}

export function create(viewer: Viewer): Feature {
  const { commands, store } = viewer;
  /** A key says what it changed: the drawer that shows it may be closed. */
  const saying = (change: () => void, said: (state: ViewerState) => string) => (): void => {
    const before = store.state;
    change();
    if (store.state !== before) viewer.announce(said(store.state));
  };
  const speed = (state: ViewerState): string =>
    `${texts(state).speed} ${texts(state).timesSpoken(state.speed)}`;
  const repeat = (state: ViewerState): string =>
    `${texts(state).repeat}: ${texts(state).repeats[state.repeat]}`;
  const part = (state: ViewerState): string => {
    const { first, last } = clipOf(state);
    return texts(state).frames(first - state.firstFrame + 1, last - state.firstFrame + 1);
  };
  return {
    drawer: (state) => drawer(state, viewer),
    actions: [
      {
        id: "cine.slower",
        keys: ["<"],
        label: (state) => texts(state).slower,
        run: saying(() => commands.changeSpeed(-1), speed),
      },
      {
        id: "cine.faster",
        keys: [">"],
        label: (state) => texts(state).faster,
        run: saying(() => commands.changeSpeed(1), speed),
      },
      {
        id: "cine.start",
        keys: ["i"],
        label: (state) => texts(state).startHint,
        run: saying(() => commands.trimAt("first"), part),
      },
      {
        id: "cine.end",
        keys: ["o"],
        label: (state) => texts(state).endHint,
        run: saying(() => commands.trimAt("last"), part),
      },
      {
        id: "cine.repeat",
        keys: ["l"],
        label: (state) => texts(state).nextRepeat,
        run: saying(() => commands.nextRepeat(), repeat),
      },
    ],
  };
}
