/**
 * Walking apertures as fillings of the ring: each takes the channels of some offsets (walking-taps.ts) from every transmit. Steering takes
 * each transmit's own time origin away, so that all share one clock.
 */
import type { ChannelData } from "../../../model.ts";
import type { ChannelRun, Filling, Fillings, Rates } from "./filling.ts";
import type { WalkingApertures } from "./walking.ts";
import type { Cut } from "./walking-taps.ts";

/** Distance of each focus from the origin less the start of its record: sample at which a wave passes its focus (input samples). */
function focusSamples(
  info: ChannelData,
  { transmits, focusXM, focusZM, spacingM }: WalkingApertures,
  { sampleRateHz, soundSpeedMps }: Rates,
): number[] {
  return transmits.map((transmit, t) => {
    const x = focusXM + t * spacingM;
    const reachM = Math.sqrt(x * x + focusZM * focusZM);
    return (reachM / soundSpeedMps - info.sequence[transmit].startS) * sampleRateHz;
  });
}

/** The fillings of walking apertures. */
export function walkingFillings(
  info: ChannelData,
  walking: WalkingApertures,
  cuts: readonly Cut[],
  rates: Rates,
): Omit<Fillings, "heaviest"> {
  const { grid, transmits, step } = walking;
  const samples = focusSamples(info, walking, rates);
  const common = Math.round((Math.min(...samples) + Math.max(...samples)) / 2);
  const rows = cuts[0].planes.count;
  const fillings = cuts.map(({ planes, taps }): Filling => {
    const rawRow = (transmit: number, offset: number): number | undefined => {
      const element = offset + step * transmit;
      const stands = transmit >= 0 && transmit < transmits.length && element >= 0 && element < grid.columns;
      return stands ? transmit * rows + offset - planes.first : undefined;
    };
    const runs: ChannelRun[] = [];
    transmits.forEach((group, t) => {
      for (let offset = planes.first; offset < planes.first + planes.count; offset++) {
        const row = rawRow(t, offset);
        if (row === undefined) continue;
        const channel = group * grid.columns + grid.numbers[offset + step * t];
        const run = runs[runs.length - 1];
        if (run && run.channel + run.count === channel && run.row + run.count === row) run.count++;
        else runs.push({ channel, count: 1, row });
      }
    });
    return {
      taps,
      runs,
      channelOf: ({ column, row }) => rawRow(column, planes.first + planes.count - 1 - row),
      shift: ({ column }) => samples[column] - common,
      base: () => rates.upSampling * common,
      along: 0,
      across: 0,
    };
  });
  return {
    fillings,
    columns: transmits.length,
    rows,
    step: 1,
    skew: step,
    channels: transmits.length * rows,
    furthest: Math.max(...samples.map((at) => Math.abs(at - common))),
    wholeTransmits: false,
  };
}
