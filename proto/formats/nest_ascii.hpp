// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chronotope/core/time.hpp"

namespace chronotope::proto {

// Spikes as NEST's recording backend `ascii` writes them (.dat): comments, a row that names the columns, with
// or without a #, `sender time_ms` or, with time_in_steps, `sender time_step time_offset`, then one row a
// spike, separated by tabs; more columns may follow. NEST 2 (.gdf) writes no names: the sender, then the time.

/// One spike of the node that NEST numbered `sender`.
struct SenderSpike {
  std::uint32_t sender = 0;
  Time time;

  friend auto operator<=>(const SenderSpike&, const SenderSpike&) = default;
};

struct NestRecording {
  std::vector<SenderSpike> spikes;  // in the file's order
  std::uint64_t rounded_times = 0;  // stated with more than 12 decimals of a millisecond
  std::uint64_t cut_times = 0;  // whose three decimals, NEST's default precision, may be all that was kept
};

/// Reads one file of one recorder. Times in steps of `resolution` lie time_offset before the step's end.
/// Errors: InputError that names the line, for rows that are none of these, a last row that does not end in a
/// line break (the file was cut), and times in steps without a resolution.
NestRecording read_nest_ascii(std::istream& in, const std::string& name, std::optional<Duration> resolution);

/// What stands before the rows that a writer appends: the three lines that NEST's own tools skip.
std::string nest_header(std::string_view producer);

}  // namespace chronotope::proto
