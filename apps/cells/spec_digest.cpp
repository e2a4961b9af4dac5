// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/cells/spec_digest.hpp"

#include <fmt/core.h>

#include <bit>
#include <variant>

namespace chronotope::apps {

void SpecDigest::add(Time t) {
  add(static_cast<std::uint64_t>(t.epoch()));
  add(std::bit_cast<std::uint64_t>(t.ticks()));
}

void SpecDigest::add_network(const NetworkSpec& message) {
  NetworkSpec heard = message;
  for (Input& input : *heard.mutable_input())
    if (input.has_spike_stream()) input.mutable_spike_stream()->clear_path();
  add(heard.SerializeAsString());
}

void SpecDigest::add_inputs(const proto::DecodedSpec& spec) {
  for (const InputSpec& input : spec.network.inputs)
    if (const auto* list = std::get_if<SpikeListSpec>(&input.source))
      for (const ChannelSpike& spike : list->spikes) {
        add(spike.time);
        add(spike.channel);
      }
  for (const PopulationSpec& population : spec.network.populations)
    for (const StepCurrentSpec& current : population.currents)
      for (const CurrentChange& change : current.changes) {
        add(change.time);
        add(std::bit_cast<std::uint64_t>(change.amplitude));
      }
  for (const proto::Stimulus& stimulus : spec.stimuli) {
    add(stimulus.onset);
    add(stimulus.id);
    add(stimulus.label + "\n" + stimulus.name + "\n");
  }
}

std::string SpecDigest::text() const { return fmt::format("{:016x}", hash_); }

}  // namespace chronotope::apps
