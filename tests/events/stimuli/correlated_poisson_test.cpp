// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/stimuli/correlated_poisson.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/packed.hpp"

namespace chronotope::events {
namespace {

InputSpec input_of(const CorrelatedPoissonSpec& spec, std::uint32_t channels) {
  return {"drive", channels, spec, {}};
}

/// A mother of 50 Hz, of which a channel copies 40 %, from 3 ms before to 5 ms later.
CorrelatedPoissonSpec example() {
  CorrelatedPoissonSpec spec{50, 0.4, ParameterSpec{ParameterDistribution(Uniform{-3, 5}), {}}, -3};
  return spec;
}

std::vector<Time> train(CorrelatedPoisson& drive, std::uint32_t line, Time until) {
  std::vector<Time> times;
  for (Time t = drive.next(line).time; t < until; t = drive.next(line).time) times.push_back(t);
  return times;
}

/// The mother's spikes before `until`.
std::vector<Time> mother_of(double rate, Time until, std::uint64_t seed) {
  RandomStream intervals(seed, Purpose("drive.mother"), 0);
  std::vector<Time> times;
  Time t;
  for (;;) {
    t = t + Offset{std::nearbyint(-log(intervals.uniform()) * (1e15 / rate))};
    if (t >= until) return times;
    times.push_back(t);
  }
}

/// All copies of all spikes of the mother, sorted afterwards.
TEST(CorrelatedPoissonTest, CopiesTheMotherWithAJitterEach) {
  const CorrelatedPoissonSpec spec = example();
  CorrelatedPoisson drive(input_of(spec, 5), spec, 7);
  const std::vector<Time> mother = mother_of(50, stated_time(20100), 7);
  for (std::uint32_t c = 0; c < 5; ++c) {
    std::vector<Time> expected;
    for (std::size_t k = 0; k < mother.size(); ++k) {
      RandomStream copy(7, Purpose("drive.copies"), c, k);
      if (copy.uniform() >= 0.4) continue;
      const Time at = mother[k] + Duration::nearest(-3 + 8 * copy.uniform());
      if (at >= Time() && at < stated_time(20000)) expected.push_back(at);
    }
    std::sort(expected.begin(), expected.end());
    ASSERT_GT(expected.size(), 300U);
    EXPECT_EQ(train(drive, c, stated_time(20000)), expected) << c;
  }
}

/// Counts in long windows: mean and variance rate p T, covariance rate p^2 T, and so a correlation of p.
TEST(CorrelatedPoissonTest, CountsCorrelateByTheProbabilityOfACopy) {
  const CorrelatedPoissonSpec spec = example();
  CorrelatedPoisson drive(input_of(spec, 2), spec, 3);
  constexpr std::size_t kWindows = 4000;
  std::vector<double> counts[2];
  for (std::uint32_t c = 0; c < 2; ++c) {
    counts[c].resize(kWindows);
    for (const Time t : train(drive, c, stated_time(1000.0 * kWindows)))
      ++counts[c][static_cast<std::size_t>(t.to_ms() / 1000)];
  }
  double mean[2] = {0, 0}, variance[2] = {0, 0}, covariance = 0;
  for (std::size_t k = 0; k < kWindows; ++k)
    for (const int c : {0, 1}) mean[c] += counts[c][k] / kWindows;
  for (std::size_t k = 0; k < kWindows; ++k) {
    for (const int c : {0, 1}) variance[c] += (counts[c][k] - mean[c]) * (counts[c][k] - mean[c]) / kWindows;
    covariance += (counts[0][k] - mean[0]) * (counts[1][k] - mean[1]) / kWindows;
  }
  for (const int c : {0, 1}) {
    EXPECT_NEAR(mean[c], 20, 5 * std::sqrt(20.0 / kWindows));
    EXPECT_NEAR(variance[c], 20, 5 * 20 * std::sqrt(2.05 / kWindows));
  }
  // Jitter carries some copies over a border of windows: at most 8 ms in 1000.
  EXPECT_NEAR(covariance / std::sqrt(variance[0] * variance[1]), 0.4,
              5 * (1 - 0.16) / std::sqrt(kWindows) + 0.4 * 0.008);
}

TEST(CorrelatedPoissonTest, WithoutJitterAndWithEveryCopyChannelsAreTheMother) {
  const CorrelatedPoissonSpec spec{100, 1};
  CorrelatedPoisson drive(input_of(spec, 2), spec, 5);
  const std::vector<Time> mother = mother_of(100, stated_time(5000), 5);
  EXPECT_EQ(train(drive, 0, stated_time(5000)), mother);
  EXPECT_EQ(train(drive, 1, stated_time(5000)), mother);
}

TEST(CorrelatedPoissonTest, IsSilentWithoutARateOrCopiesAndBehindItsStop) {
  for (const auto& spec : {CorrelatedPoissonSpec{0, 0.5}, CorrelatedPoissonSpec{100, 0}}) {
    CorrelatedPoisson drive(input_of(spec, 1), spec, 5);
    EXPECT_TRUE(drive.next(0).time.is_never());
    EXPECT_TRUE(drive.not_before(0).is_never());
  }
  CorrelatedPoissonSpec spec = example();
  spec.start = stated_time(100);
  spec.stop = stated_time(200);
  CorrelatedPoisson drive(input_of(spec, 20), spec, 5);
  for (std::uint32_t c = 0; c < 20; ++c)
    for (const Time t : train(drive, c, Time::never())) {
      EXPECT_GE(t, stated_time(97));
      EXPECT_LT(t, stated_time(205));
    }
}

TEST(CorrelatedPoissonTest, GoesOnFromItsState) {
  const CorrelatedPoissonSpec spec = example();
  CorrelatedPoisson drive(input_of(spec, 2), spec, 3);
  train(drive, 0, stated_time(700));
  std::string bytes;
  for (std::uint32_t c = 0; c < 2; ++c) CorrelatedPoisson::line_state(std::as_const(drive), c, Packer{bytes});
  CorrelatedPoisson again(input_of(spec, 2), spec, 3);
  std::string_view rest = bytes;
  for (std::uint32_t c = 0; c < 2; ++c) CorrelatedPoisson::line_state(again, c, Unpacker{rest});
  EXPECT_TRUE(rest.empty());
  for (std::uint32_t c = 0; c < 2; ++c)
    EXPECT_EQ(train(drive, c, stated_time(3000)), train(again, c, stated_time(3000)));
}

}  // namespace
}  // namespace chronotope::events
