/** Reads the line off pictures: where it lies in one, and what is there. */
import type { GreyMap, Image } from "../../../../host/index.ts";
import type { ViewerState } from "../../store.ts";
import { type Beams, beamsOf, endsOf, lengthOf, lineIn, type Plane, planeOf, startDepth } from "./plane.ts";
import { packLevels, sampleCount, sampleLine } from "./sampling.ts";
import { modesOf, type PlanePoint } from "./state.ts";

/** The line in pictures of one geometry. */
export interface Course {
  readonly plane: Plane;
  readonly beams: Beams;
  readonly ends: readonly [from: PlanePoint, to: PlanePoint];
  /** Depth of its upper end. */
  readonly start: number;
  readonly count: number;
  /** Depth of the first sample, and between samples: metres where the plane is `deep`, else picture pixels. */
  readonly depth: readonly [origin: number, step: number];
  /** Differs when the samples would lie elsewhere. */
  readonly key: string;
}

/** The line in this picture. */
export function courseOf(state: ViewerState, image: Image): Course {
  const plane = planeOf(image);
  const line = lineIn(plane, modesOf(state).line);
  const { session } = state;
  const { scan, pipeline } = session?.plan.report ?? {};
  const beams = beamsOf(plane, session?.info, scan, pipeline?.soundSpeedMps);
  const ends = endsOf(line, beams);
  const [from, to] = ends.map((end) => plane.toPicture(end));
  const count = sampleCount(Math.hypot(to.x - from.x, to.y - from.y));
  const key = `${ends.flat().map((place) => place.toFixed(6))} ${plane.calibrated || [image.width, image.height]}`;
  return withCount({ plane, beams, ends, start: startDepth(line, beams), key }, count);
}

function withCount(course: Omit<Course, "count" | "depth">, count: number): Course {
  const step = lengthOf(course.ends) / count;
  return { ...course, count, depth: [course.start + step / 2, step] };
}

/** The line in a picture with as many samples as before, if it lies where it lay: a picture with fewer pixels shows the same. */
export function courseLike(before: Course | null, state: ViewerState, image: Image): Course {
  const course = courseOf(state, image);
  return before?.key === course.key ? withCount(course, before.count) : course;
}

/** What lies on the line: 0 to 255, NaN outside the field of view. */
export function levelsOn(course: Course, image: Image, greyMap: GreyMap, samples: Float32Array): void {
  const [from, to] = course.ends.map((end) => course.plane.toPicture(end));
  sampleLine(image, from, to, greyMap, samples);
}

let scratch = new Float32Array(0);

/** The same as a column of a strip. */
export function columnOn(course: Course, image: Image, greyMap: GreyMap): Uint8Array {
  if (scratch.length !== course.count) scratch = new Float32Array(course.count);
  levelsOn(course, image, greyMap, scratch);
  const bytes = new Uint8Array(course.count);
  packLevels(scratch, bytes);
  return bytes;
}
