// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "chronotope/core/state.hpp"

namespace chronotope::events {

/// How what the parts of a network have of a state's column becomes that of the whole network.
enum class Join : std::uint8_t {
  kOfRank0,    // which alone has it
  kByLength,   // the longest: others have forgotten some of it
  kByTarget,   // a sequence, of one rank's targets after those of the other
  kBySynapse,  // a sequence, of entries of one size in the order of the whole projection's synapses
  kOfLanes,    // a Lane::Progress
  kOfWaiting,  // events on their way
};

/// Of a column whose entries are so.
Join join_of(Per per);

/// What one part has of a column, taken once from its begin.
class ColumnBytes {
 public:
  virtual ~ColumnBytes() = default;
  ColumnBytes(const ColumnBytes&) = delete;
  ColumnBytes& operator=(const ColumnBytes&) = delete;

  virtual std::uint64_t size() const = 0;
  /// Appends the next `count` to `to`. Throws InputError when there are fewer.
  virtual void take(std::uint64_t count, std::string& to) = 0;

 protected:
  ColumnBytes() = default;
};

/// What is told of a column of the whole network: its size, then its bytes in pieces.
struct WholeColumn {
  std::function<void(std::uint64_t size)> begin;
  std::function<void(std::string_view bytes)> add;
};

/// Joins a column whose parts, by rank, are at their begins. `ranks` is whose entry is next in a column per synapse.
/// Throws InputError for parts that do not belong together. Cost: O(bytes), a piece of them in memory; lanes and events
/// all at once.
void join_column(Join how, std::span<ColumnBytes* const> parts, std::span<const std::uint16_t> ranks,
                 const WholeColumn& whole);

}  // namespace chronotope::events
