// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "chronotope/core/neuron_group.hpp"
#include "chronotope/core/part.hpp"
#include "chronotope/core/synapse_group.hpp"

namespace chronotope {

/// Everything that is simulated, or the part of it that a rank has: of every population a range of neurons, and the
/// synapses onto these, whose sources are numbered as in the whole network and whose targets from 0. Inputs are
/// numbered after the populations.
struct Network {
  std::vector<std::unique_ptr<NeuronGroup>> populations;
  std::vector<std::unique_ptr<SynapseGroup>> projections;
  std::vector<RewardSpec> rewards{};
  Part part{};
};

/// Draws everything `spec` asks for with the models given, and calls `checkpoint` often. Throws InputError
/// that names the field when a value is out of range or no model has a name. Of a part all ranks build theirs at once.
Network build_network(
    const NetworkDescription& spec, std::span<const NeuronKind> neurons, std::span<const RuleKind> rules,
    const Checkpoint& checkpoint = [] {}, const Part& part = {});

}  // namespace chronotope
