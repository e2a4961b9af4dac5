// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chronotope/models/learning/event_adjoint.hpp"
#include "chronotope/models/learning/event_loss.hpp"
#include "chronotope/models/learning/event_pass.hpp"

namespace chronotope::tests {

/// A network with inputs and losses, all of whose derivatives can be asked for: of a stored case or a random
/// one. Synapses are listed in an order of their own.
struct GradientCase {
  models::EventNetwork network;
  std::vector<models::InputSpike> inputs;
  std::vector<models::EventLoss> losses;
  Offset end{};
  std::vector<std::uint64_t> row_place;  // of the synapses as listed, among those of the rows

  struct Listed {
    std::uint32_t source = 0;  // channels first
    models::EventSynapse synapse;
  };
  /// Puts the synapses into rows.
  void wire(const std::vector<Listed>& synapses);
};

/// The nearest whole tick.
inline Offset ticks(double ms) { return {nearest_whole(ticks_of(ms))}; }

/// The network as a specification of exp_psc_lif neurons, population n, input x.
std::string spec_text(const GradientCase& c);

/// Its spikes by the event engine, in order of time.
std::vector<models::EventPass::KnownSpike> engine_spikes(const GradientCase& c);

struct GradientResult {
  double loss = 0;
  models::EventGradient gradient;
  models::EventRecord record;
};
/// Loss and gradient by the recorded course of the engine's spikes, or of the pass's own.
GradientResult gradient_of_engine(const GradientCase& c);
GradientResult gradient_of_pass(const GradientCase& c);

/// The recorded course of the engine's spikes, and the loss on a record.
models::EventRecord engine_record(const GradientCase& c);
double loss_on(const GradientCase& c, models::EventRecord& record);

}  // namespace chronotope::tests
