// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "chronotope/apps/statistics/time_bins.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope::apps {

/// How many spikes fall into each of equal bins, empty ones left out. Memory: 16 bytes per occupied bin,
/// whatever the number of bins. Sums are of whole numbers, exact below 2^53.
class SpikeCounts {
 public:
  struct Bin {
    std::int64_t number;
    double spikes;
  };

  /// Of spikes in any order. Cost: a sort.
  SpikeCounts(std::span<const Time> spikes, const TimeBins& bins);

  std::int64_t bins() const { return bins_; }
  std::span<const Bin> occupied() const { return occupied_; }
  double sum() const { return sum_; }
  /// n^2 times the variance of the n counts, with the divisor n.
  double scaled_variance() const { return static_cast<double>(bins_) * squares_ - sum_ * sum_; }

 private:
  std::int64_t bins_;
  std::vector<Bin> occupied_;  // ascending
  double sum_ = 0;
  double squares_ = 0;
};

/// The Fano factor: variance of the counts (divisor n) over their mean (Elephant: statistics.fanofactor of as
/// many trials as there are bins). 1 for a Poisson process, 0 for equal counts. Nothing without a spike.
std::optional<double> fano_factor(const SpikeCounts& counts);

/// Pearson's correlation of two neurons' counts in the same bins (Elephant:
/// spike_train_correlation.correlation_coefficient). Nothing when the counts of one do not vary.
/// Requires: the same bins.
std::optional<double> correlation(const SpikeCounts& a, const SpikeCounts& b);

}  // namespace chronotope::apps
