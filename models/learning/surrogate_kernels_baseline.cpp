// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/surrogate_kernels.hpp"
#include "chronotope/models/learning/surrogate_loops.hpp"

namespace chronotope::models {
namespace {

/// Vectors of 16 bytes, which every 64-bit processor has; a multiply-add is the C library's.
template <class Real>
struct Baseline {
  typedef Real Vector __attribute__((vector_size(16)));
  static constexpr std::size_t kWidth = 16 / sizeof(Real);
  static constexpr std::size_t kItems = 4;

  static float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
  static double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
  static Vector fma(const Vector& a, const Vector& b, Vector c) {
    for (std::size_t i = 0; i < kWidth; ++i) c[i] = fma(a[i], b[i], c[i]);
    return c;
  }
  static unsigned reached(const Vector& a, const Vector& b) {
    unsigned bits = 0;
    for (std::size_t i = kWidth; i-- > 0;) bits = 2 * bits + (a[i] >= b[i] ? 1U : 0U);
    return bits;
  }
};

const KernelTables* tables(KernelWidth width) {
  if (width == KernelWidth::kBaseline) return &baseline_kernels();
#if defined(__x86_64__)
  if (width == KernelWidth::kAvx2 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return &avx2_kernels();
  if (width == KernelWidth::kAvx512 && __builtin_cpu_supports("avx512f")) return &avx512_kernels();
#endif
  return nullptr;
}

const KernelTables& widest_tables() {
  if (const KernelTables* there = tables(KernelWidth::kAvx512)) return *there;
  if (const KernelTables* there = tables(KernelWidth::kAvx2)) return *there;
  return baseline_kernels();
}

}  // namespace

const KernelTables& baseline_kernels() {
  static const KernelTables kTables{SurrogateLoops<Baseline<float>, float>::table(),
                                    SurrogateLoops<Baseline<double>, double>::table()};
  return kTables;
}

template <>
const SurrogateKernels<float>& widest_kernels() {
  return widest_tables().of_float;
}
template <>
const SurrogateKernels<double>& widest_kernels() {
  return widest_tables().of_double;
}

template <>
const SurrogateKernels<float>* kernels_of(KernelWidth width) {
  const KernelTables* there = tables(width);
  return there == nullptr ? nullptr : &there->of_float;
}
template <>
const SurrogateKernels<double>* kernels_of(KernelWidth width) {
  const KernelTables* there = tables(width);
  return there == nullptr ? nullptr : &there->of_double;
}

}  // namespace chronotope::models
