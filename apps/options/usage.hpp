// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chronotope/apps/options/option.hpp"

namespace chronotope::apps {

/// How one verb is called: what --help prints and what its words are checked against.
struct Usage {
  std::string synopsis;  // "simulate SPEC [options]"
  std::string summary;   // some sentences
  std::string examples;  // lines, each a command that works
  std::vector<OptionGroup> groups;
  std::vector<std::string> positional{};  // names of the words without a dash
  bool last_repeats = false;              // the last of them takes any number of words
  bool last_optional = false;             // the last of them may be left out
};

}  // namespace chronotope::apps
