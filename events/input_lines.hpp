// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chronotope/core/packed.hpp"
#include "chronotope/events/stimuli/stimulus.hpp"

namespace chronotope::events {

/// The inputs of a network, line by line: of each line that is heard the next spike waits in the queue, and
/// its channel here.
class InputLines {
 public:
  explicit InputLines(std::vector<Stimulus> inputs) : inputs_(std::move(inputs)), channels_(inputs_.size()) {
    for (std::uint32_t input = 0; input < count(); ++input) channels_[input].resize(lines(input));
  }

  std::uint32_t count() const { return static_cast<std::uint32_t>(inputs_.size()); }
  std::uint32_t lines(std::uint32_t input) const { return line_count(inputs_[input]); }
  const Stimulus& stimulus(std::uint32_t input) const { return inputs_[input]; }

  /// An input with its spikes that wait.
  struct Input {
    Stimulus stimulus;
    std::vector<NeuronId> channels;
  };
  Input input(std::uint32_t input) const { return {inputs_[input], channels_[input]}; }
  /// Takes it in the place of one that has as many lines.
  void replace(std::uint32_t input, Input other) {
    inputs_[input] = std::move(other.stimulus);
    channels_[input] = std::move(other.channels);
  }

  /// When the next spike of a line is, which becomes the one that waits; never() when there is none.
  Time advance(std::uint32_t input, std::uint32_t line) {
    const ChannelSpike spike = next_spike(inputs_[input], line);
    channels_[input][line] = NeuronId{spike.channel};
    return spike.time;
  }
  /// The same of the first spike that is not before t.
  Time advance_to(Time t, std::uint32_t input, std::uint32_t line) {
    for (;;)
      if (const Time next = advance(input, line); next >= t) return next;
  }
  /// The channel of a line's spike that waits.
  NeuronId channel(std::uint32_t input, std::uint64_t line) const { return channels_[input][line]; }

  /// Where one line is.
  std::string line_state(std::uint32_t input, std::uint32_t line) const {
    std::string bytes;
    visit_line(inputs_[input], line, Packer{bytes});
    Packer{bytes}(channels_[input][line]);
    return bytes;
  }
  /// Takes it for its own.
  void take_line_state(std::uint32_t input, std::uint32_t line, std::string_view bytes) {
    visit_line(inputs_[input], line, Unpacker{bytes});
    Unpacker{bytes}(channels_[input][line]);
  }

  template <class Self, class Visit>
  static void state(Self& self, Visit visit) {
    for (auto& input : self.inputs_)
      for (std::uint32_t line = 0; line < line_count(input); ++line) visit_line(input, line, visit);
    visit(self.channels_);
  }

 private:
  std::vector<Stimulus> inputs_;
  std::vector<std::vector<NeuronId>> channels_;
};

}  // namespace chronotope::events
