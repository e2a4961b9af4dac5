// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/exponential.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

#include "chronotope/core/exponential_vectors.hpp"
#include "chronotope/core/random_stream.hpp"

namespace chronotope {
namespace {

std::vector<double> arguments() {
  RandomStream draw(1, Purpose("exponential_test"), 0);
  std::vector<double> x{0, -0.0, 1, -1, 709.5, 710, -745, -746, 1e-300, -1e-17, 0.5, -0.5};
  for (const double scale : {1e-3, 1.0, 30.0, 700.0})
    for (int k = 0; k < 5000; ++k) x.push_back(scale * (2 * draw.uniform() - 1));
  return x;
}

std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

TEST(Exponential, EveryVectorWidthGivesTheScalarBits) {
  const std::vector<double> x = arguments();
  const auto compare = [&](auto kernel) {
    std::vector<double> y = x;
    const std::size_t done = kernel(y.data(), y.size());
    EXPECT_GT(done, 0u);
    for (std::size_t i = 0; i < done; ++i) ASSERT_EQ(bits(y[i]), bits(exp(x[i]))) << x[i];
  };
  compare([](double* y, std::size_t count) {
    exp_all({y, count});
    return count;
  });
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx")) compare(exp_by_four);
  if (__builtin_cpu_supports("avx512f")) compare(exp_by_eight);
#endif
}

TEST(Exponential, EveryVectorWidthGivesTheScalarBitsOfTheLogarithm) {
  std::vector<double> x = arguments();
  for (double& v : x) v = std::abs(v);
  const auto compare = [&](auto kernel) {
    std::vector<double> y = x;
    const std::size_t done = kernel(y.data(), y.size());
    EXPECT_GT(done, 0u);
    for (std::size_t i = 0; i < done; ++i) ASSERT_EQ(bits(y[i]), bits(log(x[i]))) << x[i];
  };
  compare([](double* y, std::size_t count) {
    log_all({y, count});
    return count;
  });
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx")) compare(log_by_four);
  if (__builtin_cpu_supports("avx512f")) compare(log_by_eight);
#endif
}

TEST(Exponential, EveryFunctionGivesTheBitsOfThePortableOne) {
  for (const double x : arguments()) {
    ASSERT_EQ(bits(exp(x)), bits(Sleef_cinz_expd1_u10purec(x))) << x;
    ASSERT_EQ(bits(expm1(x)), bits(Sleef_cinz_expm1d1_u10purec(x))) << x;
    const double positive = std::abs(x), above = std::max(x, -0.9999);
    ASSERT_EQ(bits(log(positive)), bits(Sleef_cinz_logd1_u10purec(positive))) << x;
    ASSERT_EQ(bits(log1p(above)), bits(Sleef_cinz_log1pd1_u10purec(above))) << x;
  }
}

TEST(Exponential, IsRoundedToOneUnitInTheLastPlace) {
  for (const double x : arguments()) {
    if (std::abs(x) > 700) continue;
    const boost::multiprecision::cpp_bin_float_50 truth = exp(boost::multiprecision::cpp_bin_float_50(x));
    const double ulp = std::nextafter(exp(x), INFINITY) - exp(x);
    ASSERT_LE(static_cast<double>(abs(truth - exp(x))), ulp) << x;
  }
}

}  // namespace
}  // namespace chronotope
