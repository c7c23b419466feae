/*
 * Delay-and-sum as one writes it in C without thinking of the machine: the loops of ../reference/straightforward.ts. Pixel by
 * pixel, receive paths and weights of the pixel's aperture first, then transmit by transmit, element by element.
 */
#include "workload.h"

enum { REACH = 15, PAD = 16 };

static float *rows;      /* float32 samples or complex pairs, PAD more than `samples` apart, against sharing sets of the cache */
static float *path, *weight;

static int find_aperture(const workload_t *w, double x, double y, double z, int *first) {
  int end = 0;
  *first = w->elements;
  for (int e = 0; e < w->elements; e++) {
    float dx = x - element_x(w, e), dy = y - element_y(w, e), a = weight_of(w, dx, dy, z);
    weight[e] = a;
    if (a == 0) continue;
    if (*first == w->elements) *first = e;
    end = e + 1;
    path[e] = sqrtf(dx * dx + dy * dy + (float)(z * z)) * (float)w->per_metre;
  }
  return end;
}

static void real_sums(workload_t *w) {
  const int n = w->elements, samples = w->samples, stride = samples + PAD;
  const int16_t *in = w->input;
  for (int r = 0; r < w->transmits * n; r++)
    for (int i = 0; i < samples; i++) rows[(size_t)r * stride + i] = in[(size_t)r * samples + i];
  for (int r = 0; r < w->rows; r++)
    for (int k = 0; k < w->columns; k++) {
      double x, y, z;
      int first, end;
      pixel(w, r, k, &x, &y, &z);
      end = find_aperture(w, x, y, z, &first);
      float sum = 0;
      for (int t = 0; t < w->transmits; t++) {
        float delay = transmit_samples(w, t, x, y, z);
        for (int e = first; e < end; e++) {
          float s = delay + path[e];
          int i = (int)floorf(s);
          if (i < 0 || i > samples - 2) continue;
          float f = s - i;
          const float *p = rows + (size_t)(t * n + e) * stride + i;
          sum += weight[e] * ((1 - f) * p[0] + f * p[1]);
        }
      }
      w->out[r * w->columns + k] = sum;
    }
}

static void analytic_rows(workload_t *w) {
  const int samples = w->samples, stride = samples + PAD;
  const int16_t *in = w->input;
  float taps[2 * REACH + 1];
  for (int i = 0; i <= 2 * REACH; i++) {
    int k = i - REACH;
    taps[i] = k % 2 == 0 ? 0 : 2 / (M_PI * k) * (0.54 + 0.46 * cos(M_PI * k / (REACH + 1)));
  }
  for (int r = 0; r < w->transmits * w->elements; r++) {
    const int16_t *x = in + (size_t)r * samples;
    float *o = rows + (size_t)r * stride * 2;
    for (int i = 0; i < samples; i++) {
      float sum = 0;
      for (int k = -REACH; k <= REACH; k++)
        if (i - k >= 0 && i - k < samples) sum += taps[k + REACH] * x[i - k];
      o[2 * i] = x[i];
      o[2 * i + 1] = sum;
    }
  }
}

static void complex_sums(workload_t *w) {
  const int n = w->elements, samples = w->samples, stride = samples + PAD;
  analytic_rows(w);
  for (int r = 0; r < w->rows; r++)
    for (int k = 0; k < w->columns; k++) {
      double x, y, z;
      int first, end;
      pixel(w, r, k, &x, &y, &z);
      end = find_aperture(w, x, y, z, &first);
      float re = 0, im = 0;
      for (int t = 0; t < w->transmits; t++) {
        float delay = transmit_samples(w, t, x, y, z);
        for (int e = first; e < end; e++) {
          float s = delay + path[e];
          int i = (int)floorf(s);
          if (i < 0 || i > samples - 2) continue;
          float f = s - i;
          const float *p = rows + 2 * ((size_t)(t * n + e) * stride + i);
          re += weight[e] * ((1 - f) * p[0] + f * p[2]);
          im += weight[e] * ((1 - f) * p[1] + f * p[3]);
        }
      }
      w->out[2 * (r * w->columns + k)] = re;
      w->out[2 * (r * w->columns + k) + 1] = im;
    }
}

/* One turn exp(j 2 pi f t) a pixel and element for all frames. */
static void ensemble_sums(workload_t *w) {
  const int n = w->elements, samples = w->samples;
  const size_t image = (size_t)w->rows * w->columns, frame = (size_t)n * samples;
  const float *in = w->input;
  memset(w->out, 0, w->out_count * sizeof(float));
  for (int r = 0; r < w->rows; r++)
    for (int k = 0; k < w->columns; k++) {
      double x, y, z;
      int first, end;
      pixel(w, r, k, &x, &y, &z);
      end = find_aperture(w, x, y, z, &first);
      float delay = transmit_samples(w, 0, x, y, z);
      for (int e = first; e < end; e++) {
        float s = delay + path[e];
        int i = (int)floorf(s);
        if (i < 0 || i > samples - 2) continue;
        float f = s - i;
        double angle = 2 * M_PI * w->carrier_hz * (w->wave[0].mixer_start_s + s / w->rate_hz);
        float c = weight[e] * cos(angle), d = weight[e] * sin(angle);
        const float *p = in + 2 * ((size_t)e * samples + i);
        float *o = w->out + 2 * (r * w->columns + k);
        for (int m = 0; m < w->frames; m++, p += 2 * frame, o += 2 * image) {
          float re = (1 - f) * p[0] + f * p[2], im = (1 - f) * p[1] + f * p[3];
          o[0] += c * re - d * im;
          o[1] += c * im + d * re;
        }
      }
    }
}

int main(int count, char **words) {
  if (count != 2) return 2;
  workload_t w = read_workload(words[1]);
  path = calloc(w.elements, sizeof *path);
  weight = calloc(w.elements, sizeof *weight);
  rows = calloc((size_t)w.transmits * w.elements * (w.samples + PAD) * 2, sizeof *rows);
  const variant_t variant = {"straightforward", w.signal == RF ? real_sums : w.signal == IQ ? ensemble_sums : complex_sums};
  return serve(&w, &variant, 1);
}
