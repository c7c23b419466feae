/** How long frames waited between a device and here, by the times that the device's own clock gave them. */
import { Lateness } from "./lateness.ts";

/**
 * Of one connection. A delay that begins and stays is told from a clock set anew by this: what waited still carries times that go on,
 * while a clock that was set back does not. One that was set forward makes nothing late.
 */
export class DeviceClock {
  #lateness = new Lateness();
  #lastS = Number.NaN;
  #lateMs = 0;

  /** Nothing before tells anything of the frames that follow. */
  anew(): void {
    this.#lateness = new Lateness();
    this.#lastS = Number.NaN;
    this.#lateMs = 0;
  }

  /**
   * How much later (ms) a frame came than the fastest ones before it.
   * @param timeS when it was acquired: frames without a time are never late, and of equal times only the first counts
   */
  lateMs(timeS: number | undefined, cameMs: number): number {
    if (timeS === undefined || !Number.isFinite(timeS)) return 0;
    if (timeS < this.#lastS) this.anew();
    if (timeS !== this.#lastS) this.#lateMs = this.#lateness.of(1000 * timeS, cameMs);
    this.#lastS = timeS;
    return this.#lateMs;
  }
}
