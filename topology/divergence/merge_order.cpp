// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/merge_order.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/topology/divergence/rank_correlation.hpp"
#include "chronotope/topology/homology/spanning_tree.hpp"

namespace chronotope::topology {

namespace {

void refuse_constant(const std::vector<double>& heights, const char* whose) {
  if (std::all_of(heights.begin(), heights.end(), [&](double h) { return h == heights.front(); }))
    throw InputError(std::string("all merge heights of ") + whose +
                     " are equal, so their order can not be compared");
  if (std::any_of(heights.begin(), heights.end(), [](double h) { return !std::isfinite(h); }))
    throw InputError(std::string("infinite distances separate the objects of ") + whose +
                     ", so they never merge");
}

}  // namespace

double merge_order_similarity(const DistanceMatrix& w, const DistanceMatrix& w_tilde,
                              RankCorrelation correlation) {
  if (w.size() < 3)
    throw InputError(std::to_string(w.size()) + " objects have no order of merging to compare (at least 3)");
  const auto edges_a = minimum_spanning_tree(w);
  const auto edges_b = minimum_spanning_tree(w_tilde);
  std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (const auto* edges : {&edges_a, &edges_b})
    for (const TreeEdge& e : *edges) pairs.emplace(e.i, e.j);
  SpanningTree tree_a(edges_a);
  SpanningTree tree_b(edges_b);
  std::vector<double> heights_a;
  std::vector<double> heights_b;
  for (const auto& [i, j] : pairs) {
    heights_a.push_back(tree_a.edge(tree_a.longest_between(i, j)).length);
    heights_b.push_back(tree_b.edge(tree_b.longest_between(i, j)).length);
  }
  refuse_constant(heights_a, "A");
  refuse_constant(heights_b, "B");
  return correlation == RankCorrelation::kSpearman ? spearman(heights_a, heights_b)
                                                   : kendall_tau_b(heights_a, heights_b);
}

}  // namespace chronotope::topology
