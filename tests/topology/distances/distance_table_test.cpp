// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/distance_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"

namespace chronotope::topology {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

proto::SteppedTable square(std::size_t n, std::vector<double> values) { return {n, n, 0, std::move(values)}; }

std::string refusal(const proto::SteppedTable& table) {
  try {
    distances_of_table(table);
  } catch (const InputError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(DistanceTable, ThatIsExactIsTakenAsItIs) {
  RandomDissimilarities random(81);
  for (const Family family : kFamilies) {
    const auto [d, other] = random.pair(family, 9);
    std::vector<double> values;
    for (std::size_t i = 0; i < 9; ++i) values.insert(values.end(), d.row(i).begin(), d.row(i).end());
    const auto [distances, roundings] = distances_of_table(square(9, values));
    EXPECT_EQ(distances, d);
    EXPECT_FALSE(roundings.any());
  }
}

TEST(DistanceTable, ThatIsSymmetricButForRoundingsIsAveragedAndCounted) {
  constexpr double kLastPlace = std::numeric_limits<double>::epsilon();
  const auto [distances, roundings] =
      distances_of_table(square(3, {2e-8, 1, 3, 1 + 4 * kLastPlace, -1e-16, -1e-17, 3, 0, 0}));
  EXPECT_EQ(distances(0, 1), 1 + 2 * kLastPlace);
  EXPECT_EQ(distances(0, 2), 3);
  EXPECT_EQ(distances(1, 2), 0);
  EXPECT_EQ(roundings.averaged, 1u);
  EXPECT_EQ(roundings.largest_difference, 4 * kLastPlace);
  EXPECT_EQ(roundings.set_to_zero, 3u);
  EXPECT_EQ(roundings.largest_magnitude, 2e-8);
}

TEST(DistanceTable, BeyondTheToleranceIsRefusedNamingBothCells) {
  const double largest = 1e200;
  const double inside = 0.99 * kTableRounding * largest;
  const double outside = 1.01 * kTableRounding * largest;
  const auto table = [&](double diagonal, double below) {
    return square(3, {0, largest, 1e199, largest, diagonal, 1e199, 1e199, 1e199 + below, 0});
  };
  EXPECT_NEAR(distances_of_table(table(inside, inside)).distances(1, 2), 1e199 + inside / 2, 1e184);
  EXPECT_THAT(refusal(table(0, outside)), testing::HasSubstr("at row 1, column 2 (from 0)"));
  EXPECT_THAT(refusal(table(0, outside)), testing::HasSubstr("mirror image at row 2, column 1"));
  EXPECT_THAT(refusal(table(outside, 0)), testing::HasSubstr("row 1, column 1 (from 0)"));
  EXPECT_THAT(refusal(square(2, {0, -1, -1, 0})), testing::HasSubstr("must be >= 0"));
  EXPECT_THAT(refusal(square(2, {0, kInfinity, 1, 0})),
              testing::HasSubstr("mirror image at row 1, column 0"));
  EXPECT_THAT(refusal({1, 2, 0, {0, 1}}), testing::HasSubstr("square, not 1 x 2"));
}

class Triangles : public testing::TestWithParam<int> {};

TEST_P(Triangles, LowerAndUpperAreThoseOfTheSquare) {
  const auto beside = static_cast<std::size_t>(GetParam());  // 1 without the diagonal
  RandomDissimilarities random(82);
  for (const std::size_t n : {3u, 4u, 9u}) {
    const auto [d, other] = random.pair(Family::kInfinite, n);
    proto::SteppedTable lower{n - beside, 1, 1, {}};
    proto::SteppedTable upper{n - beside, n - beside, -1, {}};
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j + beside <= i; ++j) lower.values.push_back(d(i, j));
      for (std::size_t j = i + beside; j < n; ++j) upper.values.push_back(d(i, j));
    }
    EXPECT_EQ(distances_of_table(lower).distances, d);
    EXPECT_EQ(distances_of_table(upper).distances, d);
  }
}

INSTANTIATE_TEST_SUITE_P(WithAndWithoutDiagonal, Triangles, testing::Values(0, 1));

TEST(DistanceTable, OfATriangleRefusesWhatIsNoDistance) {
  EXPECT_THAT(refusal({2, 1, 1, {1, 2, -3}}), testing::HasSubstr("row 1, column 2 (from 0): -3"));
  EXPECT_THAT(refusal({2, 2, -1, {1, std::nan(""), 3}}), testing::HasSubstr("row 0, column 2 (from 0): nan"));
}

}  // namespace
}  // namespace chronotope::topology
