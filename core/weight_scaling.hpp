// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/core/network_description.hpp"
#include "chronotope/core/parameter.hpp"
#include "chronotope/core/part.hpp"
#include "chronotope/core/state.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope {

/// Homeostasis of the weights of one projection: at every multiple of an interval T all weights onto a neuron
/// are multiplied by one factor.
///
///   normalisation   target_sum / (sum of the magnitudes of the weights onto the neuron)
///   scaling         exp((T/tau) (1 - rate/target_rate)), rate that of the neuron in the last interval: the
///                   solution of tau w' = w (1 - rate/target_rate) over it (Turrigiano et al. 1998; van
///                   Rossum, Bi & Turrigiano 2000, equation 8, with the rate of an interval)
///
/// Factors are positive, so no weight changes its sign; rules keep their bounds. A neuron without weight is
/// left alone. Memory: 4 bytes per target neuron, 12 when targets differ.
class WeightScaling {
 public:
  /// Of the neurons `own` of so many targets. Throws FieldError when a target is not positive.
  WeightScaling(const ScalingSpec& spec, const std::string& projection, std::uint64_t seed,
                const NeuronRange& own, std::uint32_t targets);

  /// When it is due next.
  Time due() const { return Time() + static_cast<std::int64_t>(done_ + 1) * interval_; }
  /// It was applied to all neurons.
  void advance() { ++done_; }

  void fired(NeuronId n) { ++spikes_[index(n)]; }
  /// What to multiply the weights onto neuron n by, given the sum of their magnitudes; ends its interval.
  double factor(NeuronId n, double sum);

  template <class Self, class Visit>
  static void progress(Self& self, Visit& visit) {
    visit("scaling", self.done_);
    visit("unscaled", self.spikes_, Per::kTarget);
  }
  void restored() {
    const std::int64_t most = floor_ratio(Duration::nearest(2 * Time::kMaxMs), interval_);
    if (done_ > static_cast<std::uint64_t>(most))
      throw InputError("state scaling counts more than a run has");
  }

 private:
  Duration interval_;
  double tau_;       // [ms], of scaling
  bool normalises_;  // else it scales towards a rate
  Parameter<NeuronId> target_;
  std::vector<std::uint32_t> spikes_;  // since the last time it was due
  std::uint64_t done_ = 0;
};

}  // namespace chronotope
