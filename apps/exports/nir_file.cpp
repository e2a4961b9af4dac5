// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/exports/nir_file.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "chronotope/apps/exports/stream_network.hpp"
#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/models/registry.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/machine_memory.hpp"
#include "chronotope/core/network.hpp"
#include "chronotope/core/parameter_source.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/core/rule_name.hpp"
#include "chronotope/models/closed_forms/membrane.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace {

using proto::NirArray;
using proto::NirNode;

constexpr double kMsPerSecond = 1000;

double in_seconds(Duration duration) {
  const std::string text = to_text(duration) + "e-3";
  double seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return seconds;
}

/// How many of its bits behind the last 1 are 0.
int zeros_behind(double x) {
  return std::countr_zero(std::bit_cast<std::uint64_t>(x) | std::uint64_t{1} << 52);
}

/// What times `factor` is `product` to the last bit, if anything is; of several the roundest, as a number of single
/// precision that was multiplied is.
double quotient(double product, double factor) {
  const double nearest = product / factor;
  if (!std::isfinite(nearest)) return nearest;
  double best = nearest;
  for (const double x : {nearest, std::nextafter(nearest, -1e300), std::nextafter(nearest, 1e300)})
    if (x * factor == product && (best * factor != product || zeros_behind(x) > zeros_behind(best))) best = x;
  return best;
}

/// As in_seconds, of a constant [ms] that 1000 times the result must be again, if it can.
double constant_in_seconds(double ms) {
  const double nearest = ms / kMsPerSecond;
  return nearest * kMsPerSecond == ms ? nearest : quotient(ms, kMsPerSecond);
}

struct DrawnSynapse {
  std::uint32_t source = 0;
  std::uint32_t target = 0;
  Duration delay;
  double weight = 0;
};

std::vector<DrawnSynapse> synapses_of(const SynapseGroup& group) {
  std::vector<DrawnSynapse> all;
  const Connectivity& connectivity = group.connectivity();
  for_each_synapse(connectivity, [&](SynapseId s, SegmentId g) {
    all.push_back({index(connectivity.source(g)), index(connectivity.target(s)), connectivity.delay(g),
                   group.weight(s)});
  });
  return all;
}

/// The delay of each source, or target, where all its synapses have one; nothing when they differ.
std::optional<std::vector<Duration>> delays_by(const std::vector<DrawnSynapse>& synapses, std::uint32_t size,
                                               std::uint32_t DrawnSynapse::*end) {
  std::vector<std::optional<Duration>> found(size);
  for (const DrawnSynapse& synapse : synapses) {
    auto& delay = found[synapse.*end];
    if (delay && *delay != synapse.delay) return std::nullopt;
    delay = synapse.delay;
  }
  std::vector<Duration> delays;
  for (const auto& delay : found) delays.push_back(delay.value_or(Duration()));
  return delays;
}

NirArray list(std::vector<double> values) { return {{values.size()}, std::move(values)}; }

class NirExport {
 public:
  NirExport(const NetworkDescription& spec, Duration dt)
      : spec_(spec), dt_(dt), step_(in_seconds(dt)), network_(draw(spec)) {}

  NirNetwork run() {
    result_.graph.dt = step_;
    for (std::size_t p = 0; p < spec_.populations.size(); ++p) add_population(p);
    for (const InputSpec& input : spec_.inputs) {
      require_name(input.name, input.field);
      add({input.name, "Input", {{"shape", list({static_cast<double>(input.size)})}}});
      if (!std::holds_alternative<SpikeListSpec>(input.source) ||
          !std::get<SpikeListSpec>(input.source).spikes.empty())
        result_.notes.push_back("input " + input.name + ": its spikes are left out");
    }
    for (std::size_t k = 0; k < spec_.projections.size(); ++k) add_projection(k);
    for (std::size_t p = 0; p < spec_.populations.size(); ++p) finish_bias(p);
    add_outputs();
    return std::move(result_);
  }

 private:
  static Network draw(const NetworkDescription& spec) {
    require_memory(spec);
    return build_network(spec, neuron_kinds(), rule_kinds(), Interrupt::check);
  }

  std::size_t add(NirNode node) {
    const std::string base = node.name;
    for (int k = 2; !names_.insert(node.name).second; ++k) node.name = fmt::format("{}#{}", base, k);
    result_.graph.nodes.push_back(std::move(node));
    return result_.graph.nodes.size() - 1;
  }
  void connect(std::size_t from, std::size_t to) { result_.graph.edges.emplace_back(from, to); }
  static void require_name(const std::string& name, const Field& field) {
    if (name.find('/') != std::string::npos || name == ".")
      field.refuse(in_quotes(name), "a name in a NIR file holds no '/'");
  }

  /// A population as it is built up.
  struct Neurons {
    std::vector<double> bias;            // constant currents, as a node before it gives them
    std::vector<double> I_e;             // [pA]
    std::vector<double> jump;            // of what a pulse of 1 adds to
    std::optional<std::size_t> carrier;  // of the bias
  };

  ParameterSource parameters(std::size_t p, std::uint32_t i) const {
    const PopulationSpec& population = spec_.populations[p];
    return {population.model, spec_.seeds.neurons, population.name, i};
  }

  void add_population(std::size_t p) {
    const PopulationSpec& population = spec_.populations[p];
    require_name(population.name, population.field);
    if (population.size == 0) population.field.refuse("a size of 0", "a node in NIR has neurons");
    const std::string& kind = population.model.kind;
    NirNode node{population.name, ""};
    neurons_.emplace_back();
    if (kind == "exp_psc_lif" || kind == "multi_receptor_lif")
      make_cuba_lif(p, node);
    else if (kind == "delta_lif")
      make_lif(p, node);
    else if (kind == "linear_leak_lif")
      make_if(p, node);
    else
      population.model.field.refuse(
          kind,
          "has no counterpart in NIR; exp_psc_lif, delta_lif, linear_leak_lif and multi_receptor_lif with one "
          "receptor have");
    if (population.model.parameters.contains("V_m"))
      result_.notes.push_back("population " + population.name + ": the initial V_m is left out");
    if (!population.currents.empty())
      result_.notes.push_back("population " + population.name + ": currents that change are left out");
    add(std::move(node));
  }

  /// Adds number by number.
  static void push(NirNode& node, const std::string& name, double value) {
    NirArray& array = node.arrays[name];
    array.values.push_back(value);
    array.extents = {array.values.size()};
  }
  static void push_membrane(NirNode& node, const char* tau, const models::Membrane& m,
                            const ParameterSource& get) {
    require_no_pause(m.t_ref, get);
    push(node, tau, constant_in_seconds(m.tau_m));
    push(node, "r", m.resistance);
    push(node, "v_leak", m.E_L);
    push(node, "v_threshold", m.V_th);
    push(node, "v_reset", m.V_reset);
  }
  static void require_no_pause(Duration t_ref, const ParameterSource& get) {
    get.require(t_ref == Duration(), "t_ref", t_ref.ms(), "must be 0 in NIR, which has no refractory period");
  }

  /// The one time constant of the synapses of a neuron onto which weights of these signs lead.
  double tau_syn(std::size_t p, const ParameterSource& get) const {
    if (spec_.populations[p].model.kind == "multi_receptor_lif") {
      get.require(!get.has("tau_syn[1]"), "tau_syn[1]", 2, "NIR has one receptor");
      return get("tau_syn[0]", 5, kTimeConstant);
    }
    const double ex = get("tau_syn_ex", 5, kTimeConstant), in = get("tau_syn_in", 10, kTimeConstant);
    const auto [positive, negative] = signs_onto(p);
    if (!positive && negative) return in;
    get.require(ex == in || !negative, "tau_syn_in", in,
                "must be tau_syn_ex = " + to_string(ex) +
                    " ms: NIR has one time constant for weights of either sign");
    return ex;
  }
  /// Whether positive and negative weights lead onto a population.
  std::pair<bool, bool> signs_onto(std::size_t p) const {
    const auto known = signs_.find(p);
    if (known != signs_.end()) return known->second;
    std::pair<bool, bool> signs{false, false};
    for (const auto& group : network_.projections)
      if (group->target() == p)
        for (const DrawnSynapse& synapse : synapses_of(*group)) {
          signs.first = signs.first || synapse.weight > 0;
          signs.second = signs.second || synapse.weight < 0;
        }
    return signs_[p] = signs;
  }

  void make_cuba_lif(std::size_t p, NirNode& node) {
    node.type = "CubaLIF";
    for (std::uint32_t i = 0; i < spec_.populations[p].size; ++i) {
      const ParameterSource get = parameters(p, i);
      push_membrane(node, "tau_mem", models::read_membrane(get), get);
      const double seconds = constant_in_seconds(tau_syn(p, get)), w_in = seconds / step_;
      push(node, "tau_syn", seconds);
      push(node, "w_in", w_in);
      neurons_[p].jump.push_back(1);
      push_bias(p, get, w_in);
    }
  }
  void make_lif(std::size_t p, NirNode& node) {
    node.type = "LIF";
    for (std::uint32_t i = 0; i < spec_.populations[p].size; ++i) {
      const ParameterSource get = parameters(p, i);
      const models::Membrane m = models::read_membrane(get);
      push_membrane(node, "tau", m, get);
      neurons_[p].jump.push_back(m.resistance * step_ / constant_in_seconds(m.tau_m));
      push_bias(p, get, 1);
    }
  }
  void make_if(std::size_t p, NirNode& node) {
    node.type = "IF";
    const PopulationSpec& population = spec_.populations[p];
    const Field& field = population.model.field;
    for (std::uint32_t i = 0; i < population.size; ++i) {
      const ParameterSource get = parameters(p, i);
      const double leak = get("leak", 0.1, kNonNegative);
      if (leak != 0) (field / "leak").refuse(to_string(leak), "must be 0 in NIR");
      if (!get.chosen("floor", "NONE")) (field / "floor").refuse("AT_E_L", "must be NONE in NIR");
      if (get.chosen("reset", "SUBTRACT")) (field / "reset").refuse("SUBTRACT", "must be TO_V_RESET in NIR");
      require_no_pause(get.duration("t_ref", 2), get);
      const double r = kMsPerSecond / get("C_m", 250, kMembrane);  // dV/dt = I/C_m [mV/ms]
      push(node, "r", r);
      push(node, "v_threshold", get("V_th", -55, kFinite));
      push(node, "v_reset", get("V_reset", -70, kFinite));
      neurons_[p].jump.push_back(r * step_);
      push_bias(p, get, 1);
    }
  }
  void push_bias(std::size_t p, const ParameterSource& get, double factor) {
    const double I_e = get("I_e", 0, kFinite);
    neurons_[p].I_e.push_back(I_e);
    neurons_[p].bias.push_back(quotient(I_e, factor));
  }
  bool has_bias(std::size_t p) const {
    return std::any_of(neurons_[p].I_e.begin(), neurons_[p].I_e.end(), [](double I) { return I != 0; });
  }

  void add_projection(std::size_t k) {
    const ProjectionSpec& spec = spec_.projections[k];
    if (spec.rule.kind.starts_with(kShortTermPrefix))
      (spec.field / "short_term").refuse("short_term", "has no counterpart in NIR");
    if (is_plastic(spec.rule.kind))
      result_.notes.push_back("projection " + spec.name + ": its plasticity is left out");
    if (spec.target >= spec_.populations.size()) return;
    const auto synapses = synapses_of(*network_.projections[k]);
    const std::uint32_t sources = spec_.size_of(spec.source), targets = spec_.size_of(spec.target);
    const bool is_plain = std::all_of(synapses.begin(), synapses.end(),
                                      [&](const DrawnSynapse& synapse) { return synapse.delay == dt_; });
    if (is_plain) return add_way(k, synapses, {}, {});
    if (const auto of_sources = delays_by(synapses, sources, &DrawnSynapse::source))
      return add_way(k, synapses, *of_sources, {});
    if (const auto of_targets = delays_by(synapses, targets, &DrawnSynapse::target))
      return add_way(k, synapses, {}, *of_targets);
    std::map<Duration, std::vector<DrawnSynapse>> by_delay;
    for (const DrawnSynapse& synapse : synapses) by_delay[synapse.delay].push_back(synapse);
    constexpr std::size_t kMost = 64;
    if (by_delay.size() > kMost)
      (spec.field / "delay")
          .refuse(std::to_string(by_delay.size()) + " different delays",
                  "NIR has them by neuron: one for each source, one for each target, or 64 in all");
    for (const auto& [delay, some] : by_delay) add_way(k, some, std::vector<Duration>(sources, delay), {});
  }

  std::size_t add_delays(const std::string& name, const std::vector<Duration>& delays) {
    std::vector<double> seconds;
    for (const Duration delay : delays) seconds.push_back(in_seconds(delay));
    return add({name + ".delay", "Delay", {{"delay", list(std::move(seconds))}}});
  }

  /// Source, maybe delays, weights, maybe delays, target.
  void add_way(std::size_t k, const std::vector<DrawnSynapse>& synapses, const std::vector<Duration>& before,
               const std::vector<Duration>& behind) {
    const ProjectionSpec& spec = spec_.projections[k];
    const std::string name = fmt::format("{}->{}", end_name(spec.source), end_name(spec.target));
    std::size_t at = spec.source;
    if (!before.empty()) {
      const std::size_t delays = add_delays(name, before);
      connect(at, delays);
      at = delays;
    }
    const bool is_identity =
        spec_.size_of(spec.target) > 1 && network_.projections[k]->connectivity().is_identity(0);
    const std::size_t weights =
        is_identity ? add_scale(name, spec, synapses) : add_matrix(name, spec, synapses);
    connect(at, weights);
    at = weights;
    if (!behind.empty()) {
      const std::size_t delays = add_delays(name, behind);
      connect(at, delays);
      at = delays;
    }
    connect(at, spec.target);
  }
  const std::string& end_name(std::uint32_t end) const {
    const auto populations = static_cast<std::uint32_t>(spec_.populations.size());
    return end < populations ? spec_.populations[end].name : spec_.inputs[end - populations].name;
  }

  double weight_of(const ProjectionSpec& spec, const DrawnSynapse& synapse) const {
    return quotient(synapse.weight, neurons_[spec.target].jump[synapse.target]);
  }
  std::size_t add_scale(const std::string& name, const ProjectionSpec& spec,
                        const std::vector<DrawnSynapse>& synapses) {
    std::vector<double> scale(spec_.size_of(spec.target));
    for (const DrawnSynapse& synapse : synapses) scale[synapse.target] = weight_of(spec, synapse);
    return add({name, "Scale", {{"scale", list(std::move(scale))}}});
  }
  std::size_t add_matrix(const std::string& name, const ProjectionSpec& spec,
                         const std::vector<DrawnSynapse>& synapses) {
    const std::uint64_t rows = spec_.size_of(spec.target), columns = spec_.size_of(spec.source);
    matrices_ += static_cast<double>(rows) * static_cast<double>(columns) * sizeof(double);
    require_memory(2 * matrices_, "weight matrices of the projections up to " + spec.name);
    NirArray weight{{rows, columns}, std::vector<double>(rows * columns)};
    for (const DrawnSynapse& synapse : synapses)
      weight.values[synapse.target * columns + synapse.source] += weight_of(spec, synapse);
    const std::size_t node = add({name, "Linear", {{"weight", std::move(weight)}}});
    auto& carrier = neurons_[spec.target].carrier;
    if (!carrier) carrier = node;
    return node;
  }

  /// Into the first matrix before the population, or where there is none into the potential that it leaks to.
  void finish_bias(std::size_t p) {
    if (!has_bias(p)) return;
    const Neurons& neurons = neurons_[p];
    if (neurons.carrier) {
      NirNode& node = result_.graph.nodes[*neurons.carrier];
      node.type = "Affine";
      node.arrays["bias"] = list(neurons.bias);
      return;
    }
    NirNode& node = result_.graph.nodes[p];
    if (!node.has("v_leak"))
      (spec_.populations[p].model.field / "I_e")
          .refuse("a current", "an IF takes it from a projection, and none leads to it");
    for (std::size_t i = 0; i < neurons.I_e.size(); ++i)
      node.arrays["v_leak"].values[i] += node.arrays["r"].values[i] * neurons.I_e[i];
    result_.notes.push_back("population " + spec_.populations[p].name + ": I_e is part of v_leak");
  }

  void add_outputs() {
    std::vector<bool> leads_on(spec_.populations.size(), false);
    for (const ProjectionSpec& projection : spec_.projections)
      if (projection.source < leads_on.size() && projection.source != projection.target)
        leads_on[projection.source] = true;
    if (std::all_of(leads_on.begin(), leads_on.end(), [](bool leads) { return leads; }))
      leads_on.back() = false;
    for (std::size_t p = 0; p < leads_on.size(); ++p)
      if (!leads_on[p])
        connect(
            p,
            add({"output", "Output", {{"shape", list({static_cast<double>(spec_.populations[p].size)})}}}));
  }

  const NetworkDescription& spec_;
  Duration dt_;
  double step_;  // [s]
  Network network_;
  NirNetwork result_{};
  std::set<std::string> names_;
  std::vector<Neurons> neurons_;  // by population
  mutable std::map<std::size_t, std::pair<bool, bool>> signs_;
  double matrices_ = 0;  // [bytes]
};

/// Its synapses one by one, with weights and delays.
void list_synapses(const StreamNetwork::Projection& from, Projection& to) {
  for (auto* clear : {"weight", "delay", "dendritic_delay", "dendritic_fraction", "symmetric"})
    to.GetReflection()->ClearField(&to, to.GetDescriptor()->FindFieldByName(clear));
  to.clear_wiring();
  to.clear_synapses();
  if (from.from.empty()) {  // an empty list is no wiring
    to.mutable_fixed_indegree()->set_indegree(0);
    to.mutable_weight()->set_constant(0);
    to.mutable_delay()->set_constant(1);
    return;
  }
  for (std::size_t s = 0; s < from.from.size(); ++s) {
    Synapse& synapse = *to.add_synapses();
    synapse.set_source(from.from[s]);
    synapse.set_target(from.to[s]);
    synapse.set_delay(from.delay[s].ms());
    synapse.set_weight(from.weight[s]);
  }
}

/// Its file need not be there any more, and that there is a current is all that a graph's notes say.
void forget_table(StepCurrent& current) {
  if (current.path().empty()) return;
  current.clear_path();
  current.add_times(0);
  current.add_amplitudes(0);
}

}  // namespace

NirNetwork to_nir(const NetworkDescription& spec, Duration dt) { return NirExport(spec, dt).run(); }

void read_stream_network(const std::string& path, bool first, proto::SpecText& spec) {
  proto::FrameReader frames(path);
  if (!frames.header().has_spec())
    throw InputError(frames.name() + ": holds spikes of no network (simulate --out writes one)");
  spec.name = frames.name();
  spec.message = frames.header().spec();
  const StreamNetwork network(frames, first);
  spec.message.clear_reward();
  spec.message.clear_recorder();
  for (StepCurrent& current : *spec.message.mutable_current()) forget_table(current);
  for (Input& input : *spec.message.mutable_input()) {
    input.clear_source();
    input.clear_spike_times();
  }
  for (Population& population : *spec.message.mutable_population()) {
    population.clear_grid();
    population.clear_positions();
  }
  for (int k = 0; k < spec.message.projection_size(); ++k) {
    Projection& projection = *spec.message.mutable_projection(k);
    projection.clear_plasticity();
    projection.clear_modulation();
    projection.clear_scaling();
    if (const auto found = network.projections().find(static_cast<std::uint32_t>(k));
        found != network.projections().end())
      list_synapses(found->second, projection);
  }
}

}  // namespace chronotope::apps
