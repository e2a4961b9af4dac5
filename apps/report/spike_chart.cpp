// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/report/spike_chart.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace {

/// JSON inside <script>: no quote, backslash or < as they are.
std::string quoted(const std::string& text) {
  std::string safe = "\"";
  for (const char c : printable(text)) {
    if (c == '"' || c == '\\' || c == '<')
      safe += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    else
      safe += c;
  }
  return safe + "\"";
}

std::size_t population_of(const StreamDigest& digest, std::uint32_t neuron) {
  std::size_t p = 0;
  while (p + 1 < digest.populations.size() && digest.populations[p + 1].first_neuron <= neuron) ++p;
  return p;
}

std::string series_text(const StreamDigest& digest) {
  std::string text;
  for (std::size_t p = 0; p < digest.populations.size(); ++p)
    text += fmt::format("{}{{\"label\":{},\"style\":\"{}\"}}", p == 0 ? "" : ",",
                        quoted(digest.populations[p].name), population_style(p));
  return text;
}

std::string stimuli_text(const StreamDigest& digest) {
  std::string text;
  for (const StreamDigest::Mark& mark : digest.raster_marks)
    text += fmt::format("{}{{\"from\":{:.1f},\"until\":{:.1f},\"label\":{}}}", text.empty() ? "" : ",",
                        mark.from_ms - digest.raster_window.low, mark.until_ms - digest.raster_window.low,
                        quoted(mark.label));
  return text;
}

}  // namespace

const char* population_style(std::size_t population) {
  constexpr std::array kStyles{"a", "b", "muted"};
  return kStyles[std::min<std::size_t>(population, kStyles.size() - 1)];
}

std::vector<ReportPage::Swatch> population_swatches(const StreamDigest& digest) {
  std::vector<ReportPage::Swatch> swatches;
  for (const auto& population : digest.populations)
    swatches.push_back(
        {population_style(swatches.size()), fmt::format("{} {}", population.size, population.name)});
  return swatches;
}

std::string spike_chart(const StreamDigest& digest) {
  std::vector<StreamDigest::Spike> spikes = digest.raster;
  std::stable_sort(spikes.begin(), spikes.end(), [](const auto& a, const auto& b) { return a.ms < b.ms; });
  std::string x, y, of;
  for (const auto& spike : spikes) {
    const char* comma = x.empty() ? "" : ",";
    x += fmt::format("{}{:.1f}", comma, spike.ms - digest.raster_window.low);
    y += fmt::format("{}{}", comma, spike.neuron);
    of += fmt::format("{}{}", comma, population_of(digest, spike.neuron));
  }
  return fmt::format(
      "<div class=\"chart\"><script type=\"application/json\">{{\"title\":{},\"end\":{:.1f},\"neurons\":{},"
      "\"series\":[{}],\"stimuli\":[{}],\"x\":[{}],\"y\":[{}],\"of\":[{}]}}</script></div>\n",
      quoted(fmt::format("spikes from {:.6g} s on", digest.raster_window.low / 1000)),
      digest.raster_window.width(), std::max(1U, digest.neurons), series_text(digest), stimuli_text(digest),
      x, y, of);
}

}  // namespace chronotope::apps
