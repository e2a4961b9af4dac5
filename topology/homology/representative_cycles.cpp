// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/representative_cycles.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace chronotope::topology {

namespace {

/// The sum over Z/2 of two ascending chains.
std::vector<Rank> sum(const std::vector<Rank>& a, const std::vector<Rank>& b) {
  std::vector<Rank> either;
  std::set_symmetric_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(either));
  return either;
}

/// The edges that no trail has taken, by their ends.
using Untaken = std::map<std::uint32_t, std::set<std::uint32_t>>;

std::vector<std::uint32_t> take_trail(Untaken& untaken, std::uint32_t start) {
  std::vector<std::uint32_t> trail{start};
  for (std::uint32_t at = start; !untaken[at].empty();) {
    const std::uint32_t next = *untaken[at].begin();
    untaken[at].erase(next);
    untaken[next].erase(at);
    trail.push_back(next);
    at = next;
  }
  return trail;
}

}  // namespace

RepresentativeCycles::RepresentativeCycles(const DistanceMatrix& w, const DistanceMatrix& w_tilde)
    : w_(w), w_tilde_(w_tilde), m_(w, w_tilde), scan_(rank_scans().back()) {
  for (const PairedBar& pair : reduced_pairs(w, w_tilde))
    pairs_.emplace(rank(pair.born.i, pair.born.j), pair);
}

std::vector<Edge> RepresentativeCycles::of(Edge born) {
  std::vector<Edge> edges;
  for (const Rank r : cycle(rank(born.i, born.j))) edges.push_back(m_.edge(r));
  return edges;
}

RepresentativeCycles::Chain RepresentativeCycles::triangle(Edge edge, std::uint32_t opposite) const {
  Chain chain{rank(edge.i, edge.j), rank(edge.i, opposite), rank(edge.j, opposite)};
  std::sort(chain.begin(), chain.end());
  return chain;
}

/// What is added to a column whose latest edge is `edge`.
RepresentativeCycles::Chain RepresentativeCycles::ending_at(Rank edge) {
  const auto [i, j] = m_.edge(edge);
  if (w_(i, j) <= w_tilde_(i, j)) return {edge};
  const std::size_t k = scan_.first_below(m_.row(i), m_.row(j), m_.stride(), edge);
  if (k < m_.objects()) return triangle({i, j}, static_cast<std::uint32_t>(k));
  return cycle(edge);
}

const RepresentativeCycles::Chain& RepresentativeCycles::cycle(Rank born) {
  if (const auto known = cycles_.find(born); known != cycles_.end()) return known->second;
  const PairedBar& pair = pairs_.at(born);
  Chain chain;
  if (pair.bar.is_finite())
    chain = pair.opposite == PairedBar::kApex ? Chain{rank(pair.dies.i, pair.dies.j)}
                                              : triangle(pair.dies, pair.opposite);
  while (!chain.empty() && chain.back() != born) chain = sum(chain, ending_at(chain.back()));
  return cycles_.emplace(born, std::move(chain)).first->second;
}

std::vector<std::vector<std::uint32_t>> trails(const std::vector<Edge>& edges) {
  Untaken untaken;
  for (const auto& [i, j] : edges) {
    untaken[i].insert(j);
    untaken[j].insert(i);
  }
  std::vector<std::vector<std::uint32_t>> all;
  for (const bool odd : {true, false})
    for (auto& [object, others] : untaken)
      while (!others.empty() && (!odd || others.size() % 2 == 1)) all.push_back(take_trail(untaken, object));
  return all;
}

}  // namespace chronotope::topology
