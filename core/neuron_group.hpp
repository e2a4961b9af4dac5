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
#include "chronotope/core/step_currents.hpp"
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
  StepCurrents currents{};      // into these neurons

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
  /// The constants become those of the levels that `currents` have changed to; states stay as they are.
  virtual void take_currents() = 0;
};

/// What currents need to know of the neurons of a model.
template <NeuronBasis M>
struct InjectionOf {
  struct Type {};
};
template <InjectedNeuron M>
struct InjectionOf<M> {
  using Type = typename M::Injection;
};

/// The same with their parameters and the state of every neuron.
template <NeuronBasis M>
struct NeuronsOf final : NeuronGroup {
  Parameter<NeuronId, typename M::Parameters> parameters;
  std::vector<typename M::State> states;
  /// The shortest time constant of the whole population's, of a SweptNeuron [ms].
  double fastest = std::numeric_limits<double>::infinity();
  /// Where currents go into the population; then shared as the parameters were drawn.
  Parameter<NeuronId, typename InjectionOf<M>::Type> injections{};

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
    if constexpr (RetunedNeuron<M>) {
      const auto& old = static_cast<const NeuronsOf<M>&>(before);
      const std::vector<double> levels = currents.levels(size);
      for (std::uint32_t i = 0; i < states.size(); ++i) {
        try {
          keep_potential(old.under(i, levels[i]), i, were, are, now);
        } catch (const InputError& error) {
          throw InputError("population " + name + ": neuron " + std::to_string(first + i) + ": " +
                           error.what());
        }
      }
    }
  }

  void take_currents() override {
    for (const std::uint32_t k : currents.changed()) take_level(currents.pools()[k]);
    currents.take();
  }
  /// The parameters of neuron i when its currents are at `level` [pA].
  typename M::Parameters under(std::uint32_t i, [[maybe_unused]] double level) const {
    typename M::Parameters p = parameters[NeuronId{i}];
    if constexpr (InjectedNeuron<M>)
      if (!currents.empty()) M::inject(p, injections[NeuronId{i}], level);
    return p;
  }

 private:
  void take_level(const StepCurrents::Pool& pool) {
    if (parameters.is_shared()) {
      parameters.values()[0] = under(0, pool.level);
    } else {
      for (const std::uint32_t i : pool.neurons) parameters.values()[i] = under(i, pool.level);
    }
  }
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

/// Refuses currents into a model that takes none.
template <NeuronBasis M>
void check_currents(const PopulationSpec& spec) {
  if (InjectedNeuron<M> || spec.currents.empty()) return;
  (spec.currents.front().field / "population")
      .refuse("'" + spec.name + "'", std::string(M::kName) + " has no current in pA that others can add to");
}

/// The sum of all currents into a neuron stays within the range of one.
inline void check_levels(const PopulationSpec& spec, const StepCurrents& currents, std::uint32_t first,
                         std::uint64_t seed) {
  for (const StepCurrents::Pool& pool : currents.pools())
    for (const std::uint32_t i : pool.neurons) {
      const ParameterSource source(spec.model, seed, spec.name, first + i);
      const double I_e = source("I_e", 0, kFinite);
      for (const double level : {pool.least, pool.largest})
        if (!kFinite.holds(I_e + level))
          (spec.currents[pool.currents.back()].field / "amplitudes")
              .refuse(to_string(I_e + level), "the sum of I_e and all currents into neuron " +
                                                  std::to_string(first + i) + " " + kFinite.text + " pA");
    }
}

/// What the currents of a population need: neurons that they tell apart have constants of their own.
template <NeuronBasis M>
void receive_currents(NeuronsOf<M>& population, const PopulationSpec& spec, std::uint64_t seed,
                      const NeuronRange& own, bool is_shared) {
  check_currents<M>(spec);
  if constexpr (InjectedNeuron<M>) {
    const CurrentReach reach = reach_of(spec.currents, spec.size);
    if (reach == CurrentReach::kNobody) return;
    population.currents = StepCurrents(spec.currents, spec.size, own);
    check_levels(spec, population.currents, own.first, seed);
    const auto injection = [&](std::uint32_t i) {
      return M::injection(ParameterSource(spec.model, seed, spec.name, i));
    };
    using Injections = Parameter<NeuronId, typename M::Injection>;
    if (is_shared) {
      population.injections = Injections(injection(0));
    } else {
      std::vector<typename M::Injection> each;
      for (std::uint32_t i = own.first; i < own.last; ++i) each.push_back(injection(i));
      population.injections = Injections(std::move(each));
    }
    if (is_shared && reach == CurrentReach::kSome)
      population.parameters = Parameter<NeuronId, typename M::Parameters>(
          std::vector(std::max<std::size_t>(own.size(), 1), population.parameters[NeuronId{0}]));
  }
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
  receive_currents(*population, spec, seed, own, shared.has_value());
  return population;
}

}  // namespace chronotope
