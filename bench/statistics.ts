/** What is said of repeated measurements: medians and quartiles, because other programs interrupt and never speed up. */

/** The value `share` of the way through the sorted values, linearly interpolated (R's type 7); NaN for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return Number.NaN;
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/** The middle value. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Interquartile range: the middle half of the values lies within it. */
export const spread = (values: readonly number[]): number => quantile(values, 0.75) - quantile(values, 0.25);

/**
 * How many times longer than another thing this took: the median of the quotients of rounds in which both ran, so that a
 * machine that slows down halfway slows both. Undefined without such a round.
 */
export function pairedRatio(
  ours: readonly (number | undefined)[],
  theirs: readonly (number | undefined)[],
): number | undefined {
  const quotients: number[] = [];
  ours.forEach((value, round) => {
    const other = theirs[round];
    if (value !== undefined && other !== undefined && other > 0) quotients.push(value / other);
  });
  return quotients.length > 0 ? median(quotients) : undefined;
}
