// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "chronotope/core/part.hpp"
#include "chronotope/core/synapse_group.hpp"

namespace chronotope {

/// The rows of some sources as the whole projection has them: by (delay, target). Every rank has a part of each row in
/// that order, and the targets of a rank are before those of the next one; so which rank's synapse is next follows from
/// the delays. Memory: 20 bytes per segment of all ranks.
class WholeRows {
 public:
  /// Of sources [first, last). All ranks make it at once; those who do not `know` it have none of it.
  enum class Knows { kAll, kRoot };
  WholeRows(const SynapseGroup& projection, const Part& part, std::uint32_t first, std::uint32_t last,
            Knows knows);

  /// Calls next(source, rank, delay) for every synapse, in order.
  template <class Next>
  void for_each(Next next) const {
    std::vector<std::size_t> row(parts_.size(), 0);  // the next segment of each rank
    for (std::uint32_t source = first_; source < last_; ++source) {
      for (std::size_t rank = next_rank(row, source); rank < parts_.size(); rank = next_rank(row, source)) {
        const Segment& segment = parts_[rank][row[rank]++];
        for (std::uint32_t k = 0; k < segment.synapses; ++k) next(source, rank, segment.delay);
      }
    }
  }

 private:
  struct Segment {
    std::uint32_t source = 0;
    std::uint32_t synapses = 0;
    Duration delay;
  };

  /// Whose segment of a source's row has the shortest delay, the lowest of them; as many as there are for none.
  std::size_t next_rank(const std::vector<std::size_t>& row, std::uint32_t source) const {
    std::size_t best = parts_.size();
    for (std::size_t rank = 0; rank < parts_.size(); ++rank) {
      if (row[rank] == parts_[rank].size() || parts_[rank][row[rank]].source != source) continue;
      if (best == parts_.size() || parts_[rank][row[rank]].delay < parts_[best][row[best]].delay) best = rank;
    }
    return best;
  }

  std::uint32_t first_;
  std::uint32_t last_;
  std::vector<std::vector<Segment>> parts_;  // by rank
};

/// Calls rows(first, last) for pieces of a projection's sources that hold some hundred thousand synapses of the whole.
template <class Rows>
void in_pieces_of_rows(const SynapseGroup& projection, Rows rows) {
  constexpr std::uint64_t kSynapses = 1 << 18;
  const std::uint32_t sources = projection.connectivity().sources();
  const std::uint64_t each = projection.whole().synapses / std::max<std::uint64_t>(1, sources) + 1;
  const auto step = static_cast<std::uint32_t>(std::max<std::uint64_t>(1, kSynapses / each));
  for (std::uint64_t first = 0; first < sources; first += step)
    rows(static_cast<std::uint32_t>(first),
         static_cast<std::uint32_t>(std::min<std::uint64_t>(sources, first + step)));
}

/// A synapse of the whole network.
struct WholeSynapse {
  std::uint32_t source = 0;
  std::uint32_t target = 0;
  Duration delay;
  double weight = 0;  // settled by the caller
};

namespace whole_rows {

/// Targets, of the population, and weights of the synapses in the rows of some sources.
struct Ends {
  std::vector<std::uint32_t> target;
  std::vector<double> weight;
};
std::vector<Ends> ends_at_root(const SynapseGroup& projection, const Part& part, std::uint32_t first,
                               std::uint32_t last);

}  // namespace whole_rows

/// Calls take(synapse) at the root for every synapse of a projection, in the order of the whole. All ranks call it at
/// once. Cost there: a piece of the rows in memory.
template <class Take>
void for_each_whole_synapse(const SynapseGroup& projection, const Part& part, Take take) {
  const Connectivity& connectivity = projection.connectivity();
  if (part.is_whole())
    return for_each_synapse(connectivity, [&](SynapseId s, SegmentId g) {
      take(WholeSynapse{index(connectivity.source(g)), index(connectivity.target(s)), connectivity.delay(g),
                        projection.weight(s)});
    });
  in_pieces_of_rows(projection, [&](std::uint32_t first, std::uint32_t last) {
    const WholeRows rows(projection, part, first, last, WholeRows::Knows::kRoot);
    const auto ends = whole_rows::ends_at_root(projection, part, first, last);
    std::vector<std::size_t> next(ends.size(), 0);
    rows.for_each([&](std::uint32_t source, std::size_t rank, Duration delay) {
      const std::size_t k = next[rank]++;
      take(WholeSynapse{source, ends[rank].target[k], delay, ends[rank].weight[k]});
    });
  });
}

}  // namespace chronotope
