// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/core/time.hpp"
#include "chronotope/models/learning/relu_network.hpp"

namespace chronotope::models {

/// A layer of linear_leak_lif neurons whose counts of spikes are a ReLU of those that arrive: reset SUBTRACT,
/// floor NONE, t_ref 0, no leak, V_th - V_reset = 1 mV, V_m halfway, so that counts are rounded to the
/// nearest. The last input, which always fires as often as the code can say, brings the biases.
struct SpikingLayer {
  std::uint32_t inputs = 0;    // with the constant one
  std::vector<double> weight;  // [neuron][input] [mV]

  std::uint32_t outputs() const { return static_cast<std::uint32_t>(weight.size() / inputs); }
  std::span<const double> row(std::size_t neuron) const { return {&weight[neuron * inputs], inputs}; }
};

/// Spikes of every neuron, in order of time.
using SpikeTrains = std::vector<std::vector<Time>>;

/// How numbers become counts, and when spikes arrive.
///
/// Inhibition goes first: excitation takes a train's length longer. So the inputs of layer l = 0, 1, .. fire
/// within the l-th length of a train, its neurons within the next, when all inhibition has come: no spike has
/// to be taken back.
struct CountCode {
  std::uint32_t most = 64;  // spikes that stand for a layer's largest activation

  static constexpr double kInterval = 1;  // [ms], between spikes of the fastest train
  /// The last layer, which no other hears, counts in steps so much smaller.
  static constexpr double kFinerAtLast = 4;
  static Duration shortest_delay() { return Duration::from_ticks(kTicksPerMs / 100); }
  Duration length() const { return Duration::nearest(most * kInterval); }
  Duration delay(double weight) const { return shortest_delay() + (weight > 0 ? length() : Duration()); }
  /// How much later layer l hears than layer 0.
  Duration lag(std::size_t l) const { return static_cast<std::int64_t>(l) * (length() + shortest_delay()); }
  /// The end of a run of so many layers: all spikes of the inputs have come through.
  Time end(std::size_t layers) const { return Time() + lag(layers) + length(); }
  /// round(most x value/largest) spikes, `most` at most, at equal distances.
  std::vector<Time> train(double value, double largest) const;
};

/// What the neurons of layer l fire on these trains; spikes are those of the event engine.
SpikeTrains run_layer(const SpikingLayer& layer, const SpikeTrains& inputs, std::size_t l,
                      const CountCode& code);

/// A ReLU network as one of spikes (Wu et al. 2020, arXiv:2007.01204): activations a of layer l, divided by
/// their 0.999 quantile lambda_l over the rows (in the last layer a quarter of it), are shares of `code.most`
/// spikes,
///
///   weights  w lambda_(l-1)/lambda_l [mV],  of the constant input  b/lambda_l [mV]
///
/// The logits' biases are raised together until hardly a row's highest (0.001 quantile) is negative, since
/// counts are not; that changes no order among them.
struct SpikingReluNetwork {
  CountCode code;
  std::vector<double> largest;  // what code.most spikes stand for, of the inputs first
  std::vector<SpikingLayer> layers;

  /// Without the constant input's.
  SpikeTrains input_trains(std::span<const double> row) const;
  /// Of the inputs, then of every layer.
  std::vector<SpikeTrains> run(std::span<const double> row) const;
};

/// Converts all layers at once.
SpikingReluNetwork convert(const ReluNetwork& network, const LabelledRows& rows, const CountCode& code);

/// Converts layer by layer; before each, it and the layers behind it are taught again on the counts that
/// really enter it, times lambda_l/most.
SpikingReluNetwork convert_in_tandem(ReluNetwork network, const LabelledRows& training,
                                     const LabelledRows& validation, const CountCode& code,
                                     const ReluTraining& options);

/// Cross-entropy and accuracy of the counts of the last layer, times lambda/most as logits.
ReluScore score(const SpikingReluNetwork& network, const LabelledRows& rows);

}  // namespace chronotope::models
