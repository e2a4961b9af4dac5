// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "chronotope/tests/models/membrane_case.hpp"
#include "chronotope/tests/reference/jump_neuron_reference.hpp"

// Random neurons whose constants change at some time, for the models that have a truth in 50 digits.

namespace chronotope::tests {

/// A model of the leaky membrane: its specification, and what it draws of more than a membrane with two receptors.
struct MembraneModel {
  std::string name;
  std::function<std::string(const reference::CurrentLifParameters& neuron)> text;
  std::function<void(CaseDraw& draw, reference::CurrentLifParameters& neuron)> draw_more;
};

MembraneModel exponential_currents();
MembraneModel alpha_currents();
MembraneModel adaptation();
MembraneModel jumping_threshold();
MembraneModel several_receptors();

/// A neuron of the model, and arrivals of both signs.
MembraneCase draw_case(CaseDraw& draw, const MembraneModel& model);

std::string text_of(const reference::QuadraticParameters& neuron);
std::string text_of(const reference::LinearLeakParameters& neuron);

/// Jumps of so many mV at most, downwards and upwards.
std::vector<TestArrival> draw_jumps(CaseDraw& draw, double down, double up);

}  // namespace chronotope::tests
