// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/rank_scan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"
#include "chronotope/topology/homology/cross_barcode.hpp"

namespace chronotope::topology {
namespace {

class RankScans : public testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override {
    if (GetParam() >= rank_scans().size()) GTEST_SKIP() << "this processor has no more";
  }
  const RankScan& scan() const { return rank_scans()[GetParam()]; }
  RandomDissimilarities random_{17};

  std::vector<Rank> row(std::size_t length, std::size_t below) {
    std::vector<Rank> ranks(length, std::numeric_limits<Rank>::max());
    for (std::size_t k = 0; k + random_.between(0, 60) < length; ++k)
      ranks[k] = static_cast<Rank>(random_.below(below));
    return ranks;
  }
};

TEST_P(RankScans, FindTheFirstEntryBelowABoundInBothRows) {
  for (int round = 0; round < 300; ++round) {
    const std::size_t length = 64 * random_.between(1, 4);
    const auto a = row(length, 1000);
    const auto b = row(length, 1000);
    const auto bound = static_cast<Rank>(random_.below(200));
    std::size_t expected = 0;
    while (expected < length && std::max(a[expected], b[expected]) >= bound) ++expected;
    EXPECT_EQ(scan().first_below(a.data(), b.data(), length, bound), expected);
  }
}

TEST_P(RankScans, SayWhetherAnyDistanceIsBelowABoundInBothRows) {
  for (int round = 0; round < 300; ++round) {
    std::vector<double> a(random_.between(0, 70));
    std::vector<double> b(a.size());
    for (double& x : a) x = random_.below(8);
    for (double& x : b) x = random_.below(8);
    const double bound = random_.below(3);
    bool expected = false;
    for (std::size_t k = 0; k < a.size(); ++k) expected = expected || std::max(a[k], b[k]) < bound;
    EXPECT_EQ(scan().any_below(a.data(), b.data(), a.size(), bound), expected);
  }
}

TEST_P(RankScans, MarkTheObjectsWhoseLatestRankIsInTheWindow) {
  for (int round = 0; round < 300; ++round) {
    const std::size_t length = 64 * random_.between(1, 4);
    const auto a = row(length, 300);
    const auto b = row(length, 300);
    const auto begin = static_cast<Rank>(random_.below(300));
    const Rank end = begin + static_cast<Rank>(random_.between(1, 200));
    const auto e = static_cast<Rank>(random_.below(static_cast<std::size_t>(end)));
    std::vector<std::uint64_t> masks(length / 64, ~std::uint64_t{0});
    scan().mark_window(a.data(), b.data(), length, e, begin, end, masks.data());
    for (std::size_t k = 0; k < length; ++k) {
      const Rank latest = std::max({a[k], b[k], e});
      EXPECT_EQ(masks[k / 64] >> (k % 64) & 1, begin <= latest && latest < end);
    }
  }
}

TEST_P(RankScans, GiveTheSameCrossBarcode) {
  for (const Family family : kFamilies) {
    const auto [w, v] = random_.pair(family, 70);
    const auto [ab, ba] = cross_barcodes(w, v, scan());
    EXPECT_EQ(ab, cross_barcode(w, v, rank_scans().front()));
    EXPECT_EQ(ba, cross_barcode(v, w, rank_scans().front()));
  }
}

INSTANTIATE_TEST_SUITE_P(All, RankScans, testing::Values(0, 1, 2), [](const auto& info) {
  return info.param < rank_scans().size() ? rank_scans()[info.param].name
                                          : "absent" + std::to_string(info.param);
});

}  // namespace
}  // namespace chronotope::topology
