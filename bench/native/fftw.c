/*
 * FFTW in single precision: forward complex transforms, out of place, as many at once as the bench's own kernel takes, each of numbers
 * copied in as the bench's own are (bench/kernels/fft.ts). The variants are lengths; a run repeats the call until it has taken long
 * enough and answers the time of one call.
 */
#include "workload.h"
#include <fftw3.h>

int main(int count, char **words) {
  if (count < 3) return 2;
  const int rows = atoi(words[1]);
  printf("ready");
  for (int i = 2; i < count; i++) printf(" %s", words[i]);
  printf("\n");
  fflush(stdout);
  int planned = 0;
  fftwf_plan plan = NULL;
  fftwf_complex *fresh = NULL, *in = NULL, *out = NULL;
  char line[256];
  while (fgets(line, sizeof line, stdin)) {
    int n;
    if (sscanf(line, "run %d", &n) != 1) continue;
    if (n != planned) {
      if (plan) fftwf_destroy_plan(plan);
      fftwf_free(fresh);
      fftwf_free(in);
      fftwf_free(out);
      fresh = fftwf_alloc_complex((size_t)rows * n);
      in = fftwf_alloc_complex((size_t)rows * n);
      out = fftwf_alloc_complex((size_t)rows * n);
      plan = fftwf_plan_many_dft(1, &n, rows, in, NULL, 1, n, out, NULL, 1, n, FFTW_FORWARD, FFTW_MEASURE);
      for (int i = 0; i < rows * n; i++) fresh[i][0] = fresh[i][1] = (float)(i * 7919 % 1000) / 1000 - 0.5f;
      planned = n;
    }
    double best = 0;
    for (int calls = 8;; calls *= 2) { /* until a batch takes 10 ms */
      const double wall = clock_ms(CLOCK_MONOTONIC);
      for (int i = 0; i < calls; i++) {
        memcpy(in, fresh, sizeof(fftwf_complex) * rows * n);
        fftwf_execute(plan);
      }
      const double took = clock_ms(CLOCK_MONOTONIC) - wall;
      best = took / calls;
      if (took > 10) break;
    }
    printf("%.6f %.6f\n", best, best);
    fflush(stdout);
  }
  return 0;
}
