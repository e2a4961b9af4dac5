// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/spike_codec.hpp"

#include <algorithm>
#include <utility>

#include "chronotope/core/error.hpp"

namespace chronotope::proto {
namespace {

Time checked_time(std::int64_t epoch, double offset_ms) {
  if (!(offset_ms >= 0 && offset_ms < Time::kEpochMs))
    throw InputError("offset_ms: " + chronotope::to_string(offset_ms) +
                     " is not allowed (0 <= offset < 1024)");
  return Time::from_parts(epoch, offset_ms);
}

}  // namespace

TimePoint encode(Time t) {
  TimePoint point;
  point.set_epoch(static_cast<std::int32_t>(t.epoch()));
  point.set_offset_ms(t.offset_ms());
  return point;
}

Time decode(const TimePoint& t) { return checked_time(t.epoch(), t.offset_ms()); }

Envelope encode(const Stimulus& stimulus) {
  Envelope envelope;
  StimulusMark& mark = *envelope.mutable_stimulus();
  mark.set_id(stimulus.id);
  *mark.mutable_onset() = encode(stimulus.onset);
  mark.set_duration_ms(stimulus.duration.ms);
  mark.set_label(stimulus.label);
  mark.set_name(stimulus.name);
  mark.set_phase(stimulus.phase);
  return envelope;
}

Stimulus decode(const StimulusMark& mark) {
  if (!(mark.duration_ms() >= 0 && mark.duration_ms() <= Time::kMaxMs))
    throw InputError("duration_ms: " + chronotope::to_string(mark.duration_ms()) +
                     " is not allowed (must be from 0 to 1e12 ms)");
  return {mark.id(), decode(mark.onset()), {mark.duration_ms()}, mark.label(), mark.name(), mark.phase()};
}

SpikeWriter::SpikeWriter(FrameWriter& frames, std::size_t populations) : frames_(frames), open_(populations) {
  for (std::size_t p = 0; p < populations; ++p) open_[p].set_population(static_cast<std::uint32_t>(p));
}

void SpikeWriter::write(std::uint32_t population, Time time, std::uint32_t neuron) {
  SpikeBlock& block = open_[population];
  if (block.epoch() != time.epoch() || static_cast<std::size_t>(block.neuron_size()) == kChunk)
    flush(population);
  block.set_epoch(static_cast<std::int32_t>(time.epoch()));
  block.add_offset_ms(time.offset_ms());
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
  block.clear_offset_ms();
  block.clear_neuron();
}

void decode(const SpikeBlock& block, std::uint32_t size, std::vector<PopulationSpike>& spikes) {
  if (block.offset_ms_size() != block.neuron_size())
    throw InputError("a spike block has " + std::to_string(block.offset_ms_size()) + " times for " +
                     std::to_string(block.neuron_size()) + " neurons");
  for (int i = 0; i < block.neuron_size(); ++i) {
    if (block.neuron(i) >= size)
      throw InputError("neuron: " + std::to_string(block.neuron(i)) + " is not allowed (population size " +
                       std::to_string(size) + ")");
    spikes.push_back({checked_time(block.epoch(), block.offset_ms(i)), block.neuron(i)});
  }
}

SpikeRecording read_spike_recording(const std::string& path) {
  FrameReader frames(path);
  if (frames.header().population_size() == 0)
    throw InputError(frames.name() + ": the stream has no population");
  SpikeRecording recording;
  recording.population = frames.header().population(0).name();
  recording.channels = frames.header().population(0).size();
  try {
    while (const auto envelope = frames.next()) {
      if (envelope->has_stimulus()) recording.stimuli.push_back(decode(envelope->stimulus()));
      if (envelope->has_spikes() && envelope->spikes().population() == 0)
        decode(envelope->spikes(), recording.channels, recording.spikes);
    }
  } catch (const InputError& error) {
    const std::string what = error.what();
    throw what.starts_with(frames.name()) ? error : InputError(frames.name() + ": " + what);
  }
  std::sort(recording.spikes.begin(), recording.spikes.end());
  return recording;
}

}  // namespace chronotope::proto
