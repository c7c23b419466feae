/*
 * What every native peer shares: reading a workload, a clock, and the conversation with the bench.
 *
 * A peer is started with the path of a description (lines "name number...") and talks on its standard streams:
 *   in  "run VARIANT"        out  "wall-ms cpu-ms"
 *   in  "dump PATH"          out  "ok": the last picture as float32, [frame][row][column], complex values interleaved
 * It begins with "ready VARIANT VARIANT ...".
 */
#ifndef WORKLOAD_H
#define WORKLOAD_H
#define _GNU_SOURCE
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#ifndef M_PI
#define M_PI 3.14159265358979323846
#endif

enum { RF = 0, ANALYTIC = 1, IQ = 2 };      /* what is summed */
enum { PLANE = 0, DIVERGING = 1 };

typedef struct {
  int kind;
  double a, b, c;                           /* plane: x, z, y of its direction; diverging: x, z, y of the source, m */
  double start_s, mixer_start_s;
} wave_t;

typedef struct {
  int elements, elements_x, transmits, samples, columns, columns_x, rows, sector, hann, signal, frames; /* _x: of one y */
  double pitch_m, rate_hz, sound_mps, f_number, carrier_hz;
  double column_min, column_step, row_min, row_step; /* x and z in m, or angle in rad and range in m */
  double y_min, y_step;                     /* volumes, m */
  wave_t *wave;
  char path[4096];                          /* the samples, as the frame holds them: int16, or float32 pairs for IQ */
  const void *input;
  /* derived */
  double per_metre;                         /* samples of one way */
  double center;                            /* centre frequency over the sample rate */
  int values;                               /* numbers a pixel */
  float *out;
  size_t out_count;
} workload_t;

/* Memory in huge pages where the system has them, aligned, zeroed. */
static inline void *take(size_t bytes) {
  const size_t huge = (size_t)1 << 21;
  size_t rounded = (bytes + 4096 + huge - 1) / huge * huge;
  void *p = aligned_alloc(huge, rounded);
  if (!p) { fprintf(stderr, "out of memory\n"); exit(1); }
#ifdef MADV_HUGEPAGE
  madvise(p, rounded, MADV_HUGEPAGE);
#endif
  memset(p, 0, rounded);
  return p;
}

static inline double clock_ms(clockid_t id) {
  struct timespec t;
  clock_gettime(id, &t);
  return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

static inline workload_t read_workload(const char *path) {
  workload_t w;
  memset(&w, 0, sizeof w);
  FILE *f = fopen(path, "r");
  if (!f) { fprintf(stderr, "cannot read %s\n", path); exit(1); }
  char name[64];
  int next = 0;
  const struct { const char *name; int *at; } whole[] = {
    {"elements", &w.elements}, {"elementsx", &w.elements_x}, {"columnsx", &w.columns_x}, {"transmits", &w.transmits}, {"samples", &w.samples}, {"columns", &w.columns}, {"rows", &w.rows},
    {"sector", &w.sector}, {"hann", &w.hann}, {"signal", &w.signal}, {"frames", &w.frames},
  };
  const struct { const char *name; double *at; } real[] = {
    {"pitch", &w.pitch_m}, {"rate", &w.rate_hz}, {"sound", &w.sound_mps}, {"fnumber", &w.f_number}, {"carrier", &w.carrier_hz},
    {"columnmin", &w.column_min}, {"columnstep", &w.column_step}, {"rowmin", &w.row_min}, {"rowstep", &w.row_step},
    {"center", &w.center}, {"ymin", &w.y_min}, {"ystep", &w.y_step},
  };
  while (fscanf(f, "%63s", name) == 1) {
    int known = 0;
    if (!strcmp(name, "input")) known = fscanf(f, " %4095[^\n]", w.path) == 1;
    if (!strcmp(name, "wave")) {
      if (!w.wave) w.wave = calloc(w.transmits, sizeof *w.wave);
      wave_t *t = &w.wave[next++];
      known = next <= w.transmits && fscanf(f, "%d %lf %lf %lf %lf %lf", &t->kind, &t->a, &t->b, &t->c, &t->start_s, &t->mixer_start_s) == 6;
    }
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
      if (!strcmp(name, whole[i].name)) known = fscanf(f, "%d", whole[i].at) == 1;
    for (size_t i = 0; i < sizeof real / sizeof *real; i++)
      if (!strcmp(name, real[i].name)) known = fscanf(f, "%lf", real[i].at) == 1;
    if (!known) { fprintf(stderr, "bad line in the description: %s\n", name); exit(1); }
  }
  fclose(f);
  w.per_metre = w.rate_hz / w.sound_mps;
  w.values = w.signal == RF ? 1 : 2;
  w.out_count = (size_t)w.frames * w.rows * w.columns * w.values;
  w.out = take(w.out_count * sizeof(float));
  size_t numbers = (size_t)w.frames * w.transmits * w.elements * w.samples;
  size_t bytes = numbers * (w.signal == IQ ? 8 : 2);
  void *input = take(bytes);
  f = fopen(w.path, "rb");
  if (!f || fread(input, 1, bytes, f) != bytes) { fprintf(stderr, "cannot read %s\n", w.path); exit(1); }
  fclose(f);
  w.input = input;
  return w;
}

/* Where a pixel lies, m. */
static inline void pixel(const workload_t *w, int row, int column, double *x, double *y, double *z) {
  double u = w->column_min + column % w->columns_x * w->column_step, v = w->row_min + row * w->row_step;
  *x = w->sector ? v * sin(u) : u;
  *y = w->y_min + column / w->columns_x * w->y_step;
  *z = w->sector ? v * cos(u) : v;
}

static inline double element_x(const workload_t *w, int e) { return (e % w->elements_x - 0.5 * (w->elements_x - 1)) * w->pitch_m; }
static inline double element_y(const workload_t *w, int e) {
  return (e / w->elements_x - 0.5 * (w->elements / w->elements_x - 1)) * w->pitch_m;
}

/* When a transmit reaches a place, in samples from its sample 0. */
static inline double transmit_samples(const workload_t *w, int t, double x, double y, double z) {
  const wave_t *v = &w->wave[t];
  double path = x * v->a + z * v->b + y * v->c;
  if (v->kind == DIVERGING)
    path = sqrt((x - v->a) * (x - v->a) + (z - v->b) * (z - v->b) + (y - v->c) * (y - v->c)) -
           sqrt(v->a * v->a + v->b * v->b + v->c * v->c);
  return path * w->per_metre - v->start_s * w->rate_hz;
}

/* Is the array a matrix? */
static inline int is_matrix(const workload_t *w) { return w->elements_x != w->elements; }

/* Receive weight: 1 without an f-number, else w(q), q = |lateral| F / depth, 0 beyond 1/2; of matrices the product along x and y. */
static inline double window_of(const workload_t *w, double lateral, double depth) {
  if (w->f_number == 0) return 1;
  double q = fabs(lateral) * w->f_number / depth;
  if (q > 0.5) return 0;
  return w->hann ? 0.5 + 0.5 * cos(2 * M_PI * q) : 1;
}
static inline double weight_of(const workload_t *w, double dx, double dy, double depth) {
  return window_of(w, dx, depth) * (is_matrix(w) ? window_of(w, dy, depth) : 1);
}

typedef struct { const char *name; void (*run)(workload_t *); } variant_t;

/* Answers requests until the stream ends. */
static inline int serve(workload_t *w, const variant_t *variants, int count) {
  char line[4200], word[16], rest[4100];
  printf("ready");
  for (int i = 0; i < count; i++) printf(" %s", variants[i].name);
  printf("\n");
  fflush(stdout);
  while (fgets(line, sizeof line, stdin)) {
    if (sscanf(line, "%15s %4099[^\n]", word, rest) != 2) continue;
    if (!strcmp(word, "dump")) {
      FILE *f = fopen(rest, "wb");
      int good = f && fwrite(w->out, sizeof(float), w->out_count, f) == w->out_count;
      if (f) fclose(f);
      printf(good ? "ok\n" : "cannot write\n");
    } else {
      const variant_t *found = NULL;
      for (int i = 0; i < count; i++) if (!strcmp(rest, variants[i].name)) found = &variants[i];
      if (!found) printf("unknown variant\n");
      else {
        double wall = clock_ms(CLOCK_MONOTONIC), cpu = clock_ms(CLOCK_THREAD_CPUTIME_ID);
        found->run(w);
        printf("%.4f %.4f\n", clock_ms(CLOCK_MONOTONIC) - wall, clock_ms(CLOCK_THREAD_CPUTIME_ID) - cpu);
      }
    }
    fflush(stdout);
  }
  return 0;
}
#endif
