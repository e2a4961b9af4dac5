// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/rtd_lite.hpp"

#include <functional>
#include <future>
#include <limits>
#include <utility>

#include "chronotope/topology/cloud_spanning_tree.hpp"
#include "chronotope/topology/cloud_unit.hpp"

namespace chronotope {

LiteTrees lite_trees(const DistanceMatrix& w, const DistanceMatrix& w_tilde) {
  return {minimum_spanning_tree(w), minimum_spanning_tree(w_tilde),
          minimum_spanning_tree(minimum(w, w_tilde))};
}

LiteTrees lite_trees(const PointCloud& a, const PointCloud& b, Metric metric, Normalisation normalisation,
                     double q, bool concurrently) {
  if (a.size() < 2) return {};
  const auto grow = [&](const PointCloud& cloud, const char* whose) {
    try {
      return spanning_tree_and_unit(cloud, metric, normalisation, q);
    } catch (const DegenerateRepresentation& error) {
      throw error.of(whose);
    }
  };
  auto growing_b =
      std::async(concurrently ? std::launch::async : std::launch::deferred, grow, std::cref(b), "B");
  TreeAndUnit of_a = grow(a, "A");
  TreeAndUnit of_b = growing_b.get();
  for (TreeAndUnit* of : {&of_a, &of_b})
    for (TreeEdge& edge : of->tree) edge.length /= of->unit;
  return {std::move(of_a.tree), std::move(of_b.tree),
          minimum_spanning_tree_of_minimum({a, of_a.unit}, {b, of_b.unit}, metric)};
}

RtdLite rtd_lite(const LiteTrees& trees) {
  return {total_length(trees.a), total_length(trees.b), total_length(trees.min)};
}

RtdLite rtd_lite(const DistanceMatrix& w, const DistanceMatrix& w_tilde) {
  return rtd_lite(lite_trees(w, w_tilde));
}

Barcode lite_barcode(const std::vector<TreeEdge>& tree_of_w, const std::vector<TreeEdge>& tree_of_min) {
  SpanningTree tree(tree_of_w);
  std::vector<Bar> bars;
  for (const TreeEdge& e : tree_of_min) {
    const std::size_t longest = tree.longest_between(e.i, e.j);
    bars.push_back({e.length, tree.edge(longest).length});
    tree.replace(longest, {-std::numeric_limits<double>::infinity(), e.i, e.j});
  }
  return Barcode(std::move(bars));
}

Barcode lite_barcode(const DistanceMatrix& w, const DistanceMatrix& w_tilde) {
  return lite_barcode(minimum_spanning_tree(w), minimum_spanning_tree(minimum(w, w_tilde)));
}

double symmetric_lite(const DistanceMatrix& w, const DistanceMatrix& w_tilde) {
  return minimum_spanning_tree_weight(maximum(w, w_tilde)) -
         minimum_spanning_tree_weight(minimum(w, w_tilde));
}

}  // namespace chronotope
