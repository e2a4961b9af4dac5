// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/optimise/optimisation_run.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/output/json.hpp"
#include "chronotope/apps/output/result_folder.hpp"
#include "chronotope/apps/sweep/cell_verb.hpp"
#include "chronotope/apps/verbs/verbs.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

OptionGroup range_options() {
  return {
      "What is chosen",
      {required(
           {"over", Text{"PATH=LOW:HIGH", "", true},
            "a number of the specification, by its path as in --set, and its range; :log behind it makes the "
            "range even in the logarithm; may be given several times"}),
       {"seeds", WholeNumber{1, 100'000, "1"},
        "networks of every setting, from the specification's seed on; their mean counts"},
       {"set", Text{"PATH=VALUE", "", true}, "put this value into all of them"}}};
}

OptionGroup objective_options() {
  return {
      "What is wanted",
      {{"objective", Text{"NAME", "read-out"},
        "read-out: five-fold accuracy of a linear read-out of the labels, on the probes or, without any, all "
        "stimuli; loss, training_accuracy, validation_accuracy: of -- train; POPULATION.FIGURE: rate_hz, cv_isi, "
        "fano, correlation or synchrony, as statistics defines them"},
       {"goal", Text{"GOAL"}, "max, min, or a number to come near to; default: max, of the loss min"},
       {"read-out", Word{"read-out", {"ridge", "logistic"}, "ridge"}, "how labels are read"},
       {"code", Word{"code", {"count", "trace", "latency", "bins"}, "count"}, "what of the neurons is read"},
       {"from", Milliseconds{Duration(), "0"}, "begin of what figures look at"}}};
}

OptionGroup search_options() {
  return {"Search",
          {{"method", Word{"method", {"bayes", "random"}, "bayes"},
            "bayes: Gaussian process and expected improvement; random: even draws"},
           {"evaluations", WholeNumber{1, 10'000, "30"}, "settings that are tried"},
           {"seed", WholeNumber{0, std::numeric_limits<std::uint64_t>::max(), "1", "SEED"}, "of the search"},
           {"jobs", WholeNumber{1, 1024}, "cells that run at once; default: one for each processor"}}};
}

Usage optimise_usage() {
  Usage usage;
  usage.synopsis =
      "optimise SPEC --over PATH=LOW:HIGH --out FOLDER [options] -- simulate|train [its options]";
  usage.summary =
      "Looks for the parameters of a network, those of its distributions too, with which a number comes out best. Every "
      "evaluation runs the network as a process of its own and is kept: a search that was stopped and is repeated, or is "
      "asked for more evaluations, goes on as if it had never been stopped. docs/optimisation.md has the method.";
  usage.examples =
      "  chronotope optimise net.textproto --over population.E.I_e=300:500 --objective E.rate_hz --goal 10 "
      "--evaluations 15 --out found -- simulate --until 1000\n"
      "  chronotope optimise net.textproto --over population.E.tau_m.gamma.mean=5:50:log "
      "--over population.E.tau_m.gamma.cv=0:1 --seeds 2 --evaluations 60 --out found -- simulate --until 30000\n"
      "  chronotope optimise net.textproto --over population.E.tau_m.gamma.mean=5:50 --objective validation_accuracy "
      "--out found -- train --spikes digits.spikes.pb --validation 0.2 --epochs 5\n";
  usage.positional = {"SPEC"};
  usage.groups = {range_options(),
                  objective_options(),
                  search_options(),
                  {"Output",
                   {required({"out", Text{"FOLDER"}, "gets the streams, optimise.csv and optimise.json"}),
                    {"json", Flag(), "print what optimise.json holds on one line"},
                    {"quiet", Flag(), "print nothing but errors"}}}};
  return usage;
}

topology::RowCode code_of(const std::string& name) {
  using topology::RowCode;
  for (const RowCode code : {RowCode::kTrace, RowCode::kLatency, RowCode::kBins})
    if (name == topology::to_string(code)) return code;
  return RowCode::kCount;
}

Objective read_objective(const po::variables_map& values, const std::string& verb) {
  const ReadOutChoice read_out{text_option(values, "read-out") == "ridge" ? models::ReadOutMethod::kRidge
                                                                          : models::ReadOutMethod::kLogistic,
                               code_of(text_option(values, "code"))};
  return {text_option(values, "objective"), text_option(values, "goal"), verb, read_out,
          time_option(values, "from").time()};
}

OptimisationRequest read_request(const po::variables_map& values, const Arguments& verb_words) {
  SweepRequest cells;
  cells.spec = text_option(values, "SPEC");
  if (cells.spec == "-") throw InputError("SPEC: - is not allowed (every cell reads the file again)");
  if (given(values, "set")) cells.changes = values["set"].as<std::vector<std::string>>();
  cells.seeds = values["seeds"].as<std::uint64_t>();
  cells.varied_by = "--over";
  read_cell_verb(verb_words, cells);
  OptimisationRequest request{cells, read_tuned_ranges(values["over"].as<std::vector<std::string>>()),
                              read_objective(values, cells.verb)};
  request.method = text_option(values, "method") == "random" ? models::SearchMethod::kRandom
                                                             : models::SearchMethod::kBayes;
  request.evaluations = whole_option(values, "evaluations");
  request.seed = values["seed"].as<std::uint64_t>();
  request.folder = text_option(values, "out");
  request.jobs = given(values, "jobs") ? whole_option(values, "jobs")
                                       : std::max(1U, std::thread::hardware_concurrency());
  request.quiet = values["quiet"].as<bool>();
  return request;
}

std::string number(bool is_defined, double value) { return is_defined ? fmt::format("{:.6g}", value) : "-"; }

void print(const OptimisationReport& report) {
  std::size_t width = report.objective().size();
  fmt::print("{:>6}  {}", "number", report.objective());
  for (const std::string& path : report.path()) fmt::print("  {}", printable(path));
  fmt::print("\n");
  for (const OptimisationTrial& trial : report.trial()) {
    fmt::print("{:>6}  {:>{}}", trial.number(), number(trial.has_objective(), trial.objective()), width);
    for (int k = 0; k < trial.value_size(); ++k)
      fmt::print("  {:>{}}", trial.value(k), report.path(k).size());
    fmt::print("\n");
  }
  if (!report.has_best()) {
    fmt::print("{} is defined in no setting\n", report.objective());
    return;
  }
  const OptimisationTrial& best = report.trial(static_cast<int>(report.best()) - 1);
  fmt::print("best: {} {:.6g}, number {}:", report.objective(), best.objective(), best.number());
  for (int k = 0; k < best.value_size(); ++k)
    fmt::print(" --set '{}={}'", printable(report.path(k)), best.value(k));
  fmt::print("\n");
}

}  // namespace

int optimise(const Arguments& arguments) {
  const auto dashes = std::ranges::find(arguments, "--");
  const auto values = parse(optimise_usage(), Arguments(arguments.begin(), dashes));
  if (!values) return 0;
  const Arguments verb_words =
      dashes == arguments.end() ? Arguments() : Arguments(dashes + 1, arguments.end());
  OptimisationRun run(read_request(*values, verb_words));
  make_folder(text_option(*values, "out"));
  const Interrupt interrupt;
  const OptimisationReport report = run.run();
  if ((*values)["json"].as<bool>())
    fmt::print("{}\n", to_json(report));
  else if (!(*values)["quiet"].as<bool>())
    print(report);
  return 0;
}

}  // namespace chronotope::apps
