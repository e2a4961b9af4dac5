// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// <immintrin.h>, quietly: g++ 12 takes the undefined lanes inside its own AVX-512 header for a mistake (GCC
// bug 105593), and clang does not know the name of one of the warnings.
#if defined(__x86_64__)
#if defined(__clang__)
#include <immintrin.h>
#else
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <immintrin.h>
#pragma GCC diagnostic pop
#endif

/// In front of a function: it is for processors that have these vectors.
#define CHRONOTOPE_AVX2 __attribute__((target("avx2")))
#define CHRONOTOPE_AVX512 __attribute__((target("avx512f,avx512dq,avx512vl")))

namespace chronotope::topology {

/// The lanes of four comparisons, in their order, as the bits of a number.
CHRONOTOPE_AVX2 inline std::uint64_t bits32(__m256i m0, __m256i m1, __m256i m2, __m256i m3) {
  const __m256i bytes = _mm256_packs_epi16(_mm256_packs_epi32(m0, m1), _mm256_packs_epi32(m2, m3));
  const __m256i in_order = _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(in_order));
}

}  // namespace chronotope::topology
#endif
