// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/likelihood/escape_wiring.hpp"
#include "chronotope/apps/options/listed.hpp"
#include "chronotope/apps/options/network_options.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/output/json_text.hpp"
#include "chronotope/apps/output/progress.hpp"
#include "chronotope/apps/runs/input_spikes.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/parallel.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/models/learning/escape_fit.hpp"
#include "chronotope/models/learning/hidden_learning.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/text_spec.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

OptionGroup run_options() {
  return {"Trains",
          {{"spikes", File{File::Use::kRead, "STREAM"}, "stream of spikes, for every spike_stream input"},
           {"until", Milliseconds{stated_duration(1e-12)},
            "look at the trains before; default: the end of TRAINS"}}};
}

OptionGroup weight_options() {
  return {
      "Weights",
      {{"gradient",
        Flag(),
        "also the derivatives of the log-likelihood by every weight",
        {{"json"}, {"csv"}}},
       {"fit", Flag(),
        "find the weights under which the trains are most likely, from 0 on; a weight keeps the sign of SPEC's "
        "unless tau_syn_ex = tau_syn_in"},
       {"learn", WholeNumber{1, 1'000'000'000},
        "learn so many times through the trains, from SPEC's weights on"},
       {"hidden",
        Text{"LIST"},
        "populations whose spikes were not seen: the network draws them",
        {{"learn"}}},
       {"rate",
        RealNumber{from(1e-12), up_to(1e6), "0.001"},
        "of --learn, for weights in units of delta_u/R",
        {{"learn"}}},
       {"rate-decay",
        RealNumber{from(1e-6), up_to(1), "1"},
        "factor of the rate from time to time",
        {{"learn"}}},
       {"window",
        Milliseconds{stated_duration(1e-3), "200"},
        "weights change at the end of each; credit is given within one",
        {{"learn"}}}}};
}

OptionGroup output_options() {
  return {"Output",
          {{"save",
            File{File::Use::kWritten},
            "write the network with the weights found as a specification",
            {{"fit"}, {"learn"}}},
           {"csv", File{File::Use::kWritten}, "write a row for each synapse"},
           {"json", Flag(), "print one JSON object"},
           {"threads", WholeNumber{1, 256, "1"}, "change no bit of the result"},
           {"quiet", Flag(), "show no progress"}}};
}

Usage make_usage() {
  Usage usage;
  usage.synopsis = "likelihood SPEC TRAINS [options]";
  usage.summary =
      "How likely given spike trains are under the network that SPEC describes, in continuous time: for its "
      "populations of escape_noise_lif the log-likelihood sum ln rho(t_k) - integral rho, its derivatives by the "
      "weights, a test by time rescaling, and weights that make the trains likelier. TRAINS is a stream, or a table "
      "time_ms,population,neuron; inputs that it has no spikes of are drawn as simulate draws them "
      "(docs/likelihood.md).";
  usage.examples =
      "  chronotope likelihood net.textproto run.pb\n"
      "  chronotope likelihood net.textproto run.pb --gradient --json\n"
      "  chronotope likelihood net.textproto run.pb --fit --csv weights.csv --save fitted.spec.pb\n"
      "  chronotope likelihood net.textproto run.pb --hidden H --learn 100 --rate 0.001 --save learnt.spec.pb\n";
  usage.positional = {"SPEC", "TRAINS"};
  usage.groups = {network_options(), run_options(), weight_options(), output_options()};
  return usage;
}

/// Everything that is known of a network and its trains.
struct Observation {
  proto::DecodedSpec spec;
  EscapeWiring wiring;
  models::EscapeTrains trains;
  std::vector<bool> hidden;  // by population
  Time end;

  bool is_hidden(std::size_t neuron) const { return hidden[wiring.population[neuron]]; }
};

std::vector<bool> hidden_populations(const po::variables_map& values, const proto::DecodedSpec& spec) {
  std::vector<bool> hidden(spec.network.populations.size());
  if (!given(values, "hidden")) return hidden;
  for (const std::string& name : listed("hidden", text_option(values, "hidden"))) {
    std::size_t p = 0;
    while (p < hidden.size() && spec.network.populations[p].name != name) ++p;
    require(p < hidden.size() && spec.network.populations[p].model.kind == models::EscapeNoiseLif::kName,
            "hidden", in_quotes(name), "must be populations of escape_noise_lif");
    hidden[p] = true;
  }
  return hidden;
}

/// Some neuron with a likelihood must have been seen.
void require_seen(const Observation& o, const std::string& text) {
  for (std::size_t n = 0; n < o.wiring.neurons.size(); ++n)
    if (!o.is_hidden(n)) return;
  require(false, "hidden", in_quotes(text), "must leave a population of escape_noise_lif that was seen");
}

Observation observe(const po::variables_map& values, const proto::SpecText& text) {
  Observation o;
  o.spec = proto::decode(text);
  o.hidden = hidden_populations(values, o.spec);
  o.wiring = build_escape_wiring(o.spec);
  require_seen(o, text_option(values, "hidden"));
  const auto path = values["TRAINS"].as<std::string>();
  const RecordedActivity activity = read_activity(path);
  o.end = given(values, "until") ? Time() + time_option(values, "until").value : activity.end;
  if (!(Time() < o.end)) throw InputError(printable(path) + ": ends at 0 ms; nothing has happened");
  o.trains = source_trains(path, activity, o.spec, o.wiring, o.hidden, o.end);
  return o;
}

/// Calls work(neuron, its arrivals) for every neuron that was seen.
void for_each_seen(const Observation& o, const po::variables_map& values, const std::string& task,
                   const std::function<void(std::size_t, const std::vector<models::EscapeArrival>&)>& work) {
  Progress progress(task, values["quiet"].as<bool>());
  std::mutex mutex;
  std::size_t done = 0;
  in_parallel(o.wiring.neurons.size(), whole_option(values, "threads"), [&](std::size_t n) {
    if (!o.is_hidden(n)) work(n, models::arrivals(o.wiring.neurons[n], o.trains, o.end));
    const std::lock_guard lock(mutex);
    progress.update(static_cast<double>(++done), static_cast<double>(o.wiring.neurons.size()));
  });
}

std::vector<double> weights_of(const models::EscapeNeuron& neuron) {
  std::vector<double> weights;
  for (const models::EscapeSynapse& synapse : neuron.synapses) weights.push_back(synapse.weight);
  return weights;
}

/// By neuron; of hidden ones nothing.
std::vector<models::EscapeSums> likelihoods(const Observation& o, const po::variables_map& values) {
  std::vector<models::EscapeSums> sums(o.wiring.neurons.size());
  for_each_seen(o, values, "likelihood", [&](std::size_t n, const std::vector<models::EscapeArrival>& heard) {
    const models::EscapeNeuron& neuron = o.wiring.neurons[n];
    sums[n] = models::escape_likelihood(neuron, weights_of(neuron), heard, o.trains[neuron.source], o.end,
                                        false, Interrupt::check);
  });
  return sums;
}

/// What --fit or --learn found.
struct Found {
  std::vector<std::vector<double>> weight;          // by neuron and synapse
  std::vector<std::vector<double>> standard_error;  // of a fit
  std::vector<models::HiddenEpoch> epochs;          // of learning
  std::size_t unfinished = 0;                       // neurons whose fit did not come to its end
};

Found fit(const Observation& o, const po::variables_map& values) {
  std::vector<models::EscapeFit> fits(o.wiring.neurons.size());
  for_each_seen(o, values, "fit", [&](std::size_t n, const std::vector<models::EscapeArrival>& heard) {
    const models::EscapeNeuron& neuron = o.wiring.neurons[n];
    fits[n] = models::fit_weights(neuron, heard, o.trains[neuron.source], o.end, Interrupt::check);
  });
  Found found;
  for (models::EscapeFit& fit : fits) {
    found.unfinished += fit.converged ? 0 : 1;
    found.weight.push_back(std::move(fit.weight));
    found.standard_error.push_back(std::move(fit.standard_error));
  }
  return found;
}

Found learn(const Observation& o, const po::variables_map& values) {
  std::vector<bool> hidden;
  for (std::size_t n = 0; n < o.wiring.neurons.size(); ++n) hidden.push_back(o.is_hidden(n));
  models::HiddenLearning learning(o.wiring.neurons, o.trains, hidden, o.end,
                                  {values["rate"].as<double>(), values["rate-decay"].as<double>(),
                                   time_option(values, "window").value, o.spec.network.seed});
  Progress progress("learn", values["quiet"].as<bool>());
  Found found;
  const std::size_t epochs = whole_option(values, "learn");
  for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
    found.epochs.push_back(learning.run_epoch(Interrupt::check));
    if (!std::isfinite(found.epochs.back().log_likelihood))
      throw Failure(
          fmt::format("the log-likelihood is no finite number any more at time {} through the trains; a "
                      "smaller --rate may help",
                      epoch + 1));
    progress.update(static_cast<double>(epoch + 1), static_cast<double>(epochs),
                    fmt::format("log-likelihood {:.6g}", found.epochs.back().log_likelihood));
  }
  for (const models::EscapeNeuron& neuron : learning.neurons()) found.weight.push_back(weights_of(neuron));
  return found;
}

void take_weights(const Found& found, EscapeWiring& wiring) {
  for (std::size_t n = 0; n < wiring.neurons.size(); ++n)
    for (std::size_t j = 0; j < wiring.neurons[n].synapses.size(); ++j)
      wiring.neurons[n].synapses[j].weight = found.weight[n][j];
}

/// What is told of a population that was seen; not a number where hidden neurons leave it unknown.
struct PopulationLikelihood {
  std::string name;
  std::size_t neurons = 0;
  std::size_t spikes = 0;
  double expected = 0;
  double log_likelihood = 0;
  std::optional<models::Rescaling> rescaling;  // of at least one interval
};

std::vector<PopulationLikelihood> by_population(const Observation& o,
                                                const std::vector<models::EscapeSums>& sums) {
  std::vector<PopulationLikelihood> all;
  for (std::size_t p = 0; p < o.hidden.size(); ++p) {
    PopulationLikelihood told{o.spec.network.populations[p].name, 0, 0, 0, 0, {}};
    std::vector<double> intervals;
    for (std::size_t n = 0; n < o.wiring.neurons.size(); ++n) {
      if (o.wiring.population[n] != p) continue;
      ++told.neurons;
      const auto& train = o.trains[o.wiring.neurons[n].source];
      told.spikes +=
          static_cast<std::size_t>(std::lower_bound(train.begin(), train.end(), o.end) - train.begin());
      if (sums.empty()) {
        told.expected = told.log_likelihood = std::numeric_limits<double>::quiet_NaN();
        continue;
      }
      told.expected += sums[n].integral;
      told.log_likelihood += sums[n].log_likelihood();
      intervals.insert(intervals.end(), sums[n].intervals.begin(), sums[n].intervals.end());
    }
    if (!intervals.empty()) told.rescaling = models::time_rescaling(std::move(intervals));
    if (told.neurons > 0 && !o.hidden[p]) all.push_back(told);
  }
  return all;
}

/// The answer before and, with --fit or --learn, after.
struct Answer {
  const Observation& o;
  const std::vector<models::EscapeSums>& start;  // empty when neurons are hidden, whose spikes nobody knows
  const std::optional<Found>& found;
  const std::vector<models::EscapeSums>& end;  // empty when nothing was found
  bool gradient;
};

double total(const std::vector<PopulationLikelihood>& populations) {
  double sum = 0;
  for (const PopulationLikelihood& p : populations) sum += p.log_likelihood;
  return sum;
}

std::string known(double value, fmt::format_string<double&> format) {
  return std::isnan(value) ? "-" : fmt::format(format, value);
}

void print_table(const std::string& title, const std::vector<PopulationLikelihood>& populations) {
  fmt::print("{}\n{:<16}{:>8}{:>10}{:>13}{:>17}{:>12}{:>22}\n", title, "population", "neurons", "spikes",
             "expected", "log-likelihood", "per spike", "time rescaling D, p");
  for (const PopulationLikelihood& p : populations)
    fmt::print("{:<16}{:>8}{:>10}{:>13}{:>17}{:>12}{:>12}{:>10}\n", printable(p.name), p.neurons, p.spikes,
               known(p.expected, "{:.6g}"), known(p.log_likelihood, "{:.10g}"),
               p.spikes == 0 ? "-" : known(p.log_likelihood / static_cast<double>(p.spikes), "{:.5g}"),
               p.rescaling ? fmt::format("{:.4f}", p.rescaling->distance) : "-",
               p.rescaling ? fmt::format("{:.3g}", p.rescaling->p) : "-");
}

void print_text(const Answer& a) {
  print_table(fmt::format("to {} ms, weights of the specification", to_text(a.o.end)),
              by_population(a.o, a.start));
  if (!a.found) return;
  if (!a.found->epochs.empty())
    fmt::print("\nlog-likelihood beside hidden spikes: {:.10g} the first time, {:.10g} the last\n",
               a.found->epochs.front().log_likelihood, a.found->epochs.back().log_likelihood);
  if (!a.end.empty()) {
    fmt::print("\n");
    print_table("weights that were found", by_population(a.o, a.end));
  }
  if (a.found->unfinished > 0)
    fmt::print("{} neurons: the fit did not come to its end\n", a.found->unfinished);
}

std::string json_of(const std::vector<PopulationLikelihood>& populations) {
  return json_list(populations.size(), [&](std::size_t k) {
    const PopulationLikelihood& p = populations[k];
    return fmt::format(
        "\n{{\"name\": {}, \"neurons\": {}, \"spikes\": {}, \"expected_spikes\": {}, \"log_likelihood\": {}, "
        "\"rescaling_distance\": {}, \"rescaling_p\": {}}}",
        json_string(p.name), p.neurons, p.spikes, json_number(p.expected), json_number(p.log_likelihood),
        p.rescaling ? json_number(p.rescaling->distance) : "null",
        p.rescaling ? json_number(p.rescaling->p) : "null");
  });
}

/// One synapse of a projection, as told in JSON and CSV.
struct SynapseColumn {
  std::string name;
  std::function<std::string(const EscapeWiring::Place&)> value;
};

std::vector<SynapseColumn> synapse_columns(const Answer& a) {
  const auto synapse = [&a](const EscapeWiring::Place& p) -> const models::EscapeSynapse& {
    return a.o.wiring.neurons[p.neuron].synapses[p.synapse];
  };
  const auto& first = a.o.wiring.first_source;
  std::vector<SynapseColumn> columns{
      {"source",
       [=, &first](const auto& p) {
         const std::uint32_t s = synapse(p).source;
         return std::to_string(s - *(std::upper_bound(first.begin(), first.end(), s) - 1));
       }},
      {"target", [&a](const auto& p) { return std::to_string(a.o.wiring.number_of(p.neuron)); }},
      {"weight", [=](const auto& p) { return json_number(synapse(p).weight); }},
      {"delay_ms", [=](const auto& p) { return to_text(synapse(p).delay); }}};
  if (a.gradient)
    columns.push_back({"d_weight", [&a](const auto& p) {
                         if (a.start.empty() || a.start[p.neuron].gradient.empty())
                           return std::string("null");
                         return json_number(a.start[p.neuron].gradient[p.synapse]);
                       }});
  if (a.found)
    columns.push_back(
        {"found", [&a](const auto& p) { return json_number(a.found->weight[p.neuron][p.synapse]); }});
  if (a.found && !a.found->standard_error.empty())
    columns.push_back({"standard_error", [&a](const auto& p) {
                         return json_number(a.found->standard_error[p.neuron][p.synapse]);
                       }});
  return columns;
}

std::string projection_name(const Answer& a, std::size_t k) { return a.o.spec.network.projections[k].name; }

std::string json_of_synapses(const Answer& a) {
  const auto columns = synapse_columns(a);
  std::string text;
  for (std::size_t k = 0; k < a.o.wiring.synapses.size(); ++k) {
    const auto& places = a.o.wiring.synapses[k];
    if (places.empty()) continue;
    text += (text.empty() ? "\n{" : ",\n{") + ("\"name\": " + json_string(projection_name(a, k)));
    for (const SynapseColumn& column : columns)
      text += ", " + json_string(column.name) + ": " +
              json_list(places.size(), [&](std::size_t s) { return column.value(places[s]); });
    text += "}";
  }
  return "[" + text + "]";
}

void print_json(const Answer& a) {
  const auto start = by_population(a.o, a.start);
  std::string text = fmt::format("{{\n\"until_ms\": {},\n\"log_likelihood\": {},\n\"populations\": {}",
                                 to_text(a.o.end), json_number(total(start)), json_of(start));
  if (!a.end.empty()) {
    const auto end = by_population(a.o, a.end);
    text += fmt::format(",\n\"log_likelihood_found\": {},\n\"populations_found\": {}",
                        json_number(total(end)), json_of(end));
  }
  if (a.found && !a.found->epochs.empty())
    text += ",\n\"epochs\": " + json_list(a.found->epochs.size(), [&](std::size_t k) {
              return json_number(a.found->epochs[k].log_likelihood);
            });
  if (a.found && a.found->epochs.empty()) text += fmt::format(",\n\"unfinished\": {}", a.found->unfinished);
  if (a.gradient || a.found) text += ",\n\"projections\": " + json_of_synapses(a);
  fmt::print("{}\n}}\n", text);
}

void write_csv(const std::string& path, const Answer& a) {
  proto::Output out(path);
  const auto columns = synapse_columns(a);
  std::string line = "projection";
  for (const SynapseColumn& column : columns) line += "," + column.name;
  out.write(line + "\n");
  for (std::size_t k = 0; k < a.o.wiring.synapses.size(); ++k)
    for (const EscapeWiring::Place& place : a.o.wiring.synapses[k]) {
      line = projection_name(a, k);
      for (const SynapseColumn& column : columns) {
        const std::string value = column.value(place);
        line += "," + (value == "null" ? "" : value);
      }
      out.write(line + "\n");
    }
  out.commit();
}

void save(const std::string& path, const NetworkSpec& message, const Observation& o, const Found& found) {
  EscapeWiring wiring = o.wiring;
  take_weights(found, wiring);
  proto::Output output(path);
  output.write(proto::spec_bytes(with_weights(message, wiring), path));
  output.commit();
}

/// Under the weights that were found; empty when neurons were hidden, whose spikes nobody knows.
std::vector<models::EscapeSums> likelihoods_found(const Observation& o, const std::optional<Found>& found,
                                                  const po::variables_map& values) {
  if (!found || given(values, "hidden")) return {};
  Observation after = o;
  take_weights(*found, after.wiring);
  return likelihoods(after, values);
}

}  // namespace

int likelihood(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  const bool fits = (*values)["fit"].as<bool>();
  require(!fits || !given(*values, "learn"), "fit", "with --learn", "must stand without --learn");
  proto::SpecText text;
  read_network(*values, (*values)["SPEC"].as<std::string>(), text);
  if (given(*values, "spikes")) hear_spikes(text.message, (*values)["spikes"].as<std::string>());
  const Interrupt interrupt;
  const Observation o = observe(*values, text);
  require_not_read(*values, {"save", "csv"}, o.spec.files);
  std::vector<models::EscapeSums> start;
  if (!given(*values, "hidden")) start = likelihoods(o, *values);
  std::optional<Found> found;
  if (fits) found = fit(o, *values);
  if (given(*values, "learn")) found = learn(o, *values);
  const std::vector<models::EscapeSums> end = likelihoods_found(o, found, *values);
  const Answer answer{o, start, found, end, (*values)["gradient"].as<bool>()};
  const std::string csv = text_option(*values, "csv"), saved = text_option(*values, "save");
  if ((*values)["json"].as<bool>())
    print_json(answer);
  else if (csv != "-" && saved != "-")
    print_text(answer);
  if (!csv.empty()) write_csv(csv, answer);  // last: they may fail
  if (!saved.empty()) save(saved, text.message, o, *found);
  return 0;
}

}  // namespace chronotope::apps
