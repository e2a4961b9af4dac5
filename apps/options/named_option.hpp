// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <boost/program_options.hpp>
#include <cstddef>
#include <string>
#include <utility>

#include "chronotope/apps/options/options.hpp"

namespace chronotope::apps {

/// A word of the command line and what it stands for.
template <class Value>
using Name = std::pair<const char*, Value>;

/// What an option's word stands for. Throws an InputError that lists the words.
template <class Value, std::size_t count>
Value named(const boost::program_options::variables_map& values, const std::string& option,
            const std::array<Name<Value>, count>& names) {
  const auto word = values[option].as<std::string>();
  std::string allowed = "must be one of";
  for (const auto& [name, value] : names) {
    if (word == name) return value;
    allowed += std::string(" ") + name;
  }
  require(false, option, "'" + word + "'", allowed);
  return names[0].second;
}

/// The words as what stands behind an option.
template <class Value, std::size_t count>
Word words_of(const std::string& noun, const std::array<Name<Value>, count>& names,
              const std::string& fallback) {
  Word word{noun, {}, fallback};
  for (const auto& [name, value] : names) word.words.emplace_back(name);
  return word;
}

}  // namespace chronotope::apps
