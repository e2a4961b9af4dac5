// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <variant>

#include "chronotope/core/network_description.hpp"
#include "chronotope/events/stimuli/correlated_poisson.hpp"
#include "chronotope/events/stimuli/inhomogeneous_poisson.hpp"
#include "chronotope/events/stimuli/poisson.hpp"
#include "chronotope/events/stimuli/regular.hpp"
#include "chronotope/events/stimuli/spike_list.hpp"

namespace chronotope::events {

/// A source of spikes with a number of independent lines; each line's spikes come in time order, one call of
/// next() after the other. Lines without order between them (channels of a Poisson input) each have one entry
/// in the queue.
using Stimulus = std::variant<SpikeList, Poisson, Regular, InhomogeneousPoisson, CorrelatedPoisson>;

inline Stimulus make_stimulus(const InputSpec& input, std::uint64_t seed) {
  if (const auto* poisson = std::get_if<PoissonSpec>(&input.source)) return Poisson(input, *poisson, seed);
  if (const auto* regular = std::get_if<RegularSpec>(&input.source)) return Regular(input, *regular, seed);
  if (const auto* changing = std::get_if<InhomogeneousPoissonSpec>(&input.source))
    return InhomogeneousPoisson(input, *changing, seed);
  if (const auto* copies = std::get_if<CorrelatedPoissonSpec>(&input.source))
    return CorrelatedPoisson(input, *copies, seed);
  return SpikeList(std::get<SpikeListSpec>(input.source).spikes);
}

inline std::uint32_t line_count(const Stimulus& stimulus) {
  return std::visit([](const auto& s) { return s.line_count(); }, stimulus);
}

/// No spike of the line that is to come is earlier.
inline Time not_before(const Stimulus& stimulus, std::uint32_t line) {
  return std::visit([&](const auto& s) { return s.not_before(line); }, stimulus);
}

/// Where a line is, for saving and loading (core/packed.hpp).
template <class AnyStimulus, class Visit>
void visit_line(AnyStimulus& stimulus, std::uint32_t line, Visit visit) {
  std::visit([&](auto& s) { s.line_state(s, line, visit); }, stimulus);
}

/// The line's next spike; its time is never() when there is none.
inline ChannelSpike next_spike(Stimulus& stimulus, std::uint32_t line) {
  return std::visit([&](auto& s) { return s.next(line); }, stimulus);
}

}  // namespace chronotope::events
