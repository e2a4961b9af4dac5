// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "chronotope/core/spike_record.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/core/two_doubles.hpp"
#include "chronotope/models/plasticity/trace_sum.hpp"

namespace chronotope::models {

/// How long before one spike of a train the earlier ones were [ms], the latest first, for the traces of many
/// synapses with time constants of their own: trace_after, in two halves, between which the exponentials of
/// all of them are computed together.
///
/// Ages come in whole groups, filled up with infinity: a loop over a group has no end for the processor to
/// guess.
class SpikeAges {
 public:
  /// Of spike `newest`, back to `reach` [ms]. Cost: O(spikes in reach).
  template <class Entry>
  void renew(const SpikeRecord<Entry>& spikes, std::uint32_t newest, double reach) {
    newest_ = newest;
    ages_.clear();
    const std::span<const Time> times = spikes.times().first(newest - spikes.begin() + 1);
    for (std::size_t k = times.size() - 1; k != 0; --k) {
      const double age = (times.back() - times[k - 1]).ms();
      if (age > reach) break;
      ages_.push_back(age);
    }
    while (ages_.size() % kGroup != 0) ages_.push_back(kInfinity);
  }
  bool is_of(std::uint32_t newest) const { return newest == newest_; }
  /// With what fills them up.
  std::size_t size() const { return ages_.size(); }

  /// Writes the exponents of the trace, -age/tau of all that is in its reach and -infinity to fill a group,
  /// and returns their end. Requires: kTraceReach tau <= reach, room for size().
  double* write_exponents(double tau, double* to) const {
    const double reach = kTraceReach * tau;
    for (std::size_t begin = 0; begin < ages_.size() && ages_[begin] <= reach; begin += kGroup) {
      for (std::size_t k = begin; k < begin + kGroup; k += 2) {
        const TwoDoubles age{ages_[k], ages_[k + 1]};
        const TwoDoubles exponent = age > reach ? TwoDoubles{} - kInfinity : age / -tau;
        *to++ = exponent[0];
        *to++ = exponent[1];
      }
    }
    return to;
  }
  /// The trace just after the spike, from the exponentials of what was written.
  static double trace(std::span<const double> exponentials) {
    double sum = 1;
    for (std::size_t begin = 0; begin < exponentials.size(); begin += kGroup)
      for (std::size_t k = begin; k < begin + kGroup; ++k) sum += exponentials[k];
    return sum;
  }

 private:
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();
  static constexpr std::size_t kGroup = 8;

  std::uint32_t newest_ = 0;
  std::vector<double> ages_;
};

}  // namespace chronotope::models
