// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/event_method.hpp"

#include <algorithm>
#include <numeric>
#include <string>

#include "chronotope/core/error.hpp"
#include "chronotope/models/learning/event_maximum.hpp"

namespace chronotope::models {
EventMethod::EventMethod(const TrainedNetwork& network, EventMethodOptions options, Workers workers)
    : options_(std::move(options)),
      workers_(std::move(workers)),
      neurons_(network.neurons),
      graph_(network, options_.outputs.empty() ? network.outputs() : 0) {
  outputs_ = options_.outputs;
  if (outputs_.empty()) {
    outputs_.resize(network.outputs());
    std::iota(outputs_.begin(), outputs_.end(), neurons_);
  }
  if (outputs_.size() < 2)
    throw InputError("a read-out of " + std::to_string(outputs_.size()) +
                     " outputs tells no classes apart: it needs at least 2");
  lanes_.assign(workers_.size,
                Lane{EventPass(graph_.network, workers_.checkpoint), EventAdjoint(workers_.checkpoint)});
}

EventLoss EventMethod::loss_of(std::uint32_t label) const {
  switch (options_.logits) {
    case EventLogits::kFirstSpikes:
      return TtfsCrossEntropy{outputs_, label, options_.tau_l, options_.early_weight, options_.early_tau};
    case EventLogits::kMaximum:
      return MembraneMaxCrossEntropy{outputs_, label, options_.scale};
    default:
      return MembraneIntegralCrossEntropy{outputs_, label, options_.scale};
  }
}

/// The first of the best outputs: that fires first, or is highest. `height` is that of every output.
std::uint32_t EventMethod::predict(const EventRecord& record, std::span<const double> height) const {
  std::uint32_t best = 0;
  const auto first = [&](std::uint32_t o) {
    const RecordedSpike* spike = first_spike(record, outputs_[o]);
    return spike == nullptr ? kNeverOffset : spike->time;
  };
  for (std::uint32_t o = 1; o < outputs_.size(); ++o)
    if (options_.logits == EventLogits::kFirstSpikes ? first(o) < first(best) : height[o] > height[best])
      best = o;
  return best;
}

/// Seeds the spikes of neurons that fire too often. Returns what these cost.
double EventMethod::hold_back(const EventRecord& record, EventSeeds& seeds) const {
  if (options_.c1 == 0) return 0;
  double cost = 0;
  for (std::uint32_t n = 0; n < neurons_; ++n) {
    const std::vector<std::uint32_t>& own = record.neurons[n].spikes;
    const double above = std::max(0.0, static_cast<double>(own.size()) - options_.n_hi);
    const EventNeuron& neuron = graph_.network.neurons[n];
    cost += options_.c1 * above * above / neurons_;
    for (const std::uint32_t spike : own)
      seeds.push[spike] += 2 * options_.c1 * above / (neurons_ * (neuron.V_th - neuron.V_reset));
  }
  return cost;
}

void EventMethod::take_item(const Item& item, std::size_t number, Lane& lane, Chunk& chunk, bool learns) {
  lane.inputs.clear();
  for (const ChannelSpike& spike : item.spikes)
    lane.inputs.push_back({spike.channel, spike.time.since(Time())});
  lane.pass.run(graph_.network, lane.inputs, item.duration.offset(), lane.record);
  lane.seeds.reset(lane.record.spikes.size(), graph_.network.neurons.size());
  chunk.loss +=
      models::evaluate(loss_of(item.label), graph_.network, lane.record, lane.seeds, chunk.gradient);
  const std::uint32_t output = outputs_[item.label];
  is_silent_[number] = options_.logits == EventLogits::kFirstSpikes
                           ? lane.record.neurons[output].spikes.empty()
                           : options_.logits == EventLogits::kMaximum && !(lane.seeds.height[item.label] > 0);
  chunk.loss += hold_back(lane.record, lane.seeds);
  chunk.spikes += lane.record.spikes.size() - lane.record.inputs;
  prediction_[number] = predict(lane.record, lane.seeds.height);
  for (std::uint32_t n = 0; n < neurons_; ++n)
    counts_[number * neurons_ + n] = static_cast<std::uint32_t>(lane.record.neurons[n].spikes.size());
  if (learns)
    lane.adjoint.sweep(graph_.network, lane.record, lane.seeds, {options_.slope_floor, options_.constants},
                       chunk.gradient);
}

BatchResult EventMethod::run(const TrainedNetwork& network, std::span<const Item* const> batch, bool learns) {
  graph_.take_values(network);
  const std::size_t chunks = (batch.size() + kChunk - 1) / kChunk;
  chunks_.resize(std::max(chunks_.size(), chunks));
  prediction_.resize(batch.size());
  counts_.resize(batch.size() * neurons_);
  is_silent_.resize(batch.size());
  workers_.run([&](unsigned member) {
    for (std::size_t k = member; k < chunks; k += workers_.size) {
      Chunk& chunk = chunks_[k];
      chunk.gradient.reset(graph_.network);
      chunk.loss = 0;
      chunk.spikes = 0;
      for (std::size_t i = k * kChunk; i < std::min(batch.size(), (k + 1) * kChunk); ++i)
        take_item(*batch[i], i, lanes_[member], chunk, learns);
    }
  });
  BatchResult result{0, prediction_, counts_, {}};
  for (std::size_t k = 0; k < chunks; ++k) {
    result.loss += chunks_[k].loss;
    result.counters.spikes += chunks_[k].spikes;
    result.counters.floored += chunks_[k].gradient.floored;
    result.counters.coincidences += chunks_[k].gradient.coincidences;
  }
  result.loss /= static_cast<double>(batch.size());
  result.counters.items = batch.size();
  result.counters.silent_outputs =
      static_cast<std::uint64_t>(std::count(is_silent_.begin(), is_silent_.end(), std::uint8_t{1}));
  return result;
}

/// The mean of the chunks' gradients, in their order.
void EventMethod::hand_over(std::size_t items, NetworkParameters& gradient) const {
  const std::size_t chunks = (items + kChunk - 1) / kChunk;
  const auto mean = [&](auto value) {
    double sum = 0;
    for (std::size_t k = 0; k < chunks; ++k) sum += value(chunks_[k].gradient);
    return sum / static_cast<double>(items);
  };
  const std::size_t synapses = gradient.weight.size();
  for (std::size_t k = 0; k < graph_.place.size(); ++k) {
    const std::size_t s = graph_.place[k];
    (s < synapses ? gradient.weight[s] : gradient.W_o[s - synapses]) =
        mean([k](const EventGradient& g) { return g.weight[k]; });
    if (s < synapses) gradient.delay[s] = mean([k](const EventGradient& g) { return g.delay[k]; });
  }
  if (!options_.constants) return;
  const auto take = [&](std::vector<double>& column, double NeuronGradient::*member) {
    for (std::uint32_t n = 0; n < neurons_; ++n)
      column[n] = mean([&](const EventGradient& g) { return g.neuron[n].*member; });
  };
  take(gradient.tau_m, &NeuronGradient::tau_m);
  take(gradient.C_m, &NeuronGradient::C_m);
  take(gradient.E_L, &NeuronGradient::E_L);
  take(gradient.V_th, &NeuronGradient::V_th);
  take(gradient.V_reset, &NeuronGradient::V_reset);
  take(gradient.t_ref, &NeuronGradient::t_ref);
  take(gradient.I_e, &NeuronGradient::I_e);
  take(gradient.V_m, &NeuronGradient::V_m);
  for (std::uint32_t n = 0; n < neurons_; ++n)
    for (std::uint32_t r = graph_.network.receptor_begin[n]; r < graph_.network.receptor_begin[n + 1]; ++r)
      gradient.tau_syn[std::size_t{r - graph_.network.receptor_begin[n]} * neurons_ + n] =
          mean([r](const EventGradient& g) { return g.tau_syn[r]; });
}

void EventMethod::count_silence(std::span<const Item* const> batch) {
  learnt_ = batch.size();
  silent_.assign(neurons_, 0);
  label_silent_.assign(outputs_.size(), 0);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    label_silent_[batch[i]->label] += is_silent_[i];
    for (std::uint32_t n = 0; n < neurons_; ++n) silent_[n] += counts_[i * neurons_ + n] == 0 ? 1 : 0;
  }
}

BatchResult EventMethod::learn(const TrainedNetwork& network, std::span<const Item* const> batch,
                               NetworkParameters& gradient) {
  const BatchResult result = run(network, batch, true);
  hand_over(batch.size(), gradient);
  count_silence(batch);
  return result;
}

BatchResult EventMethod::evaluate(const TrainedNetwork& network, std::span<const Item* const> batch) {
  return run(network, batch, false);
}

/// By what share of the unit a neuron's weights move.
double EventMethod::share_silent(std::uint32_t neuron) const {
  const auto items = static_cast<double>(learnt_);
  const auto output = std::find(outputs_.begin(), outputs_.end(), neuron);
  if (output != outputs_.end())
    return options_.push.label * label_silent_[static_cast<std::size_t>(output - outputs_.begin())] / items;
  return options_.push.hidden * std::max(0.0, silent_[neuron] / items - options_.push.tolerated);
}

std::uint64_t EventMethod::push_read_out(TrainedNetwork& network) const {
  std::uint64_t moved = 0;
  for (std::uint32_t o = 0; o < network.outputs(); ++o) {
    const double step = share_silent(neurons_ + o);
    if (step == 0) continue;
    for (std::uint32_t n = 0; n < neurons_; ++n)
      network.parameters.W_o[std::size_t{o} * neurons_ + n] += step;
    moved += neurons_;
  }
  return moved;
}

std::uint64_t EventMethod::push(TrainedNetwork& network) {
  if (learnt_ == 0) return 0;
  std::vector<double> step(neurons_);  // [pA]
  for (std::uint32_t n = 0; n < neurons_; ++n) {
    const EventNeuron& neuron = graph_.network.neurons[n];
    const double share = share_silent(n);
    if (share > 0) step[n] = share * (neuron.V_th - neuron.E_L) / neuron.resistance();
  }
  std::uint64_t moved = options_.outputs.empty() ? push_read_out(network) : 0;
  for (std::size_t s = 0; s < network.target.size(); ++s) {
    if (step[network.target[s]] == 0 || (!options_.push.moves.empty() && !options_.push.moves[s])) continue;
    network.parameters.weight[s] += step[network.target[s]];
    ++moved;
  }
  return moved;
}

}  // namespace chronotope::models
