// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/private_trains.hpp"

#include <algorithm>

#include "chronotope/core/connectivity.hpp"

namespace chronotope::events {
namespace {

Duration slot_length(const PrivateProjection& projection) {
  return Duration::from_ticks(projection.input->slots()->length().ticks);
}

/// Of the longest slots: so those of a single input whose synapses have one delay need no part of two.
Duration common_shift(std::span<const PrivateProjection> projections, Duration length) {
  for (const PrivateProjection& projection : projections) {
    const SlotTrains& slots = *projection.input->slots();
    const WholeProjection& whole = projection.onto->whole();
    if (slots.length().ticks == length.ticks() && whole.has_one_delay)
      return Duration::from_ticks(SlotSums::delay(slots, whole.least_delay).shift);
  }
  return {};
}

PrivateTrains trains_of(const PrivateProjection& projection, Duration shift) {
  const SlotTrains& slots = *projection.input->slots();
  PrivateTrains trains{&slots,
                       Duration::from_ticks(SlotSums::delay(slots, shift).shift),
                       {},
                       {},
                       projection.counts_emissions,
                       projection.first_channel,
                       projection.largest_exponent};
  const Connectivity& connectivity = projection.onto->connectivity();
  for_each_synapse(connectivity, [&](SynapseId s, SegmentId g) {
    trains.weight.push_back(projection.onto->weight(s));
    trains.delay.push_back(SlotSums::delay(slots, connectivity.delay(g) - trains.shift));
  });
  return trains;
}

Duration longest_delay(const Connectivity& connectivity) {
  Duration longest;
  for_each_synapse(connectivity,
                   [&](SynapseId, SegmentId g) { longest = std::max(longest, connectivity.delay(g)); });
  return longest;
}

}  // namespace

bool is_private(const SynapseGroup& onto, std::uint32_t first) {
  return onto.is_static() && onto.connectivity().is_identity(first) &&
         onto.whole().targets == onto.connectivity().sources();
}

PrivateInputs private_inputs(std::span<const PrivateProjection> projections, const Part& part) {
  PrivateInputs all{{}, {}, {}, Time::never(), Time()};
  for (const PrivateProjection& projection : projections)
    all.length = std::max(all.length, slot_length(projection));
  all.shift = common_shift(projections, all.length);
  for (const PrivateProjection& projection : projections) {
    const Poisson& input = *projection.input;
    all.inputs.push_back(trains_of(projection, all.shift));
    const Duration least = projection.onto->whole().least_delay;
    all.begin = std::min(all.begin, all.slot_begin(all.slot(input.start() + least)));
    const auto longest = [&] { return part.largest(longest_delay(projection.onto->connectivity())); };
    const Time last = input.stop().is_never() ? Time::never() : input.stop() + longest();
    all.end = std::max(all.end, last.is_never() ? last : all.slot_begin(all.slot(last) + 1));
  }
  return all;
}

}  // namespace chronotope::events
