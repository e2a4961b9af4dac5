// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/readout/multinomial_logistic.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "chronotope/core/error.hpp"
#include "chronotope/tests/models/readout/random_tables.hpp"
#include "chronotope/tests/reference/linear_system.hpp"

namespace chronotope::models {
namespace {

using reference::Real;
using reference::RealVector;

/// exp(z_k) / sum_j exp(z_j) of B'x + b.
RealVector probabilities(const LinearMap& map, std::span<const double> x) {
  RealVector p(map.outputs);
  Real sum = 0;
  for (std::size_t k = 0; k < map.outputs; ++k) {
    Real z = map.b[k];
    for (std::size_t c = 0; c < map.inputs; ++c) z += Real(map.B[c * map.outputs + k]) * x[c];
    sum += p[k] = exp(z);
  }
  for (Real& share : p) share /= sum;
  return p;
}

/// |grad f| in 50 digits. f is convex, so a small one is all that makes an optimum.
double gradient_norm(const FeatureTable& x, const Classes& classes, double lambda, const LinearMap& map) {
  RealVector G((x.dimension() + 1) * map.outputs, Real(0));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const RealVector p = probabilities(map, x.row(i));
    for (std::size_t k = 0; k < map.outputs; ++k) {
      const Real off = (p[k] - (classes[i] == k ? 1 : 0)) / x.size();
      for (std::size_t c = 0; c < x.dimension(); ++c) G[c * map.outputs + k] += off * x.row(i)[c];
      G[x.dimension() * map.outputs + k] += off;
    }
  }
  Real squares = 0;
  for (std::size_t j = 0; j < G.size(); ++j) {
    if (j < map.B.size()) G[j] += lambda * Real(map.B[j]);
    squares += G[j] * G[j];
  }
  return static_cast<double>(sqrt(squares));
}

struct Case {
  std::size_t n;
  std::size_t d;
  std::uint32_t classes;
  double lambda;
  double separation;
};

class LogisticOf : public testing::TestWithParam<Case> {};

TEST_P(LogisticOf, EndsWhereTheGradientOfFiftyDigitsVanishes) {
  const Case& given = GetParam();
  RandomTables random(1);
  const Classes classes = random.classes(given.n, given.classes);
  const FeatureTable x = random.clouds(classes, given.d, given.separation);
  const LinearMap map = multinomial_logistic(x, classes, given.lambda);
  EXPECT_LE(gradient_norm(x, classes, given.lambda, map), 1.01e-8);
}

/// Tall, square and wide; mixed and separable; two classes and ten; hardly and heavily penalised.
INSTANTIATE_TEST_SUITE_P(Tables, LogisticOf,
                         testing::Values(Case{40, 3, 3, 1e-2, 1}, Case{40, 3, 3, 1e-6, 1},
                                         Case{20, 20, 2, 1e-2, 0}, Case{15, 40, 4, 1e-3, 0},
                                         Case{60, 10, 10, 1. / 60, 8}, Case{60, 10, 10, 1e-5, 8},
                                         Case{30, 2, 3, 1e3, 2}, Case{5, 3, 1, 1, 0}, Case{6, 0, 3, 1, 0}));

/// Two examples at -1 and 1: by symmetry b = 0 and B = (-w, w) with 1/(1 + exp(2 w)) = lambda w.
TEST(Logistic, OfTwoExamplesIsTheRootOfAScalarEquation) {
  const LinearMap map = multinomial_logistic({2, 1, {-1, 1}}, {0, 1}, 0.1);
  const double w = map.B[1];
  EXPECT_NEAR(map.B[0], -w, 1e-7);
  EXPECT_NEAR(map.b[0] - map.b[1], 0, 1e-7);
  EXPECT_NEAR(1 / (1 + std::exp(2 * w)), 0.1 * w, 1e-8);
}

/// Without columns the probabilities are the classes' shares.
TEST(Logistic, WithoutColumnsGivesTheShares) {
  const LinearMap map = multinomial_logistic({6, 0, {}}, {0, 0, 0, 1, 1, 2}, 1);
  EXPECT_NEAR(map.b[0] - map.b[1], std::log(3. / 2), 1e-7);
  EXPECT_NEAR(map.b[1] - map.b[2], std::log(2.), 1e-7);
}

TEST(Logistic, SeparatesWhatCanBeSeparated) {
  RandomTables random(5);
  const Classes classes = random.classes(80, 4);
  const FeatureTable x = random.clouds(classes, 4, 20);
  const LinearMap map = multinomial_logistic(x, classes, 1. / 80);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto z = map(x.row(i));
    EXPECT_EQ(std::max_element(z.begin(), z.end()) - z.begin(), classes[i]);
  }
}

TEST(Logistic, HasTheSameBitsEachTime) {
  RandomTables random(6);
  const Classes classes = random.classes(50, 5);
  const FeatureTable x = random.clouds(classes, 70, 2);
  EXPECT_EQ(multinomial_logistic(x, classes, 0.02).B, multinomial_logistic(x, classes, 0.02).B);
}

TEST(Logistic, SaysWhenRoundingKeepsItFromTheOptimum) {
  RandomTables random(7);
  std::vector<double> values = random.numbers(40);
  for (double& x : values) x *= 1e12;
  EXPECT_THROW(multinomial_logistic({20, 2, values}, random.classes(20, 2), 1e-3), Failure);
}

}  // namespace
}  // namespace chronotope::models
