// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/binomial_interval.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace chronotope::apps {
namespace {

/// P(X >= hits) for X binomial(trials, p), term by term.
double at_least(std::size_t hits, std::size_t trials, double p) {
  double sum = 0;
  for (std::size_t k = hits; k <= trials; ++k) {
    double term = 1;
    for (std::size_t j = 0; j < k; ++j)
      term *= p * static_cast<double>(trials - j) / static_cast<double>(k - j);
    sum += term * std::pow(1 - p, static_cast<double>(trials - k));
  }
  return sum;
}

TEST(BinomialInterval, IsThatOfScipy) {
  const topology::Interval interval =
      binomial_interval(216, 240);  // scipy.stats.binomtest(216, 240).proportion_ci()
  EXPECT_NEAR(interval.low, 0.8548668621351238, 1e-12);
  EXPECT_NEAR(interval.high, 0.9348712539898134, 1e-12);
}

TEST(BinomialInterval, EndsWhereTheTailsHoldTheirShare) {
  for (std::size_t trials = 1; trials <= 12; ++trials)
    for (std::size_t hits = 0; hits <= trials; ++hits) {
      const topology::Interval interval = binomial_interval(hits, trials, 0.9);
      if (hits == 0)
        EXPECT_EQ(interval.low, 0);
      else
        EXPECT_NEAR(at_least(hits, trials, interval.low), 0.05, 1e-12);
      if (hits == trials)
        EXPECT_EQ(interval.high, 1);
      else
        EXPECT_NEAR(at_least(hits + 1, trials, interval.high), 0.95, 1e-12);
    }
}

}  // namespace
}  // namespace chronotope::apps
