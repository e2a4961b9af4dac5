// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/ranked_complex.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <vector>

#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"

namespace chronotope::topology {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

using Cell = RankedComplex::Cell;

std::vector<Cell> cofacets(const RankedComplex& complex, Cell cell, std::size_t dimension) {
  std::vector<Cell> all;
  complex.for_each_cofacet(cell, dimension, [&](Cell cofacet, bool) { all.push_back(cofacet); });
  return all;
}

std::vector<Cell> edges(const RankedComplex& complex) {
  std::vector<Cell> all;
  for (Rank r = 0; r < complex.ranks(); ++r)
    if (complex.kind(r) != RankedComplex::Kind::kApexTriangle) all.push_back(RankedComplex::cell(r));
  return all;
}

/// All cofacets of some simplices, in order, each once.
std::vector<Cell> all_cofacets(const RankedComplex& complex, const std::vector<Cell>& cells,
                               std::size_t dimension) {
  std::vector<Cell> all;
  for (const Cell cell : cells)
    for (const Cell cofacet : cofacets(complex, cell, dimension)) all.push_back(cofacet);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::vector<double> values_of(const RankedComplex& complex, const std::vector<Cell>& cells) {
  std::vector<double> values;
  for (const Cell cell : cells) values.push_back(complex.value(cell));
  return values;
}

/// Diameters of all simplices with so many objects, ascending, without those beyond the threshold.
std::vector<double> diameters(const DistanceMatrix& d, std::size_t objects, double threshold) {
  std::vector<double> all;
  std::vector<bool> chosen(d.size(), false);
  std::fill_n(chosen.begin(), std::min(objects, d.size()), true);
  if (objects > d.size()) return all;
  do {
    double largest = 0;
    for (std::size_t i = 0; i < d.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (chosen[i] && chosen[j]) largest = std::max(largest, d(i, j));
    if (largest <= threshold && largest < kInfinity) all.push_back(largest);
  } while (std::prev_permutation(chosen.begin(), chosen.end()));
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<double> joined(std::vector<double> a, const std::vector<double>& b) {
  a.insert(a.end(), b.begin(), b.end());
  std::sort(a.begin(), a.end());
  return a;
}

TEST(RankedComplex, NumbersTheSimplicesInTheOrderOfTheirDiameters) {
  RandomDissimilarities random(51);
  for (const Family family : kFamilies) {
    const auto [d, other] = random.pair(family, random.between(2, 9));
    for (const double threshold : {kInfinity, other(0, 1)}) {
      const RankedComplex complex(d, threshold);
      const auto triangles = all_cofacets(complex, edges(complex), 1);
      EXPECT_EQ(values_of(complex, edges(complex)), diameters(d, 2, threshold));
      EXPECT_EQ(values_of(complex, triangles), diameters(d, 3, threshold));
      EXPECT_EQ(values_of(complex, all_cofacets(complex, triangles, 2)), diameters(d, 4, threshold));
    }
  }
}

TEST(RankedComplex, OfAConeHasTheSimplicesOfTheBaseAndTheApexOverThoseOfTheCone) {
  RandomDissimilarities random(52);
  for (const Family family : kFamilies) {
    const auto [w, v] = random.pair(family, random.between(2, 8));
    const DistanceMatrix m = minimum(w, v);
    const double last = std::numeric_limits<double>::max();
    const RankedComplex complex(ConedDistances{m, w}, last);
    const auto triangles = all_cofacets(complex, edges(complex), 1);
    EXPECT_EQ(values_of(complex, edges(complex)),
              joined(diameters(m, 2, last), std::vector<double>(w.size(), 0)));
    EXPECT_EQ(values_of(complex, triangles), joined(diameters(m, 3, last), diameters(w, 2, last)));
    EXPECT_EQ(values_of(complex, all_cofacets(complex, triangles, 2)),
              joined(diameters(m, 4, last), diameters(w, 3, last)));
  }
}

TEST(RankedComplex, HasACoboundaryOfACoboundaryThatVanishes) {
  RandomDissimilarities random(53);
  for (const Family family : kFamilies) {
    const auto [w, v] = random.pair(family, 9);
    const DistanceMatrix m = minimum(w, v);
    const RankedComplex complex(ConedDistances{m, w}, std::numeric_limits<double>::max());
    for (const Cell edge : edges(complex)) {
      std::map<Cell, int> sum;
      complex.for_each_cofacet(edge, 1, [&](Cell triangle, bool first) {
        complex.for_each_cofacet(triangle, 2,
                                 [&](Cell cell, bool second) { sum[cell] += first == second ? 1 : -1; });
      });
      for (const auto& [cell, coefficient] : sum) EXPECT_EQ(coefficient, 0);
    }
  }
}

TEST(RankedComplex, FindsTheApparentPairsOfTheDefinition) {
  RandomDissimilarities random(54);
  for (const Family family : kFamilies) {
    const auto [w, v] = random.pair(family, 9);
    const DistanceMatrix m = minimum(w, v);
    const RankedComplex complex(ConedDistances{m, w}, std::numeric_limits<double>::max());
    const auto triangles = all_cofacets(complex, edges(complex), 1);
    std::map<Cell, Cell> last_facet;
    for (const Cell triangle : triangles)
      for (const Cell cofacet : cofacets(complex, triangle, 2)) last_facet[cofacet] = triangle;
    for (const Cell triangle : triangles) {
      const auto above = cofacets(complex, triangle, 2);
      if (above.empty()) continue;
      const Cell first = *std::min_element(above.begin(), above.end());
      const bool equal = RankedComplex::rank(first) == RankedComplex::rank(triangle);
      const bool apparent = equal && last_facet[first] == triangle;
      EXPECT_EQ(complex.first_equal_cofacet(triangle, 2), equal ? std::optional(first) : std::nullopt);
      EXPECT_EQ(complex.has_apparent_cofacet(triangle, 2), apparent);
      EXPECT_EQ(complex.apparent_facet(first, 3) == std::optional(triangle), apparent);
    }
  }
}

}  // namespace
}  // namespace chronotope::topology
