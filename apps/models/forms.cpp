// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "chronotope/apps/models/registry.hpp"

namespace chronotope::apps {
namespace {

template <class Form>
bool has(std::span<const Form> forms, std::string_view model) {
  return std::any_of(forms.begin(), forms.end(), [&](const Form& form) { return form.model == model; });
}

}  // namespace

bool has_event_form(std::string_view model) { return has(event_forms(), model); }
bool has_clock_form(std::string_view model) { return has(clock_forms(), model); }

void require_event_forms(const NetworkDescription& network) {
  for (const PopulationSpec& population : network.populations)
    if (has_clock_form(population.model.kind) && !has_event_form(population.model.kind))
      population.model.field.refuse(
          population.model.kind,
          "has no exact event form: it runs on a clock (simulate --clock DT, or compare)");
}

void require_clock_forms(const NetworkDescription& network) {
  constexpr const char* kReason = "does not run on a clock, only from event to event";
  for (const PopulationSpec& population : network.populations)
    if (has_event_form(population.model.kind) && !has_clock_form(population.model.kind))
      population.model.field.refuse(population.model.kind, kReason);
  for (const ProjectionSpec& projection : network.projections) {
    if (projection.reward) (projection.field / "modulation").refuse("modulation", kReason);
    if (projection.scaling) (projection.field / "scaling").refuse("scaling", kReason);
  }
}

}  // namespace chronotope::apps
