// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/runs/fork.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "chronotope/apps/models/registry.hpp"
#include "chronotope/apps/runs/neuron_constants.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/proto/spec_codec.hpp"
#include "chronotope/proto/text_spec.hpp"

namespace chronotope::apps {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Path = std::vector<std::string>;

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// A field's value as text; empty when it is not there.
std::string text_of(const Message& message, const FieldDescriptor* field) {
  const auto* r = message.GetReflection();
  std::string all, one;
  if (!field->is_repeated()) {
    if (field->has_presence() && !r->HasField(message, field)) return "";
    google::protobuf::TextFormat::PrintFieldValueToString(message, field, -1, &one);
    return "=" + one;
  }
  for (int k = 0; k < r->FieldSize(message, field); ++k) {
    google::protobuf::TextFormat::PrintFieldValueToString(message, field, k, &one);
    all += "=" + one + "\n";
  }
  return all;
}

/// A constant and what is not there are of one kind.
bool is_of_the_same_kind(const Message& a, const Message& b, const FieldDescriptor* field) {
  if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE ||
      field->message_type() != Distribution::descriptor() || field->is_repeated())
    return true;
  const auto kind = [&](const Message& message) {
    const auto& d = static_cast<const Distribution&>(message.GetReflection()->GetMessage(message, field));
    return d.kind_case() == Distribution::KIND_NOT_SET ? Distribution::kConstant : d.kind_case();
  };
  return kind(a) == kind(b);
}

/// Calls differ(path, is_of_the_same_kind) for all fields of two messages that differ.
using Differ = std::function<void(const Path& path, bool same_kind)>;
void compare(const Message& a, const Message& b, Path& path, const Differ& differ) {
  const auto* descriptor = a.GetDescriptor();
  for (int f = 0; f < descriptor->field_count(); ++f) {
    const FieldDescriptor* field = descriptor->field(f);
    path.push_back(field->name());
    const bool descends = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_repeated() &&
                          field->message_type() != Distribution::descriptor() &&
                          a.GetReflection()->HasField(a, field) && b.GetReflection()->HasField(b, field);
    if (descends)
      compare(a.GetReflection()->GetMessage(a, field), b.GetReflection()->GetMessage(b, field), path, differ);
    else if (text_of(a, field) != text_of(b, field))
      differ(path, is_of_the_same_kind(a, b, field));
    path.pop_back();
  }
}

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw InputError("--resume: " + path + " can not change: " + why);
}

std::string joined(const std::string& part, const Path& path) {
  std::string text = part;
  for (const std::string& name : path) text += "." + name;
  return text;
}

/// Whether it is a constant that private trains are summed with.
bool check_population(const std::string& path, const Path& fields) {
  if (fields[0] == "name" || fields[0] == "size" || fields[0] == "grid")
    refuse(path, "the state is of these neurons");
  if (fields.size() != 2) refuse(path, "the state is of another model");
  if (fields[1] == "V_m") refuse(path, "it is the potential at time 0");
  const ConstantChange change = change_of_constant(fields[0], fields[1]);
  if (change == ConstantChange::kNever)
    refuse(path, "of " + fields[0] + " it is " + changeable_constants(fields[0]) + " that can");
  return change == ConstantChange::kUnlessDriven;
}

/// Receptors are numbered by their time constants.
void check_receptors(const std::string& path, const Population& parent, const Population& child) {
  if (parent.multi_receptor_lif().tau_syn_size() != child.multi_receptor_lif().tau_syn_size())
    refuse(path,
           "the state is of " + std::to_string(parent.multi_receptor_lif().tau_syn_size()) + " receptors");
}

void check_input(const std::string& path, const Path& fields) {
  if (fields[0] == "name" || fields[0] == "size") refuse(path, "the state is of these channels");
  if (is_one_of(fields[0], {"poisson", "regular", "inhomogeneous_poisson", "correlated_poisson"}) &&
      fields.size() == 1)
    refuse(
        path,
        "an input stays of its kind: poisson, regular, inhomogeneous_poisson, correlated_poisson, or a list");
}

/// Of a rule those that no trace in the state was made with.
bool is_constant_of_learning(std::string_view part, std::string_view name) {
  if (part == "short_term") return true;
  if (part == "scaling") return is_one_of(name, {"target_sum", "target_rate", "tau"});
  return is_one_of(part, {"pair_stdp", "triplet_stdp", "vogels_stdp"}) &&
         is_one_of(name, {"learn_until", "A_plus", "A_minus", "A2_plus", "A3_plus", "A2_minus", "A3_minus",
                          "eta", "target_rate", "w_max", "w_min", "w_max_distribution", "w_min_distribution",
                          "mu_plus", "mu_minus", "mu_plus_distribution", "mu_minus_distribution", "w_ref"});
}

/// Whether it is a static weight.
bool check_projection(const std::string& path, const Path& fields, const Projection& projection) {
  const bool is_plastic = projection.plasticity_case() != Projection::PLASTICITY_NOT_SET;
  if (fields[0] == "weight") {
    if (is_plastic) refuse(path, "the state holds the weights that were learnt");
    return true;
  }
  if (fields.size() != 2 || !is_constant_of_learning(fields[0], fields[1]))
    refuse(
        path,
        "of projections it is static weights, the amplitudes, bounds, powers and learn_until of rules, the "
        "targets of scaling, and constants of short_term that can");
  return false;
}

void require_as_many(int parent, int child, const std::string& parts) {
  if (parent != child)
    refuse(parts, "there were " + std::to_string(parent) + " and now are " + std::to_string(child));
}

}  // namespace

Fork::Fork(const NetworkSpec& parent, const NetworkSpec& child, const std::filesystem::path& folder)
    : child_(child) {
  require_as_many(parent.population_size(), child.population_size(), "population");
  require_as_many(parent.input_size(), child.input_size(), "input");
  require_as_many(parent.projection_size(), child.projection_size(), "projection");
  const auto compare_part = [&](const Message& a, const Message& b, const std::string& part, auto check) {
    Path path;
    compare(a, b, path, [&](const Path& fields, bool same_kind) {
      const std::string whole = joined(part, fields);
      check(whole, fields);
      if (!same_kind) refuse(whole, "it stays a constant, or drawn from a distribution of the same kind");
      changes_.push_back(whole);
    });
  };
  const auto add = [](std::vector<std::uint32_t>& numbers, int k) {
    const auto number = static_cast<std::uint32_t>(k);
    if (numbers.empty() || numbers.back() != number) numbers.push_back(number);
  };
  for (int k = 0; k < parent.population_size(); ++k)
    compare_part(parent.population(k), child.population(k), "population." + parent.population(k).name(),
                 [&](const std::string& path, const Path& fields) {
                   if (check_population(path, fields))
                     summed_.emplace_back(static_cast<std::uint32_t>(k), path);
                   check_receptors(path, parent.population(k), child.population(k));
                   add(populations_, k);
                 });
  for (int k = 0; k < parent.input_size(); ++k)
    compare_part(parent.input(k), child.input(k), "input." + parent.input(k).name(),
                 [&](const std::string& path, const Path& fields) {
                   check_input(path, fields);
                   add(inputs_, k);
                 });
  for (int k = 0; k < parent.projection_size(); ++k) {
    const Projection& projection = parent.projection(k);
    compare_part(projection, child.projection(k),
                 "projection." + projection.source() + "->" + projection.target(),
                 [&](const std::string& path, const Path& fields) {
                   if (check_projection(path, fields, projection)) add(weights_, k);
                 });
  }
  NetworkSpec rest_of_parent = parent, rest_of_child = child;
  for (NetworkSpec* rest : {&rest_of_parent, &rest_of_child}) {
    rest->clear_population();
    rest->clear_input();
    rest->clear_projection();
  }
  Path path;
  compare(rest_of_parent, rest_of_child, path, [](const Path& fields, bool) {
    if (fields[0] == "current")
      refuse("current", "a fork keeps the currents of its run; the I_e of populations can");
    refuse(joined(fields[0], Path(fields.begin() + 1, fields.end())), "what was drawn from it stays");
  });
  keep_parent(parent, folder);
}

void Fork::keep_parent(const NetworkSpec& parent, const std::filesystem::path& folder) {
  proto::SpecText text;
  text.folder = folder;
  *text.message.mutable_population() = parent.population();
  *text.message.mutable_current() = parent.current();
  text.message.set_seed(parent.seed());
  if (parent.has_seeds()) *text.message.mutable_seeds() = parent.seeds();
  std::vector<std::uint32_t> inputs;
  for (const std::uint32_t k : inputs_) {
    const Input& input = parent.input(static_cast<int>(k));
    if (!input.has_poisson()) continue;
    inputs.push_back(k);
    *text.message.add_input() = input;
  }
  if (populations_.empty() && inputs.empty()) return;
  const NetworkDescription network = proto::decode(text).network;
  for (std::size_t k = 0; k < inputs.size(); ++k)
    inputs_before_.emplace(inputs[k], events::make_stimulus(network.inputs[k], network.seed));
  before_.resize(network.populations.size());
  for (const std::uint32_t p : populations_) {
    const PopulationSpec& population = network.populations[p];
    const auto kinds = neuron_kinds();
    const auto kind = std::find_if(kinds.begin(), kinds.end(),
                                   [&](const NeuronKind& k) { return k.name == population.model.kind; });
    before_[p] = kind->populate(population, network.seeds.neurons, {0, population.size}, [] {});
  }
}

void Fork::add_inputs(const std::vector<std::uint32_t>& inputs) {
  for (const std::uint32_t k : inputs)
    if (std::find(inputs_.begin(), inputs_.end(), k) == inputs_.end()) {
      inputs_.push_back(k);
      changes_.push_back("input." + child_.input(static_cast<int>(k)).name() + " (its file)");
    }
}

events::Engine::Changes Fork::for_engine() const {
  events::Engine::Changes changes;
  for (const std::uint32_t k : inputs_) {
    changes.inputs.push_back({k});
    if (const auto before = inputs_before_.find(k); before != inputs_before_.end())
      changes.inputs.back().before = before->second;
  }
  for (const auto& neurons : before_) changes.neurons.push_back(neurons.get());
  return changes;
}

void Fork::require_queued(const events::Engine& engine) const {
  const auto is_private = [&](const std::string& source) {
    for (int k = 0; k < child_.input_size(); ++k)
      if (child_.input(k).name() == source) return engine.has_private_trains(static_cast<std::uint32_t>(k));
    return false;
  };
  const char* const kWhy = "its trains are fast and reach one neuron each, which has drawn them ahead";
  for (const auto& [population, path] : summed_)
    if (engine.is_driven(population))
      refuse(path, "its neurons draw fast Poisson trains, one each, which are summed with it");
  const auto was_private = [&](std::uint32_t k) {
    const auto before = inputs_before_.find(k);
    return before != inputs_before_.end() && engine.would_be_private(k, before->second);
  };
  for (const std::uint32_t k : inputs_)
    if (engine.has_private_trains(k) || was_private(k))
      refuse("input." + child_.input(static_cast<int>(k)).name(), kWhy);
  for (const std::uint32_t k : weights_) {
    const Projection& projection = child_.projection(static_cast<int>(k));
    if (is_private(projection.source()))
      refuse("projection." + projection.source() + "->" + projection.target() + ".weight", kWhy);
  }
}

void freeze(NetworkSpec& spec, Time t) {
  // The last number that is not after t: nothing happens between the two.
  double ms = t.to_ms();
  while (stated_duration(ms) > t - Time()) ms = std::nextafter(ms, 0.0);
  for (Projection& projection : *spec.mutable_projection()) {
    if (projection.has_pair_stdp()) projection.mutable_pair_stdp()->set_learn_until(ms);
    if (projection.has_triplet_stdp()) projection.mutable_triplet_stdp()->set_learn_until(ms);
    if (projection.has_vogels_stdp()) projection.mutable_vogels_stdp()->set_learn_until(ms);
  }
}

}  // namespace chronotope::apps
