// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chronotope/tests/models/single_neuron.hpp"
#include "chronotope/tests/reference/current_lif_reference.hpp"

namespace chronotope::tests {

/// A random current-driven neuron with its arrivals, for the models that share the leaky membrane.
struct MembraneCase {
  reference::CurrentLifParameters neuron;
  std::vector<TestArrival> arrivals;
};

/// A membrane with drive below or above threshold; some start at threshold and fire at 0.
void draw_membrane(CaseDraw& draw, reference::CurrentLifParameters& neuron);

/// Single arrivals, several at one instant, bursts, pairs that are t_ref apart. `largest` [pA] is the largest
/// weight; the receptor is drawn, or with two receptors follows the weight's sign.
enum class ReceptorChoice { kBySign, kDrawn };
void draw_arrivals(CaseDraw& draw, MembraneCase& c, int count, double largest, ReceptorChoice choice);

/// The parameters of the membrane as textproto fields.
void set_membrane(ModelText& text, const reference::CurrentLifParameters& neuron);

/// Those of a case as the engine and as the reference take them; `text` is the model's.
struct BothArrivals {
  std::vector<TestArrival> engine;
  std::vector<reference::ReceptorArrival> reference;
};
BothArrivals both_arrivals(const MembraneCase& c, const std::string& text);

/// Runs both and compares; returns how many spikes were compared.
std::size_t expect_truth(const MembraneCase& c, const std::string& model, double until,
                         const std::string& what);

}  // namespace chronotope::tests
