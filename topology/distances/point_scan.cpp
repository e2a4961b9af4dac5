// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/point_scan.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "chronotope/topology/distances/vector_intrinsics.hpp"

namespace chronotope::topology {

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

/// The sums of one block.
void coarse_squares(const std::int16_t* block, std::size_t pairs, const std::int16_t* point,
                    std::int32_t* sums) {
  std::fill_n(sums, kBlock, 0);
  for (std::size_t p = 0; p < pairs; ++p, block += 2 * kBlock)
    for (std::size_t k = 0; k < kBlock; ++k) {
      const std::int32_t first = block[2 * k] - point[2 * p];
      const std::int32_t second = block[2 * k + 1] - point[2 * p + 1];
      sums[k] += first * first + second * second;
    }
}

std::size_t blocks_below(const std::int16_t* blocks, std::size_t count, std::size_t pairs,
                         const std::int16_t* point, const std::int32_t* limits, std::uint32_t* found) {
  std::size_t listed = 0;
  for (std::size_t b = 0; b < count; ++b, limits += kBlock) {
    std::int32_t sums[kBlock];
    coarse_squares(blocks + b * pairs * 2 * kBlock, pairs, point, sums);
    int below = 0;
    for (std::size_t k = 0; k < kBlock; ++k) below |= sums[k] < limits[k];
    found[listed] = static_cast<std::uint32_t>(b);
    listed += below != 0;
  }
  return listed;
}

std::size_t blocks_between(const std::int16_t* blocks, std::size_t count, std::size_t pairs,
                           const std::int16_t* point, std::int32_t low, std::int32_t high,
                           std::uint32_t* found, std::uint64_t& below) {
  std::size_t listed = 0;
  for (std::size_t b = 0; b < count; ++b) {
    std::int32_t sums[kBlock];
    coarse_squares(blocks + b * pairs * 2 * kBlock, pairs, point, sums);
    std::uint64_t below_low = 0;
    std::uint64_t below_high = 0;
    for (std::size_t k = 0; k < kBlock; ++k) {
      below_low += sums[k] < low;
      below_high += sums[k] < high;
    }
    const bool between = below_low != below_high;
    found[listed] = static_cast<std::uint32_t>(b);
    listed += between;
    below += between ? 0 : below_low;
  }
  return listed;
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

CHRONOTOPE_AVX2 __m256i load256(const void* at) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(at));
}

CHRONOTOPE_AVX2 void coarse_squares_avx2(const std::int16_t* block, std::size_t pairs,
                                         const std::int16_t* point, __m256i (&sums)[4]) {
  for (__m256i& sum : sums) sum = _mm256_setzero_si256();
  for (std::size_t p = 0; p < pairs; ++p, block += 2 * kBlock) {
    std::int32_t pair;
    std::memcpy(&pair, point + 2 * p, sizeof pair);
    const __m256i origin = _mm256_set1_epi32(pair);
    for (std::size_t k = 0; k < 4; ++k) {
      const __m256i step = _mm256_sub_epi16(load256(block + 16 * k), origin);
      sums[k] = _mm256_add_epi32(sums[k], _mm256_madd_epi16(step, step));
    }
  }
}

CHRONOTOPE_AVX2 std::size_t blocks_below_avx2(const std::int16_t* blocks, std::size_t count,
                                              std::size_t pairs, const std::int16_t* point,
                                              const std::int32_t* limits, std::uint32_t* found) {
  std::size_t listed = 0;
  for (std::size_t b = 0; b < count; ++b, limits += kBlock) {
    __m256i sums[4];
    coarse_squares_avx2(blocks + b * pairs * 2 * kBlock, pairs, point, sums);
    __m256i below = _mm256_setzero_si256();
    for (std::size_t k = 0; k < 4; ++k)
      below = _mm256_or_si256(below, _mm256_cmpgt_epi32(load256(limits + 8 * k), sums[k]));
    found[listed] = static_cast<std::uint32_t>(b);
    listed += !_mm256_testz_si256(below, below);
  }
  return listed;
}

CHRONOTOPE_AVX2 std::size_t blocks_between_avx2(const std::int16_t* blocks, std::size_t count,
                                                std::size_t pairs, const std::int16_t* point,
                                                std::int32_t low, std::int32_t high, std::uint32_t* found,
                                                std::uint64_t& below) {
  std::size_t listed = 0;
  for (std::size_t b = 0; b < count; ++b) {
    __m256i sums[4];
    coarse_squares_avx2(blocks + b * pairs * 2 * kBlock, pairs, point, sums);
    const auto bits_below = [&](std::int32_t limit) CHRONOTOPE_AVX2 {
      const __m256i bound = _mm256_set1_epi32(limit);
      return bits32(_mm256_cmpgt_epi32(bound, sums[0]), _mm256_cmpgt_epi32(bound, sums[1]),
                    _mm256_cmpgt_epi32(bound, sums[2]), _mm256_cmpgt_epi32(bound, sums[3]));
    };
    const std::uint64_t below_low = bits_below(low);
    const bool between = below_low != bits_below(high);
    found[listed] = static_cast<std::uint32_t>(b);
    listed += between;
    below += between ? 0 : static_cast<std::uint64_t>(std::popcount(below_low));
  }
  return listed;
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
  std::vector<PointScan> sets = {
      {"portable", squared_distances, blocks_below, blocks_between, least_maximum}};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2"))
    sets.push_back(
        {"avx2", squared_distances_avx2, blocks_below_avx2, blocks_between_avx2, least_maximum_avx2});
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    sets.push_back(
        {"avx512", squared_distances_avx512, blocks_below_avx2, blocks_between_avx2, least_maximum_avx512});
#endif
  return sets;
}

}  // namespace

const std::vector<PointScan>& point_scans() {
  static const std::vector<PointScan> sets = supported();
  return sets;
}

}  // namespace chronotope::topology
