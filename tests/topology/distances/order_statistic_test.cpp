// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/order_statistic.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"

namespace chronotope::topology {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Compares with the sorted values, keeping few and with guesses good and bad.
void expect_order_statistics(const std::vector<double>& values) {
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  const ReplayedValues replay = [&](const ValueLook& look) {
    look.take(std::span(values).first(values.size() / 3));
    look.take(std::span(values).subspan(values.size() / 3));
  };
  const ReplayedValues replay_inside = [&](const ValueLook& look) {
    for (const double& x : values)
      if (x < look.low || x > look.high)
        look.count(x<look.low, x> look.high);
      else
        look.take(std::span(&x, 1));
  };
  for (std::size_t k = 0; k < values.size(); k += std::max<std::size_t>(1, values.size() / 7))
    for (const auto& [low, high] : {std::pair{0.0, kInfinity},
                                    {sorted[k] * 0.999, sorted[k] * 1.001},
                                    {1e-3, 2e-3},
                                    {5.0, 5.0},
                                    {1e10, kInfinity}})
      for (const std::size_t most_kept : {std::size_t{2}, std::size_t{50}, std::size_t{100000}}) {
        for (const ReplayedValues& given : {replay, replay_inside}) {
          const OrderStatistic found = order_statistic(given, k, low, high, most_kept);
          EXPECT_EQ(found.value, sorted[k]);
          EXPECT_EQ(found.next, sorted[std::min(k + 1, sorted.size() - 1)]);
        }
      }
}

TEST(OrderStatistic, OfNumbersOfAnyKindIsThatOfTheSortedOnes) {
  RandomDissimilarities random(19);
  std::vector<double> uniform(700), ties(700), wide(700), infinite(90), equal(40, 3.5);
  for (double& x : uniform) x = random.uniform();
  for (double& x : ties) x = random.below(4);
  for (double& x : wide) x = std::exp(300 * random.normal());
  for (double& x : infinite) x = random.uniform() < 0.5 ? kInfinity : random.uniform();
  for (const auto& values : {uniform, ties, wide, infinite, equal, {7.0}, {0.0, 0.0}})
    expect_order_statistics(values);
}

TEST(OrderStatistic, OfNeighbouringNumbersIsFoundByCountingAlone) {
  std::vector<double> values;
  for (double x = 1; values.size() < 500; x = std::nextafter(x, 2)) values.push_back(x);
  std::reverse(values.begin(), values.end());
  values.push_back(1e300);
  expect_order_statistics(values);
}

}  // namespace
}  // namespace chronotope::topology
