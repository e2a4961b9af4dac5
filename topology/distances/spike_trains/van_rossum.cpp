// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/spike_trains/van_rossum.hpp"

#include <algorithm>
#include <cmath>

#include "chronotope/core/exponential.hpp"

namespace chronotope::topology {

namespace {

/// Steps over the spikes of `train` at time t: how many there are.
double spikes_at(SpikeTrain& train, double t) {
  std::size_t count = 0;
  while (count < train.size() && train[count] == t) ++count;
  train = train.subspan(count);
  return static_cast<double>(count);
}

}  // namespace

double squared_van_rossum_distance(SpikeTrain a, SpikeTrain b, double tau) {
  double squares = 0;
  double difference = 0;  // f_a - f_b after the spikes at `last`
  double last = 0;
  while (!a.empty() || !b.empty()) {
    const double now = b.empty() || (!a.empty() && a.front() < b.front()) ? a.front() : b.front();
    const double decay = difference == 0 ? 0 : expm1((last - now) / tau);
    squares -= difference * difference / 2 * decay * (2 + decay);  // 1 - e^{-2x} = -E (2 + E), E = e^{-x} - 1
    const double step = spikes_at(a, now) - spikes_at(b, now);
    // In this order a spike that nearly undoes the one before leaves its small rest exactly.
    difference = (difference + step) + difference * decay;
    last = now;
  }
  return squares + difference * difference / 2;
}

double van_rossum_distance(SpikeTrain a, SpikeTrain b, double tau) {
  return std::sqrt(squared_van_rossum_distance(a, b, tau));
}

}  // namespace chronotope::topology
