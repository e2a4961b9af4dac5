// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/neuron_list.hpp"

#include <charconv>

namespace chronotope::proto {
namespace {

/// Takes a whole number from the begin of the text.
std::optional<std::uint32_t> take_number(std::string_view& text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

void skip_spaces(std::string_view& text) {
  while (take(text, ' ')) continue;
}

/// "3" or "10-19".
std::optional<NeuronSpan> take_span(std::string_view& text) {
  const auto first = take_number(text);
  if (!first) return std::nullopt;
  if (!take(text, '-')) return NeuronSpan{*first, *first};
  const auto last = take_number(text);
  if (!last || *last < *first) return std::nullopt;
  return NeuronSpan{*first, *last};
}

}  // namespace

std::optional<NeuronSpan> read_neuron_span(std::string_view text) {
  const auto span = take_span(text);
  return text.empty() ? span : std::nullopt;
}

std::optional<std::vector<NeuronSpan>> read_neuron_list(std::string_view text) {
  std::vector<NeuronSpan> spans;
  do {
    skip_spaces(text);
    const auto span = take_span(text);
    if (!span || (!spans.empty() && span->first <= spans.back().last)) return std::nullopt;
    spans.push_back(*span);
    skip_spaces(text);
  } while (take(text, ','));
  if (!text.empty()) return std::nullopt;
  return spans;
}

}  // namespace chronotope::proto
