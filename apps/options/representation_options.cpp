// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/options/representation_options.hpp"

#include <array>
#include <cstdint>
#include <filesystem>

#include "chronotope/apps/options/named_option.hpp"

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
constexpr std::array kPhases{
    Name<Presentations>{"probe-or-all", Presentations::kProbeOrAll},
    Name<Presentations>{"probe", Presentations::kProbe}, Name<Presentations>{"train", Presentations::kTrain},
    Name<Presentations>{"memory", Presentations::kMemory}, Name<Presentations>{"all", Presentations::kAll}};
constexpr std::array kSources{Name<LayerSource>{"own", LayerSource::kOwn},
                              Name<LayerSource>{"shared", LayerSource::kShared},
                              Name<LayerSource>{"initial", LayerSource::kInitial}};

constexpr std::uint64_t kMostBins = 1'000'000'000;

/// Layers that are listed are not found.
void require_found(const po::variables_map& values) {
  require_unused(values, layering_options(), "layers that are found, not --layers FILE");
}

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

OptionGroup layering_options() {
  return {"Layers",
          {{"layering", words_of("layering", kModes, "centrality"),
            "how L1-L5 are found: by betweenness, input and read-out (centrality), or by quantiles of the "
            "betweenness"},
           {"edge-length", words_of("edge length", kLengths, "weight"),
            "of a synapse on a path: weight (1/|w|) or hop (1)"},
           {"excitatory", Flag(), "find the layers by synapses of positive weight alone"},
           {"bottleneck",
            RealNumber{above(0), below(1), "0.1"},
            "share of the neurons in L3",
            {{"layering", {"centrality"}}}},
           {"middle",
            words_of("middle", kSplits, "median"),
            "where L2 ends and L4 begins, a being the length of the way from L1, b to L5: at the median of "
            "a/(a+b), or where a = b (cut)",
            {{"layering", {"centrality"}}}}}};
}

topology::LayeringOptions read_layering_options(const po::variables_map& values) {
  topology::LayeringOptions options;
  options.mode = named(values, "layering", kModes);
  options.length = named(values, "edge-length", kLengths);
  options.excitatory_only = values["excitatory"].as<bool>();
  options.bottleneck_share = values["bottleneck"].as<double>();
  options.split = named(values, "middle", kSplits);
  return options;
}

OptionGroup code_options() {
  return {
      "Activity",
      {{"code", words_of("code", kCodes, "count"),
        "what a neuron's activity during a stimulus becomes: its spike count, a trace, its latency, counts "
        "in bins, the potential at the end (needs simulate --potentials), or the train of its spike times, "
        "compared by --metric"},
       {"tau",
        RealNumber{above(0), any_finite(), "", "MS", "ms"},
        "time constant of the trace (default 20) or of van-rossum (default 10)",
        {{"code", {"trace", "train"}}}},
       {"bins", WholeNumber{1, kMostBins, "5"}, "of the code bins, per stimulus", {{"code", {"bins"}}}}}};
}

topology::ActivationOptions read_code_options(const po::variables_map& values) {
  topology::ActivationOptions activations;
  activations.code = named(values, "code", kCodes);
  if (given(values, "tau")) activations.tau = values["tau"].as<double>();
  activations.bins = whole_option(values, "bins");
  return activations;
}

OptionGroup activity_options() {
  OptionGroup group = code_options();
  group.options.push_back(
      {"phase", words_of("phase", kPhases, "probe-or-all"),
       "which stimuli are rows (memory: steps of a random signal); by default the probes if any is marked as one, else all"});
  return group;
}

OptionGroup representation_layer_options() {
  OptionGroup group = layering_options();
  Word sources = words_of("layers", kSources, "own");
  sources.more = "FILE";
  group.options.insert(
      group.options.begin(),
      {"layers", sources,
       "own: each network's layers; shared: A's for both; initial: those of A's first snapshot "
       "for both; or a CSV file population,neuron,layer"});
  return group;
}

OptionGroup own_layer_options() {
  OptionGroup group = layering_options();
  group.options.insert(
      group.options.begin(),
      {"layers", File(), "a CSV file population,neuron,layer instead of layers that are found"});
  return group;
}

StreamOptions read_stream_options(const po::variables_map& values) {
  StreamOptions options;
  options.representation.activations = read_code_options(values);
  options.representation.presentations = named(values, "phase", kPhases);
  options.representation.layering = read_layering_options(values);
  if (values.count("layers") != 0)
    options.layers = layer_source(values["layers"].as<std::string>(), options.layer_list);
  if (options.layers == LayerSource::kListed) require_found(values);
  return options;
}

}  // namespace chronotope::apps
