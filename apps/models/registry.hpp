// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "chronotope/core/network.hpp"
#include "chronotope/events/clock/clock_population.hpp"
#include "chronotope/events/lane.hpp"

namespace chronotope::apps {

// The models this program knows, made from the lines of apps/models/CMakeLists.txt.

std::span<const NeuronKind> neuron_kinds();
std::span<const RuleKind> rule_kinds();

/// Of the models that the event-driven engine takes.
std::span<const events::EventForm> event_forms();
/// Of the models that the clock-driven engine takes.
std::span<const events::ClockForm> clock_forms();

bool has_event_form(std::string_view model);
bool has_clock_form(std::string_view model);

/// Refuses models that only the clock-driven engine takes. Throws FieldError.
void require_event_forms(const NetworkDescription& network);
/// Refuses what only the event-driven engine does. Throws FieldError.
void require_clock_forms(const NetworkDescription& network);

}  // namespace chronotope::apps
