// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/readout/memory_capacity.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "chronotope/tests/models/readout/random_tables.hpp"

namespace chronotope::models {
namespace {

/// x_j(t) = u(t - 1 - j), j = 0 .. N - 1.
FeatureTable delay_line(const std::vector<double>& u, std::size_t N) {
  std::vector<double> values;
  for (std::size_t t = 0; t < u.size(); ++t)
    for (std::size_t j = 0; j < N; ++j) values.push_back(t > j ? u[t - 1 - j] : 0);
  return {u.size(), N, std::move(values)};
}

/// The same states, each plus a share of the next: an invertible mixture holds as much.
FeatureTable mixed(const FeatureTable& states) {
  std::vector<double> values(states.values().begin(), states.values().end());
  for (std::size_t k = 0; k + 1 < values.size(); ++k)
    if ((k + 1) % states.dimension() != 0) values[k] += 0.5 * values[k + 1];
  return {states.size(), states.dimension(), std::move(values)};
}

TEST(MemoryCapacity, OfADelayLineIsItsLength) {
  for (const std::size_t N : {5U, 20U}) {
    const auto u = memory_signal(2000, 1);
    for (const FeatureTable& states : {delay_line(u, N), mixed(delay_line(u, N))}) {
      const MemoryCapacity memory = memory_capacity(states, u);
      EXPECT_NEAR(memory.corrected, static_cast<double>(N), 0.01 * static_cast<double>(N));
      for (std::size_t k = 0; k < N; ++k) EXPECT_NEAR(memory.recall[k], 1, 1e-6);
      for (std::size_t k = N; k < memory.recall.size(); ++k) EXPECT_LE(memory.recall[k], 0.02);
    }
  }
}

TEST(MemoryCapacity, OfWhiteNoiseIsNothing) {
  RandomTables random(2);
  const auto u = memory_signal(2000, 1);
  const FeatureTable states = random.table(2000, 20);
  const MemoryCapacity memory = memory_capacity(states, u);
  EXPECT_LE(memory.corrected, 0.05 * 20);
  EXPECT_LE(memory.corrected, memory.capacity);
  EXPECT_NEAR(memory.bias, 1. / 980, 1. / 980);  // 1/tested steps, of 20 shuffles sd 0.3/tested
}

/// x(t) = a x(t-1) + u(t-1) recalls u(t-k) with r2 = a^(2(k-1)) (1 - a^2), which add up to 1 (Jaeger 2002).
TEST(MemoryCapacity, OfALeakyUnitIsOneAndFadesAsItForgets) {
  const double a = 0.8;
  const auto u = memory_signal(40'000, 3);
  std::vector<double> x(u.size(), 0);
  for (std::size_t t = 1; t < u.size(); ++t) x[t] = a * x[t - 1] + u[t - 1];
  std::vector<double> twice;  // beside a column that holds nothing, so that k goes to 4
  for (std::size_t t = 0; t < u.size(); ++t) twice.insert(twice.end(), {x[t], t % 2 == 0 ? 1.0 : -1.0});
  const MemoryCapacity memory = memory_capacity({u.size(), 2, twice}, u);
  ASSERT_EQ(memory.recall.size(), 4U);
  for (int k = 1; k <= 4; ++k)
    EXPECT_NEAR(memory.recall[static_cast<std::size_t>(k) - 1], std::pow(a, 2 * (k - 1)) * (1 - a * a), 0.02);
}

TEST(MemoryCapacity, EndsAfterTwentyValuesBelowTheBias) {
  const auto u = memory_signal(4000, 1);
  std::vector<double> values;
  RandomTables random(4);
  const auto noise = random.numbers(4000 * 60);
  for (std::size_t t = 0; t < u.size(); ++t)
    for (std::size_t j = 0; j < 60; ++j)
      values.push_back(j < 3 ? (t > j ? u[t - 1 - j] : 0) : noise[60 * t + j]);
  MemoryOptions options;
  options.patience = 3;
  const MemoryCapacity memory = memory_capacity({u.size(), 60, values}, u, options);
  ASSERT_LT(memory.recall.size(), 120U);
  const std::size_t last = memory.recall.size() - 1;
  for (std::size_t k = last - 2; k <= last; ++k) EXPECT_LT(memory.recall[k], memory.bias);
}

/// What read-outs are scored on does not enter them: with the states and the signal after the training steps
/// replaced by noise, nothing is recalled, though the same training steps hold all of it.
TEST(MemoryCapacity, IsScoredOnOtherSteps) {
  const auto u = memory_signal(1000, 1);
  const FeatureTable line = delay_line(u, 4);
  std::vector<double> values(line.values().begin(), line.values().end());
  RandomTables random(5);
  const auto noise = random.numbers(values.size());
  for (std::size_t k = 4 * 504; k < values.size(); ++k) values[k] = noise[k];
  EXPECT_LE(memory_capacity({1000, 4, values}, u).corrected, 0.05);
  EXPECT_NEAR(memory_capacity(line, u).corrected, 4, 0.04);
}

TEST(MemorySignal, IsUniformAndTheSeeds) {
  const auto u = memory_signal(10'000, 1);
  double sum = 0;
  double squares = 0;
  for (const double x : u) {
    EXPECT_LT(std::abs(x), 1);
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / 1e4, 0, 4 * std::sqrt(1 / 3. / 1e4));
  EXPECT_NEAR(squares / 1e4, 1 / 3., 4 * std::sqrt(4 / 45. / 1e4));
  EXPECT_EQ(memory_signal(5, 1), std::vector<double>(u.begin(), u.begin() + 5));
  EXPECT_NE(memory_signal(5, 2), memory_signal(5, 1));
}

TEST(SpikeEfficiency, IsCapacityPerSpike) {
  EXPECT_DOUBLE_EQ(spike_efficiency(6, 3), 2);
  EXPECT_TRUE(std::isnan(spike_efficiency(6, 0)));
}

}  // namespace
}  // namespace chronotope::models
