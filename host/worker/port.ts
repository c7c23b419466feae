/** A worker's side of the channel, the same in browsers and in Node. */
import { nodeModule } from "./node.ts";

/** Sends a message to the side that made this worker. */
export type Reply = (message: unknown, transfer?: readonly ArrayBuffer[]) => void;

interface WorkerScope {
  WorkerGlobalScope?: unknown;
  onmessage: ((event: { data: unknown }) => void) | null;
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
}

/**
 * Hands every message that comes to `receive`, in order. Call it while the worker's script is first evaluated:
 * browsers drop what arrives before there is a receiver.
 */
export function receiveMessages(receive: (message: unknown, reply: Reply) => void): void {
  const scope = globalThis as unknown as WorkerScope;
  if (scope.WorkerGlobalScope) {
    const reply: Reply = (message, transfer) => scope.postMessage(message, transfer ?? []);
    scope.onmessage = (event) => receive(event.data, reply);
    return;
  }
  void nodeModule("worker_threads").then(({ parentPort }) => {
    if (!parentPort) return;
    const reply: Reply = (message, transfer) => parentPort.postMessage(message, [...(transfer ?? [])]);
    parentPort.on("message", (message) => receive(message, reply));
  });
}
