// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/heat_map.hpp"

#include <fmt/core.h>

#include <cstddef>

#include "chronotope/apps/report/plot.hpp"

namespace chronotope::apps {
namespace {

constexpr double kLeft = 30;
constexpr double kTop = 40;
constexpr double kField = 46;

std::string label(double x, double y, const std::string& text, const char* style = "tick") {
  return fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>", style,
                     x, y, escaped(text));
}

std::string field(std::size_t row, std::size_t column, const std::optional<double>& value, double highest) {
  const double x = kLeft + kField * static_cast<double>(column);
  const double y = kTop + kField * static_cast<double>(row);
  const double share = value && highest > 0 ? *value / highest : 0;
  return fmt::format(
             "<path class=\"area a\" style=\"fill-opacity:{:.2f}\" d=\"M{:.0f} "
             "{:.0f}h{:.0f}v{:.0f}h-{:.0f}Z\"/>",
             0.65 * share, x, y, kField - 2, kField - 2, kField - 2) +
         label(x + kField / 2 - 1, y + kField / 2 + 3, value ? fmt::format("{:.2f}", *value) : "\u2013",
               "value");
}

}  // namespace

std::string heat_map(const std::string& title, const std::vector<std::string>& names,
                     const std::vector<std::vector<std::optional<double>>>& values, double highest) {
  const double side = kField * static_cast<double>(names.size());
  std::string text = fmt::format(
      "<svg viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" height=\"{1:.0f}\" role=\"img\" "
      "aria-label=\"{2}\"><text class=\"title\" x=\"{3:.0f}\" y=\"14\">{2}</text>",
      kLeft + side + 4, kTop + side + 4, escaped(title), kLeft);
  for (std::size_t k = 0; k < names.size(); ++k) {
    const double middle = kField * (static_cast<double>(k) + 0.5);
    text += label(kLeft + middle, kTop - 6, names[k]) + label(kLeft / 2, kTop + middle + 3, names[k]);
  }
  for (std::size_t i = 0; i < values.size(); ++i)
    for (std::size_t j = 0; j < values[i].size(); ++j) text += field(i, j, values[i][j], highest);
  return text + "</svg>\n";
}

}  // namespace chronotope::apps
