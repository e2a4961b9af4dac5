// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/stimuli/leaky_integrator.hpp"

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>

namespace chronotope::events {
namespace {

using Exact = boost::multiprecision::cpp_bin_float_50;
constexpr LeakyIntegrator::Parameters kFibre{.tau_m = 5, .t_ref = 5};

std::vector<double> spikes_of(const std::vector<double>& drive, double period) {
  LeakyIntegrator fibre(kFibre, period);
  std::vector<double> spikes;
  for (std::size_t i = 0; i < drive.size(); ++i)
    fibre.hold(drive[i], static_cast<double>(i) * period, spikes);
  return spikes;
}

/// The same fibre with 50 digits; a crossing is found by bisection of v(t) instead of a logarithm.
class ExactFibre {
 public:
  explicit ExactFibre(double period) : period_(period) {}

  void hold(double u, std::size_t sample) {
    const Exact end = Exact(sample + 1) * period_;
    const Exact start = Exact(sample) * period_;
    for (Exact now = start < ready_ ? ready_ : start; now < end; now = ready_) {
      if (potential(u, end - now) < 1) {
        v_ = potential(u, end - now);
        return;
      }
      spikes.push_back(now + first_crossing(u, end - now));
      v_ = 0;
      ready_ = spikes.back() + kFibre.t_ref;
    }
  }

  std::vector<Exact> spikes;

 private:
  Exact potential(double u, const Exact& elapsed) const {
    const Exact decay = exp(Exact(-elapsed / kFibre.tau_m));
    return u + (v_ - u) * decay;
  }
  Exact first_crossing(double u, Exact high) const {
    Exact low = 0;
    for (int halving = 0; halving < 150; ++halving) {
      const Exact middle = (low + high) / 2;
      (potential(u, middle) < 1 ? low : high) = middle;
    }
    return high;
  }

  double period_;
  Exact v_ = 0;
  Exact ready_ = 0;
};

TEST(LeakyIntegrator, FiresPeriodicallyUnderConstantDrive) {
  const auto spikes = spikes_of(std::vector<double>(1000, 2.0), 0.125);
  const double charge = 5 * std::log(2.0);  // tau_m log(u/(u - 1))
  ASSERT_EQ(spikes.size(), 15U);            // of the period 5 + charge = 8.466 ms, in 125 ms
  for (std::size_t k = 0; k < spikes.size(); ++k)
    EXPECT_NEAR(spikes[k], static_cast<double>(k + 1) * charge + static_cast<double>(k) * 5, 1e-11);
}

TEST(LeakyIntegrator, AgreesWithFiftyDigitsUnderAVaryingDrive) {
  std::vector<double> drive;
  for (int i = 0; i < 4000; ++i) drive.push_back(1.2 + 0.9 * std::sin(0.037 * i) + 0.5 * std::sin(0.61 * i));
  const auto spikes = spikes_of(drive, 0.125);
  ExactFibre exact(0.125);
  for (std::size_t i = 0; i < drive.size(); ++i) exact.hold(drive[i], i);
  ASSERT_EQ(spikes.size(), exact.spikes.size());
  ASSERT_GT(spikes.size(), 20U);
  for (std::size_t k = 0; k < spikes.size(); ++k)
    EXPECT_LT(abs(Exact(exact.spikes[k] - spikes[k])), 1e-11) << k;  // a few roundings of 5.7e-14 at 500 ms
}

TEST(LeakyIntegrator, FiresBetweenTheSamples) {
  const auto coarse = spikes_of(std::vector<double>(10, 1.5), 10);
  const auto fine = spikes_of(std::vector<double>(1000, 1.5), 0.1);
  ASSERT_EQ(coarse.size(), fine.size());
  for (std::size_t k = 0; k < fine.size(); ++k) EXPECT_NEAR(coarse[k], fine[k], 1e-11);
}

TEST(LeakyIntegrator, StaysSilentWhenTheDriveCannotReachThreshold) {
  EXPECT_TRUE(spikes_of(std::vector<double>(10000, 1.0), 1).empty());
  EXPECT_TRUE(spikes_of(std::vector<double>(10000, -3.0), 1).empty());
}

TEST(LeakyIntegrator, FiresSeveralTimesInOneLongSample) {
  const auto spikes = spikes_of({1e6}, 12);
  ASSERT_EQ(spikes.size(), 3U);
  EXPECT_NEAR(spikes[0], 5e-6, 1e-11);
  EXPECT_NEAR(spikes[2] - spikes[1], 5 + 5e-6, 1e-11);
}

}  // namespace
}  // namespace chronotope::events
