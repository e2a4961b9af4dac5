// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "chronotope/apps/model_choice.hpp"
#include "chronotope/core/network_description.hpp"
#include "chronotope/events/clock_engine.hpp"
#include "chronotope/models/grid/adaptive_current_lif.hpp"
#include "chronotope/models/grid/adaptive_threshold_lif.hpp"
#include "chronotope/models/grid/alpha_psc_lif.hpp"
#include "chronotope/models/grid/delta_lif.hpp"
#include "chronotope/models/grid/exp_psc_lif.hpp"
#include "chronotope/models/grid/linear_leak_lif.hpp"
#include "chronotope/models/grid/multi_receptor_lif.hpp"
#include "chronotope/models/grid/quadratic_lif.hpp"
#include "chronotope/models/neurons/adex.hpp"
#include "chronotope/models/neurons/cond_exp_lif.hpp"
#include "chronotope/models/neurons/izhikevich.hpp"

namespace chronotope::apps {

/// The models the clock-driven engine takes, those without an exact event form last. One line each.
using ClockNeurons = TypeList<models::ExpPscLif,             //
                              models::DeltaLif,              //
                              models::AdaptiveCurrentLif,    //
                              models::AdaptiveThresholdLif,  //
                              models::AlphaPscLif,           //
                              models::QuadraticLif,          //
                              models::LinearLeakLif,         //
                              models::MultiReceptorLif,      //
                              models::AdEx,                  //
                              models::CondExpLif,            //
                              models::Izhikevich>;

/// Whether the event-driven engine takes the model, too.
template <class... Known>
constexpr bool knows(TypeList<Known...>, std::string_view model) {
  return ((Known::kName == model) || ...);
}
inline bool has_event_form(std::string_view model) { return knows(Neurons(), model); }

/// Refuses models that only the clock-driven engine takes. Throws FieldError.
inline void require_event_forms(const NetworkDescription& network) {
  for (const PopulationSpec& population : network.populations)
    if (knows(ClockNeurons(), population.model.kind) && !has_event_form(population.model.kind))
      population.model.field.refuse(
          population.model.kind,
          "has no exact event form: it runs on a clock (simulate --clock DT, or compare)");
}

/// Refuses what only the event-driven engine does. Throws FieldError.
inline void require_clock_forms(const NetworkDescription& network) {
  constexpr const char* kReason = "does not run on a clock, only from event to event";
  for (const PopulationSpec& population : network.populations)
    if (has_event_form(population.model.kind) && !knows(ClockNeurons(), population.model.kind))
      population.model.field.refuse(population.model.kind, kReason);
  for (const ProjectionSpec& projection : network.projections) {
    if (projection.reward) (projection.field / "modulation").refuse("modulation", kReason);
    if (projection.scaling) (projection.field / "scaling").refuse("scaling", kReason);
  }
}

using ClockEngine = events::ClockEngine<Network<ClockNeurons, Rules>>;

}  // namespace chronotope::apps

// Compiled once, in clock_choice.cpp.
extern template class chronotope::events::ClockEngine<
    chronotope::Network<chronotope::apps::ClockNeurons, chronotope::apps::Rules>>;
extern template class chronotope::NetworkBuilder<
    chronotope::Network<chronotope::apps::ClockNeurons, chronotope::apps::Rules>>;
