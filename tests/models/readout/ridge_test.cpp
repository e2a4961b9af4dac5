// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/readout/ridge.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "chronotope/tests/models/readout/random_tables.hpp"
#include "chronotope/tests/reference/linear_system.hpp"

namespace chronotope::models {
namespace {

using reference::Real;
using reference::RealMatrix;
using reference::RealVector;

/// The normal equations of one target in 50 digits, the intercept as a last coefficient without a penalty:
/// (x'x + penalty) B = x'y. Example `without` is left out.
RealVector normal_equations(const FeatureTable& x, std::span<const double> y, double penalty,
                            std::size_t without) {
  const std::size_t d = x.dimension();
  const auto entry = [&](std::size_t i, std::size_t c) { return c == d ? Real(1) : Real(x.row(i)[c]); };
  RealMatrix A(d + 1, RealVector(d + 1, Real(0)));
  RealVector right(d + 1, Real(0));
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (i == without) continue;
    for (std::size_t a = 0; a <= d; ++a) {
      right[a] += entry(i, a) * y[i];
      for (std::size_t b = 0; b <= d; ++b) A[a][b] += entry(i, a) * entry(i, b);
    }
  }
  for (std::size_t c = 0; c < d; ++c) A[c][c] += penalty;
  return reference::solution(A, right);
}

constexpr std::size_t kNone = -1;

struct Shape {
  std::size_t n;
  std::size_t d;
};

class RidgeOf : public testing::TestWithParam<Shape> {};

TEST_P(RidgeOf, SolvesTheNormalEquationsOfFiftyDigits) {
  RandomTables random(1);
  const auto [n, d] = GetParam();
  const FeatureTable x = random.table(n, d);
  const std::vector<double> y = random.numbers(n);
  for (const double lambda : {1e-6, 1e-3, 1.0, 1e6}) {
    const RealVector exact = normal_equations(x, y, lambda * static_cast<double>(n), kNone);
    const LinearMap map = ridge(x, y, lambda);
    // The condition of the system is at most |X|^2 / (lambda n), some 1e7 at 1e-6.
    for (std::size_t c = 0; c < d; ++c) EXPECT_NEAR(map.B[c], static_cast<double>(exact[c]), 1e-8) << lambda;
    EXPECT_NEAR(map.b[0], static_cast<double>(exact[d]), 1e-8);
  }
}

TEST_P(RidgeOf, LeavesOneOutAsRefittingDoes) {
  RandomTables random(2);
  const auto [n, d] = GetParam();
  const FeatureTable x = random.table(n, d);
  const std::vector<double> y = random.numbers(n);
  for (const double lambda : {1e-3, 1.0, 100.0}) {
    Real squares = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const RealVector fit = normal_equations(x, y, lambda * static_cast<double>(n), i);
      Real error = y[i] - fit[d];
      for (std::size_t c = 0; c < d; ++c) error -= fit[c] * x.row(i)[c];
      squares += error * error;
    }
    EXPECT_NEAR(ridge_leave_one_out(x, y, lambda)[0] / static_cast<double>(squares), 1, 1e-9) << lambda;
  }
}

INSTANTIATE_TEST_SUITE_P(Tables, RidgeOf,
                         testing::Values(Shape{9, 3}, Shape{6, 6}, Shape{5, 12}, Shape{4, 1}),
                         [](const auto& shape) {
                           return std::to_string(shape.param.n) + "x" + std::to_string(shape.param.d);
                         });

TEST(Ridge, ChoosesThePenaltyWithTheLeastErrorOfLeaveOneOut) {
  RandomTables random(3);
  const FeatureTable x = random.table(30, 10);
  std::vector<double> y = random.numbers(60);  // two targets: noise, and the first column
  for (std::size_t i = 0; i < 30; ++i) y[2 * i + 1] = x.row(i)[0];
  const RidgeFit own = ridge(x, y, PenaltyPer::kTarget);
  const RidgeFit shared = ridge(x, y, PenaltyPer::kAll);
  EXPECT_GE(own.lambda[0], 1);
  EXPECT_EQ(own.lambda[1], 1e-6);
  EXPECT_EQ(shared.lambda[0], shared.lambda[1]);
  for (const double lambda : kRidgePenalties) {
    const auto errors = ridge_leave_one_out(x, y, lambda);
    EXPECT_GE(errors[0], ridge_leave_one_out(x, y, own.lambda[0])[0]);
    const auto least = ridge_leave_one_out(x, y, shared.lambda[0]);
    EXPECT_GE(errors[0] + errors[1], least[0] + least[1]);
  }
}

TEST(Ridge, SolvesEachTargetAsIfItWereAlone) {
  RandomTables random(4);
  const FeatureTable x = random.table(12, 5);
  const std::vector<double> y = random.numbers(36);
  const RidgeFit together = ridge(x, y, PenaltyPer::kTarget);
  for (std::size_t k = 0; k < 3; ++k) {
    std::vector<double> sole;
    for (std::size_t i = 0; i < 12; ++i) sole.push_back(y[3 * i + k]);
    const LinearMap map = ridge(x, sole, together.lambda[k]);
    for (std::size_t c = 0; c < 5; ++c) EXPECT_NEAR(map.B[c], together.map.B[3 * c + k], 1e-12);
    EXPECT_NEAR(map.b[0], together.map.b[k], 1e-12);
  }
}

TEST(Ridge, WithoutColumnsIsTheMean) {
  const LinearMap map = ridge(FeatureTable(3, 0, {}), std::vector<double>{1, 2, 6}, 1);
  EXPECT_TRUE(map.B.empty());
  EXPECT_DOUBLE_EQ(map.b[0], 3);
  EXPECT_DOUBLE_EQ(ridge_leave_one_out(FeatureTable(3, 0, {}), std::vector<double>{1, 2, 6}, 1)[0],
                   3 * 3 + 1.5 * 1.5 + 4.5 * 4.5);
}

}  // namespace
}  // namespace chronotope::models
