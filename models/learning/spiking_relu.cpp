// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/spiking_relu.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "chronotope/models/learning/grid_loss.hpp"
#include "chronotope/models/neurons/linear_leak_lif.hpp"

namespace chronotope::models {
namespace {

struct Arrival {
  Time time;
  std::uint32_t input;
};

/// In order of time; delays not counted.
std::vector<Arrival> arrivals_of(const SpikeTrains& inputs) {
  std::vector<Arrival> all;
  for (std::uint32_t i = 0; i < inputs.size(); ++i)
    for (const Time t : inputs[i]) all.push_back({t, i});
  std::stable_sort(all.begin(), all.end(),
                   [](const Arrival& a, const Arrival& b) { return a.time < b.time; });
  return all;
}

/// A neuron that takes what arrives and fires.
class Neuron {
 public:
  void receive(Time t, double weight) {
    if (t != now_) fire_before(t);
    now_ = t;
    LinearLeakLif::receive(kParameters, state_, t, weight);
  }
  void fire_before(Time end) {
    for (;;) {
      const CrossingTime next = LinearLeakLif::crossing_bound(kParameters, state_, now_);
      if (!(next.at < end)) return;
      LinearLeakLif::fire(kParameters, state_, next.at);
      train_.push_back(next.at);
      now_ = next.at;
    }
  }
  std::vector<Time> train() && { return std::move(train_); }

 private:
  static constexpr LinearLeakLif::Parameters kParameters{
      0, 0, 1, 0, -std::numeric_limits<double>::infinity(), true, {}};
  LinearLeakLif::State state_{Time(), 0.5};
  Time now_;
  std::vector<Time> train_;
};

std::vector<Time> run_neuron(std::span<const double> weights, const std::vector<Arrival>& arrivals,
                             const CountCode& code, Time end) {
  Neuron neuron;
  const auto next_of = [&](std::size_t k, bool excites) {
    while (k < arrivals.size() && (weights[arrivals[k].input] > 0) != excites) ++k;
    return k;
  };
  const auto time = [&](std::size_t k, double sign) {
    return k < arrivals.size() ? arrivals[k].time + code.delay(sign) : Time::never();
  };
  std::size_t inhibits = next_of(0, false), excites = next_of(0, true);
  for (;;) {
    const Time down = time(inhibits, -1), up = time(excites, 1);
    if (std::min(down, up) >= end) break;
    std::size_t& k = down <= up ? inhibits : excites;
    neuron.receive(std::min(down, up), weights[arrivals[k].input]);
    k = next_of(k + 1, down > up);
  }
  neuron.fire_before(end);
  return std::move(neuron).train();
}

/// The value that a share `p` of them do not exceed.
double quantile(std::vector<double> values, double p) {
  const auto place = static_cast<std::size_t>(std::ceil(p * static_cast<double>(values.size())));
  const auto at =
      values.begin() + static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(place, 1, values.size()) - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

/// Of numbers that are not negative; 1 if nearly all are 0.
double largest_of(const std::vector<std::vector<double>>& rows) {
  std::vector<double> all;
  for (const auto& row : rows) all.insert(all.end(), row.begin(), row.end());
  const double found = quantile(std::move(all), 0.999);
  return found > 0 ? found : 1;
}

std::vector<std::vector<double>> outputs(const ReluNetwork& network, std::size_t layer,
                                         const std::vector<std::vector<double>>& rows) {
  ReluNetwork alone{{network.layers[layer]}};
  const bool rectifies = layer + 1 < network.layers.size();
  std::vector<std::vector<double>> all;
  for (const auto& row : rows) {
    all.push_back(alone.activations(row).back());
    for (double& a : all.back()) a = rectifies ? std::max(0.0, a) : a;
  }
  return all;
}

/// Raises logits so that hardly a row's highest is negative.
void raise_logits(DenseLayer& layer, std::vector<std::vector<double>>& logits) {
  std::vector<double> highest;
  for (const auto& row : logits) highest.push_back(*std::max_element(row.begin(), row.end()));
  const double shift = std::max(0.0, -quantile(std::move(highest), 0.001));
  for (double& b : layer.bias) b += shift;
  for (auto& row : logits)
    for (double& z : row) z += shift;
}

SpikingLayer spiking(const DenseLayer& layer, double largest_in, double largest_out) {
  SpikingLayer made{layer.inputs + 1, {}};
  for (std::uint32_t j = 0; j < layer.outputs(); ++j) {
    for (const double w : layer.row(j)) made.weight.push_back(w * largest_in / largest_out);
    made.weight.push_back(layer.bias[j] / largest_out);
  }
  return made;
}

/// Converts layer `l`, which `rows` enter, and notes its largest activation.
void convert_layer(ReluNetwork& network, std::size_t l, const std::vector<std::vector<double>>& rows,
                   SpikingReluNetwork& made) {
  auto activations = outputs(network, l, rows);
  const bool is_last = l + 1 == network.layers.size();
  if (is_last) raise_logits(network.layers[l], activations);
  const double largest = largest_of(activations) / (is_last ? CountCode::kFinerAtLast : 1);
  made.layers.push_back(spiking(network.layers[l], made.largest.back(), largest));
  made.largest.push_back(largest);
}

/// What the layers converted so far give, as activations, and their trains.
struct Counted {
  std::vector<SpikeTrains> trains;  // of every row
  LabelledRows rows;
};

/// Takes the rows' values from their counts.
void take_counts(double per_spike, Counted& counted) {
  for (std::size_t k = 0; k < counted.trains.size(); ++k) {
    counted.rows.row[k].clear();
    for (const auto& train : counted.trains[k])
      counted.rows.row[k].push_back(per_spike * static_cast<double>(train.size()));
  }
}

Counted inputs_of(const SpikingReluNetwork& made, const LabelledRows& rows) {
  Counted counted{{}, rows};
  for (const auto& row : rows.row) counted.trains.push_back(made.input_trains(row));
  take_counts(made.largest.front() / made.code.most, counted);
  return counted;
}

void pass_layer(const SpikingReluNetwork& made, Counted& counted) {
  for (SpikeTrains& trains : counted.trains)
    trains = run_layer(made.layers.back(), trains, made.layers.size() - 1, made.code);
  take_counts(made.largest.back() / made.code.most, counted);
}

}  // namespace

SpikeTrains run_layer(const SpikingLayer& layer, const SpikeTrains& inputs, std::size_t l,
                      const CountCode& code) {
  SpikeTrains heard = inputs;
  heard.push_back(code.train(1, 1));
  for (Time& t : heard.back()) t = t + code.lag(l);
  const std::vector<Arrival> arrivals = arrivals_of(heard);
  SpikeTrains trains;
  for (std::size_t j = 0; j < layer.outputs(); ++j)
    trains.push_back(run_neuron(layer.row(j), arrivals, code, code.end(l + 1)));
  return trains;
}

std::vector<Time> CountCode::train(double value, double largest) const {
  const auto count = static_cast<std::int64_t>(
      std::clamp(std::round(most * value / largest), 0.0, static_cast<double>(most)));
  std::vector<Time> times;
  for (std::int64_t k = 0; k < count; ++k)
    times.push_back(Time() + Duration::nearest((static_cast<double>(k) + 0.5) * length().ms() /
                                               static_cast<double>(count)));
  return times;
}

SpikeTrains SpikingReluNetwork::input_trains(std::span<const double> row) const {
  SpikeTrains trains;
  for (const double value : row) trains.push_back(code.train(value, largest.front()));
  return trains;
}

std::vector<SpikeTrains> SpikingReluNetwork::run(std::span<const double> row) const {
  std::vector<SpikeTrains> all{input_trains(row)};
  for (std::size_t l = 0; l < layers.size(); ++l) all.push_back(run_layer(layers[l], all.back(), l, code));
  return all;
}

SpikingReluNetwork convert(const ReluNetwork& network, const LabelledRows& rows, const CountCode& code) {
  ReluNetwork raised = network;
  SpikingReluNetwork made{code, {largest_of(rows.row)}, {}};
  std::vector<std::vector<double>> entering = rows.row;
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    convert_layer(raised, l, entering, made);
    entering = outputs(raised, l, entering);
  }
  return made;
}

SpikingReluNetwork convert_in_tandem(ReluNetwork network, const LabelledRows& training,
                                     const LabelledRows& validation, const CountCode& code,
                                     const ReluTraining& options) {
  SpikingReluNetwork made{code, {largest_of(training.row)}, {}};
  Counted teaching = inputs_of(made, training), choosing = inputs_of(made, validation);
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    teach(network, l, teaching.rows, choosing.rows, options);
    convert_layer(network, l, teaching.rows.row, made);
    pass_layer(made, teaching);
    pass_layer(made, choosing);
  }
  return made;
}

ReluScore score(const SpikingReluNetwork& network, const LabelledRows& rows) {
  ReluScore sum;
  const double per_spike = network.largest.back() / network.code.most;
  for (std::size_t k = 0; k < rows.row.size(); ++k) {
    const std::vector<SpikeTrains> trains = network.run(rows.row[k]);
    std::vector<double> logits;
    for (const auto& train : trains.back()) logits.push_back(per_spike * static_cast<double>(train.size()));
    std::vector<double> unused(logits.size());
    sum.loss += cross_entropy(logits, rows.label[k], unused);
    sum.accuracy += first_largest(logits) == rows.label[k] ? 1 : 0;
  }
  const auto count = static_cast<double>(rows.row.size());
  return {sum.loss / count, sum.accuracy / count};
}

}  // namespace chronotope::models
