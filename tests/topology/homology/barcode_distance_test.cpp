// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/barcode_distance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"
#include "chronotope/topology/homology/cohomology.hpp"

namespace chronotope::topology {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

/// All matchings one by one: both sides are filled up with the diagonal, place k of `a` goes to order[k].
double least_over_matchings(const std::vector<Bar>& a, const std::vector<Bar>& b, double order) {
  const std::size_t n = a.size() + b.size();
  const auto apart = [&](std::size_t i, std::size_t j) {
    if (i >= a.size() && j >= b.size()) return 0.0;
    if (i >= a.size()) return b[j].length() / 2;
    if (j >= b.size()) return a[i].length() / 2;
    return std::max(std::abs(a[i].birth - b[j].birth), std::abs(a[i].death - b[j].death));
  };
  std::vector<std::size_t> places(n);
  std::iota(places.begin(), places.end(), std::size_t{0});
  double least = kNever;
  do {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i)
      sum = order == kNever ? std::max(sum, apart(i, places[i])) : sum + std::pow(apart(i, places[i]), order);
    least = std::min(least, order == kNever ? sum : std::pow(sum, 1 / order));
  } while (std::next_permutation(places.begin(), places.end()));
  return least;
}

TEST(BarcodeDistance, IsTheLeastOverAllMatchings) {
  RandomDissimilarities random(31);
  const auto bars = [&](std::size_t count) {
    std::vector<Bar> drawn;
    for (std::size_t k = 0; k < count; ++k) {
      const double birth = random.uniform();
      drawn.push_back({birth, birth + 0.01 + random.uniform() * random.uniform()});
    }
    return drawn;
  };
  for (int round = 0; round < 30; ++round) {
    const auto a = bars(static_cast<std::size_t>(random.below(4)));
    const auto b = bars(static_cast<std::size_t>(random.below(5)));
    EXPECT_EQ(bottleneck_distance(Barcode(a), Barcode(b)), least_over_matchings(a, b, kNever));
    for (const double order : {1.0, 2.0, 2.5})
      EXPECT_NEAR(wasserstein_distance(Barcode(a), Barcode(b), order), least_over_matchings(a, b, order),
                  1e-12);
  }
}

TEST(BarcodeDistance, OfNearlyEqualBarcodesKeepsItsDigitsInHighOrders) {
  // Far beyond a sum of cubes whose unit is the longest bar: (1e-6)^3 is lost beside 1.
  std::vector<Bar> a;
  std::vector<Bar> b;
  for (int k = 0; k < 8; ++k) {
    a.push_back({0.125 * k, 1 + 0.25 * k});
    b.push_back({0.125 * k, 1 + 0.25 * k + 0x1p-20});
  }
  EXPECT_NEAR(wasserstein_distance(Barcode(a), Barcode(b), 3), 2 * 0x1p-20, 1e-16);
  EXPECT_NEAR(wasserstein_distance(Barcode(a), Barcode(b), 1000), 0x1p-20, 0x1p-20 * 0.003);
}

TEST(BarcodeDistance, OfBarsThatNeverDieIsThatOfTheirBirths) {
  const Barcode a({{0, kNever}, {3, kNever}, {1, 2}});
  const Barcode b({{3.5, kNever}, {0.25, kNever}});
  EXPECT_EQ(bottleneck_distance(a, b), 0.5);
  EXPECT_EQ(wasserstein_distance(a, b, 1), 0.25 + 0.5 + 0.5);
  EXPECT_EQ(bottleneck_distance(a, Barcode({{0, kNever}})), kNever);
  EXPECT_EQ(wasserstein_distance(a, Barcode({{0, kNever}})), kNever);
}

TEST(BarcodeDistance, OfAnEmptyBarcodeIsTheWayToTheDiagonal) {
  const Barcode bars({{0, 4}, {1, 2}});
  EXPECT_EQ(bottleneck_distance(bars, {}), 2);
  EXPECT_EQ(wasserstein_distance(bars, {}, 1), 2.5);
  EXPECT_NEAR(wasserstein_distance(bars, {}, 2), std::sqrt(4.25), 1e-15);
  EXPECT_EQ(wasserstein_distance({}, {}, 2), 0);
  EXPECT_EQ(bottleneck_distance({}, {}), 0);
}

TEST(BarcodeDistance, IsStable) {
  RandomDissimilarities random(32);
  constexpr double kEps = 0.03;
  for (int round = 0; round < 10; ++round) {
    const DistanceMatrix d = euclidean_distances(random.cloud(25, 2, [&] { return random.uniform(); }));
    const auto moved = DistanceMatrix::of_pairs(d.size(), [&](std::size_t i, std::size_t j) {
      return std::max(0.0, d(i, j) + kEps * (2 * random.uniform() - 1));
    });
    const auto of_d = persistence(d);
    const auto of_moved = persistence(moved);
    for (std::size_t degree = 0; degree < 2; ++degree) {
      const double distance = bottleneck_distance(of_d[degree], of_moved[degree]);
      EXPECT_LE(distance, kEps);
      EXPECT_GT(distance, 0);
      EXPECT_EQ(bottleneck_distance(of_d[degree], of_d[degree]), 0);
      EXPECT_EQ(wasserstein_distance(of_d[degree], of_d[degree], 3), 0);
    }
  }
}

}  // namespace
}  // namespace chronotope::topology
