// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/exponential.hpp"

#include <cstddef>

#include "chronotope/core/exponential_vectors.hpp"

namespace chronotope {
namespace {

bool has_avx() {
#if defined(__x86_64__)
  static const bool kHas = __builtin_cpu_supports("avx");
  return kHas;
#else
  return false;
#endif
}

bool has_avx512() {
#if defined(__x86_64__)
  static const bool kHas = __builtin_cpu_supports("avx512f");
  return kHas;
#else
  return false;
#endif
}

using Kernel = std::size_t (*)(double*, std::size_t);

/// As much as possible in vectors of eight, of four, then of two, the rest one by one.
void apply(std::span<double> x, Kernel by_eight, Kernel by_four, Kernel by_two, double (*one)(double)) {
  std::size_t done = 0;
  if (x.size() >= 8 && has_avx512()) done = by_eight(x.data(), x.size());
  if (x.size() - done >= 4 && has_avx()) done += by_four(x.data() + done, x.size() - done);
  done += by_two(x.data() + done, x.size() - done);
  for (; done < x.size(); ++done) x[done] = one(x[done]);
}

#if defined(__SSE2__)
std::size_t exp_by_two(double* x, std::size_t count) {
  std::size_t i = 0;
  for (; i + 2 <= count; i += 2) _mm_storeu_pd(x + i, Sleef_cinz_expd2_u10sse2(_mm_loadu_pd(x + i)));
  return i;
}
std::size_t log_by_two(double* x, std::size_t count) {
  std::size_t i = 0;
  for (; i + 2 <= count; i += 2) _mm_storeu_pd(x + i, Sleef_cinz_logd2_u10sse2(_mm_loadu_pd(x + i)));
  return i;
}
#else
std::size_t exp_by_two(double*, std::size_t) { return 0; }
std::size_t log_by_two(double*, std::size_t) { return 0; }
#endif

}  // namespace

void exp_all(std::span<double> x) { apply(x, exp_by_eight, exp_by_four, exp_by_two, exp); }
void log_all(std::span<double> x) { apply(x, log_by_eight, log_by_four, log_by_two, log); }

}  // namespace chronotope
