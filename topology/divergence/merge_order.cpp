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

using Pair = std::pair<std::uint32_t, std::uint32_t>;

std::set<Pair> joined_pairs(const std::vector<TreeEdge>& a, const std::vector<TreeEdge>& b) {
  std::set<Pair> pairs;
  for (const auto* edges : {&a, &b})
    for (const TreeEdge& e : *edges) pairs.emplace(e.i, e.j);
  return pairs;
}

std::vector<double> values_of(const std::set<Pair>& pairs, const DistanceMatrix& w,
                              const std::vector<TreeEdge>& edges, MergeValue value) {
  SpanningTree tree(edges);
  std::vector<double> values;
  for (const auto& [i, j] : pairs)
    values.push_back(value == MergeValue::kDistance ? w(i, j) : tree.edge(tree.longest_between(i, j)).length);
  return values;
}

void require_order(const std::vector<double>& values, MergeValue value, const char* whose) {
  const std::string what = value == MergeValue::kDistance ? "distances" : "merge heights";
  if (std::any_of(values.begin(), values.end(), [](double h) { return !std::isfinite(h); }))
    throw UndefinedMergeOrder(std::string("infinite distances separate the objects of ") + whose +
                              ", so they never merge");
  if (std::all_of(values.begin(), values.end(), [&](double h) { return h == values.front(); }))
    throw UndefinedMergeOrder("all " + what + " of " + whose +
                              " are equal, so their order can not be compared");
}

}  // namespace

double merge_order_similarity(const DistanceMatrix& w, const DistanceMatrix& w_tilde,
                              RankCorrelation correlation, MergeValue value) {
  if (w.size() < 3)
    throw UndefinedMergeOrder(std::to_string(w.size()) +
                              " objects have no order of merging to compare (at least 3)");
  const auto edges_a = minimum_spanning_tree(w);
  const auto edges_b = minimum_spanning_tree(w_tilde);
  const std::set<Pair> pairs = joined_pairs(edges_a, edges_b);
  const std::vector<double> of_a = values_of(pairs, w, edges_a, value);
  const std::vector<double> of_b = values_of(pairs, w_tilde, edges_b, value);
  require_order(of_a, value, "A");
  require_order(of_b, value, "B");
  return correlation == RankCorrelation::kSpearman ? spearman(of_a, of_b) : kendall_tau_b(of_a, of_b);
}

}  // namespace chronotope::topology
