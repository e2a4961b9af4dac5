// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/spike_read_out.hpp"

#include <algorithm>

#include "chronotope/core/exponential.hpp"
#include "chronotope/models/learning/event_graph.hpp"
#include "chronotope/models/learning/event_loss.hpp"
#include "chronotope/models/learning/event_maximum.hpp"
#include "chronotope/models/learning/event_pass.hpp"
#include "chronotope/models/learning/step_lists.hpp"

namespace chronotope::models {
namespace {

std::vector<double> leaky_logits(const SpikeReadOut& read, const StepLists& steps) {
  LeakyReadOut leaky(read.leaky, read.dt.ms(), read.loss.kind, read.classes);
  std::vector<double> weights(read.classes);
  leaky.begin();
  for (std::uint32_t t = 1; t <= steps.steps(); ++t) {
    for (std::size_t k = 0; k < steps.who(t).size(); ++k) {
      for (std::uint32_t c = 0; c < read.classes; ++c)
        weights[c] = steps.times(t)[k] * read.weight[c * std::size_t{read.neurons} + steps.who(t)[k]];
      leaky.receive(weights.data());
    }
    leaky.step();
  }
  const auto logits = leaky.logits();
  return {logits.begin(), logits.end()};
}

/// Highest or mean potential of the read-out as a membrane that hears every spike at its time.
std::vector<double> membrane_logits(const SpikeReadOut& read, std::span<const ChannelSpike> spikes,
                                    Duration duration) {
  const EventNetwork network = read_out_network(read.weight, read.neurons);
  std::vector<InputSpike> inputs;
  for (const ChannelSpike& spike : spikes) inputs.push_back({spike.channel, spike.time.since(Time())});
  EventRecord record;
  EventPass(network).run(network, inputs, duration.offset(), record);
  std::vector<double> all;
  for (std::uint32_t c = 0; c < read.classes; ++c)
    all.push_back(read.loss.kind == GridLoss::Kind::kMax
                      ? mark_maximum(network, c, record)
                      : membrane_integral(network, record, c) / duration.ms());
  return all;
}

double output_logit(const SpikeReadOut& read, std::span<const ChannelSpike> spikes, std::uint32_t neuron,
                    Duration duration) {
  double sum = 0;
  for (const ChannelSpike& spike : spikes) {
    if (spike.channel != neuron) continue;
    const double ms = (spike.time - Time()).ms();
    if (read.loss.kind == GridLoss::Kind::kFirstSpike) return -ms / read.loss.tau_l;
    sum += read.loss.kind == GridLoss::Kind::kCount ? 1 : exp(-ms / read.loss.tau_l);
  }
  return read.loss.kind == GridLoss::Kind::kFirstSpike ? -duration.ms() / read.loss.tau_l
                                                       : read.loss.scale * sum;
}

}  // namespace

std::vector<double> SpikeReadOut::logits(std::span<const ChannelSpike> spikes, Duration duration) const {
  if (loss.is_leaky() && !on_grid) return membrane_logits(*this, spikes, duration);
  if (loss.is_leaky()) {
    const Item item{{spikes.begin(), spikes.end()}, duration};
    StepLists steps;
    steps.assign(item, dt, grid_steps(item, dt));
    return leaky_logits(*this, steps);
  }
  std::vector<double> all;
  for (const std::uint32_t neuron : outputs) all.push_back(output_logit(*this, spikes, neuron, duration));
  return all;
}

}  // namespace chronotope::models
