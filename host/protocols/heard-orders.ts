/** What devices that take orders do when they hear them: the other side of their protocols' `encode`, for simulated devices. */
import type { HeardOrders } from "../live/protocol.ts";
import { WULPUS_PACKAGE_BYTES } from "./wulpus-configuration.ts";

/** Longest command that is waited for. */
const MOST_LETTERS = 256;
/** First bytes of the packages of WULPUS. */
const CONFIGURE = 0xfa;
const RESTART = 0xfb;

const reply = (text: string) => new TextEncoder().encode(`${text}\r\n`);

/** Orders that are lines of text. */
function linesHeard(understand: (line: string, heard: HeardOrders) => void) {
  let text = "";
  return (bytes: Uint8Array): HeardOrders => {
    const heard: HeardOrders = { replies: [] };
    text += new TextDecoder("latin1").decode(bytes);
    const lines = text.split(/\r?\n/);
    text = (lines.pop() ?? "").slice(-MOST_LETTERS);
    for (const line of lines) if (line.trim() !== "") understand(line.trim(), heard);
    return heard;
  };
}

/** P0RK: every command is answered; `stream` sends frames until it is stopped, `acq` one. `onArmed` is told of the pulser. */
export function p0rkHears(onArmed: (armed: boolean) => void): (bytes: Uint8Array) => HeardOrders {
  return linesHeard((line, heard) => {
    const said = (text: string) => heard.replies.push(reply(text));
    if (/^stream start (raw|envelope|alaw) \d+$/.test(line)) heard.going = true;
    else if (line === "stream stop") heard.going = false;
    else if (/^acq (raw|envelope|alaw)$/.test(line)) heard.once = (heard.once ?? 0) + 1;
    else if (/^pulser (arm|disarm)$/.test(line)) onArmed(line === "pulser arm");
    else if (!/^(dac write|dsp scale|pulse config|status|help)\b/.test(line)) {
      said("ERR COMMAND unknown");
      return;
    }
    said(`OK ${line.split(" ", 1)[0]}`);
  });
}

/** The stock firmware: `read` sends what was acquired last. */
export function pic0rickHears(): (bytes: Uint8Array) => HeardOrders {
  return linesHeard((line, heard) => {
    if (line === "read") heard.once = (heard.once ?? 0) + 1;
  });
}

/** WULPUS: a configuration makes it pulse, a restart ends that. */
export function wulpusHears(): (bytes: Uint8Array) => HeardOrders {
  let first = 0;
  /** Bytes of the package that are still to come. */
  let left = 0;
  return (bytes) => {
    const heard: HeardOrders = { replies: [] };
    for (const byte of bytes) {
      if (left === 0) {
        if (byte !== CONFIGURE && byte !== RESTART) continue;
        first = byte;
        left = WULPUS_PACKAGE_BYTES;
      }
      if (--left === 0) heard.going = first === CONFIGURE;
    }
    return heard;
  };
}
