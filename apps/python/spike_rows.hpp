// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

#include "chronotope/core/id.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope::apps {

/// The double nearest to t [ms]: what Python's float() makes of the text that the program prints for it.
///
/// With f the quotient of the ticks, its remainder is exact by a fused multiply-add, and so is the error of adding the
/// epoch (Knuth's two-sum); both together round the sum once more, to the nearest.
inline double nearest_ms(Time t) {
  const double whole = static_cast<double>(t.epoch()) * kEpochMs;
  const double ticks = t.ticks();
  const double part = ticks / kTicksPerMs;
  const double remainder = std::fma(-part, kTicksPerMs, ticks);
  const double sum = whole + part;
  const double back = sum - whole;
  const double error = (whole - (sum - back)) + (part - back);
  return sum + (error + remainder / kTicksPerMs);
}

/// A row of an array of spikes, in the order of time, population and neuron.
struct SpikeRow {
  double time_ms = 0;
  std::uint32_t population = 0;  // by number; inputs are numbered after the populations
  std::uint32_t neuron = 0;
};

inline SpikeRow spike_row(std::uint32_t population, std::uint32_t neuron, Time time) {
  return {nearest_ms(time), population, neuron};
}

}  // namespace chronotope::apps
