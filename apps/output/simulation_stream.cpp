// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/output/simulation_stream.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "chronotope/apps/output/chunked_frames.hpp"
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

SimulationStream::SimulationStream(const std::string& path, const proto::DecodedSpec& spec,
                                   const NetworkSpec& message, const StreamPart& part)
    : SimulationStream(path, spec, [&] {
        Header header = make_header(spec, message);
        *header.mutable_part() = part;
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

/// What of a network goes into this stream: its part of it, or what all ranks have.
Part SimulationStream::told(const Part& part) const { return header_.has_part() ? Part() : part; }

/// The number, in its population, of the neuron that an engine's own arrays begin with, in a part.
std::uint32_t SimulationStream::first_neuron(std::uint32_t population) const {
  return header_.has_part() ? header_.part().neurons(static_cast<int>(population)).first() : 0;
}

std::vector<double> SimulationStream::potentials(const events::Engine& engine,
                                                 std::uint32_t population) const {
  return header_.has_part() ? engine.potentials(population) : engine.whole_potentials(population);
}

std::uint64_t SimulationStream::synapse_count(const events::Engine& engine) const {
  std::uint64_t count = 0;
  for (const auto& projection : engine.network().projections)
    count += header_.has_part() ? projection->synapse_count() : projection->whole().synapses;
  return count;
}

void SimulationStream::write_synapses(std::uint32_t number, const SynapseGroup& projection,
                                      const Part& part) {
  Synapses begin;
  begin.set_projection(number);
  begin.set_source_population(projection.source());
  begin.set_target_population(projection.target());
  begin.set_plastic(projection.is_plastic());
  SynapseFrames frames(frames_, begin, part.largest(longest_delay(projection.connectivity())).epochs() > 0);
  const std::uint32_t first = first_neuron(projection.target());
  for_each_whole_synapse(projection, told(part), [&](const WholeSynapse& synapse) {
    frames.add(synapse.source, first + synapse.target, synapse.delay);
  });
  frames.end();
}

/// In a part all spikes so far, of whatever population, stand before those of another epoch: whoever joins parts has to
/// remember no more than a block of each.
void SimulationStream::write_spike(std::uint32_t population, NeuronId neuron, Time time) {
  constexpr std::uint64_t kSpikesInABlock = std::uint64_t{1} << 15;
  if (header_.has_part() && (time.epoch() != epoch_ || held_ == kSpikesInABlock)) flush_spikes();
  epoch_ = time.epoch();
  ++held_;
  spikes_.write(population, time, index(neuron));
}

void SimulationStream::flush_spikes() {
  spikes_.flush();
  held_ = 0;
}

void SimulationStream::write_potentials(const events::Engine& engine, std::uint32_t stimulus) {
  if (header_.has_part()) flush_spikes();
  for (std::uint32_t p = 0; p < engine.network().populations.size(); ++p) {
    const std::vector<double> V = potentials(engine, p);
    const std::uint32_t first_neuron = this->first_neuron(p);
    const auto write = [&](std::uint64_t first, std::uint64_t last) {
      Envelope envelope;
      StimulusPotentials& chunk = *envelope.mutable_potentials();
      chunk.set_stimulus(stimulus);
      chunk.set_population(p);
      chunk.set_first(first_neuron + static_cast<std::uint32_t>(first));
      for (std::uint64_t i = first; i < last; ++i) chunk.add_v_m(V[i]);
      frames_.write(envelope);
    };
    if (V.empty() && header_.has_part()) write(0, 0);  // so that all parts have the same kinds of frames
    in_chunks(V.size(), write);
  }
}

void SimulationStream::write_snapshot(events::Engine& engine) {
  engine.settle_weights();
  begin_snapshot(engine.now(), synapse_count(engine));
  for (std::uint32_t p = 0; p < engine.network().populations.size(); ++p)
    write_neurons(p, potentials(engine, p));
  for (std::uint32_t k = 0; k < engine.network().projections.size(); ++k) {
    write_weights(k, *engine.network().projections[k], engine.network().part);
  }
  flush();
}

void SimulationStream::write_weights(std::uint32_t number, const SynapseGroup& projection, const Part& part) {
  WeightFrames frames(frames_, number);
  if (told(part).is_whole())
    return in_chunks(projection.synapse_count(), [&](std::uint64_t first, std::uint64_t last) {
      frames.write(last - first, [&](auto weights) { projection.read_weights(SynapseId{first}, weights); });
    });
  for_each_whole_synapse(projection, part, [&](const WholeSynapse& synapse) { frames.add(synapse.weight); });
  frames.end();
}

namespace {

void save_run(StateSink& sink, const RunRecord& record, const PopulationRates& rates,
              const StreamPlace* place = nullptr) {
  SaveState save(sink, "");
  save("run", record);
  if (place != nullptr) save(StreamPlace::kColumn, *place);
  if (record.part) save("part", *record.part);
  if (record.states) save("recordings", *record.states);
  save("rates", rates);
}

}  // namespace

void SimulationStream::write_state(events::Engine& engine, const RunRecord& record,
                                   const PopulationRates& rates, bool at_end) {
  StateFrames frames(frames_);
  if (header_.has_part()) {
    events::OwnColumns own(frames, engine.network().part);
    save_run(own, record, rates);
    engine.save_part(frames);
  } else {
    save_run(frames, record, rates);
    engine.save(frames);
  }
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
  save_run(frames, record, rates, &place);
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
  flush_spikes();
  Envelope begin;
  *begin.mutable_snapshot()->mutable_time() = proto::encode(time);
  begin.mutable_snapshot()->set_synapses(synapses);
  frames_.write(begin);
}

void SimulationStream::write_neurons(std::uint32_t population, const std::vector<double>& V) {
  in_chunks(V.size(), [&](std::uint64_t first, std::uint64_t last) {
    Envelope envelope;
    envelope.mutable_neurons()->set_population(population);
    envelope.mutable_neurons()->set_first(first_neuron(population) + static_cast<std::uint32_t>(first));
    for (std::uint64_t i = first; i < last; ++i) envelope.mutable_neurons()->add_v_m(V[i]);
    frames_.write(envelope);
  });
}

void SimulationStream::write_sample(const WeightSample& sample) {
  flush_spikes();
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
  flush_spikes();
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
  flush_spikes();
  Envelope envelope;
  *envelope.mutable_summary() = summary;
  frames_.write(envelope);
  frames_.close();
}

}  // namespace chronotope::apps
