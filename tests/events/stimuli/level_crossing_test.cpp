// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/stimuli/level_crossing.hpp"

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <random>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"

namespace chronotope::events {
namespace {

using Exact = boost::multiprecision::cpp_bin_float_50;
using Dimensions = std::vector<std::vector<double>>;

LevelCrossing encoder(double delta, double step_ms) {
  return LevelCrossing({delta, stated_duration(step_ms)});
}

ChannelSpike spike(double ms, std::uint32_t channel) { return {stated_time(ms), channel}; }

TEST(LevelCrossing, SpikesWhereAStraightLineIsAtALevel) {
  const auto spikes = encoder(0.25, 10).encode(Dimensions{{1, 0.5, 0.5, 0.75}});
  EXPECT_EQ(spikes, (std::vector<ChannelSpike>{spike(2.5, 1), spike(5, 1), spike(7.5, 1), spike(10, 1),
                                               spike(15, 0), spike(20, 0), spike(40, 1)}));
  EXPECT_EQ(encoder(0.25, 10).duration(4), stated_duration(50));
}

TEST(LevelCrossing, GivesEachDimensionAnOffAndAnOnChannel) {
  const auto spikes = encoder(1, 1).encode(Dimensions{{1}, {-1}, {0.5}});
  EXPECT_EQ(spikes, (std::vector<ChannelSpike>{spike(1, 1), spike(1, 3)}));
}

TEST(LevelCrossing, DoesNotChatterAtALevel) {
  EXPECT_EQ(encoder(1, 1).encode(Dimensions{{1, 0.9, 1.1, 0.9, 1.9, 0.1}}).size(), 1U);
  EXPECT_EQ(encoder(1, 1).encode(Dimensions{{1, 0}}).size(), 2U);
}

/// 0.1 is no binary fraction: 0.3 / 0.1 is below 3 in doubles.
TEST(LevelCrossing, TakesDecimalsForWhatTheyMean) {
  for (int k = 1; k <= 30; ++k) {
    const auto spikes = encoder(0.1, 10).encode(
        Dimensions{{std::stod(std::to_string(k / 10) + "." + std::to_string(k % 10))}});
    ASSERT_EQ(spikes.size(), static_cast<std::size_t>(k)) << k;
    EXPECT_EQ(spikes.back(), spike(10, 1)) << k;
  }
}

/// The polygon 0, x_0, x_1, ... at time t in 50 digits.
Exact polygon(const std::vector<double>& x, double step, const Exact& t) {
  const Exact place = t / step;
  const auto k = static_cast<std::size_t>(place);
  if (k >= x.size()) return x.back();
  const Exact before = k == 0 ? Exact(0) : Exact(x[k - 1]);
  return before + (x[k] - before) * (place - k);
}

class RandomWalk {
 public:
  explicit RandomWalk(std::uint32_t seed) : bits_(seed) {}
  std::vector<double> samples(std::size_t n) {
    std::vector<double> x;
    double sum = 0;
    for (std::size_t k = 0; k < n; ++k) x.push_back(sum += normal_(bits_));
    return x;
  }

 private:
  std::mt19937 bits_;
  std::normal_distribution<double> normal_;
};

/// What is decoded from the spikes, delta (ON - OFF), is on the polygon at every spike (within half a tick of
/// its time) and nowhere farther from it than delta.
TEST(LevelCrossing, IsDecodedToOneDelta) {
  constexpr double kDelta = 0.17;
  constexpr double kStep = 6.4;
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    const std::vector<double> x = RandomWalk(seed).samples(40);
    const auto spikes = encoder(kDelta, kStep).encode(Dimensions{x});
    int level = 0;
    std::size_t next = 0;
    for (int tick = 0; tick <= 41 * 64; ++tick) {
      const double t = tick / 10.;
      for (; next < spikes.size() && spikes[next].time <= stated_time(t); ++next) {
        level += spikes[next].channel == 1 ? 1 : -1;
        const Exact at = Exact(spikes[next].time.ticks()) * Exact("1e-12");
        EXPECT_NEAR(static_cast<double>(polygon(x, kStep, at)), level * kDelta, 1e-11);
      }
      EXPECT_LE(std::abs(static_cast<double>(polygon(x, kStep, t)) - level * kDelta), kDelta * (1 + 1e-8));
    }
    EXPECT_EQ(next, spikes.size());
  }
}

TEST(LevelCrossing, ComesInOrderOfTimeAndChannelAndEndsInTime) {
  RandomWalk walk(3);
  const LevelCrossing encode = encoder(0.1, 6.4);
  const auto spikes = encode.encode(Dimensions{walk.samples(30), walk.samples(30), walk.samples(30)});
  EXPECT_TRUE(std::is_sorted(spikes.begin(), spikes.end()));
  EXPECT_LT(spikes.back().time, Time() + encode.duration(30));
}

TEST(LevelCrossing, RefusesLevelsWithoutEnd) {
  EXPECT_THROW(encoder(1e-3, 1).encode(Dimensions{{1e6}}), InputError);
  EXPECT_THROW(encoder(1e-300, 1).encode(Dimensions{{1e300}}), InputError);
  EXPECT_EQ(encoder(1, 1).encode(Dimensions{{1e6}}).size(), 1'000'000U);
}

}  // namespace
}  // namespace chronotope::events
