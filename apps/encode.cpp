// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <memory>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/options.hpp"
#include "chronotope/apps/output_failures.hpp"
#include "chronotope/apps/progress.hpp"
#include "chronotope/apps/recording.hpp"
#include "chronotope/apps/recording_encoder.hpp"
#include "chronotope/apps/rounded_times.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/proto/formats/npz.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/spike_codec.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

Usage make_usage() {
  Usage usage;
  usage.synopsis = "encode INPUT... --out FILE [options]";
  usage.summary =
      "Turns recordings into one stream of spikes with a mark for every stimulus. INPUT is a file or a "
      "folder of\n"
      "sound (WAV, FLAC: through a cochlea), of event-camera recordings (N-MNIST's .bin or .bs2), of time "
      "series\n"
      "(UEA's .ts: a spike at each change by --delta), or of spike tables (CSV,\n"
      ".npy or FILE.npz:ARRAY with the columns time_ms, channel and maybe stimulus and, in CSV, label; times "
      "since "
      "the\nstimulus's onset; - for stdin).";
  usage.examples =
      "  chronotope encode apps/examples/digits/recordings --out digits.spikes.pb\n"
      "  chronotope encode recordings --order shuffled --seed 7 --phase train --out train.spikes.pb\n"
      "  chronotope encode 7_theo_0.wav --channels 32 --out - --spikes seven.csv | chronotope inspect -\n"
      "  chronotope encode Caltech101/lotus --sensor 240x180 --out lotus.pb\n"
      "  chronotope encode JapaneseVowels_TRAIN.ts --delta 0.1 --step 6.4 --out vowels.pb\n"
      "  chronotope encode - --duration 300 --out spikes.pb < spikes.csv\n";
  usage.positional = {"INPUT"};
  usage.last_repeats = true;
  usage.outputs = {"out", "spikes"};
  usage.options.add_options()                                                                       //
      ("out", po::value<std::string>()->required(), "write the stream to this file, - for stdout")  //
      ("channels", po::value<std::int64_t>(),
       "number of channels; default: 64 for sound, the sensor's for .bin and .bs2, as many as needed for "
       "tables, two for each dimension of .ts")  //
      ("f-low", po::value<double>()->default_value(100),
       "centre frequency of a sound's first channel [Hz]")                                              //
      ("f-high", po::value<double>(), "of its last channel [Hz]; default: 0.45 times the sample rate")  //
      ("sensor", po::value<std::string>(),
       "pixels of the event camera, WIDTHxHEIGHT; default: N-MNIST's 34x34 (N-Caltech101: 240x180)")  //
      ("duration", po::value<std::string>(),
       "of every recording of events [ms], whose format does not tell it; default: to the end of the last "
       "event's millisecond")  //
      ("delta", po::value<double>(),
       "of series: how much a number changes from one spike to the next, in its own unit")            //
      ("step", po::value<std::string>(), "of series: time between two numbers [ms]")                  //
      ("gap", po::value<std::string>()->default_value("100"), "silence between two recordings [ms]")  //
      ("order", po::value<std::string>()->default_value("by-name"), "by-name or shuffled")            //
      ("seed", po::value<std::uint64_t>()->default_value(1), "of the shuffled order")                 //
      ("limit", po::value<std::int64_t>(), "present only the first recordings of that order")         //
      ("phase", po::value<std::string>(), "mark the stimuli as train or probe")                       //
      ("spikes", po::value<std::string>(),
       "also write CSV: time_ms,channel,stimulus_id; times of the whole stream")  //
      ("json", po::bool_switch(), "print the summary as one JSON object")         //
      ("quiet", po::bool_switch(), "print nothing but errors");
  return usage;
}

std::uint32_t count_option(const po::variables_map& values, const std::string& option) {
  const auto count = values[option].as<std::int64_t>();
  require(count >= 1 && count <= std::numeric_limits<std::int32_t>::max(), option, std::to_string(count),
          "must be from 1 to 2147483647");
  return static_cast<std::uint32_t>(count);
}

double frequency_option(const po::variables_map& values, const std::string& option) {
  const double frequency = values[option].as<double>();
  require(frequency > 0 && std::isfinite(frequency), option, to_string(frequency),
          "must be > 0 Hz and finite");
  return frequency;
}

Decimal gap_option(const po::variables_map& values) {
  return time_option(values, "gap", Duration(), "must be from 0 to 1e12 ms");
}

Decimal duration_option(const po::variables_map& values) {
  return time_option(values, "duration", stated_duration(1e-12), "must be > 0 and at most 1e12 ms");
}

Decimal step_option(const po::variables_map& values) {
  return time_option(values, "step", stated_duration(1e-12), "must be > 0 and at most 1e12 ms");
}

double delta_option(const po::variables_map& values) {
  const double delta = values["delta"].as<double>();
  require(delta > 0 && std::isfinite(delta), "delta", to_string(delta), "must be > 0 and finite");
  return delta;
}

/// Stated with more than 12 decimals of a millisecond.
std::uint64_t rounded_options(const po::variables_map& values) {
  const bool duration = values.count("duration") != 0 && !duration_option(values).is_whole;
  const bool step = values.count("step") != 0 && !step_option(values).is_whole;
  return (gap_option(values).is_whole ? 0 : 1) + (duration ? 1 : 0) + (step ? 1 : 0);
}

/// 240x180
proto::Sensor sensor_option(const po::variables_map& values) {
  constexpr std::uint32_t kLargest = 256;
  const auto text = values["sensor"].as<std::string>();
  proto::Sensor sensor;
  const char* const end = text.data() + text.size();
  const auto [x, no_width] = std::from_chars(text.data(), end, sensor.width);
  const bool separated = no_width == std::errc() && x != end && *x == 'x';
  const auto [rest, no_height] = std::from_chars(separated ? x + 1 : end, end, sensor.height);
  const auto allowed = [](std::uint32_t pixels) { return pixels >= 1 && pixels <= kLargest; };
  require(
      separated && no_height == std::errc() && rest == end && allowed(sensor.width) && allowed(sensor.height),
      "sensor", "'" + text + "'", "must be WIDTHxHEIGHT, either from 1 to 256");
  return sensor;
}

bool shuffled_option(const po::variables_map& values) {
  const auto order = values["order"].as<std::string>();
  require(order == "by-name" || order == "shuffled", "order", "'" + order + "'",
          "must be by-name or shuffled");
  return order == "shuffled";
}

Phase phase_option(const po::variables_map& values) {
  if (values.count("phase") == 0) return PHASE_UNSPECIFIED;
  const auto phase = values["phase"].as<std::string>();
  require(phase == "train" || phase == "probe", "phase", "'" + phase + "'", "must be train or probe");
  return phase == "train" ? TRAIN : PROBE;
}

/// Two outputs can not share the standard output.
void check_outputs(const po::variables_map& values) {
  int users = values["json"].as<bool>() ? 1 : 0;
  for (const char* option : {"spikes", "out"})
    if (values.count(option) != 0 && values[option].as<std::string>() == "-") ++users;
  if (users > 1) throw InputError("only one of --json, --spikes - and --out - can have the standard output");
}

EncoderSettings encoder_settings(const po::variables_map& values) {
  EncoderSettings settings;
  if (values.count("channels") != 0) settings.channels = count_option(values, "channels");
  settings.f_low = frequency_option(values, "f-low");
  if (values.count("f-high") != 0) settings.f_high = frequency_option(values, "f-high");
  if (values.count("sensor") != 0) settings.sensor = sensor_option(values);
  if (values.count("duration") != 0) settings.duration = duration_option(values).value;
  if (values.count("delta") != 0) settings.delta = delta_option(values);
  if (values.count("step") != 0) settings.step = step_option(values).value;
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
  Time end;
};

/// Presents recordings one after the other and writes their marks and spikes.
class Session {
 public:
  Session(const po::variables_map& values, const RecordingEncoder& encoder)
      : gap_(gap_option(values).value),
        phase_(phase_option(values)),
        stream_(std::make_unique<Stream>(values["out"].as<std::string>(), header(values, encoder))) {
    if (values.count("spikes") == 0) return;
    table_ = std::make_unique<proto::Output>(values["spikes"].as<std::string>());
    table_->write("time_ms,channel,stimulus_id\n");
  }

  void write(const Recording& recording, const Presentation& presentation) {
    const Time onset = summary_.recordings == 0 ? Time{} : summary_.end + gap_;
    const Time end = onset + presentation.duration;
    if (end > stated_time(Time::kMaxMs))
      throw InputError(fmt::format("{}: {} would end at {} ms; a stream lasts at most 1e12 ms",
                                   recording.path, recording.name, to_text(end)));
    failures_.guard(stream_, [&](Stream& out) {
      out.spikes.flush();
      out.frames.write(proto::encode(proto::Stimulus{recording.id, onset, presentation.duration,
                                                     recording.label, recording.name, phase_}));
    });
    for (const ChannelSpike& spike : presentation.spikes)
      write(onset + (spike.time - Time()), spike.channel, recording.id);
    summary_.end = end;
    summary_.spikes += presentation.spikes.size();
    summary_.rounded_times += recording.rounded_times;
    ++summary_.recordings;
  }

  Summary close() {
    failures_.guard(stream_, [](Stream& out) {
      out.spikes.flush();
      out.frames.close();
    });
    failures_.guard(table_, [](proto::Output& out) { out.commit(); });
    failures_.rethrow();
    return summary_;
  }

 private:
  struct Stream {
    Stream(const std::string& path, Header header) : frames(path, std::move(header)), spikes(frames, 1) {}

    proto::FrameWriter frames;
    proto::SpikeWriter spikes;
  };

  static Header header(const po::variables_map& values, const RecordingEncoder& encoder) {
    Header header;
    header.set_producer(fmt::format("chronotope {} encode ({}, gap {} ms, {})", CHRONOTOPE_VERSION,
                                    encoder.description(), to_text(gap_option(values).value),
                                    values["order"].as<std::string>()));
    header.set_seed(values["seed"].as<std::uint64_t>());
    auto& population = *header.add_population();
    population.set_name(encoder.population());
    population.set_size(encoder.channels());
    population.set_is_input(true);
    return header;
  }

  void write(Time time, std::uint32_t channel, std::uint32_t stimulus) {
    failures_.guard(stream_, [&](Stream& out) { out.spikes.write(0, time, channel); });
    failures_.guard(table_, [&](proto::Output& out) {
      out.write(fmt::format("{},{},{}\n", to_text(time), channel, stimulus));
    });
  }

  Duration gap_;
  Phase phase_;
  std::unique_ptr<Stream> stream_;
  std::unique_ptr<proto::Output> table_;
  OutputFailures failures_;
  Summary summary_;
};

std::vector<Recording> order(const po::variables_map& values) {
  auto recordings = find_recordings(values["INPUT"].as<std::vector<std::string>>());
  if (shuffled_option(values)) shuffle(recordings, values["seed"].as<std::uint64_t>());
  if (values.count("limit") != 0)
    recordings.resize(std::min<std::size_t>(recordings.size(), count_option(values, "limit")));
  return recordings;
}

void present(const std::vector<Recording>& recordings, RecordingEncoder& encoder, Session& session,
             Progress& progress) {
  std::size_t read = 0;
  try {
    for (const Recording& recording : recordings) {
      Interrupt::check();
      session.write(recording, encoder.present(recording));
      progress.update(static_cast<double>(++read), static_cast<double>(recordings.size()), recording.name);
    }
  } catch (const Interrupted&) {
    throw Interrupted{
        fmt::format("{} of {} recordings were read, no output is complete", read, recordings.size())};
  }
}

void print(const po::variables_map& values, const Summary& summary, std::uint32_t channels) {
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

int encode(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  check_outputs(*values);
  const auto recordings = order(*values);
  std::vector<std::filesystem::path> files;
  for (const Recording& recording : recordings) files.push_back(proto::ArrayPath(recording.path).file);
  require_not_read(*values, {"out", "spikes"}, files);
  RecordingEncoder encoder(encoder_settings(*values), recordings);
  const Interrupt interrupt;  // before any output is opened
  Session session(*values, encoder);
  {
    Progress progress("encode", (*values)["quiet"].as<bool>());
    present(recordings, encoder, session, progress);
  }
  Summary summary = session.close();
  summary.rounded_times += rounded_options(*values);
  if (!(*values)["quiet"].as<bool>()) tell_rounded_times(summary.rounded_times);
  print(*values, summary, encoder.channels());
  return 0;
}

}  // namespace chronotope::apps
