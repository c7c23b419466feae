/** Frames of a simulated probe computed by a worker: this side of the channel, and what is said on it. */
import { fromErrorMessage, SondeError, type SondeErrorMessage } from "../errors.ts";
import type { Frame } from "../model.ts";
import { cannotBeSent, type WorkerLike } from "../worker/spawn.ts";
import type { SimulatedOptions } from "./options.ts";

/** Makes any frame, in the order asked. */
export interface FrameMaker {
  make(index: number): Promise<Frame>;
  /** Ends it; frames still asked for reject with `aborted`. */
  close(): void;
}

/** What a request rejects with when the probe is closed before it is answered. */
export function closedError(): SondeError {
  return new SondeError("aborted", "The simulated probe was closed: connect again for more frames");
}

/** First message to the worker: which of its roles it takes. */
export interface SimulatedProbeStart {
  role: "simulated-probe";
  options: SimulatedOptions;
}

/** Every later message. */
export interface FrameRequest {
  index: number;
}

/** What the worker says. */
export type WorkerAnswer =
  | { kind: "ready" }
  | { kind: "frame"; frame: Frame }
  | { kind: "error"; error: SondeErrorMessage };

/**
 * Computes in a worker that runs `serveSimulatedProbe`.
 * @throws whatever the worker reports before it is ready; the worker is then ended.
 */
export function makerInWorker(worker: WorkerLike, options: SimulatedOptions): Promise<FrameMaker> {
  const waiting: { resolve(frame: Frame): void; reject(error: Error): void }[] = [];
  let lost: Error | undefined;

  const fail = (error: Error) => {
    lost ??= error;
    for (const request of waiting.splice(0)) request.reject(error);
  };
  const maker: FrameMaker = {
    make: (index) =>
      new Promise((resolve, reject) => {
        if (lost) {
          reject(lost);
          return;
        }
        const request = { resolve, reject };
        waiting.push(request);
        worker.keepAlive(true);
        try {
          worker.postMessage({ index } satisfies FrameRequest);
        } catch (cause) {
          waiting.splice(waiting.indexOf(request), 1);
          if (waiting.length === 0) worker.keepAlive(false);
          reject(cannotBeSent("The index of a frame", cause));
        }
      }),
    close: () => {
      worker.terminate();
      fail(closedError());
    },
  };

  return new Promise((resolve, reject) => {
    const giveUp = (error: Error) => {
      fail(error);
      worker.terminate();
      reject(error); // no effect once ready
    };
    worker.onError((cause) =>
      giveUp(
        new SondeError(
          "device-lost",
          `The worker of the simulated probe ended (${cause.message}): connect again`,
          { cause },
        ),
      ),
    );
    worker.onMessage((message) => {
      const answer = message as WorkerAnswer;
      if (answer.kind === "ready") resolve(maker);
      else if (answer.kind === "error") giveUp(fromErrorMessage(answer.error));
      else waiting.shift()?.resolve(answer.frame);
      if (waiting.length === 0) worker.keepAlive(false);
    });
    worker.keepAlive(true);
    try {
      worker.postMessage({ role: "simulated-probe", options } satisfies SimulatedProbeStart);
    } catch (cause) {
      giveUp(cannotBeSent("The options of a simulated probe", cause));
    }
  });
}
