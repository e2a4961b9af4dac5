// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "chronotope/core/parameter.hpp"
#include "chronotope/core/plasticity_rule.hpp"
#include "chronotope/core/projection_source.hpp"
#include "chronotope/core/rule_name.hpp"

namespace chronotope::models {

/// The rule that does nothing. Memory: 8 bytes per synapse, none when all have one weight.
class StaticWeight {
 public:
  static constexpr std::string_view kName = kStaticRule;
  static constexpr bool kPlastic = false;
  struct Row {};

  explicit StaticWeight(const ProjectionSource& source) : weight_(source.draw_static_weights()) {}

  void sent(NeuronId, Time, Time) {}
  Row row(NeuronId, Time, Duration) const { return {}; }
  Row row_until(NeuronId, Time, Duration) const { return {}; }
  double arrive(SynapseId s, NeuronId, const Row&) { return weight_[s]; }
  void fired(NeuronId, Time) {}
  void settle(SynapseId, NeuronId, const Row&) {}
  void rewarded(Time, double) {}
  void scale(SynapseId, double, const Row&) {}
  void forget(NeuronId, Time) {}
  double weight(SynapseId s) const { return weight_[s]; }
  /// The one weight of all synapses, if there is one.
  const double* shared_weight() const { return weight_.is_shared() ? weight_.values().data() : nullptr; }
  /// Of every synapse. Requires: they have no shared one.
  const double* weights() const { return weight_.values().data(); }

 private:
  Parameter<SynapseId> weight_;
};

static_assert(PlasticityRule<StaticWeight>);

}  // namespace chronotope::models
