// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/options/help_text.hpp"

#include <fmt/format.h>

#include <sstream>

namespace chronotope::apps {
namespace {

constexpr std::size_t kColumns = 80;
constexpr std::size_t kHelpColumn = 26;

/// "  -h, --help" or "      --until MS".
std::string head(const Option& option) {
  const std::string letter = option.name == "help"      ? "  -h, "
                             : option.name == "version" ? "  -V, "
                                                        : "      ";
  const std::string meta = meta_of(option);
  return letter + "--" + option.name + (meta.empty() ? "" : " " + meta) + (repeats(option) ? "..." : "");
}

std::string row(const Option& option) {
  std::string text = head(option);
  if (text.size() + 2 > kHelpColumn)
    text += "\n" + std::string(kHelpColumn, ' ');
  else
    text.resize(kHelpColumn, ' ');
  return text + wrapped(option.help + limits_of(option), kHelpColumn, kHelpColumn) + "\n";
}

}  // namespace

std::string limits_of(const Option& option) {
  std::string text = range_of(option);
  if (const std::string fallback = fallback_of(option); !fallback.empty())
    text += (text.empty() ? "default: " : "; default: ") + fallback;
  if (option.is_required) text += text.empty() ? "required" : "; required";
  return text.empty() ? "" : " [" + text + "]";
}

std::string option_list(const std::vector<OptionGroup>& groups) {
  std::string text;
  for (const OptionGroup& group : groups) {
    if (group.options.empty()) continue;
    text += (text.empty() ? "" : "\n") + group.title + ":\n";
    for (const Option& option : group.options) text += row(option);
  }
  return text;
}

std::string wrapped(const std::string& text, std::size_t first, std::size_t indent) {
  std::string lines;
  std::size_t column = first;
  std::istringstream paragraphs(text);
  for (std::string paragraph; std::getline(paragraphs, paragraph);) {
    if (!lines.empty()) {
      lines += "\n" + std::string(indent, ' ');
      column = indent;
    }
    std::istringstream words(paragraph);
    bool begins = true;
    for (std::string word; words >> word; begins = false) {
      if (!begins && column + 1 + word.size() > kColumns) {
        lines += "\n" + std::string(indent, ' ');
        column = indent;
        begins = true;
      }
      lines += (begins ? "" : " ") + word;
      column += word.size() + (begins ? 0 : 1);
    }
  }
  return lines;
}

}  // namespace chronotope::apps
