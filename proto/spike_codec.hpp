// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/core/time.hpp"
#include "chronotope/proto/stream.pb.h"

namespace chronotope::proto {

class FrameWriter;

/// One spike of a population, or one event of a channel.
struct PopulationSpike {
  Time time;
  std::uint32_t neuron = 0;

  friend auto operator<=>(const PopulationSpike&, const PopulationSpike&) = default;
};

/// One presentation of a stimulus.
struct Stimulus {
  std::uint32_t id = 0;
  Time onset;
  Duration duration;
  std::string label;
  std::string name;
  Phase phase = PHASE_UNSPECIFIED;
};

TimePoint encode(Time t);
TimeSpan encode(Duration d);
/// Throw InputError when the ticks do not lie inside an epoch, or the epoch not from 0 to 1e12 ms.
Time decode(const TimePoint& t);
Duration decode(const TimeSpan& d);

Envelope encode(const Stimulus& stimulus);
Stimulus decode(const StimulusMark& mark);

/// Collects spikes of several populations and writes them as one block per population and epoch (or per
/// kChunk spikes). Requires: times of one population never decrease. Call flush() before anything that refers
/// to a later time.
class SpikeWriter {
 public:
  SpikeWriter(FrameWriter& frames, std::size_t populations);

  void write(std::uint32_t population, Time time, std::uint32_t neuron);
  void flush();
  /// The blocks that are not full yet, and going on with them.
  const std::vector<SpikeBlock>& open() const { return open_; }
  void go_on_with(std::vector<SpikeBlock> open) { open_ = std::move(open); }

 private:
  void flush(std::uint32_t population);

  FrameWriter& frames_;
  std::vector<SpikeBlock> open_;  // one per population
};

/// Appends a block's spikes. Throws InputError when times and neurons differ in number, when a time lies
/// outside its epoch, the epoch before 0 or beyond 1e12 ms, or when a neuron is not below `size`.
void decode(const SpikeBlock& block, std::uint32_t size, std::vector<PopulationSpike>& spikes);

/// The spikes of one population of a stream and the stream's stimulus marks.
struct SpikeRecording {
  std::string population;
  std::uint32_t channels = 0;
  std::vector<PopulationSpike> spikes;  // in (time, neuron) order
  std::vector<Stimulus> stimuli;
};
/// Of the first population unless one is named. Throws InputError that names those there are when it is none of
/// them.
SpikeRecording read_spike_recording(const std::string& path, const std::string& population = "");

}  // namespace chronotope::proto
