// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <memory>
#include <string>
#include <vector>

#include "chronotope/apps/models/registry.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/events/engine.hpp"
#include "chronotope/proto/spec_codec.hpp"

namespace chronotope::tests {

/// One spike of a run.
struct RecordedSpike {
  std::uint32_t population = 0;
  std::uint32_t neuron = 0;
  Time time;

  friend auto operator<=>(const RecordedSpike&, const RecordedSpike&) = default;
};

/// The weights of a projection in synapse order.
inline std::vector<double> weights_of(const SynapseGroup& projection) {
  std::vector<double> w;
  for (std::uint64_t s = 0; s < projection.synapse_count(); ++s) w.push_back(projection.weight(SynapseId{s}));
  return w;
}

/// A small network given as textproto, and what it did.
class NetworkRun {
 public:
  explicit NetworkRun(const std::string& textproto, unsigned threads = 1, const Part& part = {})
      : engine_(build(textproto, threads, part)) {}

  NetworkRun& until(double ms) {
    engine_.run_until(stated_time(ms));
    return *this;
  }

  const std::vector<RecordedSpike>& spikes() const { return *spikes_; }
  events::Engine& engine() { return engine_; }

  /// Spike times of one neuron [ms].
  std::vector<double> times(std::uint32_t population, std::uint32_t neuron) const {
    std::vector<double> ms;
    for (const RecordedSpike& spike : *spikes_)
      if (spike.population == population && spike.neuron == neuron) ms.push_back(spike.time.to_ms());
    return ms;
  }

  /// The weights of one projection, settled to now, in synapse order.
  std::vector<double> weights(std::size_t projection) {
    engine_.settle_weights();
    return weights_of(*engine_.network().projections[projection]);
  }

 private:
  events::Engine build(const std::string& textproto, unsigned threads, const Part& part) {
    proto::SpecText text;
    proto::parse_spec(textproto, "test.textproto", text);
    const NetworkDescription network = proto::decode(text).network;
    std::vector<events::Stimulus> inputs;
    for (const InputSpec& input : network.inputs)
      inputs.push_back(events::make_stimulus(input, network.seed));
    return {build_network(
                network, apps::neuron_kinds(), apps::rule_kinds(), [] {}, part),
            apps::event_forms(), std::move(inputs),
            [spikes = spikes_](std::uint32_t population, NeuronId neuron, Time time) {
              spikes->push_back({population, index(neuron), time});
            },
            threads};
  }

  std::shared_ptr<std::vector<RecordedSpike>> spikes_ = std::make_shared<std::vector<RecordedSpike>>();
  events::Engine engine_;
};

}  // namespace chronotope::tests
