// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/exponential.hpp"

#include <cstddef>

#include "chronotope/core/exponential_vectors.hpp"

namespace chronotope {
namespace {

using Kernel = std::size_t (*)(double*, std::size_t);

/// Without vectors: leaves everything to the scalar remainder.
std::size_t none(double*, std::size_t) { return 0; }

Kernel widest() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return exp_by_eight;
  if (__builtin_cpu_supports("avx")) return exp_by_four;
#endif
  return none;
}

}  // namespace

void exp_all(std::span<double> x) {
  static const Kernel kKernel = widest();
  for (std::size_t i = kKernel(x.data(), x.size()); i < x.size(); ++i) x[i] = exp(x[i]);
}

}  // namespace chronotope
