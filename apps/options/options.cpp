// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/options/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <typeinfo>
#include <utility>

#include "chronotope/apps/options/help_text.hpp"
#include "chronotope/apps/options/usage_forms.hpp"
#include "chronotope/apps/output/leftovers.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/near_names.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/formats/npz.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

/// Calls take(option) for every row of the tables.
template <class Take>
void for_each_option(const Usage& usage, Take take) {
  for (const OptionGroup& group : usage.groups)
    for (const Option& option : group.options) take(option);
}

bool asks_help(const Arguments& arguments) {
  return std::any_of(arguments.begin(), arguments.end(),
                     [](const auto& word) { return word == "--help" || word == "-h"; });
}

void print_help(const Usage& usage) {
  fmt::print("Usage: chronotope {}\n\n{}\n\n{}\nExamples:\n{}", usage.synopsis, wrapped(usage.summary, 0, 0),
             option_list(usage.groups), usage.examples);
}

/// Prints what the words ask for instead of work: the help, or what is made of the same table for man pages and
/// completion (--help=man, --help=bash).
bool print_form(const Usage& usage, const Arguments& arguments) {
  if (asks_help(arguments))
    print_help(usage);
  else if (arguments == Arguments{"--help=man"})
    fmt::print("{}", man_page(usage));
  else if (arguments == Arguments{"--help=bash"})
    fmt::print("{}", completion_branch(usage));
  else
    return false;
  return true;
}

/// What Boost is to know of the words: their names, and whether a value stands behind them.
po::options_description words_to_parse(const Usage& usage) {
  po::options_description all;
  for_each_option(usage, [&](const Option& option) {
    const std::string name = option.name == "help"      ? "help,h"
                             : option.name == "version" ? "version,V"
                                                        : option.name;
    if (std::holds_alternative<Flag>(option.value))
      all.add_options()(name.c_str(), po::bool_switch());
    else if (repeats(option))
      all.add_options()(name.c_str(), po::value<std::vector<std::string>>()->composing());
    else
      all.add_options()(name.c_str(), po::value<std::string>());
  });
  for (const auto& name : usage.positional) {
    const bool last = name == usage.positional.back();
    if (usage.last_repeats && last)
      all.add_options()(name.c_str(), po::value<std::vector<std::string>>());
    else
      all.add_options()(name.c_str(), po::value<std::string>());
  }
  return all;
}

po::positional_options_description positions(const Usage& usage) {
  po::positional_options_description words;
  for (const auto& name : usage.positional)
    words.add(name.c_str(), usage.last_repeats && name == usage.positional.back() ? -1 : 1);
  return words;
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

/// Reads the texts of the tables' options, and puts in the defaults of those that were not given.
void read_values(const Usage& usage, po::variables_map& values) {
  auto& table = static_cast<std::map<std::string, po::variable_value>&>(values);
  for_each_option(usage, [&](const Option& option) {
    if (std::holds_alternative<Flag>(option.value)) return;
    const bool was_given = values.count(option.name) != 0;
    if (was_given && repeats(option)) {
      for (const auto& text : values[option.name].as<std::vector<std::string>>()) read_value(option, text);
      return;
    }
    const std::string text = was_given ? values[option.name].as<std::string>() : fallback_of(option);
    if (!was_given && text.empty()) return;
    table[option.name] =
        std::visit([&](const auto& value) { return po::variable_value(boost::any(value), !was_given); },
                   read_value(option, text));
  });
}

void require_words(const Usage& usage, const po::variables_map& values) {
  for (const auto& name : usage.positional) {
    const bool optional = usage.last_optional && name == usage.positional.back();
    if (values.count(name) == 0 && !optional)
      throw InputError("missing " + name + "; usage: chronotope " + usage.synopsis);
  }
  for_each_option(usage, [&](const Option& option) {
    if (option.is_required && values.count(option.name) == 0)
      throw InputError("missing --" + option.name + "; usage: chronotope " + usage.synopsis);
  });
}

bool holds(const po::variables_map& values, const Option::Company& company) {
  if (company.words.empty()) return given(values, company.option);
  return values.count(company.option) != 0 &&
         std::find(company.words.begin(), company.words.end(), values[company.option].as<std::string>()) !=
             company.words.end();
}

std::string to_text(const Option::Company& company) {
  return fmt::format("--{}{}{}", company.option, company.words.empty() ? "" : " ",
                     fmt::join(company.words, " or "));
}

void require_company(const Usage& usage, const po::variables_map& values) {
  for_each_option(usage, [&](const Option& option) {
    const bool used =
        option.needs.empty() || std::any_of(option.needs.begin(), option.needs.end(),
                                            [&](const auto& need) { return holds(values, need); });
    std::vector<std::string> needs;
    for (const auto& need : option.needs) needs.push_back(to_text(need));
    require_use(values, option.name, used, fmt::format("{}", fmt::join(needs, " or ")));
  });
}

bool same_file(const std::string& a, const std::string& b) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (fs::equivalent(a, b, ignored)) return fs::is_regular_file(a, ignored);
  return fs::absolute(a).lexically_normal() == fs::absolute(b).lexically_normal() && !fs::exists(a, ignored);
}

std::vector<std::string> read_options(const Usage& usage) {
  std::vector<std::string> names;
  for_each_option(usage, [&](const Option& option) {
    if (is_read(option)) names.push_back(option.name);
  });
  return names;
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
  for (const auto& option : read_options(usage))
    if (values.count(option) != 0) taken.emplace_back(text_option(values, option), "--" + option);
  for (const auto& output : written_options(usage)) {
    const auto file = text_option(values, output);
    if (file.empty() || file == "-") continue;
    for (const auto& [other, task] : taken)
      require(!same_file(file, other), output, "'" + file + "'", "the same file is " + task);
    taken.emplace_back(file, "--" + output);
  }
}

/// Two outputs can not share the standard output, nor one and the report that --json prints there.
void refuse_shared_standard_output(const Usage& usage, const po::variables_map& values) {
  std::vector<std::string> able;
  std::size_t users = 0;
  for_each_option(usage, [&](const Option& option) {
    const bool json = option.name == "json";
    if (!json && !is_written(option)) return;
    able.push_back("--" + option.name + (json ? "" : " -"));
    users += (json ? given(values, "json") : text_option(values, option.name) == "-") ? 1 : 0;
  });
  if (users < 2) return;
  const std::string last = able.back();
  able.pop_back();
  throw InputError(
      fmt::format("only one of {} and {} can have the standard output", fmt::join(able, ", "), last));
}

void remove_leftovers_of(const Usage& usage, const po::variables_map& values) {
  const bool quiet = values.count("quiet") != 0 && values["quiet"].as<bool>();
  for (const auto& output : written_options(usage))
    if (const auto file = text_option(values, output); !file.empty() && file != "-") {
      require_not_written(file);
      remove_leftovers(file, quiet);
    }
}

/// " (did you mean --snapshot-every?)", or nothing.
std::string near_options(const Usage& usage, const std::string& name) {
  std::vector<std::string> names;
  for_each_option(usage, [&](const Option& option) { names.push_back("--" + option.name); });
  const auto near = near_names(name, names);
  return near.empty() ? "" : " (" + suggest(name, near) + ")";
}

/// What Boost objects to, in this program's form.
[[noreturn]] void refuse_syntax(const Usage& usage, const po::error& error) {
  const std::string verb = usage.synopsis.substr(0, usage.synopsis.find(' '));
  const std::string help = "; see chronotope " + verb + " --help";
  if (const auto* unknown = dynamic_cast<const po::unknown_option*>(&error)) {
    const std::string name = printable(unknown->get_option_name());
    throw InputError(name + ": no such option" + near_options(usage, name) + help);
  }
  if (const auto* twice = dynamic_cast<const po::multiple_occurrences*>(&error))
    throw InputError(twice->get_option_name() + ": stands more than once");
  if (const auto* syntax = dynamic_cast<const po::invalid_command_line_syntax*>(&error)) {
    if (syntax->kind() == po::invalid_syntax::missing_parameter)
      throw InputError(syntax->get_option_name() + ": needs a value" + help);
    if (syntax->kind() == po::invalid_syntax::empty_adjacent_parameter)
      throw InputError(syntax->get_option_name() + ": '' is not allowed (must not be empty)");
    if (syntax->kind() == po::invalid_syntax::extra_parameter)
      throw InputError(syntax->get_option_name() + ": takes no value");
  }
  if (dynamic_cast<const po::too_many_positional_options_error*>(&error) != nullptr)
    throw InputError("a word too many; usage: chronotope " + usage.synopsis);
  throw InputError(std::string(error.what()) + help);
}

}  // namespace

std::vector<std::string> written_options(const Usage& usage) {
  std::vector<std::string> names;
  for_each_option(usage, [&](const Option& option) {
    if (is_written(option)) names.push_back(option.name);
  });
  return names;
}

std::optional<po::variables_map> parse(Usage usage, const Arguments& arguments) {
  usage.groups.push_back({"Help", {{"help", Flag(), "show this"}, {"version", Flag(), "print the version"}}});
  if (print_form(usage, arguments)) return std::nullopt;
  const po::options_description all = words_to_parse(usage);
  const po::positional_options_description places = positions(usage);
  po::variables_map values;
  try {
    using Style = po::command_line_style::style_t;
    const int style = po::command_line_style::unix_style & ~static_cast<int>(Style::allow_guessing);
    const auto parsed = po::command_line_parser(arguments).options(all).positional(places).style(style).run();
    refuse_negative(parsed);
    refuse_empty(parsed);
    po::store(parsed, values);
    po::notify(values);
  } catch (const po::required_option& error) {
    throw InputError("missing " + error.get_option_name() + "; usage: chronotope " + usage.synopsis);
  } catch (const po::error& error) {
    refuse_syntax(usage, error);
  }
  read_values(usage, values);
  require_words(usage, values);
  require_company(usage, values);
  refuse_shared_outputs(usage, values);
  refuse_shared_standard_output(usage, values);
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

Decimal time_option(const po::variables_map& values, const std::string& option) {
  return *read_decimal(values[option].as<std::string>());
}

std::size_t whole_option(const po::variables_map& values, const std::string& option) {
  return static_cast<std::size_t>(values[option].as<std::uint64_t>());
}

std::string text_option(const po::variables_map& values, const std::string& option) {
  return values.count(option) == 0 ? "" : values[option].as<std::string>();
}

bool given(const po::variables_map& values, const std::string& option) {
  return values.count(option) != 0 && !values[option].defaulted();
}

void require_use(const po::variables_map& values, const std::string& option, bool used,
                 const std::string& company) {
  if (!used && given(values, option)) throw InputError("--" + option + ": needs " + company);
}

void require_unused(const po::variables_map& values, const OptionGroup& group, const std::string& company) {
  for (const Option& option : group.options) require_use(values, option.name, false, company);
}

void require(bool holds, const std::string& option, const std::string& value, const std::string& allowed) {
  if (!holds) throw InputError("--" + option + ": " + value + " is not allowed (" + allowed + ")");
}

}  // namespace chronotope::apps
