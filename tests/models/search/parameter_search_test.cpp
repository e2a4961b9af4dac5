// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/search/parameter_search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iostream>
#include <set>

#include "chronotope/core/parallel.hpp"

namespace chronotope::models {
namespace {

/// Hartmann's function of six variables (Dixon & Szego 1978), turned to its maximum of 3.32237 at
/// (0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573).
double hartmann(const std::vector<double>& x) {
  constexpr std::array<double, 4> alpha{1, 1.2, 3, 3.2};
  constexpr double A[4][6] = {{10, 3, 17, 3.5, 1.7, 8},
                              {0.05, 10, 17, 0.1, 8, 14},
                              {3, 3.5, 1.7, 10, 17, 8},
                              {17, 8, 0.05, 10, 0.1, 14}};
  constexpr double P[4][6] = {{0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
                              {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
                              {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
                              {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}};
  double sum = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    double exponent = 0;
    for (std::size_t j = 0; j < 6; ++j) exponent += A[i][j] * (x[j] - P[i][j]) * (x[j] - P[i][j]);
    sum += alpha[i] * std::exp(-exponent);
  }
  return sum;
}

double best_of(SearchMethod method, std::uint64_t seed, int evaluations) {
  ParameterSearch search(method, SearchSpace::cube(6), seed);
  double best = 0;
  for (int k = 0; k < evaluations; ++k) {
    const std::vector<double> point = search.next();
    best = std::max(best, hartmann(point));
    search.tell(point, hartmann(point));
  }
  return best;
}

TEST(ParameterSearch, FindsMoreOfHartmannsFunctionThanChance) {
  ASSERT_NEAR(hartmann({0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573}), 3.32237, 1e-5);
  constexpr std::size_t kSeeds = 20;
  std::array<double, kSeeds> bayes{}, random{};
  in_parallel(kSeeds, 0, [&](std::size_t s) {
    bayes[s] = best_of(SearchMethod::kBayes, s + 1, 60);
    random[s] = best_of(SearchMethod::kRandom, s + 1, 60);
  });
  double mean = 0, square = 0, of_bayes = 0, of_random = 0;
  std::size_t wins = 0;
  for (std::size_t s = 0; s < kSeeds; ++s) {
    const double lead = bayes[s] - random[s];
    mean += lead / kSeeds;
    square += lead * lead / kSeeds;
    of_bayes += bayes[s] / kSeeds;
    of_random += random[s] / kSeeds;
    wins += lead > 0 ? 1 : 0;
  }
  const double t = mean / std::sqrt((square - mean * mean) / (kSeeds - 1));
  std::cout << "Hartmann-6, 60 evaluations, 20 seeds: bayes " << of_bayes << ", random " << of_random
            << ", t " << t << ", better in " << wins << "\n";
  EXPECT_GT(t, 2.861);   // Student's t of 19 degrees, two-sided p = 0.01
  EXPECT_GE(wins, 18U);  // p = 0.0004 of a fair coin
}

TEST(ParameterSearch, GoesOnAsIfNeverStopped) {
  for (const SearchMethod method : {SearchMethod::kRandom, SearchMethod::kBayes}) {
    ParameterSearch all(method, SearchSpace::cube(2), 3);
    std::vector<double> values;
    std::vector<std::vector<double>> points;
    for (int k = 0; k < 12; ++k) {
      points.push_back(all.next());
      values.push_back(-std::pow(points.back()[0] - 0.3, 2) - std::pow(points.back()[1] - 0.8, 2));
      all.tell(points.back(), values.back());
    }
    ParameterSearch again(method, SearchSpace::cube(2), 3);
    for (std::size_t k = 0; k < 12; ++k) {
      EXPECT_EQ(again.next(), points[k]) << k;
      again.tell(points[k], values[k]);
    }
    EXPECT_EQ(again.next(), all.next());
    EXPECT_NE(ParameterSearch(method, SearchSpace::cube(2), 4).next(), points[0]);
  }
}

TEST(ParameterSearch, ComesNearTheTopOfAHill) {
  ParameterSearch search(SearchMethod::kBayes, SearchSpace::cube(2), 1);
  for (int k = 0; k < 25; ++k) {
    const std::vector<double> x = search.next();
    search.tell(x, -std::pow(x[0] - 0.3, 2) - std::pow(x[1] - 0.8, 2));
  }
  const std::vector<double> best = search.point(*search.best());
  EXPECT_NEAR(best[0], 0.3, 0.02);
  EXPECT_NEAR(best[1], 0.8, 0.02);
}

TEST(ParameterSearch, BeginsWithALatinHypercube) {
  const ParameterSearch search(SearchMethod::kBayes, SearchSpace::cube(3), 9);
  ASSERT_EQ(search.designed(), 8U);
  for (std::size_t d = 0; d < 3; ++d) {
    std::set<int> parts;
    for (std::size_t k = 0; k < 8; ++k) parts.insert(static_cast<int>(8 * search.point(k)[d]));
    EXPECT_EQ(parts.size(), 8U) << d;
  }
}

TEST(ParameterSearch, WhatIsUndefinedCountsAsTheLeast) {
  ParameterSearch search(SearchMethod::kBayes, SearchSpace::cube(1), 2);
  EXPECT_FALSE(search.best());
  for (int k = 0; k < 6; ++k) search.tell(search.next(), std::nullopt);
  EXPECT_FALSE(search.best());
  EXPECT_EQ(search.next().size(), 1U);
  search.tell(search.next(), -5);
  search.tell(search.next(), std::nullopt);
  EXPECT_EQ(search.best(), 6U);
  search.tell(search.next(), -5);
  EXPECT_EQ(search.best(), 6U) << "the first of equal ones";
}

}  // namespace
}  // namespace chronotope::models
