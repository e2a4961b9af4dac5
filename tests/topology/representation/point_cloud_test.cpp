// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/representation/point_cloud.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <vector>

namespace chronotope::topology {
namespace {

TEST(PointCloud, KeepsItsValuesForItsCopies) {
  std::optional<PointCloud> cloud(std::in_place, 2, 2, std::vector<double>{1, 2, 3, 4});
  const PointCloud copy = *cloud;
  PointCloud moved = std::move(*cloud);
  cloud.reset();
  EXPECT_EQ(copy(1, 0), 3);
  EXPECT_EQ(moved(1, 1), 4);
  moved = copy;
  EXPECT_EQ(moved.row(0)[1], 2);
}

TEST(PointCloud, OfAViewIsWhereTheValuesAre) {
  const std::vector<double> values{1, 2, 3, 4, 5, 6};
  const PointCloud cloud = PointCloud::view(2, 3, values);
  EXPECT_EQ(cloud.values().data(), values.data());
  EXPECT_EQ(cloud.row(1).data(), values.data() + 3);
  const std::vector<std::size_t> last{1};
  EXPECT_EQ(restricted(cloud, last).row(0)[2], 6);
}

TEST(PointCloud, OfAViewNamesWhatIsNotFinite) {
  const std::vector<double> values{1, 2, std::numeric_limits<double>::quiet_NaN(), 4};
  try {
    PointCloud::view(2, 2, values);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "coordinate at row 1, column 0 (from 0): nan is not allowed (must be finite)");
  }
}

}  // namespace
}  // namespace chronotope::topology
