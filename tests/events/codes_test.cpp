// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "chronotope/core/decimal.hpp"
#include "chronotope/events/codes/burst_code.hpp"
#include "chronotope/events/codes/frame_difference.hpp"
#include "chronotope/events/codes/latency_code.hpp"
#include "chronotope/events/codes/level_code.hpp"
#include "chronotope/events/codes/phase_code.hpp"
#include "chronotope/events/codes/rate_code.hpp"
#include "chronotope/events/codes/receptive_fields.hpp"
#include "chronotope/events/codes/regular_code.hpp"

namespace chronotope::events {
namespace {

const Duration kFrame = stated_duration(20);

RandomStream random_stream() { return {5, Purpose("codes_test"), 0}; }

std::vector<LineSpike> encoded(const FrameCode& code, const std::vector<double>& values,
                               Duration frame = kFrame) {
  RandomStream random = random_stream();
  std::vector<LineSpike> spikes;
  code.encode(values, frame, random, spikes);
  std::ranges::sort(spikes);
  return spikes;
}

std::vector<double> times(const std::vector<LineSpike>& spikes) {
  std::vector<double> ms;
  for (const LineSpike& spike : spikes) ms.push_back(spike.at.ms());
  return ms;
}

/// Uniform numbers, and those at which codes go wrong.
std::vector<double> values() {
  std::vector<double> all{0, 1, 0, 1, 1, 0x1p-60, 1 - 0x1p-53, 0.5, 0.1, 0.3, 1e-9, 1 - 1e-9};
  RandomStream random = random_stream();
  for (int k = 0; k < 2000; ++k) all.push_back(random.uniform());
  return all;
}

/// The largest difference between a number and what its spikes tell.
double largest_error(const FrameCode& code, Duration frame = kFrame) {
  const std::vector<double> all = values();
  const std::vector<LineSpike> spikes = encoded(code, all, frame);
  for (const LineSpike& spike : spikes) {
    EXPECT_GE(spike.at, Duration());
    EXPECT_LT(spike.at, static_cast<std::int64_t>(all.size()) * frame);
    EXPECT_LT(spike.line, code.lines());
  }
  const std::vector<double> told = code.decode(spikes, all.size(), frame);
  double largest = 0;
  for (std::size_t k = 0; k < all.size(); ++k) largest = std::max(largest, std::abs(told[k] - all[k]));
  return largest;
}

TEST(Codes, TellNumbersToTheirResolution) {
  EXPECT_LT(largest_error(RegularCode(400)), 1.0 / 8 + 1e-9);
  EXPECT_LT(largest_error(RegularCode(50)), 1 + 1e-9);
  EXPECT_LT(largest_error(LatencyCode()), 1e-13);
  EXPECT_LT(largest_error(LatencyCode(), stated_duration(4096.3)), 1e-13);
  EXPECT_LT(largest_error(PhaseCode(stated_duration(4))), 1e-12);
  EXPECT_LT(largest_error(ReceptiveFields(3)), 1e-11);
  EXPECT_LT(largest_error(ReceptiveFields(8)), 1e-11);
  EXPECT_LT(largest_error(LevelCode(0.05)), 0.05 + 1e-9);
  EXPECT_LE(largest_error(BurstCode({5, stated_duration(2), stated_duration(4)})), 0.1 + 1e-12);
}

/// A whole number of levels is reached exactly where its frame ends, and nowhere earlier.
TEST(Codes, LevelsThatAreReachedAsAFrameEndsAreToldInIt) {
  const std::vector<double> all{0.25, 0.5, 0.25, 0.75, 0, 1, 1};
  const LevelCode code(0.25);
  EXPECT_EQ(code.decode(encoded(code, all), all.size(), kFrame), all);
}

TEST(Codes, BurstsOfTwoSpikesTellTheNumberByTheirInterval) {
  const BurstCode code({5, stated_duration(2), stated_duration(4)});
  const std::vector<double> all{0.3, 0.31, 0.777, 1};
  const std::vector<double> told = code.decode(encoded(code, all), all.size(), kFrame);
  for (std::size_t k = 0; k < all.size(); ++k) EXPECT_NEAR(told[k], all[k], 1e-12);
}

/// The mean count of n frames has the variance u / (n expected spikes).
TEST(Codes, RatesAreThoseOfPoissonTrains) {
  const RateCode code(300);
  for (const double u : {0.01, 0.4, 1.0}) {
    const std::vector<double> all(20000, u);
    const std::vector<LineSpike> spikes = encoded(code, all);
    const double expected = u * 6;
    double sum = 0, squares = 0, phase = 0;
    for (const double told : code.decode(spikes, all.size(), kFrame)) {
      sum += told * 6;
      squares += told * 6 * told * 6;
    }
    const double mean = sum / 20000, variance = squares / 20000 - mean * mean;
    EXPECT_NEAR(mean, expected, 5 * std::sqrt(expected / 20000));
    EXPECT_NEAR(variance, expected, 5 * std::sqrt((expected + 2 * expected * expected) / 20000));
    for (const LineSpike& spike : spikes) phase += std::fmod(spike.at.ms(), 20) / 20;
    EXPECT_NEAR(phase / static_cast<double>(spikes.size()), 0.5,
                5 / std::sqrt(12.0 * static_cast<double>(spikes.size())));
  }
  EXPECT_TRUE(encoded(code, {0, 0, 0}).empty());
}

TEST(Codes, SpikesAreWhereTheirDefinitionsPutThem) {
  const std::vector<double> steps{0.25, 0, 1};
  EXPECT_EQ(times(encoded(LatencyCode(), steps)), (std::vector<double>{15, 40}));
  EXPECT_EQ(times(encoded(PhaseCode(stated_duration(10)), steps)), (std::vector<double>{7.5, 17.5, 40, 50}));
  // 0.5, 0, 2 expected spikes: one at a half of the first, at 1.5 and 2.5 of all.
  EXPECT_EQ(times(encoded(RegularCode(100), steps)),
            (std::vector<double>{19.999999999999, 50, 59.999999999999}));
  EXPECT_EQ(times(encoded(BurstCode({4, stated_duration(2), stated_duration(5)}), {1, 0, 0.5})),
            (std::vector<double>{0, 2, 4, 6, 40, 43.5}));
  // Lines 1 to 3 are centred at 1/4, 3/4, 5/4 of 4; u = 1/4 excites line 1 alone fully, its neighbours by exp(-9/8).
  const std::vector<LineSpike> fields = encoded(ReceptiveFields(4), {0.25});
  ASSERT_EQ(fields.size(), 3U);
  EXPECT_EQ(fields[0], (LineSpike{Duration(), 1}));
  EXPECT_NEAR(fields[1].at.ms(), 20 * (1 - std::exp(-9.0 / 8)), 1e-12);
  EXPECT_EQ(fields[1].at, fields[2].at);
}

TEST(Codes, DifferencesTellWhatChangedByTheThreshold) {
  const FrameDifference code(0.25);
  const std::vector<double> all{0.25, 0.45, 0.7, 0.5, 0.25, 0.25};
  const std::vector<LineSpike> spikes = encoded(code, all);
  EXPECT_EQ(times(spikes), (std::vector<double>{0, 40, 80}));
  EXPECT_EQ(code.decode(spikes, all.size(), kFrame), (std::vector<double>{1, 0, 1, 0, -1, 0}));
}

TEST(Codes, NoFramesHaveNoSpikes) {
  const LatencyCode latency;
  const LevelCode level(0.1);
  const ReceptiveFields fields(3);
  for (const FrameCode* code :
       {static_cast<const FrameCode*>(&latency), static_cast<const FrameCode*>(&level),
        static_cast<const FrameCode*>(&fields)}) {
    EXPECT_TRUE(encoded(*code, {}).empty());
    EXPECT_TRUE(code->decode({}, 0, kFrame).empty());
    EXPECT_EQ(code->decode({}, 2, kFrame).size(), 2U);
  }
}

}  // namespace
}  // namespace chronotope::events
