// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/sonata_config.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <memory>
#include <utility>

#include "chronotope/core/printable.hpp"
#include "chronotope/proto/json_value.hpp"

namespace chronotope::proto {
namespace {

namespace fs = std::filesystem;
using Kind = JsonValue::Kind;

/// A JSON file with its manifest.
class Config {
 public:
  explicit Config(const fs::path& path) : file_(path.string()), folder_(path.parent_path()) {
    manifest_["configdir"] = folder_.empty() ? "." : folder_.string();
    manifest_["workingdir"] = ".";
    const JsonValue* const manifest = file_.object(file_.root(), "manifest");
    if (manifest == nullptr) return;
    for (const auto& [name, value] : manifest->members) {
      if (value.kind != Kind::kText) file_.refuse(value, in_quotes(name) + " must be a text");
      own_[variable_name(name)] = &value;
    }
  }

  const JsonFile& file() const { return file_; }
  const JsonValue& root() const { return file_.root(); }

  /// The path that member `name` of an object tells; empty when there is none.
  fs::path path(const JsonValue& object, const std::string& name) const {
    const std::string text = file_.text(object, name);
    if (text.empty()) return {};
    const fs::path path = filled_in(text, *object.find(name), 0);
    return path.is_absolute() ? path : (folder_ / path).lexically_normal();
  }

 private:
  static bool is_name_letter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
  /// Without the sign and braces.
  static std::string variable_name(const std::string& written) {
    std::string name;
    std::copy_if(written.begin(), written.end(), std::back_inserter(name), is_name_letter);
    return name;
  }

  /// $NAME and ${NAME} replaced.
  std::string filled_in(const std::string& text, const JsonValue& value, int depth) const {
    constexpr int kDeepest = 20;
    if (depth > kDeepest) file_.refuse(value, in_quotes(text) + " leads round in the manifest");
    std::string all;
    for (std::size_t at = 0; at < text.size();) {
      if (text[at] != '$') {
        all += text[at++];
        continue;
      }
      std::size_t begin = ++at;
      const bool in_braces = begin < text.size() && text[begin] == '{';
      if (in_braces) ++begin;
      std::size_t end = begin;
      while (end < text.size() && is_name_letter(text[end])) ++end;
      all += variable(text.substr(begin, end - begin), value, depth);
      at = in_braces && end < text.size() && text[end] == '}' ? end + 1 : end;
    }
    return all;
  }
  std::string variable(const std::string& name, const JsonValue& value, int depth) const {
    if (const auto own = own_.find(name); own != own_.end())
      return filled_in(own->second->text, *own->second, depth + 1);
    const auto known = manifest_.find(name);
    if (known == manifest_.end()) file_.refuse(value, "no manifest defines " + in_quotes("$" + name));
    return fs::absolute(known->second).lexically_normal().string();
  }

  JsonFile file_;
  fs::path folder_;
  std::map<std::string, const JsonValue*> own_;
  std::map<std::string, std::string> manifest_;
};

class ConfigReader {
 public:
  SonataConfig read(const std::string& path) {
    take(path);
    read_inputs();
    return std::move(result_);
  }

 private:
  /// Each file once, though a simulation and what names both name the circuit.
  void take(const fs::path& path) {
    if (std::find(result_.files.begin(), result_.files.end(), path) != result_.files.end()) return;
    const Config& config = *configs_.emplace_back(std::make_unique<Config>(path));
    result_.files.push_back(path);
    const JsonValue& root = config.root();
    bool says_something = false;
    for (const char* other : {"network", "simulation"}) {
      const fs::path named = config.path(root, other);
      if (!named.empty()) take(named);
      says_something = says_something || !named.empty();
    }
    if (const JsonValue* const networks = config.file().object(root, "networks")) {
      read_tables(config, *networks, "nodes", result_.nodes);
      read_tables(config, *networks, "edges", result_.edges);
      says_something = true;
    }
    if (const JsonValue* const components = config.file().object(root, "components")) {
      result_.neuron_models = config.path(*components, "point_neuron_models_dir");
      result_.synapse_models = config.path(*components, "synaptic_models_dir");
    }
    read_simulation(config);
    if (!says_something)
      config.file().refuse(root, "is no SONATA configuration (has none of networks, network, simulation)");
  }

  static void read_tables(const Config& config, const JsonValue& networks, const std::string& what,
                          std::vector<SonataConfig::Table>& tables) {
    const JsonValue* const list = networks.find(what);
    if (list == nullptr) return;
    if (list->kind != Kind::kList) config.file().refuse(*list, in_quotes(what) + " must be a list");
    const std::string types = what.substr(0, what.size() - 1) + "_types_file";
    for (const JsonValue& item : list->items) {
      if (item.kind != Kind::kObject) config.file().refuse(item, "must be an object");
      const JsonValue* const enabled = item.find("enabled");
      if (enabled != nullptr && enabled->kind == Kind::kBoolean && !enabled->boolean) continue;
      tables.push_back({config.path(item, what + "_file"), config.path(item, types)});
      if (tables.back().file.empty()) config.file().refuse(item, "names no " + what + "_file");
    }
  }

  void read_simulation(const Config& config) {
    const JsonFile& file = config.file();
    const auto number = [&](const char* group, const char* name, std::optional<double>& to) {
      const JsonValue* const object = file.object(config.root(), group);
      if (object != nullptr && object->find(name) != nullptr) to = file.number(*object, name, 0);
    };
    number("conditions", "v_init", result_.v_init);
    number("run", "tstop", result_.tstop);
    if (const fs::path sets = config.path(config.root(), "node_sets_file"); !sets.empty()) {
      node_sets_ = std::make_unique<JsonFile>(sets.string());
      result_.files.push_back(sets);
    }
    if (const JsonValue* const inputs = file.object(config.root(), "inputs"))
      inputs_.emplace_back(&config, inputs);
  }

  void read_inputs() {
    for (const auto& [config, inputs] : inputs_)
      for (const auto& [name, value] : inputs->members) {
        const JsonFile& file = config->file();
        if (value.kind != Kind::kObject) file.refuse(value, in_quotes(name) + " must be an object");
        const JsonValue* const enabled = value.find("enabled");
        if (enabled != nullptr && enabled->kind == Kind::kBoolean && !enabled->boolean) continue;
        read_input(*config, name, value);
      }
  }
  void read_input(const Config& config, const std::string& name, const JsonValue& value) {
    const JsonFile& file = config.file();
    const std::string type = file.text(value, "input_type");
    const std::string module = file.text(value, "module");
    const auto require_module = [&](std::set<std::string> known, const char* names) {
      if (!known.contains(module))
        file.refuse(value, "input " + in_quotes(name) + ": module " + in_quotes(module) +
                               " can not be read (" + names + ")");
    };
    if (type == "spikes") {
      require_module({"h5", "sonata"}, "h5, sonata");
      SonataConfig::SpikeInput input{name, config.path(value, "input_file"),
                                     nodes_of(file, value, {"virtual"})};
      if (input.file.empty()) file.refuse(value, "input " + in_quotes(name) + " names no input_file");
      result_.inputs.push_back(std::move(input));
    } else if (type == "current_clamp") {
      require_module({"", "IClamp"}, "IClamp");
      result_.clamps.push_back(
          {name, steps_of(file, name, value), nodes_of(file, value, {"point_neuron", "point_process"})});
    } else {
      file.refuse(value, "input " + in_quotes(name) + ": input_type " + in_quotes(type) +
                             " has no counterpart (spikes and current_clamp can be read)");
    }
  }

  /// One number, or a list of them.
  static std::vector<double> numbers(const JsonFile& file, const JsonValue& object, const char* name) {
    const JsonValue* const value = object.find(name);
    if (value == nullptr) return {};
    std::vector<double> all;
    for (const JsonValue& one : value->kind == Kind::kList ? value->items : std::vector<JsonValue>{*value}) {
      if (one.kind != Kind::kNumber)
        file.refuse(one, in_quotes(name) + " must be a number, or a list of them");
      all.push_back(one.number);
    }
    return all;
  }
  static std::vector<SonataConfig::CurrentClamp::Step> steps_of(const JsonFile& file, const std::string& name,
                                                                const JsonValue& value) {
    const auto amps = numbers(file, value, "amp"), delays = numbers(file, value, "delay"),
               durations = numbers(file, value, "duration");
    if (amps.empty() || delays.size() != amps.size() ||
        (!durations.empty() && durations.size() != amps.size()))
      file.refuse(value,
                  "input " + in_quotes(name) + " must have as many delay and duration as amp, at least one");
    std::vector<SonataConfig::CurrentClamp::Step> steps;
    for (std::size_t k = 0; k < amps.size(); ++k) {
      if (!(delays[k] >= (k == 0 ? 0 : std::nextafter(delays[k - 1], HUGE_VAL))) ||
          (!durations.empty() && !(durations[k] > 0)))
        file.refuse(value, "input " + in_quotes(name) + ": delays must be >= 0 and ascend, durations be > 0");
      steps.push_back({delays[k], durations.empty() ? std::nullopt : std::optional(durations[k]), amps[k]});
    }
    return steps;
  }

  SonataConfig::NodeSet nodes_of(const JsonFile& file, const JsonValue& input,
                                 const std::set<std::string>& model_types) const {
    SonataConfig::NodeSet nodes;
    if (const JsonValue* const set = input.find("node_set")) add_set(file, *set, model_types, nodes, 0);
    return nodes;
  }
  /// A node set by its name or its contents.
  void add_set(const JsonFile& file, const JsonValue& set, const std::set<std::string>& model_types,
               SonataConfig::NodeSet& nodes, int depth) const {
    constexpr int kDeepest = 16;
    if (depth > kDeepest) file.refuse(set, "node sets name each other more than 16 deep");
    if (set.kind == Kind::kText) {
      const JsonValue* const named = node_sets_ ? node_sets_->root().find(set.text) : nullptr;
      if (named == nullptr && set.text == "all") return;
      if (named == nullptr) file.refuse(set, "there is no node set " + in_quotes(set.text));
      return add_set(*node_sets_, *named, model_types, nodes, depth + 1);
    }
    if (set.kind == Kind::kList) {
      for (const JsonValue& one : set.items) add_set(file, one, model_types, nodes, depth + 1);
      return;
    }
    if (set.kind != Kind::kObject) file.refuse(set, "must be a node set");
    for (const auto& [key, value] : set.members) add_condition(file, key, value, model_types, nodes);
  }
  static void add_condition(const JsonFile& file, const std::string& key, const JsonValue& value,
                            const std::set<std::string>& model_types, SonataConfig::NodeSet& nodes) {
    const std::vector<JsonValue> values =
        value.kind == Kind::kList ? value.items : std::vector<JsonValue>{value};
    for (const JsonValue& one : values) {
      if (key == "population" && one.kind == Kind::kText)
        nodes.populations.insert(one.text);
      else if (key == "node_id" && one.kind == Kind::kNumber && one.number >= 0 && one.number < 0x1p53 &&
               one.number == std::floor(one.number))
        nodes.nodes.insert(static_cast<std::uint64_t>(one.number));
      else if (key != "model_type" || one.kind != Kind::kText || !model_types.contains(one.text))
        file.refuse(one, "a node set by " + in_quotes(key) +
                             " of this value can not be read (population, node_id, model_type " +
                             *model_types.begin() + ")");
    }
  }

  SonataConfig result_;
  std::vector<std::unique_ptr<Config>> configs_;
  std::vector<std::pair<const Config*, const JsonValue*>> inputs_;
  std::unique_ptr<JsonFile> node_sets_;
};

}  // namespace

SonataConfig read_sonata_config(const std::string& path) { return ConfigReader().read(path); }

}  // namespace chronotope::proto
