// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace chronotope::apps {

/// A number that reads back as the same one; null for one that is not finite, for which JSON has no number.
std::string json_number(double value);
/// A text in quotes. Requires: no control characters; printable() takes them out.
std::string json_string(const std::string& name);
/// [a, b, ...] of the texts of `size` values.
std::string json_list(std::size_t size, const std::function<std::string(std::size_t)>& value);

}  // namespace chronotope::apps
