// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/models/learning/surrogate_case.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/tests/topology/homology/stored_json.hpp"

namespace chronotope {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using reference::SurrogateCase;

const Value& field(const Struct& json, const std::string& key) { return json.fields().at(key); }
double of(const Struct& json, const std::string& key, double fallback) {
  const auto found = json.fields().find(key);
  return found == json.fields().end() ? fallback : found->second.number_value();
}
double entry(const Value& list, int k) { return list.list_value().values(k).number_value(); }

SurrogateCase::Neuron neuron(const Struct& json) {
  const auto get = [&](const char* key) { return field(json, key).number_value(); };
  return {get("tau_m"), get("C_m"),     get("E_L"),
          get("V_th"),  get("V_reset"), get("t_ref"),
          get("I_e"),   get("V_m"),     {get("tau_syn_ex"), get("tau_syn_in")}};
}

SurrogateCase::Synapse synapse(const Struct& json) {
  const Value& source = field(json, "source");
  const double weight = field(json, "weight").number_value();
  return {source.list_value().values(0).string_value() == "input",
          static_cast<std::size_t>(entry(source, 1)),
          static_cast<std::size_t>(field(json, "target").number_value()),
          weight > 0 ? 0U : 1U,
          weight,
          field(json, "delay").number_value()};
}

SurrogateCase::Item item(const Struct& json) {
  SurrogateCase::Item made{{}, static_cast<std::size_t>(field(json, "label").number_value())};
  for (const Value& spike : field(json, "input_spikes").list_value().values())
    made.spikes.emplace_back(static_cast<std::size_t>(entry(spike, 0)), entry(spike, 1));
  return made;
}

models::GridLoss::Kind kind(const std::string& name) {
  using Kind = models::GridLoss::Kind;
  if (name == "mean") return Kind::kMean;
  if (name == "last") return Kind::kLast;
  if (name == "count") return Kind::kCount;
  if (name == "discounted_count") return Kind::kDiscountedCount;
  if (name == "first_spike") return Kind::kFirstSpike;
  if (name == "van_rossum") return Kind::kVanRossum;
  EXPECT_EQ(name, "max");
  return Kind::kMax;
}

std::vector<double> doubles(const std::vector<long double>& values) { return {values.begin(), values.end()}; }

double between(RandomStream& stream, double low, double high) {
  return low + (high - low) * stream.uniform();
}
/// A decimal, so that its place on the grid is not a matter of rounding.
double decimal_between(RandomStream& stream, double low, double high) {
  return std::round(between(stream, low, high) * 100) / 100;
}

}  // namespace

double golden_number(const Struct& json, const std::string& key) { return field(json, key).number_value(); }

GoldenCase golden_case(const std::string& name) {
  GoldenCase golden;
  golden.json = topology::read_json(std::string(CHRONOTOPE_TEST_DATA) + "/gradient_golden/" + name + ".json");
  const Struct& json = golden.json;
  SurrogateCase& net = golden.network;
  net.dt = field(json, "dt").number_value();
  net.steps = static_cast<std::size_t>(field(json, "steps").number_value());
  net.beta = field(json, "surrogate_beta").number_value();
  for (const Value& v : field(json, "neurons").list_value().values())
    net.neurons.push_back(neuron(v.struct_value()));
  for (const Value& v : field(json, "synapses").list_value().values())
    net.synapses.push_back(synapse(v.struct_value()));
  for (const Value& v : field(json, "batch").list_value().values())
    net.batch.push_back(item(v.struct_value()));
  const Struct& loss = field(json, "loss").struct_value();
  net.loss = field(loss, "kind").string_value();
  net.scale = of(loss, "scale", 1);
  net.tau_l = of(loss, "tau_l", 5);
  if (loss.fields().contains("outputs"))
    for (const Value& v : field(loss, "outputs").list_value().values())
      net.outputs.push_back(static_cast<std::size_t>(v.number_value()));
  if (json.fields().contains("read_out")) {
    const Struct& read_out = field(json, "read_out").struct_value();
    net.tau_o = field(read_out, "tau_m").number_value();
    net.tau_syn_o = field(read_out, "tau_syn").number_value();
    for (const Value& row : field(read_out, "weights").list_value().values()) {
      auto& weights = net.W_o.emplace_back();
      for (const Value& v : row.list_value().values()) weights.push_back(v.number_value());
    }
  }
  if (json.fields().contains("regulariser")) {
    const Struct& regulariser = field(json, "regulariser").struct_value();
    net.c1 = of(regulariser, "c1", 0);
    net.n_hi = of(regulariser, "n_hi", 0);
    net.c2 = of(regulariser, "c2", 0);
    net.n_lo = of(regulariser, "n_lo", 0);
  }
  return golden;
}

models::TrainedNetwork trained_network(const SurrogateCase& network) {
  models::TrainedNetwork made;
  made.neurons = static_cast<std::uint32_t>(network.neurons.size());
  made.receptors = 2;
  models::NetworkParameters& p = made.parameters;
  for (const auto& n : network.neurons) {
    p.tau_m.push_back(static_cast<double>(n.tau_m));
    p.C_m.push_back(static_cast<double>(n.C_m));
    p.E_L.push_back(static_cast<double>(n.E_L));
    p.V_th.push_back(static_cast<double>(n.V_th));
    p.V_reset.push_back(static_cast<double>(n.V_reset));
    p.t_ref.push_back(static_cast<double>(n.t_ref));
    p.I_e.push_back(static_cast<double>(n.I_e));
    p.V_m.push_back(static_cast<double>(n.V_m));
  }
  for (int receptor = 0; receptor < 2; ++receptor)
    for (const auto& n : network.neurons) p.tau_syn.push_back(static_cast<double>(n.tau_syn[receptor]));
  for (const auto& k : network.synapses) {
    const auto source = static_cast<std::uint32_t>(k.source);
    made.source.push_back(k.from_channel ? made.neurons + source : source);
    made.channels = std::max(made.channels, k.from_channel ? source + 1 : 0);
    made.target.push_back(static_cast<std::uint32_t>(k.target));
    made.receptor.push_back(static_cast<std::uint8_t>(k.receptor));
    p.weight.push_back(static_cast<double>(k.weight));
    p.delay.push_back(static_cast<double>(k.delay));
  }
  for (const auto& row : network.W_o)
    for (const auto w : row) p.W_o.push_back(static_cast<double>(w));
  return made;
}

std::vector<models::Item> items(const SurrogateCase& network) {
  std::vector<models::Item> made;
  for (const auto& stimulus : network.batch) {
    models::Item& item = made.emplace_back();
    item.label = static_cast<std::uint32_t>(stimulus.label);
    item.duration = static_cast<std::int64_t>(network.steps) * decimal(static_cast<double>(network.dt)).value;
    for (const auto& [channel, time] : stimulus.spikes)
      item.spikes.push_back({Time() + decimal(time).value, static_cast<std::uint32_t>(channel)});
    for (const auto& [neuron, time] : stimulus.target)
      item.target.push_back({Time() + decimal(time).value, static_cast<std::uint32_t>(neuron)});
    std::sort(item.spikes.begin(), item.spikes.end());
    std::sort(item.target.begin(), item.target.end());
  }
  return made;
}

std::vector<const models::Item*> pointers(const std::vector<models::Item>& items) {
  std::vector<const models::Item*> all;
  for (const models::Item& item : items) all.push_back(&item);
  return all;
}

models::SurrogateOptions surrogate_options(const SurrogateCase& network) {
  models::SurrogateOptions options;
  options.dt = decimal(static_cast<double>(network.dt)).value;
  options.beta = static_cast<double>(network.beta);
  options.loss = {kind(network.loss), static_cast<double>(network.scale), static_cast<double>(network.tau_l)};
  options.regulariser = {static_cast<double>(network.c1), static_cast<double>(network.n_hi),
                         static_cast<double>(network.c2), static_cast<double>(network.n_lo)};
  options.read_out = {static_cast<double>(network.tau_o), static_cast<double>(network.tau_syn_o)};
  for (const std::size_t i : network.outputs) options.outputs.push_back(static_cast<std::uint32_t>(i));
  options.constants = true;
  return options;
}

SurrogateCase random_case(std::uint64_t seed, const RandomCase& shape) {
  RandomStream stream(seed, Purpose("random surrogate case"), 0);
  SurrogateCase net;
  net.dt = seed % 2 == 0 ? 1 : 0.5;
  net.steps = shape.steps;
  net.beta = shape.beta;
  net.loss = shape.loss;
  const double drive = 2000.0 / static_cast<double>(shape.channels);
  for (std::size_t i = 0; i < shape.neurons; ++i) {
    const double t_ref = stream.below(2) == 0 ? 0 : decimal_between(stream, 0.5, 4);
    net.neurons.push_back({between(stream, 6, 30),
                           between(stream, 150, 300),
                           between(stream, -73, -68),
                           between(stream, -58, -52),
                           between(stream, -75, -66),
                           t_ref,
                           between(stream, 0, 80),
                           between(stream, -72, -60),
                           {between(stream, 2, 12), between(stream, 3, 15)}});
  }
  net.neurons[0].tau_syn[0] = net.neurons[0].tau_m;
  const auto connect = [&](bool from_channel, std::size_t source, double share, double size) {
    for (std::size_t j = 0; j < shape.neurons; ++j) {
      if (stream.uniform() > share) continue;
      const double weight = between(stream, -0.4, 1) * size;
      net.synapses.push_back(
          {from_channel, source, j, weight > 0 ? 0U : 1U, weight, decimal_between(stream, 0, shape.longest)});
    }
  };
  for (std::size_t c = 0; c < shape.channels; ++c) connect(true, c, 0.8, drive);
  for (std::size_t i = 0; i < shape.neurons; ++i) connect(false, i, shape.density, 1000.0 / shape.neurons);
  for (std::size_t b = 0; b < shape.items; ++b) {
    SurrogateCase::Item item{{}, stream.below(3)};
    for (std::size_t k = 0; k < shape.channels * shape.steps / 10; ++k)
      item.spikes.emplace_back(stream.below(shape.channels),
                               decimal_between(stream, 0.01, static_cast<double>(net.dt) * shape.steps));
    net.batch.push_back(item);
  }
  if (shape.loss == "max" || shape.loss == "mean" || shape.loss == "last")
    for (int o = 0; o < 3; ++o) {
      auto& row = net.W_o.emplace_back();
      for (std::size_t i = 0; i < shape.neurons; ++i) row.push_back(between(stream, -1, 1));
    }
  else
    net.outputs = {shape.neurons - 1, shape.neurons - 2, shape.neurons - 3};
  if (shape.loss == "van_rossum")
    for (SurrogateCase::Item& item : net.batch)
      for (std::size_t k = 0; k < shape.steps / 5; ++k)
        item.target.emplace_back(stream.below(shape.neurons),
                                 decimal_between(stream, 0, static_cast<double>(net.dt) * shape.steps));
  net.c1 = 0.01, net.n_hi = 2.5, net.c2 = 0.02, net.n_lo = 1.5;
  return net;
}

NamedColumns named(const reference::SurrogateGradients& g) {
  NamedColumns columns{{"weight", doubles(g.weight)},
                       {"tau_m", doubles(g.tau_m)},
                       {"C_m", doubles(g.C_m)},
                       {"E_L", doubles(g.E_L)},
                       {"V_th", doubles(g.V_th)},
                       {"V_reset", doubles(g.V_reset)},
                       {"I_e", doubles(g.I_e)},
                       {"tau_syn_ex", doubles(g.tau_syn[0])},
                       {"tau_syn_in", doubles(g.tau_syn[1])},
                       {"W_o", {}}};
  for (const auto& row : g.W_o)
    for (const auto w : row) columns.back().second.push_back(static_cast<double>(w));
  return columns;
}

NamedColumns named(const models::NetworkParameters& g, std::size_t neurons) {
  const auto half = g.tau_syn.begin() + static_cast<std::ptrdiff_t>(neurons);
  return {{"weight", g.weight},
          {"tau_m", g.tau_m},
          {"C_m", g.C_m},
          {"E_L", g.E_L},
          {"V_th", g.V_th},
          {"V_reset", g.V_reset},
          {"I_e", g.I_e},
          {"tau_syn_ex", {g.tau_syn.begin(), half}},
          {"tau_syn_in", {half, g.tau_syn.end()}},
          {"W_o", g.W_o}};
}

void expect_near(const NamedColumns& found, const NamedColumns& expected, double tolerance) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t c = 0; c < found.size(); ++c) {
    const auto& [name, values] = found[c];
    const std::vector<double>& wanted = expected[c].second;
    ASSERT_EQ(values.size(), wanted.size()) << name;
    double largest = 0;
    for (const double w : wanted) largest = std::max(largest, std::abs(w));
    for (std::size_t k = 0; k < wanted.size(); ++k)
      EXPECT_NEAR(values[k], wanted[k], tolerance * largest) << name << "[" << k << "]";
  }
}

}  // namespace chronotope
