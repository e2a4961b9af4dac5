// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/synapse_group.hpp"

#include <utility>

namespace chronotope {

SynapseGroup::SynapseGroup(const ProjectionSpec& spec, const NetworkDescription& network,
                           ProjectionSource& source)
    : source_(spec.source),
      target_(spec.target),
      receptor_(spec.receptor.value_or(0)),
      connectivity_(source.take_connectivity()),
      whole_(source.whole()),
      reward_(spec.reward) {
  if (spec.scaling)
    scaling_.emplace(*spec.scaling, spec.name, network.seeds.learning, source.own(), whole_.targets);
}

void SynapseGroup::save(SaveState& save, Time t) {
  if (scaling_) WeightScaling::progress(std::as_const(*scaling_), save);
  save_rule(save, t);
}

void SynapseGroup::load(LoadState& load) {
  if (scaling_) {
    WeightScaling::progress(*scaling_, load);
    scaling_->restored();
  }
  load_rule(load);
}

void SynapseGroup::set_kind(const Kind& kind) {
  is_plastic_ = kind.is_plastic;
  is_static_ = kind.is_static;
  longest_dendritic_delay_ = kind.longest_dendritic_delay;
  shared_weight_ = kind.shared_weight;
  static_weights_ = kind.static_weights;
}

}  // namespace chronotope
