// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chronotope::apps {

/// Whether a constant of a neuron model can change where a run is forked: because a state says nothing of it, or
/// because RetunedNeuron::keep_potential (core/neuron_model.hpp) knows how V and currents go on.
enum class ConstantChange {
  kNever,
  kUnlessDriven,  // but not where neurons draw fast Poisson trains themselves, which are summed with it
  kAlways,
};

ConstantChange change_of_constant(std::string_view model, std::string_view constant);

/// Those of a model that can, as a sentence lists them.
std::string changeable_constants(std::string_view model);

}  // namespace chronotope::apps
