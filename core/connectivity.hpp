// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/core/delay_column.hpp"
#include "chronotope/core/id.hpp"
#include "chronotope/core/prefetch.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope {

/// Who projects to whom, in rows: row i lists the targets of source i in increasing order of i.
struct Adjacency {
  std::vector<std::uint64_t> row_begin{0};  // one more than there are sources
  std::vector<std::uint32_t> target;

  std::size_t sources() const { return row_begin.size() - 1; }
  std::span<const std::uint32_t> row(std::size_t source) const {
    return {target.data() + row_begin[source], target.data() + row_begin[source + 1]};
  }
  /// Ends the current row.
  void end_row() { row_begin.push_back(target.size()); }
};

/// The synapses of one projection on a boost::compressed_sparse_row_graph.
///
/// Invariants:
/// 1. SynapseIds are edge indices: rows in order of the source, inside a row by (delay, target).
/// 2. A segment is a run of a row's synapses with one delay; a row's segments have increasing delays, or, of
///    synapses that each have their own, delays that do not decrease.
/// 3. Where most delays differ, every synapse is a segment of its own: segment g is synapse g.
/// Memory: 4 bytes per synapse, and 24 per segment or, where most delays differ, 4 or 8 per synapse; a
/// projection with one delay has one segment per row.
class Connectivity {
 public:
  Connectivity() = default;
  /// Rows whose synapses all have one delay.
  Connectivity(Adjacency rows, Duration delay, std::uint32_t targets);
  /// Takes rows of `rows` with `delays[i]` the delay of the i-th entry, at most Time::kMaxMs, already ordered
  /// by (delay, target) inside each row, and the size of the target population.
  Connectivity(Adjacency rows, std::span<const Duration> delays, std::uint32_t targets);
  Connectivity(Adjacency rows, DelayColumn delays, std::uint32_t targets);

  std::uint32_t sources() const { return sources_; }
  std::uint64_t synapse_count() const { return boost::num_edges(graph_); }

  /// The first synapse of a row, or where the row before it ends.
  std::uint64_t row_begin(std::size_t row) const { return graph_.m_forward.m_rowstart[row]; }
  /// Of segments [first, last).
  std::uint64_t synapse_count(std::uint64_t first, std::uint64_t last) const {
    return has_own_delays() ? last - first : segments_[last].begin - segments_[first].begin;
  }
  std::uint64_t segment_count() const {
    return has_own_delays() || segments_.empty() ? synapse_count() : segments_.size() - 1;
  }

  /// The segments of one source, [first, last).
  SegmentId first_segment(NeuronId source) const { return SegmentId{segment_of_row(index(source))}; }
  SegmentId last_segment(NeuronId source) const { return SegmentId{segment_of_row(index(source) + 1)}; }
  Duration delay(SegmentId g) const {
    if (has_one_delay()) return least_delay_;  // without a look at memory that would have to be waited for
    if (has_own_delays()) return own_delays_[index(g)];
    const Segment& segment = segments_[index(g)];
    return Duration::from_parts(segment.delay_epochs, segment.delay_ticks);
  }
  /// The shortest delay there is; forever() without a synapse.
  Duration least_delay() const { return least_delay_; }
  /// Of most synapses.
  bool has_own_delays() const { return has_own_delays_; }
  /// Requires: has_own_delays(). By SynapseId, which is the segment's number then.
  const DelayColumn& own_delays() const { return own_delays_; }
  /// All synapses have the least delay.
  bool has_one_delay() const { return has_one_delay_; }
  /// Every target has one synapse, from the source of its own number but for `first`, and no other source has any.
  bool is_identity(std::uint32_t first) const;
  /// Cost: a binary search where synapses have their own delays.
  NeuronId source(SegmentId g) const {
    return has_own_delays() ? row_with(index(g)) : NeuronId{segments_[index(g)].source};
  }
  /// The next segment of the same source has begun where this one ends.
  bool is_last(SegmentId g) const { return is_last(g, source(g)); }
  /// The same for who knows the source.
  bool is_last(SegmentId g, NeuronId source) const {
    return index(g) + 1 == segment_of_row(index(source) + std::size_t{1});
  }
  /// Of the segments from g to the end of a row, the first with a delay of so many ticks or more. Requires:
  /// has_own_delays(). Cost: logarithmic in how far that is.
  SegmentId skip_shorter(SegmentId g, NeuronId source, double ticks) const {
    return own_delays_.use([&](auto counts, double unit) {
      const auto least = static_cast<std::int64_t>(std::ceil(ticks / unit));
      const std::uint64_t end = segment_of_row(index(source) + std::size_t{1});
      std::uint64_t step = 8;
      std::uint64_t low = index(g);
      for (; low + step < end && counts[low + step] < least; step *= 2) low += step;
      const auto begin = counts.begin() + static_cast<std::ptrdiff_t>(low);
      const auto last = counts.begin() + static_cast<std::ptrdiff_t>(std::min(end, low + step));
      return SegmentId{static_cast<std::uint64_t>(std::lower_bound(begin, last, least) - counts.begin())};
    });
  }
  /// The targets of all synapses, by SynapseId: for the inner loops.
  const std::uint32_t* targets() const { return graph_.m_forward.m_column.data(); }
  /// Asks for the targets of a segment before they are needed: rows lie far apart in memory.
  void prefetch(SegmentId g) const {
    const IdRange<SynapseId> row = synapses(g);
    prefetch_begin(std::span(targets() + index(row.front()), row.size()));
  }
  /// The same for the begin of segments [first, last), and of their delays.
  void prefetch(std::uint64_t first, std::uint64_t last) const {
    if (!has_own_delays()) return prefetch(SegmentId{first});
    prefetch_begin(std::span(targets() + first, last - first));
    own_delays_.use([&](auto counts, double) { prefetch_begin(counts.subspan(first, last - first)); });
  }

  /// Asks for the delays of segments from g on, where most differ.
  void prefetch_delays(SegmentId g) const {
    if (!has_own_delays()) return;
    own_delays_.use([&](auto counts, double) {
      prefetch_line(&counts[index(g)]);
      prefetch_line(&counts[std::min<std::uint64_t>(index(g) + 16, counts.size() - 1)]);
    });
  }

  /// The synapses of one segment, contiguous.
  IdRange<SynapseId> synapses(SegmentId g) const {
    if (has_own_delays()) return {SynapseId{index(g)}, SynapseId{index(g) + 1}};
    return {SynapseId{segments_[index(g)].begin}, SynapseId{segments_[index(g) + 1].begin}};
  }
  /// Those of its synapses whose targets lie in [first, last). Cost: two binary searches, none if it is all.
  IdRange<SynapseId> synapses(SegmentId g, std::uint32_t first, std::uint32_t last) const {
    const IdRange<SynapseId> all = synapses(g);
    const std::uint64_t begin = index(all.front());
    const std::uint64_t end = begin + all.size();
    return {SynapseId{first == 0 ? begin : find(begin, end, first)},
            SynapseId{last >= targets_ ? end : find(begin, end, last)}};
  }
  NeuronId target(SynapseId s) const { return NeuronId{targets()[index(s)]}; }

 private:
  using Graph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                                   boost::no_property, std::uint32_t, std::uint64_t>;

  void make_graph(Adjacency rows, std::uint32_t targets);
  void end_segments();
  /// The first synapse in [begin, end) of a segment whose target is not below `target`.
  std::uint64_t find(std::uint64_t begin, std::uint64_t end, std::uint32_t target) const {
    return static_cast<std::uint64_t>(std::lower_bound(targets() + begin, targets() + end, target) -
                                      targets());
  }
  std::uint64_t segment_of_row(std::size_t row) const {
    return has_own_delays() ? row_begin(row) : row_segment_[row];
  }
  /// The row that holds a synapse.
  NeuronId row_with(std::uint64_t synapse) const {
    const auto& begins = graph_.m_forward.m_rowstart;
    const auto after = std::upper_bound(begins.begin(), begins.begin() + sources_, synapse);
    return NeuronId{static_cast<std::uint32_t>(after - begins.begin() - 1)};
  }

  struct Segment {
    std::uint64_t begin;  // of its synapses
    double delay_ticks;
    std::uint32_t delay_epochs;
    std::uint32_t source;
  };

  Graph graph_;
  std::uint32_t sources_ = 0;
  std::uint32_t targets_ = 0;
  Duration least_delay_ = Duration::forever();
  bool has_one_delay_ = true;
  bool has_own_delays_ = false;
  DelayColumn own_delays_;                  // or else:
  std::vector<std::uint64_t> row_segment_;  // one more than there are sources
  std::vector<Segment> segments_;           // and an end: no source, where the last one stops
};

/// Calls take(synapse, segment) for every synapse, in their order.
template <class Take>
void for_each_synapse(const Connectivity& connectivity, Take take) {
  for (SegmentId g{0}; index(g) < connectivity.segment_count(); g = SegmentId{index(g) + 1})
    for (const SynapseId s : connectivity.synapses(g)) take(s, g);
}

}  // namespace chronotope
