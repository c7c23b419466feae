/** The protocols Sonde speaks. Only this list is loaded with it; a protocol's code comes when it is asked for. */
import { SondeError } from "../errors.ts";
import { quote } from "../formats/quote.ts";
import type { Protocol, ProtocolWriter } from "../live/protocol.ts";
import type { Boundary } from "../live/transport.ts";
import type { Acquisition } from "../model.ts";
import type { ProtocolOptions } from "./options.ts";

export type { ProtocolOptions } from "./options.ts";

/** What can be known of a protocol without loading it, for help texts and menus. */
export interface ProtocolEntry {
  /** As on the command line. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly boundary: Boundary;
}

const entry = (id: string, name: string, boundary: Boundary = "stream"): ProtocolEntry => ({
  id,
  name,
  boundary,
});

/** Every protocol, without loading any. */
export const PROTOCOLS: readonly ProtocolEntry[] = [
  entry("sonde", "Sonde stream"),
  entry("echopen-e2", "echOpen E2 (2017)"),
  entry("echopen-e3", "echOpen E3 (2019)"),
  entry("echopen-e4", "echOpen E4 (2019)", "datagram"),
  entry("echopen-e4-control", "echOpen E4 control channel"),
  entry("p0rk", "pic0rick (P0RK)"),
  entry("pic0rick", "pic0rick (stock firmware)"),
  entry("wulpus", "WULPUS"),
  entry("openigtlink", "OpenIGTLink"),
];

const LOADERS: Readonly<Record<string, (options: ProtocolOptions) => Promise<Protocol>>> = {
  sonde: async (options) => (await import("./sonde.ts")).sondeProtocol(options),
  "echopen-e2": async (options) => (await import("./echopen.ts")).echopenE2(options),
  "echopen-e3": async (options) => (await import("./echopen.ts")).echopenE3(options),
  "echopen-e4": async (options) => (await import("./echopen-datagrams.ts")).echopenE4(options),
  "echopen-e4-control": async () => (await import("./echopen-datagrams.ts")).echopenE4Control(),
  p0rk: async (options) => (await import("./p0rk.ts")).p0rkProtocol(options),
  pic0rick: async (options) => (await import("./pic0rick.ts")).pic0rickProtocol(options),
  wulpus: async (options) => (await import("./wulpus.ts")).wulpusProtocol(options),
  openigtlink: async (options) => (await import("./openigtlink.ts")).openIgtLink(options),
};

const WRITERS: Readonly<
  Record<string, (info: Acquisition, options: ProtocolOptions) => Promise<ProtocolWriter>>
> = {
  sonde: async (info) => (await import("./sonde-encoder.ts")).sondeWriter(info),
  "echopen-e2": async (info, options) => (await import("./echopen-writer.ts")).e2Writer(info, options),
  "echopen-e3": async (info, options) => (await import("./echopen-writer.ts")).e3Writer(info, options),
  "echopen-e4": async (info) => (await import("./echopen-e4-writer.ts")).e4Writer(info),
  p0rk: async (info) => (await import("./a-scan-writers.ts")).p0rkWriter(info),
  pic0rick: async (info) => (await import("./a-scan-writers.ts")).pic0rickWriter(info),
  wulpus: async (info) => (await import("./a-scan-writers.ts")).wulpusWriter(info),
  openigtlink: async (info, options) => (await import("./openigtlink.ts")).igtlWriter(info, options),
};

/** Protocols whose device's side there is: those that carry frames. */
export const SPOKEN: readonly string[] = /* @__PURE__ */ Object.keys(WRITERS);

async function check(options: ProtocolOptions): Promise<void> {
  const { checkProtocolOptions } = await import("./options.ts");
  checkProtocolOptions(options);
}

function known<T>(table: Readonly<Record<string, T>>, id: string): T {
  if (Object.hasOwn(table, id)) return table[id];
  const why = Object.hasOwn(LOADERS, id) ? "carries no frames" : "is no protocol";
  throw new SondeError("bad-option", `${quote(id)} ${why}; choose one of ${Object.keys(table).join(", ")}.`, {
    fields: { protocol: id },
  });
}

/** Loads a protocol. @throws SondeError `bad-option` for one that is none, and for options out of range */
export async function protocolOf(id: string, options: ProtocolOptions = {}): Promise<Protocol> {
  await check(options);
  return known(LOADERS, id)(options);
}

/**
 * Loads the device's side of a protocol, which says `info` and its frames in the protocol's bytes.
 * @throws SondeError `bad-option` when the protocol cannot carry them
 */
export async function writerOf(
  id: string,
  info: Acquisition,
  options: ProtocolOptions = {},
): Promise<ProtocolWriter> {
  await check(options);
  return known(WRITERS, id)(info, options);
}
