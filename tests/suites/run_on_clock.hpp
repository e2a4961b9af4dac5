// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/apps/models/registry.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/events/clock/clock_engine.hpp"
#include "chronotope/proto/spec_codec.hpp"
#include "chronotope/tests/suites/run_network.hpp"

namespace chronotope::tests {

inline NetworkDescription describe_network(const std::string& textproto) {
  proto::SpecText text;
  proto::parse_spec(textproto, "test.textproto", text);
  return proto::decode(text).network;
}

/// A small network given as textproto, on a clock.
class ClockRun {
 public:
  ClockRun(const std::string& textproto, const events::ClockOptions& options,
           std::vector<events::SpikeList> recorded = {},
           events::VectorSet vectors = events::widest_vectors()) {
    const NetworkDescription network = describe_network(textproto);
    std::vector<events::Stimulus> inputs;
    for (const InputSpec& input : network.inputs)
      inputs.push_back(events::make_stimulus(input, network.seed));
    engine_ = std::make_unique<events::ClockEngine>(
        build_network(network, apps::neuron_kinds(), apps::rule_kinds()), apps::clock_forms(),
        std::move(inputs),
        [this](std::uint32_t population, NeuronId neuron, Time time) {
          spikes_.push_back({population, index(neuron), time});
        },
        options, std::move(recorded), vectors);
  }
  ClockRun(const ClockRun&) = delete;
  ClockRun& operator=(const ClockRun&) = delete;

  ClockRun& until(double ms) {
    engine_->run_until(stated_time(ms));
    return *this;
  }

  const std::vector<RecordedSpike>& spikes() const { return spikes_; }
  events::ClockEngine& engine() { return *engine_; }

  /// Spike times of one neuron [ms].
  std::vector<double> times(std::uint32_t population, std::uint32_t neuron) const {
    std::vector<double> ms;
    for (const RecordedSpike& spike : spikes_)
      if (spike.population == population && spike.neuron == neuron) ms.push_back(spike.time.to_ms());
    return ms;
  }

  /// The weights of one projection, settled to now, in synapse order.
  std::vector<double> weights(std::size_t projection) {
    engine_->settle_weights();
    return weights_of(*engine_->network().projections[projection]);
  }

 private:
  std::vector<RecordedSpike> spikes_;
  std::unique_ptr<events::ClockEngine> engine_;
};

}  // namespace chronotope::tests
