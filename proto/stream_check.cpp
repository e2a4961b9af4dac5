// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/stream_check.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::proto {
namespace {

constexpr std::uint64_t kMostNeurons = std::numeric_limits<std::uint32_t>::max();

[[noreturn]] void refuse(const std::string& field, const std::string& value, const std::string& allowed) {
  throw InputError(field + ": " + value + " is not allowed (" + allowed + ")");
}

void require(bool holds, const std::string& field, std::uint64_t value, const std::string& allowed) {
  if (!holds) refuse(field, std::to_string(value), allowed);
}

/// A chunk begins where the one before it ended.
void require_first(const std::string& field, std::uint64_t first, std::uint64_t expected) {
  require(first == expected, field, first, "the chunk must begin with " + std::to_string(expected));
}

/// [first, first + count) lies in [0, size).
void require_inside(const std::string& field, std::uint64_t first, std::uint64_t count, std::uint64_t size) {
  if (first > size || count > size - first)
    refuse(field, std::to_string(first) + " to " + std::to_string(first + count),
           "there are " + std::to_string(size));
}

void require_parallel(const std::string& field, int size, int expected) {
  require(size == expected, field, static_cast<std::uint64_t>(size),
          "must be " + std::to_string(expected) + " entries, as in the column beside it");
}

template <class Column>
void require_below(const std::string& field, const Column& column, std::uint64_t size) {
  for (const auto index : column)
    require(index < size, field, index, "must be below the population's size, " + std::to_string(size));
}

/// Neurons [first, last) are those of a part, or all.
template <class Column>
void require_own(const std::string& field, const Column& column, std::uint32_t first, std::uint32_t last) {
  for (const auto index : column)
    require(first <= index && index < last, field, index,
            "this part has those from " + std::to_string(first) + " up to " + std::to_string(last));
}

template <class Column>
void require_finite(const std::string& field, const Column& values, double largest,
                    const std::string& allowed) {
  for (const double v : values)
    if (!(std::abs(v) <= largest)) refuse(field, chronotope::to_string(v), allowed);
}

void require_weights(const google::protobuf::RepeatedField<double>& weights) {
  require_finite("weight", weights, kLargestWeight, "must be from -1e12 to 1e12");
}

void require_potentials(const google::protobuf::RepeatedField<double>& V) {
  require_finite("V_m", V, std::numeric_limits<double>::max(), "must be finite");
}

void check_delays(const Synapses& chunk) {
  if (chunk.delay_ticks_size() > 0)
    require_parallel("delay_ticks", chunk.delay_ticks_size(), chunk.source_size());
  if (chunk.delay_epochs_size() > 0)
    require_parallel("delay_epochs", chunk.delay_epochs_size(), chunk.source_size());
  for (const std::int64_t ticks : chunk.delay_ticks())
    if (ticks < 0 || ticks >= static_cast<std::int64_t>(kTicksPerEpoch))
      refuse("delay_ticks", std::to_string(ticks), "0 <= ticks < 1.024e15");
}

void check(const WeightHistogram& histogram) {
  if (!(std::isfinite(histogram.low()) && std::isfinite(histogram.high()) &&
        histogram.low() < histogram.high()))
    refuse("histogram",
           chronotope::to_string(histogram.low()) + " to " + chronotope::to_string(histogram.high()),
           "must be finite and ascend");
}

void check(const ActivationMatrix& matrix) {
  const auto cells = static_cast<std::uint64_t>(matrix.stimulus_size()) * matrix.columns();
  require(static_cast<std::uint64_t>(matrix.value_size()) == cells, "value",
          static_cast<std::uint64_t>(matrix.value_size()),
          "must be " + std::to_string(cells) + " entries, stimuli x columns");
}

void check(const RunSummary& summary) {
  if (!(summary.until_ms() >= 0 && summary.until_ms() <= Time::kMaxMs))
    refuse("until_ms", chronotope::to_string(summary.until_ms()), "must be from 0 to 1e12 ms");
}

bool belongs_to_snapshot(const Envelope& envelope) {
  return envelope.has_neurons() || envelope.has_weights();
}

}  // namespace

StreamCheck::StreamCheck(const Header& header) {
  std::uint64_t neurons = 0, channels = 0;
  std::set<std::string> names;
  for (const PopulationInfo& info : header.population()) {
    const std::string field = "population " + in_quotes(info.name());
    if (!names.insert(info.name()).second) refuse(field, "a second one", "every name is given once");
    if (!info.is_input() && channels > 0) refuse(field, "behind an input", "populations come before inputs");
    (info.is_input() ? channels : neurons) += info.size();
    require(neurons <= kMostNeurons && channels <= kMostNeurons, field + " with those before it",
            std::max(neurons, channels), "at most 4294967295 neurons and as many channels");
    populations_.push_back({info.size(), info.is_input(), 0, info.size(), {}});
  }
  if (header.has_part()) take(header.part());
}

void StreamCheck::take(const StreamPart& part) {
  require(part.rank() < part.ranks(), "part", part.rank(),
          "must be below the number of ranks, " + std::to_string(part.ranks()));
  std::size_t p = 0;
  for (const NeuronPart& own : part.neurons()) {
    require(p < populations_.size() && !populations_[p].is_input, "neurons of the part",
            static_cast<std::uint64_t>(part.neurons_size()), "must be as many entries as populations");
    require_inside("neurons of the part", own.first(), own.count(), populations_[p].size);
    populations_[p].first = own.first();
    populations_[p].last = own.first() + own.count();
    ++p;
  }
  require(p == populations_.size() || populations_[p].is_input, "neurons of the part", p,
          "must be as many entries as populations");
}

void StreamCheck::take(const Envelope& envelope) {
  if (envelope.content_case() == Envelope::CONTENT_NOT_SET) return;  // of a later version
  if (open_ && !belongs_to_snapshot(envelope)) close_snapshot();
  if (has_summary_ && !envelope.has_end()) throw InputError("a frame after the summary");
  switch (envelope.content_case()) {
    case Envelope::kHeader:
      throw InputError("a second header");
    case Envelope::kHeaderPart:
      throw InputError("a part of a header behind the header");
    case Envelope::kSpikes:
      return take(envelope.spikes());
    case Envelope::kStimulus:
      decode(envelope.stimulus());
      ++marks_;
      return;
    case Envelope::kSynapses:
      return take(envelope.synapses());
    case Envelope::kSnapshot:
      return take(envelope.snapshot());
    case Envelope::kNeurons:
      return take(envelope.neurons());
    case Envelope::kWeights:
      return take(envelope.weights());
    case Envelope::kActivations:
      return check(envelope.activations());
    case Envelope::kSummary:
      has_summary_ = true;
      return check(envelope.summary());
    case Envelope::kPotentials:
      return take(envelope.potentials());
    case Envelope::kWeightSample:
      return take(envelope.weight_sample());
    case Envelope::kRecording:
      return take(envelope.recording());
    default:
      return;
  }
}

StreamCheck::Population& StreamCheck::population(const char* field, std::uint32_t p) {
  require(p < populations_.size(), field, p, "the header lists " + std::to_string(populations_.size()));
  return populations_[p];
}

StreamCheck::Projection& StreamCheck::projection(std::uint32_t number) {
  const auto found = projections_.find(number);
  require(found != projections_.end(), "projection", number, "no synapses of it were listed");
  return found->second;
}

/// Snapshots and recorded weights are in order of time.
void StreamCheck::advance(const char* what, Time time) {
  if (time < recorded_)
    refuse(what, to_text(time) + " ms", "the one before it is at " + to_text(recorded_) + " ms");
  recorded_ = time;
}

void StreamCheck::take(const SpikeBlock& block) {
  Population& from = population("population", block.population());
  spikes_.clear();
  decode(block, from.size, spikes_);
  require_own("neuron", block.neuron(), from.first, from.last);
  for (const PopulationSpike& spike : spikes_) {
    if (spike.time < from.last_spike)
      refuse("time of a spike", to_text(spike.time) + " ms",
             "the spike before it is at " + to_text(from.last_spike) + " ms");
    from.last_spike = spike.time;
  }
  if (!spikes_.empty() && spikes_.front().time < snapshot_)
    refuse("time of a spike", to_text(spikes_.front().time) + " ms",
           "it stands behind the snapshot at " + to_text(snapshot_) + " ms");
}

void StreamCheck::take(const Synapses& chunk) {
  if (has_snapshot_) throw InputError("synapses after the first snapshot");
  const Population& source = population("source_population", chunk.source_population());
  const Population& target = population("target_population", chunk.target_population());
  require(!target.is_input, "target_population", chunk.target_population(), "an input has no synapses");
  require_parallel("target", chunk.target_size(), chunk.source_size());
  require_below("source", chunk.source(), source.size);
  require_below("target", chunk.target(), target.size);
  require_own("target", chunk.target(), target.first, target.last);
  check_delays(chunk);
  const Ends ends{chunk.source_population(), chunk.target_population(), chunk.plastic()};
  Projection& projection = projections_.try_emplace(chunk.projection(), Projection{ends}).first->second;
  if (ends != projection.ends)
    throw InputError("the chunks of projection " + std::to_string(chunk.projection()) +
                     " differ in their ends");
  require_first("first", chunk.first(), projection.count);
  projection.count += static_cast<std::uint64_t>(chunk.source_size());
}

void StreamCheck::take(const Snapshot& snapshot) {
  const Time time = decode(snapshot.time());
  advance("time of a snapshot", time);
  std::uint64_t known = 0;
  for (auto& [number, projection] : projections_) {
    known += projection.count;
    projection.weights = 0;
  }
  require(snapshot.synapses() <= known, "synapses", snapshot.synapses(),
          std::to_string(known) + " were listed before the snapshot");
  snapshot_ = time;
  has_snapshot_ = true;
  open_ = OpenSnapshot{snapshot.synapses(), 0, {}};
}

void StreamCheck::take(const NeuronStates& chunk) {
  if (!open_) throw InputError("states of neurons outside a snapshot");
  const Population& of = population("population", chunk.population());
  std::uint64_t& known = open_->potentials.try_emplace(chunk.population(), of.first).first->second;
  require_first("first", chunk.first(), known);
  known += static_cast<std::uint64_t>(chunk.v_m_size());
  require(known <= of.last, "V_m", known,
          (of.last == of.size ? "the population has " : "this part has none beyond ") +
              std::to_string(of.last) + " neurons");
  require_potentials(chunk.v_m());
}

void StreamCheck::take(const Weights& chunk) {
  if (!open_) throw InputError("weights outside a snapshot");
  Projection& projection = this->projection(chunk.projection());
  require_first("first", chunk.first(), projection.weights);
  const auto count = static_cast<std::uint64_t>(chunk.weight_size());
  require_inside("weights", chunk.first(), count, projection.count);
  require_weights(chunk.weight());
  projection.weights += count;
  open_->weights += count;
}

void StreamCheck::close_snapshot() {
  const OpenSnapshot snapshot = std::move(*open_);
  open_.reset();
  const std::string at = "weights of the snapshot at " + to_text(snapshot_) + " ms";
  require(snapshot.announced == 0 || snapshot.weights == snapshot.announced, at, snapshot.weights,
          "it announces " + std::to_string(snapshot.announced));
  for (const auto& [number, projection] : projections_)
    require(projection.weights == 0 || projection.weights == projection.count,
            at + " of projection " + std::to_string(number), projection.weights,
            "it has " + std::to_string(projection.count) + " synapses");
}

void StreamCheck::take(const WeightSample& sample) {
  const Projection& projection = this->projection(sample.projection());
  const Population& target = populations_[projection.ends.target];
  const bool has_all = target.last - target.first == target.size;  // a part has recorded weights of the whole
  if (has_all)
    require_inside("weights", sample.first(), static_cast<std::uint64_t>(sample.weight_size()),
                   projection.count);
  require_weights(sample.weight());
  if (sample.has_histogram()) check(sample.histogram());
  advance("time of recorded weights", decode(sample.time()));
}

void StreamCheck::take(const Recording& recording) {
  require_finite("value", recording.value(), std::numeric_limits<double>::max(), "must be finite");
  advance("time of recorded values", decode(recording.time()));
}

void StreamCheck::take(const StimulusPotentials& chunk) {
  const Population& of = population("population", chunk.population());
  require(!of.is_input, "population", chunk.population(), "an input has no potentials");
  require(chunk.stimulus() < marks_, "stimulus", chunk.stimulus(),
          "there are " + std::to_string(marks_) + " marks before it");
  require(chunk.first() >= of.first, "first", chunk.first(),
          "this part has those from " + std::to_string(of.first) + " on");
  require_inside("potentials", chunk.first(), static_cast<std::uint64_t>(chunk.v_m_size()), of.last);
  require_potentials(chunk.v_m());
}

}  // namespace chronotope::proto
