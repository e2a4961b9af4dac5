// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chronotope/core/network_description.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/proto/formats/number_table.hpp"
#include "chronotope/proto/formats/stepped_table.hpp"

namespace chronotope::proto {

// Tables as text (see text_table.hpp). Errors: InputError that starts with `name:line` and quotes the text it
// objects to.

/// Reads the chosen columns of a table of numbers. A guess takes the first row for names when each of its
/// cells can be a name: not a number, nor what looks like one (1,5 or 1.0D+00), nor a word for a missing or a
/// truth value, nor an error word of a spreadsheet. Only the first cell may be empty; its column then holds
/// the rows' names, as R and pandas write them, and is left out unless it is chosen. `nan` and `inf` are
/// values; the caller decides about them. All rows must be equally wide, and there must be at least one.
NumberTable read_csv(std::istream& in, const std::string& name, const TableChoice& choice = {});

/// The same of a table that may be a triangle instead, of rows of 1, 2, 3 ... numbers or of rows that end
/// with one of 1 (see SteppedTable). A separator may stand at the end of a row. A choice of columns is one
/// among rows that are equally wide.
SteppedTable read_stepped_csv(std::istream& in, const std::string& name, const TableChoice& choice = {});

/// Reads all columns of a table of finite or infinite numbers whose first row, or a comment before it, names
/// them, `required` among them; `example` is what it should look like. There may be no other row.
NumberTable read_named_numbers(std::istream& in, const std::string& name,
                               std::span<const std::string_view> required, const std::string& example);

/// One row of a table of spikes.
struct ChannelEvent {
  Time time;
  std::uint32_t channel = 0;
  std::optional<std::uint32_t> stimulus;
  std::optional<std::uint32_t> label{};  // place in EventTable::labels
  bool is_rounded = false;               // the time, which had more than 12 decimals
};

struct EventTable {
  std::vector<ChannelEvent> events;
  std::vector<std::string> labels;  // each once
};

/// Reads a table with the columns time_ms, channel and, if it has them, stimulus and label, found by their
/// names in the first row, or in a comment before it; other columns are ignored. Indices are whole numbers in
/// any notation, labels are UTF-8. Times must be >= 0 and are read by their digits (see read_decimal); rows
/// stay in the file's order.
EventTable read_channel_events(std::istream& in, const std::string& name);

/// One row of a table of a network's spikes.
struct NeuronSpike {
  Time time;
  std::string population;
  std::uint32_t neuron = 0;  // inside the population
};

/// Reads a table with the columns time_ms, population and neuron, as `simulate --spikes` writes it, otherwise
/// as read_channel_events.
std::vector<NeuronSpike> read_neuron_spikes(std::istream& in, const std::string& name);

/// One row of a list of layers.
struct LayerRow {
  std::string population;
  std::uint32_t neuron = 0;  // inside the population
  std::uint32_t layer = 0;   // 1 .. 5
};

/// Reads a table with the columns population, neuron and layer, found by their names in the first row.
std::vector<LayerRow> read_layer_rows(std::istream& in, const std::string& name);

/// One row of a table of rewards.
struct StatedReward {
  RewardEvent event;
  bool is_rounded = false;
};

/// Reads a table of rewards with the columns time_ms and amount, otherwise as read_channel_events.
std::vector<StatedReward> read_reward_events(std::istream& in, const std::string& name);

/// A table of values that hold from times on.
template <class Change>
struct ChangeTable {
  struct Row {
    std::uint32_t channel = 0;
    Change change;
    bool is_rounded = false;
  };
  bool has_channels = false;  // else the values are those of all
  std::vector<Row> rows;
};
using RateTable = ChangeTable<RateChange>;
using CurrentTable = ChangeTable<CurrentChange>;

/// Reads a table of rates [Hz] from times on, with the columns time_ms, rate_hz and, if it has it, channel, otherwise as
/// read_channel_events. Rates are from 0 to 1e9, times of a channel ascend.
RateTable read_rates(std::istream& in, const std::string& name);

/// The same of currents [pA], in a column amplitude_pA, from -1e9 to 1e9.
CurrentTable read_currents(std::istream& in, const std::string& name);

}  // namespace chronotope::proto
