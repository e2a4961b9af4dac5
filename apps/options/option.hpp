// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "chronotope/core/time.hpp"

namespace chronotope::apps {

/// One end of a range of numbers; an open one does not belong to it.
struct Bound {
  double value = 0;
  bool is_open = false;
};
inline Bound from(double value) { return {value, false}; }
inline Bound above(double value) { return {value, true}; }
inline Bound up_to(double value) { return {value, false}; }
inline Bound below(double value) { return {value, true}; }
inline Bound no_bound() { return {std::numeric_limits<double>::infinity(), false}; }
inline Bound any_finite() { return {std::numeric_limits<double>::infinity(), true}; }

// What stands behind an option. `fallback` is what it is when it is not given, as somebody would write it;
// empty when there is no such value. `meta` names the value in --help.

struct Flag {};
/// A whole number; its value is a std::uint64_t.
struct WholeNumber {
  std::uint64_t least = 0;
  std::uint64_t most = 0;
  std::string fallback{};
  std::string meta = "N";
};
/// A number; its value is a double. `unit` stands behind the range in errors.
struct RealNumber {
  Bound least;
  Bound most;
  std::string fallback{};
  std::string meta = "X";
  std::string unit{};
};
/// A time or length of time [ms] up to Time::kMaxMs that is read by its digits (time_option); its value is
/// the text.
struct Milliseconds {
  Duration least;
  std::string fallback{};
};
/// One of some words, which `noun` sums up; its value is the word.
struct Word {
  std::string noun;
  std::vector<std::string> words;
  std::string fallback{};
  std::string more{};  // "FILE": what else may stand there, which the verb checks
};
/// Any text; its value is the text, or all texts of an option that `repeats`, a std::vector<std::string>.
struct Text {
  std::string meta;
  std::string fallback{};
  bool repeats = false;
};
/// The path of a file that is read or written; - stands for standard input or output.
struct File {
  enum class Use { kRead, kWritten } use = Use::kRead;
  std::string meta = "FILE";
};

/// A row of a table of options: all that parsing, --help and refusals are made of.
struct Option {
  /// What must be given, or be one of some words, so that the option is used.
  struct Company {
    std::string option;
    std::vector<std::string> words{};
  };

  std::string name;
  std::variant<Flag, WholeNumber, RealNumber, Milliseconds, Word, Text, File> value;
  std::string help;
  std::vector<Company> needs{};  // one of them, when any are named
  bool is_required = false;
};

/// Options under one heading of --help.
struct OptionGroup {
  std::string title;
  std::vector<Option> options;

  /// The group without some of its options.
  OptionGroup without(const std::vector<std::string>& names) const;
};

/// A row for the option in which it is required.
Option required(Option option);

/// "MS", "FILE"; empty for a flag.
std::string meta_of(const Option& option);
std::string fallback_of(const Option& option);
/// "from 1 to 256", "> 0 ms and finite", "one of min, max"; empty when every text is allowed.
std::string range_of(const Option& option);
bool is_written(const Option& option);
bool is_read(const Option& option);
bool repeats(const Option& option);

/// Of the type that the option's kind says, a std::string where it says none.
using OptionValue = std::variant<std::uint64_t, double, std::string>;

/// The value that `text` is for the option.
/// Throws InputError "--batch: 0 is not allowed (must be from 1 to 1000000000)", or for a word "--metric: no
/// metric named "foo"; one of euclidean, cosine".
OptionValue read_value(const Option& option, const std::string& text);

}  // namespace chronotope::apps
