// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <tuple>
#include <vector>

#include "chronotope/core/id.hpp"
#include "chronotope/core/network_description.hpp"
#include "chronotope/events/stimuli/stimulus.hpp"
#include "chronotope/proto/network_spec.pb.h"

namespace chronotope::apps {

/// The spikes of a network's inputs, drawn once more beside a run: the streams they are drawn from depend on
/// nothing else, so these are the spikes that the run hears, whether or not anybody listens, and recording
/// changes no bit of it. On a clock they are the times before these go to the grid.
///
/// Cost: O(log lines) per spike.
class InputSpikes {
 public:
  using Observer = std::function<void(std::uint32_t population, NeuronId channel, Time time)>;

  /// `on_spike` is told the number of the input, after those of the populations, the channel and the time.
  InputSpikes(const NetworkDescription& network, Observer on_spike);

  /// Tells all spikes before `end` that were not told yet, in order of time, input and channel.
  void tell_until(Time end);

 private:
  struct Next {
    Time time;
    std::uint32_t input;
    std::uint32_t line;
    std::uint32_t channel;

    bool operator>(const Next& other) const {
      return std::tie(time, input, channel, line) >
             std::tie(other.time, other.input, other.channel, other.line);
    }
  };
  void queue_next(std::uint32_t input, std::uint32_t line);

  std::uint32_t first_input_;
  Observer on_spike_;
  std::vector<events::Stimulus> inputs_;
  std::priority_queue<Next, std::vector<Next>, std::greater<>> next_;
};

/// Lets every spike_stream input of a network hear this file. Throws InputError when there is none.
void hear_spikes(NetworkSpec& network, const std::string& path);

}  // namespace chronotope::apps
