/** What an acquisition says about its array and transmits, as a person at the screen wants it. */
import { type Acquisition, LINE_FIELDS } from "../../host/index.ts";
import type { Messages } from "./languages/english.ts";
import { depthOf, dynamicRangeOf, gainOf, type ViewerState } from "./store.ts";

/** Foci this close are one (m): formats round them differently. */
const SAME_FOCUS_M = 5e-5;

function middle(values: readonly number[]): number | undefined {
  const [first, last] = [Math.min(...values), Math.max(...values)];
  return Number.isFinite(first) && Number.isFinite(last) ? (first + last) / 2 : undefined;
}

/** x of the middle of the array (m); undefined where the data do not say where the array is. */
export function arrayCentreOf(info: Acquisition): number | undefined {
  if (info.kind === "channels") return middle([...info.probe.positionsM].filter((_, i) => i % 3 === 0));
  if (info.kind === "lines") return middle([...info.lines].filter((_, i) => i % LINE_FIELDS === 0));
  return undefined;
}

/** Depth of the transmit focus (m), where every transmit is focused at the same one. */
export function focusDepthOf(info: Acquisition): number | undefined {
  if (info.kind !== "channels") return undefined;
  const depths: number[] = [];
  for (const { wave } of info.sequence) {
    if (wave.kind !== "focused") return undefined;
    depths.push(wave.source[2]);
  }
  const depth = middle(depths);
  return depth !== undefined && Math.max(...depths) - Math.min(...depths) <= 2 * SAME_FOCUS_M
    ? depth
    : undefined;
}

/** Centre frequency (Hz), when known. */
export function frequencyOf(info: Acquisition): number | undefined {
  return info.centerFrequencyHz ?? (info.kind === "channels" ? info.probe.centerFrequencyHz : undefined);
}

/** How the picture was made: each with its name for those who hover or listen. */
export function parametersOf(
  state: ViewerState,
  messages: Messages,
): readonly (readonly [name: string, text: string])[] {
  const { session } = state;
  if (!session) return [];
  const { info, plan } = session;
  const frequency = frequencyOf(info);
  const depth = depthOf(state);
  const { fNumber } = plan.report;
  return [
    ...(depth === null ? [] : [[messages.depth, messages.centimetres(depth)] as const]),
    ...(frequency ? [[messages.frequency, messages.megahertz(frequency)] as const] : []),
    [messages.gain, messages.gainShort(messages.decibels(gainOf(state)))],
    [messages.dynamicRange, messages.rangeShort(messages.range(dynamicRangeOf(state)))],
    ...(fNumber ? [[messages.fNumber, messages.fNumberShort(fNumber)] as const] : []),
    ...(info.kind === "channels"
      ? [[messages.probe, info.probe.name ?? messages.probes[info.probe.kind]] as const]
      : []),
  ];
}
