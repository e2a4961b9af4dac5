// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/python/keyword_options.hpp"

#include <algorithm>
#include <vector>

#include "chronotope/apps/options/options.hpp"
#include "chronotope/core/near_names.hpp"

namespace chronotope::apps {
namespace py = pybind11;

namespace {

std::string option_name(std::string keyword) {
  std::replace(keyword.begin(), keyword.end(), '_', '-');
  return keyword;
}

std::string keyword_name(std::string option) {
  std::replace(option.begin(), option.end(), '-', '_');
  return option;
}

std::vector<std::string> keyword_names(const Usage& usage) {
  std::vector<std::string> names;
  for (const OptionGroup& group : usage.groups)
    for (const Option& option : group.options) names.push_back(keyword_name(option.name));
  return names;
}

void require_option(const Usage& usage, const std::string& keyword) {
  const std::vector<std::string> names = keyword_names(usage);
  if (std::find(names.begin(), names.end(), keyword) != names.end()) return;
  const auto near = near_names(keyword, names);
  throw py::type_error(usage.synopsis.substr(0, usage.synopsis.find(' ')) +
                       "() got an unexpected keyword argument '" + keyword + "'" +
                       (near.empty() ? "" : " (" + suggest(keyword, near) + ")"));
}

/// Whether the table has it, and it stands once.
bool takes_one(const Usage& usage, const std::string& name) {
  for (const OptionGroup& group : usage.groups)
    for (const Option& option : group.options)
      if (option.name == name) return !repeats(option);
  return false;
}

void add(const std::string& option, py::handle value, Arguments& arguments) {
  if (value.is_none() || value.is(py::bool_(false))) return;
  if (value.is(py::bool_(true)))
    arguments.push_back("--" + option);
  else
    arguments.push_back("--" + option + "=" + py::str(value).cast<std::string>());
}

}  // namespace

Arguments arguments_of(const py::kwargs& keywords, const Usage& usage) {
  Arguments arguments;
  for (const auto& [key, value] : keywords) {
    const std::string option = option_name(py::str(key).cast<std::string>());
    if (!py::isinstance<py::list>(value) && !py::isinstance<py::tuple>(value))
      add(option, value, arguments);
    else if (takes_one(usage, option))
      add(option,
          py::str(",").attr("join")(
              py::module_::import("builtins").attr("map")(py::type::of(py::str()), value)),
          arguments);
    else
      for (const py::handle each : value) add(option, each, arguments);
  }
  return arguments;
}

boost::program_options::variables_map read_keywords(const Usage& usage, const py::kwargs& keywords) {
  for (const auto& [key, value] : keywords) require_option(usage, py::str(key).cast<std::string>());
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
