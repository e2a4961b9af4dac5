// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/runs/clock_run.hpp"

#include <fmt/core.h>

#include <array>
#include <memory>
#include <optional>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/options/named_option.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/output/json.hpp"
#include "chronotope/apps/output/output_failures.hpp"
#include "chronotope/apps/output/progress.hpp"
#include "chronotope/apps/output/result_tables.hpp"
#include "chronotope/apps/runs/clock_simulation.hpp"
#include "chronotope/apps/runs/input_spikes.hpp"
#include "chronotope/core/error.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;
using events::ClockOptions;
using events::GridConvention;
using events::Integrator;
using events::Interpolation;

namespace {

constexpr double kLeastStep = 1e-6;
constexpr double kLongestStep = 100;

constexpr std::array kInterpolations{Name<Interpolation>{"none", Interpolation::kNone},
                                     Name<Interpolation>{"linear", Interpolation::kLinear},
                                     Name<Interpolation>{"cubic", Interpolation::kCubic}};
constexpr std::array kIntegrators{Name<Integrator>{"exact", Integrator::kExact},
                                  Name<Integrator>{"euler", Integrator::kEuler},
                                  Name<Integrator>{"rk4", Integrator::kRungeKutta4}};
constexpr std::array kGrids{Name<GridConvention>{"nest", GridConvention::kNest},
                            Name<GridConvention>{"brian2", GridConvention::kBrian2}};

void refuse_exact_options(const po::variables_map& values) {
  for (const char* option : {"out", "snapshot-every", "potentials", "recordings", "weights-every",
                             "weights-at", "weights-of", "histogram", "histograms"})
    if (given(values, option)) throw InputError(std::string("--") + option + ": cannot stand beside --clock");
  const std::size_t threads = whole_option(values, "threads");
  require(threads == 1, "threads", std::to_string(threads), "must be 1 with --clock");
}

}  // namespace

OptionGroup clock_method_options() {
  return {"Clock",
          {{"interpolate", words_of("interpolation", kInterpolations, "none"),
            "where in a step a threshold was crossed; none: spikes lie on the grid"},
           {"integrator", words_of("integrator", kIntegrators, "exact"),
            "exact: the closed form, and rk4 for models without one"},
           {"grid", words_of("grid", kGrids, "nest"), "order and rounding on the grid"}}};
}

OptionGroup clock_options() {
  OptionGroup group = clock_method_options();
  for (Option& option : group.options) option.needs = {{"clock"}};
  group.options.insert(group.options.begin(),
                       {"clock", RealNumber{from(kLeastStep), up_to(kLongestStep), "", "MS", "ms"},
                        "advance the network in steps of this instead: approximate"});
  return group;
}

ClockOptions read_clock_method(const po::variables_map& values, double dt) {
  require(dt >= kLeastStep && dt <= kLongestStep, values.count("clock") != 0 ? "clock" : "dt", to_string(dt),
          "must be from 1e-6 to 100 ms");
  ClockOptions options;
  options.dt = dt;
  options.interpolation = named(values, "interpolate", kInterpolations);
  options.integrator = named(values, "integrator", kIntegrators);
  options.convention = named(values, "grid", kGrids);
  return options;
}

std::string describe(const ClockOptions& options) {
  const char* integrator = options.integrator == Integrator::kExact
                               ? "exact propagators (Runge-Kutta 4 where a model has none)"
                           : options.integrator == Integrator::kEuler ? "forward Euler"
                                                                      : "Runge-Kutta 4";
  if (!options.on_grid())
    return fmt::format(
        "{}, spikes interpolated {}; times inside a step are exact, delays between neurons at least one step",
        integrator, options.interpolation == Interpolation::kLinear ? "linearly" : "by cubics");
  if (options.convention == GridConvention::kNest)
    return fmt::format(
        "{}, spikes at the end of their step (NEST): input spikes rounded up to the grid, delays and t_ref "
        "to the nearest step, delays to at least one",
        integrator);
  return fmt::format(
      "{}, spikes at the begin of their step (Brian2): input spikes and t_ref rounded down to the grid, "
      "delays to the nearest step",
      integrator);
}

int simulate_on_clock(const po::variables_map& values, const proto::DecodedSpec& spec, Time until) {
  refuse_exact_options(values);
  const ClockOptions options = read_clock_method(values, values["clock"].as<double>());
  std::unique_ptr<SpikeTable> spikes;
  std::unique_ptr<proto::Output> weights;
  OutputFailures failures;
  const auto record = [&](std::uint32_t population, NeuronId neuron, Time time) {
    failures.guard(spikes, [&](SpikeTable& out) { out.write(population, neuron, time); });
  };
  std::unique_ptr<InputSpikes> inputs;
  if (values["record-inputs"].as<bool>()) inputs = std::make_unique<InputSpikes>(spec.network, record);
  ClockSimulation simulation(
      spec.network, options,
      [&](std::uint32_t population, NeuronId neuron, Time time) {
        if (inputs) inputs->tell_until(time);
        record(population, neuron, time);
      },
      {}, values["reset"].as<bool>() ? std::optional(resets_of(spec, until)) : std::nullopt);
  const Interrupt interrupt;
  if (values.count("spikes") != 0)
    spikes = std::make_unique<SpikeTable>(values["spikes"].as<std::string>(), spec.network);
  if (values.count("weights") != 0)
    weights = std::make_unique<proto::Output>(values["weights"].as<std::string>());
  const bool quiet = values["quiet"].as<bool>();
  std::optional<InputError>
      breakdown;  // of a neuron whose state is no number any more: what was told is kept
  try {
    Progress progress("simulate", quiet);
    simulation.run(until, [&](Time now) {
      progress.update(now.to_ms(), until.to_ms(), fmt::format("{:.0f} ms", now.to_ms()));
    });
  } catch (const InputError& error) {
    breakdown = error;
    weights.reset();
  }
  if (inputs) inputs->tell_until(simulation.told_until());
  failures.guard(spikes, [](SpikeTable& out) { out.close(); });
  failures.guard(weights, [&](proto::Output& out) { write_weights(out, spec.network, simulation.engine()); });
  RunSummary summary = simulation.summary();
  if (breakdown)
    throw InputError(fmt::format("{}; the outputs end at {:.6g} ms", breakdown->what(), summary.until_ms()));
  failures.rethrow();
  summary.set_clock(fmt::format("approximate, dt {:g} ms: {}", options.dt, describe(options)));
  if (values["json"].as<bool>()) {
    fmt::print("{}\n", to_json(summary));
  } else if (!quiet) {
    if (simulation.interrupted())
      fmt::print(stderr, "interrupted at {:.6g} of {:.6g} ms\n", summary.until_ms(), until.to_ms());
    fmt::print(stderr, "{:.0f} spikes and {:.0f} synaptic events in {:.6g} ms, simulated in {:.3g} s\n",
               summary.spikes(), summary.synaptic_events(), summary.until_ms(), summary.simulate_seconds());
    fmt::print(stderr, "{}{}\n", rates_text(summary), summary.clock());
  }
  return simulation.interrupted() ? Interrupt::kExitCode : 0;
}

}  // namespace chronotope::apps
