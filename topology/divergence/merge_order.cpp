// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/merge_order.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/topology/homology/spanning_tree.hpp"

namespace chronotope::topology {

namespace {

/// Position of every value in the sorted order; equal values share the mean of their positions.
std::vector<double> mid_ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (std::size_t k = begin; k < end; ++k) ranks[order[k]] = static_cast<double>(begin + end - 1) / 2;
  }
  return ranks;
}

double pearson(const std::vector<double>& x, const std::vector<double>& y) {
  const auto count = static_cast<double>(x.size());
  const double mean_x = std::accumulate(x.begin(), x.end(), 0.0) / count;
  const double mean_y = std::accumulate(y.begin(), y.end(), 0.0) / count;
  double xy = 0;
  double xx = 0;
  double yy = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    xy += (x[k] - mean_x) * (y[k] - mean_y);
    xx += (x[k] - mean_x) * (x[k] - mean_x);
    yy += (y[k] - mean_y) * (y[k] - mean_y);
  }
  return std::clamp(xy / (std::sqrt(xx) * std::sqrt(yy)), -1.0, 1.0);
}

double kendall_tau_b(const std::vector<double>& x, const std::vector<double>& y) {
  const auto sign = [](double a, double b) { return (a < b) - (b < a); };
  double concordance = 0;
  double untied_x = 0;
  double untied_y = 0;
  for (std::size_t a = 0; a < x.size(); ++a)
    for (std::size_t b = a + 1; b < x.size(); ++b) {
      concordance += sign(x[a], x[b]) * sign(y[a], y[b]);
      untied_x += x[a] != x[b];
      untied_y += y[a] != y[b];
    }
  return concordance / (std::sqrt(untied_x) * std::sqrt(untied_y));
}

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
  return correlation == RankCorrelation::kSpearman ? pearson(mid_ranks(heights_a), mid_ranks(heights_b))
                                                   : kendall_tau_b(heights_a, heights_b);
}

}  // namespace chronotope::topology
