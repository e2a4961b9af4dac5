// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/training/trained_wiring.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/models/registry.hpp"
#include "chronotope/core/machine_memory.hpp"
#include "chronotope/core/network.hpp"
#include "chronotope/core/rule_name.hpp"
#include "chronotope/models/neurons/exp_psc_lif.hpp"
#include "chronotope/models/neurons/multi_receptor_lif.hpp"

namespace chronotope::apps {
namespace {

std::uint32_t receptors_of(const models::ExpPscLif::Parameters&) { return 2; }
std::uint32_t receptors_of(const models::MultiReceptorLif::Parameters& p) { return p.receptors; }
double tau_syn_of(const models::ExpPscLif::Parameters& p, std::uint32_t receptor) {
  return receptor == 0 ? p.tau_syn_ex : p.tau_syn_in;
}
double tau_syn_of(const models::MultiReceptorLif::Parameters& p, std::uint32_t receptor) {
  return receptor < p.receptors ? p.tau_syn[receptor] : 1;
}
double start_of(const models::ExpPscLif::State& s) { return s.A; }
double start_of(const models::MultiReceptorLif::State& s) { return s.x; }

/// Why a model has no gradient form, and which one near to it has.
std::string without_gradient_form(const std::string& kind) {
  static const std::map<std::string, std::string> kNear{
      {"alpha_psc_lif", "exp_psc_lif, its currents without a rise, has"},
      {"delta_lif", "exp_psc_lif with a short tau_syn_ex and tau_syn_in has"},
      {"adaptive_current_lif", "exp_psc_lif, the same without adaptation, has"},
      {"adaptive_threshold_lif", "exp_psc_lif, the same without adaptation, has"},
      {"escape_noise_lif", "its spikes are drawn at random; exp_psc_lif, the same without noise, has"},
      {"linear_leak_lif", "multi_receptor_lif with a tau_m of 1e8 ms and the leak in I_e has"},
      {"cond_exp_lif", "exp_psc_lif, currents for conductances, has"}};
  const auto near = kNear.find(kind);
  return "has no gradient form: " +
         (near == kNear.end() ? "exp_psc_lif and multi_receptor_lif have" : near->second);
}

void require_gradient_forms(const NetworkDescription& network) {
  for (const PopulationSpec& population : network.populations)
    if (!population.currents.empty())
      population.currents.front().field.refuse("a current",
                                               "has no gradient form here: I_e, which is constant, has");
  for (const PopulationSpec& population : network.populations)
    if (population.model.kind != models::ExpPscLif::kName &&
        population.model.kind != models::MultiReceptorLif::kName)
      population.model.field.refuse(population.model.kind, without_gradient_form(population.model.kind));
}

/// The constants of one population behind those of the others.
template <class Neuron>
void add_neurons(const NeuronsOf<Neuron>& group, models::NetworkParameters& p) {
  for (std::uint32_t i = 0; i < group.states.size(); ++i) {
    const models::Membrane& m = group.parameters[NeuronId{i}].membrane;
    p.tau_m.push_back(m.tau_m);
    p.C_m.push_back(m.tau_m / m.resistance);
    p.E_L.push_back(m.E_L);
    p.V_th.push_back(m.V_th);
    p.V_reset.push_back(m.V_reset);
    p.t_ref.push_back(m.t_ref.ms());
    p.I_e.push_back(m.drive / m.resistance);
    p.V_m.push_back(m.V_inf + start_of(group.states[i]));
  }
}

/// Calls each(group) for every population, as the group of its model. Requires: all have a gradient form.
template <class Each>
void each_group(const Network& built, Each each) {
  for (const auto& population : built.populations)
    if (population->model == models::ExpPscLif::kName)
      each(static_cast<const NeuronsOf<models::ExpPscLif>&>(*population));
    else
      each(static_cast<const NeuronsOf<models::MultiReceptorLif>&>(*population));
}

void add_all_neurons(const Network& built, models::TrainedNetwork& network) {
  models::NetworkParameters& p = network.parameters;
  each_group(built, [&](const auto& group) {
    add_neurons(group, p);
    for (std::uint32_t i = 0; i < group.states.size(); ++i)
      network.receptors = std::max(network.receptors, receptors_of(group.parameters[NeuronId{i}]));
  });
  network.neurons = static_cast<std::uint32_t>(p.tau_m.size());
  for (std::uint32_t s = 0; s < network.receptors; ++s)
    each_group(built, [&](const auto& group) {
      for (std::uint32_t i = 0; i < group.states.size(); ++i)
        p.tau_syn.push_back(tau_syn_of(group.parameters[NeuronId{i}], s));
    });
}

void add_synapses(const SynapseGroup& group, std::uint32_t first_source, std::uint32_t first_target,
                  bool by_sign, TrainedWiring& wiring) {
  models::TrainedNetwork& network = wiring.network;
  const Connectivity& graph = group.connectivity();
  for_each_synapse(graph, [&](SynapseId s, SegmentId g) {
    const double weight = group.weight(s);
    network.source.push_back(first_source + index(graph.source(g)));
    network.target.push_back(first_target + index(graph.target(s)));
    network.receptor.push_back(static_cast<std::uint8_t>(by_sign ? (weight > 0 ? 0 : 1) : group.receptor()));
    network.parameters.weight.push_back(weight);
    network.parameters.delay.push_back(graph.delay(g).ms());
    wiring.by_sign.push_back(by_sign);
  });
}

/// Where the neurons of a population or the channels of an input begin among all sources.
std::uint32_t first_source(const TrainedWiring& wiring, std::uint32_t population) {
  const std::size_t populations = wiring.first_neuron.size() - 1;
  return population < populations ? wiring.first_neuron[population]
                                  : wiring.network.neurons + wiring.first_channel[population - populations];
}

void add_projections(const proto::DecodedSpec& spec, const Network& built, TrainedWiring& wiring) {
  for (std::size_t k = 0; k < built.projections.size(); ++k) {
    const ProjectionSpec& projection = spec.network.projections[k];
    const bool by_sign = spec.network.populations[projection.target].model.kind == models::ExpPscLif::kName;
    const std::size_t first = wiring.network.source.size();
    const SynapseGroup& group = *built.projections[k];
    add_synapses(group, first_source(wiring, group.source()), wiring.first_neuron[group.target()], by_sign,
                 wiring);
    wiring.projections.push_back(
        {projection.name, first, wiring.network.source.size(), is_plastic(projection.rule.kind)});
  }
}

void require_plain_synapses(const NetworkDescription& network) {
  for (const ProjectionSpec& projection : network.projections)
    if (projection.rule.kind.starts_with(kShortTermPrefix))
      (projection.field / "short_term")
          .refuse(
              "short_term",
              "has no gradient form: trained synapses transmit their weight; without short_term they have");
}

bool differs(const std::vector<double>& a, const std::vector<double>& b, std::size_t first,
             std::size_t last) {
  return !std::equal(a.begin() + static_cast<std::ptrdiff_t>(first),
                     a.begin() + static_cast<std::ptrdiff_t>(last),
                     b.begin() + static_cast<std::ptrdiff_t>(first));
}

void set_values(Distribution& to, const std::vector<double>& column, std::size_t first, std::size_t last) {
  to.Clear();
  for (std::size_t i = first; i < last; ++i) to.mutable_values()->add_value(column[i]);
}

/// Constants of one population that differ from those drawn.
template <class Model>
struct ChangedConstants {
  Model& model;
  const models::NetworkParameters& start;
  const models::NetworkParameters& values;
  std::size_t first, last;

  template <class Column, class Field>
  void put(Column column, Field field) const {
    if (differs(start.*column, values.*column, first, last))
      set_values(*(model.*field)(), values.*column, first, last);
  }
  void put_all() const {
    put(&models::NetworkParameters::tau_m, &Model::mutable_tau_m);
    if (!model.has_r_m()) put(&models::NetworkParameters::C_m, &Model::mutable_c_m);
    put(&models::NetworkParameters::V_th, &Model::mutable_v_th);
    put(&models::NetworkParameters::I_e, &Model::mutable_i_e);
  }
};

void put_tau_syn(Distribution& to, const models::NetworkParameters& start,
                 const models::NetworkParameters& values, std::size_t receptor, std::size_t first,
                 std::size_t last) {
  const std::size_t shift = receptor * values.tau_m.size();
  if (differs(start.tau_syn, values.tau_syn, shift + first, shift + last))
    set_values(to, values.tau_syn, shift + first, shift + last);
}

void put_constants(Population& population, const models::NetworkParameters& start,
                   const models::NetworkParameters& values, std::size_t first, std::size_t last) {
  if (population.has_multi_receptor_lif()) {
    MultiReceptorLif& model = *population.mutable_multi_receptor_lif();
    ChangedConstants<MultiReceptorLif>{model, start, values, first, last}.put_all();
    for (int s = 0; s < model.tau_syn_size(); ++s)
      put_tau_syn(*model.mutable_tau_syn(s), start, values, static_cast<std::size_t>(s), first, last);
    return;
  }
  ExpPscLif& model = *population.mutable_exp_psc_lif();
  ChangedConstants<ExpPscLif>{model, start, values, first, last}.put_all();
  const std::size_t N = values.tau_m.size();
  if (differs(start.tau_syn, values.tau_syn, first, last))
    put_tau_syn(*model.mutable_tau_syn_ex(), start, values, 0, first, last);
  if (differs(start.tau_syn, values.tau_syn, N + first, N + last))
    put_tau_syn(*model.mutable_tau_syn_in(), start, values, 1, first, last);
}

void put_synapses(Projection& projection, const TrainedWiring& wiring,
                  const models::NetworkParameters& values, const TrainedWiring::Projection& part,
                  std::uint32_t source_shift, std::uint32_t target_shift) {
  Projection listed;
  listed.set_source(projection.source());
  listed.set_target(projection.target());
  if (projection.has_receptor()) listed.set_receptor(projection.receptor());
  for (std::size_t k = part.first; k < part.last; ++k) {
    Synapse& synapse = *listed.add_synapses();
    synapse.set_source(wiring.network.source[k] - source_shift);
    synapse.set_target(wiring.network.target[k] - target_shift);
    synapse.set_weight(values.weight[k]);
    synapse.set_delay(values.delay[k]);
  }
  projection = listed;
}

/// A column cut at these ends.
std::vector<std::vector<double>> parts_of(const std::vector<double>& column,
                                          const std::vector<std::size_t>& ends) {
  std::vector<std::vector<double>> parts;
  std::size_t first = 0;
  for (const std::size_t last : ends) {
    parts.emplace_back(column.begin() + static_cast<std::ptrdiff_t>(first),
                       column.begin() + static_cast<std::ptrdiff_t>(last));
    first = last;
  }
  return parts;
}

}  // namespace

std::vector<std::vector<double>> by_population(const TrainedWiring& wiring,
                                               const std::vector<double>& neurons) {
  return parts_of(neurons, {wiring.first_neuron.begin() + 1, wiring.first_neuron.end()});
}

std::vector<std::vector<double>> by_projection(const TrainedWiring& wiring,
                                               const std::vector<double>& synapses) {
  std::vector<std::size_t> ends;
  for (const TrainedWiring::Projection& projection : wiring.projections) ends.push_back(projection.last);
  return parts_of(synapses, ends);
}

TrainedWiring build_wiring(const proto::DecodedSpec& spec) {
  require_event_forms(spec.network);
  require_gradient_forms(spec.network);
  require_plain_synapses(spec.network);
  require_memory(spec.network);
  const Network built = build_network(spec.network, neuron_kinds(), rule_kinds(), Interrupt::check);
  TrainedWiring wiring;
  wiring.first_neuron.push_back(0);
  for (const PopulationSpec& population : spec.network.populations)
    wiring.first_neuron.push_back(wiring.first_neuron.back() + population.size);
  wiring.first_channel.push_back(0);
  for (const InputSpec& input : spec.network.inputs)
    wiring.first_channel.push_back(wiring.first_channel.back() + input.size);
  add_all_neurons(built, wiring.network);
  wiring.network.channels = wiring.first_channel.back();
  add_projections(spec, built, wiring);
  return wiring;
}

NetworkSpec trained_spec(NetworkSpec message, const TrainedWiring& wiring,
                         const models::NetworkParameters& start, const models::NetworkParameters& values) {
  for (int p = 0; p < message.population_size(); ++p)
    put_constants(*message.mutable_population(p), start, values,
                  wiring.first_neuron[static_cast<std::size_t>(p)],
                  wiring.first_neuron[static_cast<std::size_t>(p) + 1]);
  const auto place = [&](const std::string& name) {
    std::uint32_t k = 0;
    for (const Population& population : message.population())
      if (population.name() == name)
        return k;
      else
        ++k;
    for (const Input& input : message.input())
      if (input.name() == name)
        return k;
      else
        ++k;
    return k;
  };
  for (int k = 0; k < message.projection_size(); ++k) {
    Projection& projection = *message.mutable_projection(k);
    const TrainedWiring::Projection& part = wiring.projections[static_cast<std::size_t>(k)];
    const bool changed = differs(start.weight, values.weight, part.first, part.last) ||
                         differs(start.delay, values.delay, part.first, part.last);
    if (part.first < part.last && (part.plastic || changed))
      put_synapses(projection, wiring, values, part, first_source(wiring, place(projection.source())),
                   wiring.first_neuron[place(projection.target())]);
  }
  return message;
}

}  // namespace chronotope::apps
