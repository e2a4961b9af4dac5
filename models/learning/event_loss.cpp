// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/event_loss.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "chronotope/core/error.hpp"
#include "chronotope/core/exponential.hpp"
#include "chronotope/models/learning/event_maximum.hpp"
#include "chronotope/models/learning/propagator.hpp"

namespace chronotope::models {
namespace {

/// softmax(z) and -log of the label's share.
struct Softmax {
  std::vector<double> share;
  double cross_entropy = 0;

  Softmax(const std::vector<double>& z, std::uint32_t label) {
    const double top = *std::max_element(z.begin(), z.end());
    double sum = 0;
    for (const double logit : z) sum += share.emplace_back(exp(logit - top));
    for (double& p : share) p /= sum;
    cross_entropy = log(sum) + top - z[label];
  }
  /// d cross_entropy/dz_j.
  double derivative(std::size_t j, std::uint32_t label) const { return share[j] - (j == label ? 1 : 0); }
};

/// Adds one loss: a call per kind.
struct Evaluation {
  const EventNetwork& network;
  EventRecord& record;
  EventSeeds& seeds;
  EventGradient& gradient;

  double operator()(const TtfsCrossEntropy& loss) const {
    std::vector<double> z;
    for (const std::uint32_t n : loss.outputs) z.push_back(-first_time(n) / loss.tau_l);
    const Softmax softmax(z, loss.label);
    for (std::size_t j = 0; j < z.size(); ++j)
      add_to_first(loss.outputs[j], -softmax.derivative(j, loss.label) / loss.tau_l);
    if (loss.early_weight == 0) return softmax.cross_entropy;
    const std::uint32_t label = loss.outputs[loss.label];
    const double early = expm1(first_time(label) / loss.early_tau);
    add_to_first(label, loss.early_weight * (early + 1) / loss.early_tau);
    return softmax.cross_entropy + loss.early_weight * early;
  }

  double operator()(const SpikeTimesLinear& loss) const {
    double sum = 0;
    for (const SpikeTerm& term : loss.terms) {
      const std::uint32_t spike = spike_of(term);
      sum += term.value * record.spikes[spike].time.ms();
      seeds.spike[spike] += term.value;
    }
    return sum;
  }

  double operator()(const SpikeTimesSquared& loss) const {
    double sum = 0;
    for (const SpikeTerm& term : loss.terms) {
      const std::uint32_t spike = spike_of(term);
      const double miss = record.spikes[spike].time.ms() - term.value;
      sum += miss * miss / 2;
      seeds.spike[spike] += miss;
    }
    return sum;
  }

  double operator()(const MembraneIntegralLinear& loss) const {
    double sum = 0;
    for (std::size_t j = 0; j < loss.outputs.size(); ++j) {
      sum += loss.coefficients[j] * membrane_integral(network, record, loss.outputs[j]);
      seeds.integral[loss.outputs[j]] += loss.coefficients[j];
    }
    return sum;
  }

  double operator()(const MembraneIntegralCrossEntropy& loss) const {
    const double factor = loss.scale / record.end.ms();
    std::vector<double> z;
    for (const std::uint32_t n : loss.outputs) z.push_back(factor * membrane_integral(network, record, n));
    const Softmax softmax(z, loss.label);
    seeds.height = z;
    for (std::size_t j = 0; j < z.size(); ++j)
      seeds.integral[loss.outputs[j]] += factor * softmax.derivative(j, loss.label);
    return softmax.cross_entropy;
  }

  double operator()(const MembraneMaxCrossEntropy& loss) const {
    std::vector<double> z;
    for (const std::uint32_t n : loss.outputs)
      z.push_back(loss.scale * (maximum(n) - network.neurons[n].E_L));
    const Softmax softmax(z, loss.label);
    seeds.height = z;
    for (std::size_t j = 0; j < z.size(); ++j) {
      const double g = loss.scale * softmax.derivative(j, loss.label);
      seeds.maximum[loss.outputs[j]] += g;
      gradient.neuron[loss.outputs[j]].E_L -= g;
    }
    return softmax.cross_entropy;
  }

 private:
  double first_time(std::uint32_t neuron) const {
    const RecordedSpike* spike = first_spike(record, neuron);
    return (spike == nullptr ? record.end : spike->time).ms();
  }
  void add_to_first(std::uint32_t neuron, double derivative) const {
    const std::vector<std::uint32_t>& own = record.neurons[neuron].spikes;
    if (!own.empty()) seeds.spike[own.front()] += derivative;
  }
  std::uint32_t spike_of(const SpikeTerm& term) const {
    const std::vector<std::uint32_t>& own = record.neurons[term.neuron].spikes;
    if (term.k >= own.size())
      throw UnmetLoss(term.neuron, "the loss asks for spike " + std::to_string(term.k) + ", and it fires " +
                                       std::to_string(own.size()) + " times: spikes count from 0");
    return own[term.k];
  }
  double maximum(std::uint32_t neuron) const {
    if (!record.neurons[neuron].spikes.empty())
      throw UnmetLoss(
          neuron,
          "the loss asks for its highest potential, and it fires: a read-out has a V_th out of reach, 1e9");
    return mark_maximum(network, neuron, record);
  }
};

}  // namespace

const RecordedSpike* first_spike(const EventRecord& record, std::uint32_t neuron) {
  const std::vector<std::uint32_t>& own = record.neurons[neuron].spikes;
  return own.empty() ? nullptr : &record.spikes[own.front()];
}

double membrane_integral(const EventNetwork& network, const EventRecord& record, std::uint32_t neuron) {
  const EventNeuron& n = network.neurons[neuron];
  const NeuronRecord& r = record.neurons[neuron];
  const std::span<const double> tau = network.time_constants(neuron);
  double sum = 0;
  for (std::size_t k = 0; k + 1 < r.events.size(); ++k) {
    const double h = (r.events[k + 1].time - r.events[k].time).ms();
    if (r.events[k].is_refractory) {
      sum += (n.V_reset - n.E_L) * h;
      continue;
    }
    const double one = -n.tau_m * expm1(-h / n.tau_m);
    sum += (r.V(k) - n.E_L) * one + n.resistance() * n.I_e * (h - one);
    for (std::uint32_t s = 0; s < r.receptors; ++s)
      sum += r.currents(k)[s] * IntegratedResponse::over(h, n.tau_m, tau[s]).Phi / n.C_m;
  }
  return sum;
}

double evaluate(const EventLoss& loss, const EventNetwork& network, EventRecord& record, EventSeeds& seeds,
                EventGradient& gradient) {
  return std::visit(Evaluation{network, record, seeds, gradient}, loss);
}

}  // namespace chronotope::models
