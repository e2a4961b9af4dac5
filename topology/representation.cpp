// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/representation.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/spike_codec.hpp"

namespace chronotope {
namespace {

/// Collects what layering and activations need from the frames of one stream.
class StreamReader {
 public:
  explicit StreamReader(const Header& header) : header_(header) {
    for (const PopulationInfo& population : header.population()) {
      first_neuron_.push_back(neurons_);
      if (!population.is_input()) neurons_ += population.size();
    }
  }

  void take(const Envelope& envelope) {
    if (envelope.has_stimulus()) stimuli_.push_back(proto::decode(envelope.stimulus()));
    if (envelope.has_spikes()) take_spikes(envelope.spikes());
    if (envelope.has_synapses()) take_synapses(envelope.synapses());
    if (envelope.has_weights()) take_weights(envelope.weights());
  }

  Representation finish(const std::string& name) {
    if (weights_.empty()) throw InputError("the stream has no snapshot with weights");
    if (stimuli_.empty()) throw InputError("the stream has no stimulus marks");
    std::sort(spikes_.begin(), spikes_.end(), [](const NeuronSpike& a, const NeuronSpike& b) {
      return std::pair(a.time, a.neuron) < std::pair(b.time, b.neuron);
    });
    Representation representation;
    representation.name = name;
    representation.layering = layer_network(graph());
    representation.layers = activations(probes(), spikes_, representation.layering.layer);
    return representation;
  }

 private:
  struct Ends {
    bool from_input;
    std::uint32_t source;
    std::uint32_t target;
  };

  const PopulationInfo& population(std::uint32_t p) const {
    if (p >= static_cast<std::uint32_t>(header_.population_size()))
      throw InputError("population: " + std::to_string(p) + " is not allowed (the header lists " +
                       std::to_string(header_.population_size()) + ")");
    return header_.population(static_cast<int>(p));
  }

  void take_spikes(const SpikeBlock& block) {
    const PopulationInfo& info = population(block.population());
    if (info.is_input()) return;
    std::vector<proto::PopulationSpike> spikes;
    proto::decode(block, info.size(), spikes);
    for (const auto& spike : spikes)
      spikes_.push_back({spike.time, first_neuron_[block.population()] + spike.neuron});
  }

  void take_synapses(const Synapses& chunk) {
    const PopulationInfo& source = population(chunk.source_population());
    const PopulationInfo& target = population(chunk.target_population());
    if (chunk.source_size() != chunk.target_size()) throw InputError("synapses without a source or a target");
    std::vector<Ends>& ends = synapses_[chunk.projection()];
    for (int s = 0; s < chunk.source_size(); ++s) {
      if (chunk.source(s) >= source.size() || chunk.target(s) >= target.size() || target.is_input())
        throw InputError("a synapse between neurons that the header does not list");
      ends.push_back({source.is_input(), first_neuron_[chunk.source_population()] + chunk.source(s),
                      first_neuron_[chunk.target_population()] + chunk.target(s)});
    }
  }

  /// Later snapshots replace earlier ones.
  void take_weights(const Weights& chunk) {
    const std::size_t count = synapses_[chunk.projection()].size();
    const auto size = static_cast<std::size_t>(chunk.weight_size());
    if (chunk.first() > count || size > count - chunk.first())
      throw InputError("weights of unknown synapses");
    std::vector<double>& weights = weights_[chunk.projection()];
    weights.resize(count);
    std::copy(chunk.weight().begin(), chunk.weight().end(),
              weights.begin() + static_cast<std::ptrdiff_t>(chunk.first()));
  }

  RecurrentGraph graph() const {
    RecurrentGraph graph;
    graph.neurons = neurons_;
    graph.input_weight.assign(neurons_, 0);
    graph.projects_to_readout.assign(neurons_, true);
    for (const auto& [projection, weights] : weights_) {
      const std::vector<Ends>& ends = synapses_.at(projection);
      for (std::size_t s = 0; s < weights.size(); ++s) {
        if (ends[s].from_input)
          graph.input_weight[ends[s].target] += std::abs(weights[s]);
        else
          graph.edges.push_back({ends[s].source, ends[s].target, weights[s]});
      }
    }
    return graph;
  }

  std::vector<Stimulus> probes() const {
    const bool marked =
        std::any_of(stimuli_.begin(), stimuli_.end(), [](const auto& s) { return s.phase == PROBE; });
    std::vector<Stimulus> probes;
    for (const auto& s : stimuli_)
      if (!marked || s.phase == PROBE) probes.push_back({s.id, s.onset, s.duration});
    return probes;
  }

  const Header& header_;
  std::uint32_t neurons_ = 0;
  std::vector<std::uint32_t> first_neuron_;  // per population
  std::vector<proto::Stimulus> stimuli_;
  std::vector<NeuronSpike> spikes_;
  std::map<std::uint32_t, std::vector<Ends>> synapses_;  // per projection
  std::map<std::uint32_t, std::vector<double>> weights_;
};

}  // namespace

Representation read_representation(const std::string& path) {
  proto::FrameReader frames(path);
  StreamReader reader(frames.header());
  try {
    while (const auto envelope = frames.next()) reader.take(*envelope);
    return reader.finish(frames.name());
  } catch (const InputError& error) {
    const std::string what = error.what();
    throw what.starts_with(frames.name()) ? error : InputError(frames.name() + ": " + what);
  }
}

}  // namespace chronotope
