// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chronotope/apps/options/option.hpp"

namespace chronotope::apps {

/// The options under their headings as --help lists them, 80 columns wide:
///
///   Sampling:
///         --batch N          objects per trial [from 1 to 1e9; default: 500]
std::string option_list(const std::vector<OptionGroup>& groups);

/// " [from 1 to 256; default: 1]", or nothing to say.
std::string limits_of(const Option& option);

/// `text` in lines of at most 80 columns, those after the first behind `indent` blanks; a line break begins a
/// paragraph.
std::string wrapped(const std::string& text, std::size_t first, std::size_t indent);

}  // namespace chronotope::apps
