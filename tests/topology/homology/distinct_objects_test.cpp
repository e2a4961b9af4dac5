// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/distinct_objects.hpp"

#include <gtest/gtest.h>

#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"
#include "chronotope/topology/homology/cross_barcode.hpp"

namespace chronotope::topology {
namespace {

/// Objects 0 .. n - 1, some of them several times, in any order.
std::vector<std::size_t> with_repetitions(std::size_t n, RandomDissimilarities& random) {
  std::vector<std::size_t> objects;
  for (std::size_t k = 0; k < 2 * n; ++k) objects.push_back(random.between(0, n - 1));
  for (std::size_t i = 0; i < n; ++i)
    objects.insert(objects.begin() + static_cast<std::ptrdiff_t>(random.between(0, objects.size())), i);
  return objects;
}

/// The bars from all objects.
Barcode plain_bars(const DistanceMatrix& w, const DistanceMatrix& v) {
  std::vector<Bar> bars;
  for (const PairedBar& paired : paired_bars(w, v)) bars.push_back(paired.bar);
  return Barcode(std::move(bars));
}

TEST(DistinctObjects, AreTheFirstOfEverySetOfEqualRows) {
  const DistanceMatrix a = euclidean_distances(PointCloud(6, 1, {3, 0, 3, 0, 0, 3}));
  const DistanceMatrix b = euclidean_distances(PointCloud(6, 1, {1, 2, 1, 2, 5, 1}));
  EXPECT_EQ(distinct_objects(a, a), (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(distinct_objects(a, b), (std::vector<std::size_t>{0, 1, 4}));
  EXPECT_TRUE(distinct_objects(DistanceMatrix(), DistanceMatrix()).empty());
}

TEST(DistinctObjects, AtDistanceZeroMayDifferElsewhere) {
  const DistanceMatrix a(3, 3, {0, 0, 1, 0, 0, 2, 1, 2, 0});
  EXPECT_EQ(distinct_objects(a, a), (std::vector<std::size_t>{0, 1, 2}));
}

TEST(DistinctObjects, HaveAllBarsOfPositiveLength) {
  RandomDissimilarities random(22);
  for (int round = 0; round < 20; ++round)
    for (const Family family : kFamilies) {
      const auto [w, v] = random.pair(family, random.between(2, 40));
      const auto objects = with_repetitions(w.size(), random);
      const DistanceMatrix repeated_w = w.restricted(objects);
      const DistanceMatrix repeated_v = v.restricted(objects);
      ASSERT_LE(distinct_objects(repeated_w, repeated_v).size(), w.size());
      const auto [ab, ba] = cross_barcodes(repeated_w, repeated_v);
      ASSERT_EQ(ab, plain_bars(w, v));
      ASSERT_EQ(ba, plain_bars(v, w));
      ASSERT_EQ(ab, plain_bars(repeated_w, repeated_v));
      ASSERT_EQ(ba, plain_bars(repeated_v, repeated_w));
      ASSERT_EQ(cross_barcode(repeated_w, repeated_v), ab);
    }
}

}  // namespace
}  // namespace chronotope::topology
