// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/column_choice.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::proto {
namespace {

using Names = std::span<const std::string>;
using Range = std::pair<std::size_t, std::size_t>;  // first and last column

std::optional<std::size_t> named(std::string_view word, Names names) {
  const auto at = std::find(names.begin(), names.end(), word);
  if (at == names.end()) return std::nullopt;
  return static_cast<std::size_t>(at - names.begin());
}

std::optional<std::size_t> numbered(std::string_view word, std::size_t width) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  if (number < 1 || number > width) return std::nullopt;
  return number - 1;
}

std::optional<std::size_t> column(std::string_view word, Names names, std::size_t width) {
  const auto by_name = named(word, names);
  return by_name ? by_name : numbered(word, width);
}

/// A column, or two with a dash between them; the second may be missing.
std::optional<Range> range(std::string_view part, Names names, std::size_t width) {
  if (const auto one = column(part, names, width)) return Range{*one, *one};
  for (auto dash = part.find('-'); dash != std::string_view::npos; dash = part.find('-', dash + 1)) {
    const auto first = column(part.substr(0, dash), names, width);
    const auto rest = part.substr(dash + 1);
    const auto last = rest.empty() ? std::optional(width - 1) : column(rest, names, width);
    if (first && last && *first <= *last) return Range{*first, *last};
  }
  return std::nullopt;
}

std::string listed(Names names, std::size_t width) {
  constexpr std::size_t kShown = 8;
  std::string text = "columns 1 to " + std::to_string(width);
  for (std::size_t i = 0; i < std::min(kShown, names.size()); ++i)
    text += (i == 0 ? ": " : ", ") + printable(names[i]);
  return text + (names.size() > kShown ? ", ..." : "");
}

}  // namespace

ColumnChoice::ColumnChoice(std::string_view list) {
  for (;;) {
    const auto comma = list.find(',');
    parts_.emplace_back(list.substr(0, comma));
    if (comma == std::string_view::npos) return;
    list.remove_prefix(comma + 1);
  }
}

ColumnChoice ColumnChoice::known(std::vector<std::string> names) {
  ColumnChoice choice;
  choice.parts_ = std::move(names);
  choice.if_there_ = true;
  return choice;
}

std::vector<std::size_t> ColumnChoice::of(Names names, std::size_t width) const {
  std::vector<std::size_t> columns;
  if (all() || (if_there_ && names.empty())) {
    columns.resize(width);
    std::iota(columns.begin(), columns.end(), std::size_t{0});
    return columns;
  }
  std::vector<bool> taken(width, false);
  for (const std::string& part : parts_) {
    const auto chosen = range(part, names, width);
    if (!chosen && if_there_) continue;
    if (!chosen) throw InputError("has no column " + in_quotes(part) + " (" + listed(names, width) + ")");
    for (std::size_t at = chosen->first; at <= chosen->second; ++at) {
      if (taken[at]) throw InputError("column " + in_quotes(part) + " is chosen twice");
      taken[at] = true;
      columns.push_back(at);
    }
  }
  return columns;
}

}  // namespace chronotope::proto
