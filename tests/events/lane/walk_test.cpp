// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/lane/walk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "chronotope/tests/events/lane/stepping_neuron.hpp"

namespace chronotope::tests {
namespace {

using events::Afferents;
using events::AttendedNeurons;
using events::LaneNeurons;

struct Lane {
  NeuronsOf<SteppingNeuron> group = stepping_neurons(1);
  LaneNeurons<SteppingNeuron> neurons{group, 4, 0, 1};
  AttendedNeurons<SteppingNeuron> attended{neurons};
  events::NoDrive<SteppingNeuron> drive{neurons, attended};
  events::Walk<SteppingNeuron> walk{neurons, attended, drive};
  events::Tally tally;

  explicit Lane(Duration window) {
    neurons.tally = &tally;
    neurons.clock.open(Time(), Time() + window);
    attended.attend(0, Offset{});
  }
  events::Walk<SteppingNeuron>::End run() { return walk.walk(attended[0], Afferents({}, {}, {})); }
  std::vector<double> spikes() const {
    std::vector<double> ticks;
    for (const events::Spike& spike : tally.spikes) ticks.push_back(spike.time.since(Time()).ticks);
    return ticks;
  }
};

using End = events::Walk<SteppingNeuron>::End;

/// Weights add up; what has reached the threshold of 1 after all arrivals of an instant fires there, from 0 on again.
TEST(Walk, FiresWhereTheArrivalsOfAnInstantReachTheThreshold) {
  std::mt19937_64 random(11);
  for (int run = 0; run < 200; ++run) {
    std::map<std::uint64_t, double> arrived;  // by tick
    std::vector<std::pair<std::uint64_t, double>> arrivals;
    for (int k = 0; k < 40; ++k)
      arrivals.emplace_back(random() % 30, 0.25 * static_cast<double>(random() % 5) - 0.25);
    std::ranges::sort(arrivals);
    Lane lane(Duration::from_ticks(100));
    for (const auto& [tick, weight] : arrivals) {
      arrived[tick] += weight;
      lane.attended.put_aside(0, {Offset{static_cast<double>(tick)}, weight});
    }
    std::vector<double> expected;
    double V = 0;
    for (const auto& [tick, weight] : arrived) {
      V += weight;
      if (V < 1) continue;
      expected.push_back(static_cast<double>(tick));
      V = 0;
    }
    ASSERT_EQ(lane.run(), End::kQuiet);
    ASSERT_EQ(lane.spikes(), expected) << "run " << run;
    ASSERT_EQ(lane.attended[0].state.V, V);
    ASSERT_EQ(lane.tally.counts.spikes, expected.size());
  }
}

TEST(Walk, ACrossingIsTakenBeforeAnArrivalAtItsTickOnlyWhenItComesBefore) {
  for (const double beyond : {-0.3, 0.3}) {
    Lane lane(Duration::from_ticks(100));
    lane.attended[0].state.fires = Time() + Duration::from_ticks(50);
    lane.attended[0].state.beyond = beyond;
    lane.attended.put_aside(0, {Offset{50}, -7});  // SteppingNeuron: an arrival takes the crossing away
    ASSERT_EQ(lane.run(), End::kQuiet);
    EXPECT_EQ(lane.spikes(), beyond < 0 ? std::vector<double>{50} : std::vector<double>{});
  }
}

TEST(Walk, ACrossingThatRoundsToTheWindowsEndIsLeftToTheNextWindow) {
  for (const double beyond : {-0.3, 0.3}) {
    Lane lane(Duration::from_ticks(100));
    lane.attended[0].state.fires = Time() + Duration::from_ticks(100);
    lane.attended[0].state.beyond = beyond;
    EXPECT_EQ(lane.run(), beyond < 0 ? End::kCrossesAtEnd : End::kQuiet);
    EXPECT_TRUE(lane.tally.spikes.empty());
    lane.attended.clear();
    lane.attended.attend(0, Offset{});
    lane.attended[0].crossed = true;
    lane.run();
    EXPECT_EQ(lane.spikes(), std::vector<double>{0});  // of a window that begins at 0
  }
}

TEST(Walk, BreaksDownWhereANeuronFiresAgainAtTheNextTick) {
  Lane lane(Duration::from_ticks(100));
  lane.attended[0].state.fires = Time() + Duration::from_ticks(9);
  lane.attended[0].state.stays = true;
  EXPECT_EQ(lane.run(), End::kBroken);
  EXPECT_EQ(lane.spikes(), std::vector<double>{9});
  ASSERT_TRUE(lane.tally.breakdown);
  EXPECT_EQ(lane.tally.breakdown->population, 4U);
  EXPECT_EQ(lane.tally.breakdown->time, Time() + Duration::from_ticks(10));
}

}  // namespace
}  // namespace chronotope::tests
