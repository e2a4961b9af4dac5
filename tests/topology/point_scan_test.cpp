// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/point_scan.hpp"

#include <gtest/gtest.h>

#include "chronotope/tests/topology/random_dissimilarities.hpp"

namespace chronotope {
namespace {

constexpr std::size_t kBlock = PointScan::kBlock;

class PointScans : public testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override {
    if (GetParam() >= point_scans().size()) GTEST_SKIP() << "this processor has no more";
  }
  const PointScan& scan() const { return point_scans()[GetParam()]; }
  RandomDissimilarities random_{18};
};

TEST_P(PointScans, AddTheSquaresInTheOrderOfTheCoordinates) {
  for (const std::size_t dimension : {0u, 1u, 2u, 7u, 50u}) {
    const std::size_t count = random_.between(1, 3);
    std::vector<double> blocks(count * dimension * kBlock);
    for (double& x : blocks) x = random_.normal();
    std::vector<double> point(dimension);
    for (double& x : point) x = random_.normal();
    std::vector<double> squares(count * kBlock, -1);
    scan().squared_distances(blocks.data(), count, dimension, point.data(), squares.data());
    for (std::size_t k = 0; k < squares.size(); ++k) {
      double sum = 0;
      for (std::size_t c = 0; c < dimension; ++c) {
        const double step = blocks[(k / kBlock * dimension + c) * kBlock + k % kBlock] - point[c];
        sum += step * step;
      }
      EXPECT_EQ(squares[k], sum);
    }
  }
}

TEST_P(PointScans, ListTheBlocksInWhichASumIsBelowItsLimit) {
  for (int round = 0; round < 300; ++round) {
    const std::size_t pairs = random_.between(0, 5);
    const std::size_t count = random_.between(0, 4);
    const std::size_t far = round % 2 == 0 ? 4 : 16001;  // most differences: 32,000 in one coordinate
    const auto draw = [&] { return static_cast<std::int16_t>(random_.below(far) - random_.below(far)); };
    std::vector<std::int16_t> blocks(count * pairs * kBlock * 2);
    std::vector<std::int16_t> point(pairs * 2, 0);
    for (std::size_t k = 0; k < blocks.size(); ++k)
      if (far == 4 || k / 2 / kBlock % std::max<std::size_t>(pairs, 1) == 0) blocks[k] = draw();
    for (std::size_t c = 0; c < std::min<std::size_t>(pairs, 1); ++c) point[c] = draw();
    std::vector<std::int32_t> limits(count * kBlock);
    for (std::int32_t& limit : limits) limit = static_cast<std::int32_t>(random_.below(far * far / 8 + 2));
    std::vector<std::uint32_t> expected;
    for (std::size_t b = 0; b < count; ++b) {
      bool below = false;
      for (std::size_t k = 0; k < kBlock; ++k) {
        std::int64_t sum = 0;
        for (std::size_t c = 0; c < 2 * pairs; ++c) {
          const std::int64_t step = blocks[((b * pairs + c / 2) * kBlock + k) * 2 + c % 2] - point[c];
          sum += step * step;
        }
        below = below || sum < limits[b * kBlock + k];
      }
      if (below) expected.push_back(static_cast<std::uint32_t>(b));
    }
    std::vector<std::uint32_t> found(count);
    found.resize(scan().blocks_below(blocks.data(), count, pairs, point.data(), limits.data(), found.data()));
    EXPECT_EQ(found, expected);
  }
}

TEST_P(PointScans, FindTheLeastOfTheLarger) {
  for (std::size_t length = 0; length < 70; ++length) {
    std::vector<double> a(length);
    std::vector<double> b(length);
    double expected = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < length; ++k) {
      a[k] = random_.uniform();
      b[k] = random_.uniform();
      expected = std::min(expected, std::max(a[k], b[k]));
    }
    EXPECT_EQ(scan().least_maximum(a.data(), b.data(), length), expected);
  }
}

INSTANTIATE_TEST_SUITE_P(All, PointScans, testing::Values(0, 1, 2), [](const auto& info) {
  return info.param < point_scans().size() ? point_scans()[info.param].name
                                           : "absent" + std::to_string(info.param);
});

}  // namespace
}  // namespace chronotope
