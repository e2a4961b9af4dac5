// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/options/option.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/near_names.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace {

/// A function object of several.
template <class... Cases>
struct Match : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Match(Cases...) -> Match<Cases...>;

/// 1e9, not 1e+09.
std::string number(double value) {
  std::string text = to_string(value);
  if (const auto exponent = text.find("e+"); exponent != std::string::npos) {
    text.erase(exponent + 1, 1);
    while (text[exponent + 1] == '0') text.erase(exponent + 1, 1);
  }
  return text;
}

std::string with_unit(const std::string& unit) { return unit.empty() ? "" : " " + unit; }

std::string range(const RealNumber& real) {
  const auto& [least, most] = std::pair(real.least, real.most);
  const std::string unit = with_unit(real.unit);
  const std::string low = (least.is_open ? "> " : ">= ") + number(least.value);
  if (std::isinf(most.value)) return low + unit + (most.is_open ? " and finite" : "");
  if (!least.is_open && !most.is_open)
    return "from " + number(least.value) + " to " + number(most.value) + unit;
  return low + (most.is_open ? " and < " : " and at most ") + number(most.value) + unit;
}

std::string range(const WholeNumber& whole) {
  if (whole.most == std::numeric_limits<std::uint64_t>::max()) return fmt::format(">= {}", whole.least);
  return fmt::format("from {} to {}", whole.least, whole.most);
}

std::string range(const Milliseconds& time) {
  const std::string most = number(Time::kMaxMs) + " ms";
  if (time.least == Duration()) return "from 0 to " + most;
  if (time.least <= stated_duration(1e-12)) return "> 0 and at most " + most;
  return "from " + number(time.least.ms()) + " to " + most;
}

std::string range(const Word& word) {
  return fmt::format("one of {}{}", fmt::join(word.words, ", "), word.more.empty() ? "" : ", " + word.more);
}

bool lies_in(double value, const RealNumber& real) {
  const bool enough = real.least.is_open ? value > real.least.value : value >= real.least.value;
  const bool few = real.most.is_open ? value < real.most.value : value <= real.most.value;
  return enough && few;
}

/// The whole text as a number.
template <class Value>
std::optional<Value> read(const std::string& text) {
  Value value{};
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && rest == end ? std::optional(value) : std::nullopt;
}

/// What may be a number out of its range is quoted as one.
[[noreturn]] void refuse(const Option& option, const std::string& text) {
  const std::string said = read<double>(text) ? text : in_quotes(text);
  throw InputError("--" + option.name + ": " + said + " is not allowed (must be " + range_of(option) + ")");
}

[[noreturn]] void refuse_word(const Option& option, const Word& word, const std::string& text) {
  const auto near = near_names(text, word.words);
  throw InputError(fmt::format("--{}: no {} named \"{}\"{}; {}", option.name, word.noun, printable(text),
                               near.empty() ? "" : " (" + suggest(text, near) + ")", range(word)));
}

}  // namespace

OptionGroup OptionGroup::without(const std::vector<std::string>& names) const {
  OptionGroup rest = *this;
  std::erase_if(rest.options, [&](const Option& option) {
    return std::find(names.begin(), names.end(), option.name) != names.end();
  });
  return rest;
}

Option required(Option option) {
  option.is_required = true;
  return option;
}

std::string meta_of(const Option& option) {
  return std::visit(
      Match{[](const Flag&) { return std::string(); }, [](const Milliseconds&) { return std::string("MS"); },
            [](const Word& word) { return word.more.empty() ? "WORD" : "WORD|" + word.more; },
            [](const auto& value) { return value.meta; }},
      option.value);
}

std::string fallback_of(const Option& option) {
  return std::visit(
      Match{[](const Flag&) { return std::string(); }, [](const File&) { return std::string(); },
            [](const auto& value) { return value.fallback; }},
      option.value);
}

std::string range_of(const Option& option) {
  return std::visit(
      Match{[](const Flag&) { return std::string(); }, [](const File&) { return std::string(); },
            [](const Text&) { return std::string(); }, [](const auto& value) { return range(value); }},
      option.value);
}

bool is_written(const Option& option) {
  const auto* file = std::get_if<File>(&option.value);
  return file != nullptr && file->use == File::Use::kWritten;
}

bool is_read(const Option& option) {
  const auto* file = std::get_if<File>(&option.value);
  return file != nullptr && file->use == File::Use::kRead;
}

bool repeats(const Option& option) {
  const auto* text = std::get_if<Text>(&option.value);
  return text != nullptr && text->repeats;
}

OptionValue read_value(const Option& option, const std::string& text) {
  if (text.empty()) throw InputError("--" + option.name + ": '' is not allowed (must not be empty)");
  return std::visit(Match{[&](const WholeNumber& whole) -> OptionValue {
                            const auto value = read<std::uint64_t>(text);
                            if (!value || *value < whole.least || *value > whole.most) refuse(option, text);
                            return *value;
                          },
                          [&](const RealNumber& real) -> OptionValue {
                            const auto value = read<double>(text);
                            if (!value || !lies_in(*value, real)) refuse(option, text);
                            return *value;
                          },
                          [&](const Milliseconds& time) -> OptionValue {
                            const auto value = read_decimal(text);
                            if (!value || value->value < time.least) refuse(option, text);
                            return text;
                          },
                          [&](const Word& word) -> OptionValue {
                            const bool known =
                                std::find(word.words.begin(), word.words.end(), text) != word.words.end();
                            if (!known && word.more.empty()) refuse_word(option, word, text);
                            return text;
                          },
                          [&](const auto&) -> OptionValue { return text; }},
                    option.value);
}

}  // namespace chronotope::apps
