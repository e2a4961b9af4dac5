// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/nest_ascii.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <istream>

#include "chronotope/proto/formats/table_cells.hpp"
#include "chronotope/proto/formats/text_table.hpp"
#include "chronotope/proto/formats/within_memory.hpp"

namespace chronotope::proto {
namespace {

constexpr std::string_view kSender = "sender";
constexpr std::int64_t kMostSteps = std::int64_t{1} << 53;

/// A recording while it is read.
class Reader {
 public:
  Reader(std::istream& in, const std::string& name, std::optional<Duration> resolution)
      : in_(in), table_(in, name), resolution_(resolution) {}

  NestRecording read() {
    constexpr std::array<std::string_view, 1> kRequired{kSender};
    if (in_.peek() == std::istream::traits_type::eof()) return {};  // of a recorder that saw no spike
    if (!table_.next_names(kRequired)) table_.refuse_file("ends before the row that names its columns");
    require_line_break();
    const bool named = take_names();
    width_ = table_.cells().size();
    if (named && !table_.next()) return std::move(recording_);
    do take_row();
    while (table_.next());
    return std::move(recording_);
  }

 private:
  /// False when the first row is a spike already.
  bool take_names() {
    const auto names = table_.cells();
    double number = 0;
    if (names.size() >= 2 && parse_number(names[0], number) == std::errc()) return false;
    const auto find = [&](std::string_view column) {
      const auto at = std::find(names.begin(), names.end(), column);
      return at == names.end() ? std::optional<std::size_t>() : static_cast<std::size_t>(at - names.begin());
    };
    const auto sender = find(kSender), time = find("time_ms"), step = find("time_step"),
               offset = find("time_offset");
    if (!sender || (!time && !(step && offset)))
      table_.refuse("names no columns of NEST (sender and time_ms, or sender, time_step and time_offset)");
    sender_ = *sender;
    if (time) {
      time_ = *time;
      return true;
    }
    if (!resolution_) table_.refuse("times are steps; --resolution says how long one is");
    time_ = *step;
    offset_ = *offset;
    return true;
  }

  void require_line_break() const {
    if (in_.eof()) table_.refuse("the last row does not end in a line break: the file was cut");
  }

  void take_row() {
    if (table_.cells().size() != width_) table_.require_width(width_);
    require_line_break();
    recording_.spikes.push_back({index(table_, sender_), offset_ ? time_of_step() : stated_time()});
  }

  Time stated_time() {
    const Decimal time = event_time(table_, time_);
    recording_.rounded_times += time.is_whole ? 0 : 1;
    const std::string& text = table_.cells()[time_];
    const auto point = text.find('.');
    if (point != std::string::npos && text.size() == point + 4 && text.back() != '0') ++recording_.cut_times;
    return time.time();
  }

  Time time_of_step() {
    const double step = number(table_, time_);
    if (!(step >= 0 && step <= static_cast<double>(kMostSteps) && step == std::floor(step)))
      table_.refuse_cell(time_, "is not a number of steps");
    const auto offset = read_decimal(table_.cells()[*offset_]);
    if (!offset) table_.refuse_cell(*offset_, "is not a time in milliseconds");
    recording_.rounded_times += offset->is_whole ? 0 : 1;
    if (step * resolution_->ms() > Time::kMaxMs) table_.refuse_cell(time_, "is later than 1e12 ms");
    const Duration end = static_cast<std::int64_t>(step) * *resolution_;
    if (end < offset->value) table_.refuse_cell(*offset_, "lies before 0 ms");
    return Time() + (end - offset->value);
  }

  std::istream& in_;
  TextTable table_;
  std::optional<Duration> resolution_;
  NestRecording recording_;
  std::size_t width_ = 0;
  std::size_t sender_ = 0;
  std::size_t time_ = 1;  // or the step
  std::optional<std::size_t> offset_;
};

}  // namespace

NestRecording read_nest_ascii(std::istream& in, const std::string& name, std::optional<Duration> resolution) {
  return within_memory(name, [&] { return Reader(in, name, resolution).read(); });
}

std::string nest_header(std::string_view producer) {
  return "# " + std::string(producer) + "\n# RecordingBackendASCII version: 2\nsender\ttime_ms\n";
}

}  // namespace chronotope::proto
