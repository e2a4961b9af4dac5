// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/rtd_lite.hpp"

#include <limits>
#include <vector>

#include "chronotope/topology/spanning_tree.hpp"

namespace chronotope {

RtdLite rtd_lite(const DistanceMatrix& w, const DistanceMatrix& w_tilde) {
  return {minimum_spanning_tree_weight(w), minimum_spanning_tree_weight(w_tilde),
          minimum_spanning_tree_weight(minimum(w, w_tilde))};
}

Barcode lite_barcode(const DistanceMatrix& w, const DistanceMatrix& w_tilde) {
  if (w.size() < 2) return {};
  SpanningTree tree(minimum_spanning_tree(w));
  std::vector<Bar> bars;
  for (const TreeEdge& e : minimum_spanning_tree(minimum(w, w_tilde))) {
    const std::size_t longest = tree.longest_between(e.i, e.j);
    bars.push_back({e.length, tree.edge(longest).length});
    tree.replace(longest, {-std::numeric_limits<double>::infinity(), e.i, e.j});
  }
  return Barcode(std::move(bars));
}

double symmetric_lite(const DistanceMatrix& w, const DistanceMatrix& w_tilde) {
  return minimum_spanning_tree_weight(maximum(w, w_tilde)) -
         minimum_spanning_tree_weight(minimum(w, w_tilde));
}

}  // namespace chronotope
