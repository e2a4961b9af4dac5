// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/apps/options/option.hpp"
#include "chronotope/apps/options/usage.hpp"
#include "chronotope/apps/verbs/verbs.hpp"
#include "chronotope/core/decimal.hpp"

namespace chronotope::apps {

/// Parses `arguments`. Every option of the tables has the value that its kind says, or its default; every
/// positional name becomes an option of the same name (std::string, or a vector of them when it repeats) and,
/// unless last_optional says otherwise, is required. Prints the help and returns nothing when --help is among
/// the arguments. Throws InputError with one line for unknown options, missing, empty or malformed values,
/// values out of range, options without the company they need, an output that is also an input or another
/// output, and two outputs on the standard output.
std::optional<boost::program_options::variables_map> parse(Usage usage, const Arguments& arguments);

/// The options that name files to write.
std::vector<std::string> written_options(const Usage& usage);

/// Throws FieldError when one of the options `outputs` names a file that the run reads: of those that a
/// specification or a folder names, which parse() can not know. To be called before any output is opened.
void require_not_read(const boost::program_options::variables_map& values,
                      const std::vector<std::string>& outputs,
                      const std::vector<std::filesystem::path>& read);
/// The same of one file that is written because of `option`.
void require_not_read(const std::string& option, const std::filesystem::path& output,
                      const std::vector<std::filesystem::path>& read);

/// A time or length of time [ms] given as the text of an option, read by its digits.
Decimal time_option(const boost::program_options::variables_map& values, const std::string& option);

/// A whole number of a table's option.
std::size_t whole_option(const boost::program_options::variables_map& values, const std::string& option);
/// The text of an option, empty when it is not given.
std::string text_option(const boost::program_options::variables_map& values, const std::string& option);

/// Checks a value: throws InputError "--OPTION: VALUE is not allowed (ALLOWED)".
void require(bool holds, const std::string& option, const std::string& value, const std::string& allowed);

/// Whether `option` stands on the command line.
bool given(const boost::program_options::variables_map& values, const std::string& option);

/// Throws InputError "--OPTION: needs COMPANY" when `option` was given and nothing will use it.
void require_use(const boost::program_options::variables_map& values, const std::string& option, bool used,
                 const std::string& company);

/// The same of every option of a group that nothing uses here.
void require_unused(const boost::program_options::variables_map& values, const OptionGroup& group,
                    const std::string& company);

}  // namespace chronotope::apps
