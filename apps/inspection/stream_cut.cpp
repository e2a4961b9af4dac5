// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/inspection/stream_cut.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "chronotope/apps/options/listed.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/spike_codec.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

constexpr const char* kKinds = "spikes, stimuli, snapshots, states, weights, recordings, potentials";

std::optional<Time> stated_at(const po::variables_map& values, const std::string& option) {
  if (values.count(option) == 0) return std::nullopt;
  return time_option(values, option).time();
}

}  // namespace

OptionGroup StreamCut::options() {
  return {
      "Cut",
      {{"from", Milliseconds{Duration()}, "only what happens at this time or later"},
       {"until", Milliseconds{Duration()},
        "only what happens before this time, and snapshots and recorded weights at it"},
       {"only", Text{"KIND,..."},
        std::string("only these: ") + kKinds +
            "; snapshots are the network and its weights, states what a run goes on from, recordings what recorders of "
            "the specification saw, weights those "
            "recorded between snapshots"}}};
}

StreamCut::StreamCut(const po::variables_map& values)
    : from_(stated_at(values, "from")), until_(stated_at(values, "until")) {
  require(!from_ || !until_ || *from_ <= *until_, "until", text_option(values, "until"),
          "must not be before --from " + text_option(values, "from"));
  constexpr std::array<std::pair<std::string_view, Kind>, 7> known{{{"spikes", Kind::kSpikes},
                                                                    {"stimuli", Kind::kStimuli},
                                                                    {"snapshots", Kind::kSnapshots},
                                                                    {"states", Kind::kStates},
                                                                    {"weights", Kind::kWeights},
                                                                    {"recordings", Kind::kRecordings},
                                                                    {"potentials", Kind::kPotentials}}};
  if (values.count("only") == 0) return;
  for (const std::string& word : listed("only", values["only"].as<std::string>())) {
    const std::size_t before = kinds_.size();
    for (const auto& [name, kind] : known)
      if (name == word) kinds_.insert(kind);
    require(kinds_.size() > before, "only", in_quotes(word), std::string("must be some of ") + kKinds);
  }
  if (kinds_.contains(Kind::kPotentials)) kinds_.insert(Kind::kStimuli);
  if (kinds_.contains(Kind::kStates)) kinds_.insert(Kind::kSnapshots);
}

bool StreamCut::is_at_most_until(Time time) const {
  return (!from_ || *from_ <= time) && (!until_ || time <= *until_);
}

bool StreamCut::is_inside(Time time) const { return is_at_most_until(time) && (!until_ || time != *until_); }

/// Takes away what is not inside; false when nothing is left.
bool StreamCut::keep_spikes(SpikeBlock& block) const {
  if (!from_ && !until_) return true;
  SpikeBlock kept;
  const Time begin = Time::from_parts(block.epoch(), 0);
  for (int i = 0; i < block.neuron_size(); ++i) {
    if (!is_inside(begin + Offset{static_cast<double>(block.ticks(i))})) continue;
    kept.add_neuron(block.neuron(i));
    kept.add_ticks(block.ticks(i));
  }
  block.mutable_neuron()->Swap(kept.mutable_neuron());
  block.mutable_ticks()->Swap(kept.mutable_ticks());
  return block.neuron_size() > 0;
}

bool StreamCut::keep_stimulus(const StimulusMark& mark) {
  const bool is_kept = has(Kind::kStimuli) && is_inside(proto::decode(mark.onset()));
  marks_.push_back(is_kept ? std::optional(kept_marks_++) : std::nullopt);
  return is_kept;
}

bool StreamCut::keep_potentials(StimulusPotentials& potentials) const {
  const auto& place = marks_[potentials.stimulus()];
  if (!has(Kind::kPotentials) || !place) return false;
  potentials.set_stimulus(*place);
  return true;
}

std::optional<Envelope> StreamCut::keep(Envelope envelope) {
  const bool is_kept = [&] {
    switch (envelope.content_case()) {
      case Envelope::kSpikes:
        return has(Kind::kSpikes) && keep_spikes(*envelope.mutable_spikes());
      case Envelope::kStimulus:
        return keep_stimulus(envelope.stimulus());
      case Envelope::kPotentials:
        return keep_potentials(*envelope.mutable_potentials());
      case Envelope::kSynapses:
        return has(Kind::kSnapshots) || has(Kind::kWeights);
      case Envelope::kSnapshot:
        is_snapshot_kept_ =
            has(Kind::kSnapshots) && is_at_most_until(proto::decode(envelope.snapshot().time()));
        return is_snapshot_kept_;
      case Envelope::kNeurons:
      case Envelope::kWeights:
        return is_snapshot_kept_;
      case Envelope::kStateColumn:
      case Envelope::kStateEnd:
        return is_snapshot_kept_ && has(Kind::kStates);
      case Envelope::kWeightSample:
        return has(Kind::kWeights) && is_at_most_until(proto::decode(envelope.weight_sample().time()));
      case Envelope::kRecording:
        return has(Kind::kRecordings) && is_at_most_until(proto::decode(envelope.recording().time()));
      case Envelope::kSummary:
        return is_whole();
      default:
        return has(Kind::kOthers);
    }
  }();
  return is_kept ? std::optional(std::move(envelope)) : std::nullopt;
}

}  // namespace chronotope::apps
