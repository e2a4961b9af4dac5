// SPDX-License-Identifier: Apache-2.0
// Two families of clouds from the RTD paper: rings, whose exact symmetry makes thousands of ties, and
// clusters.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"
#include "chronotope/topology/divergence/rtd.hpp"

namespace chronotope::topology {
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

/// Bars as the reference code finds them in single precision.
struct RingBars {
  std::size_t count;
  double longest;
  double middle;
};

struct RingCase {
  int k;
  double forward;
  double backward;
  double symmetric;
  RingBars forward_bars;
  RingBars backward_bars;
};

/// Bars of a rounding error's length, which single precision does not have, are left out.
void expect_bars(const Barcode& barcode, const RingBars& expected) {
  std::vector<double> lengths = barcode.finite_lengths();
  std::erase_if(lengths, [](double length) { return length < 1e-9; });
  ASSERT_EQ(lengths.size(), expected.count);
  if (lengths.empty()) return;
  EXPECT_NEAR(lengths.back(), expected.longest, 1e-6);
  EXPECT_NEAR(lengths[lengths.size() / 2], expected.middle, 1e-6);
}

class Rings : public testing::TestWithParam<RingCase> {};

TEST_P(Rings, HaveTheKnownDivergenceFromOneAnother) {
  const auto [k, forward, backward, symmetric, forward_bars, backward_bars] = GetParam();
  const RtdResult result = rtd(rings(1), rings(k), kAllAtOnce);
  EXPECT_NEAR(result.rtd_ab, forward, 1e-5);
  EXPECT_NEAR(result.rtd_ba, backward, 1e-5);
  EXPECT_NEAR(result.rtd, symmetric, 1e-5);
  expect_bars(result.barcodes[0].ab, forward_bars);
  expect_bars(result.barcodes[0].ba, backward_bars);
}

INSTANTIATE_TEST_SUITE_P(
    OneToFive, Rings,
    testing::Values(
        RingCase{1, 0, 0, 0, {}, {}},
        RingCase{
            2, 6.795938, 3.984126, 5.390032, {600, 0.11198319, 0.00342741}, {200, 0.02684793, 0.02684793}},
        RingCase{
            3, 7.110158, 3.105348, 5.107753, {300, 0.11198319, 0.03142627}, {500, 0.01307852, 0.00644380}},
        RingCase{
            4, 11.005397, 3.683981, 7.344689, {300, 0.11198319, 0.03517477}, {400, 0.02391472, 0.00928284}},
        RingCase{
            5, 14.405852, 3.209231, 8.807541, {400, 0.11198319, 0.03517477}, {300, 0.01773239, 0.01069744}}),
    [](const auto& info) { return testing::PrintToString(info.param.k); });

/// Kendall's tau of a sequence without ties against its order.
double kendall_tau(const std::vector<double>& sequence) {
  double concordance = 0;
  for (std::size_t b = 1; b < sequence.size(); ++b)
    for (std::size_t a = 0; a < b; ++a) concordance += sequence[a] < sequence[b] ? 1 : -1;
  const auto n = static_cast<double>(sequence.size());
  return concordance / (n * (n - 1) / 2);
}

TEST(RingsAsASequence, AreRankedByRtdWithThePublishedTau) {
  std::vector<double> scores;
  for (int k = 1; k <= 5; ++k) scores.push_back(rtd(rings(1), rings(k), kAllAtOnce).rtd);
  EXPECT_NEAR(kendall_tau(scores), 0.8, 1e-12);
}

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

/// Scores of one draw of the cloud against itself in 2, 3, 4, 5, 6, 10 and 12 clusters.
std::vector<double> cluster_scores(std::uint32_t seed, RtdVariant variant) {
  RandomDissimilarities random(seed);
  const PointCloud base = random.cloud(300, 2, [&] { return random.normal(); });
  std::vector<double> scores;
  for (const std::size_t k : {2u, 3u, 4u, 5u, 6u, 10u, 12u})
    scores.push_back(rtd(base, moved_to_centres(base, k), {.batch = 300, .variant = variant}).rtd);
  return scores;
}

TEST(Clusters, DivergeTheMoreTheMoreThereAre) {
  std::vector<double> total(7, 0);
  for (const std::uint32_t seed : {1u, 2u, 3u}) {
    const std::vector<double> scores = cluster_scores(seed, RtdVariant::kMin);
    EXPECT_GE(kendall_tau(scores), 0.9) << "at most one pair of neighbours the other way round";
    for (std::size_t k = 0; k < total.size(); ++k) total[k] += scores[k];
  }
  EXPECT_EQ(kendall_tau(total), 1);
}

TEST(Clusters, DivergeTheLessTheMoreThereAreByConnectivityAlone) {
  for (const std::uint32_t seed : {1u, 2u, 3u})
    EXPECT_LE(kendall_tau(cluster_scores(seed, RtdVariant::kLite)), -0.9);
}

}  // namespace
}  // namespace chronotope::topology
