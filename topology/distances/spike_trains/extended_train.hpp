// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "chronotope/topology/distances/spike_trains/spike_train.hpp"

namespace chronotope::topology {

/// A train with one auxiliary spike before and one after, so that every instant of the observation lies
/// between two knots. The edge correction of Mulansky et al. 2015 (arXiv 1508.06462): the first interval is
/// taken to be at least as long as the one that follows it, the last as the one before. A train without
/// spikes has one at either end of the observation.
///
/// Invariants: 1. Knots 0 and size() - 1 are auxiliary, the others ascend. 2. First knot <= begin, last knot
/// >= end.
class ExtendedTrain {
 public:
  ExtendedTrain(SpikeTrain train, const Observation& seen)
      : train_(train), ends_{seen.begin, seen.end}, before_(seen.begin), after_(seen.end) {
    const SpikeTrain s = spikes();
    if (s.size() < 2) return;
    before_ = std::min(before_, s[0] - (s[1] - s[0]));
    after_ = std::max(after_, s[s.size() - 1] + (s[s.size() - 1] - s[s.size() - 2]));
  }

  std::size_t size() const { return spikes().size() + 2; }
  double operator[](std::size_t k) const {
    return k == 0 ? before_ : k + 1 == size() ? after_ : spikes()[k - 1];
  }

 private:
  SpikeTrain spikes() const { return train_.empty() ? SpikeTrain(ends_) : train_; }

  SpikeTrain train_;
  std::array<double, 2> ends_;
  double before_;
  double after_;
};

}  // namespace chronotope::topology
