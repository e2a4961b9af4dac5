// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/python/keyword_options.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <variant>
#include <vector>

#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/python/python_text.hpp"
#include "chronotope/core/near_names.hpp"

namespace chronotope::apps {
namespace py = pybind11;

namespace {

/// Python's own words have a _ behind them: from_.
std::string option_name(std::string keyword) {
  if (keyword.ends_with('_')) keyword.pop_back();
  std::replace(keyword.begin(), keyword.end(), '_', '-');
  return keyword;
}

std::string keyword_name(std::string option) {
  std::replace(option.begin(), option.end(), '-', '_');
  const bool is_taken = py::module_::import("keyword").attr("iskeyword")(option).cast<bool>();
  return is_taken ? option + "_" : option;
}

std::vector<std::string> keyword_names(const Usage& usage) {
  std::vector<std::string> names;
  for (const OptionGroup& group : usage.groups)
    for (const Option& option : group.options) names.push_back(keyword_name(option.name));
  return names;
}

/// Throws TypeError for a keyword that is no option.
const Option& option_of(const Usage& usage, const std::string& keyword) {
  for (const OptionGroup& group : usage.groups)
    for (const Option& option : group.options)
      if (option.name == option_name(keyword)) return option;
  const std::vector<std::string> names = keyword_names(usage);
  const auto near = near_names(keyword, names);
  throw py::type_error(usage.synopsis.substr(0, usage.synopsis.find(' ')) +
                       "() got an unexpected keyword argument '" + keyword + "'" +
                       (near.empty() ? "" : " (" + suggest(keyword, near) + ")"));
}

[[noreturn]] void refuse(const Option& option, py::handle value, const std::string& allowed) {
  throw py::type_error(keyword_name(option.name) + ": " + utf8(py::repr(value)) +
                       " is not allowed (must be " + allowed + ")");
}

/// A float that is whole as the whole number.
std::string number_text(double value) {
  constexpr double kMostWhole = 9007199254740992;  // 2^53
  if (value != std::floor(value) || std::abs(value) > kMostWhole) return utf8(py::repr(py::float_(value)));
  return std::to_string(static_cast<std::int64_t>(value));
}

std::string text_of(const Option& option, py::handle value) {
  if (py::isinstance<py::bool_>(value)) refuse(option, value, "a value");
  if (std::holds_alternative<File>(option.value) || py::hasattr(value, "__fspath__") ||
      py::isinstance<py::bytes>(value))
    return path_text(value);
  return py::isinstance<py::float_>(value) ? number_text(value.cast<double>()) : utf8(py::str(value));
}

void add(const Option& option, py::handle value, Arguments& arguments) {
  const bool is_list = py::isinstance<py::list>(value) || py::isinstance<py::tuple>(value);
  if (std::holds_alternative<Flag>(option.value)) {
    if (!py::isinstance<py::bool_>(value)) refuse(option, value, "True or False");
    arguments.push_back("--" + option.name);
  } else if (!is_list) {
    arguments.push_back("--" + option.name + "=" + text_of(option, value));
  } else if (repeats(option)) {
    for (const py::handle each : value) arguments.push_back("--" + option.name + "=" + text_of(option, each));
  } else {
    std::string joined;
    for (const py::handle each : value) joined += (joined.empty() ? "" : ",") + text_of(option, each);
    arguments.push_back("--" + option.name + "=" + joined);
  }
}

}  // namespace

Arguments arguments_of(const py::kwargs& keywords, const Usage& usage) {
  Arguments arguments;
  for (const auto& [key, given] : keywords) {
    const Option& option = option_of(usage, utf8(key));
    // NumPy's numbers and arrays as Python's.
    const py::object value = py::hasattr(given, "tolist") ? py::object(given.attr("tolist")())
                                                          : py::reinterpret_borrow<py::object>(given);
    if (!value.is_none() && !value.is(py::bool_(false))) add(option, value, arguments);
  }
  return arguments;
}

boost::program_options::variables_map read_keywords(const Usage& usage, const py::kwargs& keywords) {
  return *parse(usage, arguments_of(keywords, usage));  // help is no keyword
}

std::string keywords_text(const Usage& usage) {
  std::string text;
  for (const OptionGroup& group : usage.groups) {
    for (const Option& option : group.options) {
      const std::string range = range_of(option);
      const std::string fallback = fallback_of(option);
      text += "    " + keyword_name(option.name) + ": " + option.help;
      if (!range.empty()) text += "; " + range;
      if (!fallback.empty()) text += "; default " + fallback;
      text += "\n";
    }
  }
  return text;
}

}  // namespace chronotope::apps
