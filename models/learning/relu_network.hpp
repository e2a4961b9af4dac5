// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace chronotope::models {

/// W x + b, all inputs to all outputs.
struct DenseLayer {
  std::uint32_t inputs = 0;
  std::vector<double> weight;  // [output][input]
  std::vector<double> bias;    // [output]

  std::uint32_t outputs() const { return static_cast<std::uint32_t>(bias.size()); }
  std::span<const double> row(std::size_t output) const { return {&weight[output * inputs], inputs}; }
};

/// A feed-forward network of rectified linear units, max(0, W x + b); the last layer, not rectified, gives
/// logits. Invariant: a layer has as many inputs as the one before has outputs.
struct ReluNetwork {
  std::vector<DenseLayer> layers;

  /// What enters layer `first`, then what every layer from it on gives: activations, at last the logits.
  std::vector<std::vector<double>> activations(std::span<const double> input, std::size_t first = 0) const;
};

/// Rows and their classes.
struct LabelledRows {
  std::vector<std::vector<double>> row;
  std::vector<std::uint32_t> label;
};

/// Mean cross-entropy and share of right classes of the layers from `first` on, which `rows` enter.
struct ReluScore {
  double loss = 0;
  double accuracy = 0;
};
ReluScore score(const ReluNetwork& network, const LabelledRows& rows, std::size_t first = 0);

struct ReluTraining {
  double rate = 1e-3;  // of Adam
  std::uint32_t batch_size = 32;
  std::uint32_t epochs = 30;   // at most
  std::uint32_t patience = 3;  // epochs without a better loss on the validation part, after which it stops
  std::uint64_t seed = 1;      // of the order of the rows
};

/// Teaches the layers from `first` on by Adam on the cross-entropy; `training` and `validation` enter layer
/// `first`. Leaves the epoch, or the start, with the lowest loss on the validation part.
void teach(ReluNetwork& network, std::size_t first, const LabelledRows& training,
           const LabelledRows& validation, const ReluTraining& options);

}  // namespace chronotope::models
