// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/models/learning/event_gradient.hpp"
#include "chronotope/models/learning/event_network.hpp"
#include "chronotope/models/learning/event_record.hpp"

namespace chronotope::models {

/// Cross-entropy over first spikes f_j of the output neurons, T when silent:
///   log sum_j exp(-f_j/tau_l) + f_c/tau_l + early_weight (exp(f_c/early_tau) - 1)
/// The last term keeps spikes early without competition, too. Times in ms.
struct TtfsCrossEntropy {
  std::vector<std::uint32_t> outputs;
  std::uint32_t label = 0;  // place among the outputs
  double tau_l = 5;
  double early_weight = 0;
  double early_tau = 1;
};

/// One spike of one neuron and a number that belongs to it; k counts from 0.
struct SpikeTerm {
  std::uint32_t neuron = 0;
  std::uint32_t k = 0;
  double value = 0;
};
/// sum of value t.
struct SpikeTimesLinear {
  std::vector<SpikeTerm> terms;
};
/// 1/2 sum of (t - value)^2.
struct SpikeTimesSquared {
  std::vector<SpikeTerm> terms;
};

/// sum of coefficient int_0^T (V - E_L) dt.
struct MembraneIntegralLinear {
  std::vector<std::uint32_t> outputs;
  std::vector<double> coefficients;
};
/// Cross-entropy of softmax(z), z = (scale/T) int_0^T (V - E_L) dt.
struct MembraneIntegralCrossEntropy {
  std::vector<std::uint32_t> outputs;
  std::uint32_t label = 0;
  double scale = 1;
};
/// Cross-entropy of softmax(z), z = scale (max_t V - E_L); the outputs do not fire.
struct MembraneMaxCrossEntropy {
  std::vector<std::uint32_t> outputs;
  std::uint32_t label = 0;
  double scale = 1;
};

using EventLoss = std::variant<TtfsCrossEntropy, SpikeTimesLinear, SpikeTimesSquared, MembraneIntegralLinear,
                               MembraneIntegralCrossEntropy, MembraneMaxCrossEntropy>;

/// A loss asks of a neuron what the run does not have.
class UnmetLoss : public InputError {
 public:
  UnmetLoss(std::uint32_t neuron, const std::string& what)
      : InputError("neuron " + std::to_string(neuron) + ": " + what), neuron_(neuron), what_(what) {}
  std::uint32_t neuron() const { return neuron_; }
  /// Without the neuron, whose name others know.
  const std::string& reason() const { return what_; }

 private:
  std::uint32_t neuron_;
  std::string what_;
};

/// The value of one loss on a recorded run. Adds its direct derivatives to `seeds` and, for a maximum, its
/// derivative by E_L to `gradient` and a mark to the record.
///
/// Errors: UnmetLoss when a spike that a term asks for was not fired, or when a neuron whose maximum is
/// asked for fired.
double evaluate(const EventLoss& loss, const EventNetwork& network, EventRecord& record, EventSeeds& seeds,
                EventGradient& gradient);

/// The first spike of a neuron [ms], or nothing.
const RecordedSpike* first_spike(const EventRecord& record, std::uint32_t neuron);

/// int_0^T (V - E_L) dt [mV ms].
double membrane_integral(const EventNetwork& network, const EventRecord& record, std::uint32_t neuron);

}  // namespace chronotope::models
