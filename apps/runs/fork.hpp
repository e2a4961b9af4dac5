// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/core/neuron_group.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/events/engine.hpp"
#include "chronotope/proto/network_spec.pb.h"

namespace chronotope::apps {

/// How the specification of a fork differs from that of the run it goes on from.
///
/// What can change is what a state says nothing about, or leaves no doubt about:
///   the spikes of inputs (rates, intervals, lists, files), which are from the fork on what they would have been
///   from the begin;
///   constants of neurons: V and the currents go on from where they are (core/neuron_model.hpp, RetunedNeuron);
///   weights that are static; amplitudes, bounds, powers and learn_until of plasticity rules, as far as the
///   learnt weights are within the bounds; targets of scaling; constants of short_term.
/// What is drawn stays drawn from a distribution of the same kind.
class Fork {
 public:
  /// Files that the two name are relative to `folder`. Throws InputError that names the first field that can not change.
  Fork(const NetworkSpec& parent, const NetworkSpec& child, const std::filesystem::path& folder);

  /// Paths of the fields that are others: "population.E.exp_psc_lif.I_e".
  const std::vector<std::string>& changes() const { return changes_; }
  /// Inputs that are others though no field says so: their files are.
  void add_inputs(const std::vector<std::uint32_t>& inputs);

  /// What the engine has to know of it. Valid as long as this lives.
  events::Engine::Changes for_engine() const;
  /// Throws InputError when what changes is drawn by the neurons of `engine` themselves, or belongs to what they
  /// draw.
  void require_queued(const events::Engine& engine) const;

 private:
  /// What changes as it was: populations, and inputs whose rates tell how they are drawn.
  void keep_parent(const NetworkSpec& parent, const std::filesystem::path& folder);

  std::vector<std::string> changes_;
  std::vector<std::uint32_t> inputs_;
  std::map<std::uint32_t, events::Stimulus> inputs_before_;
  std::vector<std::uint32_t> weights_;  // projections whose static weights change
  std::vector<std::uint32_t> populations_;
  std::vector<std::pair<std::uint32_t, std::string>>
      summed_;                                        // populations, and what their trains are summed with
  std::vector<std::unique_ptr<NeuronGroup>> before_;  // by population, null where nothing changes
  NetworkSpec child_;
};

/// Ends the learning of every plastic projection at t.
void freeze(NetworkSpec& spec, Time t);

}  // namespace chronotope::apps
