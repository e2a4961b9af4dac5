// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/spike_trains/isi_distance.hpp"

#include <algorithm>
#include <cmath>

#include "chronotope/topology/distances/spike_trains/extended_train.hpp"

namespace chronotope::topology {

namespace {

/// The interval between knots around a time that only moves forward.
class CurrentInterval {
 public:
  CurrentInterval(SpikeTrain train, const Observation& seen) : knots_(train, seen) { move_to(seen.begin); }

  /// Requires: t < the last knot.
  void move_to(double t) {
    while (knots_[at_ + 1] <= t) ++at_;
  }
  double end() const { return knots_[at_ + 1]; }
  double length() const { return knots_[at_ + 1] - knots_[at_]; }

 private:
  ExtendedTrain knots_;
  std::size_t at_ = 0;
};

}  // namespace

double isi_distance(SpikeTrain a, SpikeTrain b, const Observation& seen) {
  CurrentInterval x(a, seen);
  CurrentInterval y(b, seen);
  double integral = 0;
  double t = seen.begin;
  while (true) {
    const double next = std::min({x.end(), y.end(), seen.end});
    integral += (next - t) * std::abs(x.length() - y.length()) / std::max(x.length(), y.length());
    if (next == seen.end) break;
    x.move_to(next);
    y.move_to(next);
    t = next;
  }
  return integral / seen.length();
}

}  // namespace chronotope::topology
