// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/spike_codec.hpp"

#include <algorithm>
#include <utility>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::proto {
namespace {

bool is_in_epoch(std::int64_t ticks) { return ticks >= 0 && static_cast<double>(ticks) < kTicksPerEpoch; }

void refuse_ticks(std::int64_t ticks) {
  throw InputError("ticks: " + std::to_string(ticks) + " is not allowed (0 <= ticks < 1.024e15)");
}

void require_epoch(std::int64_t epoch) {
  constexpr auto kLast = static_cast<std::int64_t>(Time::kMaxMs / kEpochMs);
  if (epoch < 0 || epoch > kLast)
    throw InputError("epoch: " + std::to_string(epoch) +
                     " is not allowed (0 <= epoch <= " + std::to_string(kLast) + ", which is 1e12 ms)");
}

/// Its number; 0 for no name. Throws InputError that names those there are.
std::uint32_t population_named(const FrameReader& frames, const std::string& name) {
  const auto& populations = frames.header().population();
  if (populations.empty()) throw InputError(frames.name() + ": the stream has no population");
  if (name.empty()) return 0;
  std::string names;
  for (int p = 0; p < populations.size(); ++p) {
    if (populations[p].name() == name) return static_cast<std::uint32_t>(p);
    names += (p == 0 ? "" : ", ") + printable(populations[p].name());
  }
  throw InputError(frames.name() + ": has no population '" + printable(name) + "'; one of " + names);
}

}  // namespace

TimePoint encode(Time t) {
  TimePoint point;
  point.set_epoch(static_cast<std::int32_t>(t.epoch()));
  point.set_ticks(static_cast<std::int64_t>(t.ticks()));
  return point;
}

Time decode(const TimePoint& t) {
  require_epoch(t.epoch());
  if (!is_in_epoch(t.ticks())) refuse_ticks(t.ticks());
  return Time::from_parts(t.epoch(), static_cast<double>(t.ticks()));
}

TimeSpan encode(Duration d) {
  TimeSpan span;
  span.set_epochs(d.epochs());
  span.set_ticks(static_cast<std::int64_t>(d.ticks()));
  return span;
}

Duration decode(const TimeSpan& d) {
  require_epoch(d.epochs());
  if (!is_in_epoch(d.ticks())) refuse_ticks(d.ticks());
  return Duration::from_parts(d.epochs(), static_cast<double>(d.ticks()));
}

Envelope encode(const Stimulus& stimulus) {
  Envelope envelope;
  StimulusMark& mark = *envelope.mutable_stimulus();
  mark.set_id(stimulus.id);
  *mark.mutable_onset() = encode(stimulus.onset);
  *mark.mutable_duration() = encode(stimulus.duration);
  mark.set_label(stimulus.label);
  mark.set_name(stimulus.name);
  mark.set_phase(stimulus.phase);
  return envelope;
}

Stimulus decode(const StimulusMark& mark) {
  const Duration duration = decode(mark.duration());
  if (duration < Duration() || duration > stated_duration(Time::kMaxMs))
    throw InputError("duration: " + to_text(duration) + " ms is not allowed (must be from 0 to 1e12 ms)");
  return {mark.id(), decode(mark.onset()), duration, mark.label(), mark.name(), mark.phase()};
}

SpikeWriter::SpikeWriter(FrameWriter& frames, std::size_t populations) : frames_(frames), open_(populations) {
  for (std::size_t p = 0; p < populations; ++p) open_[p].set_population(static_cast<std::uint32_t>(p));
}

void SpikeWriter::write(std::uint32_t population, Time time, std::uint32_t neuron) {
  SpikeBlock& block = open_[population];
  if (block.epoch() != time.epoch() || static_cast<std::size_t>(block.neuron_size()) == kChunk)
    flush(population);
  block.set_epoch(static_cast<std::int32_t>(time.epoch()));
  block.add_ticks(static_cast<std::int64_t>(time.ticks()));
  block.add_neuron(neuron);
}

void SpikeWriter::flush() {
  for (std::uint32_t p = 0; p < open_.size(); ++p) flush(p);
}

void SpikeWriter::flush(std::uint32_t population) {
  SpikeBlock& block = open_[population];
  if (block.neuron_size() == 0) return;
  Envelope envelope;
  *envelope.mutable_spikes() = block;
  frames_.write(envelope);
  block.clear_ticks();
  block.clear_neuron();
}

void decode(const SpikeBlock& block, std::uint32_t size, std::vector<PopulationSpike>& spikes) {
  if (block.ticks_size() != block.neuron_size())
    throw InputError("a spike block has " + std::to_string(block.ticks_size()) + " times for " +
                     std::to_string(block.neuron_size()) + " neurons");
  require_epoch(block.epoch());
  for (int i = 0; i < block.neuron_size(); ++i) {
    if (block.neuron(i) >= size)
      throw InputError("neuron: " + std::to_string(block.neuron(i)) + " is not allowed (population size " +
                       std::to_string(size) + ")");
    const std::int64_t ticks = block.ticks(i);
    const bool is_next_epoch =
        ticks == static_cast<std::int64_t>(kTicksPerEpoch);  // rounded up from version 1
    if (!is_in_epoch(ticks) && !is_next_epoch) refuse_ticks(ticks);
    spikes.push_back(
        {Time::from_parts(block.epoch(), 0) + Offset{static_cast<double>(ticks)}, block.neuron(i)});
  }
}

SpikeRecording read_spike_recording(const std::string& path, const std::string& population) {
  FrameReader frames(path);
  const std::uint32_t chosen = population_named(frames, population);
  const PopulationInfo& info = frames.header().population(static_cast<int>(chosen));
  SpikeRecording recording{info.name(), info.size(), {}, {}};
  while (const auto envelope = frames.next()) {
    if (envelope->has_stimulus()) recording.stimuli.push_back(decode(envelope->stimulus()));
    if (envelope->has_spikes() && envelope->spikes().population() == chosen)
      decode(envelope->spikes(), recording.channels, recording.spikes);
  }
  std::sort(recording.spikes.begin(), recording.spikes.end());
  return recording;
}

}  // namespace chronotope::proto
