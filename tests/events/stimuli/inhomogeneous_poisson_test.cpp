// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/stimuli/inhomogeneous_poisson.hpp"

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

using Changes = std::vector<RateChange>;

InputSpec input_of(const InhomogeneousPoissonSpec& spec, std::uint32_t channels) {
  return {"drive", channels, spec, {}};
}

std::vector<Time> train(InhomogeneousPoisson& drive, std::uint32_t line, Time until) {
  std::vector<Time> times;
  for (Time t = drive.next(line).time; t < until; t = drive.next(line).time) times.push_back(t);
  return times;
}

/// The integral of the rate from 0 to t [spikes].
long double integral(const Changes& changes, Time t) {
  long double area = 0;
  for (std::size_t k = 0; k < changes.size() && changes[k].time < t; ++k) {
    const Time end = k + 1 < changes.size() ? std::min(t, changes[k + 1].time) : t;
    area += static_cast<long double>(changes[k].rate) * (end - changes[k].time).ms() / 1000;
  }
  return area;
}

const Changes kSteps{{stated_time(2.5), 80},
                     {stated_time(100), 0},
                     {stated_time(400), 1000},
                     {stated_time(2000.1), 3},
                     {stated_time(5000), 40}};

/// The k-th spike is where the integral of the rate reaches the sum of k exponential draws of the channel's stream.
TEST(InhomogeneousPoissonTest, InvertsTheIntegralOfTheRate) {
  const InhomogeneousPoissonSpec spec{{kSteps}, Time::never()};
  InhomogeneousPoisson drive(input_of(spec, 3), spec, 7);
  for (std::uint32_t c = 0; c < 3; ++c) {
    RandomStream draws(7, Purpose("drive.spikes"), c);
    long double area = 0;
    double allowed = 1e-12;  // of the sums of doubles
    const std::vector<Time> times = train(drive, c, stated_time(20000));
    ASSERT_GT(times.size(), 2000U);
    for (const Time t : times) {
      area += -std::log(static_cast<long double>(draws.uniform()));
      const auto per_ms =
          1000 * static_cast<double>(integral(kSteps, t + stated_duration(0.001)) - integral(kSteps, t));
      allowed += per_ms * 0.5e-12;  // every time is rounded to a tick, from where the next one counts
      EXPECT_NEAR(static_cast<double>(integral(kSteps, t) - area), 0, allowed);
    }
  }
}

/// Counts of disjoint intervals are independent Poisson variables of the integral's mean: their sum of squares, scaled,
/// is a chi-squared variable.
TEST(InhomogeneousPoissonTest, CountsArePoissonVariables) {
  const InhomogeneousPoissonSpec spec{{kSteps}, Time::never()};
  constexpr std::uint32_t kChannels = 2000;
  InhomogeneousPoisson drive(input_of(spec, kChannels), spec, 1);
  const std::vector<Time> borders{Time(), stated_time(50), stated_time(400), stated_time(500),
                                  stated_time(5000)};
  std::vector<double> sum(4), squares(4);
  for (std::uint32_t c = 0; c < kChannels; ++c) {
    const std::vector<Time> times = train(drive, c, borders.back());
    for (std::size_t k = 0; k < 4; ++k) {
      const auto n = static_cast<double>(std::count_if(
          times.begin(), times.end(), [&](Time t) { return t >= borders[k] && t < borders[k + 1]; }));
      sum[k] += n;
      squares[k] += n * n;
    }
  }
  for (std::size_t k = 0; k < 4; ++k) {
    const auto mean = static_cast<double>(integral(kSteps, borders[k + 1]) - integral(kSteps, borders[k]));
    const double found = sum[k] / kChannels;
    EXPECT_NEAR(found, mean, 5 * std::sqrt(mean / kChannels)) << k;
    const double variance = squares[k] / kChannels - found * found;
    EXPECT_NEAR(variance / mean, 1, 5 * std::sqrt((2 + 1 / mean) / kChannels)) << k;
  }
}

TEST(InhomogeneousPoissonTest, IsSilentWithoutARateAndFromItsStopOn) {
  const InhomogeneousPoissonSpec silent{{Changes{}}, Time::never()};
  InhomogeneousPoisson none(input_of(silent, 1), silent, 1);
  EXPECT_TRUE(none.next(0).time.is_never());
  EXPECT_TRUE(none.next(0).time.is_never());
  const InhomogeneousPoissonSpec off{{Changes{{Time(), 1e6}, {stated_time(1), 0}}}, Time::never()};
  InhomogeneousPoisson pulse(input_of(off, 1), off, 1);
  const std::vector<Time> times = train(pulse, 0, Time::never());
  EXPECT_NEAR(static_cast<double>(times.size()), 1000, 160);
  EXPECT_LT(times.back(), stated_time(1));
  const InhomogeneousPoissonSpec stopped{{Changes{{Time(), 1000}}}, stated_time(100)};
  InhomogeneousPoisson short_one(input_of(stopped, 1), stopped, 1);
  EXPECT_LT(train(short_one, 0, Time::never()).back(), stated_time(100));
}

TEST(InhomogeneousPoissonTest, ChannelsHaveTheirOwnRates) {
  const InhomogeneousPoissonSpec spec{{Changes{{Time(), 100}}, Changes{}, Changes{{stated_time(500), 100}}},
                                      Time::never()};
  InhomogeneousPoisson drive(input_of(spec, 3), spec, 1);
  EXPECT_NEAR(static_cast<double>(train(drive, 0, stated_time(1000)).size()), 100, 50);
  EXPECT_TRUE(train(drive, 1, stated_time(1000)).empty());
  EXPECT_GE(train(drive, 2, stated_time(1000)).front(), stated_time(500));
}

TEST(InhomogeneousPoissonTest, GoesOnFromItsState) {
  const InhomogeneousPoissonSpec spec{{kSteps}, Time::never()};
  InhomogeneousPoisson drive(input_of(spec, 2), spec, 3);
  train(drive, 0, stated_time(700));
  train(drive, 1, stated_time(30));
  std::string bytes;
  for (std::uint32_t c = 0; c < 2; ++c)
    InhomogeneousPoisson::line_state(std::as_const(drive), c, Packer{bytes});
  InhomogeneousPoisson again(input_of(spec, 2), spec, 3);
  std::string_view rest = bytes;
  for (std::uint32_t c = 0; c < 2; ++c) InhomogeneousPoisson::line_state(again, c, Unpacker{rest});
  EXPECT_TRUE(rest.empty());
  for (std::uint32_t c = 0; c < 2; ++c)
    EXPECT_EQ(train(drive, c, stated_time(3000)), train(again, c, stated_time(3000)));
}

}  // namespace
}  // namespace chronotope::events
