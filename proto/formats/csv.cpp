// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/csv.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <istream>
#include <map>
#include <span>
#include <string_view>
#include <utility>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/utf8.hpp"
#include "chronotope/proto/formats/table_cells.hpp"
#include "chronotope/proto/formats/text_table.hpp"
#include "chronotope/proto/formats/within_memory.hpp"

namespace chronotope::proto {
namespace {

bool is_number(std::string_view cell) {
  double ignored = 0;
  return parse_number(cell, ignored) != std::errc::invalid_argument;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0; }

/// 1,5 or 1.0D+00 or 2024-05-01: a value that some program writes, though no number to this one.
bool looks_like_a_value(std::string_view cell) {
  constexpr std::array<std::string_view, 8> kValues{"na",   "n/a", "<na>", "null",
                                                    "none", "nat", "true", "false"};
  if (is_spreadsheet_error(cell)) return true;
  if (std::find(kValues.begin(), kValues.end(), lower_case(cell)) != kValues.end()) return true;
  const auto first = cell.find_first_not_of("+-.,$( ");
  return first != std::string_view::npos && is_digit(cell[first]);
}

bool can_be_name(std::string_view cell) {
  return !is_number(cell) && !looks_like_a_value(cell) && std::any_of(cell.begin(), cell.end(), is_letter);
}

/// 0,1,2,... in the shortest notation: numbers, or what pandas calls columns that have no names.
bool counts_from_zero(std::span<const std::string> cells) {
  for (std::size_t column = 0; column < cells.size(); ++column)
    if (cells[column] != std::to_string(column)) return false;
  return true;
}

/// True if the row names the columns; refuses one that holds neither names nor numbers.
bool is_names(const TextTable& table) {
  const auto cells = table.cells();
  const std::size_t first = cells.size() > 1 && cells[0].empty() ? 1 : 0;  // behind that of the rows' names
  if (first == 1 && counts_from_zero(cells.subspan(first))) return true;
  if (std::any_of(cells.begin(), cells.end(), is_number)) return false;
  for (std::size_t column = first; column < cells.size(); ++column)
    if (!can_be_name(cells[column]))
      table.refuse_cell(column,
                        "is neither a number nor the name of a column (--header yes takes it for one)");
  return true;
}

/// A table whose columns are found by their names.
class NamedTable {
 public:
  /// `example` is what the first row should look like.
  NamedTable(std::istream& in, const std::string& name, std::span<const std::string_view> required,
             const std::string& example)
      : table_(in, name), example_(example) {
    if (!table_.next_names(required)) table_.refuse_file("is empty");
    names_.assign(table_.cells().begin(), table_.cells().end());
    for (const std::string_view column : required)
      if (!find(column))
        table_.refuse("the first row names no column '" + std::string(column) + "' (" + example_ + ")");
  }

  std::optional<std::size_t> find(std::string_view column) const {
    const auto at = std::find(names_.begin(), names_.end(), column);
    if (at == names_.end()) return std::nullopt;
    if (std::find(at + 1, names_.end(), column) != names_.end())
      table_.refuse("two columns are named '" + std::string(column) + "' (" + example_ + ")");
    return static_cast<std::size_t>(at - names_.begin());
  }

  bool next() {
    if (!table_.next()) return false;
    table_.require_width(names_.size());
    return true;
  }

  const TextTable& row() const { return table_; }
  const std::vector<std::string>& names() const { return names_; }

 private:
  TextTable table_;
  std::string example_;
  std::vector<std::string> names_;
};

/// Words that stand in many rows, each kept once.
class Labels {
 public:
  std::uint32_t place(const TextTable& row, std::size_t column) {
    const std::string& label = row.cells()[column];
    const auto [at, is_new] = places_.try_emplace(label, static_cast<std::uint32_t>(labels_.size()));
    if (!is_new) return at->second;
    if (!is_utf8(label)) row.refuse_cell(column, "is not UTF-8");
    labels_.push_back(label);
    return at->second;
  }

  std::vector<std::string> take() { return std::move(labels_); }

 private:
  std::map<std::string, std::uint32_t> places_;
  std::vector<std::string> labels_;
};

/// Reads the names of the columns; false when the first row holds numbers.
bool read_names(const TextTable& table, FirstRow first_row, std::vector<std::string>& names) {
  if (first_row == FirstRow::kNumbers || (first_row == FirstRow::kGuess && !is_names(table))) return false;
  names.assign(table.cells().begin(), table.cells().end());
  return true;
}

/// The columns to read; not those of the rows' names.
std::vector<std::size_t> choose(const TextTable& table, const ColumnChoice& choice,
                                const std::vector<std::string>& names) {
  std::vector<std::size_t> columns;
  try {
    columns = choice.of(names, table.cells().size());
  } catch (const InputError& error) {
    table.refuse(error.what());
  }
  const bool row_names = choice.all() && names.size() > 1 && names[0].empty();
  if (row_names) columns.erase(columns.begin());
  return columns;
}

NumberTable read_numbers(TextTable& rows, const TableChoice& choice) {
  if (!rows.next()) rows.refuse_file("is empty");
  NumberTable table;
  std::vector<std::string> names;
  const std::size_t width = rows.cells().size();
  const bool named = read_names(rows, choice.first_row, names);
  const std::vector<std::size_t> columns = choose(rows, choice.columns, names);
  if (named && !rows.next()) rows.refuse_file("has column names but no rows of numbers");
  table.counted_first_row =
      choice.first_row == FirstRow::kGuess && !named && width > 1 && counts_from_zero(rows.cells());
  if (named)
    for (const std::size_t column : columns) table.names.push_back(names[column]);
  table.matrix.columns = columns.size();
  do {
    rows.require_width(width);
    for (const std::size_t column : columns) table.matrix.values.push_back(number(rows, column));
    ++table.matrix.rows;
  } while (rows.next());
  return table;
}

/// How rows go on of which the first two hold so many numbers.
int step_between(std::size_t first, std::size_t second) {
  if (first == 1 && second == 2) return 1;
  return second + 1 == first ? -1 : 0;
}

/// All columns but that of the rows' names.
SteppedTable read_stepped_numbers(TextTable& rows, FirstRow first_row) {
  if (!rows.next()) rows.refuse_file("is empty");
  SteppedTable table;
  const bool named = read_names(rows, first_row, table.names);
  const std::size_t first = choose(rows, {}, table.names).front();
  const std::size_t named_width = rows.cells().size();
  if (named && !rows.next()) rows.refuse_file("has column names but no rows of numbers");
  std::size_t width = rows.cells().size();
  table.first_width = width - first;
  do {
    const std::size_t found = rows.cells().size();
    if (table.rows == 1) table.step = step_between(table.first_width, found - first);
    if (table.rows >= 1) width += static_cast<std::size_t>(table.step);
    if (found != width)
      rows.refuse("the row has " + std::to_string(found) + " columns, not " + std::to_string(width) +
                  " as the rows before ask for");
    for (std::size_t column = first; column < width; ++column) table.values.push_back(number(rows, column));
    ++table.rows;
  } while (rows.next());
  if (table.step < 0 && width - first != 1)
    rows.refuse_file("ends after a row of " + std::to_string(width) +
                     " columns; a triangle ends with one of 1");
  if (table.step == 0 && width != named_width)
    rows.refuse_file("names " + std::to_string(named_width) + " columns, but its rows have " +
                     std::to_string(width));
  table.names.erase(table.names.begin(), table.names.begin() + static_cast<std::ptrdiff_t>(first));
  return table;
}

NumberTable named_numbers(std::istream& in, const std::string& name,
                          std::span<const std::string_view> required, const std::string& example) {
  NamedTable rows(in, name, required, example);
  NumberTable table;
  table.names = rows.names();
  const bool row_names = table.names[0].empty();  // as pandas writes them
  if (row_names) table.names.erase(table.names.begin());
  table.matrix.columns = table.names.size();
  while (rows.next()) {
    for (std::size_t c = row_names ? 1 : 0; c < rows.names().size(); ++c)
      table.matrix.values.push_back(number(rows.row(), c));
    ++table.matrix.rows;
  }
  return table;
}

EventTable channel_events(std::istream& in, const std::string& name) {
  constexpr std::array<std::string_view, 2> kRequired{"time_ms", "channel"};
  NamedTable table(in, name, kRequired, "time_ms,channel[,stimulus][,label]");
  const std::size_t time = *table.find("time_ms");
  const std::size_t channel = *table.find("channel");
  const auto stimulus = table.find("stimulus");
  const auto label = table.find("label");
  Labels labels;
  EventTable result;
  while (table.next()) {
    const TextTable& row = table.row();
    auto& event = result.events.emplace_back();
    const Decimal at = event_time(row, time);
    event.time = at.time();
    event.is_rounded = !at.is_whole;
    event.channel = index(row, channel);
    if (stimulus) event.stimulus = index(row, *stimulus);
    if (label) event.label = labels.place(row, *label);
  }
  result.labels = labels.take();
  return result;
}

std::vector<NeuronSpike> neuron_spikes(std::istream& in, const std::string& name) {
  constexpr std::array<std::string_view, 3> kRequired{"time_ms", "population", "neuron"};
  NamedTable table(in, name, kRequired, "time_ms,population,neuron");
  const std::size_t time = *table.find("time_ms");
  const std::size_t population = *table.find("population");
  const std::size_t neuron = *table.find("neuron");
  std::vector<NeuronSpike> spikes;
  while (table.next()) {
    const TextTable& row = table.row();
    if (!is_utf8(row.cells()[population])) row.refuse_cell(population, "is not UTF-8");
    spikes.push_back({event_time(row, time).time(), row.cells()[population], index(row, neuron)});
  }
  return spikes;
}

std::vector<LayerRow> layer_rows(std::istream& in, const std::string& name) {
  constexpr std::array<std::string_view, 3> kRequired{"population", "neuron", "layer"};
  NamedTable table(in, name, kRequired, "population,neuron,layer");
  const std::size_t population = *table.find("population");
  const std::size_t neuron = *table.find("neuron");
  const std::size_t layer = *table.find("layer");
  std::vector<LayerRow> layers;
  while (table.next()) {
    const TextTable& row = table.row();
    layers.push_back({row.cells()[population], index(row, neuron), index(row, layer)});
    if (layers.back().layer < 1 || layers.back().layer > 5) row.refuse_cell(layer, "is not a layer (1 to 5)");
  }
  return layers;
}

std::vector<StatedReward> reward_events(std::istream& in, const std::string& name) {
  constexpr std::array<std::string_view, 2> kRequired{"time_ms", "amount"};
  NamedTable table(in, name, kRequired, "time_ms,amount");
  const std::size_t time = *table.find("time_ms");
  const std::size_t amount = *table.find("amount");
  std::vector<StatedReward> events;
  while (table.next()) {
    const Decimal at = event_time(table.row(), time);
    events.push_back({{at.time(), number(table.row(), amount)}, !at.is_whole});
    if (!std::isfinite(events.back().event.amount)) table.row().refuse_cell(amount, "is not a finite number");
  }
  return events;
}

/// What a table of values from times on holds.
struct ChangedValue {
  std::string_view column;
  bool (*is_allowed)(double);
  const char* refusal;
};
constexpr ChangedValue kRates{"rate_hz", [](double hz) { return hz >= 0 && hz <= 1e9; },
                              "is not a rate from 0 to 1e9 Hz"};
constexpr ChangedValue kAmplitudes{"amplitude_pA", [](double pA) { return std::abs(pA) <= 1e9; },
                                   "is not a current from -1e9 to 1e9 pA"};

template <class Change>
ChangeTable<Change> change_table(std::istream& in, const std::string& name, const ChangedValue& of) {
  const std::array<std::string_view, 2> required{"time_ms", of.column};
  NamedTable table(in, name, required, "time_ms[,channel]," + std::string(of.column));
  const std::size_t time = *table.find("time_ms");
  const std::size_t value = *table.find(of.column);
  const auto channel = table.find("channel");
  ChangeTable<Change> changes;
  changes.has_channels = channel.has_value();
  std::map<std::uint32_t, Time> last;
  while (table.next()) {
    const TextTable& row = table.row();
    const Decimal at = event_time(row, time);
    const std::uint32_t owner = channel ? index(row, *channel) : 0;
    const double held = number(row, value);
    if (!of.is_allowed(held)) row.refuse_cell(value, of.refusal);
    if (const auto before = last.find(owner); before != last.end() && at.time() <= before->second)
      row.refuse_cell(time, "is not later than the time before it");
    last[owner] = at.time();
    changes.rows.push_back({owner, {at.time(), held}, !at.is_whole});
  }
  return changes;
}

}  // namespace

NumberTable read_csv(std::istream& in, const std::string& name, const TableChoice& choice) {
  return within_memory(name, [&] {
    TextTable rows(in, name);
    return read_numbers(rows, choice);
  });
}

NumberTable read_named_numbers(std::istream& in, const std::string& name,
                               std::span<const std::string_view> required, const std::string& example) {
  return within_memory(name, [&] { return named_numbers(in, name, required, example); });
}

SteppedTable read_stepped_csv(std::istream& in, const std::string& name, const TableChoice& choice) {
  return within_memory(name, [&]() -> SteppedTable {
    TextTable rows(in, name);
    rows.allow_separator_at_end();
    if (choice.columns.all()) return read_stepped_numbers(rows, choice.first_row);
    NumberTable table = read_numbers(rows, choice);
    return {table.matrix.rows, table.matrix.columns, 0, std::move(table.matrix.values),
            std::move(table.names)};
  });
}

EventTable read_channel_events(std::istream& in, const std::string& name) {
  return within_memory(name, [&] { return channel_events(in, name); });
}

std::vector<NeuronSpike> read_neuron_spikes(std::istream& in, const std::string& name) {
  return within_memory(name, [&] { return neuron_spikes(in, name); });
}
std::vector<LayerRow> read_layer_rows(std::istream& in, const std::string& name) {
  return within_memory(name, [&] { return layer_rows(in, name); });
}

std::vector<StatedReward> read_reward_events(std::istream& in, const std::string& name) {
  return within_memory(name, [&] { return reward_events(in, name); });
}

RateTable read_rates(std::istream& in, const std::string& name) {
  return within_memory(name, [&] { return change_table<RateChange>(in, name, kRates); });
}

CurrentTable read_currents(std::istream& in, const std::string& name) {
  return within_memory(name, [&] { return change_table<CurrentChange>(in, name, kAmplitudes); });
}

}  // namespace chronotope::proto
