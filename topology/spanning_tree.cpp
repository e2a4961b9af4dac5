// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/spanning_tree.hpp"

#include <algorithm>
#include <cassert>

namespace chronotope {

namespace {

TreeEdge edge_between(std::size_t a, std::size_t b, double length) {
  return {length, static_cast<std::uint32_t>(std::min(a, b)), static_cast<std::uint32_t>(std::max(a, b))};
}

}  // namespace

std::vector<TreeEdge> minimum_spanning_tree(const DistanceMatrix& d) {
  const std::size_t n = d.size();
  std::vector<TreeEdge> reach(n, {std::numeric_limits<double>::infinity(), 0, 0});  // shortest from the tree
  std::vector<bool> joined(n, false);
  std::vector<TreeEdge> tree;
  for (std::size_t newest = 0; tree.size() + 1 < n;) {
    joined[newest] = true;
    std::size_t nearest = n;
    for (std::size_t k = 0; k < n; ++k) {
      if (joined[k]) continue;
      if (d(newest, k) < reach[k].length || reach[k].i == reach[k].j)
        reach[k] = edge_between(newest, k, d(newest, k));
      if (nearest == n || reach[k].length < reach[nearest].length) nearest = k;
    }
    tree.push_back(reach[nearest]);
    newest = nearest;
  }
  std::sort(tree.begin(), tree.end());
  return tree;
}

double total_length(const std::vector<TreeEdge>& tree) {
  double total = 0;
  for (const TreeEdge& edge : tree) total += edge.length;
  return total;
}

double minimum_spanning_tree_weight(const DistanceMatrix& d) {
  return total_length(minimum_spanning_tree(d));
}

SpanningTree::SpanningTree(const std::vector<TreeEdge>& edges) : edges_(edges), at_(edges.size() + 1) {
  for (std::size_t e = 0; e < edges_.size(); ++e) link(e);
}

std::size_t SpanningTree::longest_between(std::uint32_t i, std::uint32_t j) const {
  constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
  struct Visit {
    std::uint32_t object;
    std::uint32_t from;
    std::size_t longest;
  };
  std::vector<Visit> open = {{i, i, kNone}};
  while (!open.empty()) {
    const Visit visit = open.back();
    open.pop_back();
    if (visit.object == j) return visit.longest;
    for (const std::size_t e : at_[visit.object]) {
      const std::uint32_t next = edges_[e].i == visit.object ? edges_[e].j : edges_[e].i;
      if (next == visit.from) continue;
      open.push_back(
          {next, visit.object,
           visit.longest == kNone || edges_[visit.longest].length < edges_[e].length ? e : visit.longest});
    }
  }
  assert(false);
  return kNone;
}

void SpanningTree::replace(std::size_t e, const TreeEdge& by) {
  unlink(edges_[e].i, e);
  unlink(edges_[e].j, e);
  edges_[e] = by;
  link(e);
}

void SpanningTree::link(std::size_t e) {
  at_[edges_[e].i].push_back(e);
  at_[edges_[e].j].push_back(e);
}

void SpanningTree::unlink(std::uint32_t object, std::size_t e) { std::erase(at_[object], e); }

}  // namespace chronotope
