// SPDX-License-Identifier: Apache-2.0
// Published numbers are those of the RTD authors' README (single precision); the rest were computed
// independently in double precision.
#include "chronotope/topology/divergence/rtd.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "chronotope/tests/reference/boundary_matrix.hpp"
#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"
#include "chronotope/tests/topology/divergence/readme_clouds.hpp"
#include "chronotope/topology/homology/spanning_tree.hpp"

namespace chronotope::topology {
namespace {

const RtdOptions kAllAtOnce{.batch = 100000};

void expect_lengths(const Barcode& barcode, std::size_t count, double high, double longest, double middle) {
  const std::vector<double> lengths = barcode.finite_lengths();
  ASSERT_EQ(lengths.size(), count);
  EXPECT_NEAR(lengths[count * 976 / 1000], high, 1e-7);
  EXPECT_NEAR(lengths.back(), longest, 1e-7);
  EXPECT_NEAR(lengths[count / 2], middle, 1e-7);
}

TEST(Rtd, OfAHundredPointsEqualsThePublishedBarcode) {
  const Readme readme(100, 10);
  const RtdResult result = rtd(readme.P, readme.Q, kAllAtOnce);
  expect_lengths(result.barcodes[0].ab, 149, 0.27924016, 0.36882201, 0.04898933);
  EXPECT_NEAR(result.rtd_ab, 10.814162233521, 1e-11);
  EXPECT_EQ(result.barcodes[0].ba.size(), 132u);
  EXPECT_NEAR(result.rtd_ba, 10.893059650274, 1e-11);
  EXPECT_NEAR(result.rtd, 10.853611, 5e-7);
}

TEST(Rtd, OfAThousandPointsEqualsThePublishedBarcode) {
  const Readme readme(1000, 2);
  const RtdResult result = rtd(readme.P, readme.Q, kAllAtOnce);
  expect_lengths(result.barcodes[0].ab, 1219, 0.10457093, 0.15257642, 0.05195973);
  EXPECT_NEAR(result.rtd_ab, 61.646600793, 5e-10);
  EXPECT_EQ(result.barcodes[0].ba.size(), 1234u);
  EXPECT_NEAR(result.rtd_ba, 61.774979, 1e-6);
}

TEST(Rtd, OfTenTrialsEqualsThePublishedScore) {
  Readme readme(1000, 2);
  const RtdResult result = rtd(readme.P, readme.Q, RtdOptions{.batch = 500, .trials = 10}, readme.random);
  EXPECT_NEAR(result.rtd, 35.55234398557805, 1e-7);
  EXPECT_NEAR(result.rtd, 35.5523439898, 1e-9);
  EXPECT_NEAR(result.sd, 0.435325, 5e-7);
  EXPECT_NEAR(result.se, 0.137662, 5e-7);
  EXPECT_NEAR(result.trial_scores[0].ab, 34.943905, 1e-6);
  EXPECT_NEAR(result.trial_scores[0].ba, 35.325322, 1e-6);
  const std::vector<double> expected = {35.134614, 35.392658, 35.164549, 36.232081, 35.751600,
                                        35.589014, 36.204867, 34.945421, 35.724539, 35.384098};
  for (std::size_t t = 0; t < expected.size(); ++t)
    EXPECT_NEAR(result.trial_scores[t].symmetric(), expected[t], 1e-6);
}

TEST(Rtd, HasTheSameBitsForEveryNumberOfThreads) {
  const Readme readme(120, 3);
  const auto with = [&](std::size_t threads) {
    return rtd(readme.P, readme.Q, {.batch = 60, .trials = 7, .seed = 11, .threads = threads});
  };
  const RtdResult one = with(1);
  EXPECT_GT(one.sd, 0);
  for (const std::size_t threads : {2u, 3u, 8u, 0u}) {
    const RtdResult many = with(threads);
    EXPECT_EQ(many.rtd, one.rtd);
    EXPECT_EQ(many.sd, one.sd);
    for (std::size_t t = 0; t < 7; ++t) EXPECT_EQ(many.barcodes[t].ab, one.barcodes[t].ab);
  }
}

TEST(Rtd, OfOneTrialHasNoSpread) {
  const Readme readme(50, 3);
  const RtdResult result = rtd(readme.P, readme.Q, {.batch = 50, .trials = 10});
  EXPECT_EQ(result.trials, 1u);
  EXPECT_EQ(result.batch, 50u);
  EXPECT_EQ(result.sd, 0);
  EXPECT_EQ(result.rtd, result.trial_scores[0].symmetric());
}

TEST(Rtd, OfARepresentationAgainstItselfIsZero) {
  const Readme readme(200, 4);
  EXPECT_EQ(rtd(readme.P, readme.P, {.batch = 100, .trials = 3}).rtd, 0);
}

TEST(Rtd, IsSymmetricBitForBit) {
  const Readme readme(80, 4);
  const RtdResult ab = rtd(readme.P, readme.Q, {.batch = 40, .trials = 4});
  const RtdResult ba = rtd(readme.Q, readme.P, {.batch = 40, .trials = 4});
  EXPECT_EQ(ab.rtd, ba.rtd);
  EXPECT_EQ(ab.rtd_ab, ba.rtd_ba);
}

/// Rows reordered, columns swapped, turned by an angle in the plane of the first two, scaled and shifted.
PointCloud moved(const PointCloud& cloud, const std::vector<std::size_t>& rows, double scale, double angle,
                 double shift) {
  std::vector<double> values;
  for (const std::size_t i : rows) {
    const double x = cloud(i, 1);
    const double y = cloud(i, 0);
    values.push_back(scale * (x * std::cos(angle) - y * std::sin(angle)) + shift);
    values.push_back(scale * (x * std::sin(angle) + y * std::cos(angle)) - shift);
    values.push_back(scale * cloud(i, 2));
  }
  return {rows.size(), 3, std::move(values)};
}

TEST(Rtd, IgnoresIsometriesScaleAndTheOrderOfRowsAndColumns) {
  Readme readme(90, 3);
  const double original = rtd(readme.P, readme.Q, kAllAtOnce).rtd;
  const std::vector<std::size_t> rows = readme.random.permutation(90);
  const double changed =
      rtd(moved(readme.P, rows, 3.7, 0.6, 11), moved(readme.Q, rows, 0.2, -1.1, -4), kAllAtOnce).rtd;
  EXPECT_NEAR(changed, original, 1e-10 * original);
  const double copied =
      rtd(readme.P, moved(readme.P, draw_batches(90, 90, 1, readme.random)[0], 2, 0.3, 5), kAllAtOnce).rtd;
  EXPECT_NEAR(copied, 0, 1e-12);
}

TEST(Rtd, OfOneAndTwoObjectsIsZero) {
  EXPECT_EQ(rtd(PointCloud(1, 2, {1, 2}), PointCloud(1, 1, {0}), {}).rtd, 0);
  EXPECT_EQ(rtd(PointCloud(2, 1, {1, 2}), PointCloud(2, 1, {0, 7}), {}).rtd, 0);
}

TEST(Rtd, OfCloudsAndOfTheirDistancesAreEqual) {
  const Readme readme(70, 5);
  const RtdOptions options{.batch = 30, .trials = 3, .seed = 5};
  EXPECT_EQ(rtd(readme.P, readme.Q, options).rtd,
            rtd(euclidean_distances(readme.P), euclidean_distances(readme.Q), options).rtd);
}

TEST(Rtd, CountsInfiniteBarsButDoesNotAddThem) {
  const double inf = std::numeric_limits<double>::infinity();
  const DistanceMatrix apart(3, 3, {0, 1, inf, 1, 0, inf, inf, inf, 0});
  const DistanceMatrix together(3, 3, {0, 3, 2, 3, 0, 2, 2, 2, 0});
  const RtdResult result = rtd(apart, together, {.normalisation = Normalisation::kNone});
  EXPECT_EQ(result.infinite_bars, 1u);
  EXPECT_EQ(result.rtd_ab, 0);
  EXPECT_EQ(result.rtd_ba, 1);
}

TEST(Rtd, RefusesCloudsOfDifferentSizesAndEmptyChoices) {
  const PointCloud three(3, 1, {1, 2, 3});
  const PointCloud two(2, 1, {1, 2});
  try {
    rtd(three, two, {});
    FAIL() << "the sizes differ";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("3 rows"), testing::HasSubstr("2 rows")));
  }
  EXPECT_THROW(rtd(PointCloud(), PointCloud(), {}), InputError);
  EXPECT_THROW(rtd(two, two, {.batch = 0}), InputError);
  EXPECT_THROW(rtd(two, two, {.trials = 0}), InputError);
}

TEST(Rtd, OfASilentRepresentationIsAnErrorThatNamesIt) {
  const PointCloud silent(4, 2, std::vector<double>(8, 0.0));
  const PointCloud active(4, 1, {1, 2, 3, 4});
  try {
    rtd(active, silent, {});
    FAIL() << "a silent layer has no divergence";
  } catch (const DegenerateRepresentation& error) {
    EXPECT_EQ(error.share_of_identical_rows(), 1);
    EXPECT_THAT(error.what(), testing::StartsWith("B: 4 of 4 rows"));
  }
}

TEST(Rtd, ReportsProgressOncePerTrial) {
  const Readme readme(30, 2);
  std::vector<std::size_t> seen;
  rtd(readme.P, readme.Q, {.batch = 10, .trials = 5, .threads = 2}, [&](std::size_t done, std::size_t total) {
    EXPECT_EQ(total, 5u);
    seen.push_back(done);
  });
  EXPECT_EQ(seen, (std::vector<std::size_t>{1, 2, 3, 4, 5}));
}

/// Total length of the H1 bars of the Vietoris-Rips complex.
double rips_length(const DistanceMatrix& d) {
  reference::Table table;
  for (std::size_t i = 0; i < d.size(); ++i) table.emplace_back(d.row(i).begin(), d.row(i).end());
  double total = 0;
  for (const auto& [birth, death] : reference::degree_one_bars(reference::flag_complex(table)))
    total += death - birth;
  return total;
}

TEST(Rtd, LiesBetweenTheBoundsOfTheLongExactSequence) {
  RandomDissimilarities random(4);
  for (int round = 0; round < 20; ++round)
    for (const Family family : {Family::kUniform, Family::kGaussian, Family::kNearCopy, Family::kGrid}) {
      const auto [w, v] = random.pair(family, random.between(2, 24));
      const DistanceMatrix m = minimum(w, v);
      const double kernel = minimum_spanning_tree_weight(w) - minimum_spanning_tree_weight(m);
      const double length = cross_barcode(w, v).total_finite_length();
      EXPECT_GE(length, kernel - 1e-12);
      EXPECT_LE(length, kernel + rips_length(m) + 1e-12);
      if (w.size() <= 3) {
        EXPECT_NEAR(length, kernel, 1e-12);
      }
    }
}

TEST(Rtd, HasTheSameBitsForCloudsMultipliedByPowersOfTwo) {
  RandomDissimilarities random(71);
  const PointCloud P = random.cloud(40, 3, [&] { return random.uniform(); });
  const PointCloud Q = random.cloud(40, 2, [&] { return random.normal(); });
  for (const RtdVariant variant :
       {RtdVariant::kMin, RtdVariant::kMax, RtdVariant::kSymmetric, RtdVariant::kLite})
    for (const Metric metric : {Metric::kEuclidean, Metric::kCosine, Metric::kCorrelation})
      for (const Normalisation unit : {Normalisation::kQuantile, Normalisation::kMean}) {
        const RtdOptions options = {
            .batch = 30, .trials = 2, .variant = variant, .metric = metric, .normalisation = unit};
        const RtdResult expected = rtd(P, Q, options);
        for (int k = -600; k <= 600; k += 200) {
          const RtdResult scaled =
              rtd(multiplied(P, std::ldexp(1.0, k)), multiplied(Q, std::ldexp(1.0, -k)), options);
          EXPECT_EQ(scaled.rtd_ab, expected.rtd_ab) << k;
          EXPECT_EQ(scaled.rtd_ba, expected.rtd_ba) << k;
        }
      }
}

TEST(Rtd, OfMTopDivScalesWithTheClouds) {
  RandomDissimilarities random(72);
  const PointCloud P = random.cloud(30, 3, [&] { return random.uniform(); });
  const PointCloud Q = random.cloud(50, 3, [&] { return random.uniform(); });
  const RtdOptions options = {.trials = 1, .variant = RtdVariant::kMTopDiv};
  for (int k = -600; k <= 600; k += 200) {
    const double power = std::ldexp(1.0, k);
    EXPECT_EQ(rtd(multiplied(P, power), multiplied(Q, power), options).rtd / power, rtd(P, Q, options).rtd)
        << k;
  }
}

}  // namespace
}  // namespace chronotope::topology
