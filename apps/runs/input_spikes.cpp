// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/runs/input_spikes.hpp"

#include <filesystem>
#include <utility>

#include "chronotope/core/error.hpp"

namespace chronotope::apps {

InputSpikes::InputSpikes(const NetworkDescription& network, Observer on_spike)
    : first_input_(static_cast<std::uint32_t>(network.populations.size())), on_spike_(std::move(on_spike)) {
  for (const InputSpec& input : network.inputs) inputs_.push_back(events::make_stimulus(input, network.seed));
  for (std::uint32_t k = 0; k < inputs_.size(); ++k)
    for (std::uint32_t line = 0; line < events::line_count(inputs_[k]); ++line) queue_next(k, line);
}

void InputSpikes::tell_until(Time end) {
  while (!next_.empty() && next_.top().time < end) {
    const Next next = next_.top();
    next_.pop();
    on_spike_(first_input_ + next.input, NeuronId{next.channel}, next.time);
    queue_next(next.input, next.line);
  }
}

void InputSpikes::queue_next(std::uint32_t input, std::uint32_t line) {
  const ChannelSpike spike = events::next_spike(inputs_[input], line);
  if (!spike.time.is_never()) next_.push({spike.time, input, line, spike.channel});
}

void hear_spikes(NetworkSpec& network, const std::string& path) {
  const std::string absolute = path == "-" ? path : std::filesystem::absolute(path).string();
  bool listens = false;
  for (Input& input : *network.mutable_input())
    if (input.has_spike_stream()) {
      input.mutable_spike_stream()->set_path(absolute);
      listens = true;
    }
  if (!listens) throw InputError("the network has no input with a spike_stream that could hear --spikes");
}

}  // namespace chronotope::apps
