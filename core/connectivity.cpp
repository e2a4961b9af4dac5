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

/// Below so many synapses per segment a column of delays takes less memory.
constexpr std::uint64_t kShortSegment = 6;

}  // namespace

Connectivity::Connectivity(const Adjacency& rows, Duration delay, std::uint32_t targets) {
  make_graph(rows, targets);
  for (std::uint32_t i = 0; i < sources_; ++i) {
    row_segment_.push_back(segments_.size());
    if (rows.row(i).empty()) continue;
    segments_.push_back({rows.row_begin[i], delay.ticks(), static_cast<std::uint32_t>(delay.epochs()), i});
    least_delay_ = delay;
  }
  end_segments();
}

Connectivity::Connectivity(const Adjacency& rows, std::span<const Duration> delays, std::uint32_t targets) {
  assert(delays.size() == rows.target.size());
  make_graph(rows, targets);
  for (std::uint32_t i = 0; i < sources_; ++i) {
    row_segment_.push_back(segments_.size());
    for (std::uint64_t e = rows.row_begin[i]; e < rows.row_begin[i + 1]; ++e) {
      if (e > rows.row_begin[i] && delays[e] == delays[e - 1]) continue;
      segments_.push_back({e, delays[e].ticks(), static_cast<std::uint32_t>(delays[e].epochs()), i});
      least_delay_ = std::min(least_delay_, delays[e]);
    }
  }
  end_segments();
  has_one_delay_ = std::all_of(delays.begin(), delays.end(), [&](Duration d) { return d == least_delay_; });
  const bool are_countable = std::all_of(delays.begin(), delays.end(),
                                         [](Duration d) { return d.ms() <= DelayColumn::kLongest; });
  if (segment_count() * kShortSegment <= synapse_count() || has_one_delay_ || !are_countable) return;
  own_delays_ = DelayColumn::exact(delays);
  segments_ = {};
  row_segment_ = {};
}

Connectivity::Connectivity(const Adjacency& rows, DelayColumn delays, std::uint32_t targets)
    : own_delays_(std::move(delays)) {
  assert(own_delays_.size() == rows.target.size());
  make_graph(rows, targets);
  if (rows.target.empty()) {
    row_segment_.assign(sources_, 0);
    end_segments();
    return;
  }
  for (std::uint32_t i = 0; i < sources_; ++i)  // the first of each row is its least
    if (!rows.row(i).empty()) least_delay_ = std::min(least_delay_, own_delays_[rows.row_begin[i]]);
  has_one_delay_ = false;
}

void Connectivity::end_segments() {
  row_segment_.push_back(segments_.size());
  segments_.push_back({synapse_count(), 0, 0, std::numeric_limits<std::uint32_t>::max()});
}

void Connectivity::make_graph(const Adjacency& rows, std::uint32_t targets) {
  sources_ = static_cast<std::uint32_t>(rows.sources());
  targets_ = targets;
  graph_ = Graph(boost::edges_are_sorted, EdgeIterator(rows, 0), EdgeIterator(rows, rows.target.size()),
                 std::max(sources_, targets), rows.target.size());
}

bool Connectivity::is_identity() const {
  if (synapse_count() != sources()) return false;
  for (std::uint32_t i = 0; i < sources(); ++i)
    if (index(last_segment(NeuronId{i})) - index(first_segment(NeuronId{i})) != 1 ||
        targets()[i] != i)
      return false;
  return true;
}

}  // namespace chronotope
