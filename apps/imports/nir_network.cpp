// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/imports/nir_network.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

#include "chronotope/apps/imports/nir_signal.hpp"
#include "chronotope/apps/interrupt.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace {

using proto::NirGraph;
using proto::NirNode;

constexpr double kMsPerSecond = 1000;
constexpr double kOhms = 1000;  // MOhm to mV/pA

/// What the values of an array may be.
struct ValueRange {
  double least;
  double most;
  const char* text;
};
constexpr ValueRange kSeconds{1e-6, 1e6, "must be from 1e-6 to 1e6 s"};
constexpr ValueRange kResistance{1e-6, 1e6, "must be from 1e-6 to 1e6"};
constexpr ValueRange kAny{-1e9, 1e9, "must be from -1e9 to 1e9"};

/// But for roundings.
bool is_one(double x) { return std::abs(x - 1) <= 4 * std::numeric_limits<double>::epsilon(); }
bool are_near(double a, double b) { return std::abs(a - b) <= 1e-6 * std::abs(b); }

std::vector<double> scaled(std::vector<double> values, double factor) {
  for (double& v : values) v *= factor;
  return values;
}

class NirImport {
 public:
  NirImport(const NirGraph& graph, const NirReading& reading, ImportedNetwork& network)
      : graph_(graph), reading_(reading), network_(network), signals_(graph) {}

  void run() {
    check_names();
    find_step();
    for (std::size_t n = 0; n < graph_.nodes.size(); ++n)
      if (graph_.nodes[n].type == "Input") add_input(n);
    for (std::size_t n = 0; n < graph_.nodes.size(); ++n) {
      network_.on_progress(static_cast<double>(n), static_cast<double>(graph_.nodes.size()),
                           graph_.nodes[n].name);
      if (is_neuron(graph_.nodes[n])) add_neurons(n);
    }
    if (network_.spec.population_size() == 0)
      throw InputError(graph_.file + ":/node/nodes: holds no LIF, CubaLIF or IF");
    tell();
  }

 private:
  void check_names() const {
    for (const NirNode& node : graph_.nodes)
      if ((is_neuron(node) || node.type == "Input") && !is_population_name(node.name))
        graph_.refuse(node, "", "its name holds a comma, a quote or what can not be printed");
  }

  /// One number for each of n neurons.
  std::vector<double> values(const NirNode& node, const std::string& name, std::size_t n,
                             const ValueRange& range, double fallback = 0) const {
    if (!node.has(name)) return std::vector<double>(n, fallback);
    std::vector<double> all = node.arrays.at(name).values;
    if (all.size() == 1) all.assign(n, all.front());
    if (all.size() != n)
      graph_.refuse(node, name, fmt::format("holds {} numbers for {} neurons", all.size(), n));
    for (std::size_t i = 0; i < n; ++i)
      if (!(all[i] >= range.least && all[i] <= range.most))
        graph_.refuse(node, name,
                      fmt::format("neuron {}: {} is not allowed ({})", i, to_string(all[i]), range.text));
    return all;
  }

  /// The step that the constants of every CubaLIF agree on [s].
  std::optional<double> step_of_constants() const {
    std::optional<double> step;
    for (std::size_t k = 0; k < graph_.nodes.size(); ++k) {
      const NirNode& node = graph_.nodes[k];
      if (node.type != "CubaLIF") continue;
      const std::size_t n = signals_.size(k);
      const auto tau_syn = values(node, "tau_syn", n, kSeconds),
                 tau_mem = values(node, "tau_mem", n, kSeconds);
      const auto w_in = values(node, "w_in", n, kAny, 1), r = values(node, "r", n, kResistance);
      for (std::size_t i = 0; i < n; ++i) {
        const double dt = tau_syn[i] / w_in[i];
        if (!(w_in[i] > 1) || !are_near(r[i] * dt, tau_mem[i]) || (step && !are_near(dt, *step)))
          return std::nullopt;
        if (!step) step = dt;
      }
    }
    return step;
  }

  void find_step() {
    const auto told = step_of_constants();
    const std::optional<double> stated =
        reading_.dt ? std::optional(reading_.dt->ms() / kMsPerSecond) : graph_.dt;
    agree_ = told && (!stated || are_near(*told, *stated));
    if (stated)
      step_ = *stated;
    else if (told)
      step_ = rounded(*told);
    if (told && stated && !agree_)
      network_.notes.push_back(
          fmt::format("the constants of the neurons speak of steps of {:.6g} ms, not {:.6g} ms",
                      *told * kMsPerSecond, *stated * kMsPerSecond));
  }
  /// To the seven digits that constants of single precision agree on.
  static double rounded(double x) {
    const std::string text = fmt::format("{:.6e}", x);
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  }
  double step(const NirNode& node) const {
    if (step_ == 0)
      graph_.refuse(node, "",
                    "what a spike adds to it depends on the step of the program that wrote the file, which "
                    "nothing in it tells (--dt MS)");
    return step_;
  }

  void add_input(std::size_t n) {
    Input& input = *network_.spec.add_input();
    input.set_name(graph_.nodes[n].name);
    input.set_size(static_cast<std::uint32_t>(signals_.size(n)));
  }

  /// A node of neurons and what arrives at them.
  struct Neurons {
    const NirNode& node;
    std::size_t size;
    NirSignal arriving;
    std::vector<double> jump;  // of what an arrival of weight 1 adds to
    Population& population;

    std::vector<double> biases(const std::vector<double>& factor) const {
      std::vector<double> all(size);
      for (std::size_t i = 0; i < size; ++i) all[i] = factor[i] * arriving.bias[i];
      return all;
    }
  };

  void add_neurons(std::size_t n) {
    const NirNode& node = graph_.nodes[n];
    Neurons neurons{node, signals_.size(n), signals_.arriving(n), {}, *network_.spec.add_population()};
    if (neurons.size == 0) graph_.refuse(node, "", "has no neurons");
    neurons.population.set_name(node.name);
    neurons.population.set_size(static_cast<std::uint32_t>(neurons.size));
    if (node.type == "CubaLIF")
      add_cuba_lif(neurons);
    else if (node.type == "LIF")
      add_lif(neurons);
    else
      add_if(neurons);
    if (!node.has("v_reset"))
      network_.notes.push_back(node.name + ": the file has no v_reset, which means 0");
    add_projections(neurons);
  }

  template <class Model>
  void set_threshold(const Neurons& neurons, Model& model) const {
    const auto v_th = values(neurons.node, "v_threshold", neurons.size, kAny);
    const auto v_reset = values(neurons.node, "v_reset", neurons.size, kAny);
    for (std::size_t i = 0; i < neurons.size; ++i)
      if (!(v_reset[i] < v_th[i]))
        graph_.refuse(neurons.node, neurons.node.has("v_reset") ? "v_reset" : "v_threshold",
                      fmt::format("neuron {}: v_reset {} is not allowed (must be below v_threshold = {})", i,
                                  to_string(v_reset[i]), to_string(v_th[i])));
    set_values(*model.mutable_v_th(), v_th);
    set_values(*model.mutable_v_reset(), v_reset);
    model.mutable_t_ref()->set_constant(0);
  }
  /// What LIF and CubaLIF have in common.
  template <class Model>
  void set_membrane(const Neurons& neurons, const char* tau, const std::vector<double>& bias,
                    Model& model) const {
    const NirNode& node = neurons.node;
    set_values(*model.mutable_tau_m(), scaled(values(node, tau, neurons.size, kSeconds), kMsPerSecond));
    set_values(*model.mutable_r_m(), scaled(values(node, "r", neurons.size, kResistance), kOhms));
    set_values(*model.mutable_e_l(), values(node, "v_leak", neurons.size, kAny));
    set_threshold(neurons, model);
    set_bias(neurons, bias, model);
  }
  template <class Model>
  void set_bias(const Neurons& neurons, const std::vector<double>& bias, Model& model) const {
    for (std::size_t i = 0; i < bias.size(); ++i)
      if (!(std::abs(bias[i]) <= kAny.most))
        graph_.refuse(neurons.node, "",
                      fmt::format("neuron {}: a bias of {} in all is not allowed ({})", i, to_string(bias[i]),
                                  kAny.text));
    const bool has_bias = std::any_of(bias.begin(), bias.end(), [](double b) { return b != 0; });
    if (has_bias) set_values(*model.mutable_i_e(), bias);
  }

  void add_cuba_lif(Neurons& neurons) const {
    ExpPscLif& model = *neurons.population.mutable_exp_psc_lif();
    const auto tau_syn = values(neurons.node, "tau_syn", neurons.size, kSeconds);
    const auto w_in = values(neurons.node, "w_in", neurons.size, kAny, 1);
    set_membrane(neurons, "tau_mem", neurons.biases(w_in), model);
    set_values(*model.mutable_tau_syn_ex(), scaled(tau_syn, kMsPerSecond));
    *model.mutable_tau_syn_in() = model.tau_syn_ex();
    if (!neurons.arriving.has_terms()) return;
    const double dt = step(neurons.node);
    for (std::size_t i = 0; i < neurons.size; ++i) {
      const double jump = w_in[i] * dt / tau_syn[i];
      neurons.jump.push_back(agree_ || is_one(jump) ? 1 : jump);
    }
  }
  void add_lif(Neurons& neurons) const {
    DeltaLif& model = *neurons.population.mutable_delta_lif();
    set_membrane(neurons, "tau", neurons.arriving.bias, model);
    if (!neurons.arriving.has_terms()) return;
    const auto tau = values(neurons.node, "tau", neurons.size, kSeconds);
    const auto r = values(neurons.node, "r", neurons.size, kResistance);
    const double dt = step(neurons.node);
    for (std::size_t i = 0; i < neurons.size; ++i) neurons.jump.push_back(r[i] * dt / tau[i]);
  }
  void add_if(Neurons& neurons) const {
    LinearLeakLif& model = *neurons.population.mutable_linear_leak_lif();
    const auto r = values(neurons.node, "r", neurons.size, kResistance);
    std::vector<double> C_m;  // dV/dt = I/C_m [mV/ms]
    for (const double resistance : r) C_m.push_back(kMsPerSecond / resistance);
    set_threshold(neurons, model);
    set_values(*model.mutable_c_m(), C_m);
    model.mutable_e_l()->set_constant(0);
    model.mutable_leak()->set_constant(0);
    model.set_reset(LinearLeakLif::TO_V_RESET);
    model.set_floor(LinearLeakLif::NONE);
    set_bias(neurons, neurons.arriving.bias, model);
    if (!neurons.arriving.has_terms()) return;
    const double dt = step(neurons.node);
    for (std::size_t i = 0; i < neurons.size; ++i) neurons.jump.push_back(r[i] * dt);
  }

  /// One for each node that spikes come from.
  void add_projections(const Neurons& neurons) {
    std::map<std::uint32_t, std::vector<SynapseRow>> rows;
    for (std::uint32_t i = 0; i < neurons.size; ++i) {
      Interrupt::check();
      for (const NirSignal::Term& term : neurons.arriving.terms[i]) {
        const double weight = term.weight * neurons.jump[i];
        if (!(std::abs(weight) <= kAny.most))
          graph_.refuse(neurons.node, "",
                        fmt::format("neuron {}: a weight of {} from {} is not allowed ({})", i,
                                    to_string(weight), graph_.nodes[term.node].name, kAny.text));
        if (weight == 0)
          ++zeros_;
        else
          rows[term.node].push_back({term.index, i, weight, delay(term)});
      }
    }
    for (auto& [node, synapses] : rows) {
      std::sort(synapses.begin(), synapses.end(), [](const SynapseRow& a, const SynapseRow& b) {
        return std::tuple(a.source, a.target, a.delay) < std::tuple(b.source, b.target, b.delay);
      });
      network_.add_projection(graph_.nodes[node].name, neurons.node.name, synapses);
    }
  }
  Duration delay(const NirSignal::Term& term) {
    if (term.delay != Duration()) return term.delay;
    has_short_delays_ = true;
    return reading_.delay.value_or(stated_duration(step_ * kMsPerSecond));
  }

  void tell() {
    if (step_ != 0)
      network_.notes.push_back(fmt::format("a spike stands for a pulse of height 1 and {} ms",
                                           to_string(stated_duration(step_ * kMsPerSecond).ms())));
    if (has_short_delays_)
      network_.notes.push_back(
          fmt::format("connections without a Delay take {} ms",
                      to_string(reading_.delay.value_or(stated_duration(step_ * kMsPerSecond)).ms())));
    if (zeros_ > 0) network_.notes.push_back(fmt::format("{} weights of 0 are left out", zeros_));
    for (const auto& [from, to] : graph_.edges)
      if (graph_.nodes[to].type == "Output" && is_neuron(graph_.nodes[from]))
        network_.notes.push_back(graph_.nodes[from].name + " leads to the output " + graph_.nodes[to].name);
  }

  const NirGraph& graph_;
  const NirReading& reading_;
  ImportedNetwork& network_;
  NirSignals signals_;
  double step_ = 0;     // [s]; 0: nothing tells
  bool agree_ = false;  // the constants have w_in = tau_syn/dt
  bool has_short_delays_ = false;
  std::uint64_t zeros_ = 0;
};

}  // namespace

void import_nir(const proto::NirGraph& graph, const NirReading& reading, ImportedNetwork& network) {
  NirImport(graph, reading, network).run();
}

}  // namespace chronotope::apps
