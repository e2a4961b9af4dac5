// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <memory>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/output/output_failures.hpp"
#include "chronotope/apps/output/progress.hpp"
#include "chronotope/apps/output/rounded_times.hpp"
#include "chronotope/apps/recordings/direct_current.hpp"
#include "chronotope/apps/recordings/planned_encoder.hpp"
#include "chronotope/apps/recordings/recording.hpp"
#include "chronotope/apps/recordings/recording_encoder.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/proto/formats/npz.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/spike_codec.hpp"
#include "chronotope/proto/text_spec.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

constexpr std::uint64_t kMostRecordings = std::numeric_limits<std::int32_t>::max();

OptionGroup encoder_options() {
  return {
      "Encoder",
      {{"channels", WholeNumber{1, kMostRecordings},
        "number of channels; default: 64 for sound, two for each pixel of a camera, as many as needed for "
        "tables, two for each dimension of .ts"},
       {"f-low", RealNumber{above(0), any_finite(), "100", "HZ", "Hz"},
        "centre frequency of a sound's first channel"},
       {"f-high", RealNumber{above(0), any_finite(), "", "HZ", "Hz"},
        "of its last channel; default: 0.45 times the sample rate"},
       {"sensor", Text{"WIDTHxHEIGHT"},
        "pixels of the event camera; default: those that .aedat and .dat state, else N-MNIST's 34x34 "
        "(N-Caltech101: 240x180)"},
       {"duration", Milliseconds{stated_duration(1e-12)},
        "of every recording of events, whose format does not tell it; default: to the end of the last "
        "event's millisecond"},
       {"delta", RealNumber{above(0), any_finite()},
        "of series: how much a number changes from one spike to the next, in its own unit"},
       {"step", Milliseconds{stated_duration(1e-12)}, "of series: time between two numbers"},
       {"first-sender", WholeNumber{0, std::numeric_limits<std::uint32_t>::max(), "1"},
        "of NEST's .dat and .gdf: the node that channel 0 stands for"},
       {"resolution", Milliseconds{stated_duration(1e-12)},
        "of NEST's .dat with times in steps: length of a step"},
       {"population", Text{"NAME"},
        "of SONATA's spikes: the population that is read, when there are several"},
       {"plan", File{File::Use::kRead},
        "encode each recording for several populations, each in the code that this textproto file gives it "
        "(docs/codes.md): rate, regular, latency, phase, burst, receptive_fields, level_crossing, "
        "frame_difference"}}};
}

OptionGroup presentation_options() {
  return {"Presentation",
          {{"gap", Milliseconds{Duration(), "100"}, "silence between two recordings"},
           {"order", Word{"order", {"by-name", "shuffled"}, "by-name"}, "of the recordings"},
           {"seed", WholeNumber{0, std::numeric_limits<std::uint64_t>::max(), "1", "SEED"},
            "of the shuffled order"},
           {"limit", WholeNumber{1, kMostRecordings}, "present only the first recordings of that order"},
           {"phase", Word{"phase", {"train", "probe"}}, "mark the stimuli as such"}}};
}

OptionGroup output_options() {
  return {
      "Output",
      {required({"out", File{File::Use::kWritten}, "write the stream, - for stdout"}),
       {"spikes", File{File::Use::kWritten},
        "also write CSV: time_ms,channel,stimulus_id; times of the whole stream; by a plan also the population, "
        "behind the time"},
       {"values",
        File{File::Use::kWritten},
        "also write the numbers that were encoded as CSV: stimulus_id,frame,channel,value",
        {{"plan"}}},
       {"currents",
        File{File::Use::kWritten},
        "also write the numbers as currents, which `current { path }` of a specification reads: "
        "time_ms,channel,amplitude_pA",
        {{"plan"}}},
       {"amplitude",
        RealNumber{from(-1e9), up_to(1e9), "500", "PA", "pA"},
        "of the currents where a number is the plan's highest",
        {{"currents"}}},
       {"json", Flag(), "print the summary as one JSON object"},
       {"quiet", Flag(), "print nothing but errors"}}};
}

std::uint32_t count_option(const po::variables_map& values, const std::string& option) {
  return static_cast<std::uint32_t>(whole_option(values, option));
}

/// Stated with more than 12 decimals of a millisecond.
std::uint64_t rounded_options(const po::variables_map& values) {
  std::uint64_t rounded = 0;
  for (const char* option : {"gap", "duration", "step", "resolution"})
    if (values.count(option) != 0 && !time_option(values, option).is_whole) ++rounded;
  return rounded;
}

/// 240x180
proto::Sensor sensor_option(const po::variables_map& values) {
  constexpr std::uint32_t kLargest = 1U << 14;
  const auto text = values["sensor"].as<std::string>();
  proto::Sensor sensor;
  const char* const end = text.data() + text.size();
  const auto [x, no_width] = std::from_chars(text.data(), end, sensor.width);
  const bool separated = no_width == std::errc() && x != end && *x == 'x';
  const auto [rest, no_height] = std::from_chars(separated ? x + 1 : end, end, sensor.height);
  const auto allowed = [](std::uint32_t pixels) { return pixels >= 1 && pixels <= kLargest; };
  require(
      separated && no_height == std::errc() && rest == end && allowed(sensor.width) && allowed(sensor.height),
      "sensor", "'" + text + "'", "must be WIDTHxHEIGHT, either from 1 to 16384");
  return sensor;
}

bool shuffled_option(const po::variables_map& values) {
  return values["order"].as<std::string>() == "shuffled";
}

Phase phase_option(const po::variables_map& values) {
  const std::string phase = text_option(values, "phase");
  return phase.empty() ? PHASE_UNSPECIFIED : phase == "train" ? TRAIN : PROBE;
}

EncoderSettings encoder_settings(const po::variables_map& values) {
  EncoderSettings settings;
  if (values.count("channels") != 0) settings.channels = count_option(values, "channels");
  settings.f_low = values["f-low"].as<double>();
  if (values.count("f-high") != 0) settings.f_high = values["f-high"].as<double>();
  if (values.count("sensor") != 0) settings.sensor = sensor_option(values);
  if (values.count("duration") != 0) settings.duration = time_option(values, "duration").value;
  if (values.count("delta") != 0) settings.delta = values["delta"].as<double>();
  if (values.count("step") != 0) settings.step = time_option(values, "step").value;
  return settings;
}

void shuffle(std::vector<Recording>& recordings, std::uint64_t seed) {
  RandomStream draws(seed, Purpose("encode.order"), 0);
  for (std::size_t last = recordings.size(); last > 1; --last)
    std::swap(recordings[last - 1], recordings[draws.below(last)]);
}

struct Summary {
  std::size_t recordings = 0;
  std::uint64_t spikes = 0;
  std::uint64_t rounded_times = 0;
  std::uint64_t cut_times = 0;
  Time end;
};

/// Presents recordings one after the other and writes their marks and spikes.
class Session {
 public:
  Session(const po::variables_map& values, const Header& header)
      : gap_(time_option(values, "gap").value),
        phase_(phase_option(values)),
        is_planned_(header.has_encoder()),
        stream_(std::make_unique<Stream>(values["out"].as<std::string>(), header)) {
    for (const PopulationInfo& population : header.population()) names_.push_back(population.name());
    open_table(values, "spikes",
               is_planned_ ? "time_ms,population,channel,stimulus_id\n" : "time_ms,channel,stimulus_id\n",
               table_);
    open_table(values, "values", "stimulus_id,frame,channel,value\n", values_);
    if (values.count("currents") != 0)
      currents_ = std::make_unique<DirectCurrent>(values["currents"].as<std::string>(),
                                                  values["amplitude"].as<double>());
  }

  /// Marks a stimulus; its spikes follow.
  void begin(const Recording& recording, Duration duration) {
    const Time onset = summary_.recordings == 0 ? Time{} : summary_.end + gap_;
    const Time end = onset + duration;
    if (end > stated_time(Time::kMaxMs))
      throw InputError(fmt::format("{}: {} would end at {} ms; a stream lasts at most 1e12 ms",
                                   recording.path, recording.name, to_text(end)));
    failures_.guard(stream_, [&](Stream& out) {
      out.spikes.flush();
      out.frames.write(proto::encode(
          proto::Stimulus{recording.id, onset, duration, recording.label, recording.name, phase_}));
    });
    onset_ = onset;
    stimulus_ = recording.id;
    summary_.end = end;
    summary_.rounded_times += recording.rounded_times;
    summary_.cut_times += recording.cut_times;
    ++summary_.recordings;
  }

  /// A spike of the stimulus, `since` its onset.
  void write(Duration since, std::uint32_t population, std::uint32_t channel) {
    const Time time = onset_ + since;
    ++summary_.spikes;
    failures_.guard(stream_, [&](Stream& out) { out.spikes.write(population, time, channel); });
    failures_.guard(table_, [&](proto::Output& out) {
      out.write(is_planned_
                    ? fmt::format("{},{},{},{}\n", to_text(time), names_[population], channel, stimulus_)
                    : fmt::format("{},{},{}\n", to_text(time), channel, stimulus_));
    });
  }

  /// The stimulus's numbers.
  void write(const FrameValues& numbers) {
    failures_.guard(values_, [&](proto::Output& out) {
      for (std::size_t channel = 0; channel < numbers.size(); ++channel)
        for (std::size_t frame = 0; frame < numbers[channel].size(); ++frame)
          out.write(fmt::format("{},{},{},{}\n", stimulus_, frame, channel, numbers[channel][frame]));
    });
  }

  /// The same in [0, 1], as currents.
  void write_currents(Duration frame, const FrameValues& scaled) {
    failures_.guard(currents_, [&](DirectCurrent& out) { out.write(onset_, frame, scaled); });
  }
  bool has_currents() const { return currents_ != nullptr; }

  Summary close() {
    failures_.guard(stream_, [](Stream& out) {
      out.spikes.flush();
      out.frames.close();
    });
    failures_.guard(table_, [](proto::Output& out) { out.commit(); });
    failures_.guard(values_, [](proto::Output& out) { out.commit(); });
    failures_.guard(currents_, [](DirectCurrent& out) { out.close(); });
    failures_.rethrow();
    return summary_;
  }

 private:
  struct Stream {
    Stream(const std::string& path, const Header& header)
        : frames(path, header), spikes(frames, static_cast<std::size_t>(header.population_size())) {}

    proto::FrameWriter frames;
    proto::SpikeWriter spikes;
  };

  static void open_table(const po::variables_map& values, const std::string& option,
                         const std::string& titles, std::unique_ptr<proto::Output>& table) {
    if (values.count(option) == 0) return;
    table = std::make_unique<proto::Output>(values[option].as<std::string>());
    table->write(titles);
  }

  Duration gap_;
  Phase phase_;
  bool is_planned_;
  std::unique_ptr<Stream> stream_;
  std::unique_ptr<proto::Output> table_;
  std::unique_ptr<proto::Output> values_;
  std::unique_ptr<DirectCurrent> currents_;
  std::vector<std::string> names_;  // of the populations
  Time onset_;                      // of the stimulus
  std::uint32_t stimulus_ = 0;
  OutputFailures failures_;
  Summary summary_;
};

std::vector<Recording> order(const po::variables_map& values) {
  SpikeFileChoice choice;
  choice.first_sender = static_cast<std::uint32_t>(values["first-sender"].as<std::uint64_t>());
  if (values.count("resolution") != 0) choice.resolution = time_option(values, "resolution").value;
  choice.population = text_option(values, "population");
  auto recordings = find_recordings(values["INPUT"].as<std::vector<std::string>>(), choice);
  if (shuffled_option(values)) shuffle(recordings, values["seed"].as<std::uint64_t>());
  if (values.count("limit") != 0)
    recordings.resize(std::min<std::size_t>(recordings.size(), count_option(values, "limit")));
  return recordings;
}

Header make_header(const po::variables_map& values, const std::string& description) {
  Header header;
  header.set_producer(fmt::format("chronotope {} encode ({}, gap {} ms, {})", CHRONOTOPE_VERSION, description,
                                  to_text(time_option(values, "gap").value),
                                  values["order"].as<std::string>()));
  header.set_seed(values["seed"].as<std::uint64_t>());
  return header;
}

void add_population(Header& header, const std::string& name, std::uint32_t size) {
  auto& population = *header.add_population();
  population.set_name(name);
  population.set_size(size);
  population.set_is_input(true);
}

/// Calls what(recording) for each, and shows how far it is.
template <class What>
void for_each(const std::vector<Recording>& recordings, Progress& progress, What what) {
  std::size_t read = 0;
  try {
    for (const Recording& recording : recordings) {
      Interrupt::check();
      what(recording);
      progress.update(static_cast<double>(++read), static_cast<double>(recordings.size()), recording.name);
    }
  } catch (const Interrupted&) {
    throw Interrupted{
        fmt::format("{} of {} recordings were read, no output is complete", read, recordings.size())};
  }
}

struct Encoded {
  Summary summary;
  std::uint64_t channels = 0;
};

Encoded encode_plainly(const po::variables_map& values, const std::vector<Recording>& recordings) {
  RecordingEncoder encoder(encoder_settings(values), recordings);
  Header header = make_header(values, encoder.description());
  add_population(header, encoder.population(), encoder.channels());
  const Interrupt interrupt;  // before any output is opened
  Session session(values, header);
  {
    Progress progress("encode", values["quiet"].as<bool>());
    for_each(recordings, progress, [&](const Recording& recording) {
      const Presentation presentation = encoder.present(recording);
      session.begin(recording, presentation.duration);
      for (const ChannelSpike& spike : presentation.spikes)
        session.write(spike.time - Time(), 0, spike.channel);
    });
  }
  return {session.close(), encoder.channels()};
}

Encoded encode_by_plan(const po::variables_map& values, const std::vector<Recording>& recordings) {
  const Interrupt interrupt;
  const auto path = values["plan"].as<std::string>();
  EncoderPlan plan;
  proto::read_textproto(path, plan);
  PlannedEncoder encoder(plan, path, encoder_settings(values), values["seed"].as<std::uint64_t>(), recordings,
                         Interrupt::check);
  Header header = make_header(values, "plan " + path);
  *header.mutable_encoder() = encoder.plan();
  std::uint64_t channels = 0;
  for (const PlannedCode& code : encoder.codes()) {
    add_population(header, code.population, code.code->lines() * encoder.channels());
    channels += header.population().rbegin()->size();
  }
  Session session(values, header);
  {
    Progress progress("encode", values["quiet"].as<bool>());
    for_each(recordings, progress, [&](const Recording& recording) {
      const PlannedEncoder::Presentation presentation = encoder.present(recording);
      session.begin(recording, presentation.duration);
      session.write(presentation.values);
      if (session.has_currents())
        session.write_currents(encoder.frame(), encoder.scaled(presentation.values));
      for (const PlannedSpike& spike : presentation.spikes)
        session.write(spike.time - Time(), spike.population, spike.channel);
    });
  }
  return {session.close(), channels};
}

void print(const po::variables_map& values, const Summary& summary, std::uint64_t channels) {
  if (values["json"].as<bool>())
    fmt::print(
        "{{\"recordings\": {}, \"spikes\": {}, \"channels\": {}, \"end_ms\": {}, \"seed\": {}, "
        "\"rounded_times\": {}}}\n",
        summary.recordings, summary.spikes, channels, to_text(summary.end),
        values["seed"].as<std::uint64_t>(), summary.rounded_times);
  else if (!values["quiet"].as<bool>())
    fmt::print(stderr, "{} recording(s), {} spikes on {} channels, {:.6g} s\n", summary.recordings,
               summary.spikes, channels, summary.end.to_ms() / 1000);
}

}  // namespace

Usage encode_usage() {
  Usage usage;
  usage.synopsis = "encode INPUT... --out FILE [options]";
  usage.summary =
      "Turns recordings into one stream of spikes with a mark for every stimulus. INPUT is a file or a "
      "folder of sound (WAV, FLAC: through a cochlea), of event-camera recordings (N-MNIST's .bin or .bs2, "
      "AEDAT 2.0 and 3.1, Prophesee's .dat), of time series (UEA's .ts: a spike at each change by --delta), or "
      "of spikes: tables (CSV, .npy or FILE.npz:ARRAY with the columns time_ms, channel and maybe stimulus "
      "and, in CSV, label; times since the stimulus's onset; - for stdin), NEST's .dat and .gdf, the files of "
      "one recorder together, SONATA's .h5, and the samples of SHD and SSC (.h5).";
  usage.examples =
      "  chronotope encode apps/examples/digits/recordings --out digits.spikes.pb\n"
      "  chronotope encode recordings --order shuffled --seed 7 --phase train --out train.spikes.pb\n"
      "  chronotope encode 7_theo_0.wav --channels 32 --out - --spikes seven.csv | chronotope inspect -\n"
      "  chronotope encode Caltech101/lotus --sensor 240x180 --out lotus.pb\n"
      "  chronotope encode spikes-1203-*.dat --first-sender 1001 --out nest.pb\n"
      "  chronotope encode shd_train.h5 --limit 100 --gap 200 --out shd.pb\n"
      "  chronotope encode JapaneseVowels_TRAIN.ts --delta 0.1 --step 6.4 --out vowels.pb\n"
      "  chronotope encode - --duration 300 --out spikes.pb < spikes.csv\n"
      "  chronotope encode recordings --plan codes.textproto --out codes.pb --values numbers.csv\n"
      "  chronotope encode recordings --plan codes.textproto --out codes.pb --currents direct.csv --amplitude 300\n";
  usage.positional = {"INPUT"};
  usage.last_repeats = true;
  usage.groups = {encoder_options(), presentation_options(), output_options()};
  return usage;
}

int encode(const Arguments& arguments) {
  const auto values = parse(encode_usage(), arguments);
  if (!values) return 0;
  const auto recordings = order(*values);
  std::vector<std::filesystem::path> files;
  for (const Recording& recording : recordings) {
    files.emplace_back(proto::ArrayPath(recording.path).file);
    files.insert(files.end(), recording.more_paths.begin(), recording.more_paths.end());
  }
  if (values->count("plan") != 0) files.emplace_back((*values)["plan"].as<std::string>());
  require_not_read(*values, written_options(encode_usage()), files);
  auto [summary, channels] =
      values->count("plan") != 0 ? encode_by_plan(*values, recordings) : encode_plainly(*values, recordings);
  summary.rounded_times += rounded_options(*values);
  if (!(*values)["quiet"].as<bool>()) {
    tell_rounded_times(summary.rounded_times);
    if (summary.cut_times > 0)
      fmt::print(
          stderr,
          "{} times have three decimals, all that NEST writes by default: what lay off them was rounded "
          "(its recorder's precision: 17)\n",
          summary.cut_times);
  }
  print(*values, summary, channels);
  return 0;
}

}  // namespace chronotope::apps
