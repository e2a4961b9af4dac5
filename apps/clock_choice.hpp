// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "chronotope/apps/model_choice.hpp"
#include "chronotope/events/clock_engine.hpp"
#include "chronotope/models/grid/delta_lif.hpp"
#include "chronotope/models/grid/exp_psc_lif.hpp"

namespace chronotope::apps {

/// The models the clock-driven engine takes: those with an exact event form first.
using ClockNeurons = TypeList<models::ExpPscLif,  //
                              models::DeltaLif>;

/// Whether the event-driven engine takes the model, too.
template <class... Known>
constexpr bool knows(TypeList<Known...>, std::string_view model) {
  return ((Known::kName == model) || ...);
}
inline bool has_event_form(std::string_view model) { return knows(Neurons(), model); }

using ClockEngine = events::ClockEngine<Network<ClockNeurons, Rules>>;

}  // namespace chronotope::apps

// Compiled once, in clock_choice.cpp.
extern template class chronotope::events::ClockEngine<
    chronotope::Network<chronotope::apps::ClockNeurons, chronotope::apps::Rules>>;
extern template class chronotope::NetworkBuilder<
    chronotope::Network<chronotope::apps::ClockNeurons, chronotope::apps::Rules>>;
