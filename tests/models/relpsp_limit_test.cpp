// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "chronotope/tests/models/gradient_case.hpp"
#include "chronotope/tests/topology/homology/stored_json.hpp"

namespace chronotope::tests {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using Column = std::vector<double>;
using Layer = std::vector<Column>;  // [output][input]

Column column(const Value& list) {
  Column numbers;
  for (const Value& value : list.list_value().values()) numbers.push_back(topology::number(value));
  return numbers;
}
std::vector<Layer> layers(const Value& list) {
  std::vector<Layer> all;
  for (const Value& layer : list.list_value().values()) {
    all.emplace_back();
    for (const Value& row : layer.list_value().values()) all.back().push_back(column(row));
  }
  return all;
}

/// Stored networks of neurons without leak, V = sum of w (t - t_i)+, one spike each.
struct Stored {
  std::vector<Layer> weights, delays;
  Column inputs;
  double threshold = 0, T = 0, tau_l = 0;
  int label = -1;
  Struct expected;
};

Stored read(const std::string& name) {
  const Struct json =
      topology::read_json(std::filesystem::path(CHRONOTOPE_TEST_DATA) / "gradient_golden" / (name + ".json"));
  const auto& f = json.fields();
  Stored s{layers(f.at("weights")), layers(f.at("delays")), column(f.at("input_times")), 0, 0, 0, -1, {}};
  s.threshold = f.at("threshold").number_value();
  s.T = f.at("T").number_value();
  s.tau_l = f.at("tau_l").number_value();
  if (f.at("label").has_number_value()) s.label = static_cast<int>(f.at("label").number_value());
  s.expected = f.at("expected").struct_value();
  return s;
}

/// The closed form (S. Zhang et al.'s ReL-PSP, arXiv 2003.11837): with the inputs in order of time, after the
/// first m of them t = (threshold + sum w t)/sum w, if that lies before the next. Forward and backward.
struct ClosedForm {
  const Stored& stored;
  std::vector<Column> time{};  // per layer, inputs first; infinite when silent
  std::vector<Layer> share{};  // [layer][output][input]: w/S in the causal set, else 0
  std::vector<Column> sum{};   // S

  explicit ClosedForm(const Stored& s) : stored(s), time{s.inputs} {
    for (std::size_t l = 0; l < s.weights.size(); ++l) {
      time.emplace_back();
      share.emplace_back();
      sum.emplace_back();
      for (std::size_t o = 0; o < s.weights[l].size(); ++o) fire(l, o);
    }
  }

  void fire(std::size_t l, std::size_t o) {
    const Column& w = stored.weights[l][o];
    Column arrival = time[l];
    for (std::size_t i = 0; i < w.size(); ++i) arrival[i] += stored.delays[l][o][i];
    std::vector<std::size_t> order(w.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return arrival[a] < arrival[b]; });
    double S = 0, weighted = stored.threshold;
    Column shares(w.size());
    for (std::size_t m = 0; m < order.size() && arrival[order[m]] < stored.T; ++m) {
      S += w[order[m]];
      weighted += w[order[m]] * arrival[order[m]];
      const double next = m + 1 < order.size() ? arrival[order[m + 1]] : stored.T;
      const double t = weighted / S;
      if (S <= 0 || t < arrival[order[m]] || t > next || t >= stored.T) continue;
      for (std::size_t k = 0; k <= m; ++k) shares[order[k]] = w[order[k]] / S;
      time[l + 1].push_back(t);
      share[l].push_back(shares);
      sum[l].push_back(S);
      return;
    }
    time[l + 1].push_back(std::numeric_limits<double>::infinity());
    share[l].push_back(Column(w.size()));
    sum[l].push_back(std::numeric_limits<double>::infinity());
  }
};

class RelPspLimit : public testing::TestWithParam<std::string> {};

TEST_P(RelPspLimit, SpikesOfTheClosedFormAreTheStoredOnes) {
  const Stored s = read(GetParam());
  const ClosedForm form(s);
  const auto& layer_list = s.expected.fields().at("spikes").list_value().values();
  for (int l = 0; l < layer_list.size(); ++l) {
    const Column stored = column(layer_list[l]);
    for (std::size_t o = 0; o < stored.size(); ++o) {
      const double t = form.time[static_cast<std::size_t>(l) + 1][o];
      if (std::isfinite(stored[o])) {
        EXPECT_NEAR(t, stored[o], 1e-10);
      } else {
        EXPECT_FALSE(std::isfinite(t));
      }
    }
  }
}

/// delta = dL/dt layer by layer: dL/dw = delta (arrival - t)/S, dL/ddelay = delta w/S in the causal set.
TEST_P(RelPspLimit, GradientsOfTheClosedFormAreTheStoredOnes) {
  const Stored s = read(GetParam());
  const ClosedForm form(s);
  const Struct& expected = s.expected.fields().at("gradient").struct_value();
  const std::vector<Layer> weight = layers(expected.fields().at("weight")),
                           delay = layers(expected.fields().at("delay"));
  Column delta(s.weights.back().size(), 0);
  if (s.label < 0) {
    delta[0] = 1;
  } else {
    double sum = 0;
    const auto f = [&](std::size_t o) { return std::min(form.time.back()[o], s.T); };
    for (std::size_t o = 0; o < delta.size(); ++o) sum += std::exp(-f(o) / s.tau_l);
    for (std::size_t o = 0; o < delta.size(); ++o)
      if (f(o) < s.T)
        delta[o] = ((static_cast<int>(o) == s.label ? 1 : 0) - std::exp(-f(o) / s.tau_l) / sum) / s.tau_l;
  }
  for (std::size_t l = s.weights.size(); l-- > 0;) {
    Column earlier(form.time[l].size(), 0);
    for (std::size_t o = 0; o < delta.size(); ++o)
      for (std::size_t i = 0; i < earlier.size(); ++i) {
        const double by_time = delta[o] * form.share[l][o][i];
        const double arrival = form.time[l][i] + s.delays[l][o][i];
        const double by_weight =
            form.share[l][o][i] == 0 ? 0 : delta[o] * (arrival - form.time[l + 1][o]) / form.sum[l][o];
        EXPECT_NEAR(by_weight, weight[l][o][i], 1e-10);
        EXPECT_NEAR(by_time, delay[l][o][i], 1e-10);
        earlier[i] += by_time;
      }
    delta = earlier;
  }
  const Column inputs = column(expected.fields().at("input_time"));
  for (std::size_t i = 0; i < inputs.size(); ++i) EXPECT_NEAR(delta[i], inputs[i], 1e-10);
}

/// With tau_m = tau_syn = 1e8 ms and a period after the spike that outlasts the run, the engine's adjoint is
/// that of the closed form to 1e-6: the error falls as 1/tau.
TEST_P(RelPspLimit, IsWhatTheAdjointTendsTo) {
  const Stored s = read(GetParam());
  GradientCase c;
  c.end = ticks(s.T);
  c.network.channels = static_cast<std::uint32_t>(s.inputs.size());
  std::vector<GradientCase::Listed> synapses;
  std::uint32_t first_source = 0, first_target = 0;
  for (std::size_t l = 0; l < s.weights.size(); ++l) {
    for (std::uint32_t o = 0; o < s.weights[l].size(); ++o) {
      models::EventNeuron neuron;
      neuron.tau_m = 1e8;
      neuron.C_m = 1;
      neuron.E_L = neuron.V_reset = neuron.V_m = 0;
      neuron.V_th = s.threshold;
      neuron.t_ref = ticks(s.T);
      c.network.add(neuron, std::vector{1e8});
      for (std::uint32_t i = 0; i < s.weights[l][o].size(); ++i)
        synapses.push_back(
            {first_source + i, {first_target + o, 0, s.weights[l][o][i], ticks(s.delays[l][o][i])}});
    }
    first_source = c.network.channels + first_target;
    first_target += static_cast<std::uint32_t>(s.weights[l].size());
  }
  c.wire(synapses);
  for (std::uint32_t i = 0; i < s.inputs.size(); ++i) c.inputs.push_back({i, ticks(s.inputs[i])});
  std::vector<std::uint32_t> outputs(s.weights.back().size());
  std::iota(outputs.begin(), outputs.end(), static_cast<std::uint32_t>(first_target - outputs.size()));
  if (s.label >= 0)
    c.losses = {models::TtfsCrossEntropy{outputs, static_cast<std::uint32_t>(s.label), s.tau_l}};
  else
    c.losses = {models::SpikeTimesLinear{{{outputs[0], 0, 1}}}};
  const GradientResult result = gradient_of_pass(c);
  EXPECT_NEAR(result.loss, s.expected.fields().at("loss").number_value(), 1e-6);
  const Struct& expected = s.expected.fields().at("gradient").struct_value();
  const auto compare = [&](const std::string& kind, const std::vector<double>& values) {
    std::size_t k = 0;
    for (const Layer& layer : layers(expected.fields().at(kind)))
      for (const Column& row : layer)
        for (const double e : row) EXPECT_NEAR(values[c.row_place[k++]], e, 1e-6) << kind;
  };
  compare("weight", result.gradient.weight);
  compare("delay", result.gradient.delay);
  const Column inputs = column(expected.fields().at("input_time"));
  for (std::size_t i = 0; i < inputs.size(); ++i) EXPECT_NEAR(result.gradient.input_time[i], inputs[i], 1e-6);
}

INSTANTIATE_TEST_SUITE_P(Case, RelPspLimit,
                         testing::Values("relpsp_01_one_neuron", "relpsp_02_negative_weights",
                                         "relpsp_03_two_layers"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace chronotope::tests
