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

/// As much as possible in vectors of eight, then of four, the rest one by one.
void apply(std::span<double> x, Kernel by_eight, Kernel by_four, double (*one)(double)) {
  std::size_t done = 0;
  if (x.size() >= 8 && has_avx512()) done = by_eight(x.data(), x.size());
  if (x.size() - done >= 4 && has_avx()) done += by_four(x.data() + done, x.size() - done);
  for (; done < x.size(); ++done) x[done] = one(x[done]);
}

}  // namespace

void exp_all(std::span<double> x) { apply(x, exp_by_eight, exp_by_four, exp); }
void log_all(std::span<double> x) { apply(x, log_by_eight, log_by_four, log); }

}  // namespace chronotope
