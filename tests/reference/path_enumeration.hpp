// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace chronotope::reference {

/// length[u][v] of the edge u -> v, infinite when there is none.
using LengthTable = std::vector<std::vector<double>>;

/// Betweenness by walking every simple path: for each pair (s, t) the share of shortest paths (to 1e-12
/// relative) that pass through v, summed over all pairs, not normalised. Exponential in the number of nodes.
class PathEnumeration {
 public:
  explicit PathEnumeration(const LengthTable& length) : length_(length), on_path_(length.size(), false) {}

  std::vector<double> betweenness() {
    std::vector<double> centrality(length_.size(), 0);
    for (std::size_t s = 0; s < length_.size(); ++s)
      for (std::size_t t = 0; t < length_.size(); ++t)
        if (s != t) add_pair(s, t, centrality);
    return centrality;
  }

 private:
  void add_pair(std::size_t s, std::size_t t, std::vector<double>& centrality) {
    paths_.clear();
    shortest_ = std::numeric_limits<double>::infinity();
    walk(s, t, 0);
    double count = 0;
    std::vector<double> through(length_.size(), 0);
    for (const auto& [nodes, length] : paths_) {
      if (length > shortest_ * (1 + 1e-12)) continue;
      ++count;
      for (const std::size_t v : nodes) through[v] += v != s;
    }
    for (std::size_t v = 0; v < length_.size(); ++v)
      if (count > 0) centrality[v] += through[v] / count;
  }

  /// Extends the path that ends in u to t; a path's nodes are those before t.
  void walk(std::size_t u, std::size_t t, double length) {
    if (length > shortest_ * (1 + 1e-9)) return;
    if (u == t) {
      shortest_ = std::min(shortest_, length);
      paths_.push_back({nodes_, length});
      return;
    }
    on_path_[u] = true;
    nodes_.push_back(u);
    for (std::size_t v = 0; v < length_.size(); ++v)
      if (!on_path_[v] && std::isfinite(length_[u][v])) walk(v, t, length + length_[u][v]);
    nodes_.pop_back();
    on_path_[u] = false;
  }

  struct Path {
    std::vector<std::size_t> nodes;
    double length;
  };

  const LengthTable& length_;
  std::vector<bool> on_path_;
  std::vector<std::size_t> nodes_;
  std::vector<Path> paths_;
  double shortest_ = 0;
};

}  // namespace chronotope::reference
