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
  typedef float Vector __attribute__((vector_size(32)));
  static constexpr std::size_t kWidth = 8;
  static constexpr std::size_t kItems = 4;

  static float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
  static Vector fma(const Vector& a, const Vector& b, const Vector& c) { return _mm256_fmadd_ps(a, b, c); }
  static unsigned reached(const Vector& a, const Vector& b) {
    return static_cast<unsigned>(_mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_GE_OQ)));
  }
};

template <>
struct Wide<double> {
  typedef double Vector __attribute__((vector_size(32)));
  static constexpr std::size_t kWidth = 4;
  static constexpr std::size_t kItems = 4;

  static double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
  static Vector fma(const Vector& a, const Vector& b, const Vector& c) { return _mm256_fmadd_pd(a, b, c); }
  static unsigned reached(const Vector& a, const Vector& b) {
    return static_cast<unsigned>(_mm256_movemask_pd(_mm256_cmp_pd(a, b, _CMP_GE_OQ)));
  }
};

}  // namespace

const KernelTables& avx2_kernels() {
  static const KernelTables kTables{SurrogateLoops<Wide<float>, float>::table(),
                                    SurrogateLoops<Wide<double>, double>::table()};
  return kTables;
}

}  // namespace chronotope::models
