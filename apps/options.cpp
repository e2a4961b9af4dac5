// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/options.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <sstream>
#include <typeinfo>
#include <utility>

#include "chronotope/apps/leftovers.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/near_names.hpp"
#include "chronotope/proto/formats/npz.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

void print_help(const Usage& usage) {
  std::ostringstream options;
  options << usage.options;
  fmt::print("Usage: chronotope {}\n\n{}\n\n{}\nExamples:\n{}", usage.synopsis, usage.summary, options.str(),
             usage.examples);
}

/// Boost reads "-1" as the largest unsigned number; whoever typed it meant another one.
void refuse_negative(const po::parsed_options& parsed) {
  for (const auto& given : parsed.options) {
    const auto* option = parsed.description->find_nothrow(given.string_key, false);
    const auto* typed =
        option == nullptr ? nullptr : dynamic_cast<const po::typed_value_base*>(option->semantic().get());
    if (typed == nullptr) continue;
    if (typed->value_type() != typeid(std::uint64_t) && typed->value_type() != typeid(std::uint32_t))
      continue;
    for (const std::string& value : given.value)
      require(!value.starts_with('-'), given.string_key, value, "must be >= 0");
  }
}

void refuse_empty(const po::parsed_options& parsed) {
  for (const auto& given : parsed.options)
    for (const std::string& value : given.value)
      require(!value.empty(), given.string_key, "''", "must not be empty");
}

bool same_file(const std::string& a, const std::string& b) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (fs::equivalent(a, b, ignored)) return fs::is_regular_file(a, ignored);
  return fs::absolute(a).lexically_normal() == fs::absolute(b).lexically_normal() && !fs::exists(a, ignored);
}

/// Whoever gives one file two tasks would lose what the first of them left there.
void refuse_shared_outputs(const Usage& usage, const po::variables_map& values) {
  std::vector<std::pair<std::string, std::string>> taken;  // file, what it is
  for (const auto& name : usage.positional) {
    if (values.count(name) == 0) continue;
    if (const auto* words = boost::any_cast<std::vector<std::string>>(&values[name].value()))
      for (const auto& word : *words) taken.emplace_back(proto::ArrayPath(word).file, name);
    else
      taken.emplace_back(proto::ArrayPath(values[name].as<std::string>()).file, name);
  }
  for (const auto& option : usage.inputs)
    if (values.count(option) != 0) taken.emplace_back(values[option].as<std::string>(), "--" + option);
  for (const auto& output : usage.outputs) {
    if (values.count(output) == 0 || values[output].as<std::string>() == "-") continue;
    const auto file = values[output].as<std::string>();
    for (const auto& [other, task] : taken)
      require(!same_file(file, other), output, "'" + file + "'", "the same file is " + task);
    taken.emplace_back(file, "--" + output);
  }
}

void remove_leftovers_of(const Usage& usage, const po::variables_map& values) {
  const bool quiet = values.count("quiet") != 0 && values["quiet"].as<bool>();
  for (const auto& output : usage.outputs)
    if (values.count(output) != 0 && values[output].as<std::string>() != "-")
      remove_leftovers(std::filesystem::path(values[output].as<std::string>()), quiet);
}

/// " (did you mean --snapshot-every?)", or nothing.
std::string near_options(const po::options_description& options, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& option : options.options()) names.push_back("--" + option->long_name());
  const auto near = near_names(name, names);
  return near.empty() ? "" : " (" + suggest(name, near) + ")";
}

}  // namespace

std::optional<po::variables_map> parse(Usage usage, const Arguments& arguments) {
  usage.options.add_options()("help,h", "show this help")("version,V", "print the version");
  if (std::any_of(arguments.begin(), arguments.end(),
                  [](const auto& a) { return a == "--help" || a == "-h"; })) {
    print_help(usage);
    return std::nullopt;
  }
  po::options_description all;
  all.add(usage.options);
  po::positional_options_description words;
  for (const auto& name : usage.positional) {
    const bool last = name == usage.positional.back();
    const bool repeats = usage.last_repeats && last;
    if (usage.last_optional && last)
      all.add_options()(name.c_str(), po::value<std::string>());
    else if (repeats)
      all.add_options()(name.c_str(), po::value<std::vector<std::string>>()->required());
    else
      all.add_options()(name.c_str(), po::value<std::string>()->required());
    words.add(name.c_str(), repeats ? -1 : 1);
  }
  po::variables_map values;
  try {
    using Style = po::command_line_style::style_t;
    const int style = po::command_line_style::unix_style & ~static_cast<int>(Style::allow_guessing);
    const auto parsed = po::command_line_parser(arguments).options(all).positional(words).style(style).run();
    refuse_negative(parsed);
    refuse_empty(parsed);
    po::store(parsed, values);
    po::notify(values);
    refuse_shared_outputs(usage, values);
  } catch (const po::required_option& error) {
    std::string name = error.get_option_name();
    name.erase(0, name.find_first_not_of('-'));
    throw InputError("missing " + name + "; usage: chronotope " + usage.synopsis);
  } catch (const po::unknown_option& error) {
    throw InputError(std::string(error.what()) + near_options(usage.options, error.get_option_name()) +
                     "; see --help");
  } catch (const po::error& error) {
    throw InputError(std::string(error.what()) + "; see --help");
  }
  remove_leftovers_of(usage, values);
  return values;
}

void require_not_read(const po::variables_map& values, const std::vector<std::string>& outputs,
                      const std::vector<std::filesystem::path>& read) {
  for (const auto& output : outputs)
    if (values.count(output) != 0) require_not_read(output, values[output].as<std::string>(), read);
}

void require_not_read(const std::string& option, const std::filesystem::path& output,
                      const std::vector<std::filesystem::path>& read) {
  for (const auto& input : read)
    require(output == "-" || !same_file(output, input), option, "'" + output.string() + "'",
            "the run reads this file");
}

Decimal time_option(const po::variables_map& values, const std::string& option, Duration least,
                    const std::string& allowed) {
  const auto text = values[option].as<std::string>();
  const auto time = read_decimal(text);
  require(time.has_value() && time->value >= least, option, text, allowed);
  return *time;
}

bool given(const po::variables_map& values, const std::string& option) {
  return values.count(option) != 0 && !values[option].defaulted();
}

void require_use(const po::variables_map& values, const std::string& option, bool used,
                 const std::string& company) {
  if (!used && given(values, option)) throw InputError("--" + option + " needs " + company);
}

void require(bool holds, const std::string& option, const std::string& value, const std::string& allowed) {
  if (!holds) throw FieldError({"command line"}, "--" + option, value, allowed);
}

}  // namespace chronotope::apps
