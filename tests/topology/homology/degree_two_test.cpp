// SPDX-License-Identifier: Apache-2.0
// The cross-barcode in degree 2 (and lower) by the mapping cone, against the textbook on the paper's 2n + 1
// points.
#include <gtest/gtest.h>

#include "chronotope/tests/reference/cross_barcode_forms.hpp"
#include "chronotope/tests/reference/rips_reduction.hpp"
#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"
#include "chronotope/topology/homology/cohomology.hpp"
#include "chronotope/topology/homology/cross_barcode.hpp"

namespace chronotope::topology {
namespace {

reference::Table table_of(const DistanceMatrix& d) {
  reference::Table table;
  for (std::size_t i = 0; i < d.size(); ++i) table.emplace_back(d.row(i).begin(), d.row(i).end());
  return table;
}

reference::Bars bars_of(const Barcode& barcode) {
  reference::Bars bars;
  for (const Bar& bar : barcode.bars()) bars.emplace_back(bar.birth, bar.death);
  return bars;
}

TEST(ConeInDegreeTwo, EqualsATextbookReductionOfThePaperForm) {
  RandomDissimilarities random(43);
  std::size_t bars_of_degree_two = 0;
  for (int round = 0; round < 4; ++round)
    for (const Family family : kFamilies) {
      const auto [w, v] = random.pair(family, random.between(3, 7));
      const DistanceMatrix m = minimum(w, v);
      const auto expected =
          reference::rips_barcodes(reference::paper(table_of(w), table_of(m)), 2, 2, reference::kInfinity);
      const auto cone = persistence(ConedDistances{m, w}, {.degree = 2});
      for (std::size_t degree = 0; degree <= 2; ++degree)
        ASSERT_EQ(bars_of(cone[degree]), expected[degree]) << "degree " << degree;
      EXPECT_EQ(cone[1], cross_barcode(w, v));
      bars_of_degree_two += cone[2].size();
    }
  EXPECT_GT(bars_of_degree_two, 0u);
}

TEST(ConeInDegreeTwo, EqualsATextbookReductionOverOtherFields) {
  RandomDissimilarities random(46);
  for (int round = 0; round < 2; ++round)
    for (const Family family : kFamilies)
      for (const std::uint32_t modulus : {3u, 65521u}) {
        const auto [w, v] = random.pair(family, random.between(3, 7));
        const DistanceMatrix m = minimum(w, v);
        const auto expected = reference::rips_barcodes(reference::paper(table_of(w), table_of(m)), 2, modulus,
                                                       reference::kInfinity);
        const auto cone = persistence(ConedDistances{m, w}, {.degree = 2, .modulus = modulus});
        for (std::size_t degree = 0; degree <= 2; ++degree)
          ASSERT_EQ(bars_of(cone[degree]), expected[degree]) << "degree " << degree;
      }
}

TEST(ConeInDegreeTwo, HasTheExpectedDegreeOneOfTheFastReduction) {
  RandomDissimilarities random(44);
  for (const Family family : kFamilies)
    for (const std::uint32_t modulus : {2u, 3u}) {
      const auto [w, v] = random.pair(family, 30);
      const DistanceMatrix m = minimum(w, v);
      const auto cone = persistence(ConedDistances{m, w}, {.modulus = modulus});
      if (modulus == 2) {
        EXPECT_EQ(cone[1], cross_barcode(w, v));
      }
      EXPECT_EQ(persistence(ConedDistances{m, w}, {.degree = 2, .modulus = modulus})[1], cone[1]);
    }
}

}  // namespace
}  // namespace chronotope::topology
