// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "chronotope/topology/distances/binary_scale.hpp"
#include "chronotope/topology/distances/metric.hpp"
#include "chronotope/topology/distances/point_scan.hpp"
#include "chronotope/topology/representation/point_cloud.hpp"

namespace chronotope::topology {

/// The points of a cloud from which one after the other is taken away, and the distances between what was
/// taken and what is left. A distance comes as a key, cheaper than the distance and ordered like it:
///   euclidean            key = |u - v|^2 / 4^e                        distance = 2^e sqrt(key)
///   cosine, correlation  key = |u/|u| - v/|v||^2, as in directions.hpp   distance = key / 2
///   hamming              key = number of differing coordinates        distance = key / dimension
/// so distance(key) has the bits of distances(cloud, metric). 2^e is the scale of the largest coordinate
/// (binary_scale.hpp); Euclidean distances less than 2^-450 of it are short of digits, and then 0.
///
/// Points stand in slots 0 .. size() - 1; the last moves into the slot that is freed. Memory: one copy of the
/// cloud.
class RemainingPoints {
 public:
  static constexpr std::size_t kBlock = PointScan::kBlock;

  RemainingPoints(const PointCloud& cloud, Metric metric, const PointScan& scan = point_scans().back());

  std::size_t size() const { return size_; }
  /// Entries a buffer of keys needs: size() rounded up to whole blocks.
  std::size_t padded_size() const { return (size_ + kBlock - 1) / kBlock * kBlock; }

  /// Makes the point in a slot the one that keys are counted from; it stays where it is.
  void look_from(std::size_t slot);
  /// Takes away the point in a slot.
  void take(std::size_t slot);

  /// keys[k] = from the point last looked from to the point in slot k, for all slots from the block `first`
  /// on, or in the blocks [first, end). Requires: keys has padded_size() entries.
  void keys(std::vector<double>& keys, std::size_t first = 0) const;
  void keys(std::vector<double>& keys, std::size_t first, std::size_t end) const;

  double distance(double key) const;

  /// What keys are made of: the point's coordinates, or those of its direction.
  std::size_t dimension() const { return dimension_; }
  double coordinate(std::size_t slot, std::size_t c) const { return blocks_[place(slot, c)]; }
  /// Whether a key is the squared Euclidean distance of these, or never less than that, but for roundings.
  bool keys_are_squares() const { return keys_reach_squares() && undirected_.empty(); }
  bool keys_reach_squares() const { return metric_ != Metric::kHamming; }

 private:
  std::size_t place(std::size_t slot, std::size_t c) const {
    return (slot / kBlock * dimension_ + c) * kBlock + slot % kBlock;
  }
  void differing(std::vector<double>& keys, std::size_t begin, std::size_t end) const;
  void mark_undirected(std::vector<double>& keys, std::size_t begin, std::size_t end) const;

  Metric metric_;
  BinaryScale scale_;  // of Euclidean coordinates; 1 for the other metrics
  const PointScan& scan_;
  std::size_t size_;
  std::size_t dimension_;
  std::vector<double> blocks_;
  std::vector<char> undirected_;  // slots of rows without direction; empty when there are none
  std::vector<double> origin_;
  bool origin_undirected_ = false;
};

}  // namespace chronotope::topology
