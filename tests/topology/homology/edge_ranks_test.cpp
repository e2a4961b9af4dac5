// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/edge_ranks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"

namespace chronotope::topology {
namespace {

/// By the standard library's sort.
void expect_ranks_of(const DistanceMatrix& d) {
  std::vector<std::tuple<double, std::uint32_t, std::uint32_t>> edges;
  for (std::uint32_t i = 0; i < d.size(); ++i)
    for (std::uint32_t j = i + 1; j < d.size(); ++j)
      if (std::isfinite(d(i, j))) edges.emplace_back(d(i, j), i, j);
  std::sort(edges.begin(), edges.end());
  const EdgeRanks ranks(d);
  ASSERT_EQ(static_cast<std::size_t>(ranks.edges()), edges.size());
  for (Rank r = 0; r < ranks.edges(); ++r) {
    const auto [value, i, j] = edges[static_cast<std::size_t>(r)];
    ASSERT_EQ(std::tuple(ranks.value(r), ranks.edge(r).i, ranks.edge(r).j), std::tuple(value, i, j));
    ASSERT_EQ(ranks.row(i)[j], r);
    ASSERT_EQ(ranks.row(j)[i], r);
  }
}

DistanceMatrix table(std::size_t n, const std::vector<double>& values) {
  std::vector<double> entries(n * n, 0);
  std::size_t next = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j)
      entries[i * n + j] = entries[j * n + i] = values[next++ % values.size()];
  return {n, n, std::move(entries)};
}

TEST(EdgeRanks, AreTheOrderOfTheStandardSort) {
  RandomDissimilarities random(8);
  for (const Family family : kFamilies) expect_ranks_of(random.pair(family, 50).first);
}

TEST(EdgeRanks, TellApartLengthsThatDifferInTheLastBitsOnly) {
  std::vector<double> values = {0, 1e-300, 1e300};
  for (double x = 1; values.size() < 60; x = std::nextafter(x, 2)) values.insert(values.begin(), x);
  expect_ranks_of(table(40, values));
}

TEST(EdgeRanks, OfTwoMatricesAreThoseOfTheirMinimum) {
  RandomDissimilarities random(9);
  for (const Family family : kFamilies) {
    const auto [w, v] = random.pair(family, 30);
    const EdgeRanks both(w, v);
    const EdgeRanks one(minimum(w, v));
    ASSERT_EQ(both.edges(), one.edges());
    for (std::size_t i = 0; i < 30; ++i)
      EXPECT_TRUE(std::equal(both.row(i), both.row(i) + both.stride(), one.row(i)));
  }
}

TEST(EdgeRanks, OfNothingAndOfInfiniteDistancesAreNone) {
  EXPECT_EQ(EdgeRanks(DistanceMatrix()).edges(), 0);
  EXPECT_EQ(EdgeRanks(table(3, {std::numeric_limits<double>::infinity()})).edges(), 0);
}

}  // namespace
}  // namespace chronotope::topology
