// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/statistics/population_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "chronotope/apps/statistics/interval_variation.hpp"
#include "chronotope/apps/statistics/spike_counts.hpp"
#include "chronotope/apps/statistics/time_bins.hpp"
#include "chronotope/core/wiring.hpp"

namespace chronotope::apps {
namespace {

using Train = std::span<const Time>;

struct Moments {
  double mean = 0;
  double sd = 0;  // divisor n
};

/// Requires: not empty.
Moments moments(const std::vector<double>& values) {
  Moments result;
  const auto n = static_cast<double>(values.size());
  for (const double value : values) result.mean += value / n;
  double squares = 0;
  for (const double value : values) squares += (value - result.mean) * (value - result.mean);
  result.sd = std::sqrt(squares / n);
  return result;
}

std::vector<Train> within(const PopulationTrains& population, Time from, Time until) {
  std::vector<Train> cut;
  for (const auto& train : population.trains)
    cut.emplace_back(std::lower_bound(train.begin(), train.end(), from),
                     std::lower_bound(train.begin(), train.end(), until));
  return cut;
}

void describe_rates(const std::vector<Train>& trains, const StatisticsPlan& plan,
                    PopulationStatistics& result) {
  const double seconds = (plan.until - plan.from).ms() / 1000;
  std::vector<double> rates;
  double spikes = 0;
  std::uint32_t silent = 0;
  for (const Train& train : trains) {
    rates.push_back(static_cast<double>(train.size()) / seconds);
    spikes += static_cast<double>(train.size());
    silent += train.empty() ? 1 : 0;
  }
  result.set_neurons(static_cast<std::uint32_t>(trains.size()));
  result.set_spikes(spikes);
  result.set_silent(silent);
  if (trains.empty()) return;
  result.set_rate_hz(spikes / static_cast<double>(trains.size()) / seconds);
  result.set_rate_sd_hz(moments(rates).sd);
}

void describe_intervals(const std::vector<Train>& trains, PopulationStatistics& result) {
  std::vector<double> values;
  for (const Train& train : trains)
    if (const auto value = interval_variation(train)) values.push_back(*value);
  result.set_cv_isi_neurons(static_cast<std::uint32_t>(values.size()));
  if (!values.empty()) result.set_cv_isi(moments(values).mean);
}

void describe_counts(const std::vector<Train>& trains, const TimeBins& windows,
                     PopulationStatistics& result) {
  std::vector<double> values;
  if (windows.count > 1)
    for (const Train& train : trains)
      if (const auto value = fano_factor(SpikeCounts(train, windows))) values.push_back(*value);
  result.set_fano_neurons(static_cast<std::uint32_t>(values.size()));
  if (!values.empty()) result.set_fano(moments(values).mean);
}

/// Counts of a random sample of the neurons whose counts vary, in the order of the neurons.
std::vector<SpikeCounts> sample_counts(const std::vector<Train>& trains, const TimeBins& bins,
                                       std::uint32_t sample, RandomStream sampling) {
  std::vector<std::uint32_t> varying;
  for (std::uint32_t n = 0; n < trains.size(); ++n)
    if (SpikeCounts(trains[n], bins).scaled_variance() > 0) varying.push_back(n);
  const auto candidates = static_cast<std::uint32_t>(varying.size());
  auto chosen = random_subset(candidates, std::min(sample, candidates), sampling);
  std::sort(chosen.begin(), chosen.end());
  std::vector<SpikeCounts> counts;
  for (const std::uint32_t c : chosen) counts.emplace_back(trains[varying[c]], bins);
  return counts;
}

void describe_pairs(const std::vector<SpikeCounts>& counts, PopulationStatistics& result) {
  std::vector<double> values;
  for (std::size_t a = 0; a < counts.size(); ++a)
    for (std::size_t b = a + 1; b < counts.size(); ++b)
      if (const auto value = correlation(counts[a], counts[b])) values.push_back(*value);
  result.set_correlation_neurons(static_cast<std::uint32_t>(counts.size()));
  if (values.empty()) return;
  const Moments over_pairs = moments(values);
  result.set_correlation(over_pairs.mean);
  result.set_correlation_sd(over_pairs.sd);
}

void describe_synchrony(const std::vector<Train>& trains, const TimeBins& bins,
                        PopulationStatistics& result) {
  std::vector<Time> all;
  for (const Train& train : trains) all.insert(all.end(), train.begin(), train.end());
  if (bins.count < 2) return;
  if (const auto value = fano_factor(SpikeCounts(all, bins))) result.set_synchrony(*value);
}

}  // namespace

PopulationStatistics describe(const PopulationTrains& population, const StatisticsPlan& plan,
                              RandomStream sampling) {
  PopulationStatistics result;
  result.set_name(population.name);
  const std::vector<Train> trains = within(population, plan.from, plan.until);
  const TimeBins bins = TimeBins::between(plan.from, plan.until, plan.bin);
  describe_rates(trains, plan, result);
  describe_intervals(trains, result);
  describe_counts(trains, TimeBins::between(plan.from, plan.until, plan.window), result);
  describe_pairs(sample_counts(trains, bins, plan.sample, sampling), result);
  describe_synchrony(trains, bins, result);
  return result;
}

}  // namespace chronotope::apps
