// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/spiking_relu.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "chronotope/core/random_stream.hpp"
#include "chronotope/proto/formats/number_table.hpp"

namespace chronotope::models {
namespace {

double normal(RandomStream& random) {
  const double u = random.uniform(), v = random.uniform();
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * M_PI * v);
}

/// Weights N(0, 2/inputs), biases N(0, spread^2).
ReluNetwork random_network(const std::vector<std::uint32_t>& sizes, double spread, std::uint64_t seed) {
  RandomStream random(seed, Purpose("spiking relu test"), 0);
  ReluNetwork network;
  for (std::size_t l = 1; l < sizes.size(); ++l) {
    DenseLayer layer{sizes[l - 1], {}, {}};
    for (std::uint32_t k = 0; k < sizes[l] * sizes[l - 1]; ++k)
      layer.weight.push_back(normal(random) * std::sqrt(2.0 / sizes[l - 1]));
    for (std::uint32_t k = 0; k < sizes[l]; ++k) layer.bias.push_back(spread * normal(random));
    network.layers.push_back(layer);
  }
  return network;
}

LabelledRows random_rows(std::size_t count, std::size_t columns, std::uint64_t seed) {
  RandomStream random(seed, Purpose("spiking relu test"), 1);
  LabelledRows rows;
  for (std::size_t k = 0; k < count; ++k) {
    rows.row.emplace_back();
    for (std::size_t c = 0; c < columns; ++c) rows.row.back().push_back(random.uniform());
  }
  return rows;
}

/// n = floor(max(0, 1/2 + sum of w n_in)), the last input being the constant one. Returns the spikes.
std::size_t expect_relu_of_counts(const SpikingLayer& layer, const CountCode& code, const SpikeTrains& inputs,
                                  const SpikeTrains& outputs) {
  std::size_t spikes = 0;
  for (std::size_t j = 0; j < outputs.size(); ++j) {
    double x = 0.5 + layer.row(j).back() * code.most;
    for (std::uint32_t i = 0; i < inputs.size(); ++i)
      x += layer.row(j)[i] * static_cast<double>(inputs[i].size());
    if (std::abs(x - std::round(x)) > 1e-9) {
      EXPECT_EQ(outputs[j].size(), static_cast<std::size_t>(std::max(0.0, x))) << j;
    }
    spikes += outputs[j].size();
  }
  return spikes;
}

TEST(SpikingRelu, CountsOfRandomNetworksAreTheReluOfTheirInputsCounts) {
  std::size_t spikes = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const ReluNetwork network = random_network({6, 14, 11, 5}, 0.3, seed);
    const LabelledRows rows = random_rows(10, 6, seed);
    const SpikingReluNetwork made = convert(network, rows, CountCode{16});
    for (const auto& row : rows.row) {
      const std::vector<SpikeTrains> trains = made.run(row);
      for (std::size_t l = 0; l < made.layers.size(); ++l)
        spikes += expect_relu_of_counts(made.layers[l], made.code, trains[l], trains[l + 1]);
    }
  }
  EXPECT_GT(spikes, 10000u);
}

/// Counts times lambda/most come close to the activations as counts become large.
TEST(SpikingRelu, ActivationsAreMetWithManySpikes) {
  const ReluNetwork network = random_network({6, 14, 5}, 0.3, 3);
  const LabelledRows rows = random_rows(50, 6, 3);
  double before = 1e9;
  for (const std::uint32_t most : {16u, 64u, 256u}) {
    const SpikingReluNetwork made = convert(network, rows, CountCode{most});
    double worst = 0;
    for (const auto& row : rows.row) {
      const auto hidden = made.run(row)[1];
      const auto truth = network.activations(row)[1];
      for (std::size_t j = 0; j < hidden.size(); ++j)
        worst = std::max(worst,
                         std::abs(static_cast<double>(hidden[j].size()) * made.largest[1] / most - truth[j]) /
                             made.largest[1]);
    }
    EXPECT_LT(worst, before / 2) << most;
    before = worst;
  }
  EXPECT_LT(before, 0.02);
}

/// A row that is taught alone: the gradient against differences of its loss, through the first step of Adam,
/// whose direction is the gradient's sign.
TEST(ReluNetwork, StepsAgainstTheGradient) {
  const ReluNetwork start = random_network({4, 8, 6, 3}, 0.3, 8);
  LabelledRows rows = random_rows(16, 4, 8);
  for (std::size_t k = 0; k < rows.row.size(); ++k) rows.label.push_back(k % 3);
  ReluNetwork taught = start;
  teach(taught, 0, rows, rows, {.rate = 1e-6, .batch_size = 16, .epochs = 1});
  std::size_t compared = 0;
  for (std::size_t l = 0; l < 3; ++l) {
    for (std::size_t k = 0; k < start.layers[l].weight.size(); ++k) {
      ReluNetwork moved = start;
      double difference = 0;
      for (const double h : {1e-6, -1e-6}) {
        moved.layers[l].weight[k] = start.layers[l].weight[k] + h;
        difference += score(moved, rows).loss / (2 * h);
      }
      if (std::abs(difference) < 1e-6) continue;
      EXPECT_NEAR(taught.layers[l].weight[k] - start.layers[l].weight[k],
                  -1e-6 * difference / (std::abs(difference) + 1e-8), 1e-8)
          << l << " " << k;
      ++compared;
    }
  }
  EXPECT_GT(compared, 60u);
}

LabelledRows yin_yang(const std::string& part) {
  const std::string path = std::string(CHRONOTOPE_TEST_DATA) + "/yin_yang/" + part;
  const auto samples = proto::read_number_table(path + "_samples.npy").matrix,
             labels = proto::read_number_table(path + "_labels.npy").matrix;
  LabelledRows rows;
  for (std::size_t k = 0; k < samples.rows; ++k) {
    rows.row.emplace_back();
    for (std::size_t c = 0; c < samples.columns; ++c) rows.row.back().push_back(samples(k, c));
    rows.label.push_back(static_cast<std::uint32_t>(labels(k, 0)));
  }
  return rows;
}

/// The same rows as the counts that stand for them.
LabelledRows in_counts(const LabelledRows& rows, const SpikingReluNetwork& made) {
  LabelledRows counted{{}, rows.label};
  for (const auto& row : rows.row) {
    counted.row.emplace_back();
    for (const auto& train : made.input_trains(row))
      counted.row.back().push_back(static_cast<double>(train.size()) * made.largest[0] / made.code.most);
  }
  return counted;
}

/// Yin-Yang (Kriener, Goeltz & Petrovici 2022), 4 - 120 - 60 - 3: how much is lost in counts, and what
/// fine-tuning brings back of what eight counts of the inputs leave to be had: of what a network of numbers
/// reaches that is taught on these.
TEST(SpikingRelu, YinYangIsToldApartInCountsAsInNumbers) {
  const LabelledRows training = yin_yang("train"), validation = yin_yang("validation"),
                     test = yin_yang("test");
  ReluNetwork network = random_network({4, 120, 60, 3}, 0.1, 1);
  teach(network, 0, training, validation, {.rate = 5e-3, .epochs = 60, .patience = 10});
  const ReluScore truth = score(network, test);
  EXPECT_GT(truth.accuracy, 0.97);
  std::vector<ReluScore> counted;
  for (const std::uint32_t most : {8u, 16u, 32u, 64u})
    counted.push_back(score(convert(network, training, CountCode{most}), test));
  EXPECT_GE(counted[3].accuracy, truth.accuracy - 0.01);
  for (std::size_t k = 1; k < counted.size(); ++k) {
    EXPECT_GE(counted[k].accuracy, counted[k - 1].accuracy - 0.01) << k;
  }
  const SpikingReluNetwork coarse = convert(network, training, CountCode{8});
  ReluNetwork reachable = network;
  teach(reachable, 0, in_counts(training, coarse), in_counts(validation, coarse), {});
  const double least = score(reachable, in_counts(test, coarse)).loss;
  const ReluScore tuned = score(convert_in_tandem(network, training, validation, CountCode{8}, {}), test);
  EXPECT_LE(tuned.loss - least, 0.5 * (counted[0].loss - least));
  for (std::size_t k = 0; k < counted.size(); ++k)
    RecordProperty("of_" + std::to_string(8 << k),
                   std::to_string(counted[k].accuracy) + " " + std::to_string(counted[k].loss));
  RecordProperty("network", std::to_string(truth.accuracy) + " " + std::to_string(truth.loss));
  RecordProperty("tuned", std::to_string(tuned.accuracy) + " " + std::to_string(tuned.loss) + " of " +
                              std::to_string(least));
}

}  // namespace
}  // namespace chronotope::models
