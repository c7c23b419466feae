/* The few vector words the hand-tuned peers need, for AVX2 (8 lanes) and NEON (4 lanes). */
#ifndef LANES_H
#define LANES_H
#include <stdint.h>

/*
 * Left alone, gcc computes an address a vector and reorders an unrolled sum so that its accumulators spill; empty assembly that
 * "uses" a value keeps it in its register, in its place.
 */
#define KEEP_ADDRESS(p) __asm__("" : "+r"(p))
#if defined(__x86_64__)
#define KEEP_VECTOR(v) __asm__("" : "+x"(v))
#else
#define KEEP_VECTOR(v) __asm__("" : "+w"(v))
#endif

#if defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>
#define ISA "avx2"
enum { LANES = 8 };
typedef __m256 f32v;
typedef __m256i i32v;
static inline f32v splat(float x) { return _mm256_set1_ps(x); }
static inline f32v load(const float *p) { return _mm256_loadu_ps(p); }
static inline void store(float *p, f32v v) { _mm256_storeu_ps(p, v); }
static inline f32v add(f32v a, f32v b) { return _mm256_add_ps(a, b); }
static inline f32v sub(f32v a, f32v b) { return _mm256_sub_ps(a, b); }
static inline f32v mul(f32v a, f32v b) { return _mm256_mul_ps(a, b); }
static inline f32v madd(f32v a, f32v b, f32v c) { return _mm256_fmadd_ps(a, b, c); }
static inline f32v msub(f32v a, f32v b, f32v c) { return _mm256_fnmadd_ps(a, b, c); } /* c - a b */
static inline f32v root(f32v a) { return _mm256_sqrt_ps(a); }
static inline i32v whole(f32v a) { return _mm256_cvttps_epi32(a); }
static inline i32v nearest(f32v a) { return _mm256_cvtps_epi32(a); }
static inline f32v real(i32v a) { return _mm256_cvtepi32_ps(a); }
static inline i32v isplat(int32_t x) { return _mm256_set1_epi32(x); }
static inline i32v iload(const void *p) { return _mm256_loadu_si256((const __m256i *)p); }
static inline void istore(void *p, i32v v) { _mm256_storeu_si256((__m256i *)p, v); }
static inline i32v iadd(i32v a, i32v b) { return _mm256_add_epi32(a, b); }
static inline i32v isub(i32v a, i32v b) { return _mm256_sub_epi32(a, b); }
static inline i32v imul(i32v a, i32v b) { return _mm256_mullo_epi32(a, b); }
static inline i32v iand(i32v a, i32v b) { return _mm256_and_si256(a, b); }
static inline i32v ior(i32v a, i32v b) { return _mm256_or_si256(a, b); }
#define ishl(a, n) _mm256_slli_epi32(a, n)
#define ishr(a, n) _mm256_srli_epi32(a, n)
#define isar(a, n) _mm256_srai_epi32(a, n)
/* a0 b0 + a1 b1 of the int16 halves of every lane. */
static inline i32v dot(i32v a, i32v b) { return _mm256_madd_epi16(a, b); }
/* LANES int16 to float. */
static inline f32v load16(const int16_t *p) { return real(_mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)p))); }

/* row[i] and row[i + 1] of every lane, by loads of pairs. */
static inline void pairs(const float *row, i32v index, f32v *a, f32v *b) {
  uint64_t q0 = _mm256_extract_epi64(index, 0), q1 = _mm256_extract_epi64(index, 1);
  uint64_t q2 = _mm256_extract_epi64(index, 2), q3 = _mm256_extract_epi64(index, 3);
#define PAIR(q) _mm_castpd_ps(_mm_loadh_pd(_mm_load_sd((const double *)(row + (uint32_t)(q))), (const double *)(row + ((q) >> 32))))
  __m256 lo = _mm256_insertf128_ps(_mm256_castps128_ps256(PAIR(q0)), PAIR(q2), 1);
  __m256 hi = _mm256_insertf128_ps(_mm256_castps128_ps256(PAIR(q1)), PAIR(q3), 1);
#undef PAIR
  *a = _mm256_shuffle_ps(lo, hi, 0x88);
  *b = _mm256_shuffle_ps(lo, hi, 0xdd);
}
/* The same by gathers, each of which takes a pair as one number of 64 bits. */
static inline void gathered(const float *row, i32v index, f32v *a, f32v *b) {
  __m256i order = _mm256_permute4x64_epi64(index, 0xd8); /* 0 1 4 5 | 2 3 6 7 */
  __m256 lo = _mm256_castpd_ps(_mm256_i32gather_pd((const double *)row, _mm256_castsi256_si128(order), 4));
  __m256 hi = _mm256_castpd_ps(_mm256_i32gather_pd((const double *)row, _mm256_extracti128_si256(order, 1), 4));
  *a = _mm256_shuffle_ps(lo, hi, 0x88);
  *b = _mm256_shuffle_ps(lo, hi, 0xdd);
}
#define HAVE_GATHER 1
/* (row[i], row[i + 1]) of int16 samples as the two halves of every lane. */
static inline i32v pairs16(const int16_t *row, i32v index) {
  uint64_t q0 = _mm256_extract_epi64(index, 0), q1 = _mm256_extract_epi64(index, 1);
  uint64_t q2 = _mm256_extract_epi64(index, 2), q3 = _mm256_extract_epi64(index, 3);
#define AT(i) (*(const int32_t *)(row + (i)))
#define TWO(q) _mm_insert_epi32(_mm_cvtsi32_si128(AT((uint32_t)(q))), AT((q) >> 32), 1)
  __m128i lo = _mm_unpacklo_epi64(TWO(q0), TWO(q1)), hi = _mm_unpacklo_epi64(TWO(q2), TWO(q3));
#undef TWO
#undef AT
  return _mm256_inserti128_si256(_mm256_castsi128_si256(lo), hi, 1);
}
static inline i32v gathered16(const int16_t *row, i32v index) { return _mm256_i32gather_epi32((const int *)row, index, 2); }

/* Complex rows: values i and i + 1 for lanes 0 1 | 4 5 (a0, a1) and 2 3 | 6 7 (b0, b1), interleaved re im. */
static inline void complex_pairs(const float *row, i32v index, f32v *a0, f32v *a1, f32v *b0, f32v *b1) {
  uint64_t q0 = _mm256_extract_epi64(index, 0), q1 = _mm256_extract_epi64(index, 1);
  uint64_t q2 = _mm256_extract_epi64(index, 2), q3 = _mm256_extract_epi64(index, 3);
#define TWO(i) _mm_loadu_ps(row + 2 * (size_t)(i))
#define BOTH(i, k) _mm256_insertf128_ps(_mm256_castps128_ps256(TWO(i)), TWO(k), 1)
  __m256 p0 = BOTH((uint32_t)q0, (uint32_t)q2), p1 = BOTH(q0 >> 32, q2 >> 32);
  __m256 p2 = BOTH((uint32_t)q1, (uint32_t)q3), p3 = BOTH(q1 >> 32, q3 >> 32);
#undef BOTH
#undef TWO
  *a0 = _mm256_shuffle_ps(p0, p1, 0x44); /* re0 im0 of lane 0, of lane 1 | of lane 4, of lane 5 */
  *a1 = _mm256_shuffle_ps(p0, p1, 0xee);
  *b0 = _mm256_shuffle_ps(p2, p3, 0x44);
  *b1 = _mm256_shuffle_ps(p2, p3, 0xee);
}
/* Every value twice, in the order of complex_pairs. */
static inline f32v twice_low(f32v f) { return _mm256_unpacklo_ps(f, f); }   /* 0 0 1 1 | 4 4 5 5 */
static inline f32v twice_high(f32v f) { return _mm256_unpackhi_ps(f, f); }  /* 2 2 3 3 | 6 6 7 7 */
/* Adds LANES complex values in the order of complex_pairs to memory. */
static inline void add_complex(float *p, f32v a, f32v b) {
  store(p, add(load(p), _mm256_permute2f128_ps(a, b, 0x20)));
  store(p + 8, add(load(p + 8), _mm256_permute2f128_ps(a, b, 0x31)));
}

/* Turns LANES vectors: lane k of vector i becomes lane i of vector k. */
static inline void transpose(i32v v[LANES]) {
  __m256 a[8], b[8];
  for (int i = 0; i < 8; i += 2) {
    a[i] = _mm256_unpacklo_ps(_mm256_castsi256_ps(v[i]), _mm256_castsi256_ps(v[i + 1]));
    a[i + 1] = _mm256_unpackhi_ps(_mm256_castsi256_ps(v[i]), _mm256_castsi256_ps(v[i + 1]));
  }
  for (int i = 0; i < 8; i += 4) {
    b[i] = _mm256_shuffle_ps(a[i], a[i + 2], 0x44);
    b[i + 1] = _mm256_shuffle_ps(a[i], a[i + 2], 0xee);
    b[i + 2] = _mm256_shuffle_ps(a[i + 1], a[i + 3], 0x44);
    b[i + 3] = _mm256_shuffle_ps(a[i + 1], a[i + 3], 0xee);
  }
  for (int i = 0; i < 4; i++) {
    v[i] = _mm256_castps_si256(_mm256_permute2f128_ps(b[i], b[i + 4], 0x20));
    v[i + 4] = _mm256_castps_si256(_mm256_permute2f128_ps(b[i], b[i + 4], 0x31));
  }
}
static inline i32v bits(f32v a) { return _mm256_castps_si256(a); }

#elif defined(__aarch64__)
#include <arm_neon.h>
#define ISA "neon"
enum { LANES = 4 };
typedef float32x4_t f32v;
typedef int32x4_t i32v;
static inline f32v splat(float x) { return vdupq_n_f32(x); }
static inline f32v load(const float *p) { return vld1q_f32(p); }
static inline void store(float *p, f32v v) { vst1q_f32(p, v); }
static inline f32v add(f32v a, f32v b) { return vaddq_f32(a, b); }
static inline f32v sub(f32v a, f32v b) { return vsubq_f32(a, b); }
static inline f32v mul(f32v a, f32v b) { return vmulq_f32(a, b); }
static inline f32v madd(f32v a, f32v b, f32v c) { return vfmaq_f32(c, a, b); }
static inline f32v msub(f32v a, f32v b, f32v c) { return vfmsq_f32(c, a, b); }
static inline f32v root(f32v a) { return vsqrtq_f32(a); }
static inline i32v whole(f32v a) { return vcvtq_s32_f32(a); }
static inline i32v nearest(f32v a) { return vcvtnq_s32_f32(a); }
static inline f32v real(i32v a) { return vcvtq_f32_s32(a); }
static inline i32v isplat(int32_t x) { return vdupq_n_s32(x); }
static inline i32v iload(const void *p) { return vld1q_s32((const int32_t *)p); }
static inline void istore(void *p, i32v v) { vst1q_s32((int32_t *)p, v); }
static inline i32v iadd(i32v a, i32v b) { return vaddq_s32(a, b); }
static inline i32v isub(i32v a, i32v b) { return vsubq_s32(a, b); }
static inline i32v imul(i32v a, i32v b) { return vmulq_s32(a, b); }
static inline i32v iand(i32v a, i32v b) { return vandq_s32(a, b); }
static inline i32v ior(i32v a, i32v b) { return vorrq_s32(a, b); }
#define ishl(a, n) vshlq_n_s32(a, n)
#define ishr(a, n) vreinterpretq_s32_u32(vshrq_n_u32(vreinterpretq_u32_s32(a), n))
#define isar(a, n) vshrq_n_s32(a, n)
static inline i32v dot(i32v a, i32v b) {
  int16x8_t x = vreinterpretq_s16_s32(a), y = vreinterpretq_s16_s32(b);
  return vpaddq_s32(vmull_s16(vget_low_s16(x), vget_low_s16(y)), vmull_high_s16(x, y));
}
static inline f32v load16(const int16_t *p) { return real(vmovl_s16(vld1_s16(p))); }
static inline void pairs(const float *row, i32v index, f32v *a, f32v *b) {
  float32x4_t lo = vcombine_f32(vld1_f32(row + vgetq_lane_s32(index, 0)), vld1_f32(row + vgetq_lane_s32(index, 1)));
  float32x4_t hi = vcombine_f32(vld1_f32(row + vgetq_lane_s32(index, 2)), vld1_f32(row + vgetq_lane_s32(index, 3)));
  *a = vuzp1q_f32(lo, hi);
  *b = vuzp2q_f32(lo, hi);
}
static inline i32v pairs16(const int16_t *row, i32v index) {
  i32v v = vdupq_n_s32(0);
  v = vld1q_lane_s32((const int32_t *)(row + vgetq_lane_s32(index, 0)), v, 0);
  v = vld1q_lane_s32((const int32_t *)(row + vgetq_lane_s32(index, 1)), v, 1);
  v = vld1q_lane_s32((const int32_t *)(row + vgetq_lane_s32(index, 2)), v, 2);
  return vld1q_lane_s32((const int32_t *)(row + vgetq_lane_s32(index, 3)), v, 3);
}
static inline void complex_pairs(const float *row, i32v index, f32v *a0, f32v *a1, f32v *b0, f32v *b1) {
  float32x4_t p0 = vld1q_f32(row + 2 * vgetq_lane_s32(index, 0)), p1 = vld1q_f32(row + 2 * vgetq_lane_s32(index, 1));
  float32x4_t p2 = vld1q_f32(row + 2 * vgetq_lane_s32(index, 2)), p3 = vld1q_f32(row + 2 * vgetq_lane_s32(index, 3));
  *a0 = vcombine_f32(vget_low_f32(p0), vget_low_f32(p1));
  *a1 = vcombine_f32(vget_high_f32(p0), vget_high_f32(p1));
  *b0 = vcombine_f32(vget_low_f32(p2), vget_low_f32(p3));
  *b1 = vcombine_f32(vget_high_f32(p2), vget_high_f32(p3));
}
static inline f32v twice_low(f32v f) { return vzip1q_f32(f, f); }
static inline f32v twice_high(f32v f) { return vzip2q_f32(f, f); }
static inline void add_complex(float *p, f32v a, f32v b) {
  store(p, add(load(p), a));
  store(p + 4, add(load(p + 4), b));
}
static inline void transpose(i32v v[LANES]) {
  int32x4_t a = vtrn1q_s32(v[0], v[1]), b = vtrn2q_s32(v[0], v[1]), c = vtrn1q_s32(v[2], v[3]), d = vtrn2q_s32(v[2], v[3]);
  v[0] = vreinterpretq_s32_s64(vtrn1q_s64(vreinterpretq_s64_s32(a), vreinterpretq_s64_s32(c)));
  v[1] = vreinterpretq_s32_s64(vtrn1q_s64(vreinterpretq_s64_s32(b), vreinterpretq_s64_s32(d)));
  v[2] = vreinterpretq_s32_s64(vtrn2q_s64(vreinterpretq_s64_s32(a), vreinterpretq_s64_s32(c)));
  v[3] = vreinterpretq_s32_s64(vtrn2q_s64(vreinterpretq_s64_s32(b), vreinterpretq_s64_s32(d)));
}
static inline i32v bits(f32v a) { return vreinterpretq_s32_f32(a); }
#else
#error "no AVX2 and no NEON"
#endif
#endif
