// SPDX-License-Identifier: Apache-2.0
// The relatives of RTD on hand cases and on the 100 x 10 clouds of the RTD authors' README. Expected values
// were computed independently, in single precision where six decimals are given.
#include <gtest/gtest.h>

#include <cmath>

#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"
#include "chronotope/tests/topology/divergence/readme_clouds.hpp"
#include "chronotope/topology/divergence/linear_cka.hpp"
#include "chronotope/topology/divergence/merge_order.hpp"
#include "chronotope/topology/divergence/rtd.hpp"
#include "chronotope/topology/divergence/rtd_lite.hpp"
#include "chronotope/topology/homology/spanning_tree.hpp"

namespace chronotope::topology {
namespace {

PointCloud line(std::vector<double> points) {
  const std::size_t n = points.size();
  return {n, 1, std::move(points)};
}

struct HandCase {
  const char* name;
  PointCloud P;
  PointCloud Q;
  double min;
  double max;
  double symmetric;
  double lite;
};

class HandCases : public testing::TestWithParam<HandCase> {};

TEST_P(HandCases, HaveTheScoresComputedByHand) {
  const HandCase& hand = GetParam();
  const auto score = [&](RtdVariant variant) { return rtd(hand.P, hand.Q, {.variant = variant}).rtd; };
  EXPECT_NEAR(score(RtdVariant::kMin), hand.min, 1e-9);
  EXPECT_NEAR(score(RtdVariant::kMax), hand.max, 1e-9);
  EXPECT_NEAR(score(RtdVariant::kSymmetric), hand.symmetric, 1e-9);
  EXPECT_NEAR(score(RtdVariant::kLite), hand.lite, 1e-9);
}

INSTANTIATE_TEST_SUITE_P(
    Of, HandCases,
    testing::Values(HandCase{"line", line({0, 1, 3}), line({0, 2, 3}), 1.0 / 3, 1.0 / 3, 2.0 / 3, 1.0 / 3},
                    HandCase{"square", PointCloud(4, 2, {0, 0, 1, 0, 1, 1, 0, 1}), line({0, 1, 2, 3}),
                             0.507106781, 0.607106781, 1.014213562, 0.460660172},
                    HandCase{"pairs", line({0, 1, 10, 11}), line({0, 10, 1, 11}), 32.0 / 21, 12.0 / 7,
                             3.238095238, 0.761904762}),
    [](const auto& info) { return info.param.name; });

TEST(HandCaseBars, AreThoseComputedByHand) {
  const auto bars = [](const PointCloud& P, const PointCloud& Q) {
    std::vector<std::vector<double>> both(2);
    const RtdResult result = rtd(P, Q, {});
    for (const Bar& bar : result.barcodes[0].ab.bars()) both[0].insert(both[0].end(), {bar.birth, bar.death});
    for (const Bar& bar : result.barcodes[0].ba.bars()) both[1].insert(both[1].end(), {bar.birth, bar.death});
    return both;
  };
  const auto expect_near = [](const std::vector<double>& shown, const std::vector<double>& expected) {
    ASSERT_EQ(shown.size(), expected.size());
    for (std::size_t k = 0; k < shown.size(); ++k) EXPECT_NEAR(shown[k], expected[k], 1e-12);
  };
  const auto lines = bars(line({0, 1, 3}), line({0, 2, 3}));
  expect_near(lines[0], {1.0 / 3, 2.0 / 3});
  expect_near(lines[1], {1.0 / 3, 2.0 / 3});
  const double half = std::sqrt(0.5);
  const auto square = bars(PointCloud(4, 2, {0, 0, 1, 0, 1, 1, 0, 1}), line({0, 1, 2, 3}));
  expect_near(square[0], {0.4, half, 0.4, half, 0.4, half});
  expect_near(square[1], {half, 0.8});
  const auto pairs = bars(line({0, 1, 10, 11}), line({0, 10, 1, 11}));
  for (const auto& direction : pairs) expect_near(direction, {2.0 / 21, 6.0 / 7, 2.0 / 21, 6.0 / 7});
}

class ReadmeClouds : public testing::Test {
 protected:
  ReadmeClouds()
      : clouds_(100, 10),
        w_(normalised(euclidean_distances(clouds_.P), Normalisation::kQuantile)),
        v_(normalised(euclidean_distances(clouds_.Q), Normalisation::kQuantile)) {}

  RtdResult score(RtdVariant variant) const { return rtd(clouds_.P, clouds_.Q, {.variant = variant}); }

  Readme clouds_;
  DistanceMatrix w_;
  DistanceMatrix v_;
};

TEST_F(ReadmeClouds, HaveTheKnownSpanningTrees) {
  EXPECT_NEAR(minimum_spanning_tree_weight(w_), 43.901971, 1e-5);
  EXPECT_NEAR(minimum_spanning_tree_weight(v_), 44.238593, 1e-5);
  EXPECT_NEAR(minimum_spanning_tree_weight(minimum(w_, v_)), 39.785591, 1e-5);
  EXPECT_NEAR(minimum_spanning_tree_weight(maximum(w_, v_)), 60.254842, 1e-5);
}

TEST_F(ReadmeClouds, HaveTheKnownLiteScore) {
  const RtdResult lite = score(RtdVariant::kLite);
  EXPECT_NEAR(lite.rtd, 4.284691, 1e-5);
  EXPECT_EQ(lite.barcodes[0].ab.size(), 44u);
  EXPECT_NEAR(lite.rtd_ab, 4.116380, 1e-5);
  EXPECT_EQ(lite.barcodes[0].ba.size(), 55u);
  EXPECT_NEAR(lite.rtd_ba, 4.453002, 1e-5);
  EXPECT_NEAR(rtd_lite(w_, v_).score(), lite.rtd, 1e-12);
}

TEST_F(ReadmeClouds, HaveTheKnownMaxScore) {
  const RtdResult max = score(RtdVariant::kMax);
  EXPECT_NEAR(max.rtd_ab, 19.863615, 1e-5);
  EXPECT_EQ(max.barcodes[0].ab.size(), 195u);
  EXPECT_NEAR(max.rtd_ba, 20.550438366, 1e-8);
  EXPECT_EQ(max.barcodes[0].ba.size(), 191u);
}

TEST_F(ReadmeClouds, HaveTheKnownSymmetricScoreInEitherOrder) {
  const RtdResult symmetric = score(RtdVariant::kSymmetric);
  EXPECT_NEAR(symmetric.rtd, 29.162073, 1e-5);
  EXPECT_EQ(symmetric.barcodes[0].ab.size(), 281u);
  EXPECT_EQ(rtd(clouds_.Q, clouds_.P, {.variant = RtdVariant::kSymmetric}).rtd, symmetric.rtd);
  EXPECT_NEAR(symmetric_lite(w_, v_), 20.469251, 1e-5);
}

TEST_F(ReadmeClouds, HaveTheKnownAlignment) {
  EXPECT_NEAR(linear_cka(clouds_.P, clouds_.Q), 0.0846485206, 1e-10);
}

TEST(RtdLite, OfTheThousandPointCloudsHasTheKnownSpanningTrees) {
  const Readme clouds(1000, 2);
  const DistanceMatrix w = normalised(euclidean_distances(clouds.P), Normalisation::kQuantile);
  const DistanceMatrix v = normalised(euclidean_distances(clouds.Q), Normalisation::kQuantile);
  EXPECT_NEAR(rtd_lite(w, v).mst_a, 24.314955, 1e-5);
  EXPECT_NEAR(rtd_lite(w, v).mst_b, 24.548664, 1e-5);
  EXPECT_NEAR(rtd_lite(w, v).mst_min, 15.716859, 1e-5);
  EXPECT_NEAR(minimum_spanning_tree_weight(maximum(w, v)), 124.819058, 1e-4);
}

TEST(RtdLite, IsTheSumOfItsBarsAndBoundsRtdFromBelow) {
  RandomDissimilarities random(12);
  for (int round = 0; round < 20; ++round)
    for (const Family family : {Family::kUniform, Family::kGrid, Family::kCounts, Family::kAnyValues}) {
      const auto [w, v] = random.pair(family, random.between(2, 30));
      EXPECT_NEAR(lite_barcode(w, v).total_finite_length(), rtd_lite(w, v).ab(), 1e-12);
      EXPECT_GE(cross_barcode(w, v).total_finite_length(), rtd_lite(w, v).ab() - 1e-12);
    }
}

TEST(Cka, OfACopyTurnedAndScaledIsOne) {
  const Readme clouds(30, 2);
  std::vector<double> turned;
  for (std::size_t i = 0; i < 30; ++i) {
    turned.push_back(3 * (0.6 * clouds.P(i, 0) - 0.8 * clouds.P(i, 1)) + 7);
    turned.push_back(3 * (0.8 * clouds.P(i, 0) + 0.6 * clouds.P(i, 1)) - 1);
  }
  EXPECT_NEAR(linear_cka(clouds.P, PointCloud(30, 2, turned)), 1, 1e-12);
}

TEST(MergeOrder, OfAMatrixAndAnIncreasingTransformOfItIsOne) {
  const DistanceMatrix w = euclidean_distances(Readme(60, 3).P);
  const auto squared =
      DistanceMatrix::of_pairs(w.size(), [&](std::size_t i, std::size_t j) { return 5 * w(i, j) * w(i, j); });
  EXPECT_NEAR(merge_order_similarity(w, squared), 1, 1e-12);
  EXPECT_NEAR(merge_order_similarity(w, squared, RankCorrelation::kKendall), 1, 1e-12);
}

TEST(MergeOrder, OfAReversedChainIsMinusOne) {
  // Pairs 01, 12, 23 merge at 1, 2, 3 in one line and at 3, 2, 1 in the other.
  const DistanceMatrix up = euclidean_distances(line({0, 1, 3, 6}));
  const DistanceMatrix down = euclidean_distances(line({0, 3, 5, 6}));
  EXPECT_NEAR(merge_order_similarity(up, down), -1, 1e-12);
  EXPECT_NEAR(merge_order_similarity(up, down, RankCorrelation::kKendall), -1, 1e-12);
}

TEST(MergeOrder, OfDistancesComparesThoseOfTheJoinedPairs) {
  // Joined: 01, 12 in the line 0 1 3, and 01, 02 in 0 1 -2 (lengths 1, 2): distances 1 2 3 against 1 3 2.
  const double shown =
      merge_order_similarity(euclidean_distances(line({0, 1, 3})), euclidean_distances(line({0, 1, -2})),
                             RankCorrelation::kSpearman, MergeValue::kDistance);
  EXPECT_NEAR(shown, 0.5, 1e-12);
}

TEST(RtdLite, AndMaxLiteMakeSymmetricLite) {
  RandomDissimilarities random(13);
  for (int round = 0; round < 20; ++round)
    for (const Family family : {Family::kUniform, Family::kGrid, Family::kCounts, Family::kAnyValues}) {
      const auto [w, v] = random.pair(family, random.between(2, 30));
      const auto of = [&, &w = w, &v = v](RtdVariant variant) {
        return rtd(w, v, {.variant = variant, .normalisation = Normalisation::kNone}).rtd;
      };
      EXPECT_NEAR(of(RtdVariant::kLite) + of(RtdVariant::kMaxLite), of(RtdVariant::kSymmetricLite), 1e-9);
      EXPECT_NEAR(of(RtdVariant::kSymmetricLite), symmetric_lite(w, v), 1e-9);
    }
}

TEST(MergeOrder, LiesBetweenMinusOneAndOneAndIsSymmetric) {
  RandomDissimilarities random(3);
  for (int round = 0; round < 20; ++round) {
    const auto [w, v] = random.pair(Family::kGaussian, 25);
    const double similarity = merge_order_similarity(w, v);
    EXPECT_LE(std::abs(similarity), 1);
    EXPECT_NEAR(merge_order_similarity(v, w), similarity, 1e-12);
  }
}

TEST(MergeOrder, OfConstantHeightsIsAnError) {
  const DistanceMatrix even = euclidean_distances(line({0, 1, 2, 3}));
  EXPECT_THROW(merge_order_similarity(even, euclidean_distances(line({0, 1, 3, 6}))), InputError);
  EXPECT_THROW(merge_order_similarity(euclidean_distances(line({0, 1})), euclidean_distances(line({0, 1}))),
               InputError);
}

}  // namespace
}  // namespace chronotope::topology
