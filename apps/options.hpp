// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/apps/verbs.hpp"
#include "chronotope/core/decimal.hpp"

namespace chronotope::apps {

/// How one verb is called: what --help prints and what its words are checked against.
struct Usage {
  std::string synopsis;  // "simulate SPEC [options]"
  std::string summary;   // one sentence
  std::string examples;  // lines, each a command that works
  boost::program_options::options_description options{"Options"};
  std::vector<std::string> positional;  // names of the words without a dash
  bool last_repeats = false;            // the last of them takes any number of words
  bool last_optional = false;           // the last of them may be left out
  std::vector<std::string> inputs;      // options that name files to read
  std::vector<std::string> outputs;     // options that name files to write
};

/// Parses `arguments`; every positional name becomes an option of the same name (std::string, or a vector of
/// them when it repeats) and, unless last_optional says otherwise, is required. Prints the help and returns
/// nothing when --help is among them. Throws InputError with one line for unknown options, missing, empty or
/// malformed values, and for an output that is also an input or another output.
std::optional<boost::program_options::variables_map> parse(Usage usage, const Arguments& arguments);

/// Throws FieldError when one of the options `outputs` names a file that the run reads: of those that a
/// specification or a folder names, which parse() can not know. To be called before any output is opened.
void require_not_read(const boost::program_options::variables_map& values,
                      const std::vector<std::string>& outputs,
                      const std::vector<std::filesystem::path>& read);
/// The same of one file that is written because of `option`.
void require_not_read(const std::string& option, const std::filesystem::path& output,
                      const std::vector<std::filesystem::path>& read);

/// A time or length of time [ms] given as the text of an option, read by its digits. Throws FieldError unless
/// it lies from `least` to Time::kMaxMs, which `allowed` says.
Decimal time_option(const boost::program_options::variables_map& values, const std::string& option,
                    Duration least, const std::string& allowed);

/// Checks a number's range: throws FieldError("command line", --name, value, allowed).
void require(bool holds, const std::string& option, const std::string& value, const std::string& allowed);

/// Whether `option` stands on the command line.
bool given(const boost::program_options::variables_map& values, const std::string& option);

/// Throws InputError "--option needs COMPANY" when `option` was given and nothing will use it.
void require_use(const boost::program_options::variables_map& values, const std::string& option, bool used,
                 const std::string& company);

}  // namespace chronotope::apps
