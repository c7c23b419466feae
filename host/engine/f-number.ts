/** The receive f-number that an element's own directivity calls for. */

/**
 * Optimal f-number (Perrot et al., Ultrasonics 111:106309, 2021): the angle theta where the directivity of an element of
 * width w falls to 0.71, cos(theta) sinc(w sin(theta) / lambda_min) = 0.71, lambda_min = c / (f (1 + B / 2)); F = 1 / (2 tan
 * theta).
 */
export function optimalFNumber(
  widthM: number,
  centerFrequencyHz: number,
  fractionalBandwidth: number,
  soundSpeedMps: number,
): number {
  const lambda = soundSpeedMps / (centerFrequencyHz * (1 + fractionalBandwidth / 2));
  const directivity = (theta: number) => {
    const u = (widthM / lambda) * Math.sin(theta);
    return Math.cos(theta) * (u === 0 ? 1 : Math.sin(Math.PI * u) / (Math.PI * u));
  };
  let low = 0;
  let high = Math.PI / 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (directivity(middle) > 0.71) low = middle;
    else high = middle;
  }
  // Four digits: the definition holds no more, and the number is the same in every engine.
  return Math.round(1e4 / (2 * Math.tan(low))) / 1e4;
}
