// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

namespace chronotope::topology {

/// The spikes of one neuron [ms]: ascending, finite, repetitions allowed.
using SpikeTrain = std::span<const double>;

/// The time during which two trains were observed [ms]; all of their spikes lie in [begin, end], begin < end.
struct Observation {
  double begin = 0;
  double end = 0;

  double length() const { return end - begin; }
};

}  // namespace chronotope::topology
