// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/likelihood/escape_wiring.hpp"

#include <algorithm>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/models/registry.hpp"
#include "chronotope/apps/runs/input_spikes.hpp"
#include "chronotope/core/machine_memory.hpp"
#include "chronotope/core/network.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/core/rule_name.hpp"

namespace chronotope::apps {
namespace {

bool has_likelihood(const NetworkDescription& network, std::uint32_t population) {
  return network.populations[population].model.kind == models::EscapeNoiseLif::kName;
}

void require_likelihood(const NetworkDescription& network) {
  std::uint32_t population = 0;
  while (population < network.populations.size() && !has_likelihood(network, population)) ++population;
  if (population == network.populations.size() && population > 0)
    network.populations[0].model.field.refuse(
        network.populations[0].model.kind,
        "has no likelihood: its spikes follow from what reaches it; some population must be escape_noise_lif");
  for (const PopulationSpec& neurons : network.populations)
    if (!neurons.currents.empty())
      neurons.currents.front().field.refuse("a current",
                                            "has no likelihood here: I_e, which is constant, has");
  for (const ProjectionSpec& projection : network.projections)
    if (has_likelihood(network, projection.target) && projection.rule.kind.starts_with(kShortTermPrefix))
      (projection.field / "short_term")
          .refuse("short_term", "has no likelihood here: synapses transmit their weight");
}

void add_neurons(const NeuronGroup& population, std::uint32_t number, EscapeWiring& wiring) {
  const auto& group = static_cast<const NeuronsOf<models::EscapeNoiseLif>&>(population);
  for (std::uint32_t i = 0; i < group.states.size(); ++i) {
    wiring.population.push_back(number);
    wiring.neurons.push_back(
        {wiring.first_source[number] + i, group.parameters[NeuronId{i}], group.states[i], {}});
  }
}

std::vector<EscapeWiring::Place> add_synapses(const SynapseGroup& group, std::uint32_t first_neuron,
                                              EscapeWiring& wiring) {
  const Connectivity& graph = group.connectivity();
  std::vector<EscapeWiring::Place> places;
  for_each_synapse(graph, [&](SynapseId s, SegmentId g) {
    const double weight = group.weight(s);
    const std::uint32_t neuron = first_neuron + index(graph.target(s));
    auto& synapses = wiring.neurons[neuron].synapses;
    places.push_back({neuron, static_cast<std::uint32_t>(synapses.size())});
    synapses.push_back(
        {wiring.first_source[group.source()] + index(graph.source(g)), weight, graph.delay(g),
         weight > 0 ? models::EscapeReceptor::kExcitatory : models::EscapeReceptor::kInhibitory});
  });
  return places;
}

/// What a population or an input of the file is in the network; -1: nothing.
std::int64_t place_of(const std::string& name, const NetworkDescription& network) {
  for (std::size_t p = 0; p < network.populations.size(); ++p)
    if (network.populations[p].name == name) return static_cast<std::int64_t>(p);
  for (std::size_t k = 0; k < network.inputs.size(); ++k)
    if (network.inputs[k].name == name) return static_cast<std::int64_t>(network.populations.size() + k);
  return -1;
}

void take_trains(const std::string& file, const PopulationTrains& from, const EscapeWiring& wiring,
                 std::size_t place, Time end, models::EscapeTrains& trains) {
  const std::uint32_t first = wiring.first_source[place];
  const std::uint32_t size = wiring.first_source[place + 1] - first;
  for (std::size_t i = 0; i < from.trains.size(); ++i) {
    if (i >= size && !from.trains[i].empty())
      throw InputError(printable(file) + ": " + printable(from.name) + " has a neuron " + std::to_string(i) +
                       "; that of the network has " + std::to_string(size));
    for (const Time t : from.trains[i])
      if (t < end) trains[first + i].push_back(t);
  }
}

void require_refractory(const std::string& file, const proto::DecodedSpec& spec, const EscapeWiring& wiring,
                        const models::EscapeTrains& trains) {
  for (std::uint32_t n = 0; n < wiring.neurons.size(); ++n) {
    const Duration t_ref = wiring.neurons[n].parameters.membrane.t_ref;
    const std::vector<Time>& train = trains[wiring.neurons[n].source];
    for (std::size_t k = 1; k < train.size(); ++k)
      if (train[k] - train[k - 1] < t_ref)
        throw InputError(printable(file) + ": neuron " + std::to_string(wiring.number_of(n)) + " of " +
                         spec.network.populations[wiring.population[n]].name + " fires at " +
                         to_text(train[k - 1]) + " and " + to_text(train[k]) + " ms, within its t_ref of " +
                         to_text(t_ref) + " ms: no weights make that possible");
  }
}

}  // namespace

EscapeWiring build_escape_wiring(const proto::DecodedSpec& spec) {
  require_event_forms(spec.network);
  require_likelihood(spec.network);
  require_memory(spec.network);
  const Network built = build_network(spec.network, neuron_kinds(), rule_kinds(), Interrupt::check);
  EscapeWiring wiring;
  wiring.first_source.push_back(0);
  for (const PopulationSpec& population : spec.network.populations)
    wiring.first_source.push_back(wiring.first_source.back() + population.size);
  for (const InputSpec& input : spec.network.inputs)
    wiring.first_source.push_back(wiring.first_source.back() + input.size);
  std::vector<std::uint32_t> first_neuron;
  for (std::uint32_t p = 0; p < built.populations.size(); ++p) {
    first_neuron.push_back(static_cast<std::uint32_t>(wiring.neurons.size()));
    if (has_likelihood(spec.network, p)) add_neurons(*built.populations[p], p, wiring);
  }
  for (const auto& group : built.projections)
    wiring.synapses.push_back(has_likelihood(spec.network, group->target())
                                  ? add_synapses(*group, first_neuron[group->target()], wiring)
                                  : std::vector<EscapeWiring::Place>());
  return wiring;
}

models::EscapeTrains source_trains(const std::string& file, const RecordedActivity& activity,
                                   const proto::DecodedSpec& spec, const EscapeWiring& wiring,
                                   const std::vector<bool>& hidden, Time end) {
  const std::size_t populations = spec.network.populations.size();
  std::vector<bool> has(populations + spec.network.inputs.size());
  models::EscapeTrains trains(wiring.first_source.back());
  for (const PopulationTrains& population : activity.populations) {
    const std::int64_t place = place_of(population.name, spec.network);
    if (place < 0)
      throw InputError(printable(file) + ": the network has no population or input " +
                       in_quotes(population.name));
    const auto p = static_cast<std::size_t>(place);
    has[p] = true;
    if (p >= populations || !hidden[p]) take_trains(file, population, wiring, p, end, trains);
  }
  for (std::size_t p = 0; p < populations; ++p)
    if (!has[p] && !hidden[p])
      throw InputError(printable(file) + ": has no spikes of population " + spec.network.populations[p].name +
                       "; --hidden names those that were not seen");
  InputSpikes inputs(spec.network, [&](std::uint32_t input, NeuronId channel, Time time) {
    if (!has[input]) trains[wiring.first_source[input] + index(channel)].push_back(time);
  });
  inputs.tell_until(end);
  require_refractory(file, spec, wiring, trains);
  return trains;
}

NetworkSpec with_weights(NetworkSpec message, const EscapeWiring& wiring) {
  for (int k = 0; k < message.projection_size(); ++k) {
    const auto& places = wiring.synapses[static_cast<std::size_t>(k)];
    if (places.empty()) continue;
    Projection& projection = *message.mutable_projection(k);
    Projection listed;
    listed.set_source(projection.source());
    listed.set_target(projection.target());
    const auto source = [&](std::uint32_t s) {
      return s - *(std::upper_bound(wiring.first_source.begin(), wiring.first_source.end(), s) - 1);
    };
    for (const EscapeWiring::Place& place : places) {
      const models::EscapeSynapse& from = wiring.neurons[place.neuron].synapses[place.synapse];
      Synapse& synapse = *listed.add_synapses();
      synapse.set_source(source(from.source));
      synapse.set_target(wiring.number_of(place.neuron));
      synapse.set_weight(from.weight);
      synapse.set_delay(from.delay.ms());
    }
    projection = listed;
  }
  return message;
}

}  // namespace chronotope::apps
