/** A device on the command line: its address, and the protocol it speaks. */
import { WebSocket } from "ws";
import { SondeError } from "../errors.ts";
import { protocolNamed } from "../live/connect.ts";
import type { Protocol } from "../live/protocol.ts";
import type { Transport } from "../live/transport.ts";
import { transportOf } from "../transports/address.ts";
import type { WebSocketLike } from "../transports/websocket.ts";
import type { Values } from "./words.ts";
import { UsageError } from "./wrong-usage.ts";

/** What reaches an address, and what its bytes mean. @throws UsageError, SondeError */
export async function deviceOf(
  address: string,
  values: Values,
): Promise<{ transport: Transport; protocol: Protocol }> {
  if (values.protocol === undefined)
    throw new UsageError(`--protocol is missing: it says what the bytes of ${address} mean`);
  const protocol = await protocolNamed({ protocol: values.protocol });
  try {
    const transport = await transportOf(address, {
      boundary: protocol.boundary,
      create: (url) => new WebSocket(url) as unknown as WebSocketLike,
    });
    return { transport, protocol };
  } catch (error) {
    if (error instanceof SondeError && error.code === "bad-option") throw new UsageError(error.message);
    throw error;
  }
}
