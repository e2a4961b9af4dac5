// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/event_graph.hpp"

#include <array>
#include <limits>

namespace chronotope::models {
namespace {

Offset nearest_offset(double ms) { return {nearest_whole(ticks_of(ms))}; }

/// A leaky read-out in units of logits: R = 1.
constexpr double kReadOutTau = 20;    // [ms]
constexpr double kReadOutTauSyn = 5;  // [ms]
EventNeuron read_out() {
  return {kReadOutTau, kReadOutTau, 0, std::numeric_limits<double>::infinity(), 0, 0, 0, {}};
}

}  // namespace

/// Rows of channels come before those of neurons.
EventGraph::EventGraph(const TrainedNetwork& trained, std::uint32_t outputs) {
  network.channels = trained.channels;
  const std::vector<double> own(trained.receptors, 1);
  for (std::uint32_t n = 0; n < trained.neurons; ++n) network.add(EventNeuron{}, own);
  for (std::uint32_t o = 0; o < outputs; ++o) network.add(read_out(), std::array{kReadOutTauSyn});
  std::vector<std::vector<std::uint64_t>> rows(network.source_count());
  for (std::uint64_t s = 0; s < trained.source.size(); ++s) {
    const std::uint32_t source = trained.source[s];
    rows[trained.from_channel(s) ? source - trained.neurons : trained.channels + source].push_back(s);
  }
  for (std::uint32_t source = 0; source < network.source_count(); ++source) {
    for (const std::uint64_t s : rows[source]) {
      network.add(EventSynapse{trained.target[s], trained.receptor[s], 0,
                               nearest_offset(trained.parameters.delay[s])});
      place.push_back(s);
    }
    const bool is_neuron = source >= trained.channels && source < trained.channels + trained.neurons;
    for (std::uint32_t o = 0; is_neuron && o < outputs; ++o) {
      network.add(EventSynapse{trained.neurons + o, 0, 0, {}});
      place.push_back(trained.source.size() + std::uint64_t{o} * trained.neurons + source - trained.channels);
    }
    network.end_row();
  }
}

void EventGraph::take_values(const TrainedNetwork& trained) {
  const NetworkParameters& p = trained.parameters;
  for (std::uint32_t n = 0; n < trained.neurons; ++n) {
    network.neurons[n] = {p.tau_m[n],   p.C_m[n], p.E_L[n], p.V_th[n],
                          p.V_reset[n], p.I_e[n], p.V_m[n], nearest_offset(p.t_ref[n])};
    for (std::uint32_t s = 0; s < trained.receptors; ++s)
      network.tau_syn[network.receptor_begin[n] + s] = p.tau_syn[std::size_t{s} * trained.neurons + n];
  }
  const std::uint64_t synapses = p.weight.size();
  for (std::uint64_t k = 0; k < place.size(); ++k) {
    const std::uint64_t s = place[k];
    network.synapses[k].weight = s < synapses ? p.weight[s] : p.W_o[s - synapses];
    if (s < synapses) network.synapses[k].delay = nearest_offset(p.delay[s]);
  }
}

EventNetwork read_out_network(std::span<const double> weight, std::uint32_t channels) {
  const auto outputs = static_cast<std::uint32_t>(weight.size() / channels);
  EventNetwork network;
  network.channels = channels;
  for (std::uint32_t o = 0; o < outputs; ++o) network.add(read_out(), std::array{kReadOutTauSyn});
  for (std::uint32_t c = 0; c < channels; ++c) {
    for (std::uint32_t o = 0; o < outputs; ++o)
      network.add(EventSynapse{o, 0, weight[std::size_t{o} * channels + c], {}});
    network.end_row();
  }
  for (std::uint32_t o = 0; o < outputs; ++o) network.end_row();
  return network;
}

}  // namespace chronotope::models
