// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/output/simulation_stream.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "chronotope/core/whole_rows.hpp"

namespace chronotope::apps {
namespace {

Header make_header(const proto::DecodedSpec& spec, const NetworkSpec& message) {
  Header header;
  header.set_producer(std::string("chronotope ") + CHRONOTOPE_VERSION + " simulate");
  header.set_seed(spec.network.seed);
  *header.mutable_spec() = message;
  for (const auto& population : spec.network.populations) {
    PopulationInfo& info = *header.add_population();
    info.set_name(population.name);
    info.set_size(population.size);
  }
  for (const auto& input : spec.network.inputs) {
    PopulationInfo& info = *header.add_population();
    info.set_name(input.name);
    info.set_size(input.size);
    info.set_is_input(true);
  }
  return header;
}

Duration longest_delay(const Connectivity& connectivity) {
  Duration longest;
  for (SegmentId g{0}; index(g) < connectivity.segment_count(); g = SegmentId{index(g) + 1})
    longest = std::max(longest, connectivity.delay(g));
  return longest;
}

std::uint64_t synapse_count(const events::Engine& engine) {
  std::uint64_t count = 0;
  for (const auto& projection : engine.network().projections) count += projection->whole().synapses;
  return count;
}

/// The columns of a state as frames.
class StateFrames final : public StateSink {
 public:
  explicit StateFrames(proto::FrameWriter& frames) : frames_(&frames) {}

  void write(const std::string& path, const std::string& bytes) override {
    constexpr std::size_t kMost = std::size_t{1} << 20;
    ++columns_;
    Envelope envelope;
    StateColumn& chunk = *envelope.mutable_state_column();
    chunk.set_path(path);
    chunk.set_size(bytes.size());
    for (std::size_t first = 0; first == 0 || first < bytes.size(); first += kMost) {
      chunk.set_first(first);
      chunk.set_bytes(bytes.data() + first, std::min(kMost, bytes.size() - first));
      frames_->write(envelope);
    }
  }
  void end(bool at_end) {
    Envelope envelope;
    envelope.mutable_state_end()->set_columns(columns_);
    envelope.mutable_state_end()->set_at_end(at_end);
    frames_->write(envelope);
  }

 private:
  proto::FrameWriter* frames_;
  std::uint32_t columns_ = 0;
};

/// The weights of a projection as frames, a chunk each.
class WeightFrames {
 public:
  WeightFrames(proto::FrameWriter& frames, std::uint32_t projection) : frames_(&frames) {
    envelope_.mutable_weights()->set_projection(projection);
  }

  /// The next `count`, which read(weights) reads.
  template <class Read>
  void write(std::uint64_t count, Read read) {
    Weights& chunk = *envelope_.mutable_weights();
    chunk.mutable_weight()->Resize(static_cast<int>(count), 0);
    read(std::span(chunk.mutable_weight()->mutable_data(), count));
    frames_->write(envelope_);
    chunk.set_first(chunk.first() + count);
  }

 private:
  proto::FrameWriter* frames_;
  Envelope envelope_;
};

/// Calls `write(first, last)` for every chunk of [0, count).
template <class Write>
void in_chunks(std::uint64_t count, Write write) {
  for (std::uint64_t first = 0; first < count; first += proto::kChunk)
    write(first, std::min<std::uint64_t>(count, first + proto::kChunk));
}

}  // namespace

SimulationStream::SimulationStream(const std::string& path, const proto::DecodedSpec& spec,
                                   const NetworkSpec& message)
    : SimulationStream(path, spec, make_header(spec, message)) {}

SimulationStream::SimulationStream(const std::string& path, const proto::DecodedSpec& spec,
                                   const NetworkSpec& message, const StudyCell& cell)
    : SimulationStream(path, spec, [&] {
        Header header = make_header(spec, message);
        header.set_producer(std::string("chronotope ") + CHRONOTOPE_VERSION + " study");
        *header.mutable_study() = cell;
        return header;
      }()) {}

SimulationStream::SimulationStream(const std::string& path, const proto::DecodedSpec& spec,
                                   const NetworkSpec& message, const Parent& parent)
    : SimulationStream(path, spec, [&] {
        Header header = make_header(spec, message);
        *header.mutable_parent() = parent;
        return header;
      }()) {}

SimulationStream::SimulationStream(const std::string& path, const proto::DecodedSpec& spec, Header header)
    : header_(std::move(header)),
      frames_(path, header_),
      spikes_(frames_, spec.network.populations.size() + spec.network.inputs.size()) {}

SimulationStream::SimulationStream(const SavedRun& saved, const proto::DecodedSpec& spec)
    : header_(saved.header()),
      frames_(saved.file().path, saved.file().at, {saved.place().bytes}, saved.place().frames),
      spikes_(frames_, spec.network.populations.size() + spec.network.inputs.size()) {
  if (saved.place().open.empty()) return;
  std::vector<SpikeBlock> open(spikes_.open().size());
  if (saved.place().open.size() != open.size()) throw InputError("state stream is of another network");
  for (std::size_t p = 0; p < open.size(); ++p)
    if (!open[p].ParseFromString(saved.place().open[p]) || open[p].population() != p ||
        open[p].neuron_size() != open[p].ticks_size())
      throw InputError("state stream holds no blocks of spikes");
  spikes_.go_on_with(std::move(open));
}

void SimulationStream::write_stimuli(const std::vector<proto::Stimulus>& stimuli, Time until) {
  for (const proto::Stimulus& stimulus : stimuli)
    if (stimulus.onset < until) frames_.write(proto::encode(stimulus));
}

void SimulationStream::write_synapses(const events::Engine& engine) {
  const auto& projections = engine.network().projections;
  for (std::uint32_t k = 0; k < projections.size(); ++k)
    write_synapses(k, *projections[k], engine.network().part);
}

void SimulationStream::write_synapses(std::uint32_t number, const SynapseGroup& projection,
                                      const Part& part) {
  Envelope envelope;
  Synapses* chunk = nullptr;
  std::uint64_t s = 0;
  const bool has_epochs = part.largest(longest_delay(projection.connectivity())).epochs() > 0;
  const auto begin_chunk = [&] {
    if (chunk != nullptr) frames_.write(envelope);
    envelope.Clear();
    chunk = envelope.mutable_synapses();
    chunk->set_projection(number);
    chunk->set_source_population(projection.source());
    chunk->set_target_population(projection.target());
    chunk->set_first(s);
    chunk->set_plastic(projection.is_plastic());
  };
  begin_chunk();
  for_each_whole_synapse(projection, part, [&](const WholeSynapse& synapse) {
    if (chunk->source_size() == static_cast<int>(proto::kChunk)) begin_chunk();
    chunk->add_source(synapse.source);
    chunk->add_target(synapse.target);
    chunk->add_delay_ticks(static_cast<std::int64_t>(synapse.delay.ticks()));
    if (has_epochs) chunk->add_delay_epochs(static_cast<std::uint32_t>(synapse.delay.epochs()));
    ++s;
  });
  frames_.write(envelope);
}

void SimulationStream::write_spike(std::uint32_t population, NeuronId neuron, Time time) {
  spikes_.write(population, time, index(neuron));
}

void SimulationStream::write_potentials(const events::Engine& engine, std::uint32_t stimulus) {
  for (std::uint32_t p = 0; p < engine.network().populations.size(); ++p) {
    const std::vector<double> V = engine.whole_potentials(p);
    in_chunks(V.size(), [&](std::uint64_t first, std::uint64_t last) {
      Envelope envelope;
      StimulusPotentials& chunk = *envelope.mutable_potentials();
      chunk.set_stimulus(stimulus);
      chunk.set_population(p);
      chunk.set_first(static_cast<std::uint32_t>(first));
      for (std::uint64_t i = first; i < last; ++i) chunk.add_v_m(V[i]);
      frames_.write(envelope);
    });
  }
}

void SimulationStream::write_snapshot(events::Engine& engine) {
  engine.settle_weights();
  begin_snapshot(engine.now(), synapse_count(engine));
  for (std::uint32_t p = 0; p < engine.network().populations.size(); ++p)
    write_neurons(p, engine.whole_potentials(p));
  for (std::uint32_t k = 0; k < engine.network().projections.size(); ++k) {
    write_weights(k, *engine.network().projections[k], engine.network().part);
  }
  flush();
}

void SimulationStream::write_weights(std::uint32_t number, const SynapseGroup& projection, const Part& part) {
  WeightFrames frames(frames_, number);
  if (part.is_whole())
    return in_chunks(projection.synapse_count(), [&](std::uint64_t first, std::uint64_t last) {
      frames.write(last - first, [&](auto weights) { projection.read_weights(SynapseId{first}, weights); });
    });
  std::vector<double> chunk;
  const auto write_chunk = [&] {
    frames.write(chunk.size(), [&](auto weights) { std::ranges::copy(chunk, weights.begin()); });
    chunk.clear();
  };
  for_each_whole_synapse(projection, part, [&](const WholeSynapse& synapse) {
    chunk.push_back(synapse.weight);
    if (chunk.size() == proto::kChunk) write_chunk();
  });
  if (!chunk.empty()) write_chunk();
}

void SimulationStream::write_state(events::Engine& engine, const RunRecord& record,
                                   const PopulationRates& rates, bool at_end) {
  StateFrames frames(frames_);
  SaveState save(frames, "");
  save("run", record);
  if (record.part) save("part", *record.part);
  if (record.states) save("recordings", *record.states);
  save("rates", rates);
  engine.save(frames);
  frames.end(at_end);
  frames_.sync();
}

void SimulationStream::write_checkpoint(const std::string& path, events::Engine& engine,
                                        const RunRecord& record, const PopulationRates& rates) {
  frames_.sync();
  StreamPlace place{frames_.place().bytes, frames_.frames(), {}};
  for (const SpikeBlock& block : spikes_.open()) place.open.push_back(block.SerializeAsString());
  proto::FrameWriter file(path, header_);
  Envelope begin;
  *begin.mutable_snapshot()->mutable_time() = proto::encode(engine.now());
  file.write(begin);
  StateFrames frames(file);
  SaveState save(frames, "");
  save("run", record);
  save(StreamPlace::kColumn, place);
  if (record.part) save("part", *record.part);
  if (record.states) save("recordings", *record.states);
  save("rates", rates);
  engine.save(frames);
  frames.end(false);
  file.sync();
  file.close();
}

void SimulationStream::write_snapshot(Time time, const std::vector<std::vector<double>>& potentials,
                                      const std::vector<std::vector<double>>& weights) {
  std::uint64_t synapses = 0;
  for (const auto& projection : weights) synapses += projection.size();
  begin_snapshot(time, synapses);
  for (std::uint32_t p = 0; p < potentials.size(); ++p) write_neurons(p, potentials[p]);
  for (std::uint32_t k = 0; k < weights.size(); ++k) {
    WeightFrames frames(frames_, k);
    in_chunks(weights[k].size(), [&](std::uint64_t first, std::uint64_t last) {
      frames.write(last - first, [&](auto chunk) {
        std::ranges::copy(std::span(weights[k]).subspan(first, last - first), chunk.begin());
      });
    });
  }
  flush();
}

void SimulationStream::begin_snapshot(Time time, std::uint64_t synapses) {
  spikes_.flush();
  Envelope begin;
  *begin.mutable_snapshot()->mutable_time() = proto::encode(time);
  begin.mutable_snapshot()->set_synapses(synapses);
  frames_.write(begin);
}

void SimulationStream::write_neurons(std::uint32_t population, const std::vector<double>& V) {
  in_chunks(V.size(), [&](std::uint64_t first, std::uint64_t last) {
    Envelope envelope;
    envelope.mutable_neurons()->set_population(population);
    envelope.mutable_neurons()->set_first(static_cast<std::uint32_t>(first));
    for (std::uint64_t i = first; i < last; ++i) envelope.mutable_neurons()->add_v_m(V[i]);
    frames_.write(envelope);
  });
}

void SimulationStream::write_sample(const WeightSample& sample) {
  spikes_.flush();
  in_chunks(static_cast<std::uint64_t>(sample.weight_size()), [&](std::uint64_t first, std::uint64_t last) {
    Envelope envelope;
    WeightSample& chunk = *envelope.mutable_weight_sample();
    *chunk.mutable_time() = sample.time();
    chunk.set_projection(sample.projection());
    chunk.set_first(sample.first() + first);
    chunk.mutable_weight()->Add(sample.weight().begin() + static_cast<int>(first),
                                sample.weight().begin() + static_cast<int>(last));
    if (first == 0 && sample.has_histogram()) *chunk.mutable_histogram() = sample.histogram();
    frames_.write(envelope);
  });
}

void SimulationStream::write_recording(const Recording& recording) {
  spikes_.flush();
  in_chunks(static_cast<std::uint64_t>(recording.value_size()), [&](std::uint64_t first, std::uint64_t last) {
    Envelope envelope;
    Recording& chunk = *envelope.mutable_recording();
    *chunk.mutable_time() = recording.time();
    chunk.set_recorder(recording.recorder());
    chunk.set_quantity(recording.quantity());
    chunk.set_first(static_cast<std::uint32_t>(first));
    chunk.mutable_value()->Add(recording.value().begin() + static_cast<int>(first),
                               recording.value().begin() + static_cast<int>(last));
    frames_.write(envelope);
  });
}

void SimulationStream::flush() {
  const auto now = std::chrono::steady_clock::now();
  if (now - flushed_ < std::chrono::milliseconds(100)) return;
  flushed_ = now;
  frames_.flush();
}

void SimulationStream::close(const RunSummary& summary) {
  spikes_.flush();
  Envelope envelope;
  *envelope.mutable_summary() = summary;
  frames_.write(envelope);
  frames_.close();
}

}  // namespace chronotope::apps
