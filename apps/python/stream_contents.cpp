// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/python/stream_contents.hpp"

#include <algorithm>
#include <tuple>

#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace {

/// Takes frame after frame; proto::FrameReader lets only such through as keep the rules of a stream.
class Collector {
 public:
  explicit Collector(StreamContents& contents) : contents_(contents) {}

  void take(const Envelope& envelope) {
    if (envelope.has_spikes()) take(envelope.spikes());
    if (envelope.has_stimulus()) contents_.stimuli.push_back(proto::decode(envelope.stimulus()));
    if (envelope.has_synapses()) take(envelope.synapses());
    if (envelope.has_snapshot())
      contents_.snapshots.push_back({proto::decode(envelope.snapshot().time()), {}, {}});
    if (envelope.has_neurons()) take(envelope.neurons());
    if (envelope.has_weights()) take(envelope.weights());
    if (envelope.has_summary()) contents_.summary = envelope.summary();
  }

  /// Blocks are by population: puts the spikes in order of time.
  void finish() {
    std::sort(spikes_.begin(), spikes_.end(), [](const Spike& a, const Spike& b) {
      return std::tie(a.time, a.population, a.neuron) < std::tie(b.time, b.population, b.neuron);
    });
    contents_.spikes.reserve(spikes_.size());
    for (const Spike& spike : spikes_)
      contents_.spikes.push_back(spike_row(spike.population, spike.neuron, spike.time));
  }

 private:
  struct Spike {
    Time time;
    std::uint32_t population;
    std::uint32_t neuron;
  };

  void take(const SpikeBlock& block) {
    block_.clear();
    proto::decode(block, contents_.header.population(static_cast<int>(block.population())).size(), block_);
    for (const proto::PopulationSpike& spike : block_)
      spikes_.push_back({spike.time, block.population(), spike.neuron});
  }

  void take(const Synapses& chunk) {
    std::vector<SynapseRow>& rows = contents_.synapses[chunk.projection()];
    for (int s = 0; s < chunk.source_size(); ++s) {
      const std::int64_t epochs = chunk.delay_epochs_size() == 0 ? 0 : chunk.delay_epochs(s);
      const Time delay = Time::from_parts(epochs, static_cast<double>(chunk.delay_ticks(s)));
      rows.push_back({0, nearest_ms(delay), chunk.projection(), chunk.source_population(), chunk.source(s),
                      chunk.target_population(), chunk.target(s), chunk.plastic()});
    }
  }

  void take(const NeuronStates& chunk) {
    std::vector<double>& V = contents_.snapshots.back().potentials[chunk.population()];
    V.insert(V.end(), chunk.v_m().begin(), chunk.v_m().end());
  }

  void take(const Weights& chunk) {
    std::vector<double>& weights = contents_.snapshots.back().weights[chunk.projection()];
    weights.insert(weights.end(), chunk.weight().begin(), chunk.weight().end());
  }

  StreamContents& contents_;
  std::vector<Spike> spikes_;
  std::vector<proto::PopulationSpike> block_;
};

}  // namespace

std::vector<SynapseRow> StreamContents::synapses_at(const Snapshot& snapshot,
                                                    std::uint32_t projection) const {
  std::vector<SynapseRow> rows = synapses.at(projection);
  const std::vector<double>& weights = snapshot.weights.at(projection);
  for (std::size_t s = 0; s < rows.size(); ++s) rows[s].weight = weights[s];
  return rows;
}

StreamContents read_stream(const std::string& path, const Checkpoint& check) {
  proto::FrameReader frames(path);
  StreamContents contents;
  contents.header = frames.header();
  Collector collector(contents);
  while (const auto envelope = frames.next()) {
    collector.take(*envelope);
    check();
  }
  collector.finish();
  return contents;
}

}  // namespace chronotope::apps
