// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/size_matching.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace chronotope::apps {
namespace {

/// Neuron k is 10 k; bin b of it in row i has the value 1000 i + 10 k + b; it fires once in row i, at k +
/// i/2.
topology::Activations layer(std::size_t neurons, std::size_t bins) {
  constexpr std::size_t kRows = 3;
  topology::Activations layer;
  layer.layer = 2;
  layer.code = bins == 1 ? topology::RowCode::kCount : topology::RowCode::kBins;
  layer.stimuli.resize(kRows);
  std::vector<double> values;
  for (std::size_t i = 0; i < kRows; ++i) {
    topology::TrainRow& row = layer.trains.emplace_back();
    for (std::size_t k = 0; k < neurons; ++k) {
      row.push_back({static_cast<double>(k) + static_cast<double>(i) / 2});
      for (std::size_t b = 0; b < bins; ++b) values.push_back(static_cast<double>(1000 * i + 10 * k + b));
    }
  }
  for (std::uint32_t k = 0; k < neurons; ++k) layer.neurons.push_back(10 * k);
  layer.values = topology::PointCloud(kRows, neurons * bins, std::move(values));
  return layer;
}

TEST(SizeMatching, KeepsBinsAndTrainsWithTheirNeurons) {
  const topology::Activations some = size_matched(layer(30, 4), 7, 1, 0);
  ASSERT_EQ(some.neurons.size(), 7U);
  EXPECT_TRUE(std::is_sorted(some.neurons.begin(), some.neurons.end()));
  EXPECT_EQ(some.values.dimension(), 28U);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t k = 0; k < 7; ++k) {
      for (std::size_t b = 0; b < 4; ++b)
        EXPECT_EQ(some.values(i, 4 * k + b), static_cast<double>(1000 * i + some.neurons[k] + b));
      EXPECT_EQ(some.trains[i][k].front(), some.neurons[k] / 10. + static_cast<double>(i) / 2);
    }
}

TEST(SizeMatching, OfAllNeuronsIsTheLayer) {
  const topology::Activations all = layer(5, 1);
  const topology::Activations same = size_matched(all, 5, 1, 0);
  EXPECT_EQ(same.neurons, all.neurons);
  EXPECT_TRUE(
      std::equal(same.values.values().begin(), same.values.values().end(), all.values.values().begin()));
  EXPECT_EQ(size_matched(all, 0, 1, 0).values.dimension(), 0U);
  EXPECT_EQ(size_matched(layer(0, 1), 0, 1, 0).values.dimension(), 0U);
}

TEST(SizeMatching, DependsOnSeedAndDrawOnly) {
  EXPECT_EQ(size_matched(layer(30, 1), 7, 1, 0).neurons, size_matched(layer(30, 4), 7, 1, 0).neurons);
  EXPECT_NE(size_matched(layer(30, 1), 7, 1, 0).neurons, size_matched(layer(30, 1), 7, 2, 0).neurons);
  EXPECT_NE(size_matched(layer(30, 1), 7, 1, 0).neurons, size_matched(layer(30, 1), 7, 1, 1).neurons);
}

/// Of the 10 pairs of 5 neurons each is drawn 400 +- 19 times in 4,000.
TEST(SizeMatching, DrawsEverySetEquallyOften) {
  std::map<std::vector<std::uint32_t>, int> drawn;
  for (std::uint64_t draw = 0; draw < 4000; ++draw) ++drawn[size_matched(layer(5, 1), 2, 1, draw).neurons];
  EXPECT_EQ(drawn.size(), 10U);
  for (const auto& [neurons, count] : drawn) EXPECT_NEAR(count, 400, 4 * 19);
}

}  // namespace
}  // namespace chronotope::apps
