// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/core/network_description.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/proto/formats/matrix.hpp"

namespace chronotope::proto {

// Tables as text, one row a line. Fields are separated by semicolons, commas, tabs or runs of blanks:
// whichever of these, in this order, the first row of several fields holds. Empty lines and lines that start
// with '#' are skipped; a byte-order mark and carriage returns are ignored. Errors: InputError that starts
// with `name:line` and quotes the text it objects to.

/// Reads a table of numbers, after at most one line of column names (a first row without any number). `nan`
/// and `inf` are values; the caller decides about them. All rows must be equally wide, and there must be at
/// least one.
Matrix read_csv(std::istream& in, const std::string& name);

/// The same of a table that may be a triangle instead, of rows of 1, 2, 3 ... numbers or of rows that end
/// with one of 1 (see SteppedTable). A separator may stand at the end of a row.
SteppedTable read_stepped_csv(std::istream& in, const std::string& name);

/// One row of a table of spikes.
struct ChannelEvent {
  Time time;
  std::uint32_t channel = 0;
  std::optional<std::uint32_t> stimulus;
};

/// Reads a table with the columns time_ms, channel and, if it has one, stimulus, found by their names in the
/// first row; other columns are ignored. Times must be >= 0 and keep every digit (see parse_time); rows stay
/// in the file's order.
std::vector<ChannelEvent> read_channel_events(std::istream& in, const std::string& name);

/// One row of a list of layers.
struct LayerRow {
  std::string population;
  std::uint32_t neuron = 0;  // inside the population
  std::uint32_t layer = 0;   // 1 .. 5
};

/// Reads a table with the columns population, neuron and layer, found by their names in the first row.
std::vector<LayerRow> read_layer_rows(std::istream& in, const std::string& name);

/// Reads a table of rewards with the columns time_ms and amount, otherwise as read_channel_events.
std::vector<RewardEvent> read_reward_events(std::istream& in, const std::string& name);

}  // namespace chronotope::proto
