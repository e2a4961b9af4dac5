// SPDX-License-Identifier: Apache-2.0
// The barcode of MTop-Div, on the clouds of the RTD authors' README and against the complex of all points.
#include "chronotope/topology/homology/unmatched_cross_barcode.hpp"

#include <gtest/gtest.h>

#include "chronotope/tests/reference/rips_reduction.hpp"
#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"
#include "chronotope/tests/topology/divergence/readme_clouds.hpp"
#include "chronotope/topology/distances/point_distances.hpp"

namespace chronotope::topology {
namespace {

reference::Bars bars_of(const Barcode& barcode) {
  reference::Bars bars;
  for (const Bar& bar : barcode.bars()) bars.emplace_back(bar.birth, bar.death);
  return bars;
}

/// Distances of the points of P and Q, those inside Q set to 0.
reference::Table all_points(const PointCloud& P, const PointCloud& Q, Metric metric) {
  std::vector<double> values;
  for (const PointCloud* cloud : {&P, &Q})
    for (std::size_t i = 0; i < cloud->size(); ++i)
      values.insert(values.end(), cloud->row(i).begin(), cloud->row(i).end());
  const DistanceMatrix d =
      distances(PointCloud(P.size() + Q.size(), P.dimension(), std::move(values)), metric);
  reference::Table table;
  for (std::size_t i = 0; i < d.size(); ++i) table.emplace_back(d.row(i).begin(), d.row(i).end());
  for (std::size_t i = P.size(); i < d.size(); ++i)
    for (std::size_t j = P.size(); j < d.size(); ++j) table[i][j] = 0;
  return table;
}

TEST(UnmatchedCrossBarcode, EqualsATextbookReductionOfAllPoints) {
  RandomDissimilarities random(41);
  for (int round = 0; round < 150; ++round) {
    const std::size_t p = random.between(1, 9);
    const std::size_t q = random.between(1, 9);
    const std::size_t d = random.between(1, 3);
    const bool grid = round % 2 == 0;
    const auto draw = [&] { return grid ? random.below(4) : random.normal(); };
    const PointCloud P = random.cloud(p, d, draw);
    const PointCloud Q = random.cloud(q, d, draw);
    for (const Metric metric : {Metric::kEuclidean, Metric::kHamming}) {
      const auto expected = reference::rips_barcodes(all_points(P, Q, metric), 1, 2, reference::kInfinity);
      const auto barcodes = unmatched_cross_barcode(P, Q, metric);
      ASSERT_EQ(bars_of(barcodes[0]), expected[0]);
      ASSERT_EQ(bars_of(barcodes[1]), expected[1]);
    }
  }
}

TEST(UnmatchedCrossBarcode, OfTheReadmeCloudsHasThePublishedNumbers) {
  const Readme clouds(100, 10);
  // The zero block lies on P, so Q is the cloud that is looked at.
  const auto barcodes = unmatched_cross_barcode(clouds.Q, clouds.P, Metric::kEuclidean);
  const std::vector<double> lengths = barcodes[1].finite_lengths();
  EXPECT_EQ(barcodes[0].size() - barcodes[0].infinite_bars(), 100u);
  EXPECT_NEAR(barcodes[0].finite_lengths().back(), 0.80505776, 1e-6);
  ASSERT_EQ(lengths.size(), 79u);
  EXPECT_NEAR(lengths[lengths.size() * 976 / 1000], 0.16022676, 1e-6);
  EXPECT_NEAR(lengths.back(), 0.16164625, 1e-6);
  EXPECT_NEAR(lengths[lengths.size() / 2], 0.04955161, 1e-6);
  EXPECT_NEAR(barcodes[1].total_finite_length(), 4.374264, 1e-5);
  const Barcode other = unmatched_cross_barcode(clouds.P, clouds.Q, Metric::kEuclidean)[1];
  EXPECT_EQ(other.size(), 79u);
  EXPECT_NEAR(other.total_finite_length(), 4.487352, 1e-5);
}

}  // namespace
}  // namespace chronotope::topology
