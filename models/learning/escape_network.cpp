// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/escape_network.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "chronotope/core/exponential.hpp"

namespace chronotope::models {
namespace {

/// 2 sum (-1)^(k-1) e^(-2 k^2 x^2).
double kolmogorov_tail(double x) {
  if (x < 0.2) return 1;  // to 1e-12
  double sum = 0;
  for (int k = 1; k <= 100; ++k) sum += (k % 2 == 1 ? 2 : -2) * exp(-2.0 * k * k * x * x);
  return std::clamp(sum, 0.0, 1.0);
}

}  // namespace

std::vector<EscapeReceptor> EscapeNeuron::receptors() const {
  std::vector<EscapeReceptor> all;
  for (const EscapeSynapse& synapse : synapses) all.push_back(synapse.receptor);
  return all;
}

double EscapeNeuron::allowed(std::size_t j, double weight) const {
  constexpr double kLargest = 1e9;
  const bool excitatory = synapses[j].receptor == EscapeReceptor::kExcitatory;
  return std::clamp(weight, !has_free_signs() && excitatory ? 0 : -kLargest,
                    !has_free_signs() && !excitatory ? 0 : kLargest);
}

std::vector<EscapeArrival> arrivals(const EscapeNeuron& neuron, const EscapeTrains& trains, Time end) {
  std::vector<EscapeArrival> all;
  for (std::uint32_t j = 0; j < neuron.synapses.size(); ++j)
    for (const Time spike : trains[neuron.synapses[j].source])
      if (const Time t = spike + neuron.synapses[j].delay; t < end) all.push_back({t, j});
  std::sort(all.begin(), all.end(), [](const EscapeArrival& a, const EscapeArrival& b) {
    return std::tie(a.time, a.synapse) < std::tie(b.time, b.synapse);
  });
  return all;
}

EscapeSums escape_likelihood(const EscapeNeuron& neuron, std::span<const double> weights,
                             std::span<const EscapeArrival> arrivals, std::span<const Time> train, Time end,
                             bool information, const Checkpoint& checkpoint) {
  EscapeTrace trace(neuron.parameters, neuron.start, neuron.receptors(), information);
  std::size_t next = 0;
  for (const Time spike : train) {
    if (spike >= end) break;
    for (; next < arrivals.size() && arrivals[next].time <= spike; ++next) {
      checkpoint();
      trace.arrive(arrivals[next].time, arrivals[next].synapse, weights[arrivals[next].synapse]);
    }
    trace.fire(spike);
  }
  for (; next < arrivals.size(); ++next) {
    checkpoint();
    trace.arrive(arrivals[next].time, arrivals[next].synapse, weights[arrivals[next].synapse]);
  }
  trace.advance(end);
  return trace.take();
}

Rescaling time_rescaling(std::vector<double> intervals) {
  if (intervals.empty()) return {};
  std::sort(intervals.begin(), intervals.end());
  const auto n = static_cast<double>(intervals.size());
  double distance = 0;
  for (std::size_t k = 0; k < intervals.size(); ++k) {
    const double below = -expm1(-intervals[k]);
    distance =
        std::max({distance, below - static_cast<double>(k) / n, static_cast<double>(k + 1) / n - below});
  }
  const double root = std::sqrt(n);
  return {distance, kolmogorov_tail(distance * (root + 0.12 + 0.11 / root))};
}

}  // namespace chronotope::models
