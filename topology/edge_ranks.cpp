// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/edge_ranks.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <string>

namespace chronotope {

namespace {

constexpr std::size_t kMostObjects = 65536;  // an edge is two 16-bit numbers, and the ranks stay below 2^31

/// An edge and its length's bits, which order like the length because lengths are >= +0.
struct Key {
  std::uint64_t bits;
  std::uint32_t edge;
};

std::vector<Key> finite_edges(const DistanceMatrix& d) {
  std::vector<Key> keys;
  keys.reserve(d.size() * (d.size() - (d.size() > 0)) / 2);
  for (std::uint32_t i = 0; i < d.size(); ++i)
    for (std::uint32_t j = i + 1; j < d.size(); ++j)
      if (std::isfinite(d(i, j))) keys.push_back({std::bit_cast<std::uint64_t>(d(i, j)), i << 16 | j});
  return keys;
}

constexpr int kDigitBits = 11;
constexpr std::size_t kDigits = (64 + kDigitBits - 1) / kDigitBits;
using Histogram = std::array<std::uint32_t, 1u << kDigitBits>;

std::size_t digit(std::uint64_t bits, std::size_t which) {
  return bits >> (which * kDigitBits) & ((1u << kDigitBits) - 1);
}

/// One stable pass of the radix sort: counts become first positions, then every key moves to its place.
void distribute(const std::vector<Key>& from, std::vector<Key>& to, Histogram& counts, std::size_t which) {
  std::uint32_t first = 0;
  for (std::uint32_t& count : counts) first += std::exchange(count, first);
  for (const Key& key : from) to[counts[digit(key.bits, which)]++] = key;
}

/// Least significant digit first; equal lengths keep the order (i, j).
void radix_sort(std::vector<Key>& keys) {
  std::vector<Histogram> counts(kDigits, Histogram{});
  for (const Key& key : keys)
    for (std::size_t which = 0; which < kDigits; ++which) ++counts[which][digit(key.bits, which)];
  std::vector<Key> sorted(keys.size());
  for (std::size_t which = 0; which < kDigits; ++which) {
    if (keys.empty() || counts[which][digit(keys.front().bits, which)] == keys.size()) continue;
    distribute(keys, sorted, counts[which], which);
    keys.swap(sorted);
  }
}

}  // namespace

EdgeRanks::EdgeRanks(const DistanceMatrix& d)
    : objects_(d.size()), stride_((d.size() + kBlock - 1) / kBlock * kBlock) {
  if (objects_ > kMostObjects)
    throw InputError(std::to_string(objects_) + " objects are too many for a barcode (at most " +
                     std::to_string(kMostObjects) + "); use a smaller batch");
  std::vector<Key> keys = finite_edges(d);
  radix_sort(keys);
  ranks_.assign(objects_ * stride_, kNoEdge);
  edges_.reserve(keys.size());
  values_.reserve(keys.size());
  for (const Key& key : keys) {
    const auto rank = static_cast<Rank>(edges_.size());
    edges_.push_back(key.edge);
    values_.push_back(std::bit_cast<double>(key.bits));
    const auto [i, j] = edge(rank);
    ranks_[i * stride_ + j] = ranks_[j * stride_ + i] = rank;
  }
}

Rank EdgeRanks::edges_below(double value) const {
  return static_cast<Rank>(std::lower_bound(values_.begin(), values_.end(), value) - values_.begin());
}

}  // namespace chronotope
