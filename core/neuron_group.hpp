// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chronotope/core/checkpoint.hpp"
#include "chronotope/core/neuron_model.hpp"
#include "chronotope/core/parameter.hpp"
#include "chronotope/core/parameter_source.hpp"
#include "chronotope/core/state.hpp"
#include "chronotope/core/value_count.hpp"

namespace chronotope {

/// The neurons of one model, as a network and an engine know them that do not name the model.
struct NeuronGroup {
  std::string name;
  std::string_view model;
  std::uint32_t size = 0;
  std::uint32_t receptors = 0;  // for a projection to choose from; 0: the sign of its weights chooses

  virtual ~NeuronGroup() = default;

  virtual void save(SaveState& save) const = 0;
  /// Requires: the same specification.
  virtual void load(LoadState& load) = 0;
  /// The states that were loaded are those of `before`, whose parameters were others: V stays what it is now.
  /// `origin` is that of the states' coordinates. Requires: the same time constants and capacities.
  virtual void keep_potentials(const NeuronGroup& before, Time origin, Time now) = 0;
};

/// The same with their parameters and the state of every neuron.
template <NeuronBasis M>
struct NeuronsOf final : NeuronGroup {
  Parameter<NeuronId, typename M::Parameters> parameters;
  std::vector<typename M::State> states;

  /// Without what bounds found out, which is a matter of when somebody looked.
  void save(SaveState& save) const override {
    std::vector<typename M::State> known = states;
    if constexpr (SweptNeuron<M>)
      for (auto& s : known)
        if (!M::is_refractory(s)) M::block(s);
    save("states", known);
  }
  void load(LoadState& load) override { load("states", states); }
  void keep_potentials(const NeuronGroup& before, Time origin, Time now) override {
    if constexpr (RetunedNeuron<M>) {
      const auto& was = static_cast<const NeuronsOf<M>&>(before).parameters;
      for (std::uint32_t i = 0; i < states.size(); ++i)
        M::keep_potential(was[NeuronId{i}], parameters[NeuronId{i}], states[i], now.since(origin));
    }
  }
};

/// Draws the neurons `spec` asks for. Throws InputError that names the field when a value is out of range.
using Populate = std::unique_ptr<NeuronGroup> (*)(const PopulationSpec& spec, std::uint64_t seed,
                                                  const Checkpoint& checkpoint);

/// A neuron model by the name it has in a specification.
struct NeuronKind {
  std::string_view name;
  Populate populate;
};

template <NeuronBasis M>
std::uint32_t receptors_of(const typename M::Parameters& p) {
  if constexpr (HasReceptors<M>) return M::receptors(p);
  return 0;
}

template <NeuronBasis M>
std::unique_ptr<NeuronGroup> populate(const PopulationSpec& spec, std::uint64_t seed,
                                      const Checkpoint& checkpoint) {
  for (const auto& [name, parameter] : spec.model.parameters)
    check_value_count(parameter, spec.size, "population", "neurons");
  auto population = std::make_unique<NeuronsOf<M>>();
  std::vector<typename M::Parameters> parameters;
  bool shared = false;
  for (std::uint32_t i = 0; i < spec.size; ++i) {
    checkpoint();
    const ParameterSource source(spec.model, seed, spec.name, i);
    if (!shared) {
      parameters.push_back(M::parameters(source));
      shared = !source.varies();
    }
    population->states.push_back(M::initial_state(parameters.back(), source));
  }
  using Column = Parameter<NeuronId, typename M::Parameters>;
  population->parameters = shared ? Column(parameters.front()) : Column(std::move(parameters));
  population->name = spec.name;
  population->model = M::kName;
  population->size = spec.size;
  population->receptors = receptors_of<M>(population->parameters[NeuronId{0}]);
  return population;
}

}  // namespace chronotope
