/** `sonde record`: a device's stream into a file, bounded, readable whenever it stops. */
import { rm } from "node:fs/promises";
import { basename } from "node:path";
import { SondeError } from "../errors.ts";
import { MOST_BYTES } from "../formats/options.ts";
import { LinkedSource } from "../live/linked-source.ts";
import type { LiveEvent } from "../live/live-source.ts";
import {
  createRecorder,
  DEFAULT_MAX_RECORDING_BYTES,
  DEFAULT_MAX_SECONDS,
  type Recorder,
} from "../live/recorder.ts";
import { fileSink } from "../live/sinks.ts";
import type { Report } from "./commands.ts";
import { deviceOf } from "./device.ts";
import { number } from "./numbers.ts";
import { giveOrders, ordersOf, sayLink } from "./orders.ts";
import { progress } from "./progress.ts";
import { stopOrder } from "./stop-order.ts";
import type { Values } from "./words.ts";
import { UsageError } from "./wrong-usage.ts";

/** How often the recording is looked at (ms). */
const LOOK_MS = 100;

/** `1000000`, `200M`, `2G`: bytes, in powers of 1024. */
function bytesOf(text: string): number {
  const found = /^(\d+(?:\.\d+)?)([kMG]?)$/.exec(text);
  const bytes = found
    ? Number(found[1]) * { "": 1, k: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }[found[2] as ""]
    : Number.NaN;
  // A larger one could not be opened.
  if (!(bytes >= 4096 && bytes <= MOST_BYTES)) throw new UsageError(`--max-bytes ${text}: from 4k to 4G`);
  return Math.floor(bytes);
}

/** Only what belongs into a recording. */
function recordable(event: LiveEvent): Parameters<Recorder["add"]>[0] | undefined {
  return event.kind === "chunk" || event.kind === "reconfigured" ? undefined : event;
}

/** `sonde record ADDRESS --protocol NAME -o FILE.sonde`, until a limit is reached or it is stopped. */
export async function record(address: string, values: Values): Promise<Report> {
  const { output } = values;
  if (!output?.toLowerCase().endsWith(".sonde"))
    throw new UsageError(`-o ${output ?? "FILE.sonde"}: the recording must end in .sonde`);
  const maxSeconds = values.seconds === undefined ? DEFAULT_MAX_SECONDS : number("seconds", values.seconds);
  if (!(maxSeconds > 0 && maxSeconds <= 1e6))
    throw new UsageError(`--seconds ${values.seconds}: more than 0, at most 1000000`);
  const maxBytes =
    values["max-bytes"] === undefined ? DEFAULT_MAX_RECORDING_BYTES : bytesOf(values["max-bytes"]);
  const { transport, protocol } = await deviceOf(address, values);
  const orders = ordersOf(values, protocol);
  const recorder = createRecorder(await fileSink(output), {
    maxSeconds,
    maxBytes,
    about: { address: transport.name, protocol: String(values.protocol) },
  });
  const source = new LinkedSource(transport, protocol);
  source.subscribe((event) => {
    const kept = recordable(event);
    if (kept) recorder.add(kept);
  });
  sayLink(source, transport.name, ["silent", "reconnecting", "lost"]);
  const bar = progress(`Recording ${basename(output)}`);
  const stopped = stopOrder();
  let refused: unknown;
  giveOrders(source, orders).catch((error: unknown) => {
    refused = error;
    stopped.stop();
  });
  let startedMs = performance.now();
  let begun = false;
  const timer = setInterval(() => {
    const { state, frames, messages } = recorder.status;
    if (frames + messages > 0 && !begun) startedMs = performance.now();
    begun = frames + messages > 0;
    const seconds = (performance.now() - startedMs) / 1000;
    bar.update(Math.min(seconds, maxSeconds), values.seconds === undefined ? undefined : maxSeconds);
    const over = state !== "recording" || source.link.state === "lost";
    // The recorder ends with what is too late; of a device that says nothing there is none.
    if (over || seconds >= maxSeconds + (begun ? LOOK_MS / 1000 : 0)) stopped.stop();
  }, LOOK_MS);
  await stopped.promise;
  clearInterval(timer);
  bar.done();
  const { statistics, link } = source;
  await source.close();
  await recorder.close();
  const { frames, messages, bytes, seconds, dropped, error } = recorder.status;
  if (error) throw error;
  if (frames + messages === 0) {
    await rm(output, { force: true });
    refused ??= statistics.frames
      ? new SondeError(
          "missing-data",
          `Not one frame of ${transport.name} fits into --max-bytes ${values["max-bytes"]}`,
        )
      : new SondeError(
          "missing-data",
          `${transport.name} gave no frame: ${link.why ?? "is it switched on, and is it the right protocol?"}`,
        );
  }
  if (refused) throw refused;
  if (!values.json)
    console.log(`${output}: ${frames} frames, ${messages} messages, ${seconds.toFixed(1)} s, ${bytes} bytes`);
  const { lostFrames, lostLines, gaps, reconnections } = statistics;
  const warnings = [
    ...(frames
      ? []
      : [
          `no frame came: ${output} holds ${messages} texts, poses and the like${link.why ? ` (${link.why})` : ""}`,
        ]),
    ...(dropped ? [`${dropped} frames were dropped because ${output} could not be written fast enough`] : []),
    ...(lostFrames + lostLines + gaps
      ? [
          `on the way to this computer ${lostFrames} frames, ${lostLines} lines and an unknown number ${gaps} times were lost`,
        ]
      : []),
  ];
  return {
    output,
    frames,
    messages,
    bytes,
    seconds,
    dropped,
    lostFrames,
    lostLines,
    gaps,
    reconnections,
    warnings,
  };
}
