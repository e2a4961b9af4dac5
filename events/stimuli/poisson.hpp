// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "chronotope/core/parameter_source.hpp"
#include "chronotope/events/slots/slot_lines.hpp"
#include "chronotope/events/stimuli/interval_lines.hpp"

namespace chronotope::events {

/// Independent Poisson trains, one line per channel, from numbers keyed by the channel: drawn by the slot where
/// all of an input are dense enough for that, else by the interval.
class Poisson {
 public:
  static constexpr Range kRate{"must be from 0 to 1e9 Hz", [](double v) { return v >= 0 && v <= 1e9; }};

  Poisson(const InputSpec& input, const PoissonSpec& spec, std::uint64_t seed)
      : start_(spec.start),
        stop_(spec.stop),
        line_count_(input.size),
        lines_(make_lines(input, spec, seed)) {}

  std::uint32_t line_count() const { return line_count_; }
  ChannelSpike next(std::uint32_t line) {
    return std::visit([&](auto& lines) { return lines.next(line); }, lines_);
  }

  Time start() const { return start_; }
  Time stop() const { return stop_; }
  Time not_before(std::uint32_t line) const {
    return std::visit([&](const auto& lines) { return lines.not_before(line); }, lines_);
  }
  /// The trains, when they are drawn by the slot.
  const SlotTrains* slots() const {
    const auto* lines = std::get_if<SlotLines>(&lines_);
    return lines == nullptr ? nullptr : &lines->trains();
  }

  template <class Self, class Visit>
  static void line_state(Self& self, std::uint32_t line, Visit visit) {
    std::visit([&](auto& lines) { lines.line_state(lines, line, visit); }, self.lines_);
  }

 private:
  using Lines = std::variant<IntervalLines, SlotLines>;

  static Lines make_lines(const InputSpec& input, const PoissonSpec& spec, std::uint64_t seed) {
    std::vector<double> rates;
    for (std::uint32_t c = 0; c < input.size; ++c) {
      RandomStream parameters(seed, Purpose(input.name + ".rate"), c);
      rates.push_back(draw(spec.rate, kRate, parameters, c));
    }
    const Purpose purpose(input.name + ".spikes");
    if (SlotTrains::are_dense(rates))
      return SlotLines(SlotTrains(seed, purpose, rates, spec.start, spec.stop));
    return IntervalLines(seed, purpose, rates, spec.start, spec.stop);
  }

  Time start_;
  Time stop_;
  std::uint32_t line_count_;
  Lines lines_;
};

}  // namespace chronotope::events
