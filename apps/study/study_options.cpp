// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/study_options.hpp"

#include <fmt/core.h>

#include <filesystem>
#include <thread>

#include "chronotope/apps/options/listed.hpp"
#include "chronotope/apps/options/named_option.hpp"
#include "chronotope/apps/options/network_options.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/options/state_reset.hpp"
#include "chronotope/core/number_text.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

std::vector<Condition> conditions_of(const std::string& text) {
  std::vector<Condition> conditions;
  for (const std::string& word : listed("conditions", text)) conditions.push_back(parse_condition(word));
  return conditions;
}

std::vector<double> cvs_of(const std::string& text) {
  std::vector<double> cvs;
  for (const std::string& word : listed("sweep", text)) {
    const auto cv = finite_number(word);
    require(cv && *cv > 0, "sweep", "'" + word + "'",
            "must be coefficients of variation > 0, separated by commas; at 0 het is hom and there is no D");
    require(std::find(cvs.begin(), cvs.end(), *cv) == cvs.end(), "sweep", "'" + text + "'",
            "names " + word + " twice");
    cvs.push_back(*cv);
  }
  return cvs;
}

void read_layers(const std::string& text, StudyOptions& options) {
  for (const std::string& word : listed("layers", text)) {
    const LayerSource source = layer_source(word, options.layer_list);
    for (const LayerSource other : options.layers)
      require(source != other, "layers", "'" + text + "'",
              "must name each source once, and one file at most");
    options.layers.push_back(source);
  }
}

std::vector<topology::RowCode> read_out_codes(const std::string& text) {
  using topology::RowCode;
  std::vector<RowCode> codes;
  if (text == "none") return codes;
  for (const std::string& word : listed("read-outs", text)) {
    for (const RowCode code : {RowCode::kCount, RowCode::kTrace, RowCode::kLatency, RowCode::kBins})
      if (word == topology::to_string(code)) codes.push_back(code);
    require(!codes.empty() && word == topology::to_string(codes.back()), "read-outs", "'" + word + "'",
            "must be none, or count, trace, latency and bins, separated by commas");
  }
  return codes;
}

std::string preset_list() {
  std::string names;
  for (const std::string& name : preset_names()) names += (names.empty() ? "" : ", ") + name;
  return names;
}

/// A file of that name goes before a preset.
void read_spec_name(const po::variables_map& values, StudyOptions& options) {
  options.spec = values["SPEC"].as<std::string>();
  std::error_code unknown;
  const std::string data = values.count("data") != 0 ? values["data"].as<std::string>() : "";
  if (!std::filesystem::exists(options.spec, unknown)) options.preset = find_preset(options.spec, data);
  require(options.preset || data.empty(), "data", "'" + data + "'", "goes with a preset alone");
  if (options.preset) {
    require(values.count("spikes") == 0, "spikes", "'" + values["SPEC"].as<std::string>() + "' with --spikes",
            "a preset brings its stimuli");
    options.spec = options.preset->spec;
    options.spikes = (std::filesystem::path(options.out) / "stimuli.pb").string();
    return;
  }
  if (values.count("spikes") == 0)
    throw InputError("--spikes is missing: the stream of encoded stimuli that " + options.spec +
                     " hears (presets bring theirs: " + preset_list() + ")");
  options.spikes = values["spikes"].as<std::string>();
}

constexpr std::uint64_t kMost = 10000;

OptionGroup stimulus_options() {
  return {"Stimuli",
          {{"spikes", File{File::Use::kRead, "STREAM"},
            "encoded stimuli, for every spike_stream input; those marked as probes are not learnt from"},
           {"data", Text{"FOLDER"}, "of a preset's recordings: vowels, nmnist bring none"},
           {"passes", WholeNumber{1, kMost, "1"}, "over the stimuli to learn from, each in another order"},
           {"held-out", RealNumber{from(0), below(1), "0", "SHARE"},
            "of the stimuli, the last ones, that are probed with and not learnt from; 0: probe with all"},
           reset_option()}};
}

OptionGroup cell_options() {
  return {
      "Networks",
      {{"seeds", WholeNumber{2, kMost, "8"},
        "wirings, each with a network of every condition; 7 decide at the least"},
       {"conditions", Text{"LIST"},
        "separated by commas: neurons hom or het (M, H), STDP hom, het or none (M, H, U) or supervised by "
        "gradients, surrogate or event-exact (S, E), maybe delays hom or het (M, H); and floors and controls "
        "of STDP: .order, .jitter, .permuted, .gain; default: MM,MH,MU and those of MH (HM,HH,HU where "
        "neurons have a spread), or the preset's"},
       {"epochs", WholeNumber{1, 1'000'000, "30"},
        "of supervised training (S, E); the rest is as train has it"},
       {"rate", RealNumber{from(1e-12), up_to(1e6), "0.001"}, "of Adam in supervised training"},
       {"draws", WholeNumber{2, 100, "2"}, "of the constants of what is heterogeneous"},
       {"sweep", Text{"LIST"},
        "also these coefficients of variation of the learning constants, separated by commas"},
       {"curves", WholeNumber{0, 100, "0"},
        "also this many checkpoints between begin and end of the training"}}};
}

/// Those of a study are a list, the first of which decides.
OptionGroup layer_choice_options() {
  return {
      "Layers compared",
      {{"layers", Text{"LIST", "own,initial"},
        "separated by commas, the first decides: own: each network's by its trained weights; initial: of "
        "the weights before; shared: of the first of two networks; or a CSV file population,neuron,layer"},
       {"maps", Flag(), "also every layer with every other, within and between the conditions"}}};
}

OptionGroup score_options() {
  return {
      "Scores",
      {{"batch", WholeNumber{1, 1'000'000'000, "500"}, "stimuli per RTD trial"},
       {"permutations", WholeNumber{0, kMost, "20"}, "random orders of the rows, for the ceiling; 0: none"}}};
}

OptionGroup read_out_options() {
  return {
      "Read-outs",
      {{"read-outs", Text{"LIST", "count,trace,latency,bins"},
        "of the stimuli's labels, from all neurons: codes separated by commas (bins are eight), or none"},
       {"memory", WholeNumber{0, 1'000'000, "500"},
        "steps of 20 ms of a random signal at the end, for memory capacity and spike efficiency; 0: none"}}};
}

OptionGroup run_options() {
  return {"Run",
          {required({"out", Text{"FOLDER"}, "of the results; made when missing"}),
           {"threads", WholeNumber{0, 256, "0"}, "networks run side by side; 0: one per core"},
           shard_option(),
           {"collect", Flag(), "run no network; compare those that all shards have run"},
           {"dry-run", Flag(), "print the networks, what is finished, time and memory; run none"},
           {"quiet", Flag(), "print nothing but errors"}}};
}

}  // namespace

Usage study_usage() {
  Usage usage;
  usage.synopsis = "study SPEC|PRESET --out FOLDER [--spikes STREAM] [options]";
  usage.summary =
      "Does heterogeneous STDP represent the stimuli differently from homogeneous? For every seed all "
      "conditions of a network share wiring, initial weights, delays and stimuli; they learn, their weights "
      "are frozen, and they are probed with the stimuli once more. RTD compares the layers L1-L5, and an "
      "exact test within seeds decides for every layer: distinct, the same, or undecided (docs/study.md). "
      "PRESET is one of " +
      preset_list() +
      ". A study can be stopped and repeated: finished networks are not run again. Writes a stream per "
      "network, table.txt, study.json and CSV tables.";
  usage.examples =
      "  chronotope study digits --out build/digits\n"
      "  chronotope encode apps/examples/digits/recordings --order shuffled --out digits.spikes.pb\n"
      "  chronotope study apps/examples/digits/network.textproto --spikes digits.spikes.pb --out results\n"
      "  chronotope study digits --dry-run --conditions MM,MH,MH.order --sweep 0.1,0.4,1 --out sweep\n";
  usage.positional = {"SPEC"};
  usage.groups = {stimulus_options(), cell_options(),         network_options(),
                  code_options(),     layer_choice_options(), layering_options(),
                  score_options(),    read_out_options(),     run_options()};
  return usage;
}

StudyOptions read_study_options(const po::variables_map& values) {
  StudyOptions options;
  options.out = values["out"].as<std::string>();
  read_spec_name(values, options);
  options.request.wirings = whole_option(values, "seeds");
  options.request.draws = static_cast<std::uint32_t>(whole_option(values, "draws"));
  options.request.checkpoints = whole_option(values, "curves");
  if (values.count("sweep") != 0) options.request.cvs = cvs_of(values["sweep"].as<std::string>());
  if (values.count("conditions") != 0)
    options.request.conditions = conditions_of(values["conditions"].as<std::string>());
  options.teaching.passes = whole_option(values, "passes");
  options.teaching.resets = values["reset"].as<bool>();
  options.teaching.memory_steps = whole_option(values, "memory");
  options.teaching.supervision.epochs = static_cast<std::uint32_t>(whole_option(values, "epochs"));
  options.teaching.supervision.rate = values["rate"].as<double>();
  require(options.teaching.memory_steps == 0 || options.teaching.memory_steps >= 40, "memory",
          std::to_string(options.teaching.memory_steps), "must be 0 or at least 40");
  options.teaching.held_out = values["held-out"].as<double>();
  options.representation.activations = read_code_options(values);
  require(options.representation.activations.code != topology::RowCode::kPotential, "code", "potential",
          "a study writes no potentials");
  options.representation.layering = read_layering_options(values);
  read_layers(values["layers"].as<std::string>(), options);
  options.read_outs.codes = read_out_codes(values["read-outs"].as<std::string>());
  options.read_outs.tau = options.representation.activations.tau;
  options.maps = values["maps"].as<bool>();
  options.batch = whole_option(values, "batch");
  options.permutations = whole_option(values, "permutations");
  options.threads = whole_option(values, "threads");
  if (options.threads == 0) options.threads = std::max(1u, std::thread::hardware_concurrency());
  options.dry_run = values["dry-run"].as<bool>();
  options.quiet = values["quiet"].as<bool>();
  options.collect = values["collect"].as<bool>();
  if (!options.collect) options.shard = choose_shard(text_option(values, "shard"), options.quiet);
  require(!options.collect || !given(values, "shard"), "shard", text_option(values, "shard"),
          "not beside --collect");
  return options;
}

std::vector<Condition> default_conditions(const StudyOptions& options, bool heterogeneous_neurons) {
  if (!options.request.conditions.empty()) return options.request.conditions;
  if (options.preset) return conditions_of(options.preset->conditions);
  return conditions_of(heterogeneous_neurons ? "HM,HH,HU,HH.order,HH.jitter,HH.permuted,HH.gain"
                                             : "MM,MH,MU,MH.order,MH.jitter,MH.permuted,MH.gain");
}

}  // namespace chronotope::apps
