// SPDX-License-Identifier: Apache-2.0
// The relatives of RTD on 60 groups of five points that move apart to k centres: scores that NumPy and SciPy
// gave for numpy.random.RandomState(42).
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "chronotope/topology/divergence/rtd.hpp"

namespace chronotope::topology {
namespace {

/// randn of NumPy's legacy generator: the polar method, whose second number comes first.
class LegacyGaussian {
 public:
  explicit LegacyGaussian(std::uint32_t seed) : bits_(seed) {}

  double operator()() {
    if (has_kept_) {
      has_kept_ = false;
      return kept_;
    }
    while (true) {
      const double x = 2 * uniform() - 1;
      const double y = 2 * uniform() - 1;
      const double square = x * x + y * y;
      if (square >= 1 || square == 0) continue;
      const double factor = std::sqrt(-2 * std::log(square) / square);
      kept_ = factor * x;
      has_kept_ = true;
      return factor * y;
    }
  }

 private:
  double uniform() {
    const auto high = static_cast<std::uint32_t>(bits_()) >> 5;
    const auto low = static_cast<std::uint32_t>(bits_()) >> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
  }

  std::mt19937 bits_;
  double kept_ = 0;
  bool has_kept_ = false;
};

constexpr std::size_t kPoints = 300;
constexpr std::size_t kGroup = 5;

std::vector<double> base() {
  LegacyGaussian normal(42);
  std::vector<double> coordinates(2 * kPoints);
  for (double& x : coordinates) x = normal();
  return coordinates;
}

/// Group i of the base around centre i mod k of k centres on the circle of radius 10.
PointCloud around_centres(std::size_t k) {
  std::vector<double> coordinates = base();
  for (std::size_t i = 0; i < kPoints; ++i) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(i / kGroup % k) / static_cast<double>(k);
    coordinates[2 * i] += 10 * std::cos(angle);
    coordinates[2 * i + 1] += 10 * std::sin(angle);
  }
  return {kPoints, 2, std::move(coordinates)};
}

struct Row {
  std::size_t k;
  double nts_e, nts_m, lite, symmetric_lite, max_lite;
};

class MovedGroups : public testing::TestWithParam<Row> {
 protected:
  RtdResult score(RtdVariant variant, Normalisation unit) const {
    return rtd(PointCloud(kPoints, 2, base()), around_centres(GetParam().k),
               {.variant = variant, .normalisation = unit});
  }
};

TEST_P(MovedGroups, HaveTheScoresOfNumpy) {
  const Row& row = GetParam();
  constexpr double kRounded = 6e-7;
  const auto by_pairs = [&](RtdVariant variant) {
    return score(variant, Normalisation::kQuantileOfPairs).rtd;
  };
  EXPECT_NEAR(by_pairs(RtdVariant::kNtsDistances), row.nts_e, kRounded);
  EXPECT_NEAR(by_pairs(RtdVariant::kNtsHeights), row.nts_m, kRounded);
  EXPECT_NEAR(by_pairs(RtdVariant::kLite), row.lite, kRounded);
  EXPECT_NEAR(by_pairs(RtdVariant::kSymmetricLite), row.symmetric_lite, kRounded);
  EXPECT_NEAR(by_pairs(RtdVariant::kMaxLite), row.max_lite, kRounded);
}

INSTANTIATE_TEST_SUITE_P(Of, MovedGroups,
                         testing::Values(Row{2, 0.286550, 0.336100, 7.164670, 19.950334, 12.785664},
                                         Row{3, 0.073347, 0.150499, 6.973127, 24.488851, 17.515725},
                                         Row{6, -0.197855, -0.048041, 6.711498, 34.198812, 27.487314},
                                         Row{12, -0.392541, -0.171392, 5.778187, 43.694026, 37.915839}),
                         [](const auto& info) { return std::to_string(info.param.k); });

TEST(MovedGroupsInTheDefaultUnit, HaveTheScoresOfNumpy) {
  const auto score = [](RtdVariant variant) {
    return rtd(PointCloud(kPoints, 2, base()), around_centres(2), {.variant = variant}).rtd;
  };
  EXPECT_NEAR(score(RtdVariant::kLite), 7.172174, 6e-7);
  EXPECT_NEAR(score(RtdVariant::kSymmetricLite), 19.970550, 6e-7);
  EXPECT_NEAR(score(RtdVariant::kMaxLite), 12.798376, 6e-7);
}

TEST(MovedGroupsUnmoved, AreAlikeInEveryRelative) {
  const PointCloud cloud(kPoints, 2, base());
  for (const auto& [variant, alike] :
       {std::pair{RtdVariant::kNtsDistances, 1.0}, std::pair{RtdVariant::kNtsHeights, 1.0},
        std::pair{RtdVariant::kMaxLite, 0.0}, std::pair{RtdVariant::kSymmetricLite, 0.0}}) {
    const RtdResult result = rtd(cloud, cloud, {.batch = 100, .trials = 3, .variant = variant});
    EXPECT_NEAR(result.rtd, alike, 1e-12);
    EXPECT_EQ(result.trial_scores.size(), 3u);
    EXPECT_EQ(result.sd, 0);
  }
}

}  // namespace
}  // namespace chronotope::topology
