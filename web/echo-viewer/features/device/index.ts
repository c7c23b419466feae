/** Devices: choosing one, how it does, what it can be told, and whether what it sends is a signal. */
import { html, nothing, type TemplateResult } from "lit";
import type { RecorderStatus } from "../../../../host/index.ts";
import { isLinked } from "../../controllers/link.ts";
import { textsOf } from "../../languages/language.ts";
import type { ViewerState } from "../../store.ts";
import type { Feature, Viewer } from "../feature.ts";
import { connectPanel } from "./connect-panel.ts";
import { facts } from "./facts.ts";
import { followFreeze, orders } from "./orders.ts";
import { drawSamples, drawSpectrum, type PlotInk } from "./plots.ts";
import { RecordControl } from "./record.ts";
import { recordPanel } from "./record-panel.ts";
import type { StoredRecording } from "./recordings.ts";
import { checkSignal, lineOf, linesOf, type SignalCheck } from "./signal-check.ts";
import { signalPanel } from "./signal-panel.ts";
import { styles } from "./styles.ts";
import { english } from "./texts.ts";

declare module "../../store.ts" {
  interface FeatureStates {
    device: DeviceState;
  }
}

/** What the drawer shows. */
export interface DeviceState {
  /** The line that is checked, from 0; null: the middle one. */
  line: number | null;
  check: SignalCheck | undefined;
  /** The recording that runs; null: none. */
  recording: RecorderStatus | null;
  /** What is kept in this browser. */
  recordings: readonly StoredRecording[];
}

/** How often figures and plots change (ms): faster cannot be read. */
const LOOK_MS = 300;

const chosenLine = ({ features, session }: ViewerState): number => {
  const count = session ? linesOf(session.info) : 1;
  return Math.min(count - 1, features.device?.line ?? count >> 1);
};

/** Looks at the newest raw frame while the drawer is open. */
function watch(viewer: Viewer): void {
  const { store, cine, host } = viewer;
  let timer: ReturnType<typeof setInterval> | undefined;
  const look = async (): Promise<void> => {
    const { session } = store.state;
    const frame = session ? await cine.rawFrame() : undefined;
    // Another source may be open by now.
    if (!session || !frame || store.state.session !== session) {
      store.updateFeature("device", { check: undefined });
      return;
    }
    const { info } = session;
    const detected = info.signal === "envelope" || info.signal === "log" || info.signal === "iq";
    const rateHz = info.kind === "beamformed" ? undefined : info.sampleRateHz;
    const check = checkSignal(lineOf(info, frame, chosenLine(store.state)), rateHz, detected);
    store.updateFeature("device", { check });
    host.updateComplete.then(() => draw(host.shadowRoot, check, store.state.language.messages.tick));
  };
  const follow = (): void => {
    const open = store.state.drawer === "device" && host.isConnected;
    if (open && timer === undefined) {
      timer = setInterval(() => void look(), LOOK_MS);
      void look();
    } else if (!open) {
      clearInterval(timer);
      timer = undefined;
    }
  };
  store.subscribe((state, previous) => {
    if (state.drawer !== previous.drawer || state.session !== previous.session) follow();
  });
  host.addController({ hostConnected: follow, hostDisconnected: () => queueMicrotask(follow) });
  follow();
}

function draw(root: ShadowRoot | null, check: SignalCheck, label: PlotInk["label"]): void {
  for (const [name, paint] of [
    ["samples", drawSamples],
    ["spectrum", drawSpectrum],
  ] as const) {
    const canvas = root?.querySelector<HTMLCanvasElement>(`.device-plot.${name}`);
    if (!canvas) continue;
    const { color, outlineColor, textDecorationColor, fontSize, fontFamily } = getComputedStyle(canvas);
    paint(canvas, check, {
      line: color,
      axis: outlineColor,
      warning: textDecorationColor,
      font: `${fontSize} ${fontFamily}`,
      label,
    });
  }
}

function drawer(state: ViewerState, viewer: Viewer, control: RecordControl): TemplateResult {
  const words = textsOf(state.language, "device", english);
  const { session, device } = state;
  const source = session?.source;
  // One that is being connected may speak only when it is told to.
  const linked = state.waiting ?? (isLinked(source) ? source : undefined);
  return html`${
    linked
      ? html`${facts(linked, state.loading?.name ?? session?.info.name ?? "", words)}
            <button type="button" part="button" class="plain disconnect" @click=${() => viewer.commands.disconnect()}>
              ${words.disconnect}
            </button>
            ${orders(linked, viewer, words)}`
      : nothing
  }
    ${recordPanel(state, control, words)}
    ${
      session
        ? signalPanel(
            state.features.device?.check,
            session.info,
            chosenLine(state),
            words,
            state.language.messages.tick,
            (line) => viewer.store.updateFeature("device", { line }),
          )
        : nothing
    }
    ${linked && (device || state.probe) ? nothing : connectPanel(viewer, words)}`;
}

export function create(viewer: Viewer): Feature {
  viewer.store.updateFeature("device", {
    line: null,
    check: undefined,
    recording: null,
    recordings: [],
  });
  watch(viewer);
  followFreeze(viewer);
  const control = new RecordControl(viewer);
  void control.list();
  return { styles, drawer: (state) => drawer(state, viewer, control) };
}
