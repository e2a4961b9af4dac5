// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/remaining_points.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "chronotope/topology/distances/directions.hpp"

namespace chronotope::topology {

namespace {

bool compares_directions(Metric metric) {
  return metric == Metric::kCosine || metric == Metric::kCorrelation;
}

/// The key that stands for distance 1 between a row without direction and one with.
constexpr double kUnrelated = 2;

}  // namespace

RemainingPoints::RemainingPoints(const PointCloud& cloud, Metric metric, const PointScan& scan)
    : metric_(metric),
      scale_(metric == Metric::kEuclidean ? BinaryScale(cloud.values()) : BinaryScale(0)),
      scan_(scan),
      size_(cloud.size()),
      dimension_(cloud.dimension()),
      blocks_(padded_size() * dimension_),
      origin_(dimension_) {
  const PointCloud* rows = &cloud;
  PointCloud directed;
  if (compares_directions(metric)) {
    directed = directions(cloud, metric);
    rows = &directed;
  }
  std::vector<char> undirected;
  for (std::size_t i = 0; i < size_; ++i) {
    const auto row = rows->row(i);
    for (std::size_t c = 0; c < dimension_; ++c) blocks_[place(i, c)] = scale_.down(row[c]);
    undirected.push_back(std::all_of(row.begin(), row.end(), [](double x) { return x == 0; }));
  }
  if (compares_directions(metric) && std::count(undirected.begin(), undirected.end(), 1) > 0)
    undirected_ = std::move(undirected);
}

void RemainingPoints::look_from(std::size_t slot) {
  assert(slot < size_);
  for (std::size_t c = 0; c < dimension_; ++c) origin_[c] = coordinate(slot, c);
  origin_undirected_ = !undirected_.empty() && undirected_[slot];
}

void RemainingPoints::take(std::size_t slot) {
  assert(slot < size_);
  --size_;
  for (std::size_t c = 0; c < dimension_; ++c) blocks_[place(slot, c)] = coordinate(size_, c);
  if (!undirected_.empty()) undirected_[slot] = undirected_[size_];
}

void RemainingPoints::keys(std::vector<double>& keys, std::size_t first) const {
  this->keys(keys, first, padded_size() / kBlock);
}

void RemainingPoints::keys(std::vector<double>& keys, std::size_t first, std::size_t end) const {
  assert(keys.size() >= padded_size());
  if (first >= end) return;
  const std::size_t begin = first * kBlock;
  const std::size_t end_slot = std::min(end * kBlock, size_);
  if (metric_ == Metric::kHamming) return differing(keys, begin, end_slot);
  scan_.squared_distances(blocks_.data() + begin * dimension_, end - first, dimension_, origin_.data(),
                          keys.data() + begin);
  if (!undirected_.empty()) mark_undirected(keys, begin, end_slot);
}

double RemainingPoints::distance(double key) const {
  switch (metric_) {
    case Metric::kEuclidean:
      return scale_.up(std::sqrt(key));
    case Metric::kCosine:
    case Metric::kCorrelation:
      return key / 2;
    case Metric::kHamming:
      return dimension_ == 0 ? 0 : key / static_cast<double>(dimension_);
  }
  return key;
}

void RemainingPoints::differing(std::vector<double>& keys, std::size_t begin, std::size_t end) const {
  for (std::size_t first = begin; first < end; first += kBlock) {
    const double* x = blocks_.data() + first * dimension_;
    std::fill_n(keys.data() + first, kBlock, 0.0);
    for (std::size_t c = 0; c < dimension_; ++c, x += kBlock)
      for (std::size_t k = 0; k < kBlock; ++k) keys[first + k] += x[k] != origin_[c] ? 1.0 : 0.0;
  }
}

void RemainingPoints::mark_undirected(std::vector<double>& keys, std::size_t begin, std::size_t end) const {
  for (std::size_t k = begin; k < end; ++k)
    if (undirected_[k] != origin_undirected_) keys[k] = kUnrelated;
}

}  // namespace chronotope::topology
