// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chronotope/core/packed.hpp"
#include "chronotope/core/part.hpp"
#include "chronotope/events/tally.hpp"

namespace chronotope::events {

/// What ranks said, each a T.
template <class T>
std::vector<T> unpacked(const std::vector<std::string>& said) {
  std::vector<T> values(said.size());
  for (std::size_t rank = 0; rank < said.size(); ++rank) {
    std::string_view rest = said[rank];
    Unpacker{rest}(values[rank]);
  }
  return values;
}

/// What every rank has, by rank. All ranks call it at once, here and below. Requires: several.
template <class T>
std::vector<T> values_of_all(const Part& part, const T& own) {
  std::string bytes;
  Packer{bytes}(own);
  return unpacked<T>(part.exchange()->all(bytes));
}
/// The same at the root; nothing elsewhere.
template <class T>
std::vector<T> values_at_root(const Part& part, const T& own) {
  std::string bytes;
  Packer{bytes}(own);
  return unpacked<T>(part.exchange()->at_root(bytes));
}

inline EventCounts summed(const Part& part, const EventCounts& own) {
  return {part.sum(own.emissions),  part.sum(own.deliveries),      part.sum(own.wake_ups),
          part.sum(own.superseded), part.sum(own.synaptic_events), part.sum(own.spikes)};
}

}  // namespace chronotope::events
