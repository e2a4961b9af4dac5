// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/lane/attended_neurons.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <random>
#include <utility>
#include <vector>

#include "chronotope/events/lane/looks.hpp"
#include "chronotope/tests/events/lane/stepping_neuron.hpp"

namespace chronotope::tests {
namespace {

using events::AsideArrival;
using events::AttendedNeurons;
using events::LaneNeurons;

constexpr std::uint32_t kFirst = 3;
constexpr std::uint32_t kSize = 20;

/// Random neurons of a lane are attended, get arrivals and are cooled, window by window; what there is to know is in a
/// map, too.
TEST(AttendedNeurons, HoldTheArrivalsOfEachInTheOrderInWhichTheyCame) {
  NeuronsOf<SteppingNeuron> group = stepping_neurons(kFirst + kSize);
  LaneNeurons<SteppingNeuron> neurons(group, 0, kFirst, kSize);
  AttendedNeurons<SteppingNeuron> attended(neurons);
  std::mt19937_64 random(5);
  for (int window = 0; window < 50; ++window) {
    std::map<std::uint32_t, std::vector<double>> weights;
    for (int k = 0; k < 100; ++k) {
      const auto i = static_cast<std::uint32_t>(random() % kSize);
      ASSERT_EQ(attended.has(i), weights.contains(i));
      if (!attended.has(i)) {
        attended.attend(i, Offset{static_cast<double>(k)});
        weights[i];
        continue;
      }
      weights[i].push_back(k);
      attended.put_aside(i, {Offset{static_cast<double>(k)}, static_cast<double>(k)});
    }
    ASSERT_EQ(attended.size(), weights.size());
    for (std::size_t h = 0; h < attended.size(); ++h) {
      auto& one = attended[h];
      ASSERT_EQ(attended.place(one.neuron), h);
      std::vector<double> told;
      for (std::uint32_t next = one.first; next != AsideArrival::kNone; next = attended.arrival(next).next)
        told.push_back(attended.arrival(next).weight);
      ASSERT_EQ(told, weights.at(one.neuron));
      one.state.V = window;
      attended.cool(one);
      ASSERT_FALSE(attended.has(one.neuron));
      ASSERT_EQ(group.states[kFirst + one.neuron].V, window);
    }
    attended.clear();
    ASSERT_EQ(attended.size(), 0U);
  }
  for (std::uint32_t n = 0; n < kFirst; ++n) EXPECT_EQ(group.states[n].V, 0);
}

/// A neuron is looked at before it fires, whatever the windows are, and not much more often.
TEST(Looks, ComeBeforeTheTimeUpToWhichANeuronCanNotFire) {
  NeuronsOf<SteppingNeuron> group = stepping_neurons(kSize);
  LaneNeurons<SteppingNeuron> neurons(group, 0, 0, kSize);
  events::Looks<SteppingNeuron> looks(neurons, Duration::nearest(1));
  events::Tally tally;
  neurons.tally = &tally;
  std::mt19937_64 random(7);
  std::vector<Time> safe_until(kSize);
  const auto draw = [&](Time now) {
    return now + Duration::nearest(0.1 * static_cast<double>(random() % 300));
  };
  int reviews = 0;
  Time now;
  for (int window = 0; window < 2000; ++window) {
    const Time end = now + Duration::nearest(0.05 * static_cast<double>(1 + random() % 20));
    neurons.clock.open(now, end);
    looks.take_checks(end, [&](std::uint32_t i) {
      ++reviews;
      if (safe_until[i] < end) safe_until[i] = draw(end);
      group.states[i].fires = safe_until[i];
      looks.schedule(i, looks.safe_until(i, neurons.state(i), neurons.clock.begin()));
    });
    for (std::uint32_t i = 0; i < kSize; ++i) ASSERT_GE(safe_until[i], end) << "not looked at in time";
    Time first = Time::never();
    for (const Time t : safe_until) first = std::min(first, t);
    ASSERT_LE(looks.next(), first);
    now = end;
  }
  EXPECT_LT(reviews, 2 * static_cast<int>(kSize) * 2000 * 0.525 / 15 + 2 * static_cast<int>(kSize));
}

}  // namespace
}  // namespace chronotope::tests
