// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/output/json_text.hpp"

#include <fmt/core.h>

#include <cmath>

namespace chronotope::apps {

std::string json_number(double value) {
  return std::isfinite(value) ? fmt::format("{:.17g}", value) : "null";
}

std::string json_string(const std::string& name) {
  std::string text = "\"";
  for (const char c : name) {
    if (c == '\\' || c == '"') text += '\\';
    text += c;
  }
  return text + "\"";
}

std::string json_list(std::size_t size, const std::function<std::string(std::size_t)>& value) {
  std::string text = "[";
  for (std::size_t k = 0; k < size; ++k) text += (k == 0 ? "" : ", ") + value(k);
  return text + "]";
}

}  // namespace chronotope::apps
