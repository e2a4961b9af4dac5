// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/cross_barcode.hpp"

#include <gtest/gtest.h>

#include "chronotope/tests/reference/cross_barcode_forms.hpp"
#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"

namespace chronotope::topology {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

reference::Table table_of(const DistanceMatrix& d) {
  reference::Table table;
  for (std::size_t i = 0; i < d.size(); ++i) table.emplace_back(d.row(i).begin(), d.row(i).end());
  return table;
}

reference::Bars bars_of(const Barcode& barcode) {
  reference::Bars bars;
  for (const Bar& bar : barcode.bars()) bars.emplace_back(bar.birth, bar.death);
  return bars;
}

PointCloud line(std::vector<double> points) {
  const std::size_t n = points.size();
  return {n, 1, std::move(points)};
}

DistanceMatrix unit_distances(const PointCloud& cloud) {
  return normalised(euclidean_distances(cloud), Normalisation::kQuantile);
}

void expect_bars(const Barcode& barcode, const std::vector<Bar>& expected) {
  ASSERT_EQ(barcode.size(), expected.size());
  for (std::size_t b = 0; b < expected.size(); ++b) {
    EXPECT_NEAR(barcode.bars()[b].birth, expected[b].birth, 1e-9);
    EXPECT_NEAR(barcode.bars()[b].death, expected[b].death, 1e-9);
  }
}

TEST(CrossBarcode, OfThreePointsOnALine) {
  const auto [ab, ba] = cross_barcodes(unit_distances(line({0, 1, 3})), unit_distances(line({0, 2, 3})));
  expect_bars(ab, {{1.0 / 3, 2.0 / 3}});
  expect_bars(ba, {{1.0 / 3, 2.0 / 3}});
}

TEST(CrossBarcode, OfASquareAgainstALine) {
  const DistanceMatrix square = unit_distances(PointCloud(4, 2, {0, 0, 1, 0, 1, 1, 0, 1}));
  const auto [ab, ba] = cross_barcodes(square, unit_distances(line({0, 1, 2, 3})));
  const double side = std::sqrt(0.5);
  expect_bars(ab, {{0.4, side}, {0.4, side}, {0.4, side}});
  expect_bars(ba, {{side, 0.8}});
}

TEST(CrossBarcode, OfTwoPairsWhosePartnersAreSwapped) {
  const auto [ab, ba] =
      cross_barcodes(unit_distances(line({0, 1, 10, 11})), unit_distances(line({0, 10, 1, 11})));
  expect_bars(ab, {{2.0 / 21, 6.0 / 7}, {2.0 / 21, 6.0 / 7}});
  expect_bars(ba, {{2.0 / 21, 6.0 / 7}, {2.0 / 21, 6.0 / 7}});
}

TEST(CrossBarcode, OfNoneOneAndTwoObjects) {
  const DistanceMatrix two(2, 2, {0, 2, 2, 0});
  EXPECT_TRUE(cross_barcode(DistanceMatrix(), DistanceMatrix()).empty());
  EXPECT_TRUE(cross_barcode(DistanceMatrix(1, 1, {0}), DistanceMatrix(1, 1, {0})).empty());
  EXPECT_EQ(cross_barcode(two, DistanceMatrix(2, 2, {0, 1, 1, 0})), Barcode({{1, 2}}));
  EXPECT_TRUE(cross_barcode(two, DistanceMatrix(2, 2, {0, 3, 3, 0})).empty());
}

TEST(CrossBarcode, OfAFeatureThatNeverDiesIsInfinite) {
  const DistanceMatrix apart(2, 2, {0, kInfinity, kInfinity, 0});
  EXPECT_EQ(cross_barcode(apart, DistanceMatrix(2, 2, {0, 1, 1, 0})), Barcode({{1, kInfinity}}));
  EXPECT_TRUE(cross_barcode(apart, apart).empty());
}

TEST(CrossBarcode, IsEmptyWhereTheFirstMatrixIsNowhereLarger) {
  RandomDissimilarities random(5);
  for (const Family family : kFamilies) {
    const auto [w, v] = random.pair(family, 20);
    EXPECT_TRUE(cross_barcode(w, w).empty());
    EXPECT_TRUE(cross_barcode(minimum(w, v), v).empty());
  }
}

TEST(CrossBarcode, EqualsATextbookReductionOfTheDoubledMatrix) {
  RandomDissimilarities random(1);
  for (int round = 0; round < 200; ++round)
    for (const Family family : kFamilies) {
      const auto [w, v] = random.pair(family, random.between(3, 13));
      const auto [ab, ba] = cross_barcodes(w, v);
      ASSERT_EQ(bars_of(ab), reference::cross_barcode(table_of(w), table_of(v), reference::Form::kDoubled));
      ASSERT_EQ(bars_of(ba), reference::cross_barcode(table_of(v), table_of(w), reference::Form::kDoubled));
      ASSERT_EQ(cross_barcode(v, w), ba);
    }
}

TEST(CrossBarcode, EqualsAllFourForms) {
  using reference::Form;
  RandomDissimilarities random(2);
  for (int round = 0; round < 20; ++round)
    for (const Family family : kFamilies) {
      const auto [w, v] = random.pair(family, random.between(3, 12));
      const reference::Bars bars = bars_of(cross_barcode(w, v));
      for (const Form form : {Form::kCone, Form::kPaper, Form::kDoubled, Form::kHalf})
        ASSERT_EQ(bars, reference::cross_barcode(table_of(w), table_of(v), form));
    }
}

TEST(CrossBarcode, EqualsTheMappingConeOnMoreObjects) {
  RandomDissimilarities random(3);
  for (int round = 0; round < 5; ++round)
    for (const Family family : kFamilies) {
      const auto [w, v] = random.pair(family, random.between(30, 45));
      ASSERT_EQ(bars_of(cross_barcode(w, v)),
                reference::cross_barcode(table_of(w), table_of(v), reference::Form::kCone));
    }
}

}  // namespace
}  // namespace chronotope::topology
