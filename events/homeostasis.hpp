// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "chronotope/core/synapse_group.hpp"

namespace chronotope::events {

/// When the weights of a network's projections are scaled next, and how (core/weight_scaling.hpp): between
/// windows, at its exact time and before everything else there.
class Homeostasis {
 public:
  explicit Homeostasis(std::span<const std::unique_ptr<SynapseGroup>> projections);

  Time due() const { return due_; }
  /// Does what is due to the synapses of a projection onto targets [first, last); several threads may share
  /// the targets.
  void scale(SynapseGroup& projection, std::uint32_t first, std::uint32_t last) const;
  /// It was done to all.
  void advance(std::span<const std::unique_ptr<SynapseGroup>> projections);

 private:
  Time due_ = Time::never();
};

}  // namespace chronotope::events
