// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/search/expected_improvement.hpp"

#include <gtest/gtest.h>

namespace chronotope::models {
namespace {

/// The mean of max(v - best, 0) by the midpoint rule over ten deviations to each side.
double by_integration(const Prediction& p, double best) {
  constexpr int kSteps = 200'000;
  double sum = 0;
  for (int k = 0; k < kSteps; ++k) {
    const double z = -10 + 20 * (k + 0.5) / kSteps;
    const double v = p.mean + p.sd * z;
    sum += std::max(v - best, 0.0) * std::exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0)) * 20 / kSteps;
  }
  return sum;
}

TEST(ExpectedImprovement, IsTheMeanOfWhatIsGained) {
  for (const double best : {-1.0, 0.0, 0.7, 3.0})
    for (const Prediction& p : {Prediction{0, 1}, Prediction{0.5, 0.2}, Prediction{-2, 3}})
      EXPECT_NEAR(expected_improvement(p, best), by_integration(p, best), 1e-8) << best << " " << p.mean;
}

TEST(ExpectedImprovement, WithoutDoubtIsTheGain) {
  EXPECT_EQ(expected_improvement({3, 0}, 1), 2);
  EXPECT_EQ(expected_improvement({1, 0}, 3), 0);
}

}  // namespace
}  // namespace chronotope::models
