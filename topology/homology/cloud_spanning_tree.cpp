// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/cloud_spanning_tree.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>

#include "chronotope/topology/distances/coarse_points.hpp"
#include "chronotope/topology/distances/remaining_points.hpp"

namespace chronotope::topology {

namespace {

constexpr std::size_t kBlock = PointScan::kBlock;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Prim's algorithm over slots of points that are not yet in the tree. It compares keys, which are ordered
/// like distances.
///
/// Invariant: least_[b] is the smallest reach in block b.
class GrowingTree {
 public:
  GrowingTree(const PointCloud& cloud, Metric metric, const PointScan& scan)
      : points_(cloud, metric, scan),
        coarse_(points_, scan),
        object_(cloud.size()),
        keys_(points_.padded_size()),
        reach_(points_.padded_size(), kInfinity),
        from_(cloud.size(), 0),
        least_(reach_.size() / kBlock, kInfinity) {
    std::iota(object_.begin(), object_.end(), std::uint32_t{0});
  }

  std::vector<TreeEdge> edges() {
    std::vector<TreeEdge> tree;
    if (object_.empty()) return tree;
    tree.reserve(object_.size() - 1);
    std::uint32_t newest = join(0);
    while (!object_.empty()) {
      shorten_reach(newest);
      const std::size_t nearest = nearest_slot();
      const auto [i, j] = std::minmax(object_[nearest], from_[nearest]);
      tree.push_back({points_.distance(reach_[nearest]), i, j});
      newest = join(nearest);
    }
    std::sort(tree.begin(), tree.end());
    return tree;
  }

 private:
  /// Moves the point of a slot into the tree and looks from it.
  std::uint32_t join(std::size_t slot) {
    const std::uint32_t joined = object_[slot];
    const std::size_t last = object_.size() - 1;
    points_.look_from(slot);
    points_.take(slot);
    coarse_.look_from(slot);
    coarse_.take(slot);
    object_[slot] = object_[last];
    from_[slot] = from_[last];
    reach_[slot] = reach_[last];
    reach_[last] = kInfinity;
    object_.pop_back();
    find_least(slot / kBlock);
    find_least(last / kBlock);
    return joined;
  }

  void shorten_reach(std::uint32_t newest) {
    for (const std::uint32_t block : coarse_.blocks_within_reach()) {
      points_.keys(keys_, block, block + 1);
      const std::size_t end = std::min((block + 1) * kBlock, object_.size());
      for (std::size_t k = block * kBlock; k < end; ++k)
        if (keys_[k] < reach_[k]) shorten_reach(k, newest);
      find_least(block);
    }
  }

  void shorten_reach(std::size_t slot, std::uint32_t newest) {
    reach_[slot] = keys_[slot];
    from_[slot] = newest;
    coarse_.set_reach(slot, reach_[slot]);
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

  RemainingPoints points_;
  CoarsePoints coarse_;
  std::vector<std::uint32_t> object_;  // per slot
  std::vector<double> keys_;           // from the newest point of the tree, in the blocks just looked at
  std::vector<double> reach_;          // the shortest key from the tree; infinite in the padding
  std::vector<std::uint32_t> from_;    // the object of the tree at that distance
  std::vector<double> least_;
};

}  // namespace

std::vector<TreeEdge> minimum_spanning_tree(const PointCloud& cloud, Metric metric, const PointScan& scan) {
  return GrowingTree(cloud, metric, scan).edges();
}

}  // namespace chronotope::topology
