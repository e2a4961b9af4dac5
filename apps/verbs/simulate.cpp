// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/options/network_options.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/options/state_reset.hpp"
#include "chronotope/apps/output/json.hpp"
#include "chronotope/apps/output/leftovers.hpp"
#include "chronotope/apps/output/output_failures.hpp"
#include "chronotope/apps/output/progress.hpp"
#include "chronotope/apps/output/result_tables.hpp"
#include "chronotope/apps/output/rounded_times.hpp"
#include "chronotope/apps/output/run_pace.hpp"
#include "chronotope/apps/output/run_part.hpp"
#include "chronotope/apps/output/simulation_stream.hpp"
#include "chronotope/apps/output/state_recorder.hpp"
#include "chronotope/apps/output/weight_recorder.hpp"
#include "chronotope/apps/program_version.hpp"
#include "chronotope/apps/ranks/join_ranks.hpp"
#include "chronotope/apps/ranks/rank_agreement.hpp"
#include "chronotope/apps/ranks/rank_run.hpp"
#include "chronotope/apps/ranks/rank_watch.hpp"
#include "chronotope/apps/runs/checkpoint_files.hpp"
#include "chronotope/apps/runs/clock_run.hpp"
#include "chronotope/apps/runs/file_digest.hpp"
#include "chronotope/apps/runs/fork.hpp"
#include "chronotope/apps/runs/input_spikes.hpp"
#include "chronotope/apps/runs/rate_limit.hpp"
#include "chronotope/apps/runs/resources.hpp"
#include "chronotope/apps/runs/run_estimate.hpp"
#include "chronotope/apps/runs/saved_run.hpp"
#include "chronotope/apps/runs/simulation.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/proto/spec_assignment.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

OptionGroup run_options() {
  return {
      "Run",
      {{"until", Milliseconds{stated_duration(1e-12)},
        "end of the run; default: the end of the inputs, or 1000"},
       {"threads", WholeNumber{1, 256, "1"},
        "how many threads share the neurons; changes no bit of the result"},
       reset_option(),
       {"resume", File{File::Use::kRead},
        "instead of SPEC: go on with the run whose --out stream this is, killed or ended, from the last "
        "state in it; its outputs are gone on with, too. With --out a fork: a run of its own from there on, "
        "in which --set, --freeze and files of inputs may change what is to come"},
       {"freeze", Flag(), "with --resume and --out: no plasticity rule learns any more", {{"resume"}}},
       {"max-rate", RealNumber{above(0), any_finite(), "", "HZ", " Hz"},
        "stop, with a snapshot, when a population fires faster than this over 100 ms"},
       {"estimate", Flag(),
        "say what the run would take - memory, synapses, events, time - after a look at its first seconds "
        "of work, and end"},
       {"ranks",
        WholeNumber{1, 1'000'000, ""},
        "with --estimate: what the run would take on so many ranks of mpirun (docs/ranks.md)",
        {{"estimate"}}},
       {"latency",
        RealNumber{above(0), any_finite(), "2", "US", " us"},
        "with --ranks: of one message between two of them",
        {{"ranks"}}},
       {"bandwidth",
        RealNumber{above(0), any_finite(), "10", "GBS", " GB/s"},
        "with --ranks: of one of them",
        {{"ranks"}}},
       {"over-memory", Flag(), "run although the network needs more memory than the machine has"}}};
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
       {"split-output",
        Flag(),
        "with --out: every rank of mpirun writes what it has into a file of its own, run.0.pb, run.1.pb, ... of "
        "run.pb, of which chronotope inspect --merge makes the stream",
        {{"out"}}},
       {"snapshot-every", Milliseconds{stated_duration(1e-3)},
        "also snapshot at every multiple of this; default: only at the end"},
       {"snapshot-wall", RealNumber{above(0), any_finite(), "", "SECONDS", " s"},
        "with --out: every so many seconds write the state into a file beside the stream, OUT.checkpointN, from "
        "which --resume goes on"},
       {"keep",
        WholeNumber{1, 1'000'000, ""},
        "how many checkpoint files stay (default 2); with --snapshot-every, states go into them instead of into "
        "the stream",
        {{"snapshot-wall"}, {"snapshot-every"}}},
       {"progress", Flag(),
        "show progress where standard error is no terminal, too: a line every ten seconds"},
       {"recordings", File{File::Use::kWritten},
        "write what the recorders of the specification saw as CSV: time_ms,population,neuron,quantity,value"},
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
      "  chronotope simulate --resume run.pb --out strong.pb --set population.E.I_e=400\n"
      "  chronotope simulate --resume run.pb --out tested.pb --freeze --until 2e6\n"
      "  chronotope simulate net.textproto --until 1e8 --snapshot-wall 600 --keep 3 --max-rate 200 --out run.pb\n"
      "  chronotope simulate net.textproto --weights-every 100 --weights-of 'E->E:0-9' --weights traces.csv\n"
      "  chronotope simulate net.textproto --weights-at 0,500 --histogram 0,60,30 --histograms h.csv\n"
      "  chronotope simulate net.textproto --out - | chronotope inspect -\n"
      "  chronotope simulate net.textproto --clock 0.1 --interpolate cubic --spikes spikes.csv\n"
      "  mpirun -n 4 chronotope simulate net.textproto --until 1000 --out run.pb\n"
      "  mpirun -n 4 chronotope simulate net.textproto --until 1000 --out run.pb --split-output\n"
      "  chronotope simulate net.textproto --until 1000 --estimate --ranks 64 --latency 2 --bandwidth 10\n";
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

/// Options of a run that goes on as it was told.
const std::vector<std::string> kOfResumed{"resume",   "until",    "threads",     "json",          "quiet",
                                          "progress", "max-rate", "over-memory", "snapshot-wall", "keep"};
/// Options that a fork can not have.
const std::vector<std::string> kNotOfFork{"SPEC", "seed", "seed-of", "cv", "clock", "estimate", "reset"};

bool is_among(const std::string& option, const std::vector<std::string>& options) {
  return std::find(options.begin(), options.end(), option) != options.end();
}

/// A run that goes on keeps what it was told; a fork is told anew.
void check_resumed(const po::variables_map& values) {
  if (values.count("SPEC") != 0)
    throw InputError("--resume: goes on with the specification in the stream; leave " +
                     values["SPEC"].as<std::string>() + " out");
  const bool is_fork = values.count("out") != 0;
  for (const auto& [option, value] : values) {
    if (!given(values, option)) continue;
    if (is_fork && is_among(option, kNotOfFork))
      throw InputError("--" + option + ": can not be changed by a fork; what was drawn stays");
    if (!is_fork && !is_among(option, kOfResumed))
      throw InputError(
          "--" + option +
          ": can not be changed by --resume, which goes on as the run was told; a fork can, into a "
          "stream of its own: --out NEW");
  }
}

/// The path of an output as it is from the stream's folder, with which it may move.
std::string beside_stream(const po::variables_map& values, const std::string& option) {
  const std::string path = text_option(values, option);
  const std::string stream = text_option(values, "out");
  if (path.empty() || path == "-" || stream.empty() || stream == "-") return path;
  const auto folder = std::filesystem::absolute(stream).parent_path().lexically_normal();
  return std::filesystem::absolute(path).lexically_normal().lexically_relative(folder).string();
}

std::vector<FileDigest> digests_of(const std::vector<std::filesystem::path>& files) {
  std::vector<FileDigest> digests;
  for (const auto& file : files) digests.push_back(digest_of(file));
  return digests;
}

/// As the stream holds it, which has no trace of checkpoint files.
RunRecord without_wall(RunRecord record) {
  record.snapshot_wall = 0;
  if (!record.keeps_apart) record.keep = RunRecord().keep;
  return record;
}

/// Checkpoint files, which a run that goes on may have otherwise than before.
void take_checkpoint_options(const po::variables_map& values, RunRecord& record) {
  if (values.count("snapshot-wall") != 0) record.snapshot_wall = values["snapshot-wall"].as<double>();
  if (values.count("keep") != 0) record.keep = values["keep"].as<std::uint64_t>();
}

/// What the command line says of a run.
RunRecord told(const po::variables_map& values, const proto::SpecText& text, proto::DecodedSpec& spec) {
  RunRecord record;
  record.snapshot_every = stated_option(values, "snapshot-every", spec.rounded_times);
  record.until = end_of_run(values, spec);
  record.spec_name = text.name;
  record.folder = std::filesystem::absolute(text.folder / ".").string();
  if (values.count("out") != 0) record.inputs = digests_of(spec.files);
  record.spikes.path = beside_stream(values, "spikes");
  record.weights.path = beside_stream(values, "weights");
  record.histograms.path = beside_stream(values, "histograms");
  record.record_inputs = values["record-inputs"].as<bool>();
  record.potentials = values["potentials"].as<bool>();
  if (!spec.recorders.empty()) record.states.emplace().output.path = beside_stream(values, "recordings");
  take_checkpoint_options(values, record);
  record.keeps_apart = values.count("keep") != 0 && record.snapshot_every;
  return record;
}

/// The same of one that goes on, for longer if that is told. Throws InputError when a file that it reads is not
/// what it was.
RunRecord told_again(const po::variables_map& values, const SavedRun& saved, proto::DecodedSpec& spec) {
  RunRecord record = saved.record();
  if (values.count("until") != 0) record.until = end_of_run(values, spec);
  require(!record.part || record.until <= saved.record().until, "until", to_text(record.until) + " ms",
          "can not be later than before in a run with --reset");
  take_checkpoint_options(values, record);
  const std::vector<FileDigest> now = digests_of(spec.files);
  for (std::size_t k = 0; k < now.size(); ++k)
    if (k >= record.inputs.size() || now[k].sha1 != record.inputs[k].sha1)
      throw InputError(
          now[k].path +
          ": was changed since the run read it; a fork can go on with it (--resume with --out NEW)");
  for (const RecordedOutput* output : {&record.spikes, &record.weights, &record.histograms})
    if (output->path == "-")
      throw InputError(saved.file().at.string() +
                       ": its run wrote to a pipe, which can not be gone on with; a fork can be made of it "
                       "(--out NEW)");
  return record;
}

/// The recorders of a specification, when anything is written of them.
std::unique_ptr<StateRecorder> make_state_recorder(const po::variables_map& values,
                                                   const proto::DecodedSpec& spec, const RunRecord& record,
                                                   bool goes_on) {
  require_use(values, "recordings", !spec.recorders.empty(), "a recorder in the specification");
  const bool is_written =
      goes_on ? record.states.has_value() : values.count("recordings") + values.count("out") != 0;
  if (spec.recorders.empty() || !is_written) return nullptr;
  return std::make_unique<StateRecorder>(spec.recorders, spec.network, text_option(values, "recordings"));
}

/// Options of a run that is not shared by ranks.
const std::vector<std::string> kOfOneRank{"clock", "estimate", "reset"};

void check_ranks(const po::variables_map& values, const Part& part) {
  if (part.is_whole()) return;
  for (const std::string& option : kOfOneRank)
    if (values.count(option) != 0 && given(values, option))
      throw InputError("--" + option + ": works on one rank only; this run has " +
                       std::to_string(part.exchange()->ranks()));
}

/// What one rank would have to gather, or what is no stream of parts.
void check_split(const po::variables_map& values) {
  if (!values["split-output"].as<bool>()) return;
  for (const char* table : {"spikes", "weights", "histograms", "recordings"})
    if (values.count(table) != 0)
      throw InputError(
          std::string("--") + table +
          ": one rank would gather it, which --split-output spares; chronotope export makes tables of "
          "the merged stream");
  for (const char* apart : {"snapshot-wall", "resume"})
    if (values.count(apart) != 0) throw InputError(std::string("--") + apart + ": excludes --split-output");
  const std::string path = text_option(values, "out");
  std::error_code unknown;
  const bool is_file = path != "-" && (!std::filesystem::exists(path, unknown) ||
                                       std::filesystem::is_regular_file(path, unknown));
  require(is_file, "out", path, "--split-output needs the name of a file");
}

/// What a clock refuses for a better reason.
void check_company(const po::variables_map& values) {
  if (values.count("clock") != 0) return;
  check_split(values);
  if (values.count("resume") != 0) return check_resumed(values);
  const bool streams = values.count("out") != 0;
  for (const char* option : {"snapshot-every", "snapshot-wall", "potentials"})
    require_use(values, option, streams, "--out");
  require_use(values, "snapshot-wall", text_option(values, "out") != "-", "a file to write to, not a pipe");
  if (values.count("SPEC") == 0 && values.count("resume") == 0)
    throw InputError("SPEC is missing (see chronotope simulate --help)");
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

/// What the run is made of: a specification, or a state and what a fork changes of its.
struct Source {
  proto::SpecText text;
  std::optional<SavedRun> saved;
  std::optional<Fork> fork;

  bool goes_on() const { return saved.has_value() && !fork.has_value(); }
};

/// The specification of a fork.
void fork_off(const po::variables_map& values, Source& source) {
  if (source.saved->record().part)
    throw InputError("--out: a run with --reset can be gone on with, but not forked");
  if (values.count("set") != 0)
    for (const std::string& assignment : values["set"].as<std::vector<std::string>>())
      proto::assign(source.text, assignment, "--set " + assignment);
  if (values["freeze"].as<bool>()) freeze(source.text.message, source.saved->time());
  source.fork.emplace(source.saved->header().spec(), source.text.message, source.text.folder);
}

void read_source(const po::variables_map& values, Source& source) {
  if (values.count("resume") == 0) return read_network(values, values["SPEC"].as<std::string>(), source.text);
  source.saved.emplace(find_left(values["resume"].as<std::string>()));
  source.text.message = source.saved->header().spec();
  source.text.name = source.saved->record().spec_name;
  source.text.folder = source.saved->record().folder;
  if (values.count("out") != 0) fork_off(values, source);
}

/// Inputs whose files are not what they were are others, too.
std::vector<std::uint32_t> changed_files(const RunRecord& then, const RunRecord& now,
                                         const NetworkSpec& spec) {
  std::vector<std::uint32_t> inputs;
  if (then.inputs == now.inputs) return inputs;
  for (int k = 0; k < spec.input_size(); ++k)
    if (spec.input(k).has_csv() || spec.input(k).has_spike_stream())
      inputs.push_back(static_cast<std::uint32_t>(k));
  return inputs;
}

/// A fork keeps the currents of its run, whose files must be what they were.
void require_same_currents(const RunRecord& then, const RunRecord& now, const Source& source) {
  for (const StepCurrent& current : source.text.message.current()) {
    if (current.path().empty()) continue;
    const std::string path = (source.text.folder / current.path()).string();
    const auto digest = [&](const RunRecord& record) {
      const auto found = std::ranges::find(record.inputs, path, &FileDigest::path);
      return found == record.inputs.end() ? std::string() : found->sha1;
    };
    if (digest(then) != digest(now))
      throw InputError("--resume: current." + current.name() + " can not change: " + path +
                       " was changed since the run read it");
  }
}

Parent parent_of(const Source& source) {
  Parent parent;
  parent.set_digest(source.saved->digest());
  *parent.mutable_time() = proto::encode(source.saved->time());
  for (const std::string& change : source.fork->changes()) parent.add_change(change);
  return parent;
}

/// What only one rank does, of what the run that is gone on with asks for.
void check_ranks(const Part& part, const Source& source, const RunRecord& record) {
  if (part.is_whole()) return;
  const auto refuse = [](const std::string& what) { throw InputError(what + ": works on one rank only"); };
  if (source.fork) refuse("--out with --resume, a fork");
  if (record.part) refuse("--resume of a run with --reset");
}

/// What the parts of a run have in common: it decides every byte of them but the summary's costs.
std::string name_of_run(const Source& source, const RunRecord& record, const Part& part) {
  std::string told;
  Packer{told}(record.until, record.snapshot_every, record.inputs, record.record_inputs, record.potentials,
               record.recorder.empty());
  const unsigned ranks = part.is_whole() ? 1 : part.exchange()->ranks();
  const std::string own = digest_of_bytes(fmt::format("{}\n{}\n", program_version(), ranks) + told +
                                          source.text.message.SerializeAsString());
  return part.is_whole() ? own : part.exchange()->all(own).front();
}

/// A run and its outputs.
class Run {
 public:
  Run(const po::variables_map& values, const Source& source, const proto::DecodedSpec& spec, RunRecord record,
      const Part& part)
      : values_(values),
        source_(source),
        spec_(spec),
        record_(std::move(record)),
        part_(part),
        is_split_(values["split-output"].as<bool>()),
        files_(spec.files),
        quiet_(values["quiet"].as<bool>() || !part.is_root()),
        recorder_(source.goes_on() ? WeightRecorder::make(record_, folder(), spec.network)
                                   : WeightRecorder::make(values, spec.network)),
        states_(make_state_recorder(values, spec, record_, source.goes_on())),
        limit_(values.count("max-rate") == 0 ? 0 : values["max-rate"].as<double>(), spec.network),
        simulation_(
            spec,
            [this](std::uint32_t population, NeuronId neuron, Time time) {
              hear_inputs(time);
              limit_.add_spike(population);
              if (states_) states_->add_spike(population, neuron);
              write_spike(population, neuron, time);
            },
            static_cast<unsigned>(whole_option(values, "threads")), resets(),
            values["over-memory"].as<bool>(), Interrupt::check, part) {
    if (values.count("SPEC") != 0) files_.emplace_back(values["SPEC"].as<std::string>());
    if (recorder_ && !source.goes_on()) record_.recorder = recorder_->given_options();
    if (record_.record_inputs && part_.is_root())
      inputs_ = std::make_unique<InputSpikes>(spec.network,
                                              [this](std::uint32_t input, NeuronId channel, Time time) {
                                                if (is_told_) write_spike(input, channel, time);
                                              });
  }
  Run(const Run&) = delete;  // the simulation tells its spikes to this one
  Run& operator=(const Run&) = delete;

  int go() {
    const Interrupt interrupt;  // before any output is opened: from here on Ctrl-C leaves complete files
    if (source_.saved) load();
    if (source_.goes_on() && part_.is_root())
      go_on_with_outputs();
    else
      open_outputs();
    limit_.begin(now());
    if (!quiet_) tell_rounded_times(spec_.rounded_times);
    if (!part_.is_whole()) ranks_.emplace(*part_.exchange());
    simulate();
    return end();
  }

 private:
  std::filesystem::path folder() const {
    return source_.saved ? std::filesystem::path(source_.saved->file().path).parent_path() : "";
  }
  Time now() { return simulation_.engine().now(); }
  std::optional<Resets> resets() const {
    const bool is_cut = source_.saved ? record_.part.has_value() : values_["reset"].as<bool>();
    return is_cut ? std::optional(resets_of(spec_, record_.until)) : std::nullopt;
  }
  void hear_inputs(Time time) {
    if (inputs_) inputs_->tell_until(time);
  }
  void write_spike(std::uint32_t population, NeuronId neuron, Time time) {
    if (is_split_ && !is_own(population, neuron)) return;
    failures_.guard(spikes_, [&](SpikeTable& out) { out.write(population, neuron, time); });
    failures_.guard(stream_, [&](SimulationStream& out) { out.write_spike(population, neuron, time); });
  }

  /// Of a neuron that this rank has; inputs are told by rank 0.
  bool is_own(std::uint32_t population, NeuronId neuron) const {
    const auto& populations = spec_.network.populations;
    return population >= populations.size() || part_.of(populations[population].size).holds(index(neuron));
  }

  void load() {
    SavedRun saved = *source_.saved;
    if (source_.fork) source_.fork->require_queued(simulation_.engine());
    simulation_.load(saved, source_.fork ? source_.fork->for_engine() : events::Engine::Changes(),
                     record_.part);
    if (!(now() < record_.until))
      throw InputError(fmt::format("--until: {} ms is not after {} ms, where the run goes on from",
                                   to_text(record_.until), to_text(now())));
  }
  void open_outputs() {
    start_inputs();
    if (const std::string path = own_path("spikes", record_.spikes); !path.empty())
      spikes_ = std::make_unique<SpikeTable>(path, spec_.network);
    if (recorder_)
      source_.goes_on() ? recorder_->go_on(simulation_.engine(), record_)
                        : recorder_->open(simulation_.engine());
    else if (const std::string path = own_path("weights", record_.weights); !path.empty())
      weights_ = std::make_unique<proto::Output>(path);
    if (states_)
      source_.goes_on() ? states_->go_on(simulation_.engine(), *record_.states, "")
                        : states_->open(simulation_.engine());
    const std::string path = own_path("out", {source_.goes_on() ? source_.saved->file().path : "", {}});
    if (path.empty()) return;
    stream_ = open_stream(path);
    open_checkpoints(path);
    if (source_.goes_on()) return;
    failures_.guard(stream_, [&](SimulationStream& out) {
      out.write_stimuli(spec_.stimuli, record_.until);
      out.write_synapses(simulation_.engine());
      out.flush();
    });
    end_with_root();
  }
  std::unique_ptr<SimulationStream> open_stream(const std::string& path) {
    const NetworkSpec& message = source_.text.message;
    if (source_.fork) return std::make_unique<SimulationStream>(path, spec_, message, parent_of(source_));
    if (!is_split_) return std::make_unique<SimulationStream>(path, spec_, message);
    const StreamPart part = part_of_run(spec_.network, part_, name_of_run(source_, record_, part_));
    const std::string own = part_path(text_option(values_, "out"), part.rank());
    require_not_read("out", own, files_);
    require_not_written(own);
    remove_leftovers(own, values_["quiet"].as<bool>());
    return std::make_unique<SimulationStream>(own, spec_, message, part);
  }
  /// Of an output; ranks but the root write theirs to nowhere, and like it what a run that goes on had.
  std::string own_path(const std::string& option, const RecordedOutput& gone_on_with) const {
    const std::string path = source_.goes_on() ? gone_on_with.path : text_option(values_, option);
    return path.empty() || part_.is_root() ? path : kNowhere;
  }
  /// By the paths of the record, as they are from the folder of the stream.
  void go_on_with_outputs() {
    const auto path_of = [&](const RecordedOutput& output) { return (folder() / output.path).string(); };
    if (!record_.spikes.path.empty()) {
      const std::string path = path_of(record_.spikes);
      spikes_ = std::make_unique<SpikeTable>(path, find_left(path).at, record_.spikes.place, spec_.network);
    }
    if (recorder_) recorder_->go_on(simulation_.engine(), record_);
    if (states_)
      states_->go_on(simulation_.engine(), *record_.states,
                     record_.states->output.path.empty() ? "" : path_of(record_.states->output));
    stream_ = std::make_unique<SimulationStream>(*source_.saved, spec_);
    open_checkpoints(source_.saved->file().path);
    start_inputs();
    if (recorder_ || record_.weights.path.empty()) return;
    const std::string path = path_of(record_.weights);
    remove_leftovers(path, true);  // written anew at the end
    weights_ = std::make_unique<proto::Output>(path);
  }
  void open_checkpoints(const std::string& path) {
    if (path == "-" || !part_.is_root() || is_split_) return;
    checkpoints_.emplace(path, record_.keep, source_.goes_on());
  }
  /// Inputs are where the run begins or goes on.
  void start_inputs() {
    hear_inputs(now());
    is_told_ = true;
  }

  void sync_tables() {
    record_.part = simulation_.part();
    hear_inputs(now());
    failures_.guard(spikes_, [&](SpikeTable& out) { record_.spikes.place = out.sync(); });
    if (recorder_) recorder_->sync(record_, failures_);
    if (states_) states_->sync(*record_.states, failures_);
  }
  void write_state(bool at_end) {
    sync_tables();
    failures_.guard(stream_, [&](SimulationStream& out) {
      out.write_snapshot(simulation_.engine());
      if (at_end || !record_.keeps_apart)
        out.write_state(simulation_.engine(), without_wall(record_), simulation_.rates(), at_end);
    });
    end_with_root();
    if (!at_end && record_.keeps_apart) write_checkpoint();
    saved_ = now();
  }
  void write_checkpoint() {
    sync_tables();
    failures_.guard(stream_, [&](SimulationStream& out) {
      const auto write = [&](const std::string& path) {
        out.write_checkpoint(path, simulation_.engine(), record_, simulation_.rates());
      };
      part_.is_root() ? checkpoints_->add(write) : write(kNowhere);
    });
    end_with_root();
    saved_ = now();
    checkpoint_written_ = std::chrono::steady_clock::now();
  }
  void go_on(Time time, Progress& progress) {
    hear_inputs(time);
    failures_.guard(stream_, [](SimulationStream& out) { out.flush(); });
    end_with_root();
    if (failures_.any()) throw OutputGivenUp();
    // Not at the end: what is read of neurons there is rounded as it is before a state is saved.
    if (record_.snapshot_wall > 0 && time < record_.until &&
        part_.largest(part_.is_root() && seconds_since(checkpoint_written_) >= record_.snapshot_wall))
      write_checkpoint();
    if (progress.is_due()) {  // inside a slot the events of private trains are drawn once more to be counted
      const std::uint64_t events = simulation_.engine().counts().synaptic_events;
      progress.update(time.to_ms(), record_.until.to_ms(), pace_.note(time, events, saved_));
    }
    limit_.check(time);
  }

  /// Where ranks share a run an output that the root, or one that writes its part, can not write ends it.
  void end_with_root() const {
    if (!part_.is_whole()) failures_.rethrow();
  }

  Time next_recording() const {
    return std::min(recorder_ ? recorder_->next() : Time::never(), states_ ? states_->next() : Time::never());
  }
  void record() {
    hear_inputs(now());
    if (recorder_ && recorder_->next() == now()) recorder_->record(simulation_.engine(), stream_, failures_);
    if (states_ && states_->next() == now()) states_->record(simulation_.engine(), stream_, failures_);
    end_with_root();
  }

  void simulate() {
    try {
      Progress progress("simulate", quiet_, values_["progress"].as<bool>());
      const StimulusEnds ends = record_.potentials ? stimulus_ends(spec_, record_.until) : StimulusEnds();
      const auto write_potentials = [&](std::size_t stop) {
        hear_inputs(now());
        failures_.guard(stream_, [&](SimulationStream& out) {
          out.write_potentials(simulation_.engine(), ends.mark[stop]);
        });
        end_with_root();
      };
      simulation_.run({record_.until, record_.snapshot_every, [&] { write_state(false); },
                       [&](Time time) { go_on(time, progress); }, ends.time, write_potentials,
                       [&] { return next_recording(); }, [&] { record(); }});
    } catch (const OutputGivenUp&) {
    } catch (const RateLimit::Exceeded& exceeded) {
      runaway_ = exceeded.what;
    } catch (const InputError& error) {
      breakdown_ = error;
      weights_.reset();  // the network is neither at the time of its last spikes nor at that of the breakdown
    }
  }

  int end() {
    hear_inputs(now());
    RunSummary summary = simulation_.summary();
    if (breakdown_) summary.set_spikes(told_spikes(summary));  // the engine's last window was told nobody
    summary.set_rounded_times(static_cast<double>(spec_.rounded_times));
    summary.set_interrupted(summary.interrupted() || failures_.any() || breakdown_ || runaway_);
    if (!breakdown_) write_state(true);
    failures_.guard(stream_, [&](SimulationStream& out) { out.close(summary); });
    failures_.guard(spikes_, [](SpikeTable& out) { out.close(); });
    if (recorder_) recorder_->close(failures_);
    if (states_) states_->close(failures_);
    failures_.guard(weights_,
                    [&](proto::Output& out) { write_weights(out, spec_.network, simulation_.engine()); });
    if (breakdown_)
      throw InputError(
          fmt::format("{}; the outputs end at {:.6g} ms", breakdown_->what(), summary.until_ms()));
    failures_.rethrow();
    if (runaway_) throw Failure(*runaway_);
    end_with_root();
    if (values_["json"].as<bool>() && part_.is_root())
      fmt::print("{}\n", to_json(summary));
    else if (!quiet_)
      print_summary(summary, record_.until);
    tell_whether_ranks_pay(summary.simulate_cpu_seconds());
    return simulation_.interrupted() ? Interrupt::kExitCode : 0;
  }

  void tell_whether_ranks_pay(double cpu_seconds) const {
    if (!ranks_) return;
    if (const auto complaint = ranks_->complaint(cpu_seconds); complaint && !quiet_)
      fmt::print(stderr, "chronotope simulate: {}\n", *complaint);
  }

  const po::variables_map& values_;
  const Source& source_;
  const proto::DecodedSpec& spec_;
  static constexpr const char* kNowhere = "/dev/null";

  RunRecord record_;
  Part part_;
  bool is_split_;                             // every rank writes its part of the stream
  std::vector<std::filesystem::path> files_;  // that the run reads
  std::optional<RankWatch> ranks_;            // where there are several
  bool quiet_;
  std::unique_ptr<WeightRecorder> recorder_;
  std::unique_ptr<StateRecorder> states_;
  std::unique_ptr<SpikeTable> spikes_;
  std::unique_ptr<proto::Output> weights_;  // at the end
  std::unique_ptr<SimulationStream> stream_;
  std::optional<CheckpointFiles> checkpoints_;
  std::unique_ptr<InputSpikes> inputs_;
  bool is_told_ = false;  // else inputs are where a run goes on from
  OutputFailures failures_;
  RateLimit limit_;
  RunPace pace_;
  std::optional<Time> saved_;  // the last state
  std::chrono::steady_clock::time_point checkpoint_written_ = std::chrono::steady_clock::now();
  std::optional<std::string> runaway_;
  std::optional<InputError> breakdown_;  // of a neuron that could not be followed: what it did before is kept
  Simulation simulation_;
};

}  // namespace

namespace {

/// What all ranks must have been told alike.
std::vector<StartedWith> started_with(const Arguments& arguments, const Source& source,
                                      const RunRecord& record) {
  std::string options;
  for (const std::string& argument : arguments) options += argument + "\n";
  std::string inputs;
  for (const FileDigest& file : record.inputs) inputs += file.sha1 + "\n";
  return {{"version of the program", program_version()},
          {"command line", options},
          {"specification", source.text.message.SerializeAsString()},
          {"file of an input", inputs}};
}

int simulate(const Arguments& arguments, const Part& part) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  check_ranks(*values, part);
  check_company(*values);
  Source source;
  read_source(*values, source);
  proto::DecodedSpec spec = proto::decode(source.text);
  require_not_read(*values, written_options(make_usage()), spec.files);
  RunRecord record =
      source.goes_on() ? told_again(*values, *source.saved, spec) : told(*values, source.text, spec);
  if (source.fork) {
    if (values->count("until") == 0) record.until = source.saved->record().until;
    require_same_currents(source.saved->record(), record, source);
    source.fork->add_inputs(changed_files(source.saved->record(), record, source.text.message));
  }
  if (!part.is_whole())
    agree_on_start(*part.exchange(), started_with(arguments, source, record), spec.network);
  check_ranks(part, source, record);
  if (values->count("clock") != 0) {
    if (!(*values)["quiet"].as<bool>()) tell_rounded_times(spec.rounded_times);
    return simulate_on_clock(*values, spec, record.until);
  }
  if ((*values)["estimate"].as<bool>())
    return print_estimate(*values, spec, record.until, record.snapshot_every);
  return Run(*values, source, spec, std::move(record), part).go();
}

}  // namespace

int simulate(const Arguments& arguments) {
  if (const auto exchange = join_ranks())
    return run_as_rank(*exchange, "chronotope simulate",
                       [&] { return simulate(arguments, Part(*exchange)); });
  return simulate(arguments, Part());
}

}  // namespace chronotope::apps
