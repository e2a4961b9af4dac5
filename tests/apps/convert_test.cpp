// SPDX-License-Identifier: Apache-2.0
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "chronotope/core/random_stream.hpp"
#include "chronotope/models/learning/relu_network.hpp"
#include "chronotope/proto/spike_codec.hpp"
#include "chronotope/proto/training.pb.h"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

using models::LabelledRows;
using models::ReluNetwork;

/// An .npy file of doubles, rows x columns.
std::string npy(std::size_t rows, std::size_t columns, const std::vector<double>& values) {
  std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + std::to_string(rows) + ", " +
                       std::to_string(columns) + "), }";
  header.resize((header.size() + 10 + 64) / 64 * 64 - 11, ' ');
  header += '\n';
  std::string bytes = "\x93NUMPY\x01";
  bytes += '\0';
  bytes += static_cast<char>(header.size() % 256);
  bytes += static_cast<char>(header.size() / 256);
  bytes += header;
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double));
  return bytes;
}

double normal(RandomStream& random) {
  const double u = random.uniform(), v = random.uniform();
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * M_PI * v);
}

ReluNetwork random_network(const std::vector<std::uint32_t>& sizes, std::uint64_t seed) {
  RandomStream random(seed, Purpose("convert test"), 0);
  ReluNetwork network;
  for (std::size_t l = 1; l < sizes.size(); ++l) {
    models::DenseLayer layer{sizes[l - 1], {}, {}};
    for (std::uint32_t k = 0; k < sizes[l] * sizes[l - 1]; ++k)
      layer.weight.push_back(normal(random) * std::sqrt(2.0 / sizes[l - 1]));
    for (std::uint32_t k = 0; k < sizes[l]; ++k) layer.bias.push_back(0.2 * normal(random));
    network.layers.push_back(layer);
  }
  return network;
}

/// Spike times by population and neuron, from a CSV file of `simulate`.
using Trains = std::map<std::string, std::map<std::uint32_t, std::vector<double>>>;

class Convert : public ProgramTest {
 protected:
  /// Writes w1.npy, .., b1.npy, .., x.npy and perhaps y.npy; returns the options that name them.
  std::string write(const ReluNetwork& network, const LabelledRows& rows) const {
    std::string weights, biases;
    for (std::size_t l = 0; l < network.layers.size(); ++l) {
      const auto& layer = network.layers[l];
      const std::string number = std::to_string(l + 1);
      save("w" + number + ".npy", npy(layer.outputs(), layer.inputs, layer.weight));
      save("b" + number + ".npy", npy(layer.outputs(), 1, layer.bias));
      weights += (l == 0 ? "w" : ",w") + number + ".npy";
      biases += (l == 0 ? "b" : ",b") + number + ".npy";
    }
    std::vector<double> values;
    for (const auto& row : rows.row) values.insert(values.end(), row.begin(), row.end());
    save("x.npy", npy(rows.row.size(), rows.row.front().size(), values));
    if (!rows.label.empty()) save("y.npy", npy(rows.label.size(), 1, {rows.label.begin(), rows.label.end()}));
    return "convert --weights " + weights + " --biases " + biases + " --rows x.npy --out n.spec.pb" +
           (rows.label.empty() ? "" : " --labels y.npy");
  }

  ConversionReport convert(const std::string& words) const {
    const Outcome outcome = run(words + " --json");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    ConversionReport report;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(outcome.out, &report).ok()) << outcome.out;
    return report;
  }

  Trains simulate(const ConversionReport& report) const {
    const Outcome outcome = run("simulate n.spec.pb --until " + std::to_string(report.until_ms()) +
                                " --spikes s.csv --record-inputs --quiet");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    std::istringstream lines(read_file(path("s.csv")));
    Trains trains;
    std::string line;
    std::getline(lines, line);
    EXPECT_EQ(line, "time_ms,population,neuron");
    while (std::getline(lines, line)) {
      const auto first = line.find(','), second = line.find(',', first + 1);
      trains[line.substr(first + 1, second - first - 1)]
            [static_cast<std::uint32_t>(std::stoul(line.substr(second + 1)))]
                .push_back(std::stod(line.substr(0, first)));
    }
    return trains;
  }

  /// In the event engine every neuron of every layer but the last, whose biases are raised, fires
  /// floor(max(0, 1/2 + bias + the weighted counts of its inputs)) times. Returns how many spikes that were.
  std::size_t expect_relu_of_counts(const ReluNetwork& network, const ConversionReport& report) const {
    Trains trains = simulate(report);
    std::size_t spikes = 0;
    for (std::size_t l = 0; l + 1 < network.layers.size(); ++l) {
      const auto& layer = network.layers[l];
      auto& inputs = trains[l == 0 ? "inputs" : "layer" + std::to_string(l)];
      auto& outputs = trains["layer" + std::to_string(l + 1)];
      const int place = static_cast<int>(l);
      for (std::uint32_t j = 0; j < layer.outputs(); ++j) {
        double x = layer.bias[j] * report.counts();
        for (const auto& [i, train] : inputs)
          x += layer.row(j)[i] * report.largest(place) * static_cast<double>(train.size());
        x = 0.5 + x / report.largest(place + 1);
        if (std::abs(x - std::round(x)) > 1e-9) {
          EXPECT_EQ(outputs[j].size(), static_cast<std::size_t>(std::max(0.0, x))) << l << " " << j;
        }
        spikes += outputs[j].size();
      }
    }
    return spikes;
  }
};

TEST_F(Convert, InTheEventEngineCountsOfRandomNetworksAreTheReluOfTheirInputsCounts) {
  std::size_t spikes = 0;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const ReluNetwork network = random_network({5, 12, 9, 4}, seed);
    LabelledRows rows;
    RandomStream random(seed, Purpose("convert test"), 1);
    for (int k = 0; k < 20; ++k) {
      rows.row.emplace_back();
      for (int c = 0; c < 5; ++c) rows.row.back().push_back(random.uniform());
    }
    const ConversionReport report =
        convert(write(network, rows) + " --counts 32 --row " + std::to_string(seed));
    EXPECT_FALSE(report.has_network());
    spikes += expect_relu_of_counts(network, report);
  }
  EXPECT_GT(spikes, 500U);
}

/// The spoken digits: spikes of 64 channels in eight equal parts of a recording, a network 512 - 60 - 10.
class DigitsConvert : public Convert {
 protected:
  LabelledRows digits() const {
    EXPECT_EQ(run("encode " CHRONOTOPE_EXAMPLES "/digits/recordings --out d.pb --quiet").code, 0);
    const auto recording = proto::read_spike_recording(path("d.pb"));
    LabelledRows rows;
    auto spike = recording.spikes.begin();
    for (const auto& mark : recording.stimuli) {
      std::vector<double> row(64 * 8);
      for (; spike != recording.spikes.end() && spike->time < mark.onset + mark.duration; ++spike) {
        const double part = 8 * ((spike->time - mark.onset).ms() / mark.duration.ms());
        row[spike->neuron * 8 + static_cast<std::size_t>(std::clamp(part, 0.0, 7.0))] += 1;
      }
      for (double& count : row) count = std::sqrt(count) / 4;
      rows.row.push_back(std::move(row));
      rows.label.push_back(static_cast<std::uint32_t>(std::stoul(mark.label)));
    }
    return rows;
  }
};

TEST_F(DigitsConvert, IsAsGoodInSpikesAsInNumbers) {
  const LabelledRows rows = digits();
  ASSERT_EQ(rows.row.size(), 240U);
  ReluNetwork network = random_network({512, 60, 10}, 1);
  models::teach(network, 0, rows, rows, {.epochs = 30});
  const ConversionReport report = convert(write(network, rows) + " --validation 0.5");
  EXPECT_GT(report.network().accuracy(), 0.95);
  EXPECT_GE(report.spiking().accuracy(), report.network().accuracy() - 0.01);
  EXPECT_GT(expect_relu_of_counts(network, report), 100U);

  const ConversionReport coarse = convert(write(network, rows) + " --validation 0.5 --counts 4 --tandem");
  EXPECT_LT(coarse.tandem().loss(), coarse.spiking().loss());
}

TEST_F(Convert, RefusesWhatDoesNotFit) {
  const ReluNetwork network = random_network({3, 4, 2}, 1);
  LabelledRows rows{{{0.1, 0.2, 0.3}, {0.4, 0.5, 0.6}}, {0, 1}};
  const std::string words = write(network, rows);
  ASSERT_EQ(run(words + " --quiet").code, 0);
  std::filesystem::remove(path("n.spec.pb"));
  const auto files = [&](const std::string& weights, const std::string& biases) {
    return "convert --weights " + weights + " --biases " + biases + " --rows x.npy --out n.spec.pb";
  };
  expect_refused(files("w1.npy", "b1.npy,b2.npy"), "--biases names 2 files, --weights 1");
  expect_refused(files("w1.npy,w2.npy", "b2.npy,b2.npy"), "b2.npy: holds 2 biases for w1.npy of 4 x 3");
  expect_refused(files("w1.npy,w1.npy", "b1.npy,b1.npy"),
                 "w1.npy: has 3 inputs, the layer before it 4 outputs");
  expect_refused(files("w2.npy", "b2.npy"), "x.npy: is 2 x 3, the first layer has 4 inputs");
  expect_refused(files("w1.npy", "b1.npy") + " --tandem", "--tandem: needs --labels");
  expect_refused(files("missing.npy", "b1.npy"), "missing.npy");
  for (const char* input : {"w1.npy", "w2.npy", "b1.npy", "./b2.npy", "x.npy", "y.npy"}) {
    const std::string before = read_file(path(input));
    expect_refused(
        "convert --weights w1.npy,w2.npy --biases b1.npy,b2.npy --rows x.npy --labels y.npy --out " +
            std::string(input),
        "--out");
    EXPECT_TRUE(read_file(path(input)) == before) << input;
  }
  expect_refused(words + " --counts 0", "--counts");
  expect_refused(words + " --row 2", "--row");
  expect_refused(words + " --validation 1", "validation");
  expect_refused(words + " --rate 0", "rate");
  save("x.npy", npy(2, 3, {0.1, 0.2, -0.3, 1, 2, 3}));
  expect_refused(words, "x.npy: row 0 holds a negative number");
  save("x.npy", npy(2, 3, {0.1, 0.2, std::nan(""), 1, 2, 3}));
  expect_refused(words, "x.npy");
  save("x.npy", npy(2, 3, {0.1, 0.2, 0.3, 1, 2, 3}));
  save("y.npy", npy(2, 1, {0, 2}));
  expect_refused(words, "y.npy: label 2 is none of 0 to 1");
  save("y.npy", npy(3, 1, {0, 1, 1}));
  expect_refused(words, "y.npy: holds 3 labels for 2 rows");
}

}  // namespace
}  // namespace chronotope
