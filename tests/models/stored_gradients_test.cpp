// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "chronotope/models/learning/event_method.hpp"
#include "chronotope/tests/models/gradient_case.hpp"
#include "chronotope/tests/topology/homology/stored_json.hpp"

namespace chronotope::tests {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using models::EventNeuron;

double number_of(const Struct& object, const std::string& name) {
  return topology::number(object.fields().at(name));
}
const auto& list_of(const Struct& object, const std::string& name) {
  return object.fields().at(name).list_value().values();
}
std::uint32_t whole(const Value& value) { return static_cast<std::uint32_t>(value.number_value()); }

std::vector<std::uint32_t> wholes(const Struct& object, const std::string& name) {
  std::vector<std::uint32_t> result;
  for (const Value& value : list_of(object, name)) result.push_back(whole(value));
  return result;
}

std::vector<models::SpikeTerm> terms(const Struct& loss) {
  std::vector<models::SpikeTerm> result;
  for (const Value& term : list_of(loss, "terms")) {
    const auto& t = term.list_value().values();
    result.push_back({whole(t[0]), whole(t[1]), t[2].number_value()});
  }
  return result;
}

models::EventLoss read_loss(const Struct& loss) {
  const std::string kind = loss.fields().at("kind").string_value();
  if (kind == "spike_times_linear") return models::SpikeTimesLinear{terms(loss)};
  if (kind == "spike_times_squared") return models::SpikeTimesSquared{terms(loss)};
  if (kind == "membrane_integral_linear") {
    std::vector<double> coefficients;
    for (const Value& value : list_of(loss, "coefficients")) coefficients.push_back(value.number_value());
    return models::MembraneIntegralLinear{wholes(loss, "outputs"), coefficients};
  }
  const auto label = static_cast<std::uint32_t>(number_of(loss, "label"));
  if (kind == "membrane_integral_cross_entropy")
    return models::MembraneIntegralCrossEntropy{wholes(loss, "outputs"), label, number_of(loss, "scale")};
  if (kind == "membrane_max_cross_entropy")
    return models::MembraneMaxCrossEntropy{wholes(loss, "outputs"), label, number_of(loss, "scale")};
  EXPECT_EQ(kind, "ttfs_cross_entropy");
  models::TtfsCrossEntropy ttfs{wholes(loss, "outputs"), label, number_of(loss, "tau_l")};
  if (loss.fields().contains("early_weight")) {
    ttfs.early_weight = number_of(loss, "early_weight");
    ttfs.early_tau = number_of(loss, "early_tau");
  }
  return ttfs;
}

GradientCase read_case(const Struct& json) {
  GradientCase c;
  c.end = ticks(number_of(json, "T"));
  for (const Value& value : list_of(json, "neurons")) {
    const Struct& n = value.struct_value();
    EventNeuron neuron;
    neuron.tau_m = number_of(n, "tau_m");
    neuron.C_m = number_of(n, "C_m");
    neuron.E_L = number_of(n, "E_L");
    neuron.V_th = number_of(n, "V_th");
    neuron.V_reset = number_of(n, "V_reset");
    neuron.I_e = number_of(n, "I_e");
    neuron.V_m = number_of(n, "V_m");
    neuron.t_ref = ticks(number_of(n, "t_ref"));
    c.network.add(neuron, std::vector{number_of(n, "tau_syn_ex"), number_of(n, "tau_syn_in")});
  }
  for (const Value& value : list_of(json, "input_spikes")) {
    const auto& spike = value.list_value().values();
    c.inputs.push_back({whole(spike[0]), ticks(spike[1].number_value())});
    c.network.channels = std::max(c.network.channels, whole(spike[0]) + 1);
  }
  std::vector<GradientCase::Listed> synapses;
  for (const Value& value : list_of(json, "synapses")) {
    const Struct& s = value.struct_value();
    const auto& source = list_of(s, "source");
    const double weight = number_of(s, "weight");
    const std::uint32_t first = source[0].string_value() == "input" ? 0 : c.network.channels;
    synapses.push_back({first + whole(source[1]),
                        {static_cast<std::uint32_t>(number_of(s, "target")), weight > 0 ? 0u : 1u, weight,
                         ticks(number_of(s, "delay"))}});
  }
  c.wire(synapses);
  for (const Value& loss : list_of(json, "loss")) c.losses.push_back(read_loss(loss.struct_value()));
  return c;
}

/// |g - e| <= tolerance max(|e|, 1e-6 x largest |e| of the kind).
void expect_kind(const Struct& expected, const std::string& kind, double tolerance,
                 const std::function<double(std::size_t)>& value) {
  const auto& list = list_of(expected, kind);
  double largest = 0;
  for (const Value& e : list) largest = std::max(largest, std::abs(e.number_value()));
  for (int k = 0; k < list.size(); ++k) {
    const double e = list[k].number_value();
    EXPECT_NEAR(value(static_cast<std::size_t>(k)), e, tolerance * std::max(std::abs(e), 1e-6 * largest))
        << kind << " " << k;
  }
}

void expect_gradient(const Struct& e, const GradientCase& c, const models::EventGradient& g,
                     double tolerance) {
  using models::NeuronGradient;
  const auto by_synapse = [&](const std::vector<double>& values) {
    return [&](std::size_t k) { return values[c.row_place[k]]; };
  };
  const auto by_neuron = [&](double NeuronGradient::*member) {
    return [&g, member](std::size_t n) { return g.neuron[n].*member; };
  };
  expect_kind(e, "weight", tolerance, by_synapse(g.weight));
  expect_kind(e, "delay", tolerance, by_synapse(g.delay));
  expect_kind(e, "input_time", tolerance, [&](std::size_t k) { return g.input_time[k]; });
  expect_kind(e, "tau_m", tolerance, by_neuron(&NeuronGradient::tau_m));
  expect_kind(e, "tau_m_fixed_R", tolerance,
              [&](std::size_t n) { return g.neuron[n].tau_m_fixed_R(c.network.neurons[n]); });
  expect_kind(e, "C_m", tolerance, by_neuron(&NeuronGradient::C_m));
  expect_kind(e, "E_L", tolerance, by_neuron(&NeuronGradient::E_L));
  expect_kind(e, "V_th", tolerance, by_neuron(&NeuronGradient::V_th));
  expect_kind(e, "V_reset", tolerance, by_neuron(&NeuronGradient::V_reset));
  expect_kind(e, "t_ref", tolerance, by_neuron(&NeuronGradient::t_ref));
  expect_kind(e, "I_e", tolerance, by_neuron(&NeuronGradient::I_e));
  expect_kind(e, "V_m", tolerance, by_neuron(&NeuronGradient::V_m));
  expect_kind(e, "tau_syn_ex", tolerance, [&](std::size_t n) { return g.tau_syn[2 * n]; });
  expect_kind(e, "tau_syn_in", tolerance, [&](std::size_t n) { return g.tau_syn[2 * n + 1]; });
}

void expect_spikes(const Struct& expected, const models::EventRecord& record) {
  const auto& neurons = list_of(expected, "spikes");
  ASSERT_EQ(record.neurons.size(), static_cast<std::size_t>(neurons.size()));
  for (int n = 0; n < neurons.size(); ++n) {
    const auto& times = neurons[n].list_value().values();
    const std::vector<std::uint32_t>& own = record.neurons[static_cast<std::size_t>(n)].spikes;
    ASSERT_EQ(own.size(), static_cast<std::size_t>(times.size())) << "neuron " << n;
    for (int k = 0; k < times.size(); ++k)
      EXPECT_NEAR(record.spikes[own[static_cast<std::size_t>(k)]].time.ms(), times[k].number_value(), 1e-9);
  }
}

/// The case as training sees it: synapses in the order of the rows.
models::TrainedNetwork trained_network(const GradientCase& c) {
  models::TrainedNetwork made;
  made.neurons = static_cast<std::uint32_t>(c.network.neurons.size());
  made.channels = c.network.channels;
  made.receptors = 2;
  models::NetworkParameters& p = made.parameters;
  for (const EventNeuron& n : c.network.neurons) {
    p.tau_m.push_back(n.tau_m);
    p.C_m.push_back(n.C_m);
    p.E_L.push_back(n.E_L);
    p.V_th.push_back(n.V_th);
    p.V_reset.push_back(n.V_reset);
    p.I_e.push_back(n.I_e);
    p.V_m.push_back(n.V_m);
    p.t_ref.push_back(n.t_ref.ms());
  }
  for (const std::uint32_t s : {0, 1})
    for (std::uint32_t n = 0; n < made.neurons; ++n) p.tau_syn.push_back(c.network.time_constants(n)[s]);
  for (std::uint32_t source = 0; source < c.network.source_count(); ++source)
    for (std::uint64_t k = c.network.row_begin[source]; k < c.network.row_begin[source + 1]; ++k) {
      const models::EventSynapse& synapse = c.network.synapses[k];
      made.source.push_back(source < made.channels ? made.neurons + source : source - made.channels);
      made.target.push_back(synapse.target);
      made.receptor.push_back(static_cast<std::uint8_t>(synapse.receptor));
      p.weight.push_back(synapse.weight);
      p.delay.push_back(synapse.delay.ms());
    }
  return made;
}

models::EventMethodOptions method_options(const models::EventLoss& loss) {
  models::EventMethodOptions options;
  options.slope_floor = 0;
  options.constants = true;
  if (const auto* first = std::get_if<models::TtfsCrossEntropy>(&loss)) {
    options.outputs = first->outputs;
    options.tau_l = first->tau_l;
    options.early_weight = first->early_weight;
    options.early_tau = first->early_tau;
  } else if (const auto* integral = std::get_if<models::MembraneIntegralCrossEntropy>(&loss)) {
    options.logits = models::EventLogits::kIntegral;
    options.outputs = integral->outputs;
    options.scale = integral->scale;
  } else {
    const auto& maximum = std::get<models::MembraneMaxCrossEntropy>(loss);
    options.logits = models::EventLogits::kMaximum;
    options.outputs = maximum.outputs;
    options.scale = maximum.scale;
  }
  return options;
}

models::Item item_of(const GradientCase& c) {
  models::Item item{{}, Duration::from_parts(0, c.end.ticks)};
  for (const models::InputSpike& spike : c.inputs)
    item.spikes.push_back({Time() + Duration::from_parts(0, spike.time.ticks), spike.channel});
  std::sort(item.spikes.begin(), item.spikes.end());
  item.label = std::visit(
      [](const auto& loss) {
        if constexpr (requires { loss.label; }) return loss.label;
        return std::uint32_t{0};
      },
      c.losses.front());
  return item;
}

/// The columns of training as the gradient of a run; those by input spikes, which training has no use for,
/// are of another one.
models::EventGradient as_event_gradient(const models::NetworkParameters& p, const GradientCase& c) {
  models::EventGradient g = gradient_of_pass(c).gradient;
  g.weight = p.weight;
  g.delay = p.delay;
  for (std::size_t n = 0; n < g.neuron.size(); ++n) {
    g.neuron[n] = {p.tau_m[n], p.C_m[n], p.E_L[n], p.V_th[n], p.V_reset[n], p.t_ref[n], p.I_e[n], p.V_m[n]};
    for (const std::size_t s : {0, 1}) g.tau_syn[2 * n + s] = p.tau_syn[s * g.neuron.size() + n];
  }
  return g;
}

class GradientsOfTraining : public testing::TestWithParam<std::string> {};

TEST_P(GradientsOfTraining, AreThoseOfFortyDigits) {
  const Struct json = topology::read_json(std::filesystem::path(CHRONOTOPE_TEST_DATA) / "gradient_golden" /
                                          (GetParam() + ".json"));
  const GradientCase c = read_case(json);
  const Struct& expected = json.fields().at("expected").struct_value();
  const models::TrainedNetwork network = trained_network(c);
  const models::Item item = item_of(c);
  models::EventMethod method(network, method_options(c.losses.front()));
  models::NetworkParameters gradient = network.parameters.zeros();
  const models::BatchResult result = method.learn(network, std::vector{&item}, gradient);
  EXPECT_NEAR(result.loss, number_of(expected, "loss"), 1e-10 * std::abs(number_of(expected, "loss")));
  expect_gradient(expected.fields().at("gradient").struct_value(), c, as_event_gradient(gradient, c), 1e-8);
}

INSTANTIATE_TEST_SUITE_P(Case, GradientsOfTraining,
                         testing::Values("event_07_two_layers", "event_11_mean_readout",
                                         "event_12_max_readout"),
                         [](const auto& info) { return info.param; });

class StoredGradients : public testing::TestWithParam<std::string> {};

TEST_P(StoredGradients, AreThoseOfFortyDigits) {
  const std::string name = GetParam();
  const Struct json =
      topology::read_json(std::filesystem::path(CHRONOTOPE_TEST_DATA) / "gradient_golden" / (name + ".json"));
  const GradientCase c = read_case(json);
  const Struct& expected = json.fields().at("expected").struct_value();
  const double tolerance = name == "event_14_near_tangent" ? 1e-6 : 1e-8;
  for (const bool engine : {true, false}) {
    SCOPED_TRACE(engine ? "spikes of the engine" : "spikes of the pass");
    const GradientResult result = engine ? gradient_of_engine(c) : gradient_of_pass(c);
    expect_spikes(expected, result.record);
    EXPECT_NEAR(result.loss, number_of(expected, "loss"), 1e-10 * std::abs(number_of(expected, "loss")));
    expect_gradient(expected.fields().at("gradient").struct_value(), c, result.gradient, tolerance);
  }
}

INSTANTIATE_TEST_SUITE_P(Case, StoredGradients,
                         testing::Values("event_01_closed_form", "event_02_equal_constants",
                                         "event_03_constant_current", "event_04_many_spikes",
                                         "event_05_two_receptors", "event_06_long_refractory",
                                         "event_07_two_layers", "event_08_recurrent_targets",
                                         "event_09_loops", "event_10_coincident", "event_11_mean_readout",
                                         "event_12_max_readout", "event_13_potential_loss",
                                         "event_14_near_tangent", "event_15_larger"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace chronotope::tests
