// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/statistics/spike_counts.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace chronotope::apps {
namespace {

/// Of the products of the counts in equal bins.
double sum_of_products(std::span<const SpikeCounts::Bin> a, std::span<const SpikeCounts::Bin> b) {
  double sum = 0;
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
    if (x->number == y->number) sum += x->spikes * y->spikes;
    const bool behind = x->number <= y->number;
    if (y->number <= x->number) ++y;
    if (behind) ++x;
  }
  return sum;
}

}  // namespace

SpikeCounts::SpikeCounts(std::span<const Time> spikes, const TimeBins& bins) : bins_(bins.count) {
  std::vector<std::int64_t> numbers;
  for (const Time t : spikes)
    if (const auto number = bins.at(t)) numbers.push_back(*number);
  std::sort(numbers.begin(), numbers.end());
  for (const std::int64_t number : numbers) {
    if (occupied_.empty() || occupied_.back().number != number) occupied_.push_back({number, 0});
    ++occupied_.back().spikes;
  }
  for (const Bin& bin : occupied_) {
    sum_ += bin.spikes;
    squares_ += bin.spikes * bin.spikes;
  }
}

std::optional<double> fano_factor(const SpikeCounts& counts) {
  if (counts.sum() == 0) return std::nullopt;
  return counts.scaled_variance() / (static_cast<double>(counts.bins()) * counts.sum());
}

std::optional<double> correlation(const SpikeCounts& a, const SpikeCounts& b) {
  assert(a.bins() == b.bins());
  const double a_variance = a.scaled_variance();
  const double b_variance = b.scaled_variance();
  if (!(a_variance > 0 && b_variance > 0)) return std::nullopt;
  const double products = static_cast<double>(a.bins()) * sum_of_products(a.occupied(), b.occupied());
  return std::clamp((products - a.sum() * b.sum()) / std::sqrt(a_variance * b_variance), -1.0, 1.0);
}

}  // namespace chronotope::apps
