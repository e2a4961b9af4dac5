// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/connectivity.hpp"

#include <boost/iterator/iterator_facade.hpp>
#include <cassert>
#include <limits>
#include <utility>

namespace chronotope {
namespace {

/// Walks through the entries of rows as (source, target), without a list of sources in memory.
class EdgeIterator
    : public boost::iterator_facade<EdgeIterator, std::pair<std::uint32_t, std::uint32_t>,
                                    boost::forward_traversal_tag, std::pair<std::uint32_t, std::uint32_t>> {
 public:
  EdgeIterator(const Adjacency& rows, std::uint64_t entry) : rows_(&rows), entry_(entry) {
    skip_empty_rows();
  }

 private:
  friend class boost::iterator_core_access;

  std::pair<std::uint32_t, std::uint32_t> dereference() const { return {source_, rows_->target[entry_]}; }
  bool equal(const EdgeIterator& other) const { return entry_ == other.entry_; }
  void increment() {
    ++entry_;
    skip_empty_rows();
  }
  void skip_empty_rows() {
    while (source_ + std::size_t{1} < rows_->sources() &&
           rows_->row_begin[source_ + std::size_t{1}] <= entry_)
      ++source_;
  }

  const Adjacency* rows_;
  std::uint64_t entry_;
  std::uint32_t source_ = 0;
};

}  // namespace

Connectivity::Connectivity(const Adjacency& rows, std::span<const Duration> delays, std::uint32_t targets)
    : targets_(targets), least_delay_(Duration::forever()) {
  assert(delays.size() == rows.target.size() || delays.size() == 1);
  const auto delay = [&](std::uint64_t e) { return delays.size() == 1 ? delays[0] : delays[e]; };
  const auto vertices = std::max<std::uint32_t>(static_cast<std::uint32_t>(rows.sources()), targets);
  graph_ = Graph(boost::edges_are_sorted, EdgeIterator(rows, 0), EdgeIterator(rows, rows.target.size()),
                 vertices, rows.target.size());

  for (std::uint32_t i = 0; i < rows.sources(); ++i) {
    row_segment_.push_back(segments_.size());
    for (std::uint64_t e = rows.row_begin[i]; e < rows.row_begin[i + 1]; ++e) {
      if (e > rows.row_begin[i] && delay(e) == delay(e - 1)) continue;
      segments_.push_back({e, delay(e).ticks(), static_cast<std::uint32_t>(delay(e).epochs()), i});
      least_delay_ = std::min(least_delay_, delay(e));
    }
  }
  row_segment_.push_back(segments_.size());
  segments_.push_back({rows.target.size(), 0, 0, std::numeric_limits<std::uint32_t>::max()});
}

bool Connectivity::is_identity() const {
  if (synapse_count() != sources() || segments_.size() != sources() + std::size_t{1}) return false;
  for (std::uint32_t i = 0; i < sources(); ++i)
    if (index(source(SegmentId{i})) != i || index(target(SynapseId{i})) != i ||
        delay(SegmentId{i}) != least_delay_)
      return false;
  return true;
}

}  // namespace chronotope
