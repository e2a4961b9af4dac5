// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/scenes/nonlinear_process.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace chronotope::events {
namespace {

constexpr std::size_t kSites = 40;
constexpr int kSamples = 50'000;

/// The formula, of a ring long enough for its length.
double stated(std::size_t distance, double length, double gain) {
  const double pi = std::acos(-1.0);
  const auto way = static_cast<double>(std::min(distance, kSites - distance));
  const double square = 2 / pi * std::asin(gain * gain / (1 + gain * gain));
  const double C = std::exp(-way * way / (length * length));
  return 2 / (pi * square) * std::asin(gain * gain * C / (1 + gain * gain));
}

using Draw = std::function<std::vector<double>(RandomStream&)>;

/// Root mean square over all pairs of sites of what the samples' covariance is off.
double error_of_covariance(const Draw& draw, double length, double gain) {
  std::vector<double> product(kSites * kSites), mean(kSites);
  for (int s = 0; s < kSamples; ++s) {
    RandomStream random(5, Purpose("test.samples"), static_cast<std::uint64_t>(s));
    const std::vector<double> x = draw(random);
    for (std::size_t i = 0; i < kSites; ++i) {
      mean[i] += x[i] / kSamples;
      for (std::size_t j = 0; j < kSites; ++j) product[i * kSites + j] += x[i] * x[j] / kSamples;
    }
  }
  double square = 0;
  for (std::size_t i = 0; i < kSites; ++i)
    for (std::size_t j = 0; j < kSites; ++j) {
      const double off =
          product[i * kSites + j] - mean[i] * mean[j] - stated(i < j ? j - i : i - j, length, gain);
      square += off * off / (kSites * kSites);
    }
  return std::sqrt(square);
}

TEST(NonlinearProcess, ItsCovarianceAndThatOfItsControlAreTheStatedOne) {
  for (const double length : {2.0, 6.0}) {
    const NonlinearProcess process(kSites, length, 3);
    for (std::size_t d = 0; d < kSites; ++d)
      EXPECT_NEAR(process.covariance(d), stated(d, length, 3), 1e-3) << d;
    const double error = error_of_covariance([&](RandomStream& r) { return process.draw(r); }, length, 3);
    const double of_control =
        error_of_covariance([&](RandomStream& r) { return process.draw_control(r); }, length, 3);
    EXPECT_LT(error, 0.01) << length;
    EXPECT_LT(of_control, 0.01) << length;
    RecordProperty("rms_error_" + std::to_string(static_cast<int>(length)), std::to_string(error));
  }
}

/// The fourth moment: 3 of a Gaussian variable, near 1 of one that is nearly always at one of two values.
double fourth_moment(const Draw& draw) {
  double sum = 0;
  for (int s = 0; s < 5000; ++s) {
    RandomStream random(6, Purpose("test.samples"), static_cast<std::uint64_t>(s));
    for (const double x : draw(random)) sum += x * x * x * x / (5000.0 * kSites);
  }
  return sum;
}

TEST(NonlinearProcess, IsSharpWhereItsControlIsGaussian) {
  const NonlinearProcess sharp(kSites, 3, 10);
  EXPECT_LT(fourth_moment([&](RandomStream& r) { return sharp.draw(r); }), 1.3);
  EXPECT_NEAR(fourth_moment([&](RandomStream& r) { return sharp.draw_control(r); }), 3, 0.1);
  const NonlinearProcess smooth(kSites, 3, 0.01);
  EXPECT_NEAR(fourth_moment([&](RandomStream& r) { return smooth.draw(r); }), 3, 0.1);
}

TEST(NonlinearProcess, TheSmallestRingHasTwoSites) {
  const NonlinearProcess process(2, 0.4, 1);
  RandomStream random(1, Purpose("test"), 0);
  EXPECT_EQ(process.draw(random).size(), 2U);
  EXPECT_NEAR(process.covariance(0), 1, 1e-12);
}

}  // namespace
}  // namespace chronotope::events
