// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "chronotope/core/plasticity_rule.hpp"
#include "chronotope/core/projection_source.hpp"

namespace chronotope::models {

/// The rule that does nothing. Memory: 8 bytes per synapse.
class StaticWeight {
 public:
  static constexpr std::string_view kName = "static";
  static constexpr bool kPlastic = false;
  struct Row {};

  explicit StaticWeight(const ProjectionSource& source) : weight_(source.draw_weights()) {}

  void sent(NeuronId, Time) {}
  Row row(NeuronId, Time, Duration) const { return {}; }
  Row row_until(NeuronId, Time, Duration) const { return {}; }
  double arrive(SynapseId s, NeuronId, const Row&) { return weight_[index(s)]; }
  void fired(NeuronId, Time) {}
  void settle(SynapseId, NeuronId, const Row&) {}
  void forget(NeuronId, Time) {}
  double weight(SynapseId s) const { return weight_[index(s)]; }

 private:
  std::vector<double> weight_;
};

static_assert(PlasticityRule<StaticWeight>);

}  // namespace chronotope::models
