// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/rank_scan.hpp"

#include <algorithm>
#include <bit>

#include "chronotope/topology/distances/vector_intrinsics.hpp"

namespace chronotope::topology {

namespace {

// Portable: blocks without an exit inside, which compilers turn into vectors of the baseline.

constexpr std::size_t kStep = 16;

std::size_t first_below(const Rank* a, const Rank* b, std::size_t length, Rank bound) {
  for (std::size_t block = 0; block < length; block += kStep) {
    int found = 0;
    for (std::size_t k = block; k < block + kStep; ++k) found |= (a[k] < bound) & (b[k] < bound);
    if (!found) continue;
    while (a[block] >= bound || b[block] >= bound) ++block;
    return block;
  }
  return length;
}

bool any_below(const double* a, const double* b, std::size_t length, double bound) {
  for (std::size_t begin = 0; begin < length; begin += kStep) {
    const std::size_t end = std::min(begin + kStep, length);
    int found = 0;
    for (std::size_t k = begin; k < end; ++k) found |= (a[k] < bound) & (b[k] < bound);
    if (found) return true;
  }
  return false;
}

void mark_window(const Rank* a, const Rank* b, std::size_t length, Rank e, Rank begin, Rank end,
                 std::uint64_t* masks) {
  const bool from_start = e >= begin;
  for (std::size_t block = 0; block < length; block += RankScan::kBlock) {
    std::uint64_t mask = 0;
    for (std::size_t step = 0; step < RankScan::kBlock; step += kStep) {
      unsigned char inside[kStep];
      int found = 0;
      for (std::size_t k = 0; k < kStep; ++k) {
        const Rank x = a[block + step + k];
        const Rank y = b[block + step + k];
        inside[k] = (x < end) & (y < end) & ((x >= begin) | (y >= begin) | from_start);
        found |= inside[k];
      }
      if (!found) continue;
      for (std::size_t k = 0; k < kStep; ++k) mask |= std::uint64_t{inside[k]} << (step + k);
    }
    masks[block / RankScan::kBlock] = mask;
  }
}

#if defined(__x86_64__)

CHRONOTOPE_AVX2 __m256i load8(const Rank* at) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}

CHRONOTOPE_AVX2 unsigned bits8(__m256i lanes) {
  return static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(lanes)));
}

CHRONOTOPE_AVX2 std::size_t first_below_avx2(const Rank* a, const Rank* b, std::size_t length, Rank bound) {
  const __m256i limit = _mm256_set1_epi32(bound);
  for (std::size_t k = 0; k < length; k += 8) {
    const __m256i later = _mm256_max_epi32(load8(a + k), load8(b + k));
    if (const unsigned found = bits8(_mm256_cmpgt_epi32(limit, later)))
      return k + static_cast<std::size_t>(std::countr_zero(found));
  }
  return length;
}

CHRONOTOPE_AVX2 bool any_below_avx2(const double* a, const double* b, std::size_t length, double bound) {
  const __m256d limit = _mm256_set1_pd(bound);
  std::size_t k = 0;
  for (; k + 8 <= length; k += 8) {
    const __m256d low = _mm256_max_pd(_mm256_loadu_pd(a + k), _mm256_loadu_pd(b + k));
    const __m256d high = _mm256_max_pd(_mm256_loadu_pd(a + k + 4), _mm256_loadu_pd(b + k + 4));
    if (_mm256_movemask_pd(_mm256_cmp_pd(_mm256_min_pd(low, high), limit, _CMP_LT_OQ)) != 0) return true;
  }
  return any_below(a + k, b + k, length - k, bound);
}

CHRONOTOPE_AVX2 void mark_window_avx2(const Rank* a, const Rank* b, std::size_t length, Rank e, Rank begin,
                                      Rank end, std::uint64_t* masks) {
  // begin <= latest < end as one comparison: of the distance from begin, counted from the least number.
  constexpr std::uint32_t kLeast = 0x80000000u;
  const __m256i own = _mm256_set1_epi32(e);
  const __m256i shift = _mm256_set1_epi32(static_cast<Rank>(kLeast - static_cast<std::uint32_t>(begin)));
  const __m256i width =
      _mm256_set1_epi32(static_cast<Rank>(kLeast + static_cast<std::uint32_t>(end - begin)));
  const auto inside = [&](std::size_t k) CHRONOTOPE_AVX2 {
    const __m256i latest = _mm256_max_epi32(_mm256_max_epi32(load8(a + k), load8(b + k)), own);
    return _mm256_cmpgt_epi32(width, _mm256_add_epi32(latest, shift));
  };
  for (std::size_t k = 0; k < length; k += RankScan::kBlock)
    masks[k / RankScan::kBlock] = bits32(inside(k), inside(k + 8), inside(k + 16), inside(k + 24)) |
                                  bits32(inside(k + 32), inside(k + 40), inside(k + 48), inside(k + 56))
                                      << 32;
}

CHRONOTOPE_AVX512 std::size_t first_below_avx512(const Rank* a, const Rank* b, std::size_t length,
                                                 Rank bound) {
  const __m512i limit = _mm512_set1_epi32(bound);
  for (std::size_t k = 0; k < length; k += 16) {
    const __m512i later = _mm512_max_epi32(_mm512_loadu_si512(a + k), _mm512_loadu_si512(b + k));
    if (const unsigned found = _mm512_cmplt_epi32_mask(later, limit))
      return k + static_cast<std::size_t>(std::countr_zero(found));
  }
  return length;
}

CHRONOTOPE_AVX512 bool any_below_avx512(const double* a, const double* b, std::size_t length, double bound) {
  const __m512d limit = _mm512_set1_pd(bound);
  std::size_t k = 0;
  for (; k + 8 <= length; k += 8) {
    const __m512d later = _mm512_max_pd(_mm512_loadu_pd(a + k), _mm512_loadu_pd(b + k));
    if (_mm512_cmp_pd_mask(later, limit, _CMP_LT_OQ) != 0) return true;
  }
  return any_below(a + k, b + k, length - k, bound);
}

CHRONOTOPE_AVX512 void mark_window_avx512(const Rank* a, const Rank* b, std::size_t length, Rank e,
                                          Rank begin, Rank end, std::uint64_t* masks) {
  const __m512i own = _mm512_set1_epi32(e);
  const __m512i first = _mm512_set1_epi32(begin);
  const __m512i width = _mm512_set1_epi32(end - begin);
  const auto inside = [&](std::size_t k) CHRONOTOPE_AVX512 -> std::uint64_t {
    const __m512i latest =
        _mm512_max_epi32(_mm512_max_epi32(_mm512_loadu_si512(a + k), _mm512_loadu_si512(b + k)), own);
    return _mm512_cmplt_epu32_mask(_mm512_sub_epi32(latest, first), width);
  };
  for (std::size_t k = 0; k < length; k += RankScan::kBlock)
    masks[k / RankScan::kBlock] =
        inside(k) | inside(k + 16) << 16 | inside(k + 32) << 32 | inside(k + 48) << 48;
}

#endif

std::vector<RankScan> supported() {
  std::vector<RankScan> sets = {{"portable", first_below, any_below, mark_window}};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2"))
    sets.push_back({"avx2", first_below_avx2, any_below_avx2, mark_window_avx2});
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    sets.push_back({"avx512", first_below_avx512, any_below_avx512, mark_window_avx512});
#endif
  return sets;
}

}  // namespace

const std::vector<RankScan>& rank_scans() {
  static const std::vector<RankScan> sets = supported();
  return sets;
}

}  // namespace chronotope::topology
