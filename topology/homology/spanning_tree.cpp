// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/spanning_tree.hpp"

#include <algorithm>
#include <cassert>

#include "chronotope/topology/homology/components.hpp"

namespace chronotope::topology {

namespace {

TreeEdge edge_between(std::size_t a, std::size_t b, double length) {
  return {length, static_cast<std::uint32_t>(std::min(a, b)), static_cast<std::uint32_t>(std::max(a, b))};
}

std::uint32_t other_end(const TreeEdge& edge, std::uint32_t object) {
  return edge.i == object ? edge.j : edge.i;
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

std::vector<TreeEdge> minimum_spanning_tree_of_minimum(const std::vector<TreeEdge>& a,
                                                       const std::vector<TreeEdge>& b) {
  assert(a.size() == b.size());
  std::vector<TreeEdge> candidates = a;
  candidates.insert(candidates.end(), b.begin(), b.end());
  std::sort(candidates.begin(), candidates.end());
  Components parts(a.size() + 1);
  std::erase_if(candidates, [&](const TreeEdge& edge) { return !parts.join(edge.i, edge.j); });
  return candidates;
}

double total_length(const std::vector<TreeEdge>& tree) {
  double total = 0;
  for (const TreeEdge& edge : tree) total += edge.length;
  return total;
}

double minimum_spanning_tree_weight(const DistanceMatrix& d) {
  return total_length(minimum_spanning_tree(d));
}

SpanningTree::SpanningTree(std::vector<TreeEdge> edges)
    : edges_(std::move(edges)), parent_edge_(edges_.size() + 1, kNone), visits_(edges_.size() + 1) {
  std::vector<std::vector<std::size_t>> edges_at(parent_edge_.size());
  for (std::size_t e = 0; e < edges_.size(); ++e) {
    edges_at[edges_[e].i].push_back(e);
    edges_at[edges_[e].j].push_back(e);
  }
  std::vector<std::uint32_t> open = {0};
  while (!open.empty()) {
    const std::uint32_t object = open.back();
    open.pop_back();
    for (const std::size_t e : edges_at[object])
      if (e != parent_edge_[object]) {
        const std::uint32_t child = other_end(edges_[e], object);
        parent_edge_[child] = e;
        open.push_back(child);
      }
  }
}

std::size_t SpanningTree::longest_between(std::uint32_t i, std::uint32_t j) {
  assert(i != j);
  ++walks_;
  Walker walkers[2] = {{i}, {j}};
  visits_[i] = {walks_, kNone};
  visits_[j] = {walks_, kNone};
  for (std::size_t turn = 0;; turn ^= 1) {
    Walker& walker = walkers[turn];
    if (is_root(walker.at)) continue;
    walker.longest = longer(walker.longest, parent_edge_[walker.at]);
    walker.at = parent(walker.at);
    Visit& visit = visits_[walker.at];
    if (visit.walk == walks_) return longer(visit.longest, walker.longest);  // the other one was here
    visit = {walks_, walker.longest};
  }
}

void SpanningTree::replace(std::size_t e, const TreeEdge& by) {
  const std::uint32_t below = parent_edge_[edges_[e].i] == e ? edges_[e].i : edges_[e].j;
  parent_edge_[below] = kNone;
  std::uint32_t top = by.i;
  while (!is_root(top)) top = parent(top);
  const std::uint32_t cut_side = top == below ? by.i : by.j;
  make_root(cut_side);
  edges_[e] = by;
  parent_edge_[cut_side] = e;
}

std::uint32_t SpanningTree::parent(std::uint32_t object) const {
  return other_end(edges_[parent_edge_[object]], object);
}

std::size_t SpanningTree::longer(std::size_t a, std::size_t b) const {
  if (a == kNone || b == kNone) return a == kNone ? b : a;
  return edges_[a].length < edges_[b].length ? b : a;
}

/// Turns round the edges on the way from an object to the root of its part.
void SpanningTree::make_root(std::uint32_t object) {
  std::size_t edge_below = kNone;
  for (std::uint32_t at = object;;) {
    const std::size_t up = parent_edge_[at];
    parent_edge_[at] = edge_below;
    if (up == kNone) return;
    edge_below = up;
    at = other_end(edges_[up], at);
  }
}

}  // namespace chronotope::topology
