// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/search/distribution_ranks.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace chronotope::models {
namespace {

double distance(const ParameterDistribution::Kind& a, const ParameterDistribution::Kind& b,
                RankScale scale = RankScale::kPlain) {
  const std::vector<double> x = distribution_ranks(ParameterDistribution(a), scale);
  const std::vector<double> y = distribution_ranks(ParameterDistribution(b), scale);
  double sum = 0;
  for (std::size_t k = 0; k < kRanks; ++k) sum += (x[k] - y[k]) * (x[k] - y[k]);
  return std::sqrt(sum);
}

// Between normal distributions W^2 = (m1 - m2)^2 + (s1 - s2)^2 (Givens & Shortt 1984).
TEST(DistributionRanks, NormalDistributionsAreAsFarApartAsTheyAre) {
  EXPECT_NEAR(distance(Normal{1, 2}, Normal{4, 6}), 5, 1e-12);
  EXPECT_NEAR(distance(Normal{1, 0}, Normal{1, 3}), 3, 1e-12);
  EXPECT_EQ(distance(Normal{1, 2}, Normal{1, 2}), 0);
}

TEST(DistributionRanks, ConstantsAreAsFarApartAsTheirValues) {
  EXPECT_NEAR(distance(Constant{-3}, Constant{4}), 7, 1e-12);
  EXPECT_NEAR(distance(Constant{2}, Gamma{5, 0}), 3, 1e-12);
}

// The logarithm of a lognormal variable is normal: mean ln m - v/2, variance v = ln(1 + cv^2).
TEST(DistributionRanks, LognormalDistributionsAreNormalByLogarithms) {
  const double v1 = std::log(1 + 0.25), v2 = std::log(1 + 1.0);
  const double mean = std::log(3.0) - v2 / 2 - (std::log(2.0) - v1 / 2);
  const double spread = std::sqrt(v2) - std::sqrt(v1);
  EXPECT_NEAR(distance(Lognormal{2, 0.5}, Lognormal{3, 1}, RankScale::kLogarithm), std::hypot(mean, spread),
              1e-12);
  EXPECT_NEAR(distance(Constant{2}, Constant{6}, RankScale::kLogarithm), std::log(3.0), 1e-12);
}

// If G = a F then W^2 = (a - 1)^2 E x^2: 2 m^2 of an exponential variable, 1/3 of a uniform one on (0, 1).
TEST(DistributionRanks, ScaledDistributionsMoveByTheirSecondMoment) {
  EXPECT_NEAR(distance(Gamma{1, 1}, Gamma{3, 1}), 2 * std::sqrt(2.0), 2e-3);
  EXPECT_NEAR(distance(Uniform{0, 1}, Uniform{0, 2}), std::sqrt(1 / 3.0), 2e-3);
  EXPECT_NEAR(distance(Lognormal{1, 0.5}, Lognormal{2, 0.5}), std::sqrt(1.25), 1e-9);
}

TEST(DistributionRanks, ListedValuesAreTheirOwnQuantiles) {
  EXPECT_NEAR(distance(Values{{7}}, Constant{5}), 2, 1e-12);
  EXPECT_EQ(distance(Values{{3, 1, 2}}, Values{{1, 2, 3}}), 0);
  EXPECT_NEAR(distance(Values{{1, 2, 3}}, Values{{2, 3, 4}}), 1, 1e-12);
}

}  // namespace
}  // namespace chronotope::models
