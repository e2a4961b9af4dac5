// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/relu_network.hpp"

#include <algorithm>
#include <numeric>

#include "chronotope/core/random_stream.hpp"
#include "chronotope/models/learning/adam.hpp"
#include "chronotope/models/learning/grid_loss.hpp"
#include "chronotope/models/readout/eigen_tables.hpp"

namespace chronotope::models {
namespace {

std::vector<double> output(const DenseLayer& layer, std::span<const double> input, bool rectifies) {
  std::vector<double> all;
  for (std::size_t j = 0; j < layer.outputs(); ++j) {
    const auto row = layer.row(j);
    const double sum = std::inner_product(row.begin(), row.end(), input.begin(), layer.bias[j]);
    all.push_back(rectifies ? std::max(0.0, sum) : sum);
  }
  return all;
}

using Eigen::Index;

/// What Adam remembers of a layer.
struct LayerMemory {
  DenseLayer m, v;

  explicit LayerMemory(const DenseLayer& layer) : m(zeros(layer)), v(m) {}
  static DenseLayer zeros(const DenseLayer& layer) {
    return {layer.inputs, std::vector<double>(layer.weight.size()), std::vector<double>(layer.bias.size())};
  }
};

Eigen::Map<const RowMajor> weights(const DenseLayer& layer) {
  return as_matrix(layer.weight, layer.outputs(), layer.inputs);
}
Eigen::Map<const Eigen::RowVectorXd> biases(const DenseLayer& layer) {
  return {layer.bias.data(), static_cast<Index>(layer.bias.size())};
}

/// Some rows and their labels.
struct Batch {
  RowMajor input;  // [row][input]
  std::vector<std::uint32_t> label;

  Batch(const LabelledRows& all, std::span<const std::size_t> chosen)
      : input(static_cast<Index>(chosen.size()), static_cast<Index>(all.row.front().size())) {
    for (std::size_t k = 0; k < chosen.size(); ++k) {
      const std::vector<double>& row = all.row[chosen[k]];
      input.row(static_cast<Index>(k)) = as_matrix(row, 1, row.size());
      label.push_back(all.label[chosen[k]]);
    }
  }
};

/// What enters the layers from `first` on, and the logits.
std::vector<RowMajor> forward(const ReluNetwork& network, std::size_t first, const Batch& batch) {
  std::vector<RowMajor> all{batch.input};
  for (std::size_t l = first; l < network.layers.size(); ++l) {
    const DenseLayer& layer = network.layers[l];
    RowMajor out = all.back() * weights(layer).transpose();
    out.rowwise() += biases(layer);
    if (l + 1 < network.layers.size()) out = out.cwiseMax(0);
    all.push_back(std::move(out));
  }
  return all;
}

/// The mean cross-entropy's derivative by the logits.
RowMajor by_logits(const RowMajor& logits, const std::vector<std::uint32_t>& label) {
  RowMajor by(logits.rows(), logits.cols());
  const auto columns = static_cast<std::size_t>(logits.cols());
  for (Index k = 0; k < by.rows(); ++k)
    cross_entropy({logits.row(k).data(), columns}, label[static_cast<std::size_t>(k)],
                  {by.row(k).data(), columns});
  return by / static_cast<double>(by.rows());
}

void fall(std::vector<double>& values, const double* gradient, const Adam::Correction& correction,
          double rate, std::vector<double>& m, std::vector<double>& v) {
  const Adam adam;
  for (std::size_t k = 0; k < values.size(); ++k)
    values[k] -= rate * adam.fall(correction, gradient[k], m[k], v[k]);
}

/// One step of Adam by backpropagation.
void step(ReluNetwork& network, std::size_t first, const Batch& batch, double rate,
          const Adam::Correction& correction, std::vector<LayerMemory>& memory) {
  const std::vector<RowMajor> activations = forward(network, first, batch);
  RowMajor by_output = by_logits(activations.back(), batch.label);
  for (std::size_t k = memory.size(); k-- > 0;) {
    DenseLayer& layer = network.layers[first + k];
    const RowMajor by_weight = by_output.transpose() * activations[k];
    const Eigen::RowVectorXd by_bias = by_output.colwise().sum();
    const RowMajor by_input = by_output * weights(layer);
    by_output = (activations[k].array() > 0).select(by_input, 0);
    fall(layer.weight, by_weight.data(), correction, rate, memory[k].m.weight, memory[k].v.weight);
    fall(layer.bias, by_bias.data(), correction, rate, memory[k].m.bias, memory[k].v.bias);
  }
}

void run_epoch(ReluNetwork& network, std::size_t first, const LabelledRows& rows,
               std::span<const std::size_t> order, const ReluTraining& options, std::uint64_t& steps,
               std::vector<LayerMemory>& memory) {
  for (std::size_t begin = 0; begin < order.size(); begin += options.batch_size)
    step(network, first,
         {rows, order.subspan(begin, std::min<std::size_t>(options.batch_size, order.size() - begin))},
         options.rate, Adam().correction(++steps), memory);
}

std::vector<std::size_t> shuffled(std::size_t count, std::uint64_t seed, std::uint64_t epoch) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  RandomStream stream(seed, Purpose("relu.order"), epoch);
  for (std::size_t k = count; k > 1; --k) std::swap(order[k - 1], order[stream.below(k)]);
  return order;
}

}  // namespace

std::vector<std::vector<double>> ReluNetwork::activations(std::span<const double> input,
                                                          std::size_t first) const {
  std::vector<std::vector<double>> all{{input.begin(), input.end()}};
  for (std::size_t l = first; l < layers.size(); ++l)
    all.push_back(output(layers[l], all.back(), l + 1 < layers.size()));
  return all;
}

ReluScore score(const ReluNetwork& network, const LabelledRows& rows, std::size_t first) {
  ReluScore sum;
  for (std::size_t k = 0; k < rows.row.size(); ++k) {
    const std::vector<double> logits = network.activations(rows.row[k], first).back();
    std::vector<double> unused(logits.size());
    sum.loss += cross_entropy(logits, rows.label[k], unused);
    sum.accuracy += first_largest(logits) == rows.label[k] ? 1 : 0;
  }
  const auto count = static_cast<double>(rows.row.size());
  return {sum.loss / count, sum.accuracy / count};
}

void teach(ReluNetwork& network, std::size_t first, const LabelledRows& training,
           const LabelledRows& validation, const ReluTraining& options) {
  std::vector<LayerMemory> memory;
  for (std::size_t l = first; l < network.layers.size(); ++l) memory.emplace_back(network.layers[l]);
  ReluNetwork best = network;
  double least = score(network, validation, first).loss;
  std::uint64_t steps = 0;
  for (std::uint32_t epoch = 1, since = 0; epoch <= options.epochs && since < options.patience; ++epoch) {
    run_epoch(network, first, training, shuffled(training.row.size(), options.seed, epoch), options, steps,
              memory);
    const double loss = score(network, validation, first).loss;
    since = loss < least ? 0 : since + 1;
    if (loss < least) {
      least = loss;
      best = network;
    }
  }
  network = best;
}

}  // namespace chronotope::models
