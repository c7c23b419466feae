/** Computes the frames of a simulated probe: on this thread in slices, or as a worker's side of the channel. */
import { pureCore } from "../core/binding.ts";
import { toErrorMessage } from "../errors.ts";
import type { Frame } from "../model.ts";
import type { Reply } from "../worker/port.ts";
import { nextTurn } from "../worker/turn.ts";
import { type SimulatedOptions, settle } from "./options.ts";
import { Simulation } from "./simulation.ts";
import {
  closedError,
  type FrameMaker,
  type FrameRequest,
  type SimulatedProbeStart,
  type WorkerAnswer,
} from "./worker-maker.ts";

export type { SimulatedProbeStart };

/** Longest stretch of work before other tasks of the thread get their turn (ms): a quarter of a display frame. */
const SLICE_MS = 4;

/** Computes on this thread, a few elements at a time. */
export async function makerHere(options: SimulatedOptions): Promise<FrameMaker> {
  const simulation = await Simulation.create(options);
  let closed = false;
  let last: Promise<unknown> = Promise.resolve();

  async function make(index: number): Promise<Frame> {
    let sliceEnds = 0;
    for (let group = 0; group < simulation.groupCount; group++) {
      if (closed) throw closedError();
      if (group === 0) simulation.begin(index);
      else if (performance.now() > sliceEnds) await nextTurn();
      if (closed) throw closedError();
      if (group === 0 || performance.now() > sliceEnds) sliceEnds = performance.now() + SLICE_MS;
      simulation.compute(index, group);
    }
    return simulation.take(index);
  }

  return {
    make: (index) => {
      const frame = last.then(() => make(index));
      last = frame.catch(() => undefined); // who asked for it learns of the error; the queue goes on
      return frame;
    },
    close: () => {
      closed = true;
    },
  };
}

/**
 * The worker's side: takes the start message and how to answer; returns the receiver of every later message.
 * Answers `ready` once, when it is known that the options are sound and the core runs here, while the scene is still to be drawn; then each request
 * `{ index }` in order with its frame, whose samples are transferred.
 */
export function serveSimulatedProbe(start: SimulatedProbeStart, reply: Reply): (message: unknown) => void {
  const send = (answer: WorkerAnswer, transfer?: readonly ArrayBuffer[]) => reply(answer, transfer);
  const fail = (error: unknown) => send({ kind: "error", error: toErrorMessage(error) });
  const simulation = pureCore().then(() => {
    settle(start.options); // a probe that cannot be is refused before it is ready
    send({ kind: "ready" });
    return Simulation.create(start.options);
  });
  simulation.catch(fail);
  return (message) => {
    const { index } = message as FrameRequest;
    simulation
      .then((made) => {
        const frame = made.frame(index);
        send({ kind: "frame", frame }, [frame.samples.buffer as ArrayBuffer]);
      })
      .catch(fail);
  };
}
