// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <cstdint>
#include <ranges>
#include <span>
#include <vector>

#include "chronotope/core/id.hpp"
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
/// 2. A segment is the run of a row's synapses with one delay; a row's segments have increasing delays.
/// Memory: 4 bytes per synapse and 24 per segment; a projection with one delay has one segment per row.
class Connectivity {
 public:
  /// Takes rows of `rows` with `delay_ms[i]` the delay of the i-th entry, already ordered by (delay, target)
  /// inside each row, and the size of the target population.
  Connectivity(const Adjacency& rows, std::span<const double> delay_ms, std::uint32_t targets);

  std::uint32_t sources() const { return static_cast<std::uint32_t>(row_segment_.size() - 1); }
  std::uint64_t synapse_count() const { return boost::num_edges(graph_); }

  std::uint64_t segment_count() const { return segment_delay_.size(); }

  /// The segments of one source, [first, last).
  SegmentId first_segment(NeuronId source) const { return SegmentId{row_segment_[index(source)]}; }
  SegmentId last_segment(NeuronId source) const { return SegmentId{row_segment_[index(source) + 1]}; }
  Duration delay(SegmentId g) const { return {segment_delay_[index(g)]}; }
  NeuronId source(SegmentId g) const { return NeuronId{segment_source_[index(g)]}; }

  /// The synapses of one segment, contiguous.
  auto synapses(SegmentId g) const {
    return std::views::iota(segment_begin_[index(g)], segment_begin_[index(g) + 1]) |
           std::views::transform([](std::uint64_t e) { return SynapseId{e}; });
  }
  NeuronId target(SynapseId s) const { return NeuronId{boost::target(Edge(0, index(s)), graph_)}; }

 private:
  using Graph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                                   boost::no_property, std::uint32_t, std::uint64_t>;
  using Edge = Graph::edge_descriptor;

  Graph graph_;
  std::vector<std::uint64_t> row_segment_;
  std::vector<std::uint64_t> segment_begin_;
  std::vector<double> segment_delay_;
  std::vector<std::uint32_t> segment_source_;
};

}  // namespace chronotope
