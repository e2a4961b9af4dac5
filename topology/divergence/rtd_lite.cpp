// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/rtd_lite.hpp"

#include <functional>
#include <future>
#include <limits>
#include <utility>

#include "chronotope/topology/distances/cloud_unit.hpp"
#include "chronotope/topology/homology/cloud_spanning_tree.hpp"

namespace chronotope::topology {

namespace {

LiteTrees with_minimum(std::vector<TreeEdge> a, std::vector<TreeEdge> b) {
  std::vector<TreeEdge> min = minimum_spanning_tree_of_minimum(a, b);
  return {std::move(a), std::move(b), std::move(min)};
}

}  // namespace

LiteTrees lite_trees(const DistanceMatrix& w, const DistanceMatrix& w_tilde) {
  return with_minimum(minimum_spanning_tree(w), minimum_spanning_tree(w_tilde));
}

LiteTrees lite_trees(const PointCloud& a, const PointCloud& b, Metric metric, Normalisation normalisation,
                     double q, bool concurrently) {
  if (a.size() < 2) return {};
  const auto grow = [&](const PointCloud& cloud, const char* whose) {
    try {
      const double unit = unit_of_distances(cloud, metric, normalisation, q);
      std::vector<TreeEdge> tree = minimum_spanning_tree(cloud, metric);
      for (TreeEdge& edge : tree) edge.length /= unit;
      return tree;
    } catch (const DegenerateRepresentation& error) {
      throw error.of(whose);
    }
  };
  auto growing_b =
      std::async(concurrently ? std::launch::async : std::launch::deferred, grow, std::cref(b), "B");
  std::vector<TreeEdge> tree_of_a = grow(a, "A");
  return with_minimum(std::move(tree_of_a), growing_b.get());
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

Barcode symmetric_lite_barcode(const DistanceMatrix& w, const DistanceMatrix& w_tilde) {
  return lite_barcode(maximum(w, w_tilde), minimum(w, w_tilde));
}

Barcode max_lite_barcode(const DistanceMatrix& w, const DistanceMatrix& w_tilde) {
  return lite_barcode(maximum(w, w_tilde), w_tilde);
}

double symmetric_lite(const DistanceMatrix& w, const DistanceMatrix& w_tilde) {
  return minimum_spanning_tree_weight(maximum(w, w_tilde)) -
         minimum_spanning_tree_weight(minimum(w, w_tilde));
}

}  // namespace chronotope::topology
