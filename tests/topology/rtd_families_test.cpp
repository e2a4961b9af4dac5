// SPDX-License-Identifier: Apache-2.0
// Two families of clouds from the RTD paper: rings, whose exact symmetry makes thousands of ties, and
// clusters.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "chronotope/tests/topology/random_dissimilarities.hpp"
#include "chronotope/topology/rtd.hpp"

namespace chronotope {
namespace {

constexpr RtdOptions kAllAtOnce{.batch = 100000};

double ring_radius(int ring, int equal_rings) {
  if (ring < equal_rings) return 1;
  const int later = ring - equal_rings;
  return later % 2 == 0 ? 1 + 0.25 * (2 + later) / 2 : 1 - 0.25 * (2 + later - 1) / 2;
}

/// 5 rings of 100 points, the first `equal_rings` of radius 1.
PointCloud rings(int equal_rings) {
  std::vector<double> values;
  for (int ring = 0; ring < 5; ++ring)
    for (int i = 0; i < 100; ++i) {
      const double angle = 2 * std::numbers::pi * i / 100;
      values.push_back(ring_radius(ring, equal_rings) * std::cos(angle));
      values.push_back(ring_radius(ring, equal_rings) * std::sin(angle));
    }
  return {500, 2, std::move(values)};
}

struct RingCase {
  int k;
  double forward;
  double backward;
  double symmetric;
};

class Rings : public testing::TestWithParam<RingCase> {};

TEST_P(Rings, HaveTheKnownDivergenceFromOneAnother) {
  const auto [k, forward, backward, symmetric] = GetParam();
  const RtdResult result = rtd(rings(1), rings(k), kAllAtOnce);
  EXPECT_NEAR(result.rtd_ab, forward, 1e-5);
  EXPECT_NEAR(result.rtd_ba, backward, 1e-5);
  EXPECT_NEAR(result.rtd, symmetric, 1e-5);
}

INSTANTIATE_TEST_SUITE_P(OneToFive, Rings,
                         testing::Values(RingCase{1, 0, 0, 0}, RingCase{2, 6.795938, 3.984126, 5.390032},
                                         RingCase{3, 7.110158, 3.105348, 5.107753},
                                         RingCase{4, 11.005397, 3.683981, 7.344689},
                                         RingCase{5, 14.405852, 3.209231, 8.807541}),
                         [](const auto& info) { return testing::PrintToString(info.param.k); });

/// The cloud with group i of 5 points moved to centre i mod k of k centres on a circle of radius 10.
PointCloud moved_to_centres(const PointCloud& cloud, std::size_t k) {
  std::vector<double> values;
  for (std::size_t i = 0; i < cloud.size(); ++i) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(i / 5 % k) / static_cast<double>(k);
    values.push_back(cloud(i, 0) + 10 * std::cos(angle));
    values.push_back(cloud(i, 1) + 10 * std::sin(angle));
  }
  return {cloud.size(), 2, std::move(values)};
}

TEST(Clusters, DivergeTheMoreTheMoreThereAre) {
  RandomDissimilarities random(1);
  const PointCloud base = random.cloud(300, 2, [&] { return random.normal(); });
  double last = 0;
  for (const std::size_t k : {2u, 3u, 4u, 5u, 6u, 10u, 12u}) {
    const double score = rtd(base, moved_to_centres(base, k), kAllAtOnce).rtd;
    EXPECT_GT(score, last) << k << " clusters";
    last = score;
  }
}

}  // namespace
}  // namespace chronotope
