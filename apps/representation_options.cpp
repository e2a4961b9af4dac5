// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/representation_options.hpp"

#include <array>
#include <cmath>
#include <filesystem>

#include "chronotope/apps/named_option.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

using topology::EdgeLength;
using topology::LayeringMode;
using topology::MiddleSplit;
using topology::Presentations;
using topology::RowCode;

constexpr std::array kCodes{
    Name<RowCode>{"count", RowCode::kCount},         Name<RowCode>{"trace", RowCode::kTrace},
    Name<RowCode>{"latency", RowCode::kLatency},     Name<RowCode>{"bins", RowCode::kBins},
    Name<RowCode>{"potential", RowCode::kPotential}, Name<RowCode>{"train", RowCode::kTrain}};
constexpr std::array kModes{Name<LayeringMode>{"centrality", LayeringMode::kCentrality},
                            Name<LayeringMode>{"quantile", LayeringMode::kQuantile}};
constexpr std::array kLengths{Name<EdgeLength>{"weight", EdgeLength::kInverseWeight},
                              Name<EdgeLength>{"hop", EdgeLength::kHop}};
constexpr std::array kSplits{Name<MiddleSplit>{"median", MiddleSplit::kMedian},
                             Name<MiddleSplit>{"cut", MiddleSplit::kCut}};
constexpr std::array kPhases{Name<Presentations>{"probe-or-all", Presentations::kProbeOrAll},
                             Name<Presentations>{"probe", Presentations::kProbe},
                             Name<Presentations>{"train", Presentations::kTrain},
                             Name<Presentations>{"all", Presentations::kAll}};
constexpr std::array kSources{Name<LayerSource>{"own", LayerSource::kOwn},
                              Name<LayerSource>{"shared", LayerSource::kShared},
                              Name<LayerSource>{"initial", LayerSource::kInitial}};

}  // namespace

LayerSource layer_source(const std::string& word, std::string& list) {
  for (const auto& [name, source] : kSources)
    if (word == name) return source;
  std::error_code unread;
  require(std::filesystem::exists(word, unread), "layers", "'" + word + "'",
          "must be own, shared, initial or a file that lists the layers");
  list = word;
  return LayerSource::kListed;
}

void add_layering_options(po::options_description& options) {
  options.add_options()  //
      ("layering", po::value<std::string>()->default_value("centrality"),
       "how L1-L5 are found: centrality (betweenness, input, read-out) or quantile (of betweenness)")  //
      ("edge-length", po::value<std::string>()->default_value("weight"),
       "of a synapse on a path: weight (1/|w|) or hop (1)")                                      //
      ("excitatory", po::bool_switch(), "find the layers by synapses of positive weight alone")  //
      ("bottleneck", po::value<double>()->default_value(0.1, "0.1"),
       "share of the neurons in L3 (centrality)")  //
      ("middle", po::value<std::string>()->default_value("median"),
       "where L2 ends and L4 begins (centrality), a being the length of the way from L1, b to L5: median (of "
       "a/(a+b)) or cut (a = b)");
}

topology::LayeringOptions read_layering_options(const po::variables_map& values) {
  topology::LayeringOptions options;
  options.mode = named(values, "layering", kModes);
  options.length = named(values, "edge-length", kLengths);
  options.excitatory_only = values["excitatory"].as<bool>();
  options.bottleneck_share = values["bottleneck"].as<double>();
  require(options.bottleneck_share > 0 && options.bottleneck_share < 1, "bottleneck",
          to_string(options.bottleneck_share), "must lie in (0, 1)");
  options.split = named(values, "middle", kSplits);
  for (const char* option : {"bottleneck", "middle"})
    require_use(values, option, options.mode == LayeringMode::kCentrality, "--layering centrality");
  return options;
}

void add_code_options(po::options_description& options) {
  options.add_options()  //
      ("code", po::value<std::string>()->default_value("count"),
       "what a neuron's activity during a stimulus becomes: count, trace, latency, bins, potential (at the "
       "end; needs simulate --potentials) or train (spike times, compared by --metric)")  //
      ("tau", po::value<double>(),
       "time constant of the trace (default 20) or of van-rossum (default 10) [ms]")  //
      ("bins", po::value<std::int64_t>()->default_value(5), "of the code bins, per stimulus");
}

topology::ActivationOptions read_code_options(const po::variables_map& values) {
  topology::ActivationOptions activations;
  activations.code = named(values, "code", kCodes);
  if (values.count("tau") != 0) {
    activations.tau = values["tau"].as<double>();
    require(activations.tau > 0 && std::isfinite(activations.tau), "tau", to_string(activations.tau),
            "must be > 0 ms and finite");
  }
  activations.bins = count_option(values, "bins", 1);
  require_use(values, "tau", activations.code == RowCode::kTrace || activations.code == RowCode::kTrain,
              "--code trace or train");
  require_use(values, "bins", activations.code == RowCode::kBins, "--code bins");
  return activations;
}

void add_stream_options(po::options_description& options) {
  add_code_options(options);
  options.add_options()  //
      ("phase", po::value<std::string>()->default_value("probe-or-all"),
       "which stimuli are rows: probe, train, all; default: probes if any is marked as one, else all")  //
      ("layers", po::value<std::string>()->default_value("own"),
       "own: each network's layers; shared: A's for both; initial: those of A's first snapshot for both; or "
       "a "
       "CSV file population,neuron,layer");
  add_layering_options(options);
}

StreamOptions read_stream_options(const po::variables_map& values) {
  StreamOptions options;
  options.representation.activations = read_code_options(values);
  options.representation.presentations = named(values, "phase", kPhases);
  options.representation.layering = read_layering_options(values);
  options.layers = layer_source(values["layers"].as<std::string>(), options.layer_list);
  for (const char* option : {"layering", "edge-length", "excitatory", "bottleneck", "middle"})
    require_use(values, option, options.layers != LayerSource::kListed,
                "layers that are found, not --layers FILE");
  return options;
}

std::string given_stream_option(const po::variables_map& values) {
  for (const char* option : {"code", "tau", "bins", "phase", "layers", "layering", "edge-length",
                             "excitatory", "bottleneck", "middle"})
    if (values.count(option) != 0 && !values[option].defaulted()) return option;
  return "";
}

}  // namespace chronotope::apps
