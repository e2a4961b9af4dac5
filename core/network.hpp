// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "chronotope/core/checkpoint.hpp"
#include "chronotope/core/neuron_model.hpp"
#include "chronotope/core/plasticity_rule.hpp"
#include "chronotope/core/projection_source.hpp"
#include "chronotope/core/value_count.hpp"
#include "chronotope/core/weight_scaling.hpp"

namespace chronotope {

/// The models a program is built with.
template <class... T>
struct TypeList {};

/// A population: one neuron model, its parameters and the state of every neuron.
template <NeuronBasis Model>
struct NeuronGroup {
  using Neuron = Model;

  std::string name;
  Parameter<NeuronId, typename Model::Parameters> parameters;
  std::vector<typename Model::State> states;
};

/// The synapses from one population or input to one population, under one rule.
template <PlasticityRule R>
struct SynapseGroup {
  using Rule = R;

  std::uint32_t source = 0;
  std::uint32_t target = 0;
  Connectivity connectivity;
  R rule;
  std::uint32_t receptor = 0;             // of the target, for models that have several
  std::optional<std::uint32_t> reward{};  // that modulates the rule
  std::optional<WeightScaling> scaling{};
};

/// Everything that is simulated: populations and projections of any of the given models.
template <class Neurons, class Rules>
struct Network;

template <class... Neurons, class... Rules>
struct Network<TypeList<Neurons...>, TypeList<Rules...>> {
  using AnyNeurons = std::variant<NeuronGroup<Neurons>...>;
  using AnySynapses = std::variant<SynapseGroup<Rules>...>;

  std::vector<AnyNeurons> populations;
  std::vector<AnySynapses> projections;
  std::vector<RewardSpec> rewards{};
};

/// Draws everything `spec` asks for, and calls `checkpoint` often. Throws InputError that names the field
/// when a value is out of range.
template <class Network>
class NetworkBuilder;

template <class... Neurons, class... Rules>
class NetworkBuilder<Network<TypeList<Neurons...>, TypeList<Rules...>>> {
 public:
  using Result = Network<TypeList<Neurons...>, TypeList<Rules...>>;

  static Result build(
      const NetworkDescription& spec, const Checkpoint& checkpoint = [] {}) {
    Result network;
    network.rewards = spec.rewards;
    for (const auto& population : spec.populations)
      network.populations.push_back(make(population, spec.seed, checkpoint));
    for (const auto& projection : spec.projections) {
      check_receptor(projection, network.populations[projection.target]);
      network.projections.push_back(make(projection, spec, checkpoint));
    }
    return network;
  }

 private:
  static typename Result::AnyNeurons make(const PopulationSpec& spec, std::uint64_t seed,
                                          const Checkpoint& checkpoint) {
    std::optional<typename Result::AnyNeurons> made;
    ((spec.model.kind == Neurons::kName ? void(made = populate<Neurons>(spec, seed, checkpoint)) : void()),
     ...);
    if (!made)
      spec.model.field.refuse("model '" + spec.model.kind + "'", known({std::string(Neurons::kName)...}));
    return std::move(*made);
  }

  static typename Result::AnySynapses make(const ProjectionSpec& spec, const NetworkDescription& network,
                                           const Checkpoint& checkpoint) {
    std::optional<typename Result::AnySynapses> made;
    ((spec.rule.kind == Rules::kName ? void(made = connect<Rules>(spec, network, checkpoint)) : void()), ...);
    if (!made) spec.rule.field.refuse("rule '" + spec.rule.kind + "'", known({std::string(Rules::kName)...}));
    return std::move(*made);
  }

  template <class Neuron>
  static NeuronGroup<Neuron> populate(const PopulationSpec& spec, std::uint64_t seed,
                                      const Checkpoint& checkpoint) {
    for (const auto& [name, parameter] : spec.model.parameters)
      check_value_count(parameter, spec.size, "population", "neurons");
    NeuronGroup<Neuron> population{spec.name, {}, {}};
    std::vector<typename Neuron::Parameters> parameters;
    bool shared = false;
    for (std::uint32_t i = 0; i < spec.size; ++i) {
      checkpoint();
      const ParameterSource source(spec.model, seed, spec.name, i);
      if (!shared) {
        parameters.push_back(Neuron::parameters(source));
        shared = !source.varies();
      }
      population.states.push_back(Neuron::initial_state(parameters.back(), source));
    }
    using Column = Parameter<NeuronId, typename Neuron::Parameters>;
    population.parameters = shared ? Column(parameters.front()) : Column(std::move(parameters));
    return population;
  }

  template <class Rule>
  static SynapseGroup<Rule> connect(const ProjectionSpec& spec, const NetworkDescription& network,
                                    const Checkpoint& checkpoint) {
    ProjectionSource source = wire(network, spec, checkpoint);
    Rule rule(source);
    std::optional<WeightScaling> scaling;
    if (spec.scaling) scaling.emplace(*spec.scaling, spec.name, network.seed, source.targets());
    return {spec.source,
            spec.target,
            source.take_connectivity(),
            std::move(rule),
            spec.receptor.value_or(0),
            spec.reward,
            std::move(scaling)};
  }

  static void check_receptor(const ProjectionSpec& spec, const typename Result::AnyNeurons& target) {
    if (!spec.receptor) return;
    std::visit(
        [&]<class Neuron>(const NeuronGroup<Neuron>& group) {
          std::uint32_t receptors = 0;
          if constexpr (HasReceptors<Neuron>) receptors = Neuron::receptors(group.parameters[NeuronId{0}]);
          if (*spec.receptor >= receptors)
            (spec.field / "receptor")
                .refuse(std::to_string(*spec.receptor), group.name + " (" + std::string(Neuron::kName) +
                                                            ") has " + std::to_string(receptors) +
                                                            " receptors to choose from");
        },
        target);
  }

  static std::string known(const std::vector<std::string>& names) {
    std::string text = "must be one of";
    for (const auto& name : names) text += " " + name;
    return text;
  }
};

}  // namespace chronotope
