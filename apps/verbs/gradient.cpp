// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/options/network_options.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/output/json_text.hpp"
#include "chronotope/apps/runs/input_spikes.hpp"
#include "chronotope/apps/runs/simulation.hpp"
#include "chronotope/apps/training/gradient_loss.hpp"
#include "chronotope/apps/training/trained_wiring.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/rule_name.hpp"
#include "chronotope/models/learning/event_adjoint.hpp"
#include "chronotope/models/learning/event_graph.hpp"
#include "chronotope/models/learning/event_pass.hpp"
#include "chronotope/models/neurons/exp_psc_lif.hpp"
#include "chronotope/proto/text_spec.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

using models::EventGradient;
using models::NeuronGradient;

OptionGroup loss_options() {
  return {"Loss",
          {required({"loss", Text{"LOSS", "", true},
                     "a kind and its values; several are added:\n"
                     "ttfs_cross_entropy outputs=P|P:N,... label=K [tau_l=5 early_weight=0 early_tau=20]\n"
                     "spike_times_linear terms=P:N:K:COEFFICIENT,...\n"
                     "spike_times_squared terms=P:N:K:TARGET,...\n"
                     "membrane_integral_linear terms=P:N:COEFFICIENT,...\n"
                     "membrane_integral_cross_entropy outputs=... label=K [scale=1]\n"
                     "membrane_max_cross_entropy outputs=... label=K [scale=1]"}),
           {"slope-floor", RealNumber{from(0), up_to(1e9), "0"},
            "a smaller |dV/dt| at a spike, in (V_th - E_L)/ms, counts as this; 0: none does"}}};
}

OptionGroup run_options() {
  return {"Run",
          {{"spikes", File{File::Use::kRead, "STREAM"}, "stream of spikes, for every spike_stream input"},
           {"until", Milliseconds{stated_duration(1e-12)},
            "end of the run, at most 9007; default: the end of the inputs, or 1000"}}};
}

Usage make_usage() {
  Usage usage;
  usage.synopsis = "gradient SPEC --loss LOSS [options]";
  usage.summary =
      "Runs the network that SPEC describes from spike to spike, weights frozen, and prints a loss and its "
      "exact derivatives by every weight, delay, constant and input spike as one JSON object "
      "(docs/gradients_event.md).";
  usage.examples =
      "  chronotope gradient net.textproto --until 60 --loss 'ttfs_cross_entropy outputs=E:0,E:1 label=1'\n"
      "  chronotope gradient net.textproto --loss 'spike_times_squared terms=E:0:0:12.5,E:3:1:20'\n"
      "  chronotope gradient net.textproto --spikes digits.spikes.pb --until 500 --loss \\\n"
      "    'membrane_integral_linear terms=E:0:0.01' | python3 -m json.tool\n";
  usage.positional = {"SPEC"};
  usage.groups = {network_options(), loss_options(), run_options()};
  return usage;
}

/// Every weight as it starts.
void freeze(NetworkDescription& network) {
  for (ProjectionSpec& projection : network.projections) {
    projection.scaling.reset();
    if (is_plastic(projection.rule.kind))
      projection.rule.parameters["learn_until"] = {ParameterDistribution(Constant{0}),
                                                   projection.rule.field / "learn_until"};
  }
}

/// The run: spikes of the inputs and the engine.
struct Run {
  std::vector<models::InputSpike> inputs;
  std::vector<models::EventPass::KnownSpike> spikes;
};

Run simulate(const proto::DecodedSpec& spec, const TrainedWiring& wiring, Time until) {
  Run run;
  InputSpikes inputs(spec.network, [&](std::uint32_t population, NeuronId channel, Time time) {
    const std::size_t input = population - spec.network.populations.size();
    run.inputs.push_back({wiring.first_channel[input] + index(channel), time.since(Time())});
  });
  inputs.tell_until(until);
  Simulation simulation(spec, [&](std::uint32_t population, NeuronId neuron, Time time) {
    run.spikes.push_back({wiring.first_neuron[population] + index(neuron), time.since(Time())});
  });
  const Interrupt interrupt;
  simulation.run({until, {}, [] {}, [](Time) {}});
  if (simulation.interrupted()) throw Interrupted();
  return run;
}

bool is_finite(const EventGradient& gradient) {
  const auto all = [](const std::vector<double>& column) {
    return std::all_of(column.begin(), column.end(), [](double x) { return std::isfinite(x); });
  };
  const auto is_number = [](const NeuronGradient& n) {
    return std::isfinite(n.tau_m + n.C_m + n.E_L + n.V_th + n.V_reset + n.t_ref + n.I_e + n.V_m);
  };
  return all(gradient.weight) && all(gradient.delay) && all(gradient.tau_syn) && all(gradient.input_time) &&
         std::all_of(gradient.neuron.begin(), gradient.neuron.end(), is_number);
}

/// "name": [a, b, ...].
std::string column(const std::string& name, std::size_t size,
                   const std::function<std::string(std::size_t)>& value) {
  return json_string(name) + ": " + json_list(size, value);
}

/// Prints the parts of the answer.
class Answer {
 public:
  Answer(const proto::DecodedSpec& spec, const TrainedWiring& wiring, const models::EventGraph& graph,
         const models::EventRecord& record, const EventGradient& gradient)
      : spec_(spec), wiring_(wiring), graph_(graph), record_(record), gradient_(gradient) {
    by_synapse_.resize(graph.place.size());
    for (std::size_t k = 0; k < graph.place.size(); ++k) by_synapse_[graph.place[k]] = k;
  }

  void print(double loss) const {
    fmt::print("{{\n\"loss\": {},\n\"until_ms\": {},\n", json_number(loss), json_number(record_.end.ms()));
    print_list("populations", spec_.network.populations.size(), [&](std::size_t p) { return population(p); });
    print_list("projections", wiring_.projections.size(), [&](std::size_t p) { return projection(p); });
    print_list("input_spikes", record_.inputs, [&](std::size_t k) { return input_spike(k); });
    fmt::print("\"counters\": {{\"spikes\": {}, \"floored\": {}, \"coincidences\": {}}}\n}}\n",
               gradient_.spikes, gradient_.floored, gradient_.coincidences);
  }

 private:
  static void print_list(const char* name, std::size_t size,
                         const std::function<std::string(std::size_t)>& entry) {
    fmt::print("\"{}\": [\n", name);
    for (std::size_t k = 0; k < size; ++k) fmt::print("{}{}\n", entry(k), k + 1 < size ? "," : "");
    fmt::print("],\n");
  }

  std::string population(std::size_t p) const {
    const std::uint32_t first = wiring_.first_neuron[p];
    const std::size_t size = wiring_.first_neuron[p + 1] - first;
    const auto constants = [&](const std::string& name, double NeuronGradient::*member) {
      return column(name, size,
                    [&](std::size_t i) { return json_number(gradient_.neuron[first + i].*member); });
    };
    std::string text = "{\"name\": " + json_string(spec_.network.populations[p].name) + ", " +
                       column("spikes_ms", size, [&](std::size_t i) { return spikes(first + i); });
    for (const auto& part :
         {constants("tau_m", &NeuronGradient::tau_m),
          column("tau_m_fixed_R", size,
                 [&](std::size_t i) {
                   return json_number(
                       gradient_.neuron[first + i].tau_m_fixed_R(graph_.network.neurons[first + i]));
                 }),
          constants("C_m", &NeuronGradient::C_m), constants("E_L", &NeuronGradient::E_L),
          constants("V_th", &NeuronGradient::V_th), constants("V_reset", &NeuronGradient::V_reset),
          constants("t_ref", &NeuronGradient::t_ref), constants("I_e", &NeuronGradient::I_e),
          constants("V_m", &NeuronGradient::V_m)})
      text += ", " + part;
    const bool by_sign = spec_.network.populations[p].model.kind == models::ExpPscLif::kName;
    for (std::uint32_t s = 0; s < (by_sign ? 2 : wiring_.network.receptors); ++s)
      text +=
          ", " + column(by_sign ? (s == 0 ? "tau_syn_ex" : "tau_syn_in") : fmt::format("tau_syn[{}]", s),
                        size, [&](std::size_t i) {
                          return json_number(gradient_.tau_syn[graph_.network.receptor_begin[first + i] + s]);
                        });
    return text + "}";
  }

  std::string spikes(std::size_t neuron) const {
    const std::vector<std::uint32_t>& own = record_.neurons[neuron].spikes;
    std::string text = "[";
    for (std::size_t k = 0; k < own.size(); ++k)
      text += (k == 0 ? "" : ", ") + json_number(record_.spikes[own[k]].time.ticks / kTicksPerMs);
    return text + "]";
  }

  std::string projection(std::size_t p) const {
    const TrainedWiring::Projection& range = wiring_.projections[p];
    const ProjectionSpec& spec = spec_.network.projections[p];
    const models::TrainedNetwork& network = wiring_.network;
    const std::size_t populations = spec_.network.populations.size();
    const std::uint32_t first_source =
        spec.source < populations ? wiring_.first_neuron[spec.source]
                                  : network.neurons + wiring_.first_channel[spec.source - populations];
    const auto values = [&](const std::string& name, const std::function<double(std::size_t)>& value) {
      return column(name, range.last - range.first,
                    [&](std::size_t k) { return json_number(value(range.first + k)); });
    };
    return "{\"name\": " + json_string(range.name) + ", " +
           values("source", [&](std::size_t s) { return network.source[s] - first_source; }) + ", " +
           values("target",
                  [&](std::size_t s) { return network.target[s] - wiring_.first_neuron[spec.target]; }) +
           ", " + values("receptor", [&](std::size_t s) { return network.receptor[s]; }) + ", " +
           values("weight", [&](std::size_t s) { return network.parameters.weight[s]; }) + ", " +
           values("delay", [&](std::size_t s) { return network.parameters.delay[s]; }) + ", " +
           values("d_weight", [&](std::size_t s) { return gradient_.weight[by_synapse_[s]]; }) + ", " +
           values("d_delay", [&](std::size_t s) { return gradient_.delay[by_synapse_[s]]; }) + "}";
  }

  std::string input_spike(std::size_t k) const {
    const models::RecordedSpike& spike = record_.spikes[k];
    std::size_t input = 0;
    while (wiring_.first_channel[input + 1] <= spike.source) ++input;
    return fmt::format("{{\"input\": {}, \"channel\": {}, \"time_ms\": {}, \"d_time\": {}}}",
                       json_string(spec_.network.inputs[input].name),
                       spike.source - wiring_.first_channel[input],
                       json_number(spike.time.ticks / kTicksPerMs), json_number(gradient_.input_time[k]));
  }

  const proto::DecodedSpec& spec_;
  const TrainedWiring& wiring_;
  const models::EventGraph& graph_;
  const models::EventRecord& record_;
  const EventGradient& gradient_;
  std::vector<std::size_t> by_synapse_;
};

Time end_of_run(const po::variables_map& values, const proto::DecodedSpec& spec) {
  const Time end = values.count("until") == 0 ? end_of_inputs(spec).value_or(stated_time(1000))
                                              : Time() + time_option(values, "until").value;
  require(end <= stated_time(models::EventPass::kLongestMs), "until", to_text(end),
          "must be > 0 and at most 9007 ms");
  return end;
}

/// "neuron 3 of E".
std::string name_of(std::uint32_t neuron, const proto::DecodedSpec& spec, const TrainedWiring& wiring) {
  const auto& first = wiring.first_neuron;
  const auto population =
      static_cast<std::size_t>(std::upper_bound(first.begin(), first.end(), neuron) - first.begin() - 1);
  return fmt::format("neuron {} of {}", neuron - first[population],
                     spec.network.populations[population].name);
}

}  // namespace

int gradient(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  const double floor = (*values)["slope-floor"].as<double>();
  proto::SpecText text;
  read_network(*values, (*values)["SPEC"].as<std::string>(), text);
  if (given(*values, "spikes")) hear_spikes(text.message, (*values)["spikes"].as<std::string>());
  proto::DecodedSpec spec = proto::decode(text);
  freeze(spec.network);
  const TrainedWiring wiring = build_wiring(spec);
  std::vector<models::EventLoss> losses;
  for (const std::string& loss : (*values)["loss"].as<std::vector<std::string>>())
    losses.push_back(parse_loss(loss, spec.network, wiring));
  const Time until = end_of_run(*values, spec);

  models::EventGraph graph(wiring.network, 0);
  graph.take_values(wiring.network);
  const Run run = simulate(spec, wiring, until);
  models::EventRecord record;
  models::EventPass(graph.network).replay(graph.network, run.inputs, run.spikes, until.since(Time()), record);
  EventGradient gradient;
  gradient.reset(graph.network);
  models::EventSeeds seeds;
  seeds.reset(record.spikes.size(), graph.network.neurons.size());
  double loss = 0;
  for (const models::EventLoss& part : losses) try {
      loss += models::evaluate(part, graph.network, record, seeds, gradient);
    } catch (const models::UnmetLoss& error) {
      throw InputError("--loss: " + name_of(error.neuron(), spec, wiring) + ": " + error.reason());
    }
  models::EventAdjoint().sweep(graph.network, record, seeds, {floor, true}, gradient);
  if (!std::isfinite(loss) || !is_finite(gradient))
    throw Failure(
        "the loss or a derivative is no finite number; smaller coefficients of --loss may help, or "
        "--slope-floor where a membrane comes near to tangency");
  Answer(spec, wiring, graph, record, gradient).print(loss);
  return 0;
}

}  // namespace chronotope::apps
