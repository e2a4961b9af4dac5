// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/csv.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <istream>
#include <string_view>

#include "chronotope/core/error.hpp"

namespace chronotope::proto {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// Text from a file as an error message shows it: short and printable.
std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 40;
  std::string shown = "'" + std::string(text.substr(0, kShown)) + (text.size() > kShown ? "..." : "") + "'";
  std::replace_if(
      shown.begin(), shown.end(), [](unsigned char c) { return c < ' ' || c == 127; }, '?');
  return shown;
}

/// Nothing when the row is one field, which any separator leaves whole.
std::optional<char> separator_of(std::string_view row) {
  for (const char separator : {';', ',', '\t', ' '})
    if (row.find(separator) != std::string_view::npos) return separator;
  return std::nullopt;
}

/// Splits at every separator, or at runs of blanks. Views into `row`.
std::vector<std::string_view> split(std::string_view row, char separator) {
  std::vector<std::string_view> fields;
  for (row = trim(row);;) {
    const auto end = separator == ' ' ? row.find_first_of(kBlanks) : row.find(separator);
    fields.push_back(trim(row.substr(0, end)));
    if (end == std::string_view::npos) return fields;
    row = separator == ' ' ? trim(row.substr(end)) : row.substr(end + 1);
  }
}

/// Walks over the rows of a table and knows where it is.
class Rows {
 public:
  Rows(std::istream& in, const std::string& name) : in_(in), location_{name, 0} {}

  /// Reads the next row into fields(); false at the end of the file.
  bool next() {
    while (std::getline(in_, line_)) {
      std::string_view row = line_;
      if (location_.line++ == 0 && row.starts_with(kByteOrderMark)) row.remove_prefix(kByteOrderMark.size());
      row = trim(row);
      if (row.empty() || row[0] == '#') continue;
      if (!separator_) separator_ = separator_of(row);
      fields_ = split(row, separator_.value_or(' '));
      return true;
    }
    return false;
  }

  const std::vector<std::string_view>& fields() const { return fields_; }

  [[noreturn]] void refuse(const std::string& what) const {
    throw InputError(to_string(location_) + ": " + what);
  }
  [[noreturn]] void refuse_field(std::size_t column, const std::string& what) const {
    refuse("column " + std::to_string(column + 1) + ": " + quoted(fields_[column]) + " " + what);
  }
  void drop_empty_end() {
    if (fields_.size() > 1 && fields_.back().empty()) fields_.pop_back();
  }
  void require_width(std::size_t width) const {
    if (fields_.size() != width)
      refuse("the row has " + std::to_string(fields_.size()) + " columns, the rows before have " +
             std::to_string(width));
  }
  [[noreturn]] void refuse_file(const std::string& what) const {
    throw InputError(location_.file + ": " + what);
  }

 private:
  std::istream& in_;
  Location location_;
  std::string line_;
  std::vector<std::string_view> fields_;
  std::optional<char> separator_;
};

/// Parses a whole field as a number of type T; an explicit plus sign is allowed.
template <class T>
std::errc parse(std::string_view field, T& value) {
  if (field.size() > 1 && field[0] == '+' && field[1] != '-') field.remove_prefix(1);
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  return error == std::errc() && end != field.data() + field.size() ? std::errc::invalid_argument : error;
}

bool is_header(const std::vector<std::string_view>& fields) {
  double ignored = 0;
  return std::all_of(fields.begin(), fields.end(), [&](std::string_view field) {
    return parse(field, ignored) == std::errc::invalid_argument;
  });
}

double number(const Rows& rows, std::size_t column) {
  double value = 0;
  const std::errc error = parse(rows.fields()[column], value);
  if (error == std::errc::result_out_of_range) rows.refuse_field(column, "is outside the range of doubles");
  if (error != std::errc()) rows.refuse_field(column, "is not a number");
  return value;
}

std::uint32_t index(const Rows& rows, std::size_t column) {
  std::uint32_t value = 0;
  if (parse(rows.fields()[column], value) != std::errc())
    rows.refuse_field(column, "is not an index (a whole number from 0 to 4294967295)");
  return value;
}

Time event_time(const Rows& rows, std::size_t column) {
  Time time;
  try {
    time = parse_time(rows.fields()[column]);
  } catch (const InputError&) {
    rows.refuse_field(column, "is not a time in milliseconds");
  }
  if (time < Time{}) rows.refuse_field(column, "is before 0 ms");
  return time;
}

std::optional<std::size_t> find_column(const std::vector<std::string_view>& header, std::string_view column) {
  const auto at = std::find(header.begin(), header.end(), column);
  if (at == header.end()) return std::nullopt;
  return static_cast<std::size_t>(at - header.begin());
}

/// `all` is what the first row should look like.
std::size_t require_column(const Rows& rows, std::string_view column, const std::string& all) {
  const auto at = find_column(rows.fields(), column);
  if (!at) rows.refuse("the first row names no column '" + std::string(column) + "' (" + all + ")");
  return *at;
}

}  // namespace

Matrix read_csv(std::istream& in, const std::string& name) {
  Rows rows(in, name);
  Matrix matrix;
  if (!rows.next()) rows.refuse_file("is empty");
  matrix.columns = rows.fields().size();
  if (is_header(rows.fields()) && !rows.next()) rows.refuse_file("has column names but no rows of numbers");
  do {
    rows.require_width(matrix.columns);
    for (std::size_t column = 0; column < matrix.columns; ++column)
      matrix.values.push_back(number(rows, column));
    ++matrix.rows;
  } while (rows.next());
  return matrix;
}

SteppedTable read_stepped_csv(std::istream& in, const std::string& name) {
  Rows rows(in, name);
  SteppedTable table;
  const auto next = [&] {
    const bool found = rows.next();
    rows.drop_empty_end();
    return found;
  };
  if (!next()) rows.refuse_file("is empty");
  if (is_header(rows.fields()) && !next()) rows.refuse_file("has column names but no rows of numbers");
  std::size_t width = table.first_width = rows.fields().size();
  do {
    const std::size_t found = rows.fields().size();
    if (table.rows == 1 && found == width + 1 && width == 1) table.step = 1;
    if (table.rows == 1 && found + 1 == width) table.step = -1;
    if (table.rows >= 1) width += static_cast<std::size_t>(table.step);
    if (found != width)
      rows.refuse("the row has " + std::to_string(found) + " columns, not " + std::to_string(width) +
                  " as the rows before ask for");
    for (std::size_t column = 0; column < width; ++column) table.values.push_back(number(rows, column));
    ++table.rows;
  } while (next());
  if (table.step < 0 && width != 1)
    rows.refuse_file("ends after a row of " + std::to_string(width) +
                     " columns; a triangle ends with one of 1");
  return table;
}

std::vector<ChannelEvent> read_channel_events(std::istream& in, const std::string& name) {
  Rows rows(in, name);
  if (!rows.next()) rows.refuse_file("is empty");
  const std::size_t width = rows.fields().size();
  const std::string all = "time_ms,channel[,stimulus]";
  const std::size_t time = require_column(rows, "time_ms", all);
  const std::size_t channel = require_column(rows, "channel", all);
  const auto stimulus = find_column(rows.fields(), "stimulus");
  std::vector<ChannelEvent> events;
  while (rows.next()) {
    rows.require_width(width);
    events.push_back({event_time(rows, time), index(rows, channel), std::nullopt});
    if (stimulus) events.back().stimulus = index(rows, *stimulus);
  }
  return events;
}

std::vector<LayerRow> read_layer_rows(std::istream& in, const std::string& name) {
  Rows rows(in, name);
  if (!rows.next()) rows.refuse_file("is empty");
  const std::size_t width = rows.fields().size();
  const std::string all = "population,neuron,layer";
  const std::size_t population = require_column(rows, "population", all);
  const std::size_t neuron = require_column(rows, "neuron", all);
  const std::size_t layer = require_column(rows, "layer", all);
  std::vector<LayerRow> layers;
  while (rows.next()) {
    rows.require_width(width);
    layers.push_back({std::string(rows.fields()[population]), index(rows, neuron), index(rows, layer)});
    if (layers.back().layer < 1 || layers.back().layer > 5)
      rows.refuse_field(layer, "is not a layer (1 to 5)");
  }
  return layers;
}

std::vector<RewardEvent> read_reward_events(std::istream& in, const std::string& name) {
  Rows rows(in, name);
  if (!rows.next()) rows.refuse_file("is empty");
  const std::size_t width = rows.fields().size();
  const std::size_t time = require_column(rows, "time_ms", "time_ms,amount");
  const std::size_t amount = require_column(rows, "amount", "time_ms,amount");
  std::vector<RewardEvent> events;
  while (rows.next()) {
    rows.require_width(width);
    events.push_back({event_time(rows, time), number(rows, amount)});
    if (!std::isfinite(events.back().amount)) rows.refuse_field(amount, "is not a finite number");
  }
  return events;
}

}  // namespace chronotope::proto
