// SPDX-License-Identifier: Apache-2.0
// Against the probabilities of the binomial and the moments of the multinomial distribution.
#include "chronotope/core/multinomial.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <numeric>

namespace chronotope {
namespace {

RandomStream stream(std::uint64_t entity) { return RandomStream(7, Purpose("test"), entity); }

/// Pearson's statistic of equally likely cells.
double chi_square(const std::vector<std::uint64_t>& counts) {
  const double expected = static_cast<double>(std::accumulate(counts.begin(), counts.end(), 0ULL)) /
                          static_cast<double>(counts.size());
  double sum = 0;
  for (const auto count : counts) sum += std::pow(static_cast<double>(count) - expected, 2) / expected;
  return sum;
}

TEST(Binomial, DrawsEveryCountWithItsProbability) {
  struct Case {
    std::uint64_t n, a, b;
  };
  for (const auto& [n, a, b] : {Case{10, 1, 3}, {7, 1, 2}, {12, 20683, 41367}, {5, 6, 7}, {66, 1, 64}}) {
    constexpr double kDraws = 20000;
    std::vector<double> seen(n + 1, 0);
    for (std::uint64_t k = 0; k < kDraws; ++k) ++seen[draw_binomial(n, a, b, stream(k))];
    const boost::math::binomial law(static_cast<double>(n), static_cast<double>(a) / static_cast<double>(b));
    double statistic = 0, rest_seen = 0, rest = 0, cells = 0;
    for (std::uint64_t x = 0; x <= n; ++x) {
      const double expected = kDraws * pdf(law, static_cast<double>(x));
      if (expected < 10) {
        rest += expected;
        rest_seen += seen[x];
      } else {
        statistic += std::pow(seen[x] - expected, 2) / expected;
        ++cells;
      }
    }
    EXPECT_NEAR(rest_seen, rest, 4 * std::sqrt(rest) + 1) << n << " " << a << "/" << b;
    EXPECT_GT(cdf(complement(boost::math::chi_squared(cells - 1), statistic)), 1e-4)
        << n << " " << a << "/" << b;
  }
}

TEST(Binomial, OfManyTrialsHasItsMeanAndVariance) {
  constexpr double kTrials = 100003;
  constexpr double kDraws = 1000;
  const double p = 2.0 / 5;
  double sum = 0, squares = 0;
  for (std::uint64_t k = 0; k < kDraws; ++k) {
    const double z = (static_cast<double>(draw_binomial(100003, 2, 5, stream(k))) - kTrials * p) /
                     std::sqrt(kTrials * p * (1 - p));
    sum += z;
    squares += z * z;
  }
  EXPECT_NEAR(sum / kDraws, 0, 4 / std::sqrt(kDraws));
  EXPECT_NEAR(squares / kDraws, 1, 4 * std::sqrt(2 / kDraws));
}

TEST(Binomial, IsCertainAtTheExtremes) {
  EXPECT_EQ(draw_binomial(1000, 0, 3, stream(0)), 0u);
  EXPECT_EQ(draw_binomial(1000, 3, 3, stream(0)), 1000u);
  EXPECT_EQ(draw_binomial(0, 1, 3, stream(0)), 0u);
}

// The statistic of a multinomial draw has mean cells - 1 and variance 2 (cells - 1)(1 - 1/total).
TEST(Multinomial, CellsVaryTogetherAsTheyShould) {
  constexpr std::uint32_t kCells = 37;
  constexpr std::uint64_t kTotal = 5000;
  constexpr double kDraws = 400;
  double sum = 0;
  std::vector<std::uint64_t> all(kCells, 0);
  for (std::uint64_t draw = 0; draw < kDraws; ++draw) {
    const auto counts =
        draw_multinomial(kTotal, kCells, [&](std::uint64_t node) { return stream(draw << 32 | node); });
    EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), 0ULL), kTotal);
    sum += chi_square(counts);
    for (std::size_t i = 0; i < kCells; ++i) all[i] += counts[i];
  }
  EXPECT_NEAR(sum / kDraws, kCells - 1, 4 * std::sqrt(2.0 * (kCells - 1) / kDraws));
  EXPECT_GT(cdf(complement(boost::math::chi_squared(kCells - 1), chi_square(all))), 1e-4);
}

/// The balls of one cell: from the root down to it, and nowhere else.
std::uint64_t alone(std::uint64_t total, std::uint64_t cells, std::uint64_t cell) {
  std::uint64_t node = 1;
  while (cells > 1) {
    const std::uint64_t left = cells / 2;
    const std::uint64_t to_left = draw_binomial(total, left, cells, stream(node));
    const bool right = cell >= left;
    total = right ? total - to_left : to_left;
    cells = right ? cells - left : left;
    cell -= right ? left : 0;
    node = 2 * node + (right ? 1 : 0);
  }
  return total;
}

TEST(Multinomial, OneCellNeedsOnlyTheHalvingsAboveIt) {
  for (const std::uint32_t cells : {1u, 2u, 37u, 64u}) {
    const auto counts = draw_multinomial(9000, cells, stream);
    for (std::uint32_t cell = 0; cell < cells; ++cell) EXPECT_EQ(counts[cell], alone(9000, cells, cell));
  }
}

}  // namespace
}  // namespace chronotope
