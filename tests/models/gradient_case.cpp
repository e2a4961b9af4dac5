// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/models/gradient_case.hpp"

#include <algorithm>
#include <functional>

#include "chronotope/core/error.hpp"
#include "chronotope/tests/suites/run_network.hpp"

namespace chronotope::tests {

using models::EventNetwork;
using models::EventPass;

void GradientCase::wire(const std::vector<Listed>& synapses) {
  row_place.resize(synapses.size());
  network.row_begin = {0};
  network.synapses.clear();
  for (std::uint32_t source = 0; source < network.source_count(); ++source) {
    for (std::size_t k = 0; k < synapses.size(); ++k) {
      if (synapses[k].source != source) continue;
      row_place[k] = network.synapses.size();
      network.add(synapses[k].synapse);
    }
    network.end_row();
  }
}

namespace {

/// "name: [a, b, ...] ".
std::string list(const std::string& name, const EventNetwork& network,
                 const std::function<double(std::uint32_t)>& value) {
  std::string text = name + ": [";
  for (std::uint32_t n = 0; n < network.neurons.size(); ++n)
    text += (n == 0 ? "" : ", ") + to_string(value(n));
  return text + "] ";
}

/// The synapses of some sources as a projection, nothing without any.
std::string projection(const EventNetwork& network, const std::string& name, std::uint32_t first,
                       std::uint32_t last) {
  std::string text;
  for (std::uint32_t source = first; source < last; ++source)
    for (std::uint64_t k = network.row_begin[source]; k < network.row_begin[source + 1]; ++k) {
      const models::EventSynapse& s = network.synapses[k];
      text += "synapses { source: " + std::to_string(source - first) +
              " target: " + std::to_string(s.target) + " weight: " + to_string(s.weight) +
              " delay: " + to_string(s.delay.ticks / kTicksPerMs) + " }\n";
    }
  return text.empty() ? "" : "projection { source: '" + name + "' target: 'n'\n" + text + "}\n";
}

}  // namespace

std::string spec_text(const GradientCase& c) {
  const EventNetwork& net = c.network;
  const auto of = [&](double models::EventNeuron::*member) {
    return [&net, member](std::uint32_t n) { return std::min(net.neurons[n].*member, 1e9); };
  };
  using Neuron = models::EventNeuron;
  std::string text =
      "population { name: 'n' size: " + std::to_string(net.neurons.size()) + " exp_psc_lif { " +
      list("tau_m", net, of(&Neuron::tau_m)) + list("C_m", net, of(&Neuron::C_m)) +
      list("E_L", net, of(&Neuron::E_L)) + list("V_th", net, of(&Neuron::V_th)) +
      list("V_reset", net, of(&Neuron::V_reset)) + list("I_e", net, of(&Neuron::I_e)) +
      list("V_m", net, of(&Neuron::V_m)) +
      list("t_ref", net, [&](std::uint32_t n) { return net.neurons[n].t_ref.ticks / kTicksPerMs; }) +
      list("tau_syn_ex", net, [&](std::uint32_t n) { return net.time_constants(n)[0]; }) +
      list("tau_syn_in", net, [&](std::uint32_t n) { return net.time_constants(n)[1]; }) + "} }\n";
  if (net.channels > 0) {
    text += "input { name: 'x' size: " + std::to_string(net.channels) + "\n";
    for (const models::InputSpike& spike : c.inputs)
      text += "spike_times { neuron: " + std::to_string(spike.channel) +
              " times: " + to_string(spike.time.ticks / kTicksPerMs) + " }\n";
    text += "}\n";
  }
  const auto sources = static_cast<std::uint32_t>(net.source_count());
  return text + projection(net, "x", 0, net.channels) + projection(net, "n", net.channels, sources);
}

std::vector<EventPass::KnownSpike> engine_spikes(const GradientCase& c) {
  NetworkRun run(spec_text(c));
  run.until(c.end.ms());
  std::vector<EventPass::KnownSpike> spikes;
  for (const RecordedSpike& spike : run.spikes()) spikes.push_back({spike.neuron, spike.time.since(Time())});
  return spikes;
}

namespace {

void take_gradient(const GradientCase& c, GradientResult& result) {
  models::EventSeeds seeds;
  seeds.reset(result.record.spikes.size(), c.network.neurons.size());
  result.gradient.reset(c.network);
  for (const models::EventLoss& loss : c.losses)
    result.loss += models::evaluate(loss, c.network, result.record, seeds, result.gradient);
  models::EventAdjoint().sweep(c.network, result.record, seeds, {}, result.gradient);
}

}  // namespace

models::EventRecord engine_record(const GradientCase& c) {
  models::EventRecord record;
  EventPass(c.network).replay(c.network, c.inputs, engine_spikes(c), c.end, record);
  return record;
}

double loss_on(const GradientCase& c, models::EventRecord& record) {
  models::EventSeeds seeds;
  models::EventGradient unused;
  seeds.reset(record.spikes.size(), c.network.neurons.size());
  unused.reset(c.network);
  double sum = 0;
  for (const models::EventLoss& loss : c.losses)
    sum += models::evaluate(loss, c.network, record, seeds, unused);
  return sum;
}

GradientResult gradient_of_engine(const GradientCase& c) {
  GradientResult result;
  result.record = engine_record(c);
  take_gradient(c, result);
  return result;
}

GradientResult gradient_of_pass(const GradientCase& c) {
  GradientResult result;
  EventPass(c.network).run(c.network, c.inputs, c.end, result.record);
  take_gradient(c, result);
  return result;
}

}  // namespace chronotope::tests
