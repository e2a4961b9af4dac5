// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/decision.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "chronotope/tests/apps/study/seed_tables.hpp"

namespace chronotope::apps {
namespace {

/// A layer in which D of hom is the given one on each seed: its pairs have ln r = D, the others 0.
Comparison layer(const std::string& name, const std::vector<double>& D) {
  Comparison layer{name, {}};
  for (std::size_t s = 0; s < D.size(); ++s)
    layer.seeds.push_back(
        table_of_logarithms(s, 3, [&](std::size_t i, std::size_t) { return i == 0 ? D[s] : 0; }));
  return layer;
}

Decision sole(const std::string& name, const std::vector<double>& D) {
  return decide(std::vector{layer(name, D)}).front();
}

TEST(Decision, OfAClearEffectIsDistinct) {
  const Decision d = sole("L1", {0.5, 0.6, 0.4, 0.5, 0.7, 0.3, 0.5, 0.5});
  EXPECT_EQ(d.verdict, Verdict::kDistinct);
  EXPECT_DOUBLE_EQ(*d.holm_p, 1 / 6561.);
  EXPECT_NEAR(d.mean->mean, 0.5, 1e-15);
  EXPECT_EQ(d.reason, "");
  EXPECT_FALSE(d.within_margin || d.deciding_seeds);
}

TEST(Decision, OfNoEffectWithLittleSpreadIsTheSame) {
  const Decision d = sole("L1", {0.05, -0.05, 0.03, -0.04, 0.05, -0.05, 0.02, -0.02});
  EXPECT_EQ(d.verdict, Verdict::kSame);
  EXPECT_TRUE(d.within_margin);
  EXPECT_GT(*d.holm_p, 0.05);
}

TEST(Decision, OfASureAndSmallEffectIsDistinctAndSaysThatItIsSmall) {
  const Decision d = sole("L1", std::vector<double>(8, 0.05));
  EXPECT_EQ(d.verdict, Verdict::kDistinct);
  EXPECT_TRUE(d.within_margin);
}

TEST(Decision, OfSpreadRatiosIsUndecidedWithTheSeedsThatWouldDecide) {
  const Decision d = sole("L1", {1, -0.8, 0.9, -0.7, 1.1, -0.9, 0.8, -0.6});
  EXPECT_EQ(d.verdict, Verdict::kUndecided);
  EXPECT_NE(d.reason, "");
  ASSERT_TRUE(d.deciding_seeds);
  EXPECT_GT(*d.deciding_seeds, 100U);
}

TEST(Decision, OfNetworksFartherApartThanFromHomIsUndecidedForever) {
  const Decision d = sole("L1", {-0.5, -0.6, -0.4, -0.5, -0.7, -0.3, -0.5, -0.5});
  EXPECT_EQ(d.verdict, Verdict::kUndecided);
  EXPECT_EQ(d.holm_p, 1);
  EXPECT_FALSE(d.deciding_seeds);
}

TEST(Decision, NeedsSevenUsableSeeds) {
  Comparison seven = layer("L4", std::vector<double>(8, 0.5));
  seven.seeds[3].set(0, 2, {0, "L4 of het-2 is silent"});
  EXPECT_EQ(decide(std::vector{seven}).front().verdict, Verdict::kDistinct);
  Comparison six = seven;
  six.seeds[5].set(0, 1, {0, {}});
  const Decision d = decide(std::vector{six}).front();
  EXPECT_EQ(d.verdict, Verdict::kUndecided);
  EXPECT_EQ(
      d.reason,
      "6 usable seeds of 8 (at least 7 are needed); seed 3: RTD of hom and het-2 is missing: L4 of het-2 "
      "is silent");
  EXPECT_FALSE(d.test || d.holm_p);
  EXPECT_EQ(d.seeds, (std::vector<std::uint64_t>{0, 1, 2, 4, 6, 7}));
  ASSERT_EQ(d.unusable.size(), 2U);
  EXPECT_EQ(d.unusable[1].seed, 5U);
  EXPECT_EQ(d.deciding_seeds, 7U);
}

TEST(Decision, OfNothingUsableHasReasonsOnly) {
  const Decision none = sole("L2", {});
  EXPECT_EQ(none.verdict, Verdict::kUndecided);
  EXPECT_EQ(none.reason, "0 usable seeds of 0 (at least 7 are needed)");
  EXPECT_FALSE(none.mean || none.deciding_seeds);
  Comparison one_draw{"L2", {}};
  for (std::uint64_t s = 0; s < 8; ++s)
    one_draw.seeds.push_back(table_of_logarithms(s, 2, [](std::size_t, std::size_t) { return 1.0; }));
  const Decision d = decide(std::vector{one_draw}).front();
  EXPECT_EQ(d.verdict, Verdict::kUndecided);
  EXPECT_EQ(d.unusable.size(), 8U);
  const Decision alone = sole("L2", {0.5});
  EXPECT_EQ(alone.D, std::vector<double>{0.5});
  EXPECT_FALSE(alone.mean->sd || alone.deciding_seeds);
}

/// Holm over the layers that have a test: 2 of these 3.
TEST(Decision, AdjustsPOverTheTestedLayers) {
  const std::vector<double> mixed = {1, 1, 1, 1, 1, 1, -0.5, -0.5};
  const auto family = decide(std::vector{layer("L1", mixed), layer("L2", {1, 1}), layer("L3", mixed)});
  EXPECT_EQ(family[1].reason, "2 usable seeds of 2 (at least 7 are needed)");
  EXPECT_DOUBLE_EQ(*family[0].holm_p, 2 * family[0].test->p);
  EXPECT_DOUBLE_EQ(*family[2].holm_p, *family[0].holm_p);
}

/// Whole decisions, five layers at once, none of which has an effect: at most 5 % with any layer distinct.
TEST(Decision, CallsALayerDistinctWronglyInFivePercentOfFamilies) {
  SyntheticStudy study(23, Noise::kExponential);
  int wrong = 0;
  constexpr int kFamilies = 400;
  for (int k = 0; k < kFamilies; ++k) {
    std::vector<Comparison> family;
    for (const char* name : {"L1", "L2", "L3", "L4", "L5"}) family.push_back({name, study.tables(8, 3, 0)});
    bool any = false;
    for (const Decision& d : decide(family)) any |= d.verdict == Verdict::kDistinct;
    wrong += any ? 1 : 0;
  }
  EXPECT_LE(wrong, 0.05 * kFamilies + 3 * std::sqrt(0.05 * 0.95 * kFamilies));
  EXPECT_GE(wrong, 0.02 * kFamilies);
}

}  // namespace
}  // namespace chronotope::apps
