// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/linear_cka.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"

namespace chronotope::topology {
namespace {

/// The definition with Gram matrices: tr(K H L H) / sqrt(tr(K H K H) tr(L H L H)), K = X X', L = Y Y', H = I
/// - 1/n, in long double, whose numbers reach 1e4932.
class GramMatrices {
 public:
  GramMatrices(const PointCloud& x, const PointCloud& y) : k_(centred_gram(x)), l_(centred_gram(y)) {}
  double cka() const {
    return static_cast<double>(product(k_, l_) / std::sqrt(product(k_, k_)) / std::sqrt(product(l_, l_)));
  }

 private:
  using Table = std::vector<std::vector<long double>>;

  static Table centred_gram(const PointCloud& x) {
    const std::size_t n = x.size();
    Table gram(n, std::vector<long double>(n, 0));
    for (std::size_t c = 0; c < x.dimension(); ++c) {
      long double mean = 0;
      for (std::size_t i = 0; i < n; ++i) mean += static_cast<long double>(x(i, c)) / n;
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) gram[i][j] += (x(i, c) - mean) * (x(j, c) - mean);
    }
    return gram;
  }
  static long double product(const Table& a, const Table& b) {
    long double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
      for (std::size_t j = 0; j < a.size(); ++j) sum += a[i][j] * b[i][j];
    return sum;
  }

  Table k_;
  Table l_;
};

PointCloud normal_cloud(std::uint32_t seed, std::size_t n, std::size_t d) {
  RandomDissimilarities random(seed);
  return random.cloud(n, d, [&] { return random.normal(); });
}

TEST(LinearCka, IsThatOfGramMatricesAtEveryScale) {
  const PointCloud x = normal_cloud(1, 12, 3);
  const PointCloud y = normal_cloud(2, 12, 2);
  for (const double factor : {1e-300, 1e-170, 1e-100, 1e-85, 1e-70, 1.0, 1e70, 1e80, 1e100, 1e200, 1e307})
    for (const PointCloud& other : {y, multiplied(y, factor)}) {
      const PointCloud scaled = multiplied(x, factor);
      EXPECT_NEAR(linear_cka(scaled, other), GramMatrices(scaled, other).cka(), 1e-14) << factor;
    }
}

TEST(LinearCka, HasTheSameBitsForCloudsMultipliedByPowersOfTwo) {
  const PointCloud x = normal_cloud(3, 20, 5);
  const PointCloud y = normal_cloud(4, 20, 4);
  for (int k = -600; k <= 600; k += 50)
    EXPECT_EQ(linear_cka(multiplied(x, std::ldexp(1.0, k)), y), linear_cka(x, y)) << k;
}

TEST(LinearCka, IsAtMostOne) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    const PointCloud x = normal_cloud(seed, 20, 5);
    EXPECT_LE(linear_cka(x, multiplied(x, 3)), 1);
    EXPECT_NEAR(linear_cka(x, multiplied(x, 3)), 1, 1e-14);
  }
}

TEST(LinearCka, OfAConstantCloudIsUndefined) {
  const PointCloud x = normal_cloud(5, 12, 3);
  const auto constant = [](double value) { return PointCloud(12, 2, std::vector<double>(24, value)); };
  for (const double value : {0.0, 0.1, 0.7, 3.0, 1e200}) {
    EXPECT_TRUE(std::isnan(linear_cka(constant(value), x)));
    EXPECT_TRUE(std::isnan(linear_cka(constant(value), constant(0.7))));
  }
}

TEST(LinearCka, IgnoresConstantColumns) {
  const PointCloud x = normal_cloud(6, 12, 3);
  std::vector<double> values;
  for (std::size_t i = 0; i < 12; ++i) {
    values.insert(values.end(), x.row(i).begin(), x.row(i).end());
    values.push_back(0.1);
  }
  const PointCloud y = normal_cloud(7, 12, 2);
  EXPECT_EQ(linear_cka(PointCloud(12, 4, values), y), linear_cka(x, y));
}

}  // namespace
}  // namespace chronotope::topology
