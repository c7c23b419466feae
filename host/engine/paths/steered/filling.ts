/** What one filling of the ring is: which channels stand in it, how far each is moved, and what is then left to the sum. */
import type { Slot } from "./ring.ts";
import type { ClassTaps } from "./taps.ts";

/** Channels of a frame that lie behind one another, in data and in raw rows. */
export interface ChannelRun {
  /** First channel, counted over the transmits of a frame. */
  channel: number;
  count: number;
  /** Raw row of the first. */
  row: number;
}

/** One filling. The ring row of a tap is path + base + d along + row across, wherever the pixel lies. */
export interface Filling {
  /** What each class of pixels hears in it; fillings may share. */
  taps: readonly ClassTaps[];
  /** What is brought in. */
  runs: readonly ChannelRun[];
  /** Raw row of a slot; undefined where there is no channel. */
  channelOf(slot: Slot): number | undefined;
  /** How far the channel of a slot is moved (input samples): ring row 0 is its sample `shift`. */
  shift(slot: Slot): number;
  /** What is added to the path (ring rows): at depth k of a class, and from a neighbour to the next along x and along y. */
  base(taps: ClassTaps, k: number): number;
  along: number;
  across: number;
}

/** All fillings of a plan, and what they have in common. */
export interface Fillings {
  fillings: readonly Filling[];
  /** Columns and rows of channels in the ring. */
  columns: number;
  rows: number;
  /** Columns from one position of a class to the next. */
  step: number;
  /** Rows that a neighbour's channel stands further on than that of the neighbour before it. */
  skew: number;
  /** Most raw rows of a filling. */
  channels: number;
  /** Furthest that any channel is moved (input samples). */
  furthest: number;
  /**
   * Int16: largest sum of the weights of one depth of one filling. Of all depths of the scan, whichever are made: it sets the scale,
   * and parts of an image must have the bits of the whole.
   */
  heaviest: number;
  /** Whether a filling takes whole transmits, whose peak then sets its scale; else the peak of all transmits does. */
  wholeTransmits: boolean;
}

/** Rates of a plan. */
export interface Rates {
  sampleRateHz: number;
  soundSpeedMps: number;
  upSampling: number;
}

/** Ring rows that sound takes to a metre. */
export function rowsPerMetre({ sampleRateHz, soundSpeedMps, upSampling }: Rates): number {
  return upSampling * (sampleRateHz / soundSpeedMps);
}
