// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <optional>
#include <sstream>

#include "chronotope/apps/options/named_option.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/output/json.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/models/learning/spiking_relu.hpp"
#include "chronotope/proto/formats/number_table.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/network_spec.pb.h"
#include "chronotope/proto/text_spec.hpp"
#include "chronotope/proto/training.pb.h"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

constexpr const char* kInputs = "inputs";
constexpr const char* kConstant = "constant";

using models::LabelledRows;
using models::ReluNetwork;
using models::SpikingReluNetwork;

OptionGroup network_files() {
  return {"Network",
          {required({"weights", Text{"FILES"}, ".npy files, layer by layer: outputs x inputs"}),
           required({"biases", Text{"FILES"}, ".npy files, layer by layer"}),
           required({"rows", File{File::Use::kRead},
                     ".npy file of inputs, a row each, not negative: activations are balanced on them"}),
           {"labels", File{File::Use::kRead}, ".npy file of the rows' classes, 0, 1, ...: prints accuracy"}}};
}

OptionGroup spike_options() {
  return {"Spikes",
          {{"counts", WholeNumber{1, 100000, "64"},
            "spikes that stand for the largest activation of a layer, in as many ms"},
           {"row", WholeNumber{0, std::numeric_limits<std::uint32_t>::max(), "0"},
            "whose input spikes --out holds"},
           required({"out", File{File::Use::kWritten}, "write the specification"})}};
}

OptionGroup tandem_options() {
  return {"Fine-tuning",
          {{"tandem",
            Flag(),
            "teach each layer and those behind it again on the counts that enter it",
            {{"labels"}}},
           {"validation", RealNumber{above(0), below(1), "0.2", "SHARE"},
            "of the rows, drawn at random: not taught, they decide when that stops, and are tested"},
           {"rate", RealNumber{from(1e-12), up_to(1e6), "0.001"}, "of Adam"},
           {"epochs", WholeNumber{1, 1000000, "30"}, "at most, for every layer"},
           {"seed", WholeNumber{0, std::numeric_limits<std::uint64_t>::max(), "1"}, "of the draws"}}};
}

OptionGroup output_options() {
  return {"Output",
          {{"json", Flag(), "print the summary as one JSON object"},
           {"quiet", Flag(), "print nothing but errors"}}};
}

Usage make_usage() {
  Usage usage;
  usage.synopsis = "convert --weights FILES --biases FILES --rows FILE --out SPEC [options]";
  usage.summary =
      "Turns a feed-forward network of rectified linear units into one of linear_leak_lif neurons whose "
      "counts of spikes stand for activations (docs/conversion.md). SPEC is for simulate and holds the input "
      "spikes of one row.";
  usage.examples =
      "  chronotope convert --weights w1.npy,w2.npy --biases b1.npy,b2.npy --rows x.npy --out net.spec.pb\n"
      "  chronotope convert --weights w1.npy,w2.npy --biases b1.npy,b2.npy --rows x.npy --labels y.npy \\\n"
      "    --counts 8 --tandem --out net.spec.pb\n"
      "  chronotope simulate net.spec.pb --until 192.02 --spikes counts.csv\n";
  usage.groups = {network_files(), spike_options(), tandem_options(), output_options()};
  return usage;
}

std::vector<std::string> paths(const po::variables_map& values, const char* option) {
  std::vector<std::string> all;
  std::istringstream in(values[option].as<std::string>());
  for (std::string path; std::getline(in, path, ',');) all.push_back(path);
  return all;
}

std::vector<std::filesystem::path> read_files(const po::variables_map& values) {
  std::vector<std::filesystem::path> all;
  for (const char* option : {"weights", "biases", "rows", "labels"})
    if (values.count(option) != 0)
      for (const std::string& path : paths(values, option)) all.emplace_back(path);
  return all;
}

proto::Matrix read_finite(const std::string& path) {
  proto::Matrix matrix = proto::read_number_table(path).matrix;
  for (const double value : matrix.values)
    if (!(std::abs(value) <= 1e9)) throw InputError(path + ": holds a number that is not from -1e9 to 1e9");
  return matrix;
}

std::string shape(const proto::Matrix& m) { return fmt::format("{} x {}", m.rows, m.columns); }

models::DenseLayer read_layer(const std::string& weights, const std::string& biases) {
  const proto::Matrix w = read_finite(weights), b = read_finite(biases);
  if (b.values.size() != w.rows)
    throw InputError(
        fmt::format("{}: holds {} biases for {} of {} weights; it needs one for each output, a row", biases,
                    b.values.size(), weights, shape(w)));
  return {static_cast<std::uint32_t>(w.columns), w.values, b.values};
}

ReluNetwork read_network(const po::variables_map& values) {
  const auto weights = paths(values, "weights"), biases = paths(values, "biases");
  if (weights.size() != biases.size())
    throw InputError(fmt::format("--biases names {} files, --weights {}; every layer needs both",
                                 biases.size(), weights.size()));
  ReluNetwork network;
  for (std::size_t l = 0; l < weights.size(); ++l) {
    network.layers.push_back(read_layer(weights[l], biases[l]));
    if (l > 0 && network.layers[l].inputs != network.layers[l - 1].outputs())
      throw InputError(
          fmt::format("{}: has {} inputs, the layer before it {} outputs; weights are outputs x inputs",
                      weights[l], network.layers[l].inputs, network.layers[l - 1].outputs()));
  }
  return network;
}

std::vector<std::uint32_t> read_labels(const std::string& path, std::size_t rows, std::size_t classes) {
  const proto::Matrix table = read_finite(path);
  if (table.values.size() != rows)
    throw InputError(fmt::format("{}: holds {} labels for {} rows", path, table.values.size(), rows));
  std::vector<std::uint32_t> labels;
  for (const double value : table.values) {
    if (value != std::floor(value) || value < 0 || value >= static_cast<double>(classes))
      throw InputError(
          fmt::format("{}: label {} is none of 0 to {}, the network's outputs", path, value, classes - 1));
    labels.push_back(static_cast<std::uint32_t>(value));
  }
  return labels;
}

LabelledRows read_rows(const po::variables_map& values, const ReluNetwork& network) {
  const auto path = values["rows"].as<std::string>();
  const proto::Matrix table = read_finite(path);
  if (table.columns != network.layers.front().inputs)
    throw InputError(
        fmt::format("{}: is {}, the first layer has {} inputs; a row is an input, and weights are "
                    "outputs x inputs",
                    path, shape(table), network.layers.front().inputs));
  LabelledRows rows;
  for (std::size_t k = 0; k < table.rows; ++k) {
    const auto begin = table.values.begin() + static_cast<std::ptrdiff_t>(k * table.columns);
    rows.row.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(table.columns));
    if (*std::min_element(rows.row.back().begin(), rows.row.back().end()) < 0)
      throw InputError(
          fmt::format("{}: row {} holds a negative number; counts of spikes have none", path, k));
  }
  if (rows.row.size() < 2) throw InputError(path + ": needs at least 2 rows");
  if (given(values, "labels"))
    rows.label =
        read_labels(values["labels"].as<std::string>(), rows.row.size(), network.layers.back().outputs());
  return rows;
}

/// Splits a share of the rows off, drawn at random; at least one stays on either side.
LabelledRows split_off(LabelledRows& rows, double share, std::uint64_t seed) {
  RandomStream stream(seed, Purpose("convert.validation"), 0);
  const auto count = std::clamp<std::size_t>(
      static_cast<std::size_t>(std::round(share * static_cast<double>(rows.row.size()))), 1,
      rows.row.size() - 1);
  LabelledRows off;
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t last = rows.row.size() - 1, chosen = stream.below(rows.row.size());
    std::swap(rows.row[chosen], rows.row[last]);
    off.row.push_back(std::move(rows.row.back()));
    rows.row.pop_back();
    if (rows.label.empty()) continue;
    std::swap(rows.label[chosen], rows.label[last]);
    off.label.push_back(rows.label.back());
    rows.label.pop_back();
  }
  return off;
}

std::string layer_name(std::size_t l) { return fmt::format("layer{}", l + 1); }

void add_population(const models::SpikingLayer& layer, std::size_t l, NetworkSpec& spec) {
  Population& population = *spec.add_population();
  population.set_name(layer_name(l));
  population.set_size(layer.outputs());
  LinearLeakLif& neuron = *population.mutable_linear_leak_lif();
  const auto constant = [](Distribution& to, double value) { to.set_constant(value); };
  constant(*neuron.mutable_c_m(), 1);
  constant(*neuron.mutable_e_l(), 0);
  constant(*neuron.mutable_v_th(), 1);
  constant(*neuron.mutable_v_reset(), 0);
  constant(*neuron.mutable_leak(), 0);
  constant(*neuron.mutable_t_ref(), 0);
  constant(*neuron.mutable_v_m(), 0.5);
  neuron.set_reset(LinearLeakLif::SUBTRACT);
  neuron.set_floor(LinearLeakLif::NONE);
}

void add_input(const std::string& name, const models::SpikeTrains& trains, NetworkSpec& spec) {
  Input& input = *spec.add_input();
  input.set_name(name);
  input.set_size(static_cast<std::uint32_t>(trains.size()));
  for (std::uint32_t i = 0; i < trains.size(); ++i) {
    SpikeTimes& times = *input.add_spike_times();
    times.set_neuron(i);
    for (const Time t : trains[i]) times.add_times(t.to_ms());
  }
}

void add_synapse(std::uint32_t source, std::uint32_t target, double weight, Duration delay,
                 Projection& projection) {
  Synapse& synapse = *projection.add_synapses();
  synapse.set_source(source);
  synapse.set_target(target);
  synapse.set_weight(weight);
  synapse.set_delay(delay.ms());
}

/// From the layer before, or the inputs, and from the constant input.
void add_projections(const models::SpikingLayer& layer, std::size_t l, const models::CountCode& code,
                     NetworkSpec& spec) {
  Projection& weights = *spec.add_projection();
  Projection& biases = *spec.add_projection();
  weights.set_source(l == 0 ? kInputs : layer_name(l - 1));
  biases.set_source(kConstant);
  weights.set_target(layer_name(l));
  biases.set_target(layer_name(l));
  for (std::uint32_t j = 0; j < layer.outputs(); ++j) {
    const auto row = layer.row(j);
    for (std::uint32_t i = 0; i + 1 < layer.inputs; ++i)
      add_synapse(i, j, row[i], code.delay(row[i]), weights);
    add_synapse(0, j, row.back(), code.delay(row.back()) + code.lag(l), biases);
  }
}

NetworkSpec to_spec(const SpikingReluNetwork& network, const std::vector<double>& row) {
  NetworkSpec spec;
  for (std::size_t l = 0; l < network.layers.size(); ++l) add_population(network.layers[l], l, spec);
  add_input(kInputs, network.input_trains(row), spec);
  add_input(kConstant, {network.code.train(1, 1)}, spec);
  for (std::size_t l = 0; l < network.layers.size(); ++l)
    add_projections(network.layers[l], l, network.code, spec);
  return spec;
}

void set_score(TrainingScore& message, const models::ReluScore& score) {
  message.set_loss(score.loss);
  message.set_accuracy(score.accuracy);
}

void print(const ConversionReport& report) {
  fmt::print(stderr, "{} counts, runs of {} ms; largest activations", report.counts(), report.until_ms());
  for (const double largest : report.largest()) fmt::print(stderr, " {:.4g}", largest);
  fmt::print(stderr, "\n");
  const auto tell = [](const char* name, const TrainingScore& score) {
    fmt::print(stderr, "{}: accuracy {:.4f}, loss {:.4f}\n", name, score.accuracy(), score.loss());
  };
  if (report.has_network()) tell("the network", report.network());
  if (report.has_spiking()) tell("in counts of spikes", report.spiking());
  if (report.has_tandem()) tell("fine-tuned under spikes", report.tandem());
}

models::ReluTraining training_options(const po::variables_map& values) {
  models::ReluTraining options;
  options.rate = values["rate"].as<double>();
  options.epochs = static_cast<std::uint32_t>(values["epochs"].as<std::uint64_t>());
  options.seed = values["seed"].as<std::uint64_t>();
  return options;
}

}  // namespace

int convert(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  const models::CountCode code{static_cast<std::uint32_t>((*values)["counts"].as<std::uint64_t>())};
  const models::ReluTraining options = training_options(*values);
  require_not_read(*values, {"out"}, read_files(*values));
  const ReluNetwork network = read_network(*values);
  LabelledRows training = read_rows(*values, network);
  const auto row = (*values)["row"].as<std::uint64_t>();
  require(row < training.row.size(), "row", std::to_string(row),
          "must be from 0 to " + std::to_string(training.row.size() - 1));
  const std::vector<double> shown = training.row[row];
  const LabelledRows validation = split_off(training, (*values)["validation"].as<double>(), options.seed);

  SpikingReluNetwork converted = models::convert(network, training, code);
  ConversionReport report;
  if (given(*values, "labels")) {
    set_score(*report.mutable_network(), models::score(network, validation));
    set_score(*report.mutable_spiking(), models::score(converted, validation));
  }
  if ((*values)["tandem"].as<bool>()) {
    converted = models::convert_in_tandem(network, training, validation, code, options);
    set_score(*report.mutable_tandem(), models::score(converted, validation));
  }
  report.set_counts(code.most);
  report.set_until_ms(code.end(converted.layers.size()).to_ms());
  for (const double largest : converted.largest) report.add_largest(largest);

  const auto path = (*values)["out"].as<std::string>();
  proto::Output output(path);
  output.write(proto::spec_bytes(to_spec(converted, shown), path));
  output.commit();
  if ((*values)["json"].as<bool>())
    fmt::print("{}\n", to_json(report));
  else if (!(*values)["quiet"].as<bool>())
    print(report);
  return 0;
}

}  // namespace chronotope::apps
