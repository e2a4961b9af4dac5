// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>
#include <sleef.h>

#include "chronotope/core/exponential_vectors.hpp"

namespace chronotope {

std::size_t exp_by_four(double* x, std::size_t count) {
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) _mm256_storeu_pd(x + i, Sleef_cinz_expd4_u10avx(_mm256_loadu_pd(x + i)));
  return i;
}

std::size_t log_by_four(double* x, std::size_t count) {
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) _mm256_storeu_pd(x + i, Sleef_cinz_logd4_u10avx(_mm256_loadu_pd(x + i)));
  return i;
}

}  // namespace chronotope
