// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/inspection/state_contents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "chronotope/apps/inspection/projection_name.hpp"
#include "chronotope/apps/output/readable.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 24> kMeanings{{
    {"run", "what it was told, how far its outputs are"},
    {"stream", "where the stream is, spikes that are not in it yet"},
    {"rates", "spikes of each population"},
    {"now", "the time"},
    {"perturbation", "of the next spike"},
    {"counts", "events so far"},
    {"inputs", "where inputs and their random numbers are"},
    {"rewards", "rewards to come"},
    {"waiting", "spikes on their way"},
    {"states", "neurons"},
    {"lanes", "private trains, spikes that are due"},
    {"weights", "weights"},
    {"shown", "weights as they are read"},
    {"next", "spikes of the target still to meet"},
    {"arrivals", "remembered spikes of sources"},
    {"spikes", "remembered spikes of targets"},
    {"newest", "traces of targets"},
    {"eligibility", "eligibility"},
    {"concentration", "rewards"},
    {"met", "rewards that synapses have met"},
    {"scaling", "how often it was scaled"},
    {"unscaled", "spikes since the last scaling"},
    {"sent", "short-term state of sources"},
    {"own", "short-term state of synapses"},
}};

std::string_view meaning_of(std::string_view column) {
  const auto found =
      std::find_if(kMeanings.begin(), kMeanings.end(), [&](const auto& m) { return m.first == column; });
  return found == kMeanings.end() ? column : found->second;
}

/// "population E" of "population E/states"; "run" of what is the run's own.
std::string part_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "run" : path.substr(0, slash);
}

}  // namespace

void StateContents::add(const StateColumn& chunk) {
  if (chunk.first() == 0) columns_.push_back({chunk.path(), chunk.size()});
}

std::string StateContents::take_text(const Header& header) {
  std::string text;
  for (std::size_t k = 0; k < columns_.size();) {
    const std::string part = part_of(columns_[k].path);
    std::string name = printable(part);
    std::uint64_t bytes = 0;
    std::string names;
    for (; k < columns_.size() && part_of(columns_[k].path) == part; ++k) {
      bytes += columns_[k].bytes;
      const std::string& path = columns_[k].path;
      if (columns_[k].bytes <= 8) continue;  // an empty column
      names += fmt::format("{}{} {}", names.empty() ? "" : ", ",
                           printable(std::string(meaning_of(path.substr(path.rfind('/') + 1)))),
                           grouped(columns_[k].bytes));
    }
    if (names.empty()) continue;
    std::string each;
    if (const auto number = projection_of_column(part)) {
      name = projection_name(header, *number);
      if (const std::uint64_t synapses = synapses_[*number]; synapses > 0)
        each =
            fmt::format(" ({:.3g} per synapse)", static_cast<double>(bytes) / static_cast<double>(synapses));
    }
    text += fmt::format("    {}: {} bytes{}: {}\n", name, grouped(bytes), each, names);
  }
  columns_.clear();
  return text;
}

}  // namespace chronotope::apps
