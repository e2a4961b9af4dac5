// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>
#include <sleef.h>

#include "chronotope/core/exponential_vectors.hpp"

namespace chronotope {

std::size_t exp_by_eight(double* x, std::size_t count) {
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8)
    _mm512_storeu_pd(x + i, Sleef_cinz_expd8_u10avx512fnofma(_mm512_loadu_pd(x + i)));
  return i;
}

std::size_t log_by_eight(double* x, std::size_t count) {
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8)
    _mm512_storeu_pd(x + i, Sleef_cinz_logd8_u10avx512fnofma(_mm512_loadu_pd(x + i)));
  return i;
}

}  // namespace chronotope
