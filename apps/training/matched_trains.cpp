// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/training/matched_trains.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "chronotope/apps/options/listed.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/statistics/population_trains.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/neuron_list.hpp"

namespace chronotope::apps {
namespace {

void add_neurons(const std::string& word, const NetworkDescription& network, const TrainedWiring& wiring,
                 std::vector<std::uint32_t>& neurons) {
  const std::size_t colon = word.find(':');
  std::size_t p = 0;
  while (p < network.populations.size() && network.populations[p].name != word.substr(0, colon)) ++p;
  require(p < network.populations.size(), "matched", in_quotes(word), "the network has no such population");
  const std::uint32_t size = network.populations[p].size;
  const auto range = colon == std::string::npos ? proto::NeuronSpan{0, size - 1}
                                                : proto::read_neuron_span(word.substr(colon + 1));
  require(size > 0 && range && range->last < size, "matched", in_quotes(word),
          "must be POPULATION:NEURON or POPULATION:FIRST-LAST of " + std::to_string(size) + " neurons");
  for (std::uint32_t i = range->first; i <= range->last; ++i) {
    const std::uint32_t neuron = wiring.first_neuron[p] + i;
    require(std::find(neurons.begin(), neurons.end(), neuron) == neurons.end(), "matched", in_quotes(word),
            "names a neuron twice");
    neurons.push_back(neuron);
  }
}

/// All spikes of these neurons, in order of time.
std::vector<ChannelSpike> spikes_of(const std::string& file, const NetworkDescription& network,
                                    const TrainedWiring& wiring, const std::vector<std::uint32_t>& neurons) {
  const RecordedActivity activity = read_activity(file);
  std::vector<ChannelSpike> spikes;
  for (const std::uint32_t neuron : neurons) {
    const auto after = std::upper_bound(wiring.first_neuron.begin(), wiring.first_neuron.end(), neuron);
    const auto p = static_cast<std::size_t>(after - wiring.first_neuron.begin()) - 1;
    const auto held = std::find_if(activity.populations.begin(), activity.populations.end(),
                                   [&](const auto& of) { return of.name == network.populations[p].name; });
    if (held == activity.populations.end())
      throw InputError(printable(file) + ": has no spikes of population " + network.populations[p].name);
    const std::uint32_t i = neuron - wiring.first_neuron[p];
    if (i < held->trains.size())
      for (const Time t : held->trains[i]) spikes.push_back({t, neuron});
  }
  std::sort(spikes.begin(), spikes.end());
  return spikes;
}

}  // namespace

std::vector<std::uint32_t> matched_neurons(const std::string& text, const NetworkDescription& network,
                                           const TrainedWiring& wiring) {
  std::vector<std::uint32_t> neurons;
  for (const std::string& word : listed("matched", text)) add_neurons(word, network, wiring, neurons);
  return neurons;
}

void add_targets(const std::string& file, const proto::DecodedSpec& spec, const TrainedWiring& wiring,
                 const std::vector<std::uint32_t>& neurons, std::vector<models::Item>& items) {
  const std::vector<ChannelSpike> spikes = spikes_of(file, spec.network, wiring, neurons);
  std::vector<Time> onsets;
  for (const proto::Stimulus& stimulus : spec.stimuli) onsets.push_back(stimulus.onset);
  std::sort(onsets.begin(), onsets.end());
  bool any = false;
  for (std::size_t k = 0; k < items.size(); ++k) {
    const Time onset = spec.stimuli[k].onset;
    const auto next = std::upper_bound(onsets.begin(), onsets.end(), onset);
    const Time over = onset + items[k].duration;
    const Time end = next == onsets.end() ? over : std::min(over, *next);
    auto spike = std::lower_bound(spikes.begin(), spikes.end(), ChannelSpike{onset, 0});
    for (; spike != spikes.end() && spike->time < end; ++spike)
      items[k].target.push_back({Time() + (spike->time - onset), spike->channel});
    any = any || !items[k].target.empty();
  }
  if (!any) throw InputError(printable(file) + ": none of the neurons to match fires under any stimulus");
}

}  // namespace chronotope::apps
