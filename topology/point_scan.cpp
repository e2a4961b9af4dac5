// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/point_scan.hpp"

#include <algorithm>
#include <limits>

#include "chronotope/topology/vector_intrinsics.hpp"

namespace chronotope {

namespace {

constexpr std::size_t kBlock = PointScan::kBlock;

// Portable: as many lanes at a time as the baseline's registers hold.

void squared_distances(const double* blocks, std::size_t count, std::size_t dimension, const double* point,
                       double* squares) {
  constexpr std::size_t kLanes = 8;
  for (std::size_t b = 0; b < count; ++b)
    for (std::size_t part = 0; part < kBlock; part += kLanes) {
      const double* x = blocks + b * dimension * kBlock + part;
      double sums[kLanes] = {};
      for (std::size_t c = 0; c < dimension; ++c, x += kBlock)
        for (std::size_t k = 0; k < kLanes; ++k) sums[k] += (x[k] - point[c]) * (x[k] - point[c]);
      for (std::size_t k = 0; k < kLanes; ++k) squares[b * kBlock + part + k] = sums[k];
    }
}

bool any_below(const double* values, const double* limits) {
  int found = 0;
  for (std::size_t k = 0; k < kBlock; ++k) found |= values[k] < limits[k];
  return found != 0;
}

double least_maximum(const double* a, const double* b, std::size_t length) {
  constexpr std::size_t kLanes = 8;
  double lanes[kLanes];
  std::fill_n(lanes, kLanes, std::numeric_limits<double>::infinity());
  std::size_t k = 0;
  for (; k + kLanes <= length; k += kLanes)
    for (std::size_t l = 0; l < kLanes; ++l) {
      const double larger = a[k + l] > b[k + l] ? a[k + l] : b[k + l];
      lanes[l] = larger < lanes[l] ? larger : lanes[l];
    }
  for (; k < length; ++k) lanes[0] = std::min(lanes[0], std::max(a[k], b[k]));
  return *std::min_element(lanes, lanes + kLanes);
}

#if defined(__x86_64__)

#define CHRONOTOPE_AVX2 __attribute__((target("avx2")))
#define CHRONOTOPE_AVX512 __attribute__((target("avx512f,avx512dq,avx512vl")))

CHRONOTOPE_AVX2 void squared_distances_avx2(const double* blocks, std::size_t count, std::size_t dimension,
                                            const double* point, double* squares) {
  const double* x = blocks;
  for (std::size_t b = 0; b < count; ++b) {
    __m256d sums[8] = {};
    for (std::size_t c = 0; c < dimension; ++c, x += kBlock) {
      const __m256d origin = _mm256_set1_pd(point[c]);
      for (std::size_t k = 0; k < 8; ++k) {
        const __m256d step = _mm256_sub_pd(_mm256_loadu_pd(x + 4 * k), origin);
        sums[k] = _mm256_add_pd(sums[k], _mm256_mul_pd(step, step));
      }
    }
    for (std::size_t k = 0; k < 8; ++k) _mm256_storeu_pd(squares + b * kBlock + 4 * k, sums[k]);
  }
}

CHRONOTOPE_AVX2 bool any_below_avx2(const double* values, const double* limits) {
  __m256d found = _mm256_setzero_pd();
  for (std::size_t k = 0; k < kBlock; k += 4)
    found = _mm256_or_pd(found,
                         _mm256_cmp_pd(_mm256_loadu_pd(values + k), _mm256_loadu_pd(limits + k), _CMP_LT_OQ));
  return _mm256_movemask_pd(found) != 0;
}

CHRONOTOPE_AVX512 void squared_distances_avx512(const double* blocks, std::size_t count,
                                                std::size_t dimension, const double* point, double* squares) {
  const double* x = blocks;
  for (std::size_t b = 0; b < count; ++b) {
    __m512d sums[4] = {_mm512_setzero_pd(), _mm512_setzero_pd(), _mm512_setzero_pd(), _mm512_setzero_pd()};
    for (std::size_t c = 0; c < dimension; ++c, x += kBlock) {
      const __m512d origin = _mm512_set1_pd(point[c]);
      for (std::size_t k = 0; k < 4; ++k) {
        const __m512d step = _mm512_sub_pd(_mm512_loadu_pd(x + 8 * k), origin);
        sums[k] = _mm512_add_pd(sums[k], _mm512_mul_pd(step, step));
      }
    }
    for (std::size_t k = 0; k < 4; ++k) _mm512_storeu_pd(squares + b * kBlock + 8 * k, sums[k]);
  }
}

CHRONOTOPE_AVX512 bool any_below_avx512(const double* values, const double* limits) {
  unsigned found = 0;
  for (std::size_t k = 0; k < kBlock; k += 8)
    found |= _mm512_cmp_pd_mask(_mm512_loadu_pd(values + k), _mm512_loadu_pd(limits + k), _CMP_LT_OQ);
  return found != 0;
}

CHRONOTOPE_AVX2 double least_maximum_avx2(const double* a, const double* b, std::size_t length) {
  __m256d low = _mm256_set1_pd(std::numeric_limits<double>::infinity());
  __m256d high = low;
  std::size_t k = 0;
  for (; k + 8 <= length; k += 8) {
    low = _mm256_min_pd(low, _mm256_max_pd(_mm256_loadu_pd(a + k), _mm256_loadu_pd(b + k)));
    high = _mm256_min_pd(high, _mm256_max_pd(_mm256_loadu_pd(a + k + 4), _mm256_loadu_pd(b + k + 4)));
  }
  double lanes[4];
  _mm256_storeu_pd(lanes, _mm256_min_pd(low, high));
  return std::min(*std::min_element(lanes, lanes + 4), least_maximum(a + k, b + k, length - k));
}

CHRONOTOPE_AVX512 double least_maximum_avx512(const double* a, const double* b, std::size_t length) {
  __m512d low = _mm512_set1_pd(std::numeric_limits<double>::infinity());
  __m512d high = low;
  std::size_t k = 0;
  for (; k + 16 <= length; k += 16) {
    low = _mm512_min_pd(low, _mm512_max_pd(_mm512_loadu_pd(a + k), _mm512_loadu_pd(b + k)));
    high = _mm512_min_pd(high, _mm512_max_pd(_mm512_loadu_pd(a + k + 8), _mm512_loadu_pd(b + k + 8)));
  }
  double lanes[8];
  _mm512_storeu_pd(lanes, _mm512_min_pd(low, high));
  return std::min(*std::min_element(lanes, lanes + 8), least_maximum(a + k, b + k, length - k));
}

#endif

std::vector<PointScan> supported() {
  std::vector<PointScan> sets = {{"portable", squared_distances, any_below, least_maximum}};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2"))
    sets.push_back({"avx2", squared_distances_avx2, any_below_avx2, least_maximum_avx2});
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    sets.push_back({"avx512", squared_distances_avx512, any_below_avx512, least_maximum_avx512});
#endif
  return sets;
}

}  // namespace

const std::vector<PointScan>& point_scans() {
  static const std::vector<PointScan> sets = supported();
  return sets;
}

}  // namespace chronotope
