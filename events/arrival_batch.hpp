// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "chronotope/core/plasticity_rule.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope::events {

/// Arrivals at neurons of a lane, in columns. Requires: at most kManyArrivals.
struct ArrivalBatch {
  std::size_t size = 0;
  std::array<std::uint32_t, kManyArrivals> neuron;  // from the lane's first
  std::array<Offset, kManyArrivals> at;             // from the lane's origin
  std::array<double, kManyArrivals> weight;
  std::array<std::uint32_t, kManyArrivals> receptor;

  void add(std::uint32_t i, Offset t, double w, std::uint32_t r) {
    neuron[size] = i;
    at[size] = t;
    weight[size] = w;
    receptor[size++] = r;
  }
  bool is_full() const { return size == kManyArrivals; }
};

}  // namespace chronotope::events
