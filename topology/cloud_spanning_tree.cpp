// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/cloud_spanning_tree.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <limits>
#include <numeric>

#include "chronotope/topology/remaining_points.hpp"

namespace chronotope {

namespace {

constexpr std::size_t kBlock = PointScan::kBlock;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// One of the clouds whose smallest distance counts.
struct Source {
  Source(const ScaledCloud& scaled, Metric metric, const PointScan& scan)
      : points(scaled.cloud, metric, scan),
        unit(scaled.unit),
        keys(points.padded_size()),
        limits(points.padded_size(), -kInfinity) {}

  RemainingPoints points;
  double unit;
  std::vector<double> keys;    // per slot, from the newest point of the tree
  std::vector<double> limits;  // a key from here on is no shorter than the slot's reach
};

/// Prim's algorithm over slots of points that are not yet in the tree.
///
/// Invariant: least_[b] is the smallest reach in block b.
class GrowingTree {
 public:
  GrowingTree(std::vector<Source> sources, std::size_t n, const PointScan& scan)
      : sources_(std::move(sources)),
        scan_(scan),
        object_(n),
        reach_((n + kBlock - 1) / kBlock * kBlock, kInfinity),
        from_(n, 0),
        least_(reach_.size() / kBlock, kInfinity) {
    std::iota(object_.begin(), object_.end(), std::uint32_t{0});
    for (Source& source : sources_) std::fill_n(source.limits.begin(), n, kInfinity);
  }

  std::vector<TreeEdge> edges(const TakeKeys& take_keys) {
    std::vector<TreeEdge> tree;
    if (object_.empty()) return tree;
    tree.reserve(object_.size() - 1);
    std::uint32_t newest = join(0);
    while (!object_.empty()) {
      if (take_keys) take_keys(std::span<const double>(sources_.front().keys).first(object_.size()));
      shorten_reach(newest);
      const std::size_t nearest = nearest_slot();
      const auto [i, j] = std::minmax(object_[nearest], from_[nearest]);
      tree.push_back({reach_[nearest], i, j});
      newest = join(nearest);
    }
    std::sort(tree.begin(), tree.end());
    return tree;
  }

 private:
  /// Moves the point of a slot into the tree and measures from it.
  std::uint32_t join(std::size_t slot) {
    const std::uint32_t joined = object_[slot];
    const std::size_t last = object_.size() - 1;
    for (Source& source : sources_) {
      source.points.look_from(slot);
      source.points.take(slot);
      source.limits[slot] = source.limits[last];
      source.limits[last] = -kInfinity;
    }
    object_[slot] = object_[last];
    from_[slot] = from_[last];
    reach_[slot] = reach_[last];
    reach_[last] = kInfinity;
    object_.pop_back();
    find_least(slot / kBlock);
    find_least(last / kBlock);
    for (Source& source : sources_) source.points.keys(source.keys);
    return joined;
  }

  void shorten_reach(std::uint32_t newest) {
    for (std::size_t first = 0; first < object_.size(); first += kBlock) {
      const bool shorter = std::any_of(sources_.begin(), sources_.end(), [&](const Source& source) {
        return scan_.any_below(source.keys.data() + first, source.limits.data() + first);
      });
      if (!shorter) continue;
      for (std::size_t k = first; k < std::min(first + kBlock, object_.size()); ++k) offer(k, newest);
      find_least(first / kBlock);
    }
  }

  void offer(std::size_t slot, std::uint32_t newest) {
    double length = kInfinity;
    for (const Source& source : sources_)
      length = std::min(length, source.points.distance(source.keys[slot]) / source.unit);
    if (!(length < reach_[slot])) return;
    reach_[slot] = length;
    from_[slot] = newest;
    for (Source& source : sources_) source.limits[slot] = source.points.limit(length, source.unit);
  }

  void find_least(std::size_t block) {
    const double* reach = reach_.data() + block * kBlock;
    least_[block] = *std::min_element(reach, reach + kBlock);
  }

  std::size_t nearest_slot() const {
    const std::size_t blocks = (object_.size() + kBlock - 1) / kBlock;
    const auto least = std::min_element(least_.begin(), least_.begin() + static_cast<std::ptrdiff_t>(blocks));
    const std::size_t first = static_cast<std::size_t>(least - least_.begin()) * kBlock;
    const double* reach = reach_.data() + first;
    return first + static_cast<std::size_t>(std::min_element(reach, reach + kBlock) - reach);
  }

  std::vector<Source> sources_;
  const PointScan& scan_;
  std::vector<std::uint32_t> object_;  // per slot
  std::vector<double> reach_;          // shortest distance from the tree; infinite in the padding
  std::vector<std::uint32_t> from_;    // the object of the tree at that distance
  std::vector<double> least_;
};

}  // namespace

std::vector<TreeEdge> minimum_spanning_tree(const PointCloud& cloud, Metric metric, const PointScan& scan,
                                            const TakeKeys& take_keys) {
  std::vector<Source> sources;
  sources.emplace_back(ScaledCloud{cloud}, metric, scan);
  return GrowingTree(std::move(sources), cloud.size(), scan).edges(take_keys);
}

std::vector<TreeEdge> minimum_spanning_tree_of_minimum(const ScaledCloud& a, const ScaledCloud& b,
                                                       Metric metric, const PointScan& scan) {
  assert(a.cloud.size() == b.cloud.size());
  std::vector<Source> sources;
  sources.emplace_back(a, metric, scan);
  sources.emplace_back(b, metric, scan);
  return GrowingTree(std::move(sources), a.cloud.size(), scan).edges({});
}

}  // namespace chronotope
