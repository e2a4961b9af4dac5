// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sleef.h>

#include "chronotope/core/exponential.hpp"

namespace chronotope {

/// Replaces x and y by their exponentials, together for the price of one: the same bits as exp(double).
inline void exp_pair(double& x, double& y) {
#if defined(__SSE2__)
  const __m128d both = Sleef_cinz_expd2_u10sse2(_mm_set_pd(y, x));
  x = _mm_cvtsd_f64(both);
  y = _mm_cvtsd_f64(_mm_unpackhi_pd(both, both));
#else
  x = exp(x);
  y = exp(y);
#endif
}

}  // namespace chronotope
