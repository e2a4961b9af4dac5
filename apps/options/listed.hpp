// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace chronotope::apps {

/// The words of an option that lists some, separated by commas. Throws InputError for one that is empty or
/// stands twice.
std::vector<std::string> listed(const std::string& option, const std::string& text);

}  // namespace chronotope::apps
