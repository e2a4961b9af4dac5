// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/imports/sonata_import.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "chronotope/apps/imports/nest_model.hpp"
#include "chronotope/apps/interrupt.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/delay_range.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/near_names.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/formats/npy.hpp"
#include "chronotope/proto/formats/sonata_config.hpp"
#include "chronotope/proto/formats/sonata_spikes.hpp"
#include "chronotope/proto/formats/sonata_table.hpp"
#include "chronotope/proto/json_value.hpp"

namespace chronotope::apps {
namespace {

namespace fs = std::filesystem;
using proto::Hdf5File;
using proto::JsonValue;
using proto::SonataConfig;
using proto::SonataTable;
using proto::SonataTypes;

constexpr double kNestDelay = 1;  // [ms]

/// The JSON files of parameters that types name, each read once.
class ParameterFiles {
 public:
  explicit ParameterFiles(std::vector<fs::path>& files_read) : files_read_(files_read) {}

  /// The one a type names in its column dynamics_params, in `folder`; null when it names none.
  const proto::JsonFile* of(const SonataTypes& types, std::uint64_t type, const std::string& what,
                            const fs::path& folder, const char* folder_name) {
    const auto cell = types.cell(type, "dynamics_params");
    if (!cell) return nullptr;
    const std::string who =
        fmt::format("{}: {} type {}: dynamics_params {}", types.name(), what, type, *cell);
    if (folder.empty() && !fs::path(*cell).is_absolute())
      throw InputError(printable(who) + ": the configuration names no " + folder_name);
    const fs::path path = folder / *cell;
    auto& file = files_[path];
    if (file) return file.get();
    std::error_code unknown;
    if (!fs::exists(path, unknown)) throw InputError(printable(who + ": there is no file " + path.string()));
    file = std::make_unique<proto::JsonFile>(path.string());
    files_read_.push_back(path);
    return file.get();
  }

 private:
  std::vector<fs::path>& files_read_;
  std::map<fs::path, std::unique_ptr<proto::JsonFile>> files_;
};

/// A number, or true for 1 and false for 0.
double number_of(const proto::JsonFile& file, const std::string& name, const JsonValue& value) {
  if (value.kind == JsonValue::Kind::kBoolean) return value.boolean ? 1 : 0;
  if (value.kind != JsonValue::Kind::kNumber) file.refuse(value, in_quotes(name) + " must be a number");
  return value.number;
}

/// The nodes of one population, as populations and inputs need them.
struct Nodes {
  std::string name;
  std::size_t size = 0;
  bool is_virtual = false;
  std::unordered_map<std::uint64_t, std::uint32_t> place_of;  // by node_id

  std::optional<std::uint32_t> place(std::uint64_t id) const {
    const auto found = place_of.find(id);
    return found == place_of.end() ? std::nullopt : std::optional(found->second);
  }
};

class SonataImport {
 public:
  SonataImport(const std::string& path, ImportedNetwork& network)
      : config_(proto::read_sonata_config(path)),
        path_(path),
        network_(network),
        parameters_(network.files_read) {
    network_.files_read = config_.files;
  }

  void run() {
    for (const auto& table : config_.nodes) {
      read_nodes(table);
      finish(table.file);
    }
    if (nodes_.empty()) throw InputError(path_ + ": networks: names no nodes");
    for (const auto& table : config_.edges) {
      read_edges(table);
      finish(table.file);
    }
    for (const auto& input : config_.inputs) {
      read_input(input);
      finish(input.file);
    }
    for (const auto& [name, spikes] : spikes_) write_input(name, spikes);
    for (const auto& clamp : config_.clamps) add_clamp(clamp);
    if (network_.spec.population_size() == 0) throw InputError(path_ + ": networks: has no point neurons");
    if (config_.tstop)
      network_.notes.push_back(fmt::format("the simulation runs until {} ms", to_string(*config_.tstop)));
  }

 private:
  /// A file was read.
  void finish(const fs::path& file) {
    ++finished_;
    tell(0, file.filename().string());
  }
  /// How far a file is read, beside those that were.
  void tell(double share, const std::string& what) const {
    network_.on_progress(
        finished_ + share,
        static_cast<double>(config_.nodes.size() + config_.edges.size() + config_.inputs.size()), what);
  }

  SonataTypes types_of(const SonataConfig::Table& table, const std::string& what) {
    if (table.types.empty()) return {};
    network_.files_read.push_back(table.types);
    return {table.types, what};
  }

  void read_nodes(const SonataConfig::Table& table) {
    const SonataTypes types = types_of(table, "node");
    const Hdf5File file(table.file.string());
    network_.files_read.push_back(table.file);
    for (const std::string& name : file.names("/nodes")) {
      const std::string path = "/nodes/" + name;
      if (nodes_.contains(name)) file.refuse(path, "a population of this name stands in two files");
      if (!is_population_name(name))
        file.refuse(path, "its name holds a comma, a quote or what can not be printed");
      const SonataTable rows(file, types, path, "node");
      if (rows.size() > std::numeric_limits<std::uint32_t>::max())
        file.refuse(path, "has more than 2^32 nodes");
      add_nodes(name, rows);
    }
  }

  void add_nodes(const std::string& name, const SonataTable& rows) {
    Nodes& nodes = nodes_[name];
    nodes.name = name;
    nodes.size = rows.size();
    number_nodes(rows, nodes);
    if (rows.size() == 0) rows.file().refuse(rows.path(), "has no nodes");
    const auto types = rows.texts("model_type");
    nodes.is_virtual = types[0] == "virtual";
    for (std::size_t k = 0; k < types.size(); ++k)
      if (const std::string type = types[k].value_or("");
          type != (nodes.is_virtual ? "virtual" : "point_neuron") &&
          (nodes.is_virtual || type != "point_process"))
        rows.refuse(k, "has the model_type " + in_quotes(type) +
                           " (point_neuron, point_process or virtual can be read, one kind in a population)");
    if (nodes.is_virtual) {
      Input& input = *network_.spec.add_input();
      input.set_name(name);
      input.set_size(static_cast<std::uint32_t>(nodes.size));
      return;
    }
    Population& population = *network_.spec.add_population();
    population.set_name(name);
    population.set_size(static_cast<std::uint32_t>(nodes.size));
    add_positions(rows, population);
    add_parameters(rows, model_of(rows), population);
  }

  static void number_nodes(const SonataTable& rows, Nodes& nodes) {
    const std::string data = rows.path() + "/node_id";
    std::vector<std::uint64_t> ids;
    if (rows.file().has(data))
      ids = rows.file().indices(data);
    else
      for (std::size_t k = 0; k < rows.size(); ++k) ids.push_back(k);
    if (ids.size() != rows.size())
      rows.file().refuse(data, fmt::format("holds {} numbers for {} nodes", ids.size(), rows.size()));
    for (std::size_t k = 0; k < ids.size(); ++k)
      if (!nodes.place_of.emplace(ids[k], static_cast<std::uint32_t>(k)).second)
        rows.file().refuse(data, fmt::format("the id {} stands twice", ids[k]));
  }

  /// The one model of a population.
  const NestModel& model_of(const SonataTable& rows) const {
    const auto templates = rows.texts("model_template");
    const std::string name = templates[0].value_or("");
    for (std::size_t k = 0; k < templates.size(); ++k)
      if (templates[k] != templates[0])
        rows.refuse(k, fmt::format("has the model_template {}, the first one {}; a population has one",
                                   in_quotes(templates[k].value_or("")), in_quotes(name)));
    const std::string prefix = "nest:";
    const NestModel* const model = nest_model(name.starts_with(prefix) ? name.substr(prefix.size()) : name);
    if (model != nullptr) return *model;
    std::string known;
    for (const std::string& other : nest_model_names()) known += " " + prefix + other;
    rows.refuse(0, "has the model_template " + in_quotes(name) +
                       ", which has no counterpart (must be one of" + known + ")");
  }

  static void require_parameter(const NestModel& model, const std::string& name,
                                const std::function<void(const std::string&)>& refuse) {
    if (model.defaults.contains(name)) return;
    std::vector<std::string> names;
    for (const auto& [known, value] : model.defaults) names.push_back(known);
    refuse("parameter " + in_quotes(name) + " has no counterpart in " + model.field + " (" +
           suggest(name, names) + ")");
  }

  /// Every parameter of the model, from the least to the most specific place.
  void add_parameters(const SonataTable& rows, const NestModel& model, Population& population) {
    std::map<std::string, std::vector<double>> values;
    for (const auto& [name, fallback] : model.defaults)
      values[name].assign(rows.size(), name == "V_m" ? config_.v_init.value_or(fallback) : fallback);
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const auto* const file = parameters_.of(rows.types(), rows.type(k), "node", config_.neuron_models,
                                              "point_neuron_models_dir");
      if (file == nullptr) continue;
      for (const auto& [name, value] : file->root().members) {
        require_parameter(model, name, [&, &at = value](const std::string& what) { file->refuse(at, what); });
        values[name][k] = number_of(*file, name, value);
      }
    }
    for (const std::string& name : rows.parameters()) {
      require_parameter(model, name, [&](const std::string& what) { rows.file().refuse(rows.path(), what); });
      const auto own = rows.group_numbers("dynamics_params/" + name);
      for (std::size_t k = 0; k < rows.size(); ++k)
        if (own[k]) values[name][k] = *own[k];
    }
    if (const auto mixed = values.find("refractory_input"); mixed != values.end())
      for (std::size_t k = 0; k < rows.size(); ++k)
        if (mixed->second[k] != mixed->second[0])
          rows.refuse(k, "has another refractory_input than the first one; a population has one");
    set_model(model, values, population);
  }

  void add_positions(const SonataTable& rows, Population& population) {
    const std::array<std::vector<std::optional<double>>, 3> axes{
        rows.group_numbers("x"), rows.group_numbers("y"), rows.group_numbers("z")};
    proto::Matrix places{rows.size(), axes.size(), {}};
    for (std::size_t k = 0; k < rows.size(); ++k)
      for (const auto& axis : axes) {
        if (!axis[k]) return;
        places.values.push_back(*axis[k]);
      }
    population.mutable_positions()->set_path(network_.add_table("positions", proto::to_npy(places)));
  }

  void read_edges(const SonataConfig::Table& table) {
    const SonataTypes types = types_of(table, "edge");
    const Hdf5File file(table.file.string());
    network_.files_read.push_back(table.file);
    for (const std::string& name : file.names("/edges"))
      add_edges(SonataTable(file, types, "/edges/" + name, "edge"));
  }

  const Nodes& end_of(const SonataTable& rows, const std::string& data) const {
    const auto name = rows.file().text_attribute(data, "node_population");
    if (!name) rows.file().refuse(data, "has no attribute node_population");
    const auto nodes = nodes_.find(*name);
    if (nodes == nodes_.end())
      rows.file().refuse(data, "is of the population " + in_quotes(*name) + ", which no nodes_file has");
    return nodes->second;
  }
  /// The places of nodes by their ids.
  static std::vector<std::uint32_t> places_of(const SonataTable& rows, const std::string& data,
                                              const Nodes& nodes) {
    const auto ids = rows.file().indices(data);
    if (ids.size() != rows.size())
      rows.file().refuse(data, fmt::format("holds {} numbers for {} edges", ids.size(), rows.size()));
    std::vector<std::uint32_t> places;
    places.reserve(ids.size());
    for (std::size_t k = 0; k < ids.size(); ++k) {
      const auto place = nodes.place(ids[k]);
      if (!place)
        rows.file().refuse(data,
                           fmt::format("edge {} (from 0): {} is no node_id of {}", k, ids[k], nodes.name));
      places.push_back(*place);
    }
    return places;
  }

  void add_edges(const SonataTable& rows) {
    const std::string from = rows.path() + "/source_node_id", to = rows.path() + "/target_node_id";
    const Nodes& source = end_of(rows, from);
    const Nodes& target = end_of(rows, to);
    if (target.is_virtual)
      rows.file().refuse(to, "is of the population " + in_quotes(target.name) + ", whose nodes are virtual");
    const auto sources = places_of(rows, from, source), targets = places_of(rows, to, target);
    if (rows.size() == 0) return;
    require_static(rows);
    const auto weights = weights_of(rows), delays = delays_of(rows);
    std::vector<SynapseRow> synapses(rows.size());
    for (std::size_t k = 0; k < rows.size(); ++k)
      synapses[k] = {sources[k], targets[k], weights[k], stated_duration(delays[k])};
    network_.add_projection(source.name, target.name, synapses);
  }

  static void require_static(const SonataTable& rows) {
    const auto templates = rows.texts("model_template");
    const auto functions = rows.texts("weight_function");
    const std::set<std::string> plain{"", "static_synapse", "nest:static_synapse"};
    const std::set<std::string> as_they_are{"", "default_weight_fnc", "set_syn_weight", "wmax"};  // BMTK's
    for (std::size_t k = 0; k < rows.size(); ++k) {
      if (const std::string model = templates[k].value_or(""); !plain.contains(model))
        rows.refuse(k, "has the model_template " + in_quotes(model) +
                           ", which has no counterpart (static_synapse can be read)");
      if (const std::string function = functions[k].value_or(""); !as_they_are.contains(function))
        rows.refuse(
            k, "has the weight_function " + in_quotes(function) + ", which is a program's, not the file's");
    }
  }

  /// What a type's JSON file says of a value.
  std::optional<double> of_type(const SonataTable& rows, std::size_t k, const std::string& name) {
    const auto* const file =
        parameters_.of(rows.types(), rows.type(k), "edge", config_.synapse_models, "synaptic_models_dir");
    if (file == nullptr) return std::nullopt;
    for (const auto& [other, value] : file->root().members)
      if (other != "weight" && other != "delay" &&
          (other != "receptor_type" || number_of(*file, other, value) != 0))
        file->refuse(value, "parameter " + in_quotes(other) +
                                " has no counterpart (weight, delay and receptor_type 0 can be read)");
    const JsonValue* const value = file->root().find(name);
    return value == nullptr ? std::nullopt : std::optional(number_of(*file, name, *value));
  }

  /// An attribute of edges, or what their types' JSON files say instead.
  std::vector<std::optional<double>> numbers_of(const SonataTable& rows, const std::string& attribute,
                                                const std::string& parameter) {
    auto all = rows.numbers(attribute);
    std::map<std::uint64_t, std::optional<double>> known;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const auto [found, is_new] = known.try_emplace(rows.type(k));
      if (is_new) found->second = of_type(rows, k, parameter);
      if (!all[k]) all[k] = found->second;
    }
    return all;
  }

  std::vector<double> weights_of(const SonataTable& rows) {
    const auto weights = numbers_of(rows, "syn_weight", "weight");
    const auto numbers = rows.numbers("nsyns");
    std::vector<double> all;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      if (k % 65536 == 0) {
        Interrupt::check();
        tell(0.5 + 0.5 * static_cast<double>(k) / static_cast<double>(rows.size()), rows.path());
      }
      if (!weights[k]) rows.refuse(k, "has no syn_weight, nor has its type");
      all.push_back(*weights[k] * numbers[k].value_or(1));
      if (!kFinite.holds(all.back()))
        rows.refuse(
            k, "has a weight of " + to_string(all.back()) + ", which is not allowed (" + kFinite.text + ")");
    }
    return all;
  }

  std::vector<double> delays_of(const SonataTable& rows) {
    const auto delays = numbers_of(rows, "delay", "delay");
    std::vector<double> all;
    std::uint64_t without = 0;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      without += delays[k] ? 0 : 1;
      all.push_back(delays[k].value_or(kNestDelay));
      if (!kDelay.holds(all.back()))
        rows.refuse(
            k, "has a delay of " + to_string(all.back()) + ", which is not allowed (" + kDelay.text + ")");
    }
    if (without > 0)
      network_.notes.push_back(
          fmt::format("{}: {} edges have no delay and take 1 ms, NEST's default", rows.path(), without));
    return all;
  }

  void read_input(const SonataConfig::SpikeInput& input) {
    const Hdf5File file(input.file.string());
    network_.files_read.push_back(input.file);
    const auto populations = proto::read_sonata_spikes(file);
    bool is_used = false;
    for (const auto& [name, nodes] : nodes_) {
      if (!nodes.is_virtual || (!input.nodes.populations.empty() && !input.nodes.populations.contains(name)))
        continue;
      for (const proto::SonataPopulation& population : populations)
        if (population.name.empty() || population.name == name) {
          take_spikes(file, input, nodes, population);
          is_used = true;
        }
    }
    if (!is_used)
      file.refuse("/spikes",
                  "input " + in_quotes(input.name) + ": holds spikes of no virtual population that it names");
  }
  void take_spikes(const Hdf5File& file, const SonataConfig::SpikeInput& input, const Nodes& nodes,
                   const proto::SonataPopulation& population) {
    auto& all = spikes_[nodes.name];
    for (const proto::NodeSpike& spike : population.spikes) {
      if (!input.nodes.nodes.empty() && !input.nodes.nodes.contains(spike.node)) continue;
      const auto place = nodes.place(spike.node);
      if (!place) file.refuse("/spikes", fmt::format("{} is no node_id of {}", spike.node, nodes.name));
      all.push_back({spike.time, *place});
    }
  }
  void write_input(const std::string& name, std::vector<ChannelSpike> spikes) {
    std::sort(spikes.begin(), spikes.end());
    std::string table = "time_ms,channel\n";
    for (const ChannelSpike& spike : spikes)
      table += fmt::format("{},{}\n", to_text(spike.time), spike.channel);
    for (Input& input : *network_.spec.mutable_input())
      if (input.name() == name) input.mutable_csv()->set_path(network_.add_table("spikes", std::move(table)));
  }

  /// A current into each population that has nodes of it.
  void add_clamp(const SonataConfig::CurrentClamp& clamp) {
    const auto refuse = [&](const std::string& what) {
      throw InputError(printable(path_ + ": input " + clamp.name + ": " + what));
    };
    if (!is_population_name(clamp.name)) refuse("its name holds a comma, a quote or what can not be printed");
    std::set<std::uint64_t> without = clamp.nodes.nodes;
    std::vector<StepCurrent*> currents;
    for (const auto& [name, nodes] : nodes_) {
      if (nodes.is_virtual || (!clamp.nodes.populations.empty() && !clamp.nodes.populations.contains(name)))
        continue;
      std::set<std::uint32_t> places;
      for (const std::uint64_t id : clamp.nodes.nodes)
        if (const auto place = nodes.place(id)) {
          places.insert(*place);
          without.erase(id);
        }
      if (places.empty() && !clamp.nodes.nodes.empty()) continue;
      StepCurrent& current = *network_.spec.add_current();
      current.set_population(name);
      current.set_neurons(neuron_list(places));
      add_steps(clamp, current);
      currents.push_back(&current);
    }
    if (!without.empty()) refuse(fmt::format("{} is no node_id of its populations", *without.begin()));
    if (currents.empty()) refuse("goes into no population of point neurons");
    for (StepCurrent* const current : currents)
      current->set_name(currents.size() == 1 ? clamp.name : clamp.name + " into " + current->population());
  }
  /// "0-3,7".
  static std::string neuron_list(const std::set<std::uint32_t>& places) {
    std::string text;
    for (auto first = places.begin(); first != places.end();) {
      auto last = first;
      while (std::next(last) != places.end() && *std::next(last) == *last + 1) ++last;
      text += (text.empty() ? "" : ",") + std::to_string(*first);
      if (last != first) text += "-" + std::to_string(*last);
      first = std::next(last);
    }
    return text;
  }
  /// Each is over when it has lasted as long as it is to, or when the next one begins.
  static void add_steps(const SonataConfig::CurrentClamp& clamp, StepCurrent& current) {
    const auto add = [&](double time, double amplitude) {
      current.add_times(time);
      current.add_amplitudes(amplitude);
    };
    for (std::size_t k = 0; k < clamp.steps.size(); ++k) {
      const auto& step = clamp.steps[k];
      add(step.delay, step.amp);
      if (!step.duration) continue;
      const double end = (stated_time(step.delay) + stated_duration(*step.duration)).to_ms();
      if (k + 1 == clamp.steps.size() || end < clamp.steps[k + 1].delay) add(end, 0);
    }
  }

  SonataConfig config_;
  std::string path_;
  ImportedNetwork& network_;
  ParameterFiles parameters_;
  double finished_ = 0;  // files
  std::map<std::string, Nodes> nodes_;
  std::map<std::string, std::vector<ChannelSpike>> spikes_;  // by input
};

}  // namespace

void import_sonata(const std::string& config, ImportedNetwork& network) {
  SonataImport(config, network).run();
}

}  // namespace chronotope::apps
