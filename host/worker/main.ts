/** The worker's script: its first message says which role it takes for the rest of its life. */
import type { EngineRequest } from "../engine/protocol.ts";
import { serveEngine } from "../engine/serve.ts";
import { serveParts } from "../engine/threads/helper.ts";
import type { PartRequest } from "../engine/threads/protocol.ts";
import { type SimulatedProbeStart, serveSimulatedProbe } from "../simulate/frame-maker.ts";
import { type Reply, receiveMessages } from "./port.ts";

type FirstMessage = EngineRequest | PartRequest | SimulatedProbeStart;

let receive: ((message: unknown, reply: Reply) => void) | undefined;

receiveMessages((message, reply) => {
  if (receive) return receive(message, reply);
  const first = message as FirstMessage;
  if (first.role === "engine") {
    const serve = serveEngine();
    receive = (next, answer) => serve(next as EngineRequest, answer);
    receive(first, reply);
  } else if (first.role === "part") {
    const serve = serveParts();
    receive = (next, answer) => serve(next as PartRequest, answer);
    receive(first, reply);
  } else if (first.role === "simulated-probe") receive = serveSimulatedProbe(first, reply);
});
