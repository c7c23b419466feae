/** The worker's script: its first message says which role it takes for the rest of its life. */
import type { EngineRequest } from "../engine/protocol.ts";
import { serveEngine } from "../engine/serve.ts";
import type { PartRequest } from "../engine/threads/protocol.ts";
import { type SimulatedProbeStart, serveSimulatedProbe } from "../simulate/frame-maker.ts";
import { type Reply, receiveMessages } from "./port.ts";
import { runsAsWorker } from "./url.ts";

type FirstMessage = EngineRequest | PartRequest | SimulatedProbeStart;

runsAsWorker(import.meta.url);

let receive: ((message: unknown, reply: Reply) => unknown) | undefined;

receiveMessages((message, reply) => {
  if (receive) {
    receive(message, reply);
    return;
  }
  const first = message as FirstMessage;
  if (first.role === "engine") {
    const serve = serveEngine();
    receive = (next, answer) => serve(next as EngineRequest, answer);
    receive(first, reply);
  } else if (first.role === "part") {
    // Most engines never ask for help: what helpers do is loaded when one does.
    const serving = import("../engine/threads/helper.ts").then(({ serveParts }) => serveParts());
    receive = (next, answer) => serving.then((serve) => serve(next as PartRequest, answer));
    receive(first, reply);
  } else if (first.role === "simulated-probe") receive = serveSimulatedProbe(first, reply);
});
