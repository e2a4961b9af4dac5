// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/in_flight.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <random>
#include <set>
#include <utility>
#include <vector>

namespace chronotope::events {
namespace {

using Spike = InFlight::Spike;

Spike at(Time time, std::uint64_t segment) { return {time, 0, 0, segment, {}}; }

/// In order of time.
struct Earlier {
  bool operator()(const Spike& a, const Spike& b) const {
    return std::pair(a.time, a.segment) < std::pair(b.time, b.segment);
  }
};

/// Against a std::multiset: windows of random length, spikes that re-enter, some for far later.
TEST(InFlight, EveryWindowTakesWhatASortedListWould) {
  for (const double window : {0.002, 0.1, 1.0}) {
    std::mt19937 random(3);
    std::uniform_real_distribution<double> uniform;
    InFlight in_flight(Duration::nearest(window));
    std::multiset<Spike, Earlier> list;
    const auto push = [&](const Spike& e) {
      in_flight.push(e);
      list.insert(e);
    };
    std::uint64_t item = 0;
    for (int k = 0; k < 300; ++k) push(at(Time() + Duration::nearest(5 * uniform(random)), item++));
    Time now;
    for (int k = 0; k < 4000 && !list.empty(); ++k) {
      ASSERT_EQ(in_flight.next_time(), list.begin()->time);
      now = std::max(now, list.begin()->time);
      const Time end = now + Duration::nearest(window * (uniform(random) < 0.3 ? 0.1 : 1));
      std::vector<Spike> expected;
      while (!list.empty() && list.begin()->time < end) {
        expected.push_back(*list.begin());
        list.erase(list.begin());
      }
      std::vector<Spike> taken;
      std::vector<std::uint64_t> announced;
      in_flight.take_until(
          end,
          [&](const Spike& e) {
            taken.push_back(e);
            const double later = uniform(random) < 0.02 ? 5000 : 3 * window;
            if (item < 3000) push(at(end + Duration::nearest(later * uniform(random)), item++));
          },
          [&](const Spike& e) {
            announced.push_back(e.segment);
            EXPECT_TRUE(std::ranges::none_of(taken, [&](const Spike& t) { return t.segment == e.segment; }));
          });
      std::sort(taken.begin(), taken.end(), Earlier());
      ASSERT_TRUE(std::ranges::equal(taken, expected, [](const Spike& a, const Spike& b) {
        return a.time == b.time && a.segment == b.segment;
      }));
      now = end;
    }
    EXPECT_TRUE(list.empty());
    EXPECT_EQ(in_flight.next_time(), Time::never());
  }
}

}  // namespace
}  // namespace chronotope::events
