// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace chronotope::apps {

/// A text as a cell of a CSV, in quotes where it needs them (RFC 4180).
inline std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string inside;
  for (const char c : text) inside += c == '"' ? "\"\"" : std::string(1, c);
  return "\"" + inside + "\"";
}

}  // namespace chronotope::apps
