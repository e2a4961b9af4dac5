// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/barcode.hpp"

#include <gtest/gtest.h>

namespace chronotope::topology {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Barcode, IsSortedAndDropsBarsWithoutLength) {
  const Barcode barcode({{2, 3}, {1, 4}, {1, 1}, {1, 2}});
  EXPECT_EQ(barcode.bars(), (std::vector<Bar>{{1, 2}, {1, 4}, {2, 3}}));
}

TEST(Barcode, CountsInfiniteBarsApartFromTheirTotalLength) {
  const Barcode barcode({{0.5, kInfinity}, {1, 4}, {0, 0.25}});
  EXPECT_EQ(barcode.size(), 3u);
  EXPECT_EQ(barcode.infinite_bars(), 1u);
  EXPECT_EQ(barcode.total_finite_length(), 3.25);
  EXPECT_EQ(barcode.finite_lengths(), (std::vector<double>{0.25, 3}));
}

}  // namespace
}  // namespace chronotope::topology
