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

TEST_P(PointScans, SayWhetherAnyValueIsBelowItsLimit) {
  for (int round = 0; round < 300; ++round) {
    std::vector<double> values(kBlock);
    std::vector<double> limits(kBlock);
    bool expected = false;
    for (std::size_t k = 0; k < kBlock; ++k) {
      values[k] = 5 + random_.below(60);
      limits[k] = random_.below(7);
      expected = expected || values[k] < limits[k];
    }
    EXPECT_EQ(scan().any_below(values.data(), limits.data()), expected);
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
