// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "chronotope/core/distance_kernel.hpp"
#include "chronotope/core/distribution.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/lattice.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/core/torus.hpp"

namespace chronotope {

/// Where a value of the specification was written, to name it in an error.
struct Field {
  std::string path;  // "population E: exp_psc_lif.tau_m"
  Location location;

  [[noreturn]] void refuse(const std::string& value, const std::string& allowed) const {
    throw FieldError(location, path, value, allowed);
  }
  Field operator/(const std::string& name) const { return {path + "." + name, location}; }
};

struct ParameterSpec {
  ParameterDistribution value;
  Field field;
};

/// Two parameters of a rule drawn together: the ranks of their values correlate as those of two normal
/// variables with correlation rho (a Gaussian copula); each keeps its own distribution.
struct CorrelationSpec {
  std::string first;
  std::string second;
  double rho = 0;  // in [-1, 1]
};

/// A neuron model or plasticity rule by name, with the parameters that were given; the model knows the
/// others' defaults.
struct ModelSpec {
  std::string kind;
  std::map<std::string, ParameterSpec> parameters;
  std::map<std::string, std::string> options;  // enumerations, by the name of their value
  Field field;
  std::vector<CorrelationSpec> correlations{};  // of different parameters
};

/// Sites x wide, y deep and z high, in one of which every neuron stands; populations may share a lattice by its name.
struct LatticeSpec {
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  std::uint32_t z = 0;
  std::string name;  // never empty: a population alone on its lattice gives its own

  std::uint64_t sites() const { return std::uint64_t{x} * y * z; }
};

/// Where the neurons of a population stand, one by one, instead of on a lattice.
struct PlacementSpec {
  std::vector<Position> positions;
  Torus box{};  // that periodic distances go around; open: none was given
};

/// An amplitude [pA] that holds from a time on.
struct CurrentChange {
  Time time;
  double amplitude = 0;
};

/// A current into neurons of a population that is constant between changes, whose times ascend; before the first it
/// is 0.
struct StepCurrentSpec {
  std::optional<std::vector<std::uint32_t>> neurons;  // ascending; nothing: all
  std::vector<CurrentChange> changes;
  Field field;
};

struct PopulationSpec {
  std::string name;
  std::uint32_t size = 0;
  std::optional<LatticeSpec> lattice;
  ModelSpec model;
  Field field;
  std::optional<PlacementSpec> placement{};  // never beside a lattice
  std::vector<StepCurrentSpec> currents{};   // which add up in this order

  bool has_places() const { return lattice || placement; }
  /// What periodic distances go around: the lattice, or the box that was given with the positions.
  Torus torus() const {
    if (placement) return placement->box;
    return {static_cast<double>(lattice->x), static_cast<double>(lattice->y),
            static_cast<double>(lattice->z)};
  }
};

struct PoissonSpec {
  ParameterSpec rate;  // [Hz]
  Time start;
  Time stop = Time::never();
};

/// A rate [Hz] that holds from a time on.
struct RateChange {
  Time time;
  double rate = 0;
};

/// Poisson trains of rates that are constant between changes. `rates` are those of all channels, or one row for
/// each; times ascend, and before the first the rate is 0.
struct InhomogeneousPoissonSpec {
  std::vector<std::vector<RateChange>> rates;
  Time stop = Time::never();
};

/// Channels that copy a Poisson mother process: each takes each of its spikes with probability p_copy, later by a
/// jitter of its own (Kuhn et al. 2003; NEST: mip_generator).
struct CorrelatedPoissonSpec {
  double rate = 0;  // of the mother [Hz]
  double p_copy = 0;
  std::optional<ParameterSpec> jitter{};  // [ms], never less than least_jitter
  double least_jitter = 0;                // [ms]
  Time start{};
  Time stop = Time::never();
};

struct RegularSpec {
  ParameterSpec interval;              // [ms]
  std::optional<ParameterSpec> start;  // [ms]
  Time stop = Time::never();
};

/// One spike of an input channel.
struct ChannelSpike {
  Time time;
  std::uint32_t channel = 0;

  friend auto operator<=>(const ChannelSpike&, const ChannelSpike&) = default;
};

/// An amount of what a reward is made of, released at one time.
struct RewardEvent {
  Time time;
  double amount = 0;

  friend auto operator<=>(const RewardEvent&, const RewardEvent&) = default;
};

/// A substance that modulates plasticity: it is released in events and decays. Either all events are given,
/// in order of time, or every spike of a population is one, `delay` after it.
struct RewardSpec {
  std::string name;
  double tau_n = 0;  // of the decay [ms]
  std::vector<RewardEvent> events{};
  std::optional<std::uint32_t> population{};
  double amount = 1;  // of the spikes' events
  Duration delay{};
  Field field{};
};

/// In (time, channel) order.
struct SpikeListSpec {
  std::vector<ChannelSpike> spikes;
};

struct InputSpec {
  std::string name;
  std::uint32_t size = 0;
  std::variant<SpikeListSpec, PoissonSpec, RegularSpec, InhomogeneousPoissonSpec, CorrelatedPoissonSpec>
      source;
  Field field;
};

struct AllToAllSpec {};
struct OneToOneSpec {};
struct PairwiseBernoulliSpec {
  double p = 0;
  std::optional<double> target_fraction;
};
struct FixedIndegreeSpec {
  std::uint32_t indegree = 0;
};
struct FixedOutdegreeSpec {
  std::uint32_t outdegree = 0;
};
struct FixedTotalSpec {
  std::uint64_t total = 0;
};
struct DistanceSpec {
  DistanceKernel kernel{};
  bool periodic = false;
};
struct SynapseSpec {
  std::uint32_t source = 0;
  std::uint32_t target = 0;
  double weight = 0;
  Duration delay{};
};
struct SynapseListSpec {
  std::vector<SynapseSpec> synapses;
};
/// Who projects to whom, pair by pair; what differs between them stands in explicit values, in their order.
struct SynapsePairsSpec {
  std::vector<std::uint32_t> source;
  std::vector<std::uint32_t> target;
};

/// Homeostasis of a projection's weights at every multiple of `interval`; exactly one of the targets is
/// given, one value per neuron of the target population.
struct ScalingSpec {
  Duration interval;
  std::optional<ParameterSpec> target_sum;   // of the magnitudes of the weights onto a neuron
  std::optional<ParameterSpec> target_rate;  // [Hz]
  double tau = 0;                            // of the approach to target_rate [ms]
};

/// Populations and inputs are numbered together: populations first.
struct ProjectionSpec {
  std::string name;  // "E->E", with #2 for the second of the same ends
  std::uint32_t source = 0;
  std::uint32_t target = 0;
  std::variant<AllToAllSpec, OneToOneSpec, PairwiseBernoulliSpec, FixedIndegreeSpec, FixedOutdegreeSpec,
               FixedTotalSpec, DistanceSpec, SynapseListSpec, SynapsePairsSpec>
      wiring;
  bool autapses = true;
  bool multapses = true;
  bool symmetric = false;  // of one population: i->j with j->i, of equal initial weight and delay
  ParameterSpec weight;
  ParameterSpec delay;                                // until the spike reaches the soma [ms]
  std::optional<ParameterSpec> dendritic_delay{};     // the last part of the delay [ms]
  std::optional<ParameterSpec> dendritic_fraction{};  // the same as a share of the delay, 0 to 1
  std::optional<std::uint32_t> receptor{};            // of a target that has several
  ModelSpec rule;
  std::optional<std::uint32_t> reward{};  // that modulates the rule
  std::optional<ScalingSpec> scaling{};
  Field field;
};

/// What the draws of a network are keyed by: one part can be drawn anew while everything else keeps its bits.
struct DrawSeeds {
  std::uint64_t wiring = 0;    // lattices, synapses, initial weights, short-term plasticity
  std::uint64_t delays = 0;    // delays and their dendritic parts
  std::uint64_t neurons = 0;   // constants and initial states of neurons, and what they draw during a run
  std::uint64_t learning = 0;  // constants of plasticity rules and of homeostasis
  std::uint64_t order = 0;     // of the stimuli, where a program chooses it
};

/// A network as plain values, already validated against everything that does not need a draw.
struct NetworkDescription {
  std::uint64_t seed = 0;  // of the inputs
  DrawSeeds seeds{};
  std::vector<PopulationSpec> populations;
  std::vector<InputSpec> inputs;
  std::vector<RewardSpec> rewards{};
  std::vector<ProjectionSpec> projections;

  std::uint32_t size_of(std::uint32_t population) const {
    return population < populations.size() ? populations[population].size
                                           : inputs[population - populations.size()].size;
  }
};

}  // namespace chronotope
