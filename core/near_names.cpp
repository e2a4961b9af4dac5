// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/near_names.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <utility>

namespace chronotope {
namespace {

std::string lower(std::string_view name) {
  std::string letters(name);
  std::transform(letters.begin(), letters.end(), letters.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return letters;
}

/// The distance by which a misspelling is judged: whoever stops early or goes on is near.
std::size_t strangeness(std::string_view name, std::string_view meant) {
  const std::string a = lower(name);
  const std::string b = lower(meant);
  const std::size_t distance = edit_distance(a, b);
  return !a.empty() && (a.starts_with(b) || b.starts_with(a)) ? std::min<std::size_t>(distance, 1) : distance;
}

}  // namespace

std::size_t edit_distance(std::string_view a_name, std::string_view b_name) {
  const std::string a = lower(a_name);
  const std::string b = lower(b_name);
  std::vector<std::size_t> above_last;
  std::vector<std::size_t> last(b.size() + 1);
  std::iota(last.begin(), last.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::vector<std::size_t> row(b.size() + 1, i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], above_last[j - 2] + 1);
    }
    above_last = std::exchange(last, std::move(row));
  }
  return last.back();
}

std::vector<std::string> near_names(std::string_view name, const std::vector<std::string>& names) {
  std::vector<std::string> nearest;
  std::size_t least = name.size() + 1;
  for (const std::string& other : names) {
    const std::size_t distance = strangeness(name, other);
    if (distance > least || 2 * distance > std::max(name.size(), other.size())) continue;
    if (distance < least) nearest.clear();
    least = distance;
    nearest.push_back(other);
  }
  return nearest;
}

std::string suggest(std::string_view name, const std::vector<std::string>& names) {
  const std::vector<std::string> near = near_names(name, names);
  std::string text = near.empty() ? "must be one of" : "did you mean";
  const auto& listed = near.empty() ? names : near;
  for (std::size_t i = 0; i < listed.size(); ++i) text += (!near.empty() && i > 0 ? " or " : " ") + listed[i];
  return near.empty() ? text : text + "?";
}

}  // namespace chronotope
