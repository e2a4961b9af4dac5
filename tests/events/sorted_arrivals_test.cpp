// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/sorted_arrivals.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>
#include <vector>

namespace chronotope::events {
namespace {

constexpr double kTenNs = 1e4;  // ticks

/// An arrival as a list of all would have it: target, time, projection, synapse.
using Listed = std::tuple<std::uint32_t, double, std::uint32_t, std::uint64_t>;

/// Two projections with own delays of one to four units, so that many coincide, and one whose rows have one.
struct Rows {
  explicit Rows(std::mt19937& random, std::uint32_t targets, std::uint32_t degree) {
    for (int k = 0; k < 3; ++k) {
      Adjacency rows;
      std::vector<Duration> delays;
      for (int source = 0; source < 4; ++source) {
        std::vector<std::pair<double, std::uint32_t>> row;
        for (std::uint32_t j = 0; j < degree; ++j)
          row.emplace_back((k == 2 ? 2 : 1 + random() % 4) * kTenNs, random() % targets);
        std::sort(row.begin(), row.end());
        for (const auto& [delay, target] : row) {
          delays.push_back(Duration::from_ticks(delay));
          rows.target.push_back(target);
        }
        rows.end_row();
      }
      if (k == 2)
        connectivity.emplace_back(rows, delays, targets);
      else
        connectivity.emplace_back(rows, DelayColumn::exact(delays), targets);
    }
  }
  std::vector<Connectivity> connectivity;
};

class Sorted : public testing::TestWithParam<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>> {};

TEST_P(Sorted, IsTheOrderOfAListOfAll) {
  const auto [targets, degree, first] = GetParam();
  std::mt19937 random(7);
  const Rows rows(random, targets, degree);
  ASSERT_TRUE(rows.connectivity[0].has_own_delays());
  ASSERT_FALSE(rows.connectivity[2].has_own_delays());
  const Time begin = Time() + Duration::nearest(3);
  std::vector<Delivery> deliveries;
  std::vector<Listed> listed;
  for (std::uint32_t k = 0; k < 3; ++k)
    for (std::uint32_t source = 0; source < 4; ++source) {
      const Connectivity& c = rows.connectivity[k];
      const Time emitted = begin - Duration::from_ticks(kTenNs * (source % 2));
      const auto from = index(c.first_segment(NeuronId{source}));
      const auto to = index(c.last_segment(NeuronId{source}));
      deliveries.push_back({emitted + c.delay(SegmentId{from}), k, source, from, to, emitted});
      for (std::uint64_t g = from; g < to; ++g)
        for (const SynapseId s : c.synapses(SegmentId{g}))
          if (const std::uint32_t target = index(c.target(s)); target >= first)
            listed.emplace_back(target - first, (emitted + c.delay(SegmentId{g})).since(begin).ticks, k,
                                index(s));
    }
  std::sort(listed.begin(), listed.end());
  std::shuffle(deliveries.begin(), deliveries.end(), random);

  SortedArrivals sorted(first, targets - first);
  sorted.begin(begin, 12 * degree);
  for (std::uint32_t n = 0; n < deliveries.size(); ++n)
    sorted.add(rows.connectivity[deliveries[n].projection], deliveries[n], n, deliveries[n].segment,
               deliveries[n].end);
  std::vector<Listed> found;
  for (const auto& a : sorted.sort(deliveries)) {
    const Delivery& d = deliveries[a.delivery];
    const Connectivity& c = rows.connectivity[d.projection];
    const std::uint64_t base =
        c.has_own_delays() ? d.segment : index(c.synapses(SegmentId{d.segment}).front());
    found.emplace_back(sorted.target(a), sorted.since_begin(a).ticks, d.projection, base + a.place);
  }
  EXPECT_EQ(found, listed);
}

// One target, few, many more than arrivals; a second lane; a block that holds everything.
INSTANTIATE_TEST_SUITE_P(Shapes, Sorted,
                         testing::Values(std::tuple(1u, 50u, 0u), std::tuple(10u, 40u, 0u),
                                         std::tuple(100'000u, 30u, 0u), std::tuple(64u, 200u, 40u),
                                         std::tuple(20'000'000u, 20u, 0u)));

TEST(SortedArrivals, LongWindowsAreRefusedToWidePopulations) {
  EXPECT_GE(SortedArrivals::longest_window(1 << 20), Duration::nearest(1));
  EXPECT_LT(SortedArrivals::longest_window(1u << 31), Duration::nearest(0.01));
}

}  // namespace
}  // namespace chronotope::events
