// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/search/gaussian_process.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "chronotope/core/random_stream.hpp"

namespace chronotope::models {
namespace {

using Matrix = std::vector<std::vector<double>>;

/// x with A x = b by Gauss's elimination, and ln |A|.
std::pair<std::vector<double>, double> solved(Matrix a, std::vector<double> b) {
  const std::size_t n = b.size();
  double log_determinant = 0;
  for (std::size_t k = 0; k < n; ++k) {
    log_determinant += std::log(a[k][k]);
    for (std::size_t i = k + 1; i < n; ++i) {
      const double factor = a[i][k] / a[k][k];
      for (std::size_t j = k; j < n; ++j) a[i][j] -= factor * a[k][j];
      b[i] -= factor * b[k];
    }
  }
  for (std::size_t k = n; k-- > 0;) {
    for (std::size_t j = k + 1; j < n; ++j) b[k] -= a[k][j] * b[j];
    b[k] /= a[k][k];
  }
  return {b, log_determinant};
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// Three columns: the first two are one group.
const std::vector<std::size_t> kGroups{0, 0, 1};

double kernel(std::span<const double> x, std::span<const double> y, const ProcessScales& scales) {
  double r2 = 0;
  for (std::size_t c = 0; c < 3; ++c) r2 += std::pow((x[c] - y[c]) / scales.length[kGroups[c]], 2);
  const double r = std::sqrt(r2);
  return (1 + std::sqrt(5.0) * r + 5 * r2 / 3) * std::exp(-std::sqrt(5.0) * r);
}

struct Known {
  FeatureTable places;
  std::vector<double> values;
};

Known known(std::size_t n) {
  RandomStream random(4, Purpose("test.places"), 0);
  std::vector<double> places, values;
  for (std::size_t i = 0; i < n; ++i) {
    for (int c = 0; c < 3; ++c) places.push_back(random.uniform());
    values.push_back(5 + std::sin(4 * places[3 * i]) + places[3 * i + 2]);
  }
  return {FeatureTable(n, 3, places), values};
}

/// The book's formulas (Rasmussen & Williams 2006, 2.25 and 2.26), with the mean and deviation of the values taken out.
TEST(GaussianProcess, PredictsByTheBooksFormulas) {
  const Known all = known(12);
  const ProcessScales scales{{0.4, 0.9}, 0.01};
  double mean = 0, variance = 0;
  for (const double v : all.values) mean += v / 12;
  for (const double v : all.values) variance += (v - mean) * (v - mean) / 12;
  std::vector<double> y;
  for (const double v : all.values) y.push_back((v - mean) / std::sqrt(variance));
  Matrix k(12, std::vector<double>(12));
  for (std::size_t i = 0; i < 12; ++i)
    for (std::size_t j = 0; j < 12; ++j)
      k[i][j] = kernel(all.places.row(i), all.places.row(j), scales) + (i == j ? 0.01 + 1e-10 : 0);
  const auto [solution, log_determinant] = solved(k, y);
  const double s2 = dot(y, solution) / 12;
  const GaussianProcess process(all.places, kGroups, all.values, scales);
  EXPECT_NEAR(process.log_likelihood(), -6 * std::log(s2) - log_determinant / 2, 1e-9);
  for (const std::vector<double>& place :
       {std::vector<double>{0.1, 0.2, 0.3}, {2, -1, 0.5}, {0.7, 0.7, 0.7}}) {
    std::vector<double> to;
    for (std::size_t i = 0; i < 12; ++i) to.push_back(kernel(all.places.row(i), place, scales));
    const Prediction there = process.at(place);
    EXPECT_NEAR(there.mean, mean + std::sqrt(variance) * dot(to, solution), 1e-9);
    EXPECT_NEAR(there.sd, std::sqrt(variance * s2 * (1 - dot(to, solved(k, to).first))), 1e-9);
  }
}

TEST(GaussianProcess, KnowsWhatItWasToldAndLittleFarAway) {
  const Known all = known(20);
  const GaussianProcess process(all.places, kGroups, all.values, {{0.5, 0.5}, 0});
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_NEAR(process.at(all.places.row(i)).mean, all.values[i], 1e-6);
    EXPECT_LT(process.at(all.places.row(i)).sd, 1e-3);
  }
  EXPECT_GT(process.at(std::vector<double>{100, 100, 100}).sd, 0.1);
}

TEST(GaussianProcess, LikelyScalesAreNowhereNearWorse) {
  const Known all = known(25);
  const ProcessScales best = likely_scales(all.places, kGroups, all.values);
  ASSERT_EQ(best.length.size(), 2U);
  const auto posterior = [&](const ProcessScales& s) {
    double sum = GaussianProcess(all.places, kGroups, all.values, s).log_likelihood();
    for (const double length : s.length) sum -= std::pow(std::log(length / 0.5), 2) / 2;
    return sum - std::pow(std::log(s.noise / 1e-4) / 2, 2) / 2;
  };
  for (const double factor : {0.8, 1.25})
    for (int k = 0; k < 3; ++k) {
      ProcessScales other = best;
      (k < 2 ? other.length[static_cast<std::size_t>(k)] : other.noise) *= factor;
      EXPECT_LE(posterior(other), posterior(best) + 0.05) << k << " " << factor;
    }
}

TEST(GaussianProcess, OneValueAndEqualValuesAreEnough) {
  const FeatureTable one(1, 1, {0.5});
  const Prediction there =
      GaussianProcess(one, {0}, std::vector<double>{3}, {{1}, 0}).at(std::vector<double>{0.9});
  EXPECT_EQ(there.mean, 3);
  EXPECT_TRUE(std::isfinite(there.sd));
  const FeatureTable three(3, 1, {0.5, 0.5, 0.7});
  const std::vector<double> equal{2, 2, 2};
  EXPECT_EQ(
      GaussianProcess(three, {0}, equal, likely_scales(three, {0}, equal)).at(std::vector<double>{0.1}).mean,
      2);
}

}  // namespace
}  // namespace chronotope::models
