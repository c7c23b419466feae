/*
 * Pre-steered, shift-invariant delay-and-sum: the ceiling for plane waves on a uniform linear array with a lateral step of
 * pitch / n. tau(x, z; e) = (x sin a + z cos a + |p - e|) / c. Channel e is shifted once by x_e sin a / c; what is left,
 *   idx = K (z cos a + (o_s - d pitch) sin a + sqrt((o_s - d pitch)^2 + z^2)),   pixel (m pitch + o_s, z), element m + d,
 * is the same for every m. So one table entry (row, w (1 - f), w f) a (s, z, d) serves all m, and the sum runs over contiguous
 * elements:
 *
 *   steered rows   [time][plane][pad | element 0, 1, ... | zeros]            float32, or int16 pairs (y_t, y_t+1) in 32 bits
 *   sums           m in lanes, up to WIDE vectors of them in registers, added to [s][z][plane][m]
 *
 * The shift is a FIR of TAPS taps a phase of the up-sampled row. Its coefficients are the least-squares estimate, for echoes with
 * a Gaussian spectrum of 60 % about the centre frequency, given that its output is interpolated linearly; plane 1 is the Hilbert
 * transform of plane 0 and costs no other step.
 */
#include "lanes.h"
#include "workload.h"

enum { WIDE = 10, CHUNK = 8, MOST_TAPS = 16, MOST_PHASES = 2, MOST_RESIDUES = 4, WEIGHT_BITS = 11, TAP_BITS = 14 };

static int taps, phases, planes;
static int residues, positions, vectors, most;   /* columns a pitch; m; vectors of m; table entries a (s, z), rounded up */
static int pad, width, times, before, guard, line; /* steered rows: zeros in front, numbers a plane, rows; time 0's row; input lines */
static float *receive, *weight;                  /* [s][z][most]: up-sampled receive path, weight */
static int *first, *entries;                     /* [s][z] */
static float *coefficients;                      /* [transmit][element][plane][phase][taps] */
static int32_t *coefficients16;                  /* [transmit][element][plane][phase][taps / 2] pairs */
static int *shifts;                              /* [transmit][element] first input sample of output 0 */
static float *steered;
static int32_t *steered16;
static float *image;                             /* [s][z][plane][vectors * LANES] */

/* ---- design of the FIR ---- */

static double correlation(const workload_t *w, double tau, int hilbert) {
  double half = 0.3 * w->center, a = M_LN2 / (half * half), angle = 2 * M_PI * w->center * tau;
  return exp(-M_PI * M_PI * tau * tau / (2 * a)) * (hilbert ? sin(angle) : cos(angle));
}

static double factor[MOST_TAPS * MOST_PHASES][MOST_TAPS * MOST_PHASES];

enum { STEPS = 8 };

/* Share of phase q's output in the value u of the way behind phase p's, and how far its taps lie to the right. */
static double share(int p, int q, double u, int *right) {
  int next = (p + 1) % phases;
  double value = (q == p ? 1 - u : 0) + (q == next && phases > 1 ? u : 0);
  *right = q == next && q != p && p + 1 == phases;
  return value;
}

static void design_normal_equations(const workload_t *w) {
  const int n = taps * phases;
  for (int i = 0; i < n; i++)
    for (int k = 0; k < n; k++) {
      double sum = 0;
      for (int p = 0; p < phases; p++)
        for (int step = 0; step < STEPS; step++) {
          double u = (step + 0.5) / STEPS;
          if (phases == 1) { /* y_t and y_t+1 share the taps */
            double r = correlation(w, i - k, 0);
            sum += ((1 - u) * (1 - u) + u * u) * r + u * (1 - u) * (correlation(w, i - k - 1, 0) + correlation(w, i - k + 1, 0));
            continue;
          }
          int a, b;
          double x = share(p, i / taps, u, &a), y = share(p, k / taps, u, &b);
          sum += x * y * correlation(w, i % taps + a - k % taps - b, 0);
        }
      factor[i][k] = sum / (STEPS * phases) + (i == k ? 1e-7 : 0);
    }
  for (int k = 0; k < n; k++) { /* Cholesky */
    for (int i = k; i < n; i++) {
      double sum = factor[i][k];
      for (int j = 0; j < k; j++) sum -= factor[i][j] * factor[k][j];
      factor[i][k] = i == k ? sqrt(sum) : sum / factor[k][k];
    }
  }
}

static void design(const workload_t *w, double fraction, int hilbert, float *out) {
  const int n = taps * phases;
  double b[MOST_TAPS * MOST_PHASES];
  for (int i = 0; i < n; i++) {
    double sum = 0;
    for (int p = 0; p < phases; p++)
      for (int step = 0; step < STEPS; step++) {
        double u = (step + 0.5) / STEPS, target = fraction + (p + u) / phases + taps / 2 - 1;
        if (phases == 1) {
          sum += (1 - u) * correlation(w, target - i, hilbert) + u * correlation(w, target - i - 1, hilbert);
          continue;
        }
        int right;
        double x = share(p, i / taps, u, &right);
        sum += x * correlation(w, target - i % taps - right, hilbert);
      }
    b[i] = sum / (STEPS * phases);
  }
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < i; j++) b[i] -= factor[i][j] * b[j];
    b[i] /= factor[i][i];
  }
  for (int i = n - 1; i >= 0; i--) {
    for (int j = i + 1; j < n; j++) b[i] -= factor[j][i] * b[j];
    b[i] /= factor[i][i];
  }
  for (int i = 0; i < n; i++) out[i] = b[i];
}

/* ---- tables made once ---- */

static double offset_of(const workload_t *w, int s) { return w->column_min + s * w->column_step - element_x(w, 0); }

static void prepare(workload_t *w) {
  planes = w->values;
  taps = planes == 1 ? 8 : 16;
  phases = planes == 1 ? 1 : 2;
  residues = (int)lround(w->pitch_m / w->column_step);
  positions = (w->columns + residues - 1) / residues;
  vectors = (positions + LANES - 1) / LANES;
  first = calloc(residues * w->rows, sizeof *first);
  entries = calloc(residues * w->rows, sizeof *entries);
  int low = 0, high = 0;
  for (int pass = 0; pass < 2; pass++) {
    for (int s = 0; s < residues; s++)
      for (int r = 0; r < w->rows; r++) {
        const double z = w->row_min + r * w->row_step, half = z / (2 * w->f_number), o = offset_of(w, s);
        const int at = s * w->rows + r, d0 = ceil((o - half) / w->pitch_m), d1 = floor((o + half) / w->pitch_m);
        first[at] = d0 < 1 - positions ? 1 - positions : d0;
        entries[at] = (d1 > w->elements - 1 ? w->elements - 1 : d1) - first[at] + 1;
        if (first[at] < low) low = first[at];
        if (first[at] + entries[at] > high) high = first[at] + entries[at];
        if ((entries[at] + 7) / 8 * 8 > most) most = (entries[at] + 7) / 8 * 8;
        for (int j = 0; pass && j < entries[at]; j++) {
          double lateral = o - (first[at] + j) * w->pitch_m;
          receive[(size_t)at * most + j] = sqrt(lateral * lateral + z * z) * w->per_metre * phases;
          weight[(size_t)at * most + j] = weight_of(w, lateral, 0, z);
        }
      }
    if (!pass) {
      receive = take((size_t)residues * w->rows * most * sizeof *receive);
      weight = take((size_t)residues * w->rows * most * sizeof *weight);
    }
  }
  pad = -low;
  width = (pad + vectors * LANES + high + 15) / 16 * 16;
  if (width * planes / 16 % 2 == 0) width += 16;

  double earliest = 0, latest = 0, farthest = 0;
  for (int t = 0; t < w->transmits; t++) {
    const double start = w->wave[t].start_s * w->rate_hz;
    for (int s = 0; s < residues; s++)
      for (int r = 0; r < w->rows; r++)
        for (int j = 0; j < entries[s * w->rows + r]; j++) {
          const size_t at = (size_t)s * w->rows + r;
          double lateral = offset_of(w, s) - (first[at] + j) * w->pitch_m, z = w->row_min + r * w->row_step;
          double index = (z * w->wave[t].b + lateral * w->wave[t].a) * w->per_metre + receive[at * most + j] / phases - start;
          if (index < earliest) earliest = index;
          if (index > latest) latest = index;
        }
    const double far = fabs(element_x(w, 0) * w->wave[t].a * w->per_metre);
    if (far > farthest) farthest = far;
  }
  before = (int)ceil(-earliest);
  times = ((int)ceil(latest) + before + 2) * phases;
  times = (times + 2 * LANES * phases - 1) / (2 * LANES * phases) * (2 * LANES * phases);
  guard = (int)farthest + before + taps + 8;
  line = times / phases + 2 * guard + w->samples + 64;

  design_normal_equations(w);
  const int per_plane = phases * taps, per_row = planes * per_plane;
  coefficients = take((size_t)w->transmits * w->elements * per_row * sizeof *coefficients);
  coefficients16 = take((size_t)w->transmits * w->elements * per_row / 2 * sizeof *coefficients16);
  shifts = take((size_t)w->transmits * w->elements * sizeof *shifts);
  for (int t = 0; t < w->transmits; t++)
    for (int e = 0; e < w->elements; e++) {
      const size_t at = (size_t)t * w->elements + e;
      const double shift = element_x(w, e) * w->wave[t].a * w->per_metre;
      const int below = (int)floor(shift);
      shifts[at] = below - taps / 2 + 1 - before;
      for (int plane = 0; plane < planes; plane++) {
        float *c = coefficients + at * per_row + plane * per_plane;
        design(w, shift - below, plane, c);
        for (int i = 0; i < per_plane; i += 2) {
          int lo = (int)lrint(c[i] * (1 << TAP_BITS)), hi = (int)lrint(c[i + 1] * (1 << TAP_BITS));
          coefficients16[(at * per_row + plane * per_plane + i) / 2] = (int32_t)((uint32_t)(lo & 0xffff) | (uint32_t)hi << 16);
        }
      }
    }
  const size_t count = (size_t)(times + 1) * planes * width + 64;
  steered = take(count * sizeof *steered);
  steered16 = take(count * sizeof *steered16);
  image = take((size_t)residues * w->rows * planes * vectors * LANES * sizeof *image);
}

/* ---- steering: FIR, transposition ---- */

static void steer(const workload_t *w, int t) {
  const int16_t *in = w->input;
  const int n = w->elements, outputs = times / phases;
  float in_line[line], y[LANES][times + LANES];
  memset(in_line, 0, sizeof in_line);
  for (int plane = 0; plane < planes; plane++)
    for (int e = 0; e < n; e += LANES) {
      for (int k = 0; k < LANES; k++) {
        const size_t at = (size_t)t * n + e + k;
        const int16_t *x = in + at * w->samples;
        int i = 0;
        for (; i + LANES <= w->samples; i += LANES) store(in_line + guard + i, load16(x + i));
        for (; i < w->samples; i++) in_line[guard + i] = x[i];
        const float *source = in_line + guard + shifts[at];
        for (int p = 0; p < phases; p++) {
          const float *c = coefficients + ((at * planes + plane) * phases + p) * taps;
          f32v tap[MOST_TAPS];
          for (int j = 0; j < taps; j++) tap[j] = splat(c[j]);
          for (int o = 0; o < outputs; o += LANES) {
            f32v sum = mul(tap[0], load(source + o));
            for (int j = 1; j < taps; j++) sum = madd(tap[j], load(source + o + j), sum);
            if (phases == 1) store(y[k] + o, sum);
            else {
              float part[LANES];
              store(part, sum);
              for (int l = 0; l < LANES; l++) y[k][(o + l) * phases + p] = part[l];
            }
          }
        }
      }
      float *o = steered + (size_t)plane * width + pad + e;
      for (int i = 0; i < times; i += LANES) {
        i32v v[LANES];
        for (int k = 0; k < LANES; k++) v[k] = iload(y[k] + i);
        transpose(v);
        for (int k = 0; k < LANES; k++, o += (size_t)planes * width) istore(o, v[k]);
      }
    }
}

static void steer16(const workload_t *w, int t) {
  const int16_t *in = w->input;
  const int n = w->elements, outputs = times / phases;
  int16_t in_line[line], y[LANES][times + 4 * LANES], part[MOST_PHASES][outputs + 2 * LANES];
  const i32v half = isplat(1 << (TAP_BITS - 1)), low = isplat(0xffff);
  memset(in_line, 0, sizeof in_line);
  memset(y, 0, sizeof y);
  for (int plane = 0; plane < planes; plane++)
    for (int e = 0; e < n; e += LANES) {
      for (int k = 0; k < LANES; k++) {
        const size_t at = (size_t)t * n + e + k;
        memcpy(in_line + guard, in + at * w->samples, 2 * w->samples);
        const int16_t *source = in_line + guard + shifts[at];
        for (int p = 0; p < phases; p++) {
          const int32_t *c = coefficients16 + ((at * planes + plane) * phases + p) * taps / 2;
          int16_t *to = phases == 1 ? y[k] : part[p];
          i32v tap[MOST_TAPS / 2];
          for (int j = 0; j < taps / 2; j++) tap[j] = isplat(c[j]);
          for (int o = 0; o < outputs; o += 2 * LANES) {
            i32v even = half, odd = half;
            for (int j = 0; j < taps / 2; j++) {
              even = iadd(even, dot(tap[j], iload(source + o + 2 * j)));
              odd = iadd(odd, dot(tap[j], iload(source + o + 2 * j + 1)));
            }
            istore(to + o, ior(iand(isar(even, TAP_BITS), low), ishl(isar(odd, TAP_BITS), 16)));
          }
        }
        if (phases == 2)
          for (int o = 0; o < outputs; o++) {
            y[k][2 * o] = part[0][o];
            y[k][2 * o + 1] = part[1][o];
          }
      }
      int32_t *o = steered16 + (size_t)plane * width + pad + e;
      const size_t step = (size_t)planes * width;
      for (int i = 0; i < times; i += 2 * LANES, o += 2 * LANES * step)
        for (int odd = 0; odd < 2; odd++) {
          i32v v[LANES];
          for (int k = 0; k < LANES; k++) v[k] = iload(y[k] + i + odd);
          transpose(v);
          for (int k = 0; k < LANES; k++) istore(o + (size_t)(2 * k + odd) * step, v[k]);
        }
    }
}

/* ---- tables of one transmit, sums ---- */

typedef struct {
  int32_t row[CHUNK][128 + LANES];
  float w0[CHUNK][128 + LANES], w1[CHUNK][128 + LANES];
  int32_t pair[CHUNK][128 + LANES];
} table_t;
static table_t tables[MOST_RESIDUES];

static const float counting[8] = {0, 1, 2, 3, 4, 5, 6, 7};

static inline __attribute__((always_inline)) void build(const workload_t *w, int t, int s, int r0, int r1, const int fixed) {
  const double o = offset_of(w, s), up = w->per_metre * phases, slope = w->pitch_m * w->wave[t].a * up;
  const f32v steps = mul(load(counting), splat(-slope)), stride = splat(-slope * LANES);
  const i32v row_size = isplat(planes * width);
  table_t *table = &tables[s];
  for (int r = r0; r < r1; r++) {
    const size_t at = (size_t)s * w->rows + r;
    const double z = w->row_min + r * w->row_step;
    const double base = (z * w->wave[t].b + o * w->wave[t].a) * up - first[at] * slope + (before - w->wave[t].start_s * w->rate_hz) * phases;
    f32v index = add(splat(base), steps);
    i32v column = iadd(isplat(pad + first[at]), nearest(load(counting)));
    for (int j = 0; j < entries[at]; j += LANES) {
      const f32v position = add(index, load(receive + at * most + j)), a = load(weight + at * most + j);
      const i32v i = whole(position);
      const f32v f = sub(position, real(i)), above = mul(a, f);
      istore(table->row[r - r0] + j, iadd(imul(i, row_size), column));
      if (fixed) {
        const f32v scale = splat(1 << WEIGHT_BITS);
        const i32v hi = nearest(mul(above, scale)), lo = isub(nearest(mul(a, scale)), hi);
        istore(table->pair[r - r0] + j, ior(iand(lo, isplat(0xffff)), ishl(hi, 16)));
      } else {
        store(table->w1[r - r0] + j, above);
        store(table->w0[r - r0] + j, sub(a, above));
      }
      index = add(index, stride);
      column = iadd(column, isplat(LANES));
    }
  }
}

/* Lanes [m0, m0 + n LANES) of one (s, z): entries that reach an element from none of them are left out. */
static inline __attribute__((always_inline)) void sum_float(const int n, const table_t *table, const float *rows, int r, int j0, int j1, float *out) {
  f32v sum[WIDE];
  for (int v = 0; v < n; v++) sum[v] = load(out + v * LANES);
  for (int j = j0; j < j1; j++) {
    const float *p = rows + table->row[r][j], *q = p + planes * width;
    const f32v a = splat(table->w0[r][j]), b = splat(table->w1[r][j]);
    KEEP_ADDRESS(p);
    KEEP_ADDRESS(q);
#pragma GCC unroll 10
    for (int v = 0; v < n; v++) {
      sum[v] = madd(b, load(q + v * LANES), madd(a, load(p + v * LANES), sum[v]));
      KEEP_VECTOR(sum[v]);
    }
  }
  for (int v = 0; v < n; v++) store(out + v * LANES, sum[v]);
}

static inline __attribute__((always_inline)) void sum_int16(const int n, const table_t *table, const int32_t *rows, int r, int j0, int j1, float *out) {
  i32v sum[WIDE];
  for (int v = 0; v < n; v++) sum[v] = isplat(0);
  for (int j = j0; j < j1; j++) {
    const int32_t *p = rows + table->row[r][j];
    const i32v a = isplat(table->pair[r][j]);
    KEEP_ADDRESS(p);
#pragma GCC unroll 10
    for (int v = 0; v < n; v++) {
      sum[v] = iadd(sum[v], dot(a, iload(p + v * LANES)));
      KEEP_VECTOR(sum[v]);
    }
  }
  for (int v = 0; v < n; v++) store(out + v * LANES, madd(real(sum[v]), splat(1.0f / (1 << WEIGHT_BITS)), load(out + v * LANES)));
}

static inline __attribute__((always_inline)) void sums(const workload_t *w, int t, const int fixed) {
  const int blocks = (vectors + WIDE - 1) / WIDE, each = (vectors + blocks - 1) / blocks;
  for (int r0 = 0; r0 < w->rows; r0 += CHUNK) {
    const int r1 = r0 + CHUNK < w->rows ? r0 + CHUNK : w->rows;
    for (int s = 0; s < residues; s++) build(w, t, s, r0, r1, fixed);
    for (int plane = 0; plane < planes; plane++)
      for (int v0 = 0; v0 < vectors; v0 += each) {
        const int n = vectors - v0 < each ? vectors - v0 : each, m0 = v0 * LANES;
        const size_t from = (size_t)plane * width + m0;
        for (int r = r0; r < r1; r++)
          for (int s = 0; s < residues; s++) { /* neighbouring s read the same rows but for one or two */
            const size_t at = (size_t)s * w->rows + r;
            int j0 = -(m0 + n * LANES - 1) - first[at], j1 = w->elements - m0 - first[at];
            if (j0 < 0) j0 = 0;
            if (j1 > entries[at]) j1 = entries[at];
            float *out = image + ((at * planes + plane) * vectors + v0) * LANES;
#define CASE(k) case k: \
  if (fixed) sum_int16(k, &tables[s], steered16 + from, r - r0, j0, j1, out); \
  else sum_float(k, &tables[s], steered + from, r - r0, j0, j1, out); \
  break;
            switch (n) { CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) }
#undef CASE
          }
      }
  }
}

static void finish(workload_t *w) {
  for (int r = 0; r < w->rows; r++)
    for (int k = 0; k < w->columns; k++)
      for (int plane = 0; plane < planes; plane++)
        w->out[((size_t)r * w->columns + k) * planes + plane] =
            image[(((size_t)(k % residues) * w->rows + r) * planes + plane) * vectors * LANES + k / residues];
}

static void run_float(workload_t *w) {
  memset(image, 0, (size_t)residues * w->rows * planes * vectors * LANES * sizeof *image);
  for (int t = 0; t < w->transmits; t++) {
    steer(w, t);
    sums(w, t, 0);
  }
  finish(w);
}

static void run_int16(workload_t *w) {
  memset(image, 0, (size_t)residues * w->rows * planes * vectors * LANES * sizeof *image);
  for (int t = 0; t < w->transmits; t++) {
    steer16(w, t);
    sums(w, t, 1);
  }
  finish(w);
}

int main(int count, char **words) {
  if (count != 2) return 2;
  workload_t w = read_workload(words[1]);
  int plane = !w.sector && !is_matrix(&w) && w.columns_x == w.columns && w.signal != IQ && w.f_number > 0 && w.elements % LANES == 0 && w.elements <= 128;
  for (int t = 0; t < w.transmits; t++) plane &= w.wave[t].kind == PLANE;
  const double ratio = w.pitch_m / w.column_step;
  if (!plane || fabs(ratio - round(ratio)) > 1e-6 || ratio > MOST_RESIDUES + 0.5) {
    fprintf(stderr, "only plane waves on linear grids whose step divides the pitch\n");
    return 1;
  }
  prepare(&w);
  const variant_t variants[] = {{ISA "-float32", run_float}, {ISA "-int16", run_int16}};
  return serve(&w, variants, 2);
}
