/** A simulated probe as a recording of so many frames. */
import { SondeError } from "../errors.ts";
import type { ChannelData, Frame } from "../model.ts";
import type { FrameRange, Source } from "../source.ts";
import type { SimulatedOptions } from "./options.ts";
import { Simulation } from "./simulation.ts";

/** Frames 0 to frameCount - 1 of a simulated probe, computed when asked for. */
class SimulatedRecording implements Source {
  readonly info: ChannelData;
  readonly live = false;
  readonly #simulation: Simulation;
  readonly #frameCount: number;
  #closed = false;

  constructor(simulation: Simulation, frameCount: number) {
    this.info = simulation.info;
    this.#simulation = simulation;
    this.#frameCount = frameCount;
  }

  async *frames({
    start = 0,
    end = this.#frameCount,
    signal,
  }: FrameRange = {}): AsyncIterableIterator<Frame> {
    for (let index = start; index < end; index++) {
      if (signal?.aborted || this.#closed) return;
      yield await this.frame(index);
    }
  }

  async frame(index: number): Promise<Frame> {
    if (this.#closed) throw new SondeError("aborted", "The simulated recording is closed: make another");
    if (!Number.isInteger(index) || index < 0 || index >= this.#frameCount)
      throw new SondeError(
        "bad-option",
        `Frame ${index} does not exist: this recording has frames 0 to ${this.#frameCount - 1}`,
        {
          fields: { index, frameCount: this.#frameCount },
        },
      );
    return this.#simulation.frame(index);
  }

  close(): void {
    this.#closed = true;
  }
}

/** Most frames a simulated recording may claim: 11 hours at 25 a second. */
const MOST_FRAMES = 1e6;

/**
 * A finite recording of a simulated probe: the same frames as live, each computed when it is asked for.
 * @param frameCount 1 to 1000000.
 * @throws SondeError `bad-option`
 */
export async function simulatedRecording(options: SimulatedOptions, frameCount: number): Promise<Source> {
  if (!Number.isInteger(frameCount) || frameCount < 1 || frameCount > MOST_FRAMES)
    throw new SondeError(
      "bad-option",
      `frameCount is ${frameCount}: a simulated recording has 1 to ${MOST_FRAMES} frames`,
      {
        fields: { frameCount },
      },
    );
  return new SimulatedRecording(await Simulation.create(options, frameCount), frameCount);
}
