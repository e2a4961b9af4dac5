// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/explanation.hpp"

#include <gtest/gtest.h>

#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"
#include "chronotope/topology/divergence/rtd_trial.hpp"

namespace chronotope::topology {
namespace {

double value(const DistanceMatrix& d, Edge pair) { return d(pair.i, pair.j); }

double held(Attained where, const UnitPair& pair, Edge at) {
  return value(where == Attained::kB ? pair.b : pair.a, at);
}

TEST(Explanation, NamesThePairsAndTheMatrixThatHoldBothEnds) {
  RandomDissimilarities random(21);
  for (const RtdVariant variant : {RtdVariant::kMin, RtdVariant::kMax, RtdVariant::kSymmetric})
    for (const Family family : kFamilies) {
      const auto [w, v] = random.pair(family, 30);
      const UnitPair pair{w, v};
      for (const ExplainedBar& bar : explained_bars(pair, variant)) {
        EXPECT_EQ(held(bar.born_in, pair, bar.born), bar.bar.birth);
        if (bar.bar.is_finite()) {
          EXPECT_EQ(held(bar.dies_in, pair, bar.dies), bar.bar.death);
        }
      }
    }
}

TEST(Explanation, ListsTheBarsOfTheBarcodeLongestFirst) {
  RandomDissimilarities random(22);
  const auto [w, v] = random.pair(Family::kCounts, 40);
  const auto explained = explained_bars(w, v, w, v);
  std::vector<Bar> bars;
  for (std::size_t b = 0; b < explained.size(); ++b) {
    if (b > 0) {
      EXPECT_GE(explained[b - 1].bar.length(), explained[b].bar.length());
    }
    bars.push_back(explained[b].bar);
  }
  EXPECT_EQ(Barcode(bars), cross_barcode(w, v));
}

DistanceMatrix nudged(const DistanceMatrix& d, std::size_t i, std::size_t j, double by) {
  return DistanceMatrix::of_pairs(
      d.size(), [&](std::size_t a, std::size_t b) { return d(a, b) + (a == i && b == j ? by : 0); });
}

TEST(Explanation, HasTheGradientOfFiniteDifferences) {
  RandomDissimilarities random(23);
  constexpr double kStep = 1e-7;
  const auto [w, v] = random.pair(Family::kGaussian, 9);
  for (const RtdVariant variant : {RtdVariant::kMin, RtdVariant::kMax, RtdVariant::kSymmetric}) {
    const auto length = [&](const DistanceMatrix& a, const DistanceMatrix& b) {
      double total = 0;
      for (const ExplainedBar& bar : explained_bars(UnitPair{a, b}, variant)) total += bar.bar.length();
      return total;
    };
    const auto gradient = length_gradient(explained_bars(UnitPair{w, v}, variant));
    const auto entry = [&](std::size_t i, std::size_t j) {
      for (const GradientEntry& e : gradient)
        if (e.pair.i == i && e.pair.j == j) return e;
      return GradientEntry{};
    };
    for (std::size_t i = 0; i < w.size(); ++i)
      for (std::size_t j = i + 1; j < w.size(); ++j) {
        const double da =
            (length(nudged(w, i, j, kStep), v) - length(nudged(w, i, j, -kStep), v)) / (2 * kStep);
        const double db =
            (length(w, nudged(v, i, j, kStep)) - length(w, nudged(v, i, j, -kStep))) / (2 * kStep);
        EXPECT_NEAR(entry(i, j).da, da, 1e-6);
        EXPECT_NEAR(entry(i, j).db, db, 1e-6);
      }
  }
}

}  // namespace
}  // namespace chronotope::topology
