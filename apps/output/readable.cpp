// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/output/readable.hpp"

#include <fmt/format.h>

namespace chronotope::apps {

std::string grouped(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t end = text.size(); end > 3; end -= 3) text.insert(end - 3, ",");
  return text;
}

std::string counted(std::uint64_t count, const std::string& thing) {
  return grouped(count) + " " + thing + (count == 1 ? "" : "s");
}

std::string readable(Time time) {
  std::string text = fmt::format("{:.6f}", time.to_ms());
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace chronotope::apps
