// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/log_ratio.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>

#include "chronotope/tests/apps/study/seed_tables.hpp"
#include "chronotope/tests/reference/real.hpp"

namespace chronotope::apps {
namespace {

using reference::Real;

/// The definition in 50 digits, from the names of the sets: those that are not hom.
double defined_log_ratio(const SeedTable& table, std::size_t hom) {
  std::vector<std::size_t> hets;
  for (std::size_t k = 0; k < table.networks(); ++k)
    if (k != hom) hets.push_back(k);
  Real between = 0;
  Real within = 0;
  for (const std::size_t k : hets) {
    between += log(Real(table.pair(hom, k).rtd));
    for (const std::size_t l : hets)
      if (k < l) within += log(Real(table.pair(k, l).rtd));
  }
  const Real K = hets.size();
  return static_cast<double>(between / K - within / (K * (K - 1) / 2));
}

TEST(LogRatio, OfThreeNetworksIsThatByHand) {
  const double logarithms[3][3] = {{0, 1, 3}, {0, 0, 0.5}, {}};
  const SeedTable table =
      table_of_logarithms(1, 3, [&](std::size_t i, std::size_t j) { return logarithms[i][j]; });
  const auto D = log_ratios(table);
  ASSERT_EQ(D.size(), 3U);
  EXPECT_NEAR(D[0], (1 + 3) / 2. - 0.5, 1e-15);
  EXPECT_NEAR(D[1], (1 + 0.5) / 2 - 3, 1e-15);
  EXPECT_NEAR(D[2], (3 + 0.5) / 2 - 1, 1e-15);
}

TEST(LogRatio, IsItsDefinitionInFiftyDigitsWhicheverNetworkIsHom) {
  for (std::size_t networks = 3; networks <= 7; ++networks)
    for (const SeedTable& table : SyntheticStudy(networks, Noise::kExponential).tables(20, networks, 0.5)) {
      const auto D = log_ratios(table);
      for (std::size_t hom = 0; hom < networks; ++hom)
        EXPECT_NEAR(D[hom], defined_log_ratio(table, hom), 1e-13);
      EXPECT_NEAR(std::accumulate(D.begin(), D.end(), 0.0), 0, 1e-13);
    }
}

TEST(LogRatio, DoesNotDependOnTheUnitOfRtd) {
  const auto logarithm = [](std::size_t i, std::size_t j) { return static_cast<double>(i + 2 * j * j); };
  const SeedTable table = table_of_logarithms(1, 4, logarithm);
  const SeedTable other =
      table_of_logarithms(1, 4, [&](std::size_t i, std::size_t j) { return logarithm(i, j) - 12; });
  for (std::size_t hom = 0; hom < 4; ++hom)
    EXPECT_NEAR(log_ratios(table)[hom], log_ratios(other)[hom], 1e-13);
}

TEST(LogRatio, OfTwoKindsOfDistancesIsThatOfTheirGeometricMeans) {
  EXPECT_NEAR(log_ratio(std::vector{2.0, 8.0}, std::vector{1.0, 2.0, 4.0}), std::log(2.0), 1e-15);
}

TEST(SeedTable, SaysWhyItCanNotBeUsed) {
  const auto ones = [](std::size_t, std::size_t) { return 0.0; };
  EXPECT_EQ(table_of_logarithms(1, 3, ones).unusable(), "");
  EXPECT_EQ(SeedTable(1, network_names(3)).unusable(), "RTD of hom and het-1 is missing: was not computed");
  EXPECT_EQ(table_of_logarithms(1, 2, ones).unusable(),
            "one network and 1 to compare with (at least 2 are needed)");
  EXPECT_EQ(table_of_logarithms(1, 1, ones).unusable(),
            "one network and 0 to compare with (at least 2 are needed)");
  SeedTable table = table_of_logarithms(1, 3, ones);
  table.set(2, 1, {0, {}});
  EXPECT_EQ(table.unusable(), "RTD of het-1 and het-2 is 0, which has no logarithm");
  table.set(1, 2, {std::numeric_limits<double>::quiet_NaN(), {}});
  EXPECT_NE(table.unusable(), "");
  table.set(1, 2, {std::numeric_limits<double>::infinity(), {}});
  EXPECT_NE(table.unusable(), "");
  table.set(1, 2, {1, "L4 of het-2 is silent"});
  EXPECT_EQ(table.unusable(), "RTD of het-1 and het-2 is missing: L4 of het-2 is silent");
}

}  // namespace
}  // namespace chronotope::apps
