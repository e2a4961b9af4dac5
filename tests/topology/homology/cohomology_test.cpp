// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/cohomology.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "chronotope/tests/reference/rips_reduction.hpp"
#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"
#include "chronotope/topology/homology/cross_barcode.hpp"

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

SparseDistances sparse(const DistanceMatrix& d) {
  std::vector<SparseDistances::Pair> pairs;
  for (std::uint32_t i = 0; i < d.size(); ++i)
    for (std::uint32_t j = i + 1; j < d.size(); ++j)
      if (std::isfinite(d(i, j))) pairs.push_back({j, i, d(i, j)});
  return {d.size(), std::move(pairs)};
}

TEST(Cohomology, EqualsATextbookReductionInDegreesZeroToTwo) {
  RandomDissimilarities random(31);
  for (int round = 0; round < 40; ++round)
    for (const Family family : kFamilies)
      for (const std::uint32_t modulus : {2u, 3u, 65521u}) {
        const auto [d, other] = random.pair(family, random.between(1, 11) + 1);
        const auto barcodes = persistence(d, {.degree = 2, .modulus = modulus});
        const auto scattered = persistence(sparse(d), {.degree = 2, .modulus = modulus});
        const auto expected = reference::rips_barcodes(table_of(d), 2, modulus, kInfinity);
        ASSERT_EQ(barcodes.size(), 3u);
        for (std::size_t degree = 0; degree <= 2; ++degree) {
          ASSERT_EQ(bars_of(barcodes[degree]), expected[degree]) << "degree " << degree;
          ASSERT_EQ(scattered[degree], barcodes[degree]) << "degree " << degree;
        }
      }
}

TEST(Cohomology, KeepsFeaturesThatOutliveTheThreshold) {
  RandomDissimilarities random(32);
  for (int round = 0; round < 30; ++round)
    for (const Family family : kFamilies) {
      const auto [d, other] = random.pair(family, random.between(2, 10));
      const double threshold = other(0, 1);
      if (!std::isfinite(threshold)) continue;
      const auto expected = reference::rips_barcodes(table_of(d), 2, 2, threshold);
      const auto high = persistence(d, {.degree = 2, .threshold = threshold});
      const auto low = persistence(d, {.threshold = threshold});
      const auto scattered = persistence(sparse(d), {.degree = 2, .threshold = threshold});
      for (std::size_t degree = 0; degree <= 2; ++degree) {
        ASSERT_EQ(bars_of(high[degree]), expected[degree]);
        ASSERT_EQ(scattered[degree], high[degree]);
      }
      ASSERT_EQ(bars_of(low[1]), expected[1]);
    }
}

TEST(Cohomology, OfFullDistancesOnRanksEqualsThatOfSparseOnesOnValues) {
  RandomDissimilarities random(34);
  for (const Family family : kFamilies)
    for (const std::uint32_t modulus : {2u, 3u}) {
      const auto [d, other] = random.pair(family, 70);  // more objects than a word has bits
      const double threshold = d(0, 1) * 0.8;
      const PersistenceOptions options = {.degree = 2, .threshold = threshold, .modulus = modulus};
      EXPECT_EQ(persistence(d, options), persistence(sparse(d), options));
    }
}

TEST(Cohomology, OfDegreeOneOverZ2IsTheSameByBothReductions) {
  RandomDissimilarities random(33);
  for (int round = 0; round < 3; ++round)
    for (const Family family : kFamilies) {
      const auto [d, other] = random.pair(family, 60);
      EXPECT_EQ(persistence(d)[1], persistence(d, {.degree = 2})[1]);
      EXPECT_EQ(rips_degree_one(d), persistence(sparse(d))[1]);
    }
}

TEST(Cohomology, FindsTheHoleOfACircle) {
  std::vector<double> circle;
  for (int i = 0; i < 24; ++i) {
    circle.push_back(std::cos(2 * std::numbers::pi * i / 24));
    circle.push_back(std::sin(2 * std::numbers::pi * i / 24));
  }
  const auto barcodes = persistence(euclidean_distances(PointCloud(24, 2, circle)));
  ASSERT_EQ(barcodes[1].size(), 1u);
  EXPECT_NEAR(barcodes[1].bars()[0].birth, 2 * std::sin(std::numbers::pi / 24), 1e-12);
  EXPECT_NEAR(barcodes[1].bars()[0].death, std::sqrt(3), 1e-12);
  EXPECT_EQ(barcodes[0].size(), 24u);
}

TEST(Cohomology, SeesTheTorsionOfTheProjectivePlaneOnlyModuloTwo) {
  // The six-vertex projective plane, subdivided barycentrically so that it is a flag complex: cells are
  // joined when one is a face of the other.
  const std::vector<std::vector<int>> faces = {{0, 1, 2}, {0, 2, 3}, {0, 3, 4}, {0, 4, 5}, {0, 1, 5},
                                               {1, 2, 4}, {2, 4, 5}, {2, 3, 5}, {1, 3, 5}, {1, 3, 4}};
  std::set<std::set<int>> cells;
  for (const auto& face : faces)
    for (int subset = 1; subset < 8; ++subset) {
      std::set<int> cell;
      for (int k = 0; k < 3; ++k)
        if (subset >> k & 1) cell.insert(face[static_cast<std::size_t>(k)]);
      cells.insert(cell);
    }
  const std::vector<std::set<int>> list(cells.begin(), cells.end());
  const auto d = DistanceMatrix::of_pairs(list.size(), [&](std::size_t i, std::size_t j) {
    const auto& [a, b] = std::minmax(list[i], list[j], [](auto& x, auto& y) { return x.size() < y.size(); });
    return std::includes(b.begin(), b.end(), a.begin(), a.end()) ? 1.0 : kInfinity;
  });
  ASSERT_EQ(list.size(), 31u);
  const auto modulo_two = persistence(d, {.degree = 2});
  const auto modulo_three = persistence(d, {.degree = 2, .modulus = 3});
  EXPECT_EQ(modulo_two[1].infinite_bars(), 1u);
  EXPECT_EQ(modulo_two[2].infinite_bars(), 1u);
  EXPECT_EQ(modulo_three[1].infinite_bars(), 0u);
  EXPECT_EQ(modulo_three[2].infinite_bars(), 0u);
}

TEST(Cohomology, RefusesWhatItCanNotCompute) {
  const DistanceMatrix d(2, 2, {0, 1, 1, 0});
  EXPECT_THROW(persistence(d, {.degree = 3}), InputError);
  for (const std::uint32_t modulus : {0u, 1u, 4u, 65535u, 65537u})
    EXPECT_THROW(persistence(d, {.modulus = modulus}), InputError);
  EXPECT_THROW(persistence(d, {.threshold = std::nan("")}), InputError);
  EXPECT_THROW(SparseDistances(2, {{0, 2, 1}}), InputError);
  EXPECT_THROW(SparseDistances(2, {{0, 1, -1}}), InputError);
  EXPECT_THROW(SparseDistances(2, {{1, 1, 0}}), InputError);
  EXPECT_THROW(SparseDistances(2, {{0, 1, 1}, {1, 0, 2}}), InputError);
}

TEST(SimplexIndex, NumbersSimplicesWithoutGaps) {
  const SimplexIndex indices(9, 3);
  std::uint64_t next = 0;
  std::array<SimplexIndex::Vertex, 3> vertices;
  for (SimplexIndex::Vertex a = 2; a < 9; ++a)
    for (SimplexIndex::Vertex b = 1; b < a; ++b)
      for (SimplexIndex::Vertex c = 0; c < b; ++c, ++next) {
        EXPECT_EQ(indices.index_of(std::array{a, b, c}), next);
        indices.vertices_of(next, vertices);
        EXPECT_EQ(vertices, (std::array{a, b, c}));
      }
  EXPECT_EQ(next, indices.binomial(9, 3));
}

TEST(SimplexIndex, RefusesMoreSimplicesThanSixtyFourBitsNumber) {
  EXPECT_NO_THROW(SimplexIndex(100000, 2));
  EXPECT_THROW(SimplexIndex(200000, 3), InputError);
}

}  // namespace
}  // namespace chronotope::topology
