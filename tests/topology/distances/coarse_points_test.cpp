// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/coarse_points.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"

namespace chronotope::topology {
namespace {

constexpr std::size_t kBlock = CoarsePoints::kBlock;
constexpr Metric kMetrics[] = {Metric::kEuclidean, Metric::kCosine, Metric::kCorrelation, Metric::kHamming};

/// Scales at which squares vanish or overflow, far groups, one far point, counts, duplicates, no coordinates.
std::vector<PointCloud> clouds(std::size_t n, RandomDissimilarities& random) {
  const auto normal = [&] { return random.normal(); };
  std::vector<PointCloud> all = {
      random.cloud(n, 3, normal),
      random.cloud(n, 50, normal),
      random.cloud(n, 7, [&] { return random.below(3); }),
      random.cloud(n, 1, [&] { return random.below(n); }),
      random.cloud(n, 2, [&] { return 1e6 * random.below(2) + random.normal(); }),
      random.cloud(n, 2, [&] { return random.below(n) == 0 ? 1e9 : random.normal(); }),
      random.cloud(n, 4, [] { return 0; }),
      random.cloud(n, 0, normal)};
  for (const double scale : {1e-320, 1e-160, 1e-140, 1e150, 1e160, 1e307})
    all.push_back(random.cloud(n, 5, [&] { return scale * random.normal(); }));
  return all;
}

/// Reaches just above some key must not be missed; those at it or below it may be.
TEST(CoarsePoints, MissNoKeyBelowTheReach) {
  RandomDissimilarities random(23);
  for (const std::size_t n : {1u, 32u, 100u})
    for (const PointCloud& cloud : clouds(n, random))
      for (const Metric metric : kMetrics) {
        RemainingPoints points(cloud, metric);
        CoarsePoints coarse(points);
        std::vector<double> keys(points.padded_size());
        std::vector<double> reach(n, std::numeric_limits<double>::infinity());
        while (points.size() > 0) {
          const std::size_t slot = random.between(0, points.size() - 1);
          points.look_from(slot);
          points.take(slot);
          coarse.look_from(slot);
          coarse.take(slot);
          reach[slot] = reach[points.size()];
          points.keys(keys);
          const auto found = coarse.blocks_within_reach();
          for (std::size_t k = 0; k < points.size(); ++k)
            EXPECT_TRUE(keys[k] >= reach[k] || std::binary_search(found.begin(), found.end(),
                                                                  static_cast<std::uint32_t>(k / kBlock)));
          if (points.size() == 0) break;
          for (int change = 0; change < 3; ++change) {
            const std::size_t k = random.between(0, points.size() - 1);
            reach[k] = std::nextafter(keys[random.between(0, points.size() - 1)],
                                      std::numeric_limits<double>::infinity());
            coarse.set_reach(k, reach[k]);
          }
        }
      }
}

TEST(CoarsePoints, CountNoKeyThatMayLieBetweenOnAWrongSide) {
  RandomDissimilarities random(25);
  for (const PointCloud& cloud : clouds(5 * kBlock, random))
    for (const Metric metric : kMetrics) {
      RemainingPoints points(cloud, metric);
      CoarsePoints coarse(points);
      std::vector<double> keys(points.padded_size());
      for (int round = 0; round < 40; ++round) {
        const std::size_t slot = random.between(0, points.size() - 1);
        points.look_from(slot);
        coarse.look_from(slot);
        points.keys(keys);
        // Bounds that are keys themselves, so that the smallest mistake shows.
        const double one = keys[random.between(0, points.size() - 1)];
        const double other = keys[random.between(0, points.size() - 1)];
        const double low = round % 4 == 0 ? one : std::min(one, other);
        const double high = round % 4 == 0 ? one : std::max(one, other);
        const std::size_t first = random.between(0, 2);
        const std::size_t end = first + random.between(0, 3);
        const auto [blocks, below, above] = coarse.divide(first, end, low, high);
        std::uint64_t expected_below = 0;
        std::uint64_t expected_above = 0;
        for (std::size_t k = first * kBlock; k < end * kBlock; ++k) {
          if (std::count(blocks.begin(), blocks.end(), k / kBlock) > 0) continue;
          expected_below += keys[k] < low;
          expected_above += keys[k] > high;
        }
        EXPECT_EQ(below, expected_below);
        EXPECT_EQ(above, expected_above);
        EXPECT_EQ(below + above + blocks.size() * kBlock, (end - first) * kBlock);
      }
    }
}

TEST(CoarsePoints, DivideMostBlocksWithoutExactKeys) {
  RandomDissimilarities random(26);
  RemainingPoints points(random.cloud(50 * kBlock, 50, [&] { return random.normal(); }), Metric::kEuclidean);
  CoarsePoints coarse(points);
  coarse.look_from(0);
  EXPECT_LT(coarse.divide(0, 50, 120, 120.5).blocks.size(), 35u);
  EXPECT_EQ(coarse.divide(0, 50, 1000, 2000).below, 50 * kBlock);
}

TEST(CoarsePoints, SeeThatFarBlocksAreOutOfReach) {
  RandomDissimilarities random(24);
  RemainingPoints points(random.cloud(10 * kBlock, 50, [&] { return random.normal(); }), Metric::kEuclidean);
  CoarsePoints coarse(points);
  EXPECT_EQ(coarse.blocks_within_reach().size(), 10u);
  for (std::size_t k = 0; k < points.size(); ++k) coarse.set_reach(k, 9);
  coarse.set_reach(77, 1e4);
  coarse.look_from(0);
  coarse.take(0);
  const auto found = coarse.blocks_within_reach();
  EXPECT_EQ(std::vector<std::uint32_t>(found.begin(), found.end()),
            (std::vector<std::uint32_t>{77 / kBlock}));
}

}  // namespace
}  // namespace chronotope::topology
