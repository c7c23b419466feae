/**
 * Walking apertures: focused transmits, one a scan line, whose foci stand at one depth, equally spaced, a whole number of elements apart,
 * and whose firing elements walk with them. Pixel, transmit and element shifted together by one step see the same delays.
 *
 *   elements      | | | | | | | | | | | |
 *   transmit 0    [---*---]                      * focus above the middle, [ ] elements that fire
 *   transmit 1        [---*---]                  step 2
 *   transmit 2            [---*---]
 *
 * At the ends of the array an aperture may be cut short; its beam is taken as wide as the others'.
 */
import type { ChannelData, Transmit } from "../../../model.ts";
import type { ResolvedChannels } from "../../resolve.ts";
import { WIDEST_LINE_SPACING_M } from "../../transmit-delays.ts";
import { type ElementGrid, pitchOf, TOLERANCE_M } from "../lattice.ts";

/** Largest number of elements from one transmit to the next. */
const LARGEST_STEP = 4;

/** Some transmits that walk. */
export interface WalkingApertures {
  grid: ElementGrid;
  /** Their numbers in the sequence, by ascending x. */
  transmits: readonly number[];
  /** Focus of the first of them, and distance from one to the next (m). */
  focusXM: number;
  focusZM: number;
  spacingM: number;
  /** Elements from one to the next. */
  step: number;
  /** First and last element that fire, relative to the focus (m), where no end of the array cuts an aperture short. */
  firstXM: number;
  lastXM: number;
  /** An end of the array does: those beams are taken as wide as the others. */
  cutShort: boolean;
  /** Half the beam where it is narrowest (m): what host/engine/transmit-delays.ts takes. */
  waistM: number;
}

/** First and last element that fire, by their place in the array; undefined where all of them may. */
function firingEnds(
  { firingS }: Transmit,
  { numbers }: ElementGrid,
): [first: number, last: number] | undefined {
  if (!firingS) return undefined;
  const fires = numbers.map((element) => firingS[element] !== Number.POSITIVE_INFINITY);
  return [fires.indexOf(true), fires.lastIndexOf(true)];
}

/** The transmits as walking apertures, or why they are none, as the end of a sentence. */
export function walkingApertures(
  info: ChannelData,
  { transmits, soundSpeedMps, centerFrequencyHz }: ResolvedChannels,
  grid: ElementGrid,
): WalkingApertures | string {
  if (grid.rows > 1) return "the array is not a single line of elements";
  if (transmits.length < 2) return "a single focused transmit does not walk";
  const foci = transmits.map((t) => {
    const { wave } = info.sequence[t];
    return wave.kind === "focused" ? wave.source : undefined;
  });
  const [xs, zs]: [number[], number[]] = [[], []];
  for (const focus of foci) {
    if (!focus) return "not every transmit is focused";
    if (Math.abs(focus[1]) > TOLERANCE_M) return "a focus lies outside the plane of the image";
    xs.push(focus[0]);
    zs.push(focus[2]);
  }
  if (!(zs[0] > 0) || zs.some((z) => Math.abs(z - zs[0]) > TOLERANCE_M))
    return "the foci are not all at one depth";
  const spacing = pitchOf(xs);
  if (spacing === undefined) return "the foci are not equally spaced";
  const order = spacing < 0 ? [...transmits].reverse() : [...transmits];
  const spacingM = Math.abs(spacing);
  const step = Math.round(spacingM / grid.pitchX);
  if (
    step < 1 ||
    step > LARGEST_STEP ||
    Math.abs(spacingM - step * grid.pitchX) * (order.length - 1) > TOLERANCE_M
  )
    return `the foci are ${(1e3 * spacingM).toFixed(4)} mm apart, which is not 1 to ${LARGEST_STEP} times the element pitch of ${(1e3 * grid.pitchX).toFixed(4)} mm`;

  const ends = order.map((t) => firingEnds(info.sequence[t], grid));
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [t, end] of ends.entries()) {
    if (!end) return "a transmit does not say which elements fire";
    first = Math.min(first, end[0] - step * t);
    last = Math.max(last, end[1] - step * t);
  }
  const walks = ends.every(
    (end, t) =>
      end?.[0] === Math.max(0, first + step * t) && end[1] === Math.min(grid.columns - 1, last + step * t),
  );
  if (!walks) return "the elements that fire do not walk with the foci";
  if (last === first) return "single elements fire, which make no beam";

  const focusXM = Math.min(xs[0], xs[xs.length - 1]);
  const relative = (element: number) => grid.x + element * grid.pitchX - focusXM;
  const widthM = (last - first) * grid.pitchX;
  const wavelengthM = soundSpeedMps / centerFrequencyHz;
  return {
    grid,
    transmits: order,
    focusXM,
    focusZM: zs[0],
    spacingM,
    step,
    firstXM: relative(first),
    lastXM: relative(last),
    cutShort: first < 0 || last + step * (order.length - 1) > grid.columns - 1,
    waistM: Math.max(
      wavelengthM * Math.max(1, zs[0] / widthM),
      spacingM < WIDEST_LINE_SPACING_M ? spacingM : 0,
    ),
  };
}

/**
 * Whether a focused transmit reaches a point (uxM, uzM) beside its focus: between the two lines through the focus and the ends of its
 * aperture, or within the waist from its axis (`limitToBeam` of assembly/delays.ts).
 */
export function reaches(
  { firstXM, lastXM, focusZM, waistM }: WalkingApertures,
  uxM: number,
  uzM: number,
): boolean {
  const area = focusZM * (lastXM - firstXM);
  const alpha = (-uxM * focusZM - uzM * lastXM) / area;
  const beta = (firstXM * uzM + focusZM * uxM) / area;
  const middleXM = (firstXM + lastXM) / 2;
  const fromAxis =
    Math.abs(uxM * focusZM + uzM * middleXM) / Math.sqrt(focusZM * focusZM + middleXM * middleXM);
  return alpha * beta >= 0 || fromAxis <= waistM;
}
