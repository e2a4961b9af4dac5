// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/delay_column.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace chronotope {
namespace {

DelayColumn drawn(const std::vector<double>& ms) {
  return DelayColumn::drawn(ms.size(),
                            [&](const DelayColumn::Store& store) {
                              for (std::size_t s = 0; s < ms.size(); ++s) store(s, ms[s]);
                            })
      .value();
}
std::size_t bytes_of_one(const DelayColumn& column) {
  return column.use([](auto counts, double) { return sizeof(counts[0]); });
}

TEST(DelayColumn, DrawnDelaysAreCountedInTheFinestUnitThatHoldsTheLongest) {
  const DelayColumn short_ones = drawn({1.234'567'894'9, 42});
  EXPECT_EQ(short_ones[0], Duration::nearest(1.234'567'89));
  EXPECT_EQ(bytes_of_one(short_ones), 4u);
  EXPECT_EQ(drawn({1.234'567'894'9, 400})[0], Duration::nearest(1.234'567'9));
  EXPECT_EQ(drawn({1.234'567'894'9, 4000})[0], Duration::nearest(1.234'568));
  const DelayColumn long_ones = drawn({1.234'567'894'9, 8000});
  EXPECT_EQ(long_ones[0], Duration::nearest(1.234'567'894'9));
  EXPECT_EQ(bytes_of_one(long_ones), 8u);
}

TEST(DelayColumn, ShortDelaysKeepTheirTicks) {
  EXPECT_EQ(drawn({1e-12, 3e-9, 1})[1], Duration::nearest(3e-9));
}

TEST(DelayColumn, LongerOnesThanItHoldsAreNone) {
  EXPECT_FALSE(DelayColumn::drawn(1, [](const DelayColumn::Store& store) { store(0, 1e6); }).has_value());
}

TEST(DelayColumn, StatedDelaysAreExact) {
  const std::vector<Duration> multiples{Duration::nearest(1.00000001), Duration::nearest(2)};
  EXPECT_EQ(bytes_of_one(DelayColumn::exact(multiples)), 4u);
  EXPECT_EQ(DelayColumn::exact(multiples)[0], multiples[0]);
  const std::vector<Duration> others{Duration::nearest(1.000000000001), Duration::nearest(2)};
  EXPECT_EQ(bytes_of_one(DelayColumn::exact(others)), 8u);
  EXPECT_EQ(DelayColumn::exact(others)[0], others[0]);
}

}  // namespace
}  // namespace chronotope
