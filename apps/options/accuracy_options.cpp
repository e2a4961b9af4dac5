// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/options/accuracy_options.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>

#include "chronotope/apps/options/listed.hpp"
#include "chronotope/apps/runs/clock_run.hpp"
#include "chronotope/core/decimal.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

OptionGroup run_options() {
  return {"Runs",
          {required({"dt", Text{"MS,..."}, "time steps"}),
           required({"until", Milliseconds{stated_duration(1e-12)}, "end of every run"}),
           {"open-loop", Flag(),
            "every neuron hears the reference's spikes: its own error, without what the network makes of it"},
           {"perturbation", RealNumber{from(0), up_to(1), "1e-10", "MS", "ms"},
            "the exact run is repeated with its first spike sent later by this; 0: not"}}};
}

OptionGroup measure_options() {
  constexpr double kTiny = 1e-12;
  return {"Comparison",
          {{"tolerance", RealNumber{from(0), up_to(1e6), "0.1", "MS", "ms"},
            "error of a spike time that 95 % of them must keep"},
           {"unmatched", RealNumber{from(0), up_to(1), "0.05"},
            "share of the spikes that may be missed or extra"},
           {"window", RealNumber{from(kTiny), up_to(1e6), "5", "MS", "ms"},
            "spikes are matched that are closer than this"},
           {"tau", RealNumber{from(kTiny), up_to(1e9), "10", "MS", "ms"},
            "time constant of the van Rossum distance"},
           {"q", RealNumber{from(0), up_to(1e9), "0.1", "X", "per ms"},
            "cost of moving a spike, of the Victor-Purpura distance"},
           {"bins", WholeNumber{4, 2000, "100"}, "equal bins of the run whose spike counts RTD compares"}}};
}

std::vector<double> read_steps(const std::string& list) {
  std::vector<double> steps;
  for (const std::string& word : listed("dt", list)) {
    std::size_t used = 0;
    double dt = 0;
    try {
      dt = std::stod(word, &used);
    } catch (const std::logic_error&) {
    }
    require(used == word.size(), "dt", "'" + word + "'", "must be numbers separated by commas [ms]");
    steps.push_back(dt);
  }
  return steps;
}

}  // namespace

std::vector<OptionGroup> accuracy_options() {
  return {run_options(), measure_options(), clock_method_options()};
}

AccuracyPlan read_accuracy_plan(const po::variables_map& values) {
  AccuracyPlan plan;
  for (const double dt : read_steps(values["dt"].as<std::string>()))
    plan.clocks.push_back(read_clock_method(values, dt));
  const auto number = [&](const char* option) { return values[option].as<double>(); };
  plan.measures.until = time_option(values, "until").value;
  plan.measures.window = stated_duration(number("window"));
  plan.measures.tau = number("tau");
  plan.measures.q = number("q");
  plan.measures.bins = static_cast<std::uint32_t>(whole_option(values, "bins"));
  plan.open_loop = values["open-loop"].as<bool>();
  plan.perturbation = number("perturbation");
  plan.chaos = plan.perturbation > 0;
  plan.tolerance = number("tolerance");
  plan.unmatched = number("unmatched");
  return plan;
}

}  // namespace chronotope::apps
