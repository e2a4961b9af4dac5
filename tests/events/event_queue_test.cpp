// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/event_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <set>
#include <vector>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/random_stream.hpp"

namespace chronotope::events {
namespace {

/// Pushes and pops as a run does, never before the last event that was popped, and compares with an ordered
/// set. Events lie `spread` powers of ten around a millisecond ahead.
void expect_like_a_set(std::uint64_t seed, double spread) {
  RandomStream random(seed, Purpose("event queue"), 0);
  EventQueue queue;
  std::multiset<Event> twin;
  Time now;
  std::uint64_t number = 0;
  const auto push = [&] {
    const double ahead = std::pow(10, spread * (2 * random.uniform() - 1));
    const Time time = random.below(4) == 0 ? now : now + Duration::nearest(ahead);
    const Event event{time, EventKind::kDelivery, static_cast<std::uint32_t>(random.below(3)), number++, now};
    queue.push(event);
    twin.insert(event);
  };
  for (int step = 0; step < 20'000; ++step) {
    if (twin.empty() || (twin.size() < 200 && random.below(2) == 0)) push();
    if (random.below(2) == 0) continue;
    ASSERT_EQ(queue.next_time(), twin.begin()->time);
    const Event event = queue.pop();
    ASSERT_EQ(event, *twin.begin());
    ASSERT_EQ(event.emitted, twin.begin()->emitted);
    twin.erase(twin.begin());
    now = event.time;
  }
  for (; !twin.empty(); twin.erase(twin.begin())) ASSERT_EQ(queue.pop(), *twin.begin());
  EXPECT_EQ(queue.next_time(), Time::never());
}

TEST(EventQueue, GivesEventsInTheOrderOfASet) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) expect_like_a_set(seed, 2);
}

TEST(EventQueue, GivesEventsThatAreFarAwayInTheOrderOfASet) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) expect_like_a_set(seed, 9);
}

/// By time, then kind, group and item, whatever was pushed first; when they were emitted says nothing.
TEST(EventQueue, GivesSimultaneousEventsInTheOrderOfTheirNumbers) {
  const Time now = stated_time(3);
  const std::vector<Event> ordered{
      {now, EventKind::kEmission, 1, 0, now}, {now, EventKind::kEmission, 1, 7, Time()},
      {now, EventKind::kEmission, 2, 0, now}, {now, EventKind::kDelivery, 0, 5, Time()},
      {now, EventKind::kDelivery, 0, 6, now}, {now, EventKind::kDelivery, 3, 0, Time()}};
  std::vector<std::size_t> order(ordered.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  do {
    EventQueue queue;
    for (const std::size_t k : order) queue.push(ordered[k]);
    for (const Event& event : ordered) ASSERT_EQ(queue.pop(), event);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(Delivery, IsOrderedByTimeProjectionAndSegment) {
  const auto delivery = [](double ms, std::uint32_t projection, std::uint64_t segment) {
    Delivery d;
    d.time = stated_time(ms);
    d.projection = projection;
    d.segment = segment;
    return d;
  };
  const std::vector<Delivery> ordered{delivery(1, 5, 9), delivery(2, 0, 3), delivery(2, 0, 4),
                                      delivery(2, 1, 0)};
  for (std::size_t a = 0; a < ordered.size(); ++a)
    for (std::size_t b = 0; b < ordered.size(); ++b)
      EXPECT_EQ(ordered[a] < ordered[b], a < b) << a << " " << b;
}

}  // namespace
}  // namespace chronotope::events
