// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <vector>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/recordings/planned_encoder.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/machine_memory.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/spike_codec.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

Usage make_usage() {
  Usage usage;
  usage.synopsis = "decode STREAM [options]";
  usage.summary =
      "The numbers that spikes tell: reads a stream of encode --plan and prints, for every stimulus, population, frame "
      "and channel, what its code gives back (docs/codes.md): of frame_difference 1, -1 or 0, of all others a number "
      "in the unit of the recordings. STREAM is a file, or - for standard input.";
  usage.examples =
      "  chronotope decode codes.pb --out told.csv\n"
      "  chronotope encode recordings --plan codes.textproto --out - | chronotope decode - --population rates\n";
  usage.positional = {"STREAM"};
  usage.groups = {{"Output",
                   {{"population", Text{"NAME"}, "this one alone; default: all"},
                    {"out", File{File::Use::kWritten},
                     "write CSV: stimulus_id,population,frame,channel,value; default: standard output"}}}};
  return usage;
}

/// What was encoded by a plan, as far as it is wanted.
struct Told {
  EncoderPlan plan;
  std::string name;                  // of the stream
  std::vector<std::uint32_t> lines;  // of each population
  std::vector<std::vector<proto::PopulationSpike>> spikes;
  std::vector<proto::Stimulus> stimuli;
};

Told read(const std::string& path) {
  proto::FrameReader frames(path);
  const Header& header = frames.header();
  if (!header.has_encoder())
    throw InputError(frames.name() +
                     ": was not written by encode --plan, so what its spikes tell is not known");
  if (header.encoder().population_size() != header.population_size())
    throw InputError(frames.name() + ": its plan is of other populations");
  Told told{header.encoder(), frames.name(), {}, {}, {}};
  for (const PopulationInfo& population : header.population()) told.lines.push_back(population.size());
  told.spikes.resize(told.lines.size());
  while (const auto envelope = frames.next()) {
    Interrupt::check();
    if (envelope->has_stimulus()) told.stimuli.push_back(proto::decode(envelope->stimulus()));
    if (!envelope->has_spikes()) continue;
    const std::uint32_t p = envelope->spikes().population();
    proto::decode(envelope->spikes(), told.lines.at(p), told.spikes[p]);
  }
  for (auto& spikes : told.spikes) std::ranges::sort(spikes);
  return told;
}

/// The spikes of a stimulus by channel; of each in order of time.
std::vector<std::vector<events::LineSpike>> by_channel(const std::vector<proto::PopulationSpike>& spikes,
                                                       const proto::Stimulus& stimulus,
                                                       std::uint32_t channels) {
  std::vector<std::vector<events::LineSpike>> of(channels);
  const auto is_before = [](const proto::PopulationSpike& spike, Time t) { return spike.time < t; };
  const auto begin = std::lower_bound(spikes.begin(), spikes.end(), stimulus.onset, is_before);
  const auto end = std::lower_bound(begin, spikes.end(), stimulus.onset + stimulus.duration, is_before);
  for (auto spike = begin; spike != end; ++spike)
    of[spike->neuron % channels].push_back({spike->time - stimulus.onset, spike->neuron / channels});
  return of;
}

/// Of one population.
class Decoding {
 public:
  Decoding(const Told& told, const PlannedCode& code, std::uint32_t size)
      : plan_(told.plan),
        code_(code),
        frame_(frame_of(told.plan, told.name)),
        channels_(size / code.code->lines()) {
    if (channels_ * code.code->lines() != size)
      throw InputError(told.name + ": population " + printable(code.population) +
                       " has no whole number of channels");
  }

  void write(const proto::Stimulus& stimulus, const std::vector<proto::PopulationSpike>& spikes,
             proto::Output& out) const {
    if (channels_ == 0) return;
    const auto frames = static_cast<std::size_t>(floor_ratio(stimulus.duration, frame_));
    require_memory(8.0 * static_cast<double>(frames), std::to_string(frames) + " frames of a channel");
    const auto of = by_channel(spikes, stimulus, channels_);
    for (std::uint32_t channel = 0; channel < channels_; ++channel) {
      const std::vector<double> values = code_.code->decode(of[channel], frames, frame_);
      for (std::size_t k = 0; k < frames; ++k)
        out.write(
            fmt::format("{},{},{},{},{}\n", stimulus.id, code_.population, k, channel, in_unit(values[k])));
    }
  }

 private:
  double in_unit(double u) const {
    return code_.code->is_complete() ? plan_.low() + u * (plan_.high() - plan_.low()) : u;
  }

  const EncoderPlan& plan_;
  const PlannedCode& code_;
  Duration frame_;
  std::uint32_t channels_;
};

void require_known(const std::string& wanted, const std::vector<PlannedCode>& codes) {
  if (wanted.empty() || std::ranges::find(codes, wanted, &PlannedCode::population) != codes.end()) return;
  std::string names;
  for (const PlannedCode& code : codes) names += (names.empty() ? "" : ", ") + printable(code.population);
  throw InputError("--population: no population named '" + printable(wanted) + "'; one of " + names);
}

}  // namespace

int decode(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  const auto path = (*values)["STREAM"].as<std::string>();
  require_not_read(*values, written_options(make_usage()), {path});
  const Interrupt interrupt;
  const Told told = read(path);
  const std::vector<PlannedCode> codes = planned_codes(told.plan, told.name);
  const std::string wanted = text_option(*values, "population");
  require_known(wanted, codes);
  const std::string out_path = text_option(*values, "out");
  proto::Output out(out_path.empty() ? "-" : out_path);
  out.write("stimulus_id,population,frame,channel,value\n");
  for (const proto::Stimulus& stimulus : told.stimuli)
    for (std::size_t p = 0; p < codes.size(); ++p) {
      Interrupt::check();
      if (wanted.empty() || codes[p].population == wanted)
        Decoding(told, codes[p], told.lines[p]).write(stimulus, told.spikes[p], out);
    }
  out.commit();
  return 0;
}

}  // namespace chronotope::apps
