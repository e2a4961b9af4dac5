// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/distance_matrix.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"

namespace chronotope::topology {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

template <class Work>
std::string message_of(Work work) {
  try {
    work();
  } catch (const InputError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(PointCloud, RefusesWhatIsNotFiniteNamingRowAndColumn) {
  for (const double value : {kNaN, kInfinity, -kInfinity})
    EXPECT_THAT(message_of([&] {
                  PointCloud(3, 2, {0, 1, 2, 3, 4, value});
                }),
                testing::HasSubstr("row 2, column 1"));
}

TEST(DistanceMatrix, HoldsEuclideanDistances) {
  const DistanceMatrix d = euclidean_distances(PointCloud(3, 2, {0, 0, 3, 4, 3, 0}));
  EXPECT_EQ(d, DistanceMatrix(3, 3, {0, 5, 3, 5, 0, 4, 3, 4, 0}));
}

TEST(DistanceMatrix, OfACloudIsThatOfWideNumbersAtEveryScale) {
  RandomDissimilarities random(61);
  const PointCloud cloud = random.cloud(20, 5, [&] { return random.normal(); });
  for (const int k : {-1000, -600, -538, -512, -1, 0, 1, 511, 600, 1020}) {
    const PointCloud scaled = multiplied(cloud, std::ldexp(1.0, k));
    const DistanceMatrix d = euclidean_distances(scaled);
    for (std::size_t i = 0; i < d.size(); ++i)
      for (std::size_t j = 0; j < d.size(); ++j) {
        long double square = 0;  // to 1e4932
        for (std::size_t c = 0; c < 5; ++c) {
          const long double x = static_cast<long double>(scaled(i, c)) - scaled(j, c);
          square += x * x;
        }
        const auto expected = static_cast<double>(std::sqrt(square));
        EXPECT_NEAR(d(i, j), expected, 4 * std::numeric_limits<double>::epsilon() * expected);
      }
  }
}

TEST(DistanceMatrix, OfACloudScalesWithItBitForBit) {
  RandomDissimilarities random(62);
  const PointCloud cloud = random.cloud(30, 7, [&] { return random.normal(); });
  const DistanceMatrix d = euclidean_distances(cloud);
  for (int k = -600; k <= 600; k += 100) {
    const double power = std::ldexp(1.0, k);
    EXPECT_EQ(euclidean_distances(multiplied(cloud, power)).divided_by(power), d) << k;
  }
}

TEST(DistanceMatrix, OfAFarPointLeavesTheDistancesOfTheOthers) {
  for (const double far : {1e160, 1e200, 1e300}) {
    const DistanceMatrix d = euclidean_distances(PointCloud(4, 2, {0, 0, 3, 4, far, 0, 0, 0}));
    EXPECT_EQ(d(0, 1), 5);
    EXPECT_EQ(d(0, 3), 0);
    EXPECT_EQ(d(0, 2), far);
  }
}

TEST(DistanceMatrix, OfACloudRefusesDistancesThatAreNoNumbers) {
  EXPECT_THAT(message_of([] {
                euclidean_distances(PointCloud(3, 1, {0, -1.7e308, 1.7e308}));
              }),
              testing::HasSubstr("rows 1 and 2"));
}

TEST(DistanceMatrix, OfEqualRowsIsExactlyZeroFarFromTheOrigin) {
  const DistanceMatrix d = euclidean_distances(PointCloud(3, 2, {1e9, 0.1, 1e9, 0.1, 1e9, 0.1 + 1e-9}));
  EXPECT_EQ(d(0, 1), 0);
  EXPECT_NEAR(d(0, 2), 1e-9, 1e-16);
}

TEST(DistanceMatrix, RefusesTablesThatAreNoDistances) {
  const auto refusal = [](std::size_t rows, std::size_t columns, std::vector<double> values) {
    return message_of([&] { DistanceMatrix(rows, columns, values); });
  };
  EXPECT_THAT(refusal(1, 2, {0, 1}), testing::HasSubstr("square, not 1 x 2"));
  EXPECT_THAT(refusal(2, 2, {0, 1, 2, 0}), testing::HasSubstr("row 0, column 1 (from 0): 1"));
  EXPECT_THAT(refusal(2, 2, {0, 1, 1, 3}), testing::HasSubstr("row 1, column 1 (from 0): 3"));
  EXPECT_THAT(refusal(2, 2, {0, -1, -1, 0}), testing::HasSubstr("must be >= 0"));
  EXPECT_THAT(refusal(2, 2, {0, 1, kNaN, 0}), testing::HasSubstr("row 1, column 0 (from 0): nan"));
}

TEST(DistanceMatrix, AcceptsInfiniteDistances) {
  EXPECT_EQ(DistanceMatrix(2, 2, {0, kInfinity, kInfinity, 0})(0, 1), kInfinity);
}

TEST(Quantile, CountsBothTrianglesAndTheDiagonal) {
  // Nine sorted entries 0 0 0 1 1 2 2 3 3: h = 0.9 * 8 = 7.2 and h = 0.5 * 8 = 4.
  const DistanceMatrix d = euclidean_distances(PointCloud(3, 1, {0, 1, 3}));
  EXPECT_DOUBLE_EQ(quantile_of_entries(d, 0.9), 3);
  EXPECT_EQ(quantile_of_entries(d, 0.5), 1);
  EXPECT_EQ(quantile_of_entries(d, 1), 3);
  EXPECT_EQ(quantile_of_entries(d, 0), 0);
}

TEST(Quantile, EqualsNumPysRuleOnAllSortedEntries) {
  std::vector<double> coordinates(17);
  for (std::size_t i = 0; i < coordinates.size(); ++i)
    coordinates[i] = std::fmod(std::sqrt(2.0) * static_cast<double>(i * i), 1.0);
  const DistanceMatrix d = euclidean_distances(PointCloud(17, 1, coordinates));
  std::vector<double> entries;
  for (std::size_t i = 0; i < 17; ++i) entries.insert(entries.end(), d.row(i).begin(), d.row(i).end());
  std::sort(entries.begin(), entries.end());
  for (const double q : {0.05, 0.3, 0.77, 0.9, 0.999}) {
    const double h = q * 288;
    const auto k = static_cast<std::size_t>(h);
    EXPECT_EQ(quantile_of_entries(d, q), entries[k] + (h - std::floor(h)) * (entries[k + 1] - entries[k]));
  }
}

TEST(Normalisation, DividesByItsUnit) {
  const DistanceMatrix d = euclidean_distances(PointCloud(3, 1, {0, 1, 3}));
  EXPECT_NEAR(normalised(d, Normalisation::kQuantile)(0, 2), 1, 1e-15);
  EXPECT_NEAR(normalised(d, Normalisation::kQuantileOfPairs)(0, 2), 3 / 2.8, 1e-15);
  EXPECT_NEAR(normalised(d, Normalisation::kQuantileOfPairs, 0.5)(0, 2), 1.5, 1e-15);
  EXPECT_EQ(normalised(d, Normalisation::kMedian)(0, 2), 3);
  EXPECT_EQ(normalised(d, Normalisation::kMean)(0, 2), 3 / (12.0 / 9));
  EXPECT_EQ(normalised(d, Normalisation::kNone), d);
}

TEST(Normalisation, OfPairsLooksAtThoseAboveZeroAlone) {
  // Pairs 0 0 0 1 1 1 3 3 3 2 of {0, 0, 0, 1, 3}: without the zeros the median is 2.
  const DistanceMatrix d = euclidean_distances(PointCloud(5, 1, {0, 0, 0, 1, 3}));
  EXPECT_EQ(normalised(d, Normalisation::kQuantileOfPairs, 0.5)(0, 4), 1.5);
  EXPECT_EQ(normalised(d, Normalisation::kQuantileOfPairs, 0)(0, 3), 1);
}

TEST(Normalisation, OfASilentLayerFailsWithTheShareOfIdenticalRows) {
  const DistanceMatrix d = euclidean_distances(PointCloud(4, 1, {0, 0, 0, 0}));
  try {
    normalised(d, Normalisation::kQuantile);
    FAIL() << "a silent layer has no scale";
  } catch (const DegenerateRepresentation& error) {
    EXPECT_EQ(error.share_of_identical_rows(), 1);
    EXPECT_THAT(error.what(), testing::HasSubstr("4 of 4 rows are identical"));
  }
}

TEST(Normalisation, FailsWhenNineTenthsOfThePairsCoincide) {
  std::vector<double> coordinates(40, 1.0);
  coordinates[7] = 2;
  const DistanceMatrix d = euclidean_distances(PointCloud(40, 1, coordinates));
  try {
    normalised(d, Normalisation::kQuantile);
    FAIL() << "39 of 40 rows coincide";
  } catch (const DegenerateRepresentation& error) {
    EXPECT_EQ(error.share_of_identical_rows(), 39.0 / 40);
  }
}

TEST(Normalisation, ByAnInfiniteUnitIsRefused) {
  const DistanceMatrix d(2, 2, {0, kInfinity, kInfinity, 0});
  EXPECT_THROW(normalised(d, Normalisation::kQuantile), InputError);
}

}  // namespace
}  // namespace chronotope::topology
