// Scan conversion: from samples along lines to a rectangle of pixels. A line is {x0, z0, angle, r0, dr}: sample k lies at
// (x0, z0) + (r0 + k dr) (sin angle, cos angle). Sector, convex, swinging and linear sweeps are all such tables.
//
// A pixel between two neighbouring lines takes, on each, the sample at its own distance along the beam, linearly
// interpolated, and mixes the two. Where the lines meet in a point A (fan), distance and mix are polar about A: exactly
// bilinear in (angle, range). Parallel lines: perpendicular distances.
//
// Table, one entry a pixel, 20 bytes:
//   0 u32 index of the sample before on line a (0xffffffff: outside)   4 u32 the same on line b
//   8 f32 fraction on a   12 f32 fraction on b   16 f32 share of b
const OUTSIDE: u32 = 0xffffffff;
const ENTRY: usize = 20;
/** Lines closer to parallel than this (sine of the angle between them) are treated as parallel. */
const PARALLEL: f64 = 1e-7;

/** Per line, float64: x0, z0, sin angle, cos angle, r0, dr. */
const LINE: usize = 48;

// @ts-ignore: decorator
@inline function across(line: usize, x: f64, z: f64): f64 {
  return (x - load<f64>(line)) * load<f64>(line, 24) - (z - load<f64>(line, 8)) * load<f64>(line, 16);
}

// @ts-ignore: decorator
@inline function along(line: usize, x: f64, z: f64): f64 {
  return (x - load<f64>(line)) * load<f64>(line, 16) + (z - load<f64>(line, 8)) * load<f64>(line, 24);
}

/** Is the pixel between lines i and i + 1, on the side the beams point to, within their samples? Then writes its entry. */
function place(lines: usize, i: i32, samples: i32, sampleStep: i32, lineStep: i32, x: f64, z: f64, entry: usize): bool {
  const a = lines + <usize>i * LINE, b = a + LINE;
  let sa = across(a, x, z), sb = across(b, x, z);
  if (sa * sb > 0) return false;
  let ta = along(a, x, z), tb = along(b, x, z);
  const sine = load<f64>(a, 16) * load<f64>(b, 24) - load<f64>(a, 24) * load<f64>(b, 16); // sin(angle a - angle b)
  let share: f64;
  if (abs(sine) > PARALLEL) {
    // Meeting point A = origin of a + u direction of a; distances along the beams counted from A.
    const dx = load<f64>(b) - load<f64>(a), dz = load<f64>(b, 8) - load<f64>(a, 8);
    const u = (dx * load<f64>(b, 24) - dz * load<f64>(b, 16)) / sine;
    const v = (dx * load<f64>(a, 24) - dz * load<f64>(a, 16)) / sine;
    if ((ta - u) * (tb - v) < 0) return false; // the wedge on the other side
    const ax = load<f64>(a) + u * load<f64>(a, 16), az = load<f64>(a, 8) + u * load<f64>(a, 24);
    const px = x - ax, pz = z - az, range = Math.sqrt(px * px + pz * pz);
    const side: f64 = ta - u < 0 ? -1 : 1;
    ta = u + side * range;
    tb = v + side * range;
    // Angles from the small sines: asin to the fifth order, exact to 1e-12 for lines a few degrees apart.
    const ua = angleOf(abs(sa) / range), ub = angleOf(abs(sb) / range);
    share = ua + ub > 0 ? ua / (ua + ub) : 0;
  } else {
    sa = abs(sa);
    sb = abs(sb);
    share = sa + sb > 0 ? sa / (sa + sb) : 0;
  }
  const ka = (ta - load<f64>(a, 32)) / load<f64>(a, 40), kb = (tb - load<f64>(b, 32)) / load<f64>(b, 40);
  const last = <f64>(samples - 1), slack: f64 = 1e-6;
  if (!(ka >= -slack && kb >= -slack && ka <= last + slack && kb <= last + slack)) return false;
  const ia = max(0, min(samples - 2, <i32>Math.floor(ka))), ib = max(0, min(samples - 2, <i32>Math.floor(kb)));
  store<u32>(entry, <u32>(i * lineStep + ia * sampleStep));
  store<u32>(entry, <u32>((i + 1) * lineStep + ib * sampleStep), 4);
  store<f32>(entry, <f32>max<f64>(0, min<f64>(1, ka - <f64>ia)), 8);
  store<f32>(entry, <f32>max<f64>(0, min<f64>(1, kb - <f64>ib)), 12);
  store<f32>(entry, <f32>share, 16);
  return true;
}

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

/**
 * Fills the table for `rows` x `columns` pixels at x0 + c dx, z0 + r dz. Sample k of line i stands at i lineStep + k
 * sampleStep. Returns the number of pixels inside.
 */
export function scanTable(
  lines: usize, lineCount: i32, samples: i32, sampleStep: i32, lineStep: i32,
  x0: f64, dx: f64, columns: i32, z0: f64, dz: f64, rows: i32, table: usize,
): i32 {
  let inside = 0, hint = 0;
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) {
      const entry = table + <usize>(r * columns + c) * ENTRY;
      const x = x0 + <f64>c * dx, z = z0 + <f64>r * dz;
      store<u32>(entry, OUTSIDE);
      // Neighbouring pixels lie between the same or neighbouring lines: look there first, outwards.
      for (let d = 0; d < lineCount; d++) {
        const up = hint + d, down = hint - d;
        if (up < lineCount - 1 && place(lines, up, samples, sampleStep, lineStep, x, z, entry)) {
          hint = up;
          inside++;
          break;
        }
        if (d > 0 && down >= 0 && down < lineCount - 1 && place(lines, down, samples, sampleStep, lineStep, x, z, entry)) {
          hint = down;
          inside++;
          break;
        }
        if (up >= lineCount - 1 && down < 0) break;
      }
    }
  return inside;
}

/** Applies the table to float32 `values`; pixels outside get `outside`. */
export function scanConvert(table: usize, pixels: i32, values: usize, sampleStep: i32, out: usize, outside: f32): void {
  const step = <usize>sampleStep << 2;
  for (let i: usize = 0; i < <usize>pixels; i++, table += ENTRY) {
    const a = load<u32>(table);
    if (a == OUTSIDE) {
      store<f32>(out + (i << 2), outside);
      continue;
    }
    const p = values + (<usize>a << 2), q = values + (<usize>load<u32>(table, 4) << 2);
    const va = load<f32>(p), vb = load<f32>(q);
    const la = va + load<f32>(table, 8) * (load<f32>(p + step) - va), lb = vb + load<f32>(table, 12) * (load<f32>(q + step) - vb);
    store<f32>(out + (i << 2), la + load<f32>(table, 16) * (lb - la));
  }
}
