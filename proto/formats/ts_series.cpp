// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/ts_series.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <istream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string_view>

#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/core/utf8.hpp"

namespace chronotope::proto {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::size_t kMostDimensions = 1'000'000;

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(trim(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// Whether a is how b begins, and not all of it.
bool begins(const std::string& a, const std::string& b) { return b.size() > a.size() && b.starts_with(a); }

class SeriesReader {
 public:
  SeriesReader(std::istream& in, const std::string& name) : in_(in), location_{name, 0} {}

  SeriesFile read() {
    while (!in_data_ && next_line()) take_header();
    if (!in_data_) refuse_file("has no line @data: is no .ts file, or is cut");
    while (next_line())
      if (!is_comment()) take_example();
    if (file_.series.empty()) refuse_file("holds no examples after @data");
    return std::move(file_);
  }

 private:
  /// The next line that is not empty.
  bool next_line() {
    while (std::getline(in_, text_)) {
      ++location_.line;
      line_ = trim(text_);
      if (!line_.empty()) return true;
    }
    return false;
  }
  bool is_comment() const { return line_.starts_with('#'); }

  void take_header() {
    if (is_comment()) return;
    if (!line_.starts_with('@')) refuse(in_quotes(line_) + " stands before @data");
    if (!is_utf8(line_)) refuse("is not UTF-8");
    std::istringstream words{std::string(line_)};
    std::string key;
    words >> key;
    key = lower_case(key);
    words_.assign(std::istream_iterator<std::string>(words), {});
    if (key == "@data") in_data_ = true;
    if (key == "@timestamps" && flag(key)) refuse("series with time stamps are not read");
    if (key == "@targetlabel" && flag(key)) refuse("regression targets are not read");
    if (key == "@univariate" && flag(key)) file_.dimensions = 1;
    if (key == "@dimensions" || key == "@dimension") file_.dimensions = number(key);
    if (key == "@equallength") equal_length_ = flag(key);
    if (key == "@serieslength") length_ = number(key);
    if (key == "@classlabel") take_classes(key);
  }
  void take_classes(const std::string& key) {
    has_classes_ = flag(key);
    if (has_classes_) file_.classes.assign(words_.begin() + 1, words_.end());
  }
  bool flag(const std::string& key) const {
    const std::string word = words_.empty() ? "" : lower_case(words_[0]);
    if (word != "true" && word != "false")
      refuse(key + ": " + in_quotes(word) + " is not allowed (must be true or false)");
    return word == "true";
  }
  std::size_t number(const std::string& key) const {
    const std::string word = words_.empty() ? "" : words_[0];
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || end != word.data() + word.size() || value < 1 || value > kMostDimensions)
      refuse(key + ": " + in_quotes(word) + " is not allowed (must be from 1 to 1000000)");
    return value;
  }

  void take_example() {
    std::vector<std::string_view> parts = split(line_, ':');
    Series series;
    if (has_classes_) {
      series.label = parts.back();
      parts.pop_back();
      require_class(series.label);
    }
    require_count(parts.size());
    for (const std::string_view part : parts) {
      series.dimensions.push_back(numbers(part, series.dimensions.size()));
      require_length(series);
    }
    if (equal_length_ && !length_) length_ = series.dimensions[0].size();
    file_.series.push_back(std::move(series));
  }
  void require_class(const std::string& label) const {
    const std::vector<std::string>& known = file_.classes;
    if (!is_utf8(label)) refuse("class " + in_quotes(label) + " is not UTF-8");
    if (!known.empty() && std::find(known.begin(), known.end(), label) == known.end())
      refuse("class " + in_quotes(label) + " is not among those of @classLabel; the line may be cut");
    const bool may_go_on = std::any_of(known.begin(), known.end(),
                                       [&](const std::string& other) { return begins(label, other); });
    if (in_.eof() && may_go_on)
      refuse("class " + in_quotes(label) +
             " may be cut: the last line does not end, and another class begins so");
  }
  void require_count(std::size_t count) {
    if (file_.dimensions == 0) file_.dimensions = count;
    if (count != file_.dimensions)
      refuse(std::to_string(count) + " dimensions, but " + std::to_string(file_.dimensions) +
             " are expected; the line may be cut");
  }
  void require_length(const Series& series) const {
    const std::size_t length = series.dimensions.back().size();
    const std::size_t expected = length_.value_or(series.dimensions[0].size());
    if (length != expected)
      refuse("dimension " + std::to_string(series.dimensions.size()) + " has " + std::to_string(length) +
             " numbers, " + std::to_string(expected) + " are expected");
  }
  std::vector<double> numbers(std::string_view part, std::size_t dimension) const {
    std::vector<double> values;
    for (const std::string_view word : split(part, ',')) {
      double value = 0;
      const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
      if (error != std::errc() || end != word.data() + word.size() || !std::isfinite(value))
        refuse("dimension " + std::to_string(dimension + 1) + ", number " +
               std::to_string(values.size() + 1) + ": " + in_quotes(word) +
               (word == "?" ? " is a missing value, which is not read" : " is not a finite number"));
      values.push_back(value);
    }
    return values;
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw InputError(to_string(location_) + ": " + what);
  }
  [[noreturn]] void refuse_file(const std::string& what) const {
    throw InputError(location_.file + ": " + what);
  }

  std::istream& in_;
  Location location_;
  std::string text_;
  std::string_view line_;           // of text_, trimmed
  std::vector<std::string> words_;  // of a header, after its key
  bool in_data_ = false;
  bool has_classes_ = false;
  bool equal_length_ = false;
  std::optional<std::size_t> length_;  // of every series
  SeriesFile file_;
};

}  // namespace

SeriesFile read_ts_series(std::istream& in, const std::string& name) { return SeriesReader(in, name).read(); }

}  // namespace chronotope::proto
