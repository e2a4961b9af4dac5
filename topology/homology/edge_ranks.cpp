// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/edge_ranks.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>
#include <string>

namespace chronotope::topology {

namespace {

constexpr std::size_t kMostObjects = 65536;  // an edge is two 16-bit numbers, and the ranks stay below 2^31

/// The lengths of all pairs i < j, row by row.
class PairLengths {
 public:
  PairLengths(const DistanceMatrix& a, const DistanceMatrix& b) : n_(a.size()) {
    lengths_.reserve(n_ * (n_ - (n_ > 0)) / 2);
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t j = i + 1; j < n_; ++j) lengths_.push_back(std::min(a(i, j), b(i, j)));
  }

  std::size_t objects() const { return n_; }
  const std::vector<double>& all() const { return lengths_; }
  double of(std::uint32_t edge) const {
    const std::size_t i = edge >> 16;
    return lengths_[i * (2 * n_ - i - 1) / 2 + (edge & 0xffffu) - i - 1];
  }

 private:
  std::size_t n_;
  std::vector<double> lengths_;
};

/// An edge and the leading bits of its length above the shortest one's. Bits order like lengths, which are >=
/// +0.
struct Key {
  std::uint32_t leading;
  std::uint32_t edge;
};

/// The finite edges in the order (i, j).
std::vector<Key> leading_bits(const PairLengths& lengths) {
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t most = 0;
  std::size_t finite = 0;
  for (const double length : lengths.all()) {
    if (!std::isfinite(length)) continue;
    least = std::min(least, std::bit_cast<std::uint64_t>(length));
    most = std::max(most, std::bit_cast<std::uint64_t>(length));
    ++finite;
  }
  std::vector<Key> keys;
  if (finite == 0) return keys;
  keys.reserve(finite);
  const int dropped = std::max(0, static_cast<int>(std::bit_width(most - least)) - 32);
  auto length = lengths.all().begin();
  for (std::uint32_t i = 0; i < lengths.objects(); ++i)
    for (std::uint32_t j = i + 1; j < lengths.objects(); ++j, ++length)
      if (std::isfinite(*length))
        keys.push_back(
            {static_cast<std::uint32_t>((std::bit_cast<std::uint64_t>(*length) - least) >> dropped),
             i << 16 | j});
  return keys;
}

constexpr std::size_t kDigitBits = 11;
constexpr std::size_t kDigits = 3;
using Histogram = std::array<std::uint32_t, 1u << kDigitBits>;

std::size_t digit(std::uint32_t bits, std::size_t which) {
  return bits >> (which * kDigitBits) & ((1u << kDigitBits) - 1);
}

/// One stable pass of the radix sort: counts become first positions, then every key moves to its place.
void distribute(const std::vector<Key>& from, std::vector<Key>& to, Histogram& counts, std::size_t which) {
  std::uint32_t first = 0;
  for (std::uint32_t& count : counts) first += std::exchange(count, first);
  for (const Key& key : from) to[counts[digit(key.leading, which)]++] = key;
}

/// Least significant digit first; equal leading bits keep the order (i, j).
void radix_sort(std::vector<Key>& keys) {
  std::vector<Histogram> counts(kDigits, Histogram{});
  for (const Key& key : keys)
    for (std::size_t which = 0; which < kDigits; ++which) ++counts[which][digit(key.leading, which)];
  std::vector<Key> sorted(keys.size());
  for (std::size_t which = 0; which < kDigits; ++which) {
    if (keys.empty() || counts[which][digit(keys.front().leading, which)] == keys.size()) continue;
    distribute(keys, sorted, counts[which], which);
    keys.swap(sorted);
  }
}

/// Orders the runs of equal leading bits by what the leading bits left out.
void settle_runs(std::vector<Key>& keys, const PairLengths& lengths) {
  for (auto begin = keys.begin(); begin != keys.end();) {
    auto end = begin + 1;
    bool ordered = true;
    for (; end != keys.end() && end->leading == begin->leading; ++end)
      ordered = ordered && lengths.of((end - 1)->edge) <= lengths.of(end->edge);
    if (!ordered)
      std::stable_sort(begin, end, [&](Key x, Key y) { return lengths.of(x.edge) < lengths.of(y.edge); });
    begin = end;
  }
}

}  // namespace

EdgeRanks::EdgeRanks(const DistanceMatrix& a, const DistanceMatrix& b)
    : objects_(a.size()), stride_((a.size() + RankScan::kBlock - 1) / RankScan::kBlock * RankScan::kBlock) {
  assert(a.size() == b.size());
  if (objects_ > kMostObjects)
    throw InputError(std::to_string(objects_) + " objects are too many for a barcode (at most " +
                     std::to_string(kMostObjects) + "); use a smaller batch");
  const PairLengths lengths(a, b);
  std::vector<Key> keys = leading_bits(lengths);
  radix_sort(keys);
  settle_runs(keys, lengths);
  ranks_.assign(objects_ * stride_, kNoEdge);
  edges_.reserve(keys.size());
  values_.reserve(keys.size());
  for (const Key& key : keys) {
    const auto rank = static_cast<Rank>(edges_.size());
    edges_.push_back(key.edge);
    values_.push_back(lengths.of(key.edge));
    const auto [i, j] = edge(rank);
    ranks_[i * stride_ + j] = ranks_[j * stride_ + i] = rank;
  }
}

Rank EdgeRanks::edges_below(double value) const {
  return static_cast<Rank>(std::lower_bound(values_.begin(), values_.end(), value) - values_.begin());
}

}  // namespace chronotope::topology
