// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/connectivity.hpp"

#include <cassert>
#include <limits>
#include <utility>

namespace chronotope {
namespace {

/// Below so many synapses per segment a column of delays takes less memory.
constexpr std::uint64_t kShortSegment = 6;

}  // namespace

Connectivity::Connectivity(Adjacency rows, Duration delay, std::uint32_t targets) {
  make_graph(std::move(rows), targets);
  for (std::uint32_t i = 0; i < sources_; ++i) {
    row_segment_.push_back(segments_.size());
    if (row_begin(i) == row_begin(i + 1)) continue;
    segments_.push_back({row_begin(i), delay.ticks(), static_cast<std::uint32_t>(delay.epochs()), i});
    least_delay_ = delay;
  }
  end_segments();
}

Connectivity::Connectivity(Adjacency rows, std::span<const Duration> delays, std::uint32_t targets) {
  assert(delays.size() == rows.target.size());
  make_graph(std::move(rows), targets);
  for (std::uint32_t i = 0; i < sources_; ++i) {
    row_segment_.push_back(segments_.size());
    for (std::uint64_t e = row_begin(i); e < row_begin(i + 1); ++e) {
      if (e > row_begin(i) && delays[e] == delays[e - 1]) continue;
      segments_.push_back({e, delays[e].ticks(), static_cast<std::uint32_t>(delays[e].epochs()), i});
      least_delay_ = std::min(least_delay_, delays[e]);
    }
  }
  end_segments();
  has_one_delay_ = std::all_of(delays.begin(), delays.end(), [&](Duration d) { return d == least_delay_; });
  const bool are_countable =
      std::all_of(delays.begin(), delays.end(), [](Duration d) { return d.ms() <= DelayColumn::kLongest; });
  if (segment_count() * kShortSegment <= synapse_count() || has_one_delay_ || !are_countable) return;
  own_delays_ = DelayColumn::exact(delays);
  has_own_delays_ = true;
  segments_ = {};
  row_segment_ = {};
}

Connectivity::Connectivity(Adjacency rows, DelayColumn delays, std::uint32_t targets) {
  assert(delays.size() == rows.target.size());
  make_graph(std::move(rows), targets);
  if (synapse_count() == 0) {
    row_segment_.assign(sources_, 0);
    end_segments();
    return;
  }
  own_delays_ = std::move(delays);
  has_own_delays_ = true;
  for (std::uint32_t i = 0; i < sources_; ++i)  // the first of each row is its least
    if (row_begin(i) < row_begin(i + 1)) least_delay_ = std::min(least_delay_, own_delays_[row_begin(i)]);
  has_one_delay_ = false;
}

void Connectivity::end_segments() {
  row_segment_.push_back(segments_.size());
  segments_.push_back({synapse_count(), 0, 0, std::numeric_limits<std::uint32_t>::max()});
}

/// Moves the columns into the graph, which its constructors would copy: a projection fills the memory.
void Connectivity::make_graph(Adjacency rows, std::uint32_t targets) {
  sources_ = static_cast<std::uint32_t>(rows.sources());
  targets_ = targets;
  const std::size_t vertices = std::max(sources_, targets);
  rows.row_begin.resize(vertices + 1, rows.target.size());
  graph_.m_vertex_properties.resize(vertices);
  graph_.m_forward.m_rowstart = std::move(rows.row_begin);
  graph_.m_forward.m_column = std::move(rows.target);
  graph_.m_forward.m_edge_properties.resize(graph_.m_forward.m_column.size());
}

bool Connectivity::is_identity(std::uint32_t first) const {
  if (synapse_count() != targets_ || sources() < std::uint64_t{first} + targets_) return false;
  for (std::uint32_t i = 0; i < targets_; ++i) {
    const NeuronId source{first + i};
    if (index(last_segment(source)) - index(first_segment(source)) != 1 || targets()[i] != i) return false;
  }
  return true;
}

}  // namespace chronotope
