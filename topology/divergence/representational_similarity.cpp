// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/representational_similarity.hpp"

#include <cassert>
#include <vector>

#include "chronotope/topology/divergence/rank_correlation.hpp"

namespace chronotope::topology {

namespace {

std::vector<double> upper_triangle(const DistanceMatrix& d) {
  std::vector<double> entries;
  for (std::size_t i = 0; i < d.size(); ++i) {
    const auto right = d.row(i).subspan(i + 1);
    entries.insert(entries.end(), right.begin(), right.end());
  }
  return entries;
}

}  // namespace

double representational_similarity(const DistanceMatrix& d, const DistanceMatrix& d_tilde) {
  assert(d.size() == d_tilde.size());
  return spearman(upper_triangle(d), upper_triangle(d_tilde));
}

}  // namespace chronotope::topology
