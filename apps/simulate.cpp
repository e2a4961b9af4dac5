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
#include "chronotope/apps/leftovers.hpp"
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
            "how many threads share the neurons; changes no bit of the result"},
           reset_option(),
           {"resume", File{File::Use::kRead},
            "instead of SPEC: go on with the run whose --out stream this is, killed or ended, from the last "
            "state in it; its outputs are gone on with, too"}}};
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
      "  chronotope simulate --resume run.pb\n"
      "  chronotope simulate --resume run.pb --until 2e6 --threads 2\n"
      "  chronotope simulate net.textproto --weights-every 100 --weights-of 'E->E:0-9' --weights traces.csv\n"
      "  chronotope simulate net.textproto --weights-at 0,500 --histogram 0,60,30 --histograms h.csv\n"
      "  chronotope simulate net.textproto --out - | chronotope inspect -\n"
      "  chronotope simulate net.textproto --clock 0.1 --interpolate cubic --spikes spikes.csv\n";
  usage.positional = {"SPEC"};
  usage.last_optional = true;
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

Time end_of_run(const po::variables_map& values, proto::DecodedSpec& spec) {
  if (const auto until = stated_option(values, "until", spec.rounded_times)) return Time() + *until;
  return end_of_inputs(spec).value_or(stated_time(1000));
}

/// A run that goes on keeps what it was told.
void check_resumed(const po::variables_map& values) {
  if (values.count("SPEC") != 0)
    throw InputError("--resume: goes on with the specification in the stream; leave " +
                     values["SPEC"].as<std::string>() + " out");
  for (const auto& [option, value] : values)
    if (given(values, option) && option != "resume" && option != "until" && option != "threads" &&
        option != "json" && option != "quiet")
      throw InputError("--" + option + ": can not be changed by --resume; the run keeps what it was told");
}

/// The path of an output as it is from the stream's folder, with which it may move.
std::string beside_stream(const po::variables_map& values, const std::string& option) {
  const std::string path = text_option(values, option);
  const std::string stream = text_option(values, "out");
  if (path.empty() || path == "-" || stream.empty() || stream == "-") return path;
  const auto folder = std::filesystem::absolute(stream).parent_path().lexically_normal();
  return std::filesystem::absolute(path).lexically_normal().lexically_relative(folder).string();
}

/// What the command line says of a run.
RunRecord told(const po::variables_map& values, const proto::SpecText& text, proto::DecodedSpec& spec) {
  RunRecord record;
  record.snapshot_every = stated_option(values, "snapshot-every", spec.rounded_times);
  record.until = end_of_run(values, spec);
  record.spec_name = text.name;
  record.folder = std::filesystem::absolute(text.folder / ".").string();
  record.spikes = beside_stream(values, "spikes");
  record.weights = beside_stream(values, "weights");
  record.record_inputs = values["record-inputs"].as<bool>();
  record.potentials = values["potentials"].as<bool>();
  return record;
}

/// The same of one that goes on, for longer if that is told.
RunRecord told_again(const po::variables_map& values, const SavedRun& saved, proto::DecodedSpec& spec) {
  RunRecord record = saved.record();
  if (values.count("until") == 0) return record;
  record.until = end_of_run(values, spec);
  require(!record.part || record.until <= saved.record().until, "until", to_text(record.until) + " ms",
          "can not be later than before in a run with --reset");
  return record;
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
  const bool quiet = (*values)["quiet"].as<bool>();
  check_company(*values);

  proto::SpecText text;
  std::optional<SavedRun> saved;
  if (values->count("resume") != 0) {
    check_resumed(*values);
    saved.emplace(find_left((*values)["resume"].as<std::string>()));
    text.message = saved->header().spec();
    text.name = saved->record().spec_name;
    text.folder = saved->record().folder;
  } else {
    if (values->count("SPEC") == 0) throw InputError("SPEC is missing (see chronotope simulate --help)");
    read_network(*values, (*values)["SPEC"].as<std::string>(), text);
  }
  proto::DecodedSpec spec = proto::decode(text);
  require_not_read(*values, written_options(make_usage()), spec.files);
  RunRecord run = saved ? told_again(*values, *saved, spec) : told(*values, text, spec);
  const Time until = run.until;
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
  bool is_told = false;  // else inputs are where a run goes on from
  const auto record_input = [&](std::uint32_t input, NeuronId channel, Time time) {
    if (is_told) record(input, channel, time);
  };
  if (run.record_inputs) inputs = std::make_unique<InputSpikes>(spec.network, record_input);
  const auto hear_inputs = [&](Time now) {
    if (inputs) inputs->tell_until(now);
  };
  const auto on_spike = [&](std::uint32_t population, NeuronId neuron, Time time) {
    hear_inputs(time);
    record(population, neuron, time);
  };
  const bool is_cut = saved ? run.part.has_value() : (*values)["reset"].as<bool>();
  Simulation simulation(spec, on_spike, static_cast<unsigned>(whole_option(*values, "threads")),
                        is_cut ? std::optional(resets_of(spec, until)) : std::nullopt);
  const Interrupt interrupt;  // before any output is opened: from here on Ctrl-C leaves complete files
  // Outputs by the paths that the command line gives, or as they are from the folder of a stream that goes on.
  const auto path_of = [&](const char* option, const std::string& recorded) {
    if (!saved || recorded.empty() || recorded == "-") return text_option(*values, option);
    return (std::filesystem::path(saved->file().path).parent_path() / recorded).string();
  };
  const std::string spikes_path = path_of("spikes", run.spikes);
  const std::string weights_path = path_of("weights", run.weights);
  if (saved) {
    if (run.spikes == "-" || run.weights == "-")
      throw InputError(saved->file().at.string() +
                       ": its run wrote to a pipe, which can not be gone on with");
    simulation.load(*saved, run.part);
    if (!(simulation.engine().now() < until))
      throw InputError(fmt::format("--until: {} ms is not after {} ms, where the run goes on from",
                                   to_text(until), to_text(simulation.engine().now())));
    if (!spikes_path.empty())
      spikes = std::make_unique<SpikeTable>(spikes_path, find_left(spikes_path).at, run.spikes_bytes,
                                            spec.network);
    stream = std::make_unique<SimulationStream>(*saved, spec);
    if (!weights_path.empty()) remove_leftovers(weights_path, true);  // written anew at the end
  } else if (!spikes_path.empty()) {
    spikes = std::make_unique<SpikeTable>(spikes_path, spec.network);
  }
  hear_inputs(simulation.engine().now());
  is_told = true;
  if (recorder)
    recorder->open(simulation.engine());
  else if (!weights_path.empty())
    weights = std::make_unique<proto::Output>(weights_path);
  if (values->count("out") != 0) {
    stream = std::make_unique<SimulationStream>((*values)["out"].as<std::string>(), spec, text.message);
    failures.guard(stream, [&](SimulationStream& out) {
      out.write_stimuli(spec.stimuli, until);
      out.write_synapses(simulation.engine());
      out.flush();
    });
  }

  const auto write_state = [&](bool at_end) {
    run.part = simulation.part();
    hear_inputs(simulation.engine().now());
    failures.guard(spikes, [&](SpikeTable& out) { run.spikes_bytes = out.sync(); });
    failures.guard(stream, [&](SimulationStream& out) {
      out.write_snapshot(simulation.engine());
      if (!recorder) out.write_state(simulation.engine(), run, simulation.rates(), at_end);
    });
  };
  if (!quiet) tell_rounded_times(spec.rounded_times);
  std::optional<InputError> breakdown;  // of a neuron that could not be followed: what it did before is kept
  try {
    Progress progress("simulate", quiet);
    const StimulusEnds ends = run.potentials ? stimulus_ends(spec, until) : StimulusEnds();
    const auto write_snapshot = [&] { write_state(false); };
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
    simulation.run({until, run.snapshot_every, write_snapshot, go_on, ends.time, write_potentials,
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
  if (!breakdown) write_state(true);
  failures.guard(stream, [&](SimulationStream& out) { out.close(summary); });
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
