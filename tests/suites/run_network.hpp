// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <memory>
#include <string>
#include <vector>

#include "chronotope/apps/model_choice.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/proto/spec_codec.hpp"

namespace chronotope::tests {

/// One spike of a run.
struct RecordedSpike {
  std::uint32_t population = 0;
  std::uint32_t neuron = 0;
  Time time;

  friend auto operator<=>(const RecordedSpike&, const RecordedSpike&) = default;
};

/// A small network given as textproto, and what it did.
class NetworkRun {
 public:
  explicit NetworkRun(const std::string& textproto, unsigned threads = 1)
      : engine_(build(textproto, threads)) {}

  NetworkRun& until(double ms) {
    engine_.run_until(stated_time(ms));
    return *this;
  }

  const std::vector<RecordedSpike>& spikes() const { return *spikes_; }
  apps::Engine& engine() { return engine_; }

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
    return std::visit(
        [](const auto& group) {
          std::vector<double> w;
          for (std::uint64_t s = 0; s < group.connectivity.synapse_count(); ++s)
            w.push_back(group.rule.weight(SynapseId{s}));
          return w;
        },
        engine_.network().projections[projection]);
  }

 private:
  apps::Engine build(const std::string& textproto, unsigned threads) {
    proto::SpecText text;
    proto::parse_spec(textproto, "test.textproto", text);
    const NetworkDescription network = proto::decode(text).network;
    std::vector<events::Stimulus> inputs;
    for (const InputSpec& input : network.inputs)
      inputs.push_back(events::make_stimulus(input, network.seed));
    return {NetworkBuilder<apps::Engine::NetworkType>::build(network), std::move(inputs),
            [spikes = spikes_](std::uint32_t population, NeuronId neuron, Time time) {
              spikes->push_back({population, index(neuron), time});
            },
            threads};
  }

  std::shared_ptr<std::vector<RecordedSpike>> spikes_ = std::make_shared<std::vector<RecordedSpike>>();
  apps::Engine engine_;
};

}  // namespace chronotope::tests
