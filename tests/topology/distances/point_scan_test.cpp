// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/point_scan.hpp"

#include <gtest/gtest.h>

#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"

namespace chronotope::topology {
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

/// Blocks of small integers and a point, coordinates in pairs.
struct CoarseBlocks {
  std::size_t count;
  std::size_t pairs;
  std::vector<std::int16_t> blocks;
  std::vector<std::int16_t> point;

  /// With coordinates up to `largest`, all but the first pair 0 when these are large.
  CoarseBlocks(std::size_t largest, RandomDissimilarities& random)
      : count(random.between(0, 4)),
        pairs(random.between(0, 5)),
        blocks(count * pairs * kBlock * 2),
        point(pairs * 2) {
    const std::size_t drawn = std::min<std::size_t>(pairs, largest > 100 ? 1 : 5);
    const auto draw = [&] {
      return static_cast<std::int16_t>(random.below(2 * largest + 1) - static_cast<double>(largest));
    };
    for (std::size_t k = 0; k < blocks.size(); ++k)
      if (k / (2 * kBlock) % pairs < drawn) blocks[k] = draw();
    for (std::size_t c = 0; c < 2 * drawn; ++c) point[c] = draw();
  }

  std::int64_t square(std::size_t slot) const {
    std::int64_t sum = 0;
    for (std::size_t c = 0; c < point.size(); ++c) {
      const std::int64_t step =
          blocks[((slot / kBlock * pairs + c / 2) * kBlock + slot % kBlock) * 2 + c % 2] - point[c];
      sum += step * step;
    }
    return sum;
  }
};

TEST_P(PointScans, ListTheBlocksInWhichASumIsBelowItsLimit) {
  for (int round = 0; round < 300; ++round) {
    const std::size_t largest = round % 2 == 0 ? 3 : 16000;
    const CoarseBlocks coarse(largest, random_);
    std::vector<std::int32_t> limits(coarse.count * kBlock);
    for (std::int32_t& limit : limits)
      limit = static_cast<std::int32_t>(random_.below(largest * largest / 8 + 2));
    std::vector<std::uint32_t> expected;
    for (std::uint32_t b = 0; b < coarse.count; ++b) {
      bool below = false;
      for (std::size_t k = b * kBlock; k < (b + 1) * kBlock; ++k)
        below = below || coarse.square(k) < limits[k];
      if (below) expected.push_back(b);
    }
    std::vector<std::uint32_t> found(coarse.count);
    found.resize(scan().blocks_below(coarse.blocks.data(), coarse.count, coarse.pairs, coarse.point.data(),
                                     limits.data(), found.data()));
    EXPECT_EQ(found, expected);
  }
}

TEST_P(PointScans, ListTheBlocksInWhichASumIsBetweenAndCountTheOthersBelow) {
  for (int round = 0; round < 300; ++round) {
    const std::size_t largest = round % 2 == 0 ? 3 : 16000;
    const CoarseBlocks coarse(largest, random_);
    const auto low = static_cast<std::int32_t>(random_.below(largest * largest));
    const std::int32_t high = low + static_cast<std::int32_t>(random_.below(largest * largest / 40 + 2));
    std::vector<std::uint32_t> expected;
    std::uint64_t expected_below = 0;
    for (std::uint32_t b = 0; b < coarse.count; ++b) {
      std::uint64_t below = 0;
      bool between = false;
      for (std::size_t k = b * kBlock; k < (b + 1) * kBlock; ++k) {
        below += coarse.square(k) < low;
        between = between || (low <= coarse.square(k) && coarse.square(k) < high);
      }
      if (between)
        expected.push_back(b);
      else
        expected_below += below;
    }
    std::vector<std::uint32_t> found(coarse.count);
    std::uint64_t below = 7;
    found.resize(scan().blocks_between(coarse.blocks.data(), coarse.count, coarse.pairs, coarse.point.data(),
                                       low, high, found.data(), below));
    EXPECT_EQ(found, expected);
    EXPECT_EQ(below, expected_below + 7);
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
}  // namespace chronotope::topology
