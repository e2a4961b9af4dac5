// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chronotope/core/checkpoint.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/neuron_model.hpp"
#include "chronotope/core/parameter.hpp"
#include "chronotope/core/parameter_source.hpp"
#include "chronotope/core/part.hpp"
#include "chronotope/core/state.hpp"
#include "chronotope/core/value_count.hpp"

namespace chronotope {

/// The neurons of one model, as a network and an engine know them that do not name the model: a population, or the part
/// of it that a rank has, whose neurons are numbered from 0 everywhere but in what is told.
struct NeuronGroup {
  std::string name;
  std::string_view model;
  std::uint32_t size = 0;
  std::uint32_t first = 0;      // the number of its neuron 0 in the population
  std::uint32_t receptors = 0;  // for a projection to choose from; 0: the sign of its weights chooses

  virtual ~NeuronGroup() = default;

  virtual void save(SaveState& save) const = 0;
  /// Requires: the same specification.
  virtual void load(LoadState& load) = 0;
  /// Where swept states count time from, and how far that moves.
  struct Coordinates {
    Time origin;
    Offset step;
  };
  /// The states that were loaded are those of `before`, whose parameters and coordinates were others: V stays what it
  /// is now. Throws InputError that names the neuron whose V can not.
  virtual void keep_potentials(const NeuronGroup& before, const Coordinates& were, const Coordinates& are,
                               Time now) = 0;
};

/// The same with their parameters and the state of every neuron.
template <NeuronBasis M>
struct NeuronsOf final : NeuronGroup {
  Parameter<NeuronId, typename M::Parameters> parameters;
  std::vector<typename M::State> states;
  /// The shortest time constant of the whole population's, of a SweptNeuron [ms].
  double fastest = std::numeric_limits<double>::infinity();

  /// Without what bounds found out, which is a matter of when somebody looked.
  void save(SaveState& save) const override {
    std::vector<typename M::State> known = states;
    if constexpr (SweptNeuron<M>)
      for (auto& s : known)
        if (!M::is_refractory(s)) M::block(s);
    save("states", known, Per::kTarget);
  }
  void load(LoadState& load) override { load("states", states, Per::kTarget); }
  void keep_potentials([[maybe_unused]] const NeuronGroup& before, [[maybe_unused]] const Coordinates& were,
                       [[maybe_unused]] const Coordinates& are, [[maybe_unused]] Time now) override {
    if constexpr (RetunedNeuron<M>)
      for (std::uint32_t i = 0; i < states.size(); ++i) {
        try {
          keep_potential(static_cast<const NeuronsOf<M>&>(before).parameters[NeuronId{i}], i, were, are, now);
        } catch (const InputError& error) {
          throw InputError("population " + name + ": neuron " + std::to_string(first + i) + ": " +
                           error.what());
        }
      }
  }

 private:
  void keep_potential(typename M::Parameters before, std::uint32_t i, const Coordinates& were,
                      const Coordinates& are, Time now) requires RetunedNeuron<M> {
    const typename M::Parameters& p = parameters[NeuronId{i}];
    if constexpr (SweptNeuron<M>) {
      M::set_origin_step(before, were.step);
      M::keep_potential(before, p, states[i], now.since(were.origin), now.since(are.origin));
    } else {
      M::keep_potential(before, p, states[i], now);
    }
  }
};

/// Draws those in `own` of the neurons `spec` asks for. Throws InputError that names the field when a value is out of
/// range.
using Populate = std::unique_ptr<NeuronGroup> (*)(const PopulationSpec& spec, std::uint64_t seed,
                                                  const NeuronRange& own, const Checkpoint& checkpoint);

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
double fastest_of([[maybe_unused]] const typename M::Parameters& p) {
  if constexpr (SweptNeuron<M>) return M::fastest(p);
  return std::numeric_limits<double>::infinity();
}

/// Cost: constants of their own are drawn for the whole population, whose shortest all parts have to know.
template <NeuronBasis M>
std::unique_ptr<NeuronGroup> populate(const PopulationSpec& spec, std::uint64_t seed, const NeuronRange& own,
                                      const Checkpoint& checkpoint) {
  for (const auto& [name, parameter] : spec.model.parameters)
    check_value_count(parameter, spec.size, "population", "neurons");
  auto population = std::make_unique<NeuronsOf<M>>();
  std::optional<typename M::Parameters> shared;
  std::vector<typename M::Parameters> parameters;
  for (std::uint32_t i = 0; i < spec.size; ++i) {
    checkpoint();
    const bool is_own = own.holds(i);
    if (shared && !is_own) continue;
    const ParameterSource source(spec.model, seed, spec.name, i);
    if (!shared) {
      const typename M::Parameters drawn = M::parameters(source);
      population->fastest = std::min(population->fastest, fastest_of<M>(drawn));
      if (!source.varies())
        shared.emplace(drawn);
      else if (is_own || (own.size() == 0 && i == 0))  // a rank without neurons has somebody's
        parameters.push_back(drawn);
    }
    if (is_own) population->states.push_back(M::initial_state(shared ? *shared : parameters.back(), source));
  }
  using Column = Parameter<NeuronId, typename M::Parameters>;
  population->parameters = shared ? Column(*shared) : Column(std::move(parameters));
  population->name = spec.name;
  population->model = M::kName;
  population->size = own.size();
  population->first = own.first;
  population->receptors = receptors_of<M>(population->parameters[NeuronId{0}]);
  return population;
}

}  // namespace chronotope
