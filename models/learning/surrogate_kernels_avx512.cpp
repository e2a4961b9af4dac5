// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "chronotope/models/learning/surrogate_kernels.hpp"
#include "chronotope/models/learning/surrogate_loops.hpp"

namespace chronotope::models {
namespace {

template <class Real>
struct Wide;

template <>
struct Wide<float> {
  typedef float Vector __attribute__((vector_size(64)));
  static constexpr std::size_t kWidth = 16;
  static constexpr std::size_t kItems = 8;

  static float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
  static Vector fma(const Vector& a, const Vector& b, const Vector& c) { return _mm512_fmadd_ps(a, b, c); }
  static unsigned reached(const Vector& a, const Vector& b) { return _mm512_cmp_ps_mask(a, b, _CMP_GE_OQ); }
};

template <>
struct Wide<double> {
  typedef double Vector __attribute__((vector_size(64)));
  static constexpr std::size_t kWidth = 8;
  static constexpr std::size_t kItems = 8;

  static double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
  static Vector fma(const Vector& a, const Vector& b, const Vector& c) { return _mm512_fmadd_pd(a, b, c); }
  static unsigned reached(const Vector& a, const Vector& b) { return _mm512_cmp_pd_mask(a, b, _CMP_GE_OQ); }
};

}  // namespace

const KernelTables& avx512_kernels() {
  static const KernelTables kTables{SurrogateLoops<Wide<float>, float>::table(),
                                    SurrogateLoops<Wide<double>, double>::table()};
  return kTables;
}

}  // namespace chronotope::models
