// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/output/population_rates.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "chronotope/core/printable.hpp"

namespace chronotope::apps {

PopulationRates::PopulationRates(const NetworkDescription& network) : spikes_(network.populations.size()) {
  for (const PopulationSpec& population : network.populations) {
    names_.push_back(population.name);
    sizes_.push_back(population.size);
  }
}

void PopulationRates::summarise(Time until, RunSummary& summary) const {
  const double seconds = until.to_ms() / 1000;
  for (std::size_t p = 0; p < spikes_.size(); ++p) {
    PopulationActivity& activity = *summary.add_population();
    const auto spikes = static_cast<double>(spikes_[p]);
    activity.set_name(names_[p]);
    activity.set_neurons(sizes_[p]);
    activity.set_spikes(spikes);
    activity.set_rate_hz(seconds > 0 && sizes_[p] > 0 ? spikes / sizes_[p] / seconds : 0);
  }
}

std::string rates_text(const RunSummary& summary) {
  constexpr int kShown = 10;
  std::string text;
  for (int p = 0; p < std::min(kShown, summary.population_size()); ++p) {
    const PopulationActivity& activity = summary.population(p);
    text += fmt::format("  {}: {:.0f} spikes of {} neuron{}, {:.4g} Hz\n", printable(activity.name()),
                        activity.spikes(), activity.neurons(), activity.neurons() == 1 ? "" : "s",
                        activity.rate_hz());
  }
  if (summary.population_size() > kShown)
    text += fmt::format("  and {} populations more (--json tells all)\n", summary.population_size() - kShown);
  return text;
}

}  // namespace chronotope::apps
