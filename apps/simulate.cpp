// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "chronotope/apps/clock_run.hpp"
#include "chronotope/apps/input_spikes.hpp"
#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/json.hpp"
#include "chronotope/apps/network_options.hpp"
#include "chronotope/apps/options.hpp"
#include "chronotope/apps/output_failures.hpp"
#include "chronotope/apps/progress.hpp"
#include "chronotope/apps/result_tables.hpp"
#include "chronotope/apps/rounded_times.hpp"
#include "chronotope/apps/simulation.hpp"
#include "chronotope/apps/simulation_stream.hpp"
#include "chronotope/apps/weight_recorder.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

OptionGroup run_options() {
  return {"Run",
          {{"until", Milliseconds{stated_duration(1e-12)},
            "end of the run; default: the end of the inputs, or 1000"},
           {"threads", WholeNumber{1, 256, "1"},
            "how many threads share the neurons; changes no bit of the result"}}};
}

OptionGroup output_options() {
  return {
      "Output",
      {{"spikes", File{File::Use::kWritten}, "write spikes as CSV: time_ms,population,neuron"},
       {"record-inputs",
        Flag(),
        "the spikes of inputs, too, into --spikes and --out: their names as populations, channels as neurons",
        {{"spikes"}, {"out"}}},
       {"out", File{File::Use::kWritten}, "write the stream of spikes and snapshots, - for stdout"},
       {"snapshot-every", Milliseconds{stated_duration(1e-3)},
        "also snapshot at every multiple of this; default: only at the end"},
       {"potentials", Flag(), "with --out: also write all potentials at the end of each stimulus"},
       {"json", Flag(), "print the summary as one JSON object"},
       {"quiet", Flag(), "print nothing but errors"}}};
}

Usage make_usage() {
  Usage usage;
  usage.synopsis = "simulate SPEC [options]";
  usage.summary =
      "Runs the network that SPEC describes (textproto, JSON or binary; docs/specification.md) from spike to "
      "spike, without a time step.";
  usage.examples =
      "  chronotope simulate net.textproto --until 1000 --spikes spikes.csv --weights weights.csv\n"
      "  chronotope simulate net.textproto --until 1000 --set population.E.I_e=400 --spikes strong.csv\n"
      "  chronotope simulate net.textproto --until 1000 --spikes spikes.csv --record-inputs\n"
      "  chronotope simulate net.textproto --until 1e6 --snapshot-every 1e5 --out run.pb\n"
      "  chronotope simulate net.textproto --weights-every 100 --weights-of 'E->E:0-9' --weights traces.csv\n"
      "  chronotope simulate net.textproto --weights-at 0,500 --histogram 0,60,30 --histograms h.csv\n"
      "  chronotope simulate net.textproto --out - | chronotope inspect -\n"
      "  chronotope simulate net.textproto --clock 0.1 --interpolate cubic --spikes spikes.csv\n";
  usage.positional = {"SPEC"};
  usage.groups = {network_options(), run_options(), output_options(), WeightRecorder::options(),
                  clock_options()};
  return usage;
}

/// The time or length of time of an option, if it was given; counts those that had to be rounded.
std::optional<Duration> stated_option(const po::variables_map& values, const std::string& option,
                                      std::uint64_t& rounded_times) {
  if (values.count(option) == 0) return {};
  const Decimal time = time_option(values, option);
  rounded_times += time.is_whole ? 0 : 1;
  return time.value;
}

/// What a clock refuses for a better reason.
void check_company(const po::variables_map& values) {
  const bool streams = values.count("out") != 0 || values.count("clock") != 0;
  for (const char* option : {"snapshot-every", "potentials"}) require_use(values, option, streams, "--out");
}

/// The stimuli whose ends the run reaches, and these ends in time order.
struct StimulusEnds {
  std::vector<Time> time;
  std::vector<std::uint32_t> mark;  // place among the stream's marks
};

StimulusEnds stimulus_ends(const proto::DecodedSpec& spec, Time until) {
  std::vector<std::pair<Time, std::uint32_t>> ends;
  std::uint32_t mark = 0;
  for (const proto::Stimulus& stimulus : spec.stimuli)
    if (stimulus.onset < until) ends.emplace_back(stimulus.onset + stimulus.duration, mark++);
  std::sort(ends.begin(), ends.end());
  StimulusEnds sorted;
  for (const auto& [time, place] : ends) {
    sorted.time.push_back(time);
    sorted.mark.push_back(place);
  }
  return sorted;
}

Time end_of_run(const po::variables_map& values, proto::DecodedSpec& spec) {
  if (const auto until = stated_option(values, "until", spec.rounded_times)) return Time() + *until;
  return end_of_inputs(spec).value_or(stated_time(1000));
}

/// An output could not be written: the run ends, and the others are completed.
struct OutputGivenUp {};

double told_spikes(const RunSummary& summary) {
  double spikes = 0;
  for (const PopulationActivity& population : summary.population()) spikes += population.spikes();
  return spikes;
}

void print_summary(const RunSummary& summary, Time until) {
  if (summary.interrupted())
    fmt::print(stderr, "interrupted at {:.6g} of {:.6g} ms\n", summary.until_ms(), until.to_ms());
  fmt::print(
      stderr,
      "{:.0f} spikes and {:.0f} synaptic events in {:.6g} ms, simulated in {:.3g} s (built in {:.3g} s, "
      "{:.0f} MB)\n",
      summary.spikes(), summary.synaptic_events(), summary.until_ms(), summary.simulate_seconds(),
      summary.build_seconds(), summary.peak_rss_mb());
  fmt::print(stderr, "{}", rates_text(summary));
  fmt::print(stderr,
             "exactness: {:.0f} bounds evaluated, {:.0f} crossings polished, largest residual {:.2g} mV\n",
             summary.exactness().bounds_evaluated(), summary.exactness().roots_polished(),
             summary.exactness().largest_residual_mv());
}

}  // namespace

int simulate(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  const bool potentials = (*values)["potentials"].as<bool>();
  const bool quiet = (*values)["quiet"].as<bool>();
  check_company(*values);

  proto::SpecText text;
  read_network(*values, (*values)["SPEC"].as<std::string>(), text);
  proto::DecodedSpec spec = proto::decode(text);
  require_not_read(*values, written_options(make_usage()), spec.files);
  const auto snapshot_every = stated_option(*values, "snapshot-every", spec.rounded_times);
  const Time until = end_of_run(*values, spec);
  if (values->count("clock") != 0) {
    if (!quiet) tell_rounded_times(spec.rounded_times);
    return simulate_on_clock(*values, spec, until);
  }
  const auto recorder = WeightRecorder::make(*values, spec.network);

  std::unique_ptr<SpikeTable> spikes;
  std::unique_ptr<proto::Output> weights;
  std::unique_ptr<SimulationStream> stream;
  OutputFailures failures;
  const auto record = [&](std::uint32_t population, NeuronId neuron, Time time) {
    failures.guard(spikes, [&](SpikeTable& out) { out.write(population, neuron, time); });
    failures.guard(stream, [&](SimulationStream& out) { out.write_spike(population, neuron, time); });
  };
  std::unique_ptr<InputSpikes> inputs;
  if ((*values)["record-inputs"].as<bool>()) inputs = std::make_unique<InputSpikes>(spec.network, record);
  const auto hear_inputs = [&](Time now) {
    if (inputs) inputs->tell_until(now);
  };
  const auto on_spike = [&](std::uint32_t population, NeuronId neuron, Time time) {
    hear_inputs(time);
    record(population, neuron, time);
  };
  Simulation simulation(spec, on_spike, static_cast<unsigned>(whole_option(*values, "threads")));
  const Interrupt interrupt;  // before any output is opened: from here on Ctrl-C leaves complete files
  if (values->count("spikes") != 0)
    spikes = std::make_unique<SpikeTable>((*values)["spikes"].as<std::string>(), spec.network);
  if (recorder)
    recorder->open(simulation.engine());
  else if (values->count("weights") != 0)
    weights = std::make_unique<proto::Output>((*values)["weights"].as<std::string>());
  if (values->count("out") != 0) {
    stream = std::make_unique<SimulationStream>((*values)["out"].as<std::string>(), spec, text.message);
    failures.guard(stream, [&](SimulationStream& out) {
      out.write_stimuli(spec.stimuli, until);
      out.write_synapses(simulation.engine());
      out.flush();
    });
  }

  if (!quiet) tell_rounded_times(spec.rounded_times);
  std::optional<InputError> breakdown;  // of a neuron that could not be followed: what it did before is kept
  try {
    Progress progress("simulate", quiet);
    const StimulusEnds ends = potentials ? stimulus_ends(spec, until) : StimulusEnds();
    const auto write_snapshot = [&] {
      hear_inputs(simulation.engine().now());
      failures.guard(stream, [&](SimulationStream& out) { out.write_snapshot(simulation.engine()); });
    };
    const auto go_on = [&](Time now) {
      hear_inputs(now);
      failures.guard(stream, [](SimulationStream& out) { out.flush(); });
      if (failures.any()) throw OutputGivenUp();
      progress.update(now.to_ms(), until.to_ms(), fmt::format("{:.0f} ms", now.to_ms()));
    };
    const auto write_potentials = [&](std::size_t stop) {
      failures.guard(
          stream, [&](SimulationStream& out) { out.write_potentials(simulation.engine(), ends.mark[stop]); });
    };
    simulation.run({until, snapshot_every, write_snapshot, go_on, ends.time, write_potentials,
                    [&] { return recorder ? recorder->next() : Time::never(); },
                    [&] { recorder->record(simulation.engine(), stream, failures); }});
  } catch (const OutputGivenUp&) {
  } catch (const InputError& error) {
    breakdown = error;
    weights.reset();  // the network is neither at the time of its last spikes nor at that of the breakdown
  }

  hear_inputs(simulation.engine().now());
  RunSummary summary = simulation.summary();
  if (breakdown) summary.set_spikes(told_spikes(summary));  // the engine's last window was told nobody
  summary.set_rounded_times(static_cast<double>(spec.rounded_times));
  summary.set_interrupted(summary.interrupted() || failures.any() || breakdown);
  failures.guard(stream, [&](SimulationStream& out) {
    if (!breakdown) out.write_snapshot(simulation.engine());
    out.close(summary);
  });
  failures.guard(spikes, [](SpikeTable& out) { out.close(); });
  if (recorder) recorder->close(failures);
  failures.guard(weights, [&](proto::Output& out) { write_weights(out, spec.network, simulation.engine()); });
  if (breakdown)
    throw InputError(fmt::format("{}; the outputs end at {:.6g} ms", breakdown->what(), summary.until_ms()));
  failures.rethrow();
  if ((*values)["json"].as<bool>())
    fmt::print("{}\n", to_json(summary));
  else if (!quiet)
    print_summary(summary, until);
  return simulation.interrupted() ? Interrupt::kExitCode : 0;
}

}  // namespace chronotope::apps
