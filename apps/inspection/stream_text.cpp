// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/inspection/stream_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "chronotope/apps/inspection/projection_name.hpp"
#include "chronotope/apps/output/readable.hpp"
#include "chronotope/apps/output/standard_output.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/spike_codec.hpp"

namespace chronotope::apps {

void StreamText::WeightRange::add(double w) {
  low = std::min(low, w);
  high = std::max(high, w);
  sum += w;
  ++count;
}

std::string StreamText::WeightRange::text() const {
  return fmt::format("{:.6g} to {:.6g}, mean {:.6g}", low, high, sum / static_cast<double>(count));
}

StreamText::StreamText(const Header& header)
    : header_(header), spikes_(static_cast<std::size_t>(header.population_size())), last_(spikes_.size()) {
  fmt::print("stream format {}, written by {}, seed {}\n", header.version(), printable(header.producer()),
             header.seed());
  for (const auto& p : header.population())
    fmt::print("  {} {}: {}\n", p.is_input() ? "input" : "population", printable(p.name()),
               counted(p.size(), p.is_input() ? "channel" : "neuron"));
  for (const StepCurrent& current : header.spec().current())
    fmt::print("  current {}: into {}, {}\n", printable(current.name()), printable(current.population()),
               current.path().empty() ? counted(static_cast<std::uint64_t>(current.times_size()), "change")
                                      : "from " + printable(current.path()));
  if (header.has_part()) tell_part();
  if (header.has_parent()) {
    const Parent& parent = header.parent();
    fmt::print("goes on from the state at {} ms of the stream with SHA-1 {}{}\n",
               readable(proto::decode(parent.time())), printable(parent.digest()),
               parent.change_size() > 0 ? "; changed:" : "");
    for (const std::string& change : parent.change()) fmt::print("  {}\n", printable(change));
  }
  flush_standard_output();
}

void StreamText::tell_part() const {
  const StreamPart& part = header_.part();
  fmt::print("what rank {} of {} has, a part of the run (inspect --merge):\n", part.rank(), part.ranks());
  for (int p = 0; p < part.neurons_size(); ++p) {
    const NeuronPart& own = part.neurons(p);
    fmt::print("  {} of {}{}\n", counted(own.count(), "neuron"), printable(header_.population(p).name()),
               own.count() == 0 ? "" : fmt::format(", from {} on", own.first()));
  }
}

void StreamText::take(const Envelope& envelope) {
  switch (envelope.content_case()) {
    case Envelope::kSpikes:
      return take_spikes(envelope.spikes());
    case Envelope::kStimulus:
      return take_stimulus(envelope.stimulus());
    case Envelope::kSynapses:
      return take_synapses(envelope.synapses());
    case Envelope::kSnapshot:
      return begin_snapshot(envelope.snapshot());
    case Envelope::kWeights:
      return take_weights(envelope.weights());
    case Envelope::kStateColumn:
      if (envelope.state_column().first() == 0) state_bytes_ += envelope.state_column().size();
      return state_.add(envelope.state_column());
    case Envelope::kStateEnd:
      return take_state_end(envelope.state_end());
    case Envelope::kWeightSample:
      return take_sample(envelope.weight_sample());
    case Envelope::kRecording:
      return take_recording(envelope.recording());
    case Envelope::kRtd:
      fmt::print("RTD {}: {}\n", printable(envelope.rtd().layer()),
                 envelope.rtd().missing().empty() ? fmt::format("{:.6g}", envelope.rtd().rtd())
                                                  : printable(envelope.rtd().missing()));
      return;
    case Envelope::kActivations:
      fmt::print("activations {} ({}): {} stimuli x {} columns\n", printable(envelope.activations().layer()),
                 printable(envelope.activations().code()), envelope.activations().stimulus_size(),
                 envelope.activations().columns());
      return;
    case Envelope::kSummary:
      return take_summary(envelope.summary());
    default:
      return;
  }
}

void StreamText::finish(std::uint64_t frames) {
  end_snapshot();
  if (stimuli_ > 0)
    fmt::print("{} {} with {}\n", grouped(stimuli_), stimuli_ == 1 ? "stimulus" : "stimuli",
               counted(labels_.size(), "label"));
  for (std::size_t p = 0; p < spikes_.size(); ++p)
    if (spikes_[p] > 0)
      fmt::print("{} of {}, the last at {} ms\n", counted(spikes_[p], "spike"),
                 printable(header_.population(static_cast<int>(p)).name()), readable(last_[p]));
  for (const auto& [of, recorded] : recorded_)
    fmt::print("{} of {} at {} by recorder {}\n", counted(recorded.values, "value"), printable(of.second),
               counted(recorded.times, "time"), of.first);
  fmt::print("{}, complete\n", counted(frames, "frame"));
}

void StreamText::take_spikes(const SpikeBlock& block) {
  std::vector<proto::PopulationSpike> spikes;
  proto::decode(block, header_.population(static_cast<int>(block.population())).size(), spikes);
  spikes_[block.population()] += spikes.size();
  Time& last = last_[block.population()];
  if (!spikes.empty()) last = std::max(last, spikes.back().time);
}

void StreamText::take_stimulus(const StimulusMark& mark) {
  ++stimuli_;
  ++labels_[mark.label()];
}

void StreamText::take_synapses(const Synapses& synapses) {
  const auto count = static_cast<std::uint64_t>(synapses.source_size());
  synapses_[synapses.projection()] += count;
  state_.add_synapses(synapses.projection(), count);
}

void StreamText::begin_snapshot(const Snapshot& snapshot) {
  if (snapshots_++ == 0)
    for (const auto& [projection, count] : synapses_)
      fmt::print("{}: {}\n", projection_name(header_, projection), counted(count, "synapse"));
  end_snapshot();
  fmt::print("snapshot at {} ms: {}", readable(proto::decode(snapshot.time())),
             counted(snapshot.synapses(), "synapse"));
  weights_ = WeightRange();
}

void StreamText::take_weights(const Weights& weights) {
  for (const double w : weights.weight()) weights_->add(w);
}

void StreamText::take_sample(const WeightSample& sample) {
  end_snapshot();
  WeightRange range;
  for (const double w : sample.weight()) range.add(w);
  fmt::print("weights of {} at {} ms: {} from synapse {}, {}\n",
             projection_name(header_, sample.projection()), readable(proto::decode(sample.time())),
             grouped(range.count), sample.first(), range.text());
  if (!sample.has_histogram()) return;
  const WeightHistogram& h = sample.histogram();
  fmt::print("  histogram from {:.6g} to {:.6g}: {} below, {}, {} above\n", h.low(), h.high(), h.below(),
             fmt::join(h.count(), " "), h.above());
}

void StreamText::take_recording(const Recording& recording) {
  Recorded& recorded = recorded_[{recording.recorder(), recording.quantity()}];
  recorded.times += recording.first() == 0 ? 1 : 0;
  recorded.values += static_cast<std::uint64_t>(recording.value_size());
}

void StreamText::take_state_end(const StateEnd& end) {
  end_snapshot();
  fmt::print("  state: {}, {}; the run can go on from here\n{}", counted(end.columns(), "column"),
             counted(std::exchange(state_bytes_, 0), "byte"), state_.take_text(header_));
}

void StreamText::end_snapshot() {
  if (!weights_) return;
  if (weights_->count > 0) fmt::print(", weights {}", weights_->text());
  fmt::print("\n");
  flush_standard_output();
  weights_.reset();
}

void StreamText::take_summary(const RunSummary& summary) {
  end_snapshot();
  fmt::print("run of {:.6g} ms: {}, {} in {:.3g} s{}\n", summary.until_ms(),
             counted(static_cast<std::uint64_t>(summary.spikes()), "spike"),
             counted(static_cast<std::uint64_t>(summary.synaptic_events()), "synaptic event"),
             summary.simulate_seconds(), summary.interrupted() ? ", interrupted" : "");
}

}  // namespace chronotope::apps
