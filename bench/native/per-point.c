/*
 * The best per-point delay-and-sum we can write: every pixel, element and transmit has its own sample position, no use of any
 * regularity of the grid. Element by element; for LANES depths at a time the receive path and the weight are computed once,
 * then the transmits are summed in registers, each point one load of two neighbouring samples.
 *
 *   rows     [element][transmit][guard | samples | guard], so that the innermost loop stays among the rows of one element
 *   delays   [column][depths / LANES][transmit][LANES] where the front is no plane; a plane's split into
 *            [transmit] x and [depths / LANES][transmit][LANES] z
 *
 * Variants: real samples with pair loads, with gathers, and both again for int16 samples with weights of 9 bits; complex samples;
 * ensembles of IQ with the frames in the lanes.
 */
#include "lanes.h"
#include "workload.h"

enum { REACH = 15, FRACTION = 9 };

static int stride, guard, blocks, depths;     /* depths: rows rounded up to LANES */
static float *rows;
static int16_t *rows16;
static float *z_delays;      /* planes: [block][transmit][LANES]; others: [column][block][transmit][LANES] */
static float *x_delays;      /* planes: [column][transmit] */
static float *image;         /* [column][depths] or [column][depths][2] */
static float *depth_m;       /* linear scans: z of every row, padded */
static int planes;

/* cos(pi u) for 0 <= u <= 1 through sin(pi (1/2 - u)), Taylor to the 11th power: error < 1e-7. */
static inline f32v cosine_of_half_turns(f32v u) {
  f32v y = mul(sub(splat(0.5f), u), splat((float)M_PI)), q = mul(y, y), p = splat(-2.50521083854e-8f);
  p = madd(p, q, splat(2.75573192240e-6f));
  p = madd(p, q, splat(-1.98412698413e-4f));
  p = madd(p, q, splat(8.33333333333e-3f));
  p = madd(p, q, splat(-1.66666666667e-1f));
  p = madd(p, q, splat(1.0f));
  return mul(y, p);
}

/* w(q) of LANES depths; the caller skips depths whose aperture lacks the element, of these lanes some may still. */
static inline f32v windows(const workload_t *w, float lateral, const float *depth) {
  float u[LANES];
  for (int i = 0; i < LANES; i++) {
    float q = fabsf(lateral) * 2 * (float)w->f_number / depth[i];
    u[i] = q > 1 ? 1 : q;
  }
  f32v v = load(u), a = w->hann ? madd(splat(0.5f), cosine_of_half_turns(v), splat(0.5f)) : splat(1);
  if (w->hann) return a; /* zero at u = 1 */
  float weight[LANES];
  for (int i = 0; i < LANES; i++) weight[i] = fabsf(lateral) * 2 * (float)w->f_number <= depth[i];
  return load(weight);
}

static void to_rows(workload_t *w) {
  const int16_t *in = w->input;
  for (int t = 0; t < w->transmits; t++)
    for (int e = 0; e < w->elements; e++) {
      const int16_t *x = in + ((size_t)t * w->elements + e) * w->samples;
      float *o = rows + ((size_t)e * w->transmits + t) * stride + guard;
      for (int i = 0; i < w->samples; i++) o[i] = x[i];
    }
}

static void to_rows16(workload_t *w) {
  const int16_t *in = w->input;
  for (int t = 0; t < w->transmits; t++)
    for (int e = 0; e < w->elements; e++)
      memcpy(rows16 + ((size_t)e * w->transmits + t) * stride + guard, in + ((size_t)t * w->elements + e) * w->samples, 2 * w->samples);
}

static inline f32v weights(const workload_t *w, float dx, float dy, const float *depth) {
  f32v along = windows(w, dx, depth);
  return is_matrix(w) ? mul(along, windows(w, dy, depth)) : along;
}

/* Receive paths (samples, from the start of a guarded row) of LANES depths. */
static inline f32v paths(const workload_t *w, int column, int block, double element, float dx_m, float dy_m) {
  if (!w->sector) {
    f32v z = load(depth_m + block * LANES);
    return madd(root(madd(z, z, splat(dx_m * dx_m + dy_m * dy_m))), splat(w->per_metre), splat(guard));
  }
  double angle = w->column_min + column * w->column_step;
  f32v r = load(depth_m + block * LANES), dx = madd(r, splat(sin(angle)), splat(-element)), z = mul(r, splat(cos(angle)));
  return madd(root(madd(z, z, mul(dx, dx))), splat(w->per_metre), splat(guard));
}

static inline int first_block(const workload_t *w, double dx, double dy) {
  if (w->f_number == 0) return 0;
  double lateral = is_matrix(w) ? fmax(fabs(dx), fabs(dy)) : fabs(dx);
  double row = ceil((lateral * 2 * w->f_number - w->row_min) / w->row_step);
  return row < 0 ? 0 : (int)row / LANES;
}

static void transpose_real(workload_t *w) {
  for (int r = 0; r < w->rows; r++)
    for (int k = 0; k < w->columns; k++) w->out[(size_t)r * w->columns + k] = image[(size_t)k * depths + r];
}

enum { PAIRS, GATHER };

static inline __attribute__((always_inline)) void real_kernel(workload_t *w, const int how) {
  const int transmits = w->transmits;
  to_rows(w);
  memset(image, 0, (size_t)w->columns * depths * sizeof(float));
  for (int e = 0; e < w->elements; e++) {
    const double element = element_x(w, e);
    const float *first = rows + (size_t)e * transmits * stride;
    for (int k = 0; k < w->columns; k++) {
      const float dx_m = w->column_min + k % w->columns_x * w->column_step - element;
      const float dy_m = w->y_min + k / w->columns_x * w->y_step - element_y(w, e);
      for (int b = first_block(w, dx_m, dy_m); b < blocks; b++) {
        const f32v path = paths(w, k, b, element, dx_m, dy_m);
        const float *dz = z_delays + ((size_t)(planes ? b : k * blocks + b) * transmits) * LANES, *dx = x_delays + (size_t)k * transmits;
        const float *row = first;
        f32v sum = splat(0);
        for (int t = 0; t < transmits; t++, row += stride, dz += LANES) {
          f32v s = add(path, load(dz));
          if (planes) s = add(s, splat(dx[t]));
          i32v i = whole(s);
          f32v f = sub(s, real(i)), s0, s1;
          if (how == PAIRS) pairs(row, i, &s0, &s1);
#ifdef HAVE_GATHER
          else gathered(row, i, &s0, &s1);
#endif
          sum = add(sum, madd(f, sub(s1, s0), s0));
        }
        float *o = image + (size_t)k * depths + b * LANES;
        if (w->f_number != 0) sum = mul(sum, weights(w, dx_m, dy_m, depth_m + b * LANES));
        store(o, add(load(o), sum));
      }
    }
  }
  transpose_real(w);
}

static void real_pairs(workload_t *w) { real_kernel(w, PAIRS); }

/* int16: the position in fixed point of FRACTION bits, one dot product a point. */
static inline __attribute__((always_inline)) void int16_kernel(workload_t *w, const int how) {
  const int transmits = w->transmits;
  const f32v scale = splat(1 << FRACTION);
  to_rows16(w);
  memset(image, 0, (size_t)w->columns * depths * sizeof(float));
  for (int e = 0; e < w->elements; e++) {
    const double element = element_x(w, e);
    const int16_t *first = rows16 + (size_t)e * transmits * stride;
    for (int k = 0; k < w->columns; k++) {
      const float dx_m = w->column_min + k % w->columns_x * w->column_step - element;
      const float dy_m = w->y_min + k / w->columns_x * w->y_step - element_y(w, e);
      for (int b = first_block(w, dx_m, dy_m); b < blocks; b++) {
        const f32v path = paths(w, k, b, element, dx_m, dy_m);
        const float *dz = z_delays + ((size_t)(planes ? b : k * blocks + b) * transmits) * LANES, *dx = x_delays + (size_t)k * transmits;
        const int16_t *row = first;
        i32v sum = isplat(0);
        for (int t = 0; t < transmits; t++, row += stride, dz += LANES) {
          f32v s = add(path, load(dz));
          if (planes) s = add(s, splat(dx[t]));
          i32v fixed = nearest(mul(s, scale)), i = ishr(fixed, FRACTION), f = iand(fixed, isplat((1 << FRACTION) - 1));
          /* (1 - f) below, f above: f 2^16 + (1 - f). */
          i32v weight = iadd(isub(ishl(f, 16), f), isplat(1 << FRACTION)), both;
          if (how == PAIRS) both = pairs16(row, i);
#ifdef HAVE_GATHER
          else both = gathered16(row, i);
#endif
          sum = iadd(sum, dot(both, weight));
        }
        float *o = image + (size_t)k * depths + b * LANES;
        f32v value = mul(real(sum), splat(1.0f / (1 << FRACTION)));
        if (w->f_number != 0) value = mul(value, weights(w, dx_m, dy_m, depth_m + b * LANES));
        store(o, add(load(o), value));
      }
    }
  }
  transpose_real(w);
}

static void int16_pairs(workload_t *w) { int16_kernel(w, PAIRS); }

#ifdef HAVE_GATHER
static void real_gather(workload_t *w) { real_kernel(w, GATHER); }
static void int16_gather(workload_t *w) { int16_kernel(w, GATHER); }
#endif

/* Analytic rows: a Hilbert transformer of 31 taps, odd and zero at even distances. */
static void to_analytic_rows(workload_t *w) {
  const int16_t *in = w->input;
  const int samples = w->samples;
  float taps[(REACH + 1) / 2 + 1], line[samples + 2 * REACH + 32], im[samples + 32];
  for (int k = 1, j = 0; k <= REACH; k += 2, j++) taps[j] = 2 / (M_PI * k) * (0.54 + 0.46 * cos(M_PI * k / (REACH + 1)));
  memset(line, 0, sizeof line);
  for (int t = 0; t < w->transmits; t++)
    for (int e = 0; e < w->elements; e++) {
      const int16_t *x = in + ((size_t)t * w->elements + e) * samples;
      float *o = rows + 2 * (((size_t)e * w->transmits + t) * stride + guard);
      for (int i = 0; i < samples; i++) line[REACH + i] = x[i];
      for (int i = 0; i < samples; i += LANES) {
        f32v sum = splat(0);
        for (int j = 0, k = 1; k <= REACH; j++, k += 2)
          sum = madd(splat(taps[j]), sub(load(line + REACH + i - k), load(line + REACH + i + k)), sum);
        store(im + i, sum);
      }
      for (int i = 0; i < samples; i++) {
        o[2 * i] = line[REACH + i];
        o[2 * i + 1] = im[i];
      }
    }
}

static void complex_pairs_run(workload_t *w) {
  const int transmits = w->transmits;
  to_analytic_rows(w);
  memset(image, 0, (size_t)w->columns * depths * 2 * sizeof(float));
  for (int e = 0; e < w->elements; e++) {
    const double element = element_x(w, e);
    const float *first = rows + 2 * (size_t)e * transmits * stride;
    for (int k = 0; k < w->columns; k++) {
      const float dx_m = w->column_min + k % w->columns_x * w->column_step - element;
      const float dy_m = w->y_min + k / w->columns_x * w->y_step - element_y(w, e);
      for (int b = first_block(w, dx_m, dy_m); b < blocks; b++) {
        const f32v path = paths(w, k, b, element, dx_m, dy_m);
        const float *dz = z_delays + ((size_t)(planes ? b : k * blocks + b) * transmits) * LANES, *dx = x_delays + (size_t)k * transmits;
        const float *row = first;
        f32v low = splat(0), high = splat(0);
        for (int t = 0; t < transmits; t++, row += 2 * stride, dz += LANES) {
          f32v s = add(path, load(dz));
          if (planes) s = add(s, splat(dx[t]));
          i32v i = whole(s);
          f32v f = sub(s, real(i)), a0, a1, b0, b1;
          complex_pairs(row, i, &a0, &a1, &b0, &b1);
          low = add(low, madd(twice_low(f), sub(a1, a0), a0));
          high = add(high, madd(twice_high(f), sub(b1, b0), b0));
        }
        if (w->f_number != 0) {
          f32v a = weights(w, dx_m, dy_m, depth_m + b * LANES);
          low = mul(low, twice_low(a));
          high = mul(high, twice_high(a));
        }
        add_complex(image + 2 * ((size_t)k * depths + b * LANES), low, high);
      }
    }
  }
  for (int r = 0; r < w->rows; r++)
    for (int k = 0; k < w->columns; k++)
      memcpy(w->out + 2 * ((size_t)r * w->columns + k), image + 2 * ((size_t)k * depths + r), 8);
}

/*
 * Frames in lanes: the ensemble is turned to [element][sample][re of all frames | im of all frames]; a pixel and element need one
 * position and one turn for all frames, and their sums stay in registers.
 */
enum { ENSEMBLE = 32, VECTORS = ENSEMBLE / LANES };
typedef struct { int32_t sample; float a, b, c, d; } tap_t; /* (c0, d0), (c1, d1): turned weights of samples i and i + 1 */
static tap_t *taps;          /* [row][column][element], those in the aperture */
static int *tap_ends;

static void prepare_ensemble(workload_t *w) {
  taps = take((size_t)w->rows * w->columns * w->elements * sizeof *taps);
  tap_ends = take((size_t)(w->rows * w->columns + 1) * sizeof *tap_ends);
  size_t at = 0;
  for (int p = 0; p < w->rows * w->columns; p++) {
    double x, y, z;
    pixel(w, p / w->columns, p % w->columns, &x, &y, &z);
    tap_ends[p] = at;
    for (int e = 0; e < w->elements; e++) {
      double dx = x - element_x(w, e), a = weight_of(w, dx, 0, z);
      if (a == 0) continue;
      double s = transmit_samples(w, 0, x, y, z) + sqrt(dx * dx + z * z) * w->per_metre;
      int i = (int)floor(s);
      if (i < 0 || i > w->samples - 2) continue;
      double f = s - i, angle = 2 * M_PI * w->carrier_hz * (w->wave[0].mixer_start_s + s / w->rate_hz);
      taps[at++] = (tap_t){(e * w->samples + i) * 2 * ENSEMBLE, a * (1 - f) * cos(angle), a * f * cos(angle), a * (1 - f) * sin(angle), a * f * sin(angle)};
    }
  }
  tap_ends[w->rows * w->columns] = at;
}

static void ensemble(workload_t *w) {
  const int n = w->elements * w->samples;
  const float *in = w->input;
  for (int s = 0; s < n; s += 16)
    for (int m = 0; m < ENSEMBLE; m++)
      for (int k = s; k < s + 16 && k < n; k++) {
        rows[(size_t)k * 2 * ENSEMBLE + m] = in[2 * ((size_t)m * n + k)];
        rows[(size_t)k * 2 * ENSEMBLE + ENSEMBLE + m] = in[2 * ((size_t)m * n + k) + 1];
      }
  const size_t pixels = (size_t)w->rows * w->columns;
  for (size_t p = 0; p < pixels; p++) {
    f32v re[VECTORS], im[VECTORS];
    for (int v = 0; v < VECTORS; v++) re[v] = im[v] = splat(0);
    for (const tap_t *t = taps + tap_ends[p]; t < taps + tap_ends[p + 1]; t++) {
      const float *i0 = rows + t->sample, *q0 = i0 + ENSEMBLE, *i1 = q0 + ENSEMBLE, *q1 = i1 + ENSEMBLE;
      const f32v a = splat(t->a), b = splat(t->b), c = splat(t->c), d = splat(t->d);
      for (int v = 0; v < VECTORS; v++) {
        const f32v x0 = load(i0 + v * LANES), x1 = load(i1 + v * LANES), y0 = load(q0 + v * LANES), y1 = load(q1 + v * LANES);
        re[v] = msub(d, y1, msub(c, y0, madd(b, x1, madd(a, x0, re[v]))));
        im[v] = madd(d, x1, madd(c, x0, madd(b, y1, madd(a, y0, im[v]))));
      }
    }
    float line[2 * ENSEMBLE];
    for (int v = 0; v < VECTORS; v++) {
      store(line + v * LANES, re[v]);
      store(line + ENSEMBLE + v * LANES, im[v]);
    }
    for (int m = 0; m < ENSEMBLE; m++) {
      w->out[2 * (m * pixels + p)] = line[m];
      w->out[2 * (m * pixels + p) + 1] = line[ENSEMBLE + m];
    }
  }
}

static void prepare(workload_t *w) {
  blocks = (w->rows + LANES - 1) / LANES;
  depths = blocks * LANES;
  planes = !w->sector;
  for (int t = 0; t < w->transmits; t++) planes &= w->wave[t].kind == PLANE;
  depth_m = take(depths * sizeof *depth_m);
  for (int r = 0; r < depths; r++) depth_m[r] = w->row_min + r * w->row_step;
  x_delays = take((size_t)w->columns * w->transmits * sizeof *x_delays);
  z_delays = take((size_t)(planes ? 1 : w->columns) * depths * w->transmits * sizeof *z_delays);
  double low = 0, high = w->samples;
  for (int k = 0; k < w->columns; k++)
    for (int r = 0; r < depths; r++) {
      double x, y, z;
      pixel(w, r, k, &x, &y, &z);
      for (int t = 0; t < w->transmits; t++) {
        double delay = transmit_samples(w, t, x, y, z);
        double edge = fmax(fabs(x - element_x(w, 0)), fabs(x - element_x(w, w->elements - 1)));
        double edge_y = fmax(fabs(y - element_y(w, 0)), fabs(y - element_y(w, w->elements - 1)));
        const double reach = z / (2 * w->f_number) + w->row_step * LANES;
        if (w->f_number > 0) edge = fmin(edge, reach);
        if (w->f_number > 0) edge_y = fmin(edge_y, reach);
        low = fmin(low, delay + z * w->per_metre);
        high = fmax(high, delay + sqrt(edge * edge + edge_y * edge_y + z * z) * w->per_metre);
        size_t at = ((size_t)(planes ? r / LANES : k * blocks + r / LANES) * w->transmits + t) * LANES + r % LANES;
        if (!planes) z_delays[at] = delay;
        else {
          z_delays[at] = z * w->wave[t].b * w->per_metre - w->wave[t].start_s * w->rate_hz;
          x_delays[(size_t)k * w->transmits + t] = (x * w->wave[t].a + y * w->wave[t].c) * w->per_metre;
        }
      }
    }
  guard = (int)fmax(ceil(-low), ceil(high - w->samples)) + LANES;
  guard = (guard + 15) / 16 * 16;
  stride = (w->samples + 2 * guard + 15) / 16 * 16;
  if (stride / 16 % 2 == 0) stride += 16; /* an odd number of cache lines */
  const size_t count = (size_t)w->transmits * w->elements * stride;
  if (w->signal == IQ) rows = take((size_t)w->elements * w->samples * 2 * ENSEMBLE * sizeof *rows);
  else rows = take(count * w->values * sizeof *rows);
  if (w->signal == RF) rows16 = take(count * sizeof *rows16 + 64);
  image = take((size_t)w->columns * depths * w->values * sizeof *image);
}

int main(int count, char **words) {
  if (count != 2) return 2;
  workload_t w = read_workload(words[1]);
  if (w.signal == IQ && (w.frames != ENSEMBLE || w.transmits != 1)) {
    fprintf(stderr, "ensembles of %d frames of one transmit only\n", ENSEMBLE);
    return 1;
  }
  prepare(&w);
  if (w.signal == IQ) {
    prepare_ensemble(&w);
    const variant_t variant = {ISA "-frames", ensemble};
    return serve(&w, &variant, 1);
  }
  if (w.signal == ANALYTIC) {
    const variant_t variant = {ISA "-pairs", complex_pairs_run};
    return serve(&w, &variant, 1);
  }
  const variant_t variants[] = {
    {ISA "-pairs", real_pairs},
    {ISA "-int16-pairs", int16_pairs},
#ifdef HAVE_GATHER
    {ISA "-gather", real_gather},
    {ISA "-int16-gather", int16_gather},
#endif
  };
  return serve(&w, variants, sizeof variants / sizeof *variants);
}
