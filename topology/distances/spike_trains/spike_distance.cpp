// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/spike_trains/spike_distance.hpp"

#include <algorithm>
#include <cmath>

#include "chronotope/topology/distances/spike_trains/extended_train.hpp"

namespace chronotope::topology {

namespace {

/// The two knots around a time that only moves forward, and how far each is from the other train.
class CurrentInterval {
 public:
  CurrentInterval(const ExtendedTrain& knots, const ExtendedTrain& others, double begin)
      : knots_(knots), others_(others) {
    gap_before_ = gap_after_ = gap(1);
    move_to(begin);
  }

  /// Requires: t < the last knot.
  void move_to(double t) {
    while (knots_[at_ + 1] <= t) {
      ++at_;
      gap_before_ = gap_after_;
      if (at_ + 2 < knots_.size()) gap_after_ = gap(at_ + 1);
    }
  }
  double end() const { return knots_[at_ + 1]; }
  double length() const { return knots_[at_ + 1] - knots_[at_]; }
  /// S at time t of this interval.
  double dissimilarity(double t) const {
    return (gap_before_ * (knots_[at_ + 1] - t) + gap_after_ * (t - knots_[at_])) / length();
  }

 private:
  /// From knot k to the nearest knot of the other train. Requires: k does not decrease between calls.
  double gap(std::size_t k) {
    while (nearest_ + 1 < others_.size() &&
           std::abs(others_[nearest_ + 1] - knots_[k]) <= std::abs(others_[nearest_] - knots_[k]))
      ++nearest_;
    return std::abs(others_[nearest_] - knots_[k]);
  }

  const ExtendedTrain& knots_;
  const ExtendedTrain& others_;
  std::size_t at_ = 0;
  std::size_t nearest_ = 0;
  double gap_before_ = 0;
  double gap_after_ = 0;
};

double profile(const CurrentInterval& x, const CurrentInterval& y, double t) {
  const double both = x.length() + y.length();
  return 2 * (x.dissimilarity(t) * y.length() + y.dissimilarity(t) * x.length()) / (both * both);
}

}  // namespace

double spike_distance(SpikeTrain a, SpikeTrain b, const Observation& seen) {
  const ExtendedTrain knots_a(a, seen);
  const ExtendedTrain knots_b(b, seen);
  CurrentInterval x(knots_a, knots_b, seen.begin);
  CurrentInterval y(knots_b, knots_a, seen.begin);
  double integral = 0;
  double t = seen.begin;
  while (true) {
    const double next = std::min({x.end(), y.end(), seen.end});
    integral += (next - t) * (profile(x, y, t) + profile(x, y, next)) / 2;
    if (next == seen.end) break;
    x.move_to(next);
    y.move_to(next);
    t = next;
  }
  return integral / seen.length();
}

}  // namespace chronotope::topology
