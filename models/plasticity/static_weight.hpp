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

  explicit StaticWeight(const ProjectionSource& source) : weight_(source.draw_weights()) {}

  double arrive(SynapseId s, const SpikeHistory&, Time) const { return weight_[index(s)]; }
  void settle(SynapseId, const SpikeHistory&) {}
  double weight(SynapseId s) const { return weight_[index(s)]; }

 private:
  std::vector<double> weight_;
};

static_assert(PlasticityRule<StaticWeight>);

}  // namespace chronotope::models
