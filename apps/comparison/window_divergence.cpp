// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/comparison/window_divergence.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/options/representation_options.hpp"
#include "chronotope/apps/output/divergence_text.hpp"
#include "chronotope/apps/output/json.hpp"
#include "chronotope/apps/statistics/population_trains.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/machine_memory.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

using topology::Activations;
using topology::NeuronSpike;
using topology::Stimulus;

/// The trains of the neurons that are looked at.
struct Recorded {
  std::string path;
  std::vector<std::vector<Time>> trains;
  Time end;
};

std::string names_of(const RecordedActivity& activity) {
  std::string names;
  for (const PopulationTrains& population : activity.populations)
    names += (names.empty() ? "" : ", ") + printable(population.name);
  return names.empty() ? "none" : names;
}

/// Of one population, or of all, one after the other.
Recorded read_recorded(const std::string& path, const po::variables_map& values) {
  RecordedActivity activity = read_activity(path);
  const std::string name = text_option(values, "population");
  Recorded recorded{path, {}, activity.end};
  bool found = false;
  for (PopulationTrains& population : activity.populations) {
    if (!name.empty() && population.name != name) continue;
    found = true;
    std::move(population.trains.begin(), population.trains.end(), std::back_inserter(recorded.trains));
  }
  if (!found)
    throw InputError(printable(path) + ": has no population '" + printable(name) +
                     "' (populations: " + names_of(activity) + ")");
  if (!given(values, "neurons")) return recorded;
  const std::size_t neurons = whole_option(values, "neurons");
  require(
      neurons >= recorded.trains.size(), "neurons", std::to_string(neurons),
      "must be at least the " + std::to_string(recorded.trains.size()) + " that " + printable(path) + " has");
  recorded.trains.resize(neurons);
  return recorded;
}

std::vector<Stimulus> windows(const po::variables_map& values, const Recorded& recorded, Time end) {
  const Duration length = time_option(values, "window").value;
  const Time from = time_option(values, "from").time();
  const std::int64_t count = end > from ? floor_ratio(end - from, length) : 0;
  if (count < 1)
    throw InputError("--window: " + text_option(values, "window") + " is not allowed (must fit between " +
                     to_text(from) + " and " + to_text(end) + " ms, the end of " + printable(recorded.path) +
                     ")");
  require_memory(static_cast<double>(count) * static_cast<double>(sizeof(Stimulus)),
                 std::to_string(count) + " windows");
  std::vector<Stimulus> all;
  for (std::int64_t k = 0; k < count; ++k) {
    const Time onset = from + k * length;
    all.push_back({static_cast<std::uint32_t>(k),
                   onset,
                   length,
                   {},
                   to_text(onset) + "-" + to_text(onset + length) + " ms"});
  }
  return all;
}

std::vector<NeuronSpike> in_order(const Recorded& recorded) {
  std::vector<NeuronSpike> spikes;
  for (std::size_t n = 0; n < recorded.trains.size(); ++n)
    for (const Time t : recorded.trains[n]) spikes.push_back({t, static_cast<std::uint32_t>(n)});
  std::stable_sort(spikes.begin(), spikes.end(),
                   [](const NeuronSpike& a, const NeuronSpike& b) { return a.time < b.time; });
  return spikes;
}

/// A row for every window, a column for every neuron.
Activations activity(const po::variables_map& values, const Recorded& recorded, Time end) {
  const std::vector<std::uint8_t> one_layer(recorded.trains.size(), 1);
  auto layers = topology::activations(windows(values, recorded, end), in_order(recorded), one_layer,
                                      read_code_options(values));
  return std::move(layers.front());
}

Time end_of(const po::variables_map& values, const Recorded& recorded) {
  if (!given(values, "until")) return recorded.end;
  const Time until = time_option(values, "until").time();
  require(until <= recorded.end, "until", text_option(values, "until"),
          "must not be after the end of " + printable(recorded.path) + ", " + to_text(recorded.end) + " ms");
  return until;
}

}  // namespace

OptionGroup window_options() {
  const Milliseconds positive{stated_duration(1e-12)};
  const std::vector<Option::Company> company{{"window"}};
  return {
      "Activity without stimuli (streams, or spike tables time_ms,population,neuron)",
      {{"window", positive, "the objects are the consecutive windows of this length, the same in A and B"},
       {"from", Milliseconds{Duration(), "0"}, "begin of the first window", company},
       {"until", positive,
        "where the windows end; default: the earlier end of A and B, with mtop-div either's own", company},
       {"population", Text{"NAME"}, "look at this population alone; default: all", company},
       {"neurons", WholeNumber{1, 100'000'000},
        "how many there are; default: what the stream says, or up to the highest of the table that fires",
        company}}};
}

int compare_windows(const po::variables_map& values, const DivergenceOptions& options) {
  const Recorded a = read_recorded(text_option(values, "A"), values);
  const Recorded b = read_recorded(text_option(values, "B"), values);
  const bool matched = options.rtd.variant != topology::RtdVariant::kMTopDiv;
  Time end_a = end_of(values, a);
  Time end_b = end_of(values, b);
  if (matched) end_a = end_b = std::min(end_a, end_b);
  const RtdReport report =
      activity_divergence(activity(values, a, end_a), activity(values, b, end_b), options).report;
  fmt::print("{}", values["json"].as<bool>() ? to_json(report) + "\n" : to_text(report));
  return 0;
}

}  // namespace chronotope::apps
