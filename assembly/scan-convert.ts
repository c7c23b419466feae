// Scan conversion: from samples along lines to a rectangle of pixels. A line is {x0, z0, angle, r0, dr}: sample k lies at
// (x0, z0) + (r0 + k dr) (sin angle, cos angle). Sector, convex, swinging and linear sweeps are all such tables.
//
// A pixel between two neighbouring lines takes, on each, the sample at its own distance along the beam, linearly
// interpolated, and mixes the two. Where the lines meet in a point A (fan), distance and mix are polar about A: exactly
// bilinear in (angle, range). Parallel lines: perpendicular distances.
//
// Every pixel needs two pairs of neighbouring numbers in memory: of two lines, each at samples k and k + 1, where a line's
// samples stand together; of samples k and k + 1, each on two lines, where those do (all lines then share their samples'
// distances). Either way p = a + f (a' - a), q = b + g (b' - b), value = p + h (q - p).
//
// Table, 64 bytes for four pixels:
//   |  0 u32 address of a, a' x 4  | 16 u32 address of b, b' x 4  |
//   | 32 u16 f, u16 g (0 to 65535: 0 to 1) x 4  | 48 f32 h x 4    |
// f and g in 16 bits move a value by less than 2^-17 of the step between neighbours, 0.0004 dB in 50 dB. Addresses are those of core
// memory. Fours wholly outside the field of view have no entry: runs, u32 pairs, say how many such fours come before how many with one.
// A pixel outside in a four with others reads a pair of cells that holds what the outside is to be.
import { BITS16, splat } from "./constants";

/** Bytes of the table for four pixels. */
export const GROUP: usize = 64;
const FRACTION: f32 = 65535;
const FRACTION_STEP = memory.data<f32>([1.0 / FRACTION]);
/** Lines closer to parallel than this (sine of the angle between them) are treated as parallel. */
const PARALLEL: f64 = 1e-7;
/** Cosine below which a line is taken for horizontal: it crosses a row of pixels nowhere or everywhere. */
const HORIZONTAL: f64 = 1e-9;
/** Samples that a pixel may lie beyond either end of a line. */
const SLACK: f64 = 1e-6;

/** Per line, float64: x0, z0, sin angle, cos angle, r0, dr. */
const LINE: usize = 48;

/** asin for 0 <= s <= 1: series where lines are close (s < 0.2, error < 2e-9), else through the half angle. */
function angleOf(s: f64): f64 {
  if (s > 1) s = 1;
  if (s > 0.2) {
    const c = Math.sqrt(max<f64>(0, 1 - s * s));
    const t = Math.sqrt(max<f64>(0, (1 - c) * 0.5)); // sin of half the angle
    return 2 * (t > 0.2 ? angleOf(t) : series(t));
  }
  return series(s);
}

// @ts-ignore: decorator
@inline function series(s: f64): f64 {
  const q = s * s;
  return s * (1 + q * (1.0 / 6 + q * (3.0 / 40 + q * (15.0 / 336 + q * (105.0 / 3456)))));
}

// @ts-ignore: decorator
@inline function unit(value: f64): f64 {
  return max<f64>(0, min<f64>(1, value));
}

/**
 * Fills table and runs for `rows` x `columns` pixels at x0 + c dx, z0 + r dz, row after row, up to a multiple of four; returns the number of
 * runs, at most half the number of fours, and one. Sample k of line i
 * stands at values + 4 (i lineStep + k sampleStep); one of the steps is 1. outside: address of two cells. Where wedges between
 * lines overlap, the first one is shown.
 */
export function scanTable(
  lines: usize, lineCount: i32, samples: i32, sampleStep: i32, lineStep: i32, values: usize, outside: usize,
  x0: f64, dx: f64, columns: i32, z0: f64, dz: f64, rows: i32, table: usize, runs: usize,
): i32 {
  const end = table + <usize>((rows * columns + 3) >> 2) * GROUP;
  for (let t = table; t < end; t += GROUP) {
    v128.store(t, i32x4.splat(<i32>outside));
    v128.store(t, i32x4.splat(<i32>outside), 16);
    v128.store(t, i32x4.splat(0), 32);
    v128.store(t, i32x4.splat(0), 48);
  }
  for (let i = 0; i < lineCount - 1; i++)
    placeWedge(lines + <usize>i * LINE, samples, sampleStep, lineStep, values + (<usize>(i * lineStep) << 2), outside, x0, dx, columns, z0, dz, rows, table);
  return leaveOut(table, end, outside, runs);
}

/** Closes up the entries that have a pixel inside; returns the number of runs. */
function leaveOut(table: usize, end: usize, outside: usize, runs: usize): i32 {
  const none = i32x4.splat(<i32>outside);
  let count = 0, t = table;
  while (t < end) {
    const skipped = t;
    while (t < end && i32x4.all_true(i32x4.eq(v128.load(t), none))) t += GROUP;
    const first = t;
    while (t < end && !i32x4.all_true(i32x4.eq(v128.load(t), none))) t += GROUP;
    store<u32>(runs, <u32>((first - skipped) / GROUP));
    store<u32>(runs, <u32>((t - first) / GROUP), 4);
    memory.copy(table, first, t - first);
    table += t - first;
    runs += 8;
    count++;
  }
  return count;
}

/** The pixels between line a and the next, on the side the beams point to, within their samples. */
function placeWedge(
  a: usize, samples: i32, sampleStep: i32, lineStep: i32, values: usize, outside: usize,
  x0: f64, dx: f64, columns: i32, z0: f64, dz: f64, rows: i32, table: usize,
): void {
  const b = a + LINE;
  const xa = load<f64>(a), za = load<f64>(a, 8), sinA = load<f64>(a, 16), cosA = load<f64>(a, 24), rA = load<f64>(a, 32), dA = load<f64>(a, 40);
  const xb = load<f64>(b), zb = load<f64>(b, 8), sinB = load<f64>(b, 16), cosB = load<f64>(b, 24), rB = load<f64>(b, 32), dB = load<f64>(b, 40);
  const sine = sinA * cosB - cosA * sinB; // of the angle from b to a
  const fan = abs(sine) > PARALLEL;
  // Meeting point A = origin of a + u direction of a = origin of b + v direction of b.
  const u = fan ? ((xb - xa) * cosB - (zb - za) * sinB) / sine : 0;
  const v = fan ? ((xb - xa) * cosA - (zb - za) * sinA) / sine : 0;
  const ax = xa + u * sinA, az = za + u * cosA;
  const everywhere = abs(cosA) < HORIZONTAL || abs(cosB) < HORIZONTAL || columns == 1;
  const last = <f64>(samples - 1), across = sampleStep != 1;
  for (let r = 0; r < rows; r++) {
    const z = z0 + <f64>r * dz;
    // Where the two lines cross this row: outwards to whole pixels, each of which is then looked at.
    let from = 0, to = columns - 1;
    if (!everywhere) {
      const crossA = xa + (z - za) * sinA / cosA, crossB = xb + (z - zb) * sinB / cosB;
      from = <i32>max<f64>(0, min<f64>(<f64>columns, Math.floor((min(crossA, crossB) - x0) / dx)));
      to = <i32>max<f64>(-1, min<f64>(<f64>(columns - 1), Math.ceil((max(crossA, crossB) - x0) / dx)));
    }
    for (let c = from; c <= to; c++) {
      const pixel = r * columns + c, entry = table + <usize>(pixel >> 2) * GROUP + (<usize>(pixel & 3) << 2);
      if (<usize>load<u32>(entry) != outside) continue;
      const x = x0 + <f64>c * dx;
      const sa = (x - xa) * cosA - (z - za) * sinA, sb = (x - xb) * cosB - (z - zb) * sinB;
      if (sa * sb > 0) continue;
      let ta = (x - xa) * sinA + (z - za) * cosA, tb = (x - xb) * sinB + (z - zb) * cosB;
      let wa = abs(sa), wb = abs(sb);
      if (fan) {
        if ((ta - u) * (tb - v) < 0) continue; // the wedge on the other side of A
        // Distances along the beams are counted from A.
        const range = Math.sqrt((x - ax) * (x - ax) + (z - az) * (z - az)), side: f64 = ta - u < 0 ? -1 : 1;
        ta = u + side * range;
        tb = v + side * range;
        wa = angleOf(wa / range);
        wb = angleOf(wb / range);
      }
      const share = wa + wb > 0 ? wa / (wa + wb) : 0;
      const ka = (ta - rA) / dA, kb = (tb - rB) / dB;
      if (!(ka >= -SLACK && kb >= -SLACK && ka <= last + SLACK && kb <= last + SLACK)) continue;
      const ia = max(0, min(samples - 2, <i32>Math.floor(ka))), ib = max(0, min(samples - 2, <i32>Math.floor(kb)));
      const p = values + (<usize>(ia * sampleStep) << 2), fa = unit(ka - <f64>ia);
      const q = across ? p + (<usize>sampleStep << 2) : values + (<usize>(lineStep + ib) << 2), fb = unit(kb - <f64>ib);
      store<u32>(entry, <u32>p);
      store<u32>(entry, <u32>q, 16);
      store<u16>(entry, <u16>((across ? share : fa) * FRACTION + 0.5), 32);
      store<u16>(entry, <u16>((across ? share : fb) * FRACTION + 0.5), 34);
      store<f32>(entry, <f32>(across ? fa : share), 48);
    }
  }
}

/** The values of four pixels. */
// @ts-ignore: decorator
@inline function convertFour(table: usize): v128 {
  const a01 = v128.load64_lane(<usize>load<u32>(table, 4), v128.load64_zero(<usize>load<u32>(table)), 1);
  const a23 = v128.load64_lane(<usize>load<u32>(table, 12), v128.load64_zero(<usize>load<u32>(table, 8)), 1);
  const b01 = v128.load64_lane(<usize>load<u32>(table, 20), v128.load64_zero(<usize>load<u32>(table, 16)), 1);
  const b23 = v128.load64_lane(<usize>load<u32>(table, 28), v128.load64_zero(<usize>load<u32>(table, 24)), 1);
  const fractions = v128.load(table, 32), scale = splat(FRACTION_STEP);
  const f = f32x4.mul(scale, f32x4.convert_i32x4_s(v128.and(fractions, splat(BITS16))));
  const g = f32x4.mul(scale, f32x4.convert_i32x4_s(i32x4.shr_u(fractions, 16)));
  const a = v128.shuffle<f32>(a01, a23, 0, 2, 4, 6), b = v128.shuffle<f32>(b01, b23, 0, 2, 4, 6);
  const p = f32x4.add(a, f32x4.mul(f, f32x4.sub(v128.shuffle<f32>(a01, a23, 1, 3, 5, 7), a)));
  const q = f32x4.add(b, f32x4.mul(g, f32x4.sub(v128.shuffle<f32>(b01, b23, 1, 3, 5, 7), b)));
  return f32x4.add(p, f32x4.mul(v128.load(table, 48), f32x4.sub(q, p)));
}

/** Applies `groups` entries. */
// @ts-ignore: decorator
@inline export function convertGroups(table: usize, groups: i32, out: usize): void {
  for (const end = table + <usize>groups * GROUP; table < end; table += GROUP, out += 16) v128.store(out, convertFour(table));
}

/** Applies the table: float32 pixels; those outside take the number at `outside`. */
export function scanConvert(table: usize, runs: usize, runCount: i32, outside: usize, out: usize): void {
  const fill = v128.load32_splat(outside);
  for (const end = runs + (<usize>runCount << 3); runs < end; runs += 8) {
    for (const from = out + (<usize>load<u32>(runs) << 4); out < from; out += 16) v128.store(out, fill);
    const groups = load<i32>(runs, 4);
    convertGroups(table, groups, out);
    table += <usize>groups * GROUP;
    out += <usize>groups << 4;
  }
}
